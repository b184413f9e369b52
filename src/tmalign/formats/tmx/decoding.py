"""The characters of an XML file: unpacked, decoded, line ends made one, in pieces of constant size.

Byte order mark, then declaration, then UTF-8 decide the encoding (XML 1.0, appendix F). What the parsers above get
holds only characters that XML allows, so that they need not look.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import stat
import zipfile
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from tmalign.errors import (
    EmptyFileError,
    EncodingError,
    FileSizeError,
    FormatError,
    MissingFileError,
    UnreadableFileError,
)
from tmalign.formats.tmx.markup import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Larger pieces leave the processor's cache: half as fast at eight times this.
PIECE: Final = 1 << 15
# No honest memory shrinks more than some forty times; past the first so many bytes more is taken for a trap.
_FREE: Final = 256 << 20
_MOST_EXPANSION: Final = 300

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED: Final = (
    (re.compile(rb"<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[^\x00]"), "utf-16-be"),
)
_DECLARED: Final = re.compile(r"""\s{0,100}<\?xml[^>]{0,200}?\sencoding\s{0,20}=\s{0,20}["']([^"'<>]{1,40})["']""")
# What Japanese tools call Shift_JIS holds NEC's and IBM's characters, which only cp932 knows.
_WIDER: Final = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_ALIASES: Final = {"windows-31j": "cp932", "x-sjis": "cp932", "x-euc-jp": "euc_jp", "cp943": "cp932"}
_KNOWN: Final = re.compile(
    "utf-8|ascii|iso8859-|latin|cp(?:437|7|8|9|12)|koi8|mac-|shift_|euc_|iso2022_|gb|big5|johab|tis-620|kz1048|ptcp154"
)
_CONTROLS: Final = bytes(number for number in range(32) if number not in b"\t\n\r")


@contextlib.contextmanager
def readable(path: Path, *, member: str = ".tmx") -> Iterator[BinaryIO]:
    """Open a file for reading bytes, a gzip or ZIP archive unpacked; `member` ends the name to look for in a ZIP.

    Raises MissingFileError, UnreadableFileError, EmptyFileError, FormatError and FileSizeError; also for what goes
    wrong while the block reads.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # A folder cannot be read, and opening a named pipe would wait for ever.
            raise UnreadableFileError(
                "cannot be read: not an ordinary file", path=path, hint="name a file, or give it on standard input (-)"
            )
        with path.open("rb") as file:
            start = file.read(4)
            if not start:
                raise EmptyFileError("the file holds nothing", path=path, line=1, hint="export the memory again")
            file.seek(0)
            if start.startswith(b"\x1f\x8b"):
                with gzip.GzipFile(fileobj=file) as stream:
                    yield cast("BinaryIO", _Unpacked(cast("BinaryIO", stream), path.stat().st_size, path))
            elif start == b"PK\x03\x04":
                with _archive(file, path) as archive:
                    info = _member(archive, member, path)
                    with _opened(archive, info, path) as inside:
                        yield cast("BinaryIO", _Unpacked(inside, info.compress_size, path))
            else:
                yield file
    except FileNotFoundError as error:
        raise MissingFileError("there is no such file", path=path, hint="check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error.strerror or error}", path=path, hint="check the file's permissions"
        ) from error


def _archive(file: BinaryIO, path: Path) -> zipfile.ZipFile:
    """Open a ZIP archive."""
    try:
        return zipfile.ZipFile(file)
    except Exception as error:  # on broken archives the library raises whatever it meets
        raise _broken(error, path) from error


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> BinaryIO:
    """Open a member of a ZIP archive."""
    try:
        return cast("BinaryIO", archive.open(info))
    except Exception as error:  # a password that is asked for is a RuntimeError; a broken archive is anything
        raise _broken(error, path) from error


def _broken(error: Exception, path: Path) -> FormatError:
    return FormatError(f"a broken archive: {error}", path=path, hint="unpack it yourself, or fetch the file again")


def _member(archive: zipfile.ZipFile, ending: str, path: Path) -> zipfile.ZipInfo:
    """Return the one member of a ZIP archive that is meant."""
    # Not by `is_dir`, which breaks on a member without a name.
    files = [info for info in archive.infolist() if not info.filename.endswith("/")]
    files = [info for info in files if not info.filename.startswith("__MACOSX/")]
    named = [info for info in files if info.filename.lower().endswith(ending)]
    found = named or files
    if len(found) != 1:
        raise FormatError(
            f"the archive holds {len(found)} files that could be meant",
            path=path,
            hint=f"unpack it and give one {ending} file at a time",
        )
    return found[0]


class _Unpacked(io.RawIOBase):
    """A stream out of an archive that refuses to swell without end, and says when the archive is broken."""

    def __init__(self, stream: BinaryIO, packed: int, path: Path) -> None:
        """Keep how large the packed bytes are."""
        self._stream = stream
        self._most = max(_FREE, packed * _MOST_EXPANSION)
        self._path = path
        self._seen = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes."""
        try:
            data = self._stream.read(size)
        except Exception as error:  # zlib, lzma, gzip and zipfile each have their own
            raise _broken(error, self._path) from error
        self._seen += len(data)
        if self._seen > self._most:
            raise FileSizeError(
                f"the archive unpacks to more than {_MOST_EXPANSION} times its size",
                path=self._path,
                hint="unpack it yourself and look at what it holds",
            )
        return data


class Characters:
    """The decoded text of a stream, as pieces. `encoding` is the codec; `warnings` say what was odd about it."""

    def __init__(self, stream: BinaryIO, path: Path | str) -> None:
        """Read the first piece and settle the encoding. Raises EmptyFileError and EncodingError."""
        self._stream = stream
        self._path = path
        self.warnings: list[str] = []
        self._first = stream.read(PIECE)
        if not self._first:
            raise EmptyFileError("the file holds nothing", path=path, line=1, hint="export the memory again")
        self.encoding, mark = self._settle(self._first)
        self._first = self._first[mark:]
        self._line = 1

    def _settle(self, start: bytes) -> tuple[str, int]:
        """Return the codec and the length of the byte order mark."""
        for mark, name in _BOMS:
            if start.startswith(mark):
                return name, len(mark)
        for pattern, name in _UNMARKED:
            if pattern.match(start):
                self.warnings.append(f"{name} without a byte order mark")
                return name, 0
        found = _DECLARED.match(start[:1024].decode("latin-1"))
        return self._codec(found[1]) if found else "utf-8", 0

    def _codec(self, label: str) -> str:
        """Return the codec for a declared encoding of single bytes or of ASCII and more."""
        try:
            name = codecs.lookup(_ALIASES.get(label.lower(), label)).name
        except (LookupError, ValueError):
            name = ""
        if name.startswith(("utf-16", "utf-32")):
            # The declaration was read as ASCII, so it cannot be true.
            self.warnings.append(f"declares {label}, read as utf-8")
            return "utf-8"
        if not _KNOWN.match(name):
            raise EncodingError(
                f"declares an encoding that is not known: {label}",
                path=self._path,
                line=1,
                hint="save the file as UTF-8 and let it say so",
            )
        return _WIDER.get(name, name)

    def __iter__(self) -> Iterator[str]:
        """Yield the text; CR and CR LF as LF. Raises EncodingError and FormatError with the line."""
        decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        quick = self.encoding == "utf-8"
        data, held = self._first, ""
        self._first = b""
        while True:
            last = not data
            text = held + self._decoded(decoder, data, last=last)
            suspect = len(data.translate(None, _CONTROLS)) != len(data) if quick else True
            if suspect or "\ufffe" in text or "\uffff" in text:
                self._refuse_forbidden(text)
            held = ""
            if "\r" in text:
                if text.endswith("\r") and not last:
                    text, held = text[:-1], "\r"
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            self._line += text.count("\n")
            if text:
                yield text
            if last:
                return
            data = self._stream.read(PIECE)

    def _decoded(self, decoder: codecs.IncrementalDecoder, data: bytes, *, last: bool) -> str:
        """Decode a piece, or refuse it with the line of its first bad byte."""
        try:
            return decoder.decode(data, last)
        except UnicodeError as error:
            line, bad = self._line, ""
            if isinstance(error, UnicodeDecodeError):
                good = error.object[: error.start].decode(self.encoding, "replace")
                line += good.replace("\r\n", "\n").replace("\r", "\n").count("\n")
                bad = " ".join(f"{byte:02X}" for byte in error.object[error.start : error.start + 4])
            raise EncodingError(
                f"bytes that are not {self.encoding}: {bad or error}",
                path=self._path,
                line=line,
                hint="save the file as UTF-8, or correct the encoding it declares",
            ) from error

    def _refuse_forbidden(self, text: str) -> None:
        """Raise FormatError where the text holds a character that XML has no place for."""
        if found := FORBIDDEN.search(text):
            before = text[: found.start()].replace("\r\n", "\n").replace("\r", "\n")
            raise FormatError(
                f"broken XML: the character U+{ord(found[0]):04X} is not allowed",
                path=self._path,
                line=self._line + before.count("\n"),
                hint="remove control characters from the file, or export the memory again",
            )
