"""The options that choose what aligns: `--model`, `--lexicon`, `--encoder`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tmalign.align.equipment import Equipment

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", help="Weights that `tmalign train` wrote, instead of the package's.", show_default=False),
]
LexiconOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--lexicon",
        help="A table that `tmalign lexicon import` wrote, over the dictionary; may be given again.",
        show_default=False,
    ),
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="PATH|NAME",
        help="A model2vec or sentence-transformers model whose similarity counts, too (extra: encoder).",
        show_default=False,
    ),
]


def equipment(model: Path | None, lexicons: list[Path] | None, encoder: str | None) -> Equipment:
    """Return what was chosen; calling it makes the aligner."""
    from tmalign.align.equipment import Equipment  # noqa: PLC0415 - --help stays quick

    return Equipment(model, tuple(lexicons or ()), encoder)
