"""Where a store is: its usual name, and how to tell one from other files. Without SQLite, for quick starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

STORE_NAME: Final = "memory.sqlite"
_MAGIC: Final = b"SQLite format 3\x00"


def in_folder(path: Path) -> Path:
    """Return the path of the store in a folder, any other path as it is."""
    return path / STORE_NAME if path.is_dir() else path


def is_database(path: Path) -> bool:
    """Tell from its first bytes whether a file is an SQLite database."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC
