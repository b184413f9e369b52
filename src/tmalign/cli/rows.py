"""JSON Lines in and out, for the batch modes: one row a line, errors by line, nothing dropped."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

from tmalign.cli.output import print_json
from tmalign.errors import (
    EmptyFileError,
    EncodingError,
    FileSizeError,
    FormatError,
    InputError,
    MissingFileError,
    TmalignError,
    UnreadableFileError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

LONGEST_ROW = 64 << 20
_BOM = b"\xef\xbb\xbf"
_MOST_IDS = 500_000  # remembered to find ids that come twice; beyond, memory matters more


def read_rows(path: Path, required: dict[str, type], shape: str) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Yield (line number, row) of a JSON Lines file or of standard input (`-`); a bad row comes as its error.

    `required` maps keys to their type; `shape` is shown in the hint. Raises `MissingFileError`,
    `UnreadableFileError`, and `EmptyFileError` where there is no row at all.
    """
    seen = False
    for number, line in _lines(path):
        if line is not None and not line.strip():
            continue
        seen = True
        try:
            yield number, _row(line, required)
        except InputError as error:
            error.path, error.line, error.hint = str(path), number, error.hint or f"a row is {shape}"
            yield number, error
    if not seen:
        raise EmptyFileError("no rows", path=path, hint="a batch file holds one JSON object a line")


def _row(line: bytes | None, required: dict[str, type]) -> dict[str, Any]:
    """Read one line; raises an `InputError` that does not know its place yet."""
    if line is None:
        raise FileSizeError(f"the row is longer than {LONGEST_ROW >> 20} MiB", hint="cut the document in parts")
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise EncodingError("not UTF-8", hint="JSON Lines files are UTF-8") from error
    except RecursionError as error:
        raise FormatError("not a row: nested too deeply") from error
    except ValueError as error:
        raise FormatError(f"not JSON: {error}") from error
    wrong = _wrong(row, required)
    if wrong:
        raise FormatError(wrong)
    checked: dict[str, Any] = row
    return checked


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield numbered lines; None stands for one too long to hold, which is read over."""
    try:
        file: BinaryIO = sys.stdin.buffer if str(path) == "-" else path.open("rb")
        with file:
            number = 0
            while line := file.readline(LONGEST_ROW + 1):
                number += 1
                if len(line) <= LONGEST_ROW:
                    yield number, line.removeprefix(_BOM) if number == 1 else line
                    continue
                while line and not line.endswith(b"\n"):
                    line = file.readline(LONGEST_ROW)
                yield number, None
    except FileNotFoundError as error:
        raise MissingFileError("no such file", path=path, hint="check the name") from error
    except OSError as error:
        raise UnreadableFileError(
            error.strerror or str(error), path=path, hint="check the file and its rights"
        ) from error


def _wrong(row: object, required: dict[str, type]) -> str:
    if not isinstance(row, dict):
        return "the row is not an object"
    for key, kind in required.items():
        if key not in row:
            return f"the row has no {key!r}"
        if not isinstance(row[key], kind):
            return f"{key!r} is not a {'list' if kind is list else 'string'}"
        if kind is list and not all(isinstance(item, str) for item in row[key]):
            return f"{key!r} holds something that is not a string"
    return ""


def run_batch(
    path: Path, required: dict[str, type], shape: str, work: Callable[[dict[str, Any]], dict[str, Any]]
) -> int:
    """Answer every row of a batch in order; a row that cannot be answered becomes `{"id", "error"}`.

    A row whose id came before is answered and named on standard error. Returns the exit code: 1 where a row was
    refused.
    """
    code = 0
    ids: set[int] = set()
    for number, row in read_rows(path, required, shape):
        if isinstance(row, InputError):
            _refuse(row, f"line {number}")
            code = row.exit_code
            continue
        key = hash(row["id"])
        if key in ids:
            typer.echo(f"tmalign: {path}:{number}: the id {row['id']!r} comes again; answers are in order", err=True)
        elif len(ids) < _MOST_IDS:
            ids.add(key)
        try:
            answer = work(row)
        except TmalignError as error:
            error.path, error.line = error.path or str(path), error.line or number
            _refuse(error, row["id"])
            code = error.exit_code
        else:
            print_json(answer, indent=None)
    return code


def _refuse(error: TmalignError, row_id: str) -> None:
    typer.echo(f"tmalign: {error}", err=True)
    if error.hint:
        typer.echo(f"  {error.hint}", err=True)
    print_json({"id": row_id, "error": error.message}, indent=None)
