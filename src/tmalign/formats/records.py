"""Files with a record a line, as numbered lines: what JSON Lines, TSV, PO and Moses files share."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Final

from tmalign.errors import EncodingError, FormatError
from tmalign.formats.tmx.decoding import readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_CHARACTERS: Final = 1 << 26
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number from 1, line without its end) of a UTF-8 file, or of UTF-16 with a byte order mark; gzip unpacked.

    Only LF and CR LF end a line. Raises MissingFileError, UnreadableFileError, EmptyFileError, EncodingError with the
    line, and FormatError for a line of more than 64 Mi characters.
    """
    with readable(path) as stream:
        start = stream.read(4)
        encoding, mark = next(((name, len(bom)) for bom, name in _BOMS if start.startswith(bom)), ("utf-8", 0))
        stream.seek(mark)
        number = 0
        # Not closed by hand: `readable` closes what lies under it.
        text = io.TextIOWrapper(stream, encoding, newline="\n")
        try:
            while line := text.readline(MOST_CHARACTERS):
                number += 1
                if len(line) == MOST_CHARACTERS and not line.endswith("\n"):
                    raise FormatError(
                        f"a line longer than {MOST_CHARACTERS:,} characters",
                        path=path,
                        line=number,
                        hint="check that this is a text file with one record a line",
                    )
                yield number, line.removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise EncodingError(
                f"bytes that are not {encoding}", path=path, line=number + 1, hint="save the file as UTF-8"
            ) from error
        finally:
            text.detach()
