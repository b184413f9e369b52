"""Files of segments: one a line, or JSON Lines. Strict about bytes, so that no score rests on a guessed encoding."""

from __future__ import annotations

import json
import re
import stat
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tmalign.errors import (
    EmptyFileError,
    EncodingError,
    FileSizeError,
    FormatError,
    MissingFileError,
    UnreadableFileError,
)

if TYPE_CHECKING:
    from pathlib import Path

JSON_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
STANDARD_INPUT: Final = "-"
_MOST_BYTES: Final = 1_000_000_000
# MeCab reads up to it and no further: the rest of the line would count for nothing.
_NO_ZERO: Final = "leave it out: no text has one, and tokenizers stop there"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_segments(path: Path) -> list[str]:
    """Return the lines of a UTF-8 file, one segment each, white space at their ends left out as sacrebleu does.

    Only a line feed (or CR LF) ends a line: other separators Unicode knows stand inside segments. `-` is standard
    input. Raises InputError of the fitting kind, with the line where bytes are not UTF-8.
    """
    text = read_utf8(path)
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line.rstrip() for line in lines]


def read_rows(path: Path, shape: str) -> list[tuple[int, dict[str, Any]]]:
    """Return (line, object) for each row of a JSON Lines file; blank lines are passed over.

    `shape` tells in the hint what a row looks like. Raises FormatError with the line of the first bad row.
    """
    rows: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(read_utf8(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"not JSON: {error}", path=path, line=number, hint=f"a row is {shape}") from error
        if not isinstance(row, dict):
            raise FormatError("the row is not an object", path=path, line=number, hint=f"a row is {shape}")
        rows.append((number, row))
    if not rows:
        raise EmptyFileError("no rows", path=path, hint=f"give one JSON object a line: {shape}")
    return rows


def text_of(row: dict[str, Any], key: str, path: Path, line: int) -> str:
    """Return a row's string. Raises FormatError where it is none, or holds what is no character."""
    if key not in row:
        raise FormatError(f"the row has no {key!r}", path=path, line=line, hint=f'write it as "{key}": "..."')
    return _checked(row[key], key, path, line)


def id_of(row: dict[str, Any], path: Path, line: int) -> str:
    """Return a row's id; a whole number counts as its digits. Raises FormatError as `text_of`."""
    value = row.get("id")
    return str(value) if type(value) is int else text_of(row, "id", path, line)


def texts_of(row: dict[str, Any], key: str, path: Path, line: int) -> tuple[str, ...]:
    """Return a row's list of strings; a single string is a list of one. Raises FormatError as `text_of`."""
    value = row.get(key)
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise FormatError(f"{key!r} is not a list of strings", path=path, line=line, hint='"segments": ["...", "..."]')
    return tuple(_checked(item, key, path, line) for item in value)


def _checked(value: object, key: str, path: Path, line: int) -> str:
    if not isinstance(value, str):
        raise FormatError(f"{key!r} is not a string", path=path, line=line, hint='write it in quotes: "..."')
    if "\x00" in value:
        raise FormatError(f"{key!r} holds a zero byte", path=path, line=line, hint=_NO_ZERO)
    if _SURROGATE.search(value):
        raise FormatError(
            f"{key!r} holds half of a surrogate pair, which is no character",
            path=path,
            line=line,
            hint="write it whole",
        )
    return value


def read_utf8(path: Path) -> str:
    """Return a whole file as text, without a byte order mark. `-` is standard input."""
    data = _bytes(path)
    if not data.strip():
        raise EmptyFileError("the file has no text", path=path, hint="give one segment a line")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EncodingError("the file is UTF-16", path=path, line=1, hint="save it as UTF-8 and try again")
    if data.startswith(b"\x1f\x8b"):
        raise EncodingError("the file is compressed", path=path, hint="unpack it with gunzip")
    if (at := data.find(b"\x00")) >= 0:
        raise EncodingError("a zero byte", path=path, line=data.count(b"\n", 0, at) + 1, hint=_NO_ZERO)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EncodingError(
            f"not UTF-8: byte {data[error.start]:#04x}", path=path, line=line, hint="save it as UTF-8 and try again"
        ) from error


def _bytes(path: Path) -> bytes:
    if str(path) == STANDARD_INPUT:
        return _stream(path)
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise UnreadableFileError("this is a folder, not a file", path=path, hint="name a file in it")
        if not (stat.S_ISREG(state.st_mode) or stat.S_ISFIFO(state.st_mode)):
            raise UnreadableFileError("this is not an ordinary file", path=path, hint="name a file of text")
        if state.st_size > _MOST_BYTES:
            raise FileSizeError(f"larger than {_MOST_BYTES:,} bytes", path=path, hint="score it in parts")
        return _stream(path) if stat.S_ISFIFO(state.st_mode) else path.read_bytes()
    except FileNotFoundError:
        raise MissingFileError("there is no such file", path=path, hint="check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(
            f"cannot be read: {reason}", path=path, hint="check the file's permissions"
        ) from error


@cache
def _stream(path: Path) -> bytes:
    """Read standard input or a pipe, which gives its bytes only once, though the language is looked at first."""
    return sys.stdin.buffer.read() if str(path) == STANDARD_INPUT else path.read_bytes()
