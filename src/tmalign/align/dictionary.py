"""Word lists compiled to word tables: each Japanese word linked to the stems of its glosses' content words.

A gloss of one word says more than one of five: a word's share falls with the gloss's length, and the sum with the root
of the number of glosses, so that a headword with twenty senses does not match everything. Readings stand in for
headwords that are not listed themselves.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tmalign.text.width import normalise
from tmalign.text.words import content_stems, english_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ASIDE = re.compile(r"\([^)]*\)|\{[^}]*\}")
LONGEST_GLOSS = 8
_MOST_READINGS = 30
_MOST_OF_READING = 30
_LEAST, _LEAST_OF_READING = 0.05, 0.1
_RARE_READING = 0.6
_LENGTH_POWER = 0.7


class Entry(Protocol):
    """A Japanese word with its glosses, as `formats.wordlists` reads it."""

    @property
    def words(self) -> Sequence[str]:
        """The ways it is written."""
        ...

    @property
    def readings(self) -> Sequence[str]:
        """The ways it is read."""
        ...

    @property
    def glosses(self) -> Sequence[str]:
        """Its English translations."""
        ...

    @property
    def usual(self) -> bool:
        """Whether it is in common use."""
        ...


@dataclass(frozen=True, slots=True)
class Compiled:
    """`cells` are {Japanese: {English stem: (weight in 0..1,)}}; `unusable` counts glosses of no word or too many."""

    cells: dict[str, dict[str, tuple[float]]]
    entries: int
    unusable: int


def gloss_stems(gloss: str) -> list[str]:
    """Return the content stems of a gloss without its asides; empty where it has too many to say anything."""
    stems = content_stems(english_tokens(normalise(_ASIDE.sub("", gloss))))
    return stems if len(stems) <= LONGEST_GLOSS else []


def compile_entries(entries: Iterable[Entry]) -> Compiled:
    """Weigh every word of every gloss."""
    by_word: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    by_reading: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    word_senses: Counter[str] = Counter()
    reading_senses: Counter[str] = Counter()
    number = unusable = 0
    for entry in entries:
        number += 1
        stems = [found for gloss in entry.glosses if (found := gloss_stems(gloss))]
        unusable += len(entry.glosses) - len(stems)
        if not stems:
            continue
        for names, senses, into, share in (
            (entry.words, word_senses, by_word, 1.0),
            (entry.readings, reading_senses, by_reading, 1.0 if entry.usual else _RARE_READING),
        ):
            for name in names:
                key = normalise(name)
                senses[key] += len(stems)
                for gloss in stems:
                    for stem in set(gloss):
                        into[key][stem] += share / len(gloss) ** _LENGTH_POWER
    cells: dict[str, dict[str, tuple[float]]] = {}
    for key, row in by_word.items():
        norm = word_senses[key] ** 0.5
        cells[key] = {s: (min(1.0, v / norm),) for s, v in row.items() if v / norm > _LEAST}
    for key, row in by_reading.items():
        if key in cells or reading_senses[key] > _MOST_READINGS:
            continue
        norm = reading_senses[key] ** 0.5
        best = sorted(row.items(), key=lambda item: (-item[1], item[0]))[:_MOST_OF_READING]
        cells[key] = {s: (min(1.0, v / norm),) for s, v in best if v / norm > _LEAST_OF_READING}
    return Compiled({key: row for key, row in cells.items() if row and key}, number, unusable)
