"""Word associations of one pair of documents: which Japanese unit may translate which English unit, and how surely.

All evidence about words meets in one sparse matrix over the words of the two documents: figures and Latin tokens that
are equal, dictionary entries, loanwords, names that sound alike, and word-translation probabilities learned from
bitext.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tmalign.align.tables import starts, word_hashes
from tmalign.text.names import similarities
from tmalign.text.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.align.units import Units

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]

_LATIN = re.compile(r"[a-z0-9]+")

# How much each source is worth as evidence that two words translate each other; measured on the tuning sets.
_EXACT = 1.0
_MONTH_AS_NUMBER = 0.7
_SIGN = 0.6
_LOAN = 0.8
_LEMMA = 0.9
_LEMMA_BESIDE_WORD = 0.5
_NAME_THRESHOLD = 0.72
_NAME_FLOOR = 0.3
_NAME_IN_LOWER_CASE = 0.8
_SHORTEST_LOWER_CASE_NAME = 5


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The units of one side of a document: index by unit, and where each stands.

    The occurrences of segment s are `column[start[s]:start[s + 1]]`: first its `words[s]` words, then its compounds,
    which stand beside the words they are made of.
    """

    index: dict[str, int]
    start: Ints
    words: Ints
    column: Ints
    hashes: Hashes  # of the units

    @property
    def segments(self) -> int:
        """Return the number of segments."""
        return len(self.words)

    @property
    def row(self) -> Ints:
        """Return the segment of every occurrence."""
        return np.repeat(np.arange(self.segments), np.diff(self.start))

    @property
    def word_places(self) -> tuple[Ints, Ints]:
        """Return segment and unit of every word, compounds left out."""
        row = self.row
        word = np.arange(len(row)) - self.start[row] < self.words[row]
        return row[word], self.column[word]

    @property
    def units(self) -> list[str]:
        """Return the units in the order of their columns."""
        return list(self.index)

    @property
    def counts(self) -> Array:
        """Return [segment, unit]: how often each word stands in each segment."""
        return self._table(*self.word_places)

    @property
    def wide(self) -> Array:
        """Return [segment, unit] with compounds, once each."""
        return self._table(self.row, self.column)

    def counted(self, values: Array) -> Array:
        """Return [segment]: the values of its words, an entry a unit, summed."""
        row, column = self.word_places
        return np.bincount(row, values[column], self.segments).astype(np.float32)

    def _table(self, row: Ints, column: Ints) -> Array:
        width = max(1, len(self.index))
        cells = np.bincount(row * width + column, minlength=self.segments * width)
        return cells.reshape(self.segments, width).astype(np.float32)


def vocabulary(segments: Sequence[Units]) -> Vocabulary:
    """Count the units of all segments of one side."""
    index: dict[str, int] = {}
    place = index.setdefault
    column = [place(unit, len(index)) for s in segments for units in (s.words, s.compounds) for unit in units]
    words = np.array([len(s.words) for s in segments], dtype=np.int64)
    start = np.zeros(len(segments) + 1, dtype=np.int64)
    np.cumsum(words + np.array([len(s.compounds) for s in segments], dtype=np.int64), out=start[1:])
    return Vocabulary(index, start, words, np.array(column, dtype=np.int64), word_hashes(index))


def is_figure(unit: str) -> bool:
    """Tell whether a unit is a figure's key (signs and weak figures are not)."""
    return unit[1:2] == ":" and unit[0] != "S" and unit[0].isupper()


class Links(NamedTuple):
    """What all sources but bitext say of pairs of units (Japanese `row`, English `column`), each once, sorted; 0..1."""

    row: Ints
    column: Ints
    weight: Array


@dataclass(frozen=True, slots=True)
class Associations:
    """Pairs of units (Japanese `row`, English `column`), each once, sorted by row and column.

    `weight` in 0..1 is what all sources but bitext say; `to_en` and `to_ja` are translation probabilities.
    """

    row: Ints
    column: Ints
    weight: Array
    to_en: Array
    to_ja: Array


class _Links:
    """Collects weighted pairs of units from one source after another."""

    def __init__(self, ja: Vocabulary, en: Vocabulary) -> None:
        self.ja, self.en = ja.index, en.index
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._weights: list[float] = []
        self._arrays: list[tuple[Ints, Ints, Array]] = []

    def add(self, row: int, column: int, weight: float) -> None:
        self._rows.append(row)
        self._columns.append(column)
        self._weights.append(weight)

    def add_all(self, rows: Ints, columns: Ints, weights: Array) -> None:
        self._arrays.append((rows, columns, weights))

    def all(self) -> tuple[Ints, Ints, Array]:
        """Return every pair in order of arrival; pairs may repeat."""
        singles = (
            np.array(self._rows, dtype=np.int64),
            np.array(self._columns, dtype=np.int64),
            np.array(self._weights, dtype=np.float32),
        )
        rows, columns, weights = zip(*self._arrays, singles, strict=True)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(weights)


def associate(
    ja: Vocabulary, en: Vocabulary, ja_units: Sequence[Units], en_units: Sequence[Units], lexicon: Lexicon
) -> Associations:
    """Join all sources of word evidence for one pair of documents."""
    return with_bitext(linked(ja, en, ja_units, en_units, lexicon), ja, en, lexicon)


def linked(
    ja: Vocabulary, en: Vocabulary, ja_units: Sequence[Units], en_units: Sequence[Units], lexicon: Lexicon
) -> Links:
    """Join all sources but bitext, the best weight of each pair."""
    links = _Links(ja, en)
    _link_equal(links)
    _link_dictionary(links, ja_units, lexicon, ja.hashes, en.hashes)
    _link_names(links, ja_units, en_units)
    row, column, weight = links.all()
    width = max(1, len(en.index))
    key = row * width + column
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = starts(key)
    best = np.maximum.reduceat(weight[order], first) if len(key) else weight
    return Links(key[first] // width, key[first] % width, best.astype(np.float32))


def with_bitext(links: Links, ja: Vocabulary, en: Vocabulary, lexicon: Lexicon) -> Associations:
    """Add what bitext says of the two vocabularies."""
    row, column, to_en, to_ja = lexicon.probabilities(ja.hashes, en.hashes)
    width = max(1, len(en.index))
    known, learned = links.row * width + links.column, row * width + column
    cell = np.concatenate([known, learned])
    cell.sort(kind="stable")  # two lists in order, or nearly
    cell = cell[starts(cell)]
    weight, given_ja, given_en = (np.zeros(len(cell), dtype=np.float32) for _ in range(3))
    weight[np.searchsorted(cell, known)] = links.weight
    place = np.searchsorted(cell, learned)
    given_ja[place], given_en[place] = to_en, to_ja
    return Associations(cell // width, cell % width, weight, given_ja, given_en)


def _link_equal(links: _Links) -> None:
    en = links.en
    for unit, row in links.ja.items():
        if unit[1:2] == ":":
            for other, value in equal_keys(unit):
                column = en.get(other)
                if column is not None:
                    links.add(row, column, value)
        elif unit.isascii() and _LATIN.fullmatch(unit):
            column = en.get(stem(unit))
            if column is not None:
                links.add(row, column, _EXACT)


def equal_keys(key: str) -> Iterator[tuple[str, float]]:
    """Yield the English keys that a Japanese key may stand for, and how well each fits."""
    if key[0] == "S":
        yield key, _SIGN
        return
    yield key, _EXACT
    yield key[0].swapcase() + key[1:], _EXACT
    if key[0] == "M":
        yield "N:" + key[2:], _MONTH_AS_NUMBER


def _link_dictionary(
    links: _Links, ja_units: Sequence[Units], lexicon: Lexicon, ja_hashes: Hashes, en_hashes: Hashes
) -> None:
    row, column, weight, listed = lexicon.links(ja_hashes, en_hashes)
    links.add_all(row, column, weight)
    links.add_all(*lexicon.akin(ja_hashes, en_hashes))
    lemmas = {unit: lemma for s in ja_units for unit, lemma in s.lemmas}
    if lemmas:
        units = np.array([links.ja[unit] for unit in lemmas])
        row, column, weight, _ = lexicon.links(word_hashes(lemmas.values()), en_hashes)
        scale = np.where(listed[units], _LEMMA_BESIDE_WORD, _LEMMA).astype(np.float32)
        links.add_all(units[row], column, weight * scale[row])
    for unit, loan in {unit: loan for s in ja_units for unit, loan in s.loans}.items():
        for word in loan.split():
            at = links.en.get(stem(word))
            if at is not None:
                links.add(links.ja[unit], at, _LOAN)


def _link_names(links: _Links, ja_units: Sequence[Units], en_units: Sequence[Units]) -> None:
    capitals = {capital for s in en_units for capital in s.capitals}
    upper = {stemmed for stemmed, _, capital in capitals if capital}
    columns = sorted(
        {
            (stemmed, word)
            for stemmed, word, capital in capitals
            if stemmed in links.en and (capital or len(word) >= _SHORTEST_LOWER_CASE_NAME)
        }
    )
    names = sorted({name for s in ja_units for name in s.names})
    if not columns or not names:
        return
    sound = similarities([name.reading for name in names], [word for _, word in columns])
    for p, q in np.argwhere(sound >= _NAME_THRESHOLD).tolist():
        name, stemmed = names[p], columns[q][0]
        if stemmed not in upper and not name.katakana:
            continue
        score = (float(sound[p, q]) - _NAME_THRESHOLD) / (1 - _NAME_THRESHOLD) * (1 - _NAME_FLOOR) + _NAME_FLOOR
        if stemmed not in upper:
            score *= _NAME_IN_LOWER_CASE
        links.add(links.ja[name.unit], links.en[stemmed], score)
