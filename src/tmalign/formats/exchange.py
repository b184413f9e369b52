"""The translation unit that exchange formats share: any languages, inline markup, properties, notes, attributes.

`model.Unit` is what our own alignment makes; this is what TMX, XLIFF, PO and tables of other tools hold. A unit
and its parts are named tuples: a memory has millions of them, and a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Attributes = tuple[tuple[str, str], ...]
# Elements whose content is another tool's formatting code; `hi` and `sub` hold text a reader sees.
CODES: Final = frozenset({"bpt", "ept", "ph", "it", "ut"})


class Tag(NamedTuple):
    """An inline tag as it stands in a segment: `<bpt i="1">` (start), `</bpt>` (end) or `<ph/>` (empty)."""

    name: str
    attributes: Attributes = ()
    kind: Literal["start", "end", "empty"] = "start"


# Text and tags in order. Flat, so that nesting of any depth costs no recursion; tags are balanced.
Runs = tuple[str | Tag, ...]


class Property(NamedTuple):
    """A `prop`: `type` says what `text` is; `attributes` are the others (language, encoding)."""

    type: str
    text: str
    attributes: Attributes = ()


class Note(NamedTuple):
    """A `note`: a remark for people."""

    text: str
    attributes: Attributes = ()


class Variant(NamedTuple):
    """The text of a unit in one language. `language` is the tag as written, empty where there was none."""

    language: str
    segment: Runs
    attributes: Attributes = ()
    properties: tuple[Property, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """Return what a reader sees, without formatting codes."""
        runs = self.segment
        if len(runs) == 1 and isinstance(run := runs[0], str):
            return run
        return plain_text(runs)


class _UnitFields(NamedTuple):
    variants: tuple[Variant, ...]
    attributes: Attributes = ()
    properties: tuple[Property, ...] = ()
    notes: tuple[Note, ...] = ()
    line: int = 0


class TranslationUnit(_UnitFields):
    """Texts that translate each other, in the order of the file. `line` (from 1) is where it began; 0: unknown.

    Units are equal whatever their line.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Compare all but the line."""
        return isinstance(other, TranslationUnit) and self[:4] == other[:4]

    def __ne__(self, other: object) -> bool:
        """Compare all but the line."""
        return not self == other

    def __hash__(self) -> int:
        """Take in all but the line."""
        return hash(self[:4])

    def attribute(self, name: str) -> str:
        """Return an attribute's value; empty where there is none."""
        return next((value for key, value in self.attributes if key == name), "")

    def property(self, kind: str) -> str:
        """Return the text of the first property of a type; empty where there is none."""
        return next((item.text for item in self.properties if item.type == kind), "")


@dataclass(frozen=True, slots=True)
class CharacterMap:
    """A `ude`: characters of a tool's own encoding. `maps` are the attributes of each `map`."""

    attributes: Attributes
    maps: tuple[Attributes, ...] = ()


@dataclass(frozen=True, slots=True)
class MemoryHeader:
    """What stands before the units: the version of the format, attributes, properties, notes, character maps."""

    version: str = ""
    attributes: Attributes = ()
    properties: tuple[Property, ...] = ()
    notes: tuple[Note, ...] = ()
    character_maps: tuple[CharacterMap, ...] = ()

    def attribute(self, name: str) -> str:
        """Return an attribute's value; empty where there is none."""
        return next((value for key, value in self.attributes if key == name), "")


@dataclass(slots=True)
class UnitStream:
    """A file being read: its header, its units one at a time, and what was skipped, whole after the last unit.

    `source` and `target` are the languages the format itself names; empty where it names none.
    """

    header: MemoryHeader
    units: Iterator[TranslationUnit]
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    source: str = ""
    target: str = ""


@dataclass(slots=True)
class Written:
    """What went into a file, and what was left out of it or changed on the way, by reason."""

    units: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def plain_text(runs: Runs, *, keep_codes: bool = False) -> str:
    """Return the text of a segment without its tags.

    What stands inside bpt, ept, ph, it and ut is formatting code and left out, unless `keep_codes`; the text of a
    `sub` inside them is left out with them, for it belongs to another place (a footnote, an alternative text).
    """
    if len(runs) == 1 and isinstance(runs[0], str):
        return runs[0]
    return "".join(run for run, hidden in _visible(runs) if isinstance(run, str) and (keep_codes or not hidden))


def _visible(runs: Runs) -> Iterator[tuple[str | Tag, bool]]:
    """Yield each run and whether it stands inside a code."""
    depth = 0
    for run in runs:
        if isinstance(run, Tag) and run.name in CODES and run.kind != "empty":
            depth += 1 if run.kind == "start" else -1
        yield run, depth > 0


def is_plain(runs: Runs) -> bool:
    """Tell whether a segment holds no markup."""
    return not runs or (len(runs) == 1 and isinstance(runs[0], str))


def tags(runs: Runs) -> Iterator[Tag]:
    """Yield the tags of a segment."""
    return (run for run in runs if isinstance(run, Tag))


def joined(runs: Iterable[str | Tag]) -> Runs:
    """Return runs with neighbouring texts made one and empty texts left out."""
    found: list[str | Tag] = []
    for run in runs:
        if isinstance(run, Tag):
            found.append(run)
        elif run:
            if found and isinstance(found[-1], str):
                found[-1] += run
            else:
                found.append(run)
    return tuple(found)
