"""The units of one side of a document: each once, where it stands, and what links it to the other language by form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tmalign.align.tables import word_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.units import Units

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]

try:
    from tmalign.align import _vocabulary

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

_LATIN = re.compile(r"[a-z0-9]+")
_SHORTEST_LOWER_CASE_NAME = 5


class Names(NamedTuple):
    """What may be a name: a flag for each unit; and of each candidate unit, whether it surely is one, and its sound.

    Japanese names are sure where they are in katakana, English ones where they begin with a capital somewhere. Sounds
    are readings in Japanese, words in English. A capital at the beginning of a segment flags no unit.
    """

    flag: Array
    unit: Ints
    sure: Flags
    sound: list[str]


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
    figures: Flags  # of the units; one at least
    alike: list[str]  # figures, signs and Latin words: units that the other language may write the same
    loans: dict[str, str]  # of units: the words they were borrowed from
    lemmas: dict[str, str]
    names: Names

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


def is_figure(unit: str) -> bool:
    """Tell whether a unit is a figure's key (signs and weak figures are not)."""
    return unit[1:2] == ":" and unit[0] != "S" and unit[0].isupper()


def vocabulary(segments: Sequence[Units], *, compiled: bool = COMPILED) -> Vocabulary:
    """Read the units of all segments of one side."""
    if not compiled:
        return _vocabulary_of(segments)
    index, *places, figures, alike, loans, lemmas, flag, named, sure, sound = _vocabulary.vocabulary(
        segments, _SHORTEST_LOWER_CASE_NAME
    )
    start, words, column, unit = (np.frombuffer(part, dtype=np.int64) for part in (*places, named))
    names = Names(np.frombuffer(flag, dtype=np.float32), unit, np.frombuffer(sure, dtype=np.bool_), sound)
    figure = np.frombuffer(figures or b"\0", dtype=np.bool_)
    return Vocabulary(index, start, words, column, word_hashes(index), figure, alike, loans, lemmas, names)


def _vocabulary_of(segments: Sequence[Units]) -> Vocabulary:
    """Do what `vocabulary` does in Python."""
    index: dict[str, int] = {}
    place = index.setdefault
    column = [place(unit, len(index)) for s in segments for units in (s.words, s.compounds) for unit in units]
    words = np.array([len(s.words) for s in segments], dtype=np.int64)
    start = np.zeros(len(segments) + 1, dtype=np.int64)
    np.cumsum(words + np.array([len(s.compounds) for s in segments], dtype=np.int64), out=start[1:])
    return Vocabulary(
        index,
        start,
        words,
        np.array(column, dtype=np.int64),
        word_hashes(index),
        np.array([is_figure(unit) for unit in index] or [False]),
        [unit for unit in index if unit[1:2] == ":" or _LATIN.fullmatch(unit)],
        {unit: loan for s in segments for unit, loan in s.loans},
        {unit: lemma for s in segments for unit, lemma in s.lemmas},
        _names_of(segments, index),
    )


def _names_of(segments: Sequence[Units], index: dict[str, int]) -> Names:
    upper = {unit for s in segments for unit, _, capital in s.capitals if capital}
    named = {name.unit for s in segments for name in s.names}
    named |= {unit for s in segments for unit, _, capital in s.capitals[1:] if capital}
    found = dict.fromkeys(name for s in segments for name in (*s.names, *filter(_may_be_name, s.capitals)))
    candidates = [name for name in found if name[0] in index]
    return Names(
        np.array([unit in named for unit in index] or [False], dtype=np.float32),
        np.array([index[unit] for unit, *_ in candidates], dtype=np.int64),
        np.array([sure or unit in upper for unit, _, sure in candidates], dtype=np.bool_),
        [sound for _, sound, _ in candidates],
    )


def _may_be_name(word: tuple[str, str, bool]) -> bool:
    return word[2] or len(word[1]) >= _SHORTEST_LOWER_CASE_NAME
