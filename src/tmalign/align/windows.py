"""Long documents: cut both sides at sure anchors, so that time and memory grow with length, not its square.

Segments that share rare words by translation are paired; pairs that are each other's clear best and lie on one
rising chain are anchors. The lattice is then filled window by window between chosen anchors.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.association import equal_keys
from tmalign.align.tables import word_hashes
from tmalign.text.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.align.units import Units

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

DENSE_CELLS = 160_000  # a lattice up to 400 x 400 is filled whole
_LONGEST_DENSE = 1_200  # but its words are a table, too: a few sentences against very many are cut as well
_WINDOW = 120  # segments on the longer side of a window, if anchors allow
_RARE = 24  # a word in more segments than this tells nothing of place
_CLEAR = 1.5  # an anchor beats its rivals near by by this factor...
_NEAR = 300  # ...as far away as this
_STRONG = 12.0  # ...and shares this much information
_SUPPORT = 3  # an anchor to cut at has another one this near on its diagonal


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of both sides that is aligned by itself."""

    ja: range
    en: range


def windows(ja: Sequence[Units], en: Sequence[Units], lexicon: Lexicon) -> list[Window]:
    """Cut a pair of documents into windows that cover both sides in order; one window where both are short."""
    n, m = len(ja), len(en)
    if not _too_large(n, m):
        return [Window(range(n), range(m))]
    chain = anchors(ja, en, lexicon)
    cuts = list(_bounded(_choose(chain, n, m), n, m))
    places = [(0, 0), *cuts, (n, m)]
    return [Window(range(i, k), range(j, q)) for (i, j), (k, q) in pairwise(places) if k > i or q > j]


def _too_large(n: int, m: int) -> bool:
    return n * m > DENSE_CELLS or max(n, m) > _LONGEST_DENSE


def anchors(ja: Sequence[Units], en: Sequence[Units], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return pairs of segments that surely translate each other, rising on both sides.

    A pair has no rival near it; far ones do not matter, since texts repeat themselves: the chain with the most
    information passes them by.
    """
    first, second, score = _shared(ja, en, lexicon)
    strong = score >= _STRONG / _CLEAR
    first, second, score = first[strong], second[strong], score[strong]
    clear = (
        (score >= _STRONG)
        & (score >= _CLEAR * _rivals(first, second, score))
        & (score >= _CLEAR * _rivals(second, first, score))
    )
    return _rising(first[clear].tolist(), second[clear].tolist(), score[clear].tolist())


def _shared(ja: Sequence[Units], en: Sequence[Units], lexicon: Lexicon) -> tuple[Ints, Ints, Floats]:
    """Return (Japanese segment, English segment, information shared) for all pairs that share a rare word."""
    ja_places, en_places = _places(ja), _places(en)
    ja_types, en_types = list(ja_places), list(en_places)
    row, column, weight, _ = lexicon.links(word_hashes(ja_types), word_hashes(en_types))
    triples = list(zip(row.tolist(), column.tolist(), weight.tolist(), strict=True))
    at = {unit: k for k, unit in enumerate(en_types)}
    for k, unit in enumerate(ja_types):
        if unit[1:2] == ":":
            keys = [(key, value) for key, value in equal_keys(unit) if unit[0] != "S"]
        else:
            keys = [(stem(unit), 1.0)] if unit.isascii() else []
        triples += [(k, at[key], value) for key, value in keys if key in at]
    total = len(ja) + len(en)
    firsts, seconds, scores = [], [], []
    for r, c, value in triples:
        i, j = ja_places[ja_types[r]], en_places[en_types[c]]
        information = value * (np.log(total / len(i)) + np.log(total / len(j))) / 2
        firsts.append(np.repeat(i, len(j)))
        seconds.append(np.tile(j, len(i)))
        scores.append(np.full(len(i) * len(j), information))
    if not firsts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0)
    cell, inverse = np.unique(np.concatenate(firsts) * len(en) + np.concatenate(seconds), return_inverse=True)
    return cell // len(en), cell % len(en), np.bincount(inverse, np.concatenate(scores)).astype(np.float64, copy=False)


def _places(segments: Sequence[Units]) -> dict[str, Ints]:
    """Return where each rare unit stands."""
    places: dict[str, list[int]] = {}
    for k, s in enumerate(segments):
        for unit in dict.fromkeys((*s.words, *s.compounds)):
            places.setdefault(unit, []).append(k)
    return {unit: np.array(found) for unit, found in places.items() if len(found) <= _RARE}


def _rivals(index: Ints, other: Ints, score: Floats) -> Floats:
    """Return for every pair the best score of another one of the same segment whose partner is near its own."""
    order = np.lexsort((other, index))
    index, other, score = index[order], other[order], score[order]
    best = np.zeros(len(order))
    # Neighbours in this order share a segment; near partners are few places away.
    for step in range(1, len(order)):
        near = (index[step:] == index[:-step]) & (other[step:] - other[:-step] <= _NEAR)
        if not near.any():
            break
        at = np.flatnonzero(near)
        best[at] = np.maximum(best[at], score[at + step])
        best[at + step] = np.maximum(best[at + step], score[at])
    found = np.zeros(len(order))
    found[order] = best
    return found


def _rising(first: list[int], second: list[int], score: list[float]) -> list[tuple[int, int]]:
    """Return the chain of the greatest total score that rises on both sides."""
    # A Fenwick tree of the best chain that ends at or before each place of the second side.
    size = max(second, default=0) + 2
    tree: list[tuple[float, int]] = [(0.0, -1)] * size
    before = [-1] * len(first)
    top = (0.0, -1)
    # Within one segment of the first side from the right: none of its pairs may follow another.
    for k in sorted(range(len(first)), key=lambda k: (first[k], -second[k])):
        best = (0.0, -1)
        place = second[k]
        while place:
            best = max(best, tree[place])
            place -= place & -place
        before[k] = best[1]
        chain = (best[0] + score[k], k)
        top = max(top, chain)
        place = second[k] + 1
        while place < size:
            tree[place] = max(tree[place], chain)
            place += place & -place
    chosen = []
    k = top[1]
    while k >= 0:
        chosen.append((first[k], second[k]))
        k = before[k]
    return chosen[::-1]


def _choose(chain: list[tuple[int, int]], n: int, m: int) -> Iterator[tuple[int, int]]:
    """Yield anchors to cut before: about a window apart, each backed by a neighbour on its diagonal."""
    last_i = last_j = 0
    for (i, j), (k, q) in pairwise(chain):
        near = k - i <= _SUPPORT and abs((k - i) - (q - j)) <= 1
        if near and max(i - last_i, j - last_j) >= _WINDOW and min(n - i, m - j) > 1:
            yield i, j
            last_i, last_j = i, j


def _bounded(cuts: Iterator[tuple[int, int]], n: int, m: int) -> Iterator[tuple[int, int]]:
    """Add cuts in proportion where anchors lie too far apart, so that no window grows without bound."""
    last_i = last_j = 0
    for i, j in [*cuts, (n, m)]:
        parts = 1
        while _too_large(-(-(i - last_i) // parts), -(-(j - last_j) // parts)):
            parts += 1
        for part in range(1, parts):
            yield last_i + (i - last_i) * part // parts, last_j + (j - last_j) * part // parts
        if (i, j) != (n, m):
            yield i, j
        last_i, last_j = i, j
