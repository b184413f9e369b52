"""Where the store is that a command works on. Without typer, for commands that must start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tmalign.memory.store import Store

STORE_NAME = "memory.sqlite"
# Where the store is looked for when nobody says.
DEFAULT_STORE = Path(STORE_NAME)


def open_store(path: Path, *, create: bool = False) -> Store:
    """Open the store at a path, or the one in a folder; make one only with `create`.

    Raises MissingFileError where there is none, StoreError where it cannot be used.
    """
    from tmalign.memory.store import Store  # noqa: PLC0415 - --help stays quick

    return Store(path / STORE_NAME if path.is_dir() else path, create=create)
