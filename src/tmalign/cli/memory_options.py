"""Options and printing that the commands of `tmalign memory` share."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
PersonOption = Annotated[
    str, typer.Option("--by", envvar="TMALIGN_USER", help="Who does it; your system name if not given.")
]


def print_text(text: str) -> None:
    """Print a line as UTF-8, whatever the locale; what UTF-8 cannot hold is escaped."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print a value as JSON."""
    print_text(json.dumps(value, ensure_ascii=False, indent=indent))
