"""Word-translation probabilities learned from aligned text: IBM model 1 (Brown et al., 1993) in both directions.

Each pair is a bag of unit types a side with a weight. The last round discounts counts, so that pairs of words that
met once by chance keep little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]

NULL = ""  # the word that explains what nothing else does
_ROUNDS = 5
_DISCOUNT = 0.7
_SMALLEST = 0.01


@dataclass(slots=True)
class Bitext:
    """Every co-occurrence of a Japanese and an English type.

    `pair`, `cell` and `weight` are parallel, an entry a co-occurrence; `row` and `column` have an entry a cell.
    """

    ja: list[str]
    en: list[str]
    pair: Ints
    cell: Ints
    row: Ints
    column: Ints
    weight: Floats


def collect(pairs: Iterable[tuple[Sequence[str], Sequence[str], float]]) -> Bitext:
    """Lay out aligned pairs of unit lists for the learner; each type counts once a pair."""
    ja_index: dict[str, int] = {NULL: 0}
    en_index: dict[str, int] = {NULL: 0}
    rows, columns, numbers, weights = [], [], [], []
    for number, (ja, en, weight) in enumerate(pairs):
        r = np.array([0, *(ja_index.setdefault(u, len(ja_index)) for u in dict.fromkeys(ja))], dtype=np.int64)
        c = np.array([0, *(en_index.setdefault(u, len(en_index)) for u in dict.fromkeys(en))], dtype=np.int64)
        rows.append(np.repeat(r, len(c)))
        columns.append(np.tile(c, len(r)))
        numbers.append(np.full(len(r) * len(c), number))
        weights.append(np.full(len(r) * len(c), weight))
    if not rows:
        empty = np.zeros(0, dtype=np.int64)
        return Bitext([NULL], [NULL], empty, empty, empty, empty, np.zeros(0))
    row, column = np.concatenate(rows), np.concatenate(columns)
    cells, cell = np.unique(row * len(en_index) + column, return_inverse=True)
    return Bitext(
        list(ja_index),
        list(en_index),
        np.concatenate(numbers),
        cell,
        cells // len(en_index),
        cells % len(en_index),
        np.concatenate(weights),
    )


def _probabilities(bitext: Bitext, given: Ints, explained: Ints, given_size: int) -> Floats:
    """Return p(explained | given) a cell; the null word explains but need not be explained."""
    size = len(given)
    token = bitext.pair * (int(explained.max()) + 1) + explained[bitext.cell]
    _, token = np.unique(token, return_inverse=True)
    tokens = int(token.max()) + 1
    counted = explained[bitext.cell] != 0
    table = np.ones(size)
    table /= np.bincount(given, table, given_size)[given]
    for left in range(_ROUNDS - 1, -1, -1):
        share = table[bitext.cell] * counted
        share = share / np.maximum(np.bincount(token, share, tokens)[token], 1e-12) * bitext.weight
        count = np.bincount(bitext.cell, share, size)
        held_back = 0.0
        if not left:
            count, held_back = np.maximum(0, count - _DISCOUNT), _DISCOUNT
        total = np.bincount(given, count, given_size) + held_back
        table = count / np.maximum(total[given], 1e-12)
    return table


def learn(bitext: Bitext) -> dict[str, dict[str, tuple[float, float]]]:
    """Return `{ja: {en: (p(en | ja), p(ja | en))}}` for pairs that are likely in either direction."""
    if not len(bitext.cell):
        return {}
    to_en = _probabilities(bitext, bitext.row, bitext.column, len(bitext.ja))
    to_ja = _probabilities(bitext, bitext.column, bitext.row, len(bitext.en))
    table: dict[str, dict[str, tuple[float, float]]] = {}
    likely = np.flatnonzero(((to_en > _SMALLEST) | (to_ja > _SMALLEST)) & (bitext.row > 0) & (bitext.column > 0))
    for k in likely:
        row = table.setdefault(bitext.ja[bitext.row[k]], {})
        row[bitext.en[bitext.column[k]]] = (float(to_en[k]), float(to_ja[k]))
    return table
