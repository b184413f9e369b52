"""Options that the commands of `tmalign memory` share."""

from __future__ import annotations

from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
PersonOption = Annotated[
    str, typer.Option("--by", envvar="TMALIGN_USER", help="Who does it; your system name if not given.")
]
