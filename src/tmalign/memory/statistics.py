"""What a memory holds, in counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tmalign.formats.exchange import TranslationUnit, tags
from tmalign.memory.quality import fingerprint
from tmalign.text.language_tag import normal
from tmalign.text.word_count import word_count

if TYPE_CHECKING:
    from collections.abc import Iterable

# Types of properties and names of tools are free text: so many are told apart, the rest counted together.
_MOST_NAMES = 1000
OTHERS = "(others)"


@dataclass(slots=True)
class Statistics:
    """Counts over all units. Characters and words are those of the visible text, as in an analysis."""

    units: int = 0
    distinct: int = 0
    variants: int = 0
    empty: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    variants_per_unit: Counter[int] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    with_markup: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    attributes: Counter[str] = field(default_factory=Counter)
    first_date: str = ""
    last_date: str = ""


def statistics(units: Iterable[TranslationUnit]) -> Statistics:
    """Count what there is; memory grows by 16 bytes and a little for every distinct unit."""
    found = Statistics()
    seen: set[bytes] = set()
    for unit in units:
        found.units += 1
        seen.add(fingerprint(unit))
        found.variants += len(unit.variants)
        found.variants_per_unit[len(unit.variants)] += 1
        _count(found.attributes, (name for name, _ in unit.attributes))
        _count(found.properties, (item.type for item in unit.properties))
        found.notes += len(unit.notes)
        for name in ("creationdate", "changedate"):
            if date := unit.attribute(name):
                found.first_date = min(found.first_date or date, date)
                found.last_date = max(found.last_date, date)
        _texts(unit, found)
    found.distinct = len(seen)
    return found


def _texts(unit: TranslationUnit, found: Statistics) -> None:
    """Count the texts of a unit."""
    marked = False
    for variant in unit.variants:
        language = normal(variant.language) or "(none)"
        _count(found.languages, [language])
        words, characters = word_count(variant.text)
        _count(found.characters, [language], characters)
        _count(found.words, [language], words)
        found.empty += not characters
        found.notes += len(variant.notes)
        _count(found.properties, (item.type for item in variant.properties))
        inside = [tag.name for tag in tags(variant.segment) if tag.kind != "end"]
        _count(found.tags, inside)
        marked = marked or bool(inside)
    found.with_markup += marked


def _count(counter: Counter[str], names: Iterable[str], amount: int = 1) -> None:
    """Add to a counter that does not grow without end."""
    for name in names:
        counter[name if name in counter or len(counter) < _MOST_NAMES else OTHERS] += amount
