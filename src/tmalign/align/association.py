"""Word associations of one pair of documents: which Japanese unit may translate which English unit, and how surely.

All evidence about words meets in one matrix over the words of the two documents: figures and Latin tokens that are
equal, dictionary entries, loanwords, names that sound alike, and word-translation probabilities learned from bitext.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.tables import word_hashes
from tmalign.text.names import similarities
from tmalign.text.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.align.units import Units

    Array = np.ndarray[Any, np.dtype[np.float32]]

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
    """The units of one side of a document: index by unit, and counts a segment.

    `counts` [segment, unit] holds how often each word stands in each segment; `wide` adds compounds, once each.
    """

    index: dict[str, int]
    counts: Array
    wide: Array

    @property
    def units(self) -> list[str]:
        """Return the units in the order of their columns."""
        return list(self.index)


def vocabulary(segments: Sequence[Units]) -> Vocabulary:
    """Count the units of all segments of one side."""
    index: dict[str, int] = {}
    for s in segments:
        for unit in s.words:
            index.setdefault(unit, len(index))
        for unit in s.compounds:
            index.setdefault(unit, len(index))
    counts = np.zeros((len(segments), max(1, len(index))), dtype=np.float32)
    for row, s in zip(counts, segments, strict=True):
        for unit in s.words:
            row[index[unit]] += 1
    wide = counts.copy()
    for row, s in zip(wide, segments, strict=True):
        if s.compounds:
            row[[index[unit] for unit in s.compounds]] += 1
    return Vocabulary(index, counts, wide)


def is_figure(unit: str) -> bool:
    """Tell whether a unit is a figure's key (signs and weak figures are not)."""
    return unit[1:2] == ":" and unit[0] != "S" and unit[0].isupper()


@dataclass(frozen=True, slots=True)
class Associations:
    """`weight` [ja unit, en unit] in 0..1; `to_en` and `to_ja` are translation probabilities in either direction."""

    weight: Array
    to_en: Array
    to_ja: Array


def associate(
    ja: Vocabulary, en: Vocabulary, ja_units: Sequence[Units], en_units: Sequence[Units], lexicon: Lexicon
) -> Associations:
    """Join all sources of word evidence for one pair of documents."""
    shape = (ja.counts.shape[1], en.counts.shape[1])
    weight = np.zeros(shape, dtype=np.float32)
    ja_hashes, en_hashes = word_hashes(ja.index), word_hashes(en.index)
    _mark_equal(weight, ja, en)
    _mark_dictionary(weight, ja, en, ja_units, lexicon)
    _mark_names(weight, ja, en, ja_units, en_units)
    to_en, to_ja = lexicon.probabilities(ja_hashes, en_hashes, shape)
    return Associations(weight, to_en, to_ja)


def _mark_equal(weight: Array, ja: Vocabulary, en: Vocabulary) -> None:
    for unit, row in ja.index.items():
        if unit[1:2] == ":":
            for other, value in equal_keys(unit):
                column = en.index.get(other)
                if column is not None:
                    weight[row, column] = max(weight[row, column], value)
        elif unit.isascii() and _LATIN.fullmatch(unit):
            column = en.index.get(stem(unit))
            if column is not None:
                weight[row, column] = _EXACT


def equal_keys(key: str) -> Iterator[tuple[str, float]]:
    """Yield the English keys that a Japanese key may stand for, and how well each fits."""
    if key[0] == "S":
        yield key, _SIGN
        return
    yield key, _EXACT
    yield key[0].swapcase() + key[1:], _EXACT
    if key[0] == "M":
        yield "N:" + key[2:], _MONTH_AS_NUMBER


def _mark_dictionary(
    weight: Array, ja: Vocabulary, en: Vocabulary, ja_units: Sequence[Units], lexicon: Lexicon
) -> None:
    lemmas = {unit: lemma for s in ja_units for unit, lemma in s.lemmas}
    listed = lexicon.mark(weight, list(ja.index), en, np.ones(len(ja.index), dtype=np.float32))
    if lemmas:
        rows = [ja.index[unit] for unit in lemmas]
        scale = np.where(listed[rows], _LEMMA_BESIDE_WORD, _LEMMA).astype(np.float32)
        lexicon.mark(weight, list(lemmas.values()), en, scale, rows=np.array(rows))
    for unit, loan in {unit: loan for s in ja_units for unit, loan in s.loans}.items():
        for word in loan.split():
            column = en.index.get(stem(word))
            if column is not None:
                row = ja.index[unit]
                weight[row, column] = max(weight[row, column], _LOAN)


def _mark_names(
    weight: Array, ja: Vocabulary, en: Vocabulary, ja_units: Sequence[Units], en_units: Sequence[Units]
) -> None:
    upper = {stemmed for s in en_units for stemmed, _, capital in s.capitals if capital}
    words = {
        (stemmed, word)
        for s in en_units
        for stemmed, word, capital in s.capitals
        if stemmed in en.index and (capital or len(word) >= _SHORTEST_LOWER_CASE_NAME)
    }
    names = sorted({name for s in ja_units for name in s.names})
    if not words or not names:
        return
    columns = sorted(words)
    sound = similarities([name.reading for name in names], [word for _, word in columns])
    for p, q in zip(*np.nonzero(sound >= _NAME_THRESHOLD), strict=True):
        name, stemmed = names[p], columns[q][0]
        if stemmed not in upper and not name.katakana:
            continue
        score = (float(sound[p, q]) - _NAME_THRESHOLD) / (1 - _NAME_THRESHOLD) * (1 - _NAME_FLOOR) + _NAME_FLOOR
        if stemmed not in upper:
            score *= _NAME_IN_LOWER_CASE
        row, column = ja.index[name.unit], en.index[stemmed]
        weight[row, column] = max(weight[row, column], score)
