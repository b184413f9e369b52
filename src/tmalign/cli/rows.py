"""JSON Lines in and out, for the batch modes: one row a line, errors by line, nothing dropped."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is done with a portion of rows before the first of them is answered.

    `look` hears the rows of a portion, those left out that cannot be read; a portion ends with the row that brings its
    `size` to `portion`.
    """

    look: Callable[[list[dict[str, Any]]], None]
    size: Callable[[dict[str, Any]], int]
    portion: int


def run_batch(
    path: Path,
    required: dict[str, type],
    shape: str,
    work: Callable[[dict[str, Any]], dict[str, Any]],
    ahead: Ahead | None = None,
) -> int:
    """Answer every row of a batch in order; a row that cannot be answered becomes `{"id", "error"}`.

    Without `ahead` each row is answered as it comes. A row whose id came before is answered and named on standard
    error. Returns the exit code: 1 where a row was refused.
    """
    code = 0
    ids: set[int] = set()
    for portion in _portions(read_rows(path, required, shape), ahead):
        if ahead is not None:
            ahead.look([row for _, row in portion if not isinstance(row, InputError)])
        for number, row in portion:
            if isinstance(row, InputError):
                _refuse(row, f"line {number}")
                code = row.exit_code
                continue
            key = hash(row["id"])
            if key in ids:
                typer.echo(
                    f"tmalign: {path}:{number}: the id {row['id']!r} comes again; answers are in order", err=True
                )
            elif len(ids) < _MOST_IDS:
                ids.add(key)
            code = _answer(path, number, row, work) or code
    return code


def _portions(
    rows: Iterator[tuple[int, dict[str, Any] | InputError]], ahead: Ahead | None
) -> Iterator[list[tuple[int, dict[str, Any] | InputError]]]:
    """Yield rows together that are looked at together."""
    held: list[tuple[int, dict[str, Any] | InputError]] = []
    size = 0
    for number, row in rows:
        held.append((number, row))
        if ahead is not None:
            size += 1 if isinstance(row, InputError) else ahead.size(row)
        if ahead is None or size >= ahead.portion:
            yield held
            held, size = [], 0
    if held:
        yield held


def _answer(path: Path, number: int, row: dict[str, Any], work: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Print the answer to one row, or why there is none; return the exit code."""
    try:
        answer = work(row)
    except TmalignError as error:
        error.path, error.line = error.path or str(path), error.line or number
        _refuse(error, row["id"])
        return error.exit_code
    print_json(answer, indent=None)
    return 0


def _refuse(error: TmalignError, row_id: str) -> None:
    typer.echo(f"tmalign: {error}", err=True)
    if error.hint:
        typer.echo(f"  {error.hint}", err=True)
    print_json({"id": row_id, "error": error.message}, indent=None)
