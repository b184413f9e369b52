"""TMX by events: any well-formed file, whatever it holds, through expat.

Entities are never expanded and nothing outside the file is opened: a reference in text stays as it was written, one
in an attribute is refused. Nesting has no limit, for nothing here recurses.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from tmalign.errors import FormatError
from tmalign.formats.exchange import (
    Attributes,
    CharacterMap,
    MemoryHeader,
    Note,
    Property,
    Tag,
    TranslationUnit,
    Variant,
    joined,
)

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

# A unit larger than this is no unit; memory stays level.
MOST_CHARACTERS: Final = 1 << 26
_REFERENCE: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)")
# What an element may hold of what we keep; everything else is passed over and counted.
_INSIDE: Final = {
    "": ("tmx",),
    "tmx": ("header", "body"),
    "header": ("prop", "note", "ude"),
    "ude": ("map",),
    "body": ("tu",),
    "tu": ("prop", "note", "tuv"),
    "tuv": ("prop", "note", "seg"),
    "prop": (),
    "note": (),
    "map": (),
}


def variant_attributes(attributes: Attributes) -> tuple[str, Attributes]:
    """Return the language of a variant and its other attributes; `xml:lang` goes before the older `lang`."""
    for name in ("xml:lang", "lang"):
        for key, value in attributes:
            if key == name:
                return value.strip(), tuple(item for item in attributes if item[0] != name)
    return "", attributes


class BodyReached(Exception):  # noqa: N818 - no error: the head has been read
    """Stops the parser at the start tag of `body`."""


class _Frame:
    """An element that is open: what it is called and what was found in it so far."""

    __slots__ = ("attributes", "name", "notes", "properties", "segment", "text", "variants")

    def __init__(self, name: str, attributes: Attributes) -> None:
        self.name = name
        self.attributes = attributes
        self.properties: list[Property] = []
        self.notes: list[Note] = []
        self.variants: list[Any] = []
        self.segment: list[str | Tag] | None = None
        self.text: list[str] = []


class EventParser:
    """Takes text in pieces and gives the finished units of each.

    `header` is set before the first unit. `skipped` counts what has no place in a unit. `lines_before` is added to
    the lines that expat counts. With `head_only` it raises BodyReached at `body_at`, in bytes.
    """

    def __init__(
        self, path: Path | str, skipped: Counter[str], *, lines_before: int = 0, head_only: bool = False
    ) -> None:
        """Set up expat with handlers that keep what units are made of."""
        self.path = path
        self.skipped = skipped
        self.lines_before = lines_before
        self.header = MemoryHeader()
        self.body_at = -1
        self._head_only = head_only
        self._version = ""
        self._units: list[TranslationUnit] = []
        self._frames: list[_Frame] = [_Frame("", ())]
        self._foreign = 0
        self._inline: list[str] | None = None
        self._entities = False
        self._line = 0
        self._size = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity_declared
        parser.CommentHandler = _nothing
        parser.ProcessingInstructionHandler = self._instruction
        # A default handler is what keeps expat from putting entities in place.
        parser.DefaultHandler = self._other

    def feed(self, text: str, *, last: bool = False) -> list[TranslationUnit]:
        """Take the next piece and return the units that it finished. Raises FormatError with the line."""
        before = self._parser.CurrentByteIndex
        try:
            self._parser.Parse(text.encode(), last)
        except expat.ExpatError as error:
            raise self.broken(expat.ErrorString(error.code) or "not XML", error.lineno) from error
        if self._frames[-1].name in {"tu", "tuv"} or self._inline is not None:
            self._size += max(self._parser.CurrentByteIndex - before, len(text))
            if self._size > MOST_CHARACTERS:
                raise self.broken(f"a unit longer than {MOST_CHARACTERS:,} characters", self._parser.CurrentLineNumber)
        units, self._units = self._units, []
        return units

    def broken(self, reason: str, line: int) -> FormatError:
        """Return the error for a file that is not XML, with its line in the file."""
        return FormatError(
            f"broken XML: {reason}", path=self.path, line=line + self.lines_before, hint="export the memory again"
        )

    def _start(self, name: str, flat: list[str]) -> None:
        attributes = tuple(zip(flat[::2], flat[1::2], strict=True)) if flat else ()
        if self._entities and flat:
            self._refuse_references()
        local = _local(name) if ":" in name else name
        if self._inline is not None:
            self._inline.append(local)
            self._keep(Tag(local, attributes))
            return
        frame = self._frames[-1]
        if self._foreign or local not in _INSIDE[frame.name]:
            if not frame.name and not self._foreign:
                raise FormatError(
                    f"not TMX: the root element is {name[:40]}",
                    path=self.path,
                    line=self._parser.CurrentLineNumber + self.lines_before,
                    hint="give a .tmx file",
                )
            self.skipped["unknown elements"] += not self._foreign
            self._foreign += 1
            return
        self._open(local, frame, attributes)

    def _open(self, name: str, frame: _Frame, attributes: Attributes) -> None:
        """Go into an element that we know."""
        if name == "seg":
            if frame.segment is not None:
                self.skipped["second texts in one variant"] += 1
                self._foreign += 1
                return
            frame.segment = []
            self._inline = []
            return
        if name == "tmx":
            self._version = dict(attributes).get("version", "")
            self.header = MemoryHeader(self._version)
        elif name == "tu":
            self._line = self._parser.CurrentLineNumber + self.lines_before
            self._size = 0
        elif name == "body":
            self.body_at = self._parser.CurrentByteIndex
            if self._head_only:
                raise BodyReached
        self._frames.append(_Frame(name, attributes))

    def _end(self, name: str) -> None:
        if self._foreign:
            self._foreign -= 1
            return
        if self._inline is not None:
            if not self._inline:
                self._inline = None
                return
            self._close_tag(self._inline.pop())
            return
        frame = self._frames.pop()
        del name
        self._finish(frame, self._frames[-1])

    def _close_tag(self, name: str) -> None:
        """Put an end tag down, or make the start tag right before it an empty one."""
        segment = self._frames[-1].segment
        if segment and isinstance(segment[-1], Tag) and segment[-1].kind == "start":
            segment[-1] = Tag(name, segment[-1].attributes, "empty")
        else:
            self._keep(Tag(name, (), "end"))

    def _finish(self, frame: _Frame, parent: _Frame) -> None:
        """Turn a closed element into what it stands for and give it to its parent."""
        match frame.name:
            case "prop":
                kind = dict(frame.attributes).get("type", "")
                others = tuple(item for item in frame.attributes if item[0] != "type")
                parent.properties.append(Property(kind, "".join(frame.text), others))
            case "note":
                parent.notes.append(Note("".join(frame.text), frame.attributes))
            case "map":
                parent.variants.append(frame.attributes)
            case "ude":
                parent.variants.append(CharacterMap(frame.attributes, tuple(frame.variants)))
            case "header":
                self.header = MemoryHeader(
                    self._version,
                    frame.attributes,
                    tuple(frame.properties),
                    tuple(frame.notes),
                    tuple(frame.variants),
                )
            case "tuv":
                self._finish_variant(frame, parent)
            case "tu":
                self._units.append(
                    TranslationUnit(
                        tuple(frame.variants),
                        frame.attributes,
                        tuple(frame.properties),
                        tuple(frame.notes),
                        self._line,
                    )
                )

    def _finish_variant(self, frame: _Frame, parent: _Frame) -> None:
        """Give a variant to its unit."""
        language, attributes = variant_attributes(frame.attributes)
        if frame.segment is None:
            self.skipped["variants without a text"] += 1
        if not language:
            self.skipped["variants without a language"] += 1
        parent.variants.append(
            Variant(language, joined(frame.segment or ()), attributes, tuple(frame.properties), tuple(frame.notes))
        )

    def _keep(self, run: str | Tag) -> None:
        """Add to the segment that is open."""
        segment = self._frames[-1].segment
        if segment is not None:
            segment.append(run)

    def _characters(self, text: str) -> None:
        if self._foreign:
            return
        if self._inline is not None:
            self._keep(text)
            return
        frame = self._frames[-1]
        if frame.name in {"prop", "note"}:
            frame.text.append(text)
        elif frame.name and text.strip():
            self.skipped["texts outside segments"] += 1

    def _entity_declared(self, *_: object) -> None:
        self._entities = True

    def _instruction(self, target: str, _data: str) -> None:
        if target != "xml" and len(self._frames) > 1:
            self.skipped["processing instructions"] += 1

    def _other(self, data: str) -> None:
        """Keep a reference to an entity as it was written."""
        if len(self._frames) > 1 and data.startswith("&") and data.endswith(";"):
            self.skipped["entities left as written"] += 1
            self._characters(data)

    def _refuse_references(self) -> None:
        """Raise FormatError where a start tag refers to an entity: what expat gave has it in place already."""
        context = self._parser.GetInputContext() or b""
        tag = re.match(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""", context)
        if tag is None or _REFERENCE.search(tag[0].decode("utf-8", "replace")):
            raise FormatError(
                "an entity stands in an attribute",
                path=self.path,
                line=self._parser.CurrentLineNumber + self.lines_before,
                hint="write the text itself in its place",
            )


def _nothing(_data: str) -> None:
    """Pass over a comment; without a handler it would go to the default one."""


def _local(name: str) -> str:
    """Return a name without its prefix; where the rest is no name (`ph:`, `x:1`), the colon becomes part of it."""
    local = name.rpartition(":")[2]
    # Not the extenders (Lm), such as the long vowel mark: they stand inside names only.
    if local[:1] == "_" or unicodedata.category(local[:1] or " ") in {"Lu", "Ll", "Lt", "Lo"}:
        return local
    return name.replace(":", "_")
