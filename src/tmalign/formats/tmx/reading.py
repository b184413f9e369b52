"""Anyone's TMX as a stream of units: version 1.1 to 1.4b, level 1 and 2, any encoding, packed or not."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, Self, cast

from tmalign.errors import FormatError
from tmalign.formats.tmx.decoding import Characters, readable
from tmalign.formats.tmx.parsing import BodyReached, EventParser
from tmalign.formats.tmx.scanning import Scanner

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tmalign.formats.exchange import MemoryHeader, TranslationUnit

# A unit that does not end within so many characters is left to the event parser.
_MOST_WAITING: Final = 1 << 22
_MOST_HEAD: Final = 1 << 26
_BODY_TAG: Final = re.compile(r"""<[^<>"']*+(?:"[^"<]*+"[^<>"']*+|'[^'<]*+'[^<>"']*+)*+>""")


class TmxReader:
    """The units of a TMX file, one at a time, in memory that does not grow with the file.

    `header` is there at once; `skipped` counts what has no place in a unit (unknown elements, texts outside
    segments, variants without a language...), `warnings` says what was odd about the encoding; both are whole after
    the last unit. `.gz` and `.zip` are unpacked. With `quick` off every unit goes through the event parser.

    Entities are never expanded, nothing outside the file is opened. Raises MissingFileError, UnreadableFileError,
    EmptyFileError, EncodingError, FileSizeError or FormatError, with the line where there is one.
    """

    def __init__(self, path: Path, *, quick: bool = True) -> None:
        """Open the file and read its header."""
        self.path = path
        self.skipped: Counter[str] = Counter()
        self.warnings: list[str] = []
        self._quick = quick
        self._parts = self._read()
        self.header = cast("MemoryHeader", next(self._parts))

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def __iter__(self) -> Iterator[TranslationUnit]:
        """Yield the units that were not yet read."""
        return cast("Iterator[TranslationUnit]", self._parts)

    def close(self) -> None:
        """Close the file; reading on gives nothing."""
        self._parts.close()

    def _read(self) -> Generator[MemoryHeader | TranslationUnit, None, None]:
        """Yield the header, then the units."""
        with readable(self.path) as stream:
            characters = Characters(stream, self.path)
            pieces = iter(characters)
            self.warnings = characters.warnings
            parser = EventParser(self.path, self.skipped, head_only=True)
            head, rest = self._head(parser, pieces)
            yield parser.header
            if self._quick and rest is not None and "<!ENTITY" not in head:
                yield from self._scan(head, rest, pieces)
            elif rest is not None:
                yield from self._parse(head, rest, pieces, 0)

    def _head(self, parser: EventParser, pieces: Iterator[str]) -> tuple[str, str | None]:
        """Read up to the start tag of `body`; return the text so far and what follows. None: there is no body."""
        text = ""
        for piece in pieces:
            text += piece
            try:
                parser.feed(piece)
            except BodyReached:
                start = len(text.encode()[: parser.body_at].decode())
                tag = _BODY_TAG.match(text, start)
                end = tag.end() if tag else start
                if text[end - 2 : end] == "/>":
                    end = start
                return text[:end], text[end:]
            if len(text) > _MOST_HEAD:
                raise FormatError(
                    f"no unit within the first {_MOST_HEAD:,} characters",
                    path=self.path,
                    line=1,
                    hint="check that this is a translation memory",
                )
        parser.feed("", last=True)
        raise FormatError(
            "not TMX: there is no body", path=self.path, line=text.count("\n") + 1, hint="export the memory again"
        )

    def _scan(self, head: str, text: str, pieces: Iterator[str]) -> Iterator[TranslationUnit]:
        """Yield units by patterns for as long as they match; the event parser does the rest."""
        scanner = Scanner(self.skipped)
        line = first = 1 + head.count("\n")
        position = 0
        while True:
            units, position, line = scanner.units(text, position, line)
            yield from units
            rest = len(text) - position
            if not text.startswith("</body", position) and rest < _MOST_WAITING and text.find("</tu>", position) < 0:
                piece = next(pieces, None)
                if piece is not None:
                    text, position = text[position:] + piece, 0
                    continue
            break
        yield from self._parse(head, text[position:], pieces, line - first)

    def _parse(self, head: str, text: str, pieces: Iterator[str], lines_before: int) -> Iterator[TranslationUnit]:
        """Yield the units from here on by events."""
        # The head was counted when it was read first.
        parser = EventParser(self.path, Counter(), lines_before=lines_before)
        parser.feed(head)
        parser.skipped = self.skipped
        yield from parser.feed(text)
        for piece in pieces:
            yield from parser.feed(piece)
        yield from parser.feed("", last=True)
