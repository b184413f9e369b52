"""JSON Lines in and out, for the batch modes: one row a line, errors by line, nothing dropped."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

from tmalign.errors import EmptyFileError, EncodingError, FormatError, MissingFileError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TextIO


def read_rows(path: Path, required: dict[str, type], shape: str) -> Iterator[tuple[int, dict[str, Any] | FormatError]]:
    """Yield (line number, row) of a JSON Lines file or of standard input (`-`); a bad row comes as its error.

    `required` maps keys to their type; `shape` is shown in the hint.
    """
    seen = False
    for number, line in _lines(path):
        if not line.strip():
            continue
        seen = True
        hint = f"a row is {shape}"
        try:
            row = json.loads(line)
        except ValueError as error:
            yield number, FormatError(f"not JSON: {error}", path=path, line=number, hint=hint)
            continue
        wrong = _wrong(row, required)
        yield number, FormatError(wrong, path=path, line=number, hint=hint) if wrong else row
    if not seen:
        raise EmptyFileError("no rows", path=path, hint="a batch file holds one JSON object a line")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        file: TextIO = sys.stdin if str(path) == "-" else path.open(encoding="utf-8-sig")
        with file:
            yield from enumerate(file, 1)
    except FileNotFoundError as error:
        raise MissingFileError("no such file", path=path, hint="check the name") from error
    except UnicodeDecodeError as error:
        raise EncodingError("not UTF-8", path=path, hint="JSON Lines files are UTF-8") from error
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


def write_row(row: dict[str, Any]) -> None:
    """Print one row."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def run_batch(
    path: Path, required: dict[str, type], shape: str, work: Callable[[dict[str, Any]], dict[str, Any]]
) -> int:
    """Answer every row of a batch in order; a row that cannot be answered becomes `{"id", "error"}`.

    Returns the exit code: 1 where a row was refused.
    """
    code = 0
    for number, row in read_rows(path, required, shape):
        if isinstance(row, FormatError):
            typer.echo(f"tmalign: {row}\n  {row.hint}", err=True)
            write_row({"id": f"line {number}", "error": row.message})
            code = row.exit_code
        else:
            write_row(work(row))
    return code
