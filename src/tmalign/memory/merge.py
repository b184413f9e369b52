"""Whole memories: several made one, two compared by meaning, one cleaned and put together again.

Files are read more than once, so that memory holds fingerprints of units and never the units themselves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tmalign.errors import FormatError
from tmalign.formats.bilingual import pairs
from tmalign.formats.exchange import Attributes, Note, Property, TranslationUnit
from tmalign.memory.quality import Inspector, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Source = Callable[[], Iterable[TranslationUnit]]

# What `clean` adds to a unit it takes out: which checks it failed, why, and the unit's place in the memory (from 0).
FAILED, REASON, PLACE = "x-clean-check", "x-clean-reason", "x-clean-place"


@dataclass(slots=True)
class MergeReport:
    """What a merge did: units read and written, and how many said what an earlier one said."""

    read: int = 0
    written: int = 0
    repeated: int = 0
    metadata_joined: int = 0


def merge(sources: Sequence[Source], report: MergeReport) -> Iterator[TranslationUnit]:
    """Yield every unit once, in the order of first appearance.

    Units are the same if their variants say the same in the same languages. The one that was changed last gives the
    attributes, the earliest creation date stays, properties and notes of all are kept. `report` is whole at the end.
    """
    counts: Counter[bytes] = Counter()
    for source in sources:
        counts.update(fingerprint(unit) for unit in source())
    report.read = counts.total()
    several = {key for key, count in counts.items() if count > 1}
    del counts
    joined: dict[bytes, TranslationUnit] = {}
    for unit in (unit for source in sources for unit in source()) if several else ():
        key = fingerprint(unit)
        if key in several:
            known = joined.get(key)
            joined[key] = unit if known is None else _joined(known, unit, report)
    done: set[bytes] = set()
    for unit in (unit for source in sources for unit in source()):
        key = fingerprint(unit) if several else b""
        if key not in several:
            report.written += 1
            yield unit
        elif key not in done:
            done.add(key)
            report.written += 1
            yield joined[key]
        else:
            report.repeated += 1


def _joined(one: TranslationUnit, other: TranslationUnit, report: MergeReport) -> TranslationUnit:
    """Return one unit with what both know."""
    newer, older = (other, one) if _changed(other) > _changed(one) else (one, other)
    attributes = dict(newer.attributes)
    for name, value in older.attributes:
        attributes.setdefault(name, value)
    created = [value for unit in (one, other) if (value := unit.attribute("creationdate"))]
    if created:
        attributes["creationdate"] = min(created)
    properties = tuple(dict.fromkeys((*one.properties, *other.properties)))
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    result = TranslationUnit(newer.variants, tuple(attributes.items()), properties, notes, one.line)
    report.metadata_joined += _metadata(one) != _metadata(other)
    return result


def _changed(unit: TranslationUnit) -> str:
    """Return when a unit was last touched, as a string that sorts; empty where it does not say."""
    dates = [unit.attribute("changedate"), unit.attribute("creationdate")]
    dates += [value for variant in unit.variants for name, value in variant.attributes if name == "changedate"]
    return max(dates)


def _metadata(unit: TranslationUnit, ignored: frozenset[str] = frozenset()) -> tuple[object, ...]:
    """Return all of a unit but its texts, in an order of its own."""

    def about(holder: tuple[Attributes, tuple[Property, ...], tuple[Note, ...]]) -> tuple[object, ...]:
        attributes, properties, notes = holder
        return (
            sorted(item for item in attributes if item[0] not in ignored),
            sorted(item for item in properties if item.type not in ignored),
            sorted(notes),
        )

    variants = sorted(
        (variant.language.lower(), about((variant.attributes, variant.properties, variant.notes)))
        for variant in unit.variants
    )
    return about((unit.attributes, unit.properties, unit.notes)), variants


Change = Literal["added", "removed", "rendering", "metadata"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of two memories.

    `added` and `removed`: a source that only the new or the old memory has. `rendering`: the same source with other
    targets. `metadata`: the same texts with other attributes, properties or notes. `before` and `after` are the units
    that differ; one of them is empty for `added` and `removed`.
    """

    change: Change
    source: str
    before: tuple[TranslationUnit, ...] = ()
    after: tuple[TranslationUnit, ...] = ()


@dataclass(slots=True)
class _Side:
    """What is known of one source in one memory: fingerprints of its renderings and of what is said of them."""

    renderings: Counter[bytes] = field(default_factory=Counter)
    metadata: Counter[bytes] = field(default_factory=Counter)


def diff(before: Source, after: Source, source: str, target: str, ignored: Iterable[str] = ()) -> Iterator[Difference]:
    """Yield the differences of two memories by meaning, in the order of the new one, then what is gone.

    The order of units, of properties, of languages and the way a file is written do not count, nor do units without
    both languages. `ignored` are names of attributes and types of properties that do not count either.
    """
    names = frozenset(ignored)
    old, new = _index(before, source, target, names), _index(after, source, target, names)
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    del old, new
    # Only what differs is held.
    gone, come = (_units_of(memory, source, target, changed) for memory in (before, after))
    for key in [*come, *(key for key in gone if key not in come)]:
        yield from _differences(gone.get(key, []), come.get(key, []), source, target, names)


def _digest(*parts: object) -> bytes:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _texts(unit: TranslationUnit, source: str, target: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield (source text, fingerprint of the source, fingerprint of the target) of each pair."""
    for one, other in pairs(unit, source, target):
        yield one.text, _digest(one.segment), _digest(other.segment)


def _index(memory: Source, source: str, target: str, ignored: frozenset[str]) -> dict[bytes, _Side]:
    """Return what a memory says of every source, as fingerprints."""
    found: dict[bytes, _Side] = {}
    for unit in memory():
        about = _metadata(unit, ignored)
        for _, key, rendering in _texts(unit, source, target):
            side = found.setdefault(key, _Side())
            side.renderings[rendering] += 1
            side.metadata[_digest(rendering, about)] += 1
    return found


def _units_of(memory: Source, source: str, target: str, keys: set[bytes]) -> dict[bytes, list[TranslationUnit]]:
    """Return the units of some sources, by source, in the memory's order."""
    found: dict[bytes, list[TranslationUnit]] = {}
    for unit in memory():
        for key in dict.fromkeys(key for _, key, _ in _texts(unit, source, target) if key in keys):
            found.setdefault(key, []).append(unit)
    return found


def _differences(
    before: list[TranslationUnit], after: list[TranslationUnit], source: str, target: str, ignored: frozenset[str]
) -> Iterator[Difference]:
    """Yield what differs between the units of one source."""
    text = next(one.text for one, _ in pairs((after or before)[0], source, target))
    if not before or not after:
        yield Difference("removed" if before else "added", text, tuple(before), tuple(after))
        return

    def renderings(units: list[TranslationUnit]) -> set[bytes]:
        return {rendering for unit in units for _, _, rendering in _texts(unit, source, target)}

    old, new = renderings(before), renderings(after)
    gone = [unit for unit in before if not renderings([unit]) <= new]
    come = [unit for unit in after if not renderings([unit]) <= old]
    if gone or come:
        yield Difference("rendering", text, tuple(gone), tuple(come))
    kept_before = [unit for unit in before if unit not in gone]
    kept_after = [unit for unit in after if unit not in come]
    known = Counter(_digest(renderings([unit]), _metadata(unit, ignored)) for unit in kept_before)
    others = Counter(_digest(renderings([unit]), _metadata(unit, ignored)) for unit in kept_after)
    if known != others:
        yield Difference("metadata", text, tuple(kept_before), tuple(kept_after))


@dataclass(slots=True)
class CleanReport:
    """What cleaning did: units kept, units taken out, and how many failed each check."""

    kept: int = 0
    removed: int = 0
    by_check: Counter[str] = field(default_factory=Counter)


def clean(
    units: Iterable[TranslationUnit], inspector: Inspector, report: CleanReport
) -> Iterator[tuple[TranslationUnit, bool]]:
    """Yield (unit, True) for what passes and (unit, False) for what does not, in order.

    A unit taken out carries the checks it failed, the reasons and its place as properties, by which `restore` puts it
    back.
    """
    for place, unit in enumerate(units):
        found = inspector.reasons(unit)
        if not found:
            report.kept += 1
            yield unit, True
            continue
        report.removed += 1
        report.by_check.update(name for name, _ in found)
        marks = [Property(FAILED, name) for name, _ in found]
        marks += [Property(REASON, f"{name}: {reason}") for name, reason in found]
        marks.append(Property(PLACE, str(place)))
        properties = (*unit.properties, *marks)
        yield TranslationUnit(unit.variants, unit.attributes, properties, unit.notes, unit.line), False


def restore(kept: Iterable[TranslationUnit], removed: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Yield the units of a cleaned memory and those taken out of it, each in its old place.

    Raises FormatError for a removed unit that does not say its place, or that is not in order.
    """
    waiting = iter(kept)
    place = 0
    for unit in removed:
        text = next((item.text for item in reversed(unit.properties) if item.type == PLACE), "")
        if not text.isascii() or not text.isdigit() or int(text) < place:
            raise FormatError(
                f"a unit does not say its place ({PLACE})", line=unit.line, hint="give the file that clean wrote"
            )
        while place < int(text) and (other := next(waiting, None)) is not None:
            yield other
            place += 1
        yield TranslationUnit(unit.variants, unit.attributes, _unmarked(unit.properties), unit.notes, unit.line)
        place += 1
    yield from waiting


def _unmarked(properties: tuple[Property, ...]) -> tuple[Property, ...]:
    """Return properties without what the last cleaning put behind them: checks, as many reasons, the place."""
    end = max(index for index, item in enumerate(properties) if item.type == PLACE)
    begin = end
    while begin and properties[begin - 1].type == REASON:
        begin -= 1
    return properties[: max(0, begin - (end - begin))] + properties[end + 1 :]
