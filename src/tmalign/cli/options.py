"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tmalign.memory.location import STORE_NAME

StoreOption = Annotated[
    Path,
    typer.Option(
        "--store",
        "-s",
        envvar="TMALIGN_STORE",
        help=f"The store, or the folder of a build that holds {STORE_NAME}.",
    ),
]
SplitRulesOption = Annotated[
    Literal["standard", "omegat"], typer.Option("--split-rules", help="`omegat` cuts where OmegaT's own rules cut.")
]
OnePassOption = Annotated[
    bool,
    typer.Option("--one-pass", help="Align every document by itself: do not learn words from all of them first."),
]

Kind = Literal["phrase", "concept", "organisation", "title", "treaty", "boilerplate"]
Status = Literal["candidate", "approved", "deprecated", "forbidden", "rejected"]
