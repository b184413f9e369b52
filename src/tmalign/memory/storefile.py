"""A store as an SQLite file: opening and closing it, transactions, and what its errors mean to a person.

What only looks something up opens this; the rooms with tables here need no more. `Store` adds the memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Self

from tmalign.errors import MissingFileError, StoreError
from tmalign.memory import schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Seconds to wait for another process to finish its transaction.
PATIENCE = 10.0

HINTS = {
    sqlite3.SQLITE_BUSY: ("is in use by another program", "wait until the other run has ended, then run again"),
    sqlite3.SQLITE_LOCKED: ("is in use by another program", "wait until the other run has ended, then run again"),
    sqlite3.SQLITE_READONLY: ("may not be written", "give yourself write permission on the file and its folder"),
    sqlite3.SQLITE_PERM: ("may not be opened", "give yourself permission on the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened or made", "choose a folder that exists and that you may write to"),
    sqlite3.SQLITE_NOTADB: ("is not a tmalign store", "choose another output folder, or move the file away"),
    sqlite3.SQLITE_CORRUPT: (
        "is damaged",
        "restore a backup (tmalign memory restore); without one, move the file away and build again",
    ),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "make room, then run again; what was finished is kept"),
}


class StoreFile:
    """A connection to the file; used as a context manager.

    All methods raise StoreError where the file is locked, damaged, read-only, newer or not ours.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE, create: bool = True) -> None:
        """Open the file, making it and its tables where there is none; wait `patience` seconds for a lock.

        With `create` off, raises MissingFileError where there is no file.
        """
        self.path = path
        self._patience = patience
        if not create and not path.exists():
            raise MissingFileError(
                "there is no store here",
                path=path,
                hint="name it with --store; tmalign build or tmalign memory import makes one",
            )
        with self.guard():
            self._connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
            try:
                self._connection.execute("PRAGMA foreign_keys = ON")
                # With WAL, a killed process loses nothing committed; only a power cut may take the last seconds.
                self._connection.execute("PRAGMA synchronous = NORMAL")
                schema.prepare(self._connection, patience)
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file; the last one to close also folds the write-ahead log into it."""
        self._connection.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to a room that keeps tables of its own here; inside, SQLite's errors become ours."""
        with self.guard():
            yield self._connection

    def writing(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        """Give the connection for one transaction, whole or not at all."""
        return self.transaction()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for several reads of one state of the store."""
        with self.guard():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end of the block, roll back when it raises (Ctrl-C too)."""
        with self.guard():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """Turn what SQLite says into what a person can do."""
        try:
            yield
        except schema.ForeignFileError as error:
            message, hint = HINTS[sqlite3.SQLITE_NOTADB]
            raise StoreError(f"the file {message}", path=self.path, hint=hint) from error
        except schema.NewerSchemaError as error:
            raise StoreError(
                "the store was written by a newer tmalign",
                path=self.path,
                hint="upgrade tmalign, or choose another output folder",
            ) from error
        except sqlite3.Error as error:
            # The low byte is the error's family; the rest tells variants of it apart.
            family = getattr(error, "sqlite_errorcode", 0) & 0xFF
            message, hint = HINTS.get(family, (f"failed: {error}", "check the disk, then run again"))
            raise StoreError(f"the store {message}", path=self.path, hint=hint) from error
