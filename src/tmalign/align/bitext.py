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

from tmalign.align.tables import as_places, ranges, starts, word_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Numbers = np.ndarray[Any, np.dtype[np.int32]]
    Weights = np.ndarray[Any, np.dtype[np.float32]]
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
_LEAST = 1e-12  # nothing is divided by less
# What the texts at hand say is laid over what is known before as if that had been seen so often.
_PRIOR_COUNT = 4.0
# How much likelier than others known translations are at the start, and what a dictionary entry is worth of that.
_HEAD_START = 8.0
_LISTED = 0.5


class Side(NamedTuple):
    """The types of one side: every pair's, one list after the other, the null word first, and how many each pair has.

    `types` are places in `distinct`; the null word is the first of it.
    """

    distinct: list[str]
    types: Numbers
    sizes: Ints


@dataclass(slots=True)
class Bitext:
    """Every meeting of a Japanese and an English type in a pair, sorted by cell.

    `weight` has an entry a pair. `begin` has an entry a cell, where its meetings begin, and one more: their number.
    `row` and `column` are its types. `ja_token` and `en_token` are of each meeting the two that meet, as places in the
    types of their sides.
    """

    ja: Side
    en: Side
    weight: Floats
    begin: Numbers
    row: Numbers
    column: Numbers
    ja_token: Numbers
    en_token: Numbers


def learnable(segments: tuple[tuple[str, ...], ...], span: range, *, compiled: bool = COMPILED) -> tuple[str, ...]:
    """Return the words of some of the segments, each once; figures and signs need no learning."""
    if compiled:
        return _bitext.learnable(segments, span.start, span.stop)
    return tuple(dict.fromkeys(word for i in span for word in segments[i] if word[1:2] != ":"))


def _numbered(bags: Sequence[Sequence[str]], *, compiled: bool = COMPILED) -> Side:
    if compiled:
        distinct, types, sizes = _bitext.number(NULL, bags)
        return Side(distinct, np.frombuffer(types, dtype=np.int32), np.frombuffer(sizes, dtype=np.int64))
    found = [dict.fromkeys((NULL, *bag)) for bag in bags]
    index = dict(zip(dict.fromkeys(chain((NULL,), *found)), count()))
    numbers = np.array([index[word] for word in chain.from_iterable(found)], dtype=np.int32)
    return Side(list(index), numbers, np.array([len(bag) for bag in found], dtype=np.int64))


def collect(pairs: Iterable[tuple[Sequence[str], Sequence[str], float]], *, compiled: bool = COMPILED) -> Bitext:
    """Lay out aligned pairs of unit lists for the learner; each type counts once a pair."""
    pairs = list(pairs)
    ja = _numbered([pair[0] for pair in pairs], compiled=compiled)
    en = _numbered([pair[1] for pair in pairs], compiled=compiled)
    if compiled:
        found = _bitext.meet(ja.types, ja.sizes, len(ja.distinct), en.types, en.sizes, len(en.distinct))
        meetings = tuple(np.frombuffer(part, dtype=np.int32) for part in found)
    else:
        meetings = _meetings(ja, en)
    return Bitext(ja, en, np.array([pair[2] for pair in pairs], dtype=np.float64), *meetings)


def _meetings(ja: Side, en: Side) -> tuple[Numbers, ...]:
    """Return `begin`, `row`, `column`, `ja_token` and `en_token` of a bitext."""
    # Token t of the Japanese side meets all tokens of the English side of its pair.
    times = np.repeat(en.sizes, ja.sizes)
    ja_token = np.repeat(np.arange(len(ja.types)), times)
    en_token = ranges(np.repeat(np.cumsum(en.sizes) - en.sizes, ja.sizes), times)
    row, column = ja.types[ja_token], en.types[en_token]
    order = np.lexsort((column, row))
    row, column = row[order], column[order]
    begin = starts(row.astype(np.int64) * len(en.distinct) + column)
    parts = np.append(begin, len(order)), row[begin], column[begin], ja_token[order], en_token[order]
    return tuple(part.astype(np.int32) for part in parts)


def _explained(bitext: Bitext, *, to_en: bool) -> tuple[Numbers, Numbers, Side]:
    """Return what one direction explains: of each meeting the token, of each cell the type, and all of that side."""
    if to_en:
        return bitext.en_token, bitext.column, bitext.en
    return bitext.ja_token, bitext.row, bitext.ja


def _expect(bitext: Bitext, table: Floats, *, to_en: bool) -> tuple[Floats, Floats]:
    """Share every token of one side among the types that may explain it; the null word need not be explained.

    Returns of each cell all shares and the best one.
    """
    token, explained, side = _explained(bitext, to_en=to_en)
    share = np.repeat(table * (explained != 0), np.diff(bitext.begin))
    whole = np.bincount(token, share, len(side.types))
    share *= (np.repeat(bitext.weight, side.sizes) / np.maximum(whole, _LEAST))[token]
    return np.add.reduceat(share, bitext.begin[:-1]), np.maximum.reduceat(share, bitext.begin[:-1])


def _normalised(table: Floats, given: Numbers) -> Floats:
    normalised: Floats = table / np.maximum(np.bincount(given, table), _LEAST)[given]
    return normalised


def _probabilities(bitext: Bitext, *, to_en: bool) -> Floats:
    """Return p(explained | given) a cell."""
    given = bitext.row if to_en else bitext.column
    table = _normalised(np.ones(len(given)), given)
    for _ in range(_ROUNDS - 1):
        table = _normalised(_expect(bitext, table, to_en=to_en)[0], given)
    count = np.maximum(0, _expect(bitext, table, to_en=to_en)[0] - _DISCOUNT)
    kept: Floats = count / np.maximum(np.bincount(given, count) + _DISCOUNT, _LEAST)[given]
    return kept


def _probabilities_over(bitext: Bitext, told: _Told, *, to_en: bool, compiled: bool = COMPILED) -> Floats:
    """Return p(explained | given) of every cell of `told`, over what is known of it before."""
    known = told.to_en if to_en else told.to_ja
    before = _PRIOR_COUNT * known
    start = 1 + _HEAD_START * np.maximum(known, _LISTED * told.listed)
    token, given, side = _explained(bitext, to_en=not to_en)
    if compiled:
        other_token, explained, other = _explained(bitext, to_en=to_en)
        _bitext.estimate(
            bitext.begin, given, explained, token, side.types, side.sizes, len(side.distinct), other_token, other.sizes,
            bitext.weight, told.cells, before, _PRIOR_COUNT, _ROUNDS, start,
        )  # fmt: skip
        return start
    table, prior = np.ones(len(given)), np.zeros(len(given))
    table[told.cells], prior[told.cells] = start, before
    table = _normalised(table, given)
    for left in reversed(range(_ROUNDS)):
        counted, best = _expect(bitext, table, to_en=to_en)
        total = np.bincount(given, counted)
        table = ((counted if left else counted - best) + prior) / (total + _PRIOR_COUNT)[given]
    return table[told.cells]


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
    ja, en = word_hashes(bitext.ja.distinct), word_hashes(bitext.en.distinct)
    if not len(bitext.row):
        return Learned(ja[:0], en[:0], np.zeros(0), np.zeros(0))
    told = _told(bitext, lexicon.probabilities(ja, en), lexicon.links(ja, en)[:3])
    to_en, to_ja = (_probabilities_over(bitext, told, to_en=to_en) for to_en in (True, False))
    likely = _likely(bitext, told.cells, to_en, to_ja)
    cells = told.cells[likely]
    return Learned(ja[bitext.row[cells]], en[bitext.column[cells]], to_en[likely], to_ja[likely])


class _Told(NamedTuple):
    """The cells that may come out with a probability: those met in more pairs than one and those of known words.

    Of each there is what a lexicon knows: translation probabilities, and the weight of a dictionary's entry.
    """

    cells: Ints
    to_en: Floats
    to_ja: Floats
    listed: Floats


def _told(bitext: Bitext, known: tuple[Ints, Ints, Weights, Weights], links: tuple[Ints, Ints, Weights]) -> _Told:
    of_known, of_links = _places(bitext, *known[:2]), _places(bitext, *links[:2])
    told = np.empty(len(bitext.row) + 1, dtype=np.bool_)
    np.greater(bitext.begin[1:], bitext.begin[:-1] + 1, out=told[:-1])
    told[of_known] = told[of_links] = True
    cells = np.flatnonzero(told[:-1])  # in the last place are those that never met
    place = np.empty(len(told), dtype=np.int64)
    place[cells] = np.arange(len(cells))
    place[-1] = len(cells)
    laid = []
    for at, values in ((of_known, known[2]), (of_known, known[3]), (of_links, links[2])):
        found = np.zeros(len(cells) + 1)
        found[place[at]] = values
        laid.append(found[:-1])
    return _Told(cells, *laid)


def _places(bitext: Bitext, row: Ints, column: Ints, *, compiled: bool = COMPILED) -> Ints:
    """Return the cell of every pair of types, -1 where they never met."""
    if compiled:
        places = np.empty(len(row), dtype=np.int64)
        size = len(bitext.ja.distinct), len(bitext.en.distinct)
        _bitext.place(bitext.row, bitext.column, *size, as_places(row), as_places(column), places)
        return places
    cells = bitext.row.astype(np.int64) * len(bitext.en.distinct) + bitext.column
    key = row * len(bitext.en.distinct) + column
    at = np.minimum(np.searchsorted(cells, key), len(cells) - 1)
    return np.where(cells[at] == key, at, -1)


def _likely(bitext: Bitext, cells: Ints, to_en: Floats, to_ja: Floats) -> Ints:
    """Return which of some cells are worth keeping, the null word's left out."""
    words = (bitext.row[cells] > 0) & (bitext.column[cells] > 0)
    return np.flatnonzero(((to_en > _SMALLEST) | (to_ja > _SMALLEST)) & words)


def _table(bitext: Bitext, to_en: Floats, to_ja: Floats) -> Table:
    table: Table = {}
    likely = _likely(bitext, np.arange(len(to_en)), to_en, to_ja)
    columns = (bitext.row[likely], bitext.column[likely], to_en[likely], to_ja[likely])
    for row, column, one, other in zip(*(values.tolist() for values in columns), strict=True):
        table.setdefault(bitext.ja.distinct[row], {})[bitext.en.distinct[column]] = (one, other)
    return table
