"""How commands print: in UTF-8 whatever the locale. Without typer, for commands that must start at once."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


_LONGEST_AGAIN = 80


def json_bytes(value: Any, *, indent: int | None = None) -> bytes:  # noqa: ANN401 - whatever JSON holds
    r"""Return JSON as UTF-8 with a line end; a lone surrogate, which UTF-8 cannot hold, stands as \ud800."""
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace") + b"\n"


def print_json(value: Any, *, indent: int | None = 2) -> None:  # noqa: ANN401 - whatever JSON holds
    """Print a value as JSON, at once: a program may wait for a row before it sends the next."""
    _print(json_bytes(value, indent=indent))


def print_line(text: str) -> None:
    """Print text and a line end."""
    write_text(text + "\n")


def print_message(text: str) -> None:
    """Print text and a line end to standard error."""
    sys.stderr.write(text + "\n")


def beginning(text: str) -> str:
    """Return as much of a text as a message says again; a whole page may have been asked for."""
    return text if len(text) <= _LONGEST_AGAIN else f"{text[:_LONGEST_AGAIN]}..."


def write_text(text: str, out: Path | None = None) -> None:
    """Write text to a file, whole or not at all, or to standard output; what UTF-8 cannot hold is escaped."""
    data = text.encode("utf-8", "backslashreplace")
    if out is None:
        _print(data)
        return
    from tmalign.formats.files import atomic_write  # noqa: PLC0415 - only where there is a file

    with atomic_write(out) as file:
        file.write(data)


def _print(data: bytes) -> None:
    # What was printed as text comes first.
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
