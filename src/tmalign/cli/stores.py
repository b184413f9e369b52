"""Where the store is that a command works on. Without typer, for commands that must start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.memory.location import STORE_NAME, in_folder

if TYPE_CHECKING:
    from tmalign.memory.store import Store
    from tmalign.memory.storefile import StoreFile

# Where the store is looked for when nobody says.
DEFAULT_STORE = Path(STORE_NAME)


def open_store(path: Path, *, create: bool = False) -> Store:
    """Open the store at a path, or the one in a folder; make one only with `create`.

    Raises MissingFileError where there is none, StoreError where it cannot be used.
    """
    from tmalign.memory.store import Store  # noqa: PLC0415 - --help stays quick

    return Store(in_folder(path), create=create)


def open_file(path: Path) -> StoreFile:
    """Open what is at a path, or in a folder, as `open_store` does, for a look-up: only what that takes is loaded."""
    from tmalign.memory.storefile import StoreFile  # noqa: PLC0415 - --help stays quick

    return StoreFile(in_folder(path), create=False)
