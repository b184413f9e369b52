"""The `--store` option: which memory a command works on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tmalign.errors import MissingFileError, UnreadableFileError

if TYPE_CHECKING:
    from tmalign.memory.store import Store

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
DEFAULT = Path("memory.sqlite")


def open_store(path: Path, *, make: bool = False) -> Store:
    """Open the store; with `make` a missing one is made. Raises MissingFileError, UnreadableFileError, StoreError."""
    from tmalign.memory.store import Store  # noqa: PLC0415 - --help stays quick

    if not make and not path.exists():
        raise MissingFileError(
            "there is no such store", path=path, hint="name one with --store or TMALIGN_STORE; `tmalign build` makes it"
        )
    if path.is_dir():
        raise UnreadableFileError("is a folder, not a store", path=path, hint=f"name the file: {path / DEFAULT}")
    return Store(path)
