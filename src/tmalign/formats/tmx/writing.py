"""Units of any tool as TMX 1.4b, one at a time.

What was read from such a file and is written again gives the same bytes.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from tmalign import __version__
from tmalign.formats.exchange import (
    Attributes,
    MemoryHeader,
    Note,
    Property,
    Runs,
    Tag,
    TranslationUnit,
)
from tmalign.formats.files import atomic_write
from tmalign.formats.tmx.markup import Escaper, unsafe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


_REQUIRED: Final = (
    ("creationtool", "tmalign"),
    ("creationtoolversion", __version__),
    ("segtype", "sentence"),
    ("o-tmf", "tmalign"),
    ("adminlang", "en"),
    ("srclang", "*all*"),
    ("datatype", "plaintext"),
)
_SEGMENT_TYPES: Final = frozenset({"block", "paragraph", "sentence", "phrase"})
# BCP 47's word for a language that is not known; a variant must have one.
_UNKNOWN: Final = "und"
_TAIL: Final = b"  </body>\n</tmx>\n"
_TOGETHER: Final = 256
_MOST_KNOWN: Final = 2000


@dataclass(frozen=True, slots=True)
class UnitsWritten:
    """What went into the file: units, characters XML forbids that were removed, units without any text left out."""

    units: int
    characters_removed: int
    without_text: int = 0


def write_units(
    target: Path | BinaryIO, units: Iterable[TranslationUnit], header: MemoryHeader | None = None
) -> UnitsWritten:
    """Write units in the order they come; a path is replaced atomically, and only if its bytes would change.

    The header gets the attributes that the standard demands where it lacks them. Texts stand as they are, white space
    at their edges included. Raises OutputError where the path cannot be written.
    """
    writer = UnitWriter(header or MemoryHeader())
    if isinstance(target, Path):
        with atomic_write(target, keep_identical=True) as stream:
            return writer.write(stream, units)
    return writer.write(target, units)


class UnitWriter:
    """Turns units into lines of TMX and counts what it leaves out."""

    def __init__(self, header: MemoryHeader) -> None:
        """Start the counts at nothing."""
        self._header = header
        self._escaper = Escaper()
        self._starts: dict[object, str] = {}
        self._known: dict[str, str] = {}

    def write(self, stream: BinaryIO, units: Iterable[TranslationUnit]) -> UnitsWritten:
        """Write the whole file."""
        written = empty = 0
        stream.write(self.head().encode())
        waiting: list[str] = []
        for unit in units:
            if not unit.variants:
                empty += 1
                continue
            waiting.append(self.unit(unit))
            written += 1
            if len(waiting) == _TOGETHER:
                stream.write("".join(waiting).encode())
                waiting.clear()
        stream.write("".join(waiting).encode() + _TAIL)
        return UnitsWritten(written, self._escaper.removed, empty)

    @contextlib.contextmanager
    def into(self, stream: BinaryIO) -> Iterator[Callable[[TranslationUnit], None]]:
        """Give a function that writes one unit, for a caller who sends units to several files."""
        stream.write(self.head().encode())

        def add(unit: TranslationUnit) -> None:
            if unit.variants:
                stream.write(self.unit(unit).encode())

        yield add
        stream.write(_TAIL)

    def head(self) -> str:
        """Return everything before the first unit."""
        header = self._header
        given = dict(header.attributes)
        if given.get("segtype", "sentence") not in _SEGMENT_TYPES:
            given["segtype"] = "block"
        attributes = [(name, given.get(name) or default) for name, default in _REQUIRED]
        required = {name for name, _ in _REQUIRED}
        attributes += [(name, value) for name, value in header.attributes if name not in required]
        inside = "".join(f"    {self._note(note)}\n" for note in header.notes)
        inside += "".join(f"    {self._property(item)}\n" for item in header.properties)
        for characters in header.character_maps:
            maps = "".join(f"      <map{self._written(entry)}/>\n" for entry in characters.maps)
            inside += f"    <ude{self._written(characters.attributes)}>\n{maps}    </ude>\n"
        start = f"  <header{self._written(tuple(attributes))}"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
            + (f"{start}>\n{inside}  </header>\n" if inside else f"{start}/>\n")
            + "  <body>\n"
        )

    def unit(self, unit: TranslationUnit) -> str:
        """Return one `tu` with a line end."""
        # Ids and dates do not come again: not worth remembering.
        lines = [f"    <tu{self._written(unit.attributes)}>"]
        if unit.notes:
            lines += [f"      {self._note(note)}" for note in unit.notes]
        if unit.properties:
            lines += [f"      {self._property(item)}" for item in unit.properties]
        known, escaped = self._known.get, self._escaper.text
        for variant in unit.variants:
            language, segment, attributes, properties, notes = variant
            # The most common variant of all, without a further call: nothing but a text.
            start = None if attributes or properties or notes else known(language)
            if start is not None and len(segment) == 1 and isinstance(text := segment[0], str):
                lines.append(f"{start}{escaped(text) if unsafe(text) else text}</seg></tuv>")
            else:
                lines.append(self._variant(*variant))
        lines.append("    </tu>\n")
        return "\n".join(lines)

    def _variant(
        self,
        language: str,
        segment: Runs,
        attributes: Attributes,
        properties: tuple[Property, ...],
        notes: tuple[Note, ...],
    ) -> str:
        """Return one `tuv`, on one line where it holds only a text."""
        start = self._starts.get((language, attributes))
        if start is None:
            start = f"<tuv{self._written((('xml:lang', language or _UNKNOWN), *attributes))}>"
            if len(self._starts) < _MOST_KNOWN:
                self._starts[language, attributes] = start
        text = self.segment(segment)
        if not notes and not properties:
            if not attributes and len(self._known) < _MOST_KNOWN:
                self._known[language] = f"      {start}<seg>"
            return f"      {start}<seg>{text}</seg></tuv>"
        lines = [f"      {start}"]
        lines += [f"        {self._note(note)}" for note in notes]
        lines += [f"        {self._property(item)}" for item in properties]
        return "\n".join([*lines, f"        <seg>{text}</seg>", "      </tuv>"])

    def segment(self, runs: Runs) -> str:
        """Return a segment's text and tags as XML."""
        return "".join([self._tag(run) if isinstance(run, Tag) else self._escaper.text(run) for run in runs])

    def _tag(self, tag: Tag) -> str:
        if tag.kind == "end":
            return f"</{tag.name}>"
        return f"<{tag.name}{self._written(tag.attributes)}{'/' if tag.kind == 'empty' else ''}>"

    def _property(self, item: Property) -> str:
        kind, text, attributes = item
        start = self._starts.get((kind, attributes, "prop"))
        if start is None:
            start = f"<prop{self._written((('type', kind), *_modern(attributes)))}>"
            if len(self._starts) < _MOST_KNOWN:
                self._starts[kind, attributes, "prop"] = start
        return f"{start}{self._escaper.text(text) if unsafe(text) else text}</prop>"

    def _note(self, note: Note) -> str:
        return f"<note{self._written(_modern(note.attributes))}>{self._escaper.text(note.text)}</note>"

    def _written(self, attributes: Attributes) -> str:
        """Return attributes with a space before each."""
        attribute = self._escaper.attribute
        # Ids and dates are letters and digits, which takes a fifth of the time to see.
        return "".join([f' {name}="{value if value.isalnum() else attribute(value)}"' for name, value in attributes])


def _modern(attributes: Attributes) -> Attributes:
    """Write `lang`, which TMX 1.4 gave up, as `xml:lang`."""
    if not attributes or any(name == "xml:lang" for name, _ in attributes):
        return tuple(item for item in attributes if item[0] != "lang")
    return tuple(("xml:lang" if name == "lang" else name, value) for name, value in attributes)
