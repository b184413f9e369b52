"""Options of the commands that look things up: the memory, and which of its units count."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tmalign.memory.location import STORE_NAME

MemoryOption = Annotated[
    Path,
    typer.Option(
        "--store",
        "-s",
        envvar="TMALIGN_STORE",
        help=f"The store, the folder of a build that holds {STORE_NAME}, or a TMX file (read whole each time).",
    ),
]
CollectionOption = Annotated[
    str | None, typer.Option("--collection", help="Only units of this collection and those below it.")
]
SinceOption = Annotated[
    str, typer.Option("--since", metavar="DATE", help="Only units of this day or later: 2023, 2023-05, 2023-05-17.")
]
UntilOption = Annotated[str, typer.Option("--until", metavar="DATE", help="Only units of this day or earlier.")]
StatusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        help="Only units of this status: unreviewed, approved, edited, rejected. All but rejected if not given.",
    ),
]
ProbabilityOption = Annotated[
    float, typer.Option("--min-probability", min=0.0, max=1.0, help="Only units at least this probable.")
]
SourceLanguageOption = Annotated[
    Literal["ja", "en"] | None,
    typer.Option("--language", "-l", help="The language to translate from; told from the text if not given."),
]
