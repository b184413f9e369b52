"""The translation unit that exchange formats share: any languages, inline markup, properties, notes, attributes.

`model.Unit` is what our own alignment makes; this is what TMX, XLIFF, PO and tables of other tools hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Attributes = tuple[tuple[str, str], ...]
# Elements whose content is another tool's formatting code; `hi` and `sub` hold text a reader sees.
CODES: Final = frozenset({"bpt", "ept", "ph", "it", "ut"})


@dataclass(frozen=True, slots=True)
class Tag:
    """An inline tag as it stands in a segment: `<bpt i="1">` (start), `</bpt>` (end) or `<ph/>` (empty)."""

    name: str
    attributes: Attributes = ()
    kind: Literal["start", "end", "empty"] = "start"


# Text and tags in order. Flat, so that nesting of any depth costs no recursion; tags are balanced.
Runs = tuple[str | Tag, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A `prop`: `type` says what `text` is; `attributes` are the others (language, encoding)."""

    type: str
    text: str
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A `note`: a remark for people."""

    text: str
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """The text of a unit in one language. `language` is the tag as written, empty where there was none."""

    language: str
    segment: Runs
    attributes: Attributes = ()
    properties: tuple[Property, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """Return what a reader sees, without formatting codes."""
        return plain_text(self.segment)


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """Texts that translate each other, in the order of the file. `line` (from 1) is where it began; 0: unknown."""

    variants: tuple[Variant, ...]
    attributes: Attributes = ()
    properties: tuple[Property, ...] = ()
    notes: tuple[Note, ...] = ()
    line: int = field(default=0, compare=False)

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
