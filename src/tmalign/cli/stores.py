"""Opening the store that `--store` names. Without typer, for commands that must start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.errors import MissingFileError, UnreadableFileError

if TYPE_CHECKING:
    from tmalign.memory.store import Store

# Where the store is looked for when nobody says.
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
