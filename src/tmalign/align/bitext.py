"""Word-translation probabilities learned from aligned text: IBM model 1 (Brown et al., 1993) in both directions.

Each pair is a bag of unit types a side with a weight. `learn` starts from nothing and discounts counts in the last
round, so that pairs of words that met once by chance keep little. `learn_over` learns from the texts that are about to
be aligned, over what is known of words at large: there a pair of words counts only as often as it was met besides
where it was met best, so that no sentence bears witness for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tmalign.align.tables import starts, word_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Tokens = np.ndarray[Any, np.dtype[np.int32]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    Table = dict[str, dict[str, tuple[float, float]]]

try:
    from tmalign.align import _bitext

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

NULL = ""  # the word that explains what nothing else does
_ROUNDS = 5
_DISCOUNT = 0.7
_SMALLEST = 0.01
# What the texts at hand say is laid over what is known before as if that had been seen so often.
_PRIOR_COUNT = 4.0
# How much likelier than others known translations are at the start, and what a dictionary entry is worth of that.
_HEAD_START = 8.0
_LISTED = 0.5


@dataclass(slots=True)
class Bitext:
    """Every meeting of a Japanese and an English type in a pair, sorted by cell.

    `begin` has an entry a cell, where its meetings begin, and one more: their number. `row` and `column` are its types.
    `ja_token` and `en_token` number the types of every pair: of each meeting the two that meet; the weights are those
    of their pairs.
    """

    ja: list[str]
    en: list[str]
    begin: Ints
    row: Ints
    column: Ints
    ja_token: Tokens
    en_token: Tokens
    ja_weight: Floats
    en_weight: Floats


class _Side:
    """The types of one side: every pair's list of them, the null word first."""

    def __init__(self, words: Iterable[Sequence[str]]) -> None:
        types = [dict.fromkeys((NULL, *found)) for found in words]
        self.sizes = np.array([len(found) for found in types], dtype=np.int64)
        index = dict(zip(dict.fromkeys(chain((NULL,), *types)), count()))
        self.types = np.array([index[word] for word in chain.from_iterable(types)], dtype=np.int32)
        self.distinct = list(index)


def collect(pairs: Iterable[tuple[Sequence[str], Sequence[str], float]], *, compiled: bool = COMPILED) -> Bitext:
    """Lay out aligned pairs of unit lists for the learner; each type counts once a pair."""
    pairs = list(pairs)
    ja, en = _Side(pair[0] for pair in pairs), _Side(pair[1] for pair in pairs)
    size = len(en.distinct)
    if compiled:
        ja_token, en_token = (np.empty(int(ja.sizes @ en.sizes), dtype=np.int32) for _ in range(2))
        _bitext.meet(ja.types, ja.sizes, len(ja.distinct), en.types, en.sizes, size, ja_token, en_token)
    else:
        ja_token, en_token = _meetings(ja, en)
    key = (ja.types.astype(np.int64) * size)[ja_token]
    key += en.types[en_token]
    begin = starts(key)
    cells = key[begin]
    of_pair = np.array([pair[2] for pair in pairs], dtype=np.float64)
    row, column = np.divmod(cells, size)
    weights = np.repeat(of_pair, ja.sizes), np.repeat(of_pair, en.sizes)
    begin = np.append(begin, len(key))
    return Bitext(ja.distinct, en.distinct, begin, row, column, ja_token, en_token, *weights)


def _meetings(ja: _Side, en: _Side) -> tuple[Tokens, Tokens]:
    """Return the two tokens of every meeting, sorted by cell."""
    # Token t of the Japanese side meets all tokens of the English side of its pair. In 32 bits: there are many.
    times = np.repeat(en.sizes, ja.sizes)
    ja_token = np.repeat(np.arange(len(ja.types), dtype=np.int32), times)
    first = np.repeat(np.cumsum(en.sizes) - en.sizes, ja.sizes)
    en_token = np.repeat((first - (np.cumsum(times) - times)).astype(np.int32), times)
    en_token += np.arange(len(en_token), dtype=np.int32)
    order = np.lexsort((en.types[en_token], ja.types[ja_token]))
    return ja_token[order], en_token[order]


class _Counted(NamedTuple):
    """What one more round counts: of each cell all meetings and the best one, of each given type all its cells."""

    cells: Floats
    best: Floats
    total: Floats


def _expect(bitext: Bitext, table: Floats, *, to_en: bool, compiled: bool = COMPILED) -> _Counted:
    """Share every token of one side among the types that may explain it; the null word need not be explained."""
    token, weight = (bitext.en_token, bitext.en_weight) if to_en else (bitext.ja_token, bitext.ja_weight)
    explained, given = (bitext.column, bitext.row) if to_en else (bitext.row, bitext.column)
    table = table * (explained != 0)
    counted, best = (np.empty(len(table)) for _ in range(2))
    if compiled:
        _bitext.expect(bitext.begin, token, weight, table, counted, best)
    else:
        share = np.repeat(table, np.diff(bitext.begin))
        whole = np.bincount(token, share, len(weight))
        share *= (weight / np.maximum(whole, 1e-12))[token]
        np.add.reduceat(share, bitext.begin[:-1], out=counted)
        np.maximum.reduceat(share, bitext.begin[:-1], out=best)
    total = np.bincount(given, counted).astype(np.float64, copy=False)
    return _Counted(counted, best, total)


def _normalised(table: Floats, given: Ints) -> Floats:
    normalised: Floats = table / np.maximum(np.bincount(given, table), 1e-12)[given]
    return normalised


def _probabilities(bitext: Bitext, *, to_en: bool) -> Floats:
    """Return p(explained | given) a cell."""
    given = bitext.row if to_en else bitext.column
    table = _normalised(np.ones(len(given)), given)
    for _ in range(_ROUNDS - 1):
        table = _normalised(_expect(bitext, table, to_en=to_en).cells, given)
    count = np.maximum(0, _expect(bitext, table, to_en=to_en).cells - _DISCOUNT)
    kept: Floats = count / np.maximum(np.bincount(given, count) + _DISCOUNT, 1e-12)[given]
    return kept


def _probabilities_over(bitext: Bitext, known: Floats, listed: Floats, *, to_en: bool) -> Floats:
    """Return p(explained | given) a cell, over what is `known` of it before."""
    given = bitext.row if to_en else bitext.column
    table = _normalised(1 + _HEAD_START * np.maximum(known, _LISTED * listed), given)
    for _ in range(_ROUNDS - 1):
        counted = _expect(bitext, table, to_en=to_en)
        table = (counted.cells + _PRIOR_COUNT * known) / (counted.total + _PRIOR_COUNT)[given]
    counted = _expect(bitext, table, to_en=to_en)
    elsewhere = counted.cells - counted.best
    found: Floats = (elsewhere + _PRIOR_COUNT * known) / (counted.total + _PRIOR_COUNT)[given]
    return found


def learn(bitext: Bitext) -> Table:
    """Return `{ja: {en: (p(en | ja), p(ja | en))}}` for pairs that are likely in either direction."""
    if not len(bitext.row):
        return {}
    return _table(bitext, _probabilities(bitext, to_en=True), _probabilities(bitext, to_en=False))


class Learned(NamedTuple):
    """Word pairs (hashes of Japanese and English words) with p(en | ja) and p(ja | en), each pair once."""

    ja: Hashes
    en: Hashes
    to_en: Floats
    to_ja: Floats


def learn_over(bitext: Bitext, lexicon: Lexicon) -> Learned:
    """Return pairs that are likely in either direction, over what `lexicon` knows: its dictionary, its own bitext."""
    ja, en = word_hashes(bitext.ja), word_hashes(bitext.en)
    if not len(bitext.row):
        return Learned(ja[:0], en[:0], np.zeros(0), np.zeros(0))
    cells = bitext.row * len(bitext.en) + bitext.column

    def at_cells(row: Ints, column: Ints, values: np.ndarray[Any, Any]) -> Floats:
        key = row * len(bitext.en) + column
        place = np.minimum(np.searchsorted(cells, key), len(cells) - 1)
        met = cells[place] == key
        found = np.zeros(len(cells))
        found[place[met]] = values[met]
        return found

    row, column, known_en, known_ja = lexicon.probabilities(ja, en)
    listed = at_cells(*lexicon.links(ja, en)[:3])
    to_en = _probabilities_over(bitext, at_cells(row, column, known_en), listed, to_en=True)
    to_ja = _probabilities_over(bitext, at_cells(row, column, known_ja), listed, to_en=False)
    likely = _likely(bitext, to_en, to_ja)
    return Learned(ja[bitext.row[likely]], en[bitext.column[likely]], to_en[likely], to_ja[likely])


def _likely(bitext: Bitext, to_en: Floats, to_ja: Floats) -> Ints:
    """Return the cells worth keeping, the null word's left out."""
    return np.flatnonzero(((to_en > _SMALLEST) | (to_ja > _SMALLEST)) & (bitext.row > 0) & (bitext.column > 0))


def _table(bitext: Bitext, to_en: Floats, to_ja: Floats) -> Table:
    table: Table = {}
    likely = _likely(bitext, to_en, to_ja)
    columns = (bitext.row[likely], bitext.column[likely], to_en[likely], to_ja[likely])
    for row, column, one, other in zip(*(values.tolist() for values in columns), strict=True):
        table.setdefault(bitext.ja[row], {})[bitext.en[column]] = (one, other)
    return table
