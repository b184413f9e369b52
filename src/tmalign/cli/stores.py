"""Where the store is that a command works on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tmalign.memory.store import Store

STORE_NAME = "memory.sqlite"

StoreOption = Annotated[
    Path,
    typer.Option(
        "--store",
        "-s",
        envvar="TMALIGN_STORE",
        help=f"The store, or the folder of a build that holds {STORE_NAME}.",
    ),
]
DEFAULT_STORE = Path(STORE_NAME)


def open_store(path: Path, *, create: bool = False) -> Store:
    """Open the store at a path, or the one in a folder; make one only with `create`.

    Raises MissingFileError where there is none, StoreError where it cannot be used.
    """
    from tmalign.memory.store import Store  # noqa: PLC0415 - --help stays quick

    return Store(path / STORE_NAME if path.is_dir() else path, create=create)
