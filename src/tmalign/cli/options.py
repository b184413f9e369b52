"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

StorePath = Annotated[
    Path,
    typer.Option(
        "--store",
        "-s",
        metavar="FILE",
        envvar="TMALIGN_STORE",
        help="The memory: memory.sqlite of `tmalign build`.",
    ),
]

Kind = Literal["phrase", "concept", "organisation", "title", "treaty", "boilerplate"]
Status = Literal["candidate", "approved", "deprecated", "forbidden", "rejected"]
