"""A copy of the store while others work on it, and the way back."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tmalign.errors import EmptyFileError, FormatError, MissingFileError, OutputError, StoreError, UnreadableFileError
from tmalign.memory import history, schema
from tmalign.memory.store import Store
from tmalign.memory.storefile import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

# What SQLite keeps beside a file in use.
_COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: entries now; where the store as it was before lies, empty where there was none to keep."""

    entries: int
    before: str


def backup(store: Store, target: Path) -> int:
    """Copy the store as it is at this moment into a file of its own, whole or not at all; return its size in bytes.

    Writers go on meanwhile; what they commit after the beginning is not in the copy. Raises OutputError where the
    file cannot be written, and StoreError where the copy is not sound.
    """
    if target.exists() and target.samefile(store.path):
        raise OutputError("is the store itself", path=target, hint="choose another name for the copy")
    if any(Path(f"{target}{suffix}").exists() for suffix in _COMPANIONS):
        # What lies in a log beside it would be taken for the copy's.
        raise OutputError("is a database in use", path=target, hint="choose another name for the copy")
    with _written(target) as temporary, store.guard():
        _copy(store, temporary)
    return target.stat().st_size


def _copy(store: Store, target: Path) -> None:
    """Copy the store's pages in one read, and make sure of them."""
    with closing(sqlite3.connect(target)) as copy:
        store.copy_to(copy)
        # A plain file without companions, to be carried about.
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",):
        raise StoreError(
            f"the copy is not sound: {found[0]}", path=store.path, hint="restore an earlier backup of this store"
        )


@contextlib.contextmanager
def _written(target: Path) -> Iterator[Path]:
    """Give the name of a new file that takes the place of `target` when the block ends well."""
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file() and not target.is_dir():
        raise OutputError(
            "cannot be written: not an ordinary file", path=target, hint="give the name of a file for the copy"
        )
    temporary = target.parent / f".tmalign-{secrets.token_hex(8)}.tmp"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # By plain means first: SQLite has one message for all that may be wrong with a place.
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            path=target,
            hint="choose a folder you may write to, with room for the copy",
        ) from error
    finally:
        _remove(temporary)


def restore(path: Path, source: Path, *, person: str = "", patience: float = PATIENCE) -> Restored:
    """Make the store at `path` what a backup holds. The store as it was stays beside it as `NAME.before-N`.

    A store that is damaged is moved aside, one in use changes under its readers in one step. The backup is checked
    before anything is touched: raises MissingFileError, FormatError or StoreError where it is not a sound store.
    """
    before, moved = "", False
    if path.exists() and source.exists() and path.samefile(source):
        raise FormatError("is the store itself", path=source, hint="name the backup to restore from")
    _check(source)
    if path.exists():
        aside = _aside(path)
        before = str(aside)
        try:
            with Store(path) as store:
                backup(store, aside)
        except StoreError as error:
            # Only a file that is no sound store may be moved; one that is in use is another matter.
            if not _broken(path):
                raise
            _move_aside(path, aside, error)
            moved = True
    # Made ready in a file of its own: what the store's readers get in one step is complete.
    ready = path.with_name(f".tmalign-{secrets.token_hex(8)}.tmp")
    try:
        _make_ready(source, ready, before, person or history.this_person())
        with closing(sqlite3.connect(ready)) as copy, Store(path, patience=patience) as store:
            store.copy_from(copy)
            return Restored(store.entry_count(), before)
    except StoreError:
        # Nothing was replaced, so there is nothing to go back to.
        if before and not moved:
            _remove(Path(before))
        raise
    finally:
        _remove(ready)


def _make_ready(source: Path, ready: Path, before: str, person: str) -> None:
    """Copy a backup, bring it up to date and log that it was restored."""
    with closing(sqlite3.connect(_address(source), uri=True)) as copy, closing(sqlite3.connect(ready)) as target:
        copy.backup(target, pages=-1)
    with Store(ready) as store, store.transaction() as connection:
        connection.execute("UPDATE state SET generation = lower(hex(randomblob(8))), revision = revision + 1")
        detail = {"kind": "restore", "before": before}
        history.write_change(connection, "restore", source.name, detail, person)


def _remove(temporary: Path) -> None:
    """Remove a database of our own making with all that SQLite keeps beside it."""
    for suffix in ("", *_COMPANIONS):
        with contextlib.suppress(OSError):
            Path(f"{temporary}{suffix}").unlink(missing_ok=True)


def _check(source: Path) -> None:
    """Refuse what is not a sound store of this or an earlier version."""
    try:
        with source.open("rb") as stream:
            if not stream.read(1):
                raise EmptyFileError("the file holds nothing", path=source, hint="name a backup of a store")
    except FileNotFoundError as error:
        raise MissingFileError("there is no such file", path=source, hint="check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error.strerror or error}", path=source, hint="name a backup you may read"
        ) from error
    try:
        with closing(sqlite3.connect(_address(source), uri=True, timeout=PATIENCE)) as copy:
            schema.check(copy)
            (owner,) = copy.execute("PRAGMA application_id").fetchone()
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()
            references = copy.execute("PRAGMA foreign_key_check").fetchone()
    except (sqlite3.Error, schema.ForeignFileError) as error:
        raise FormatError("is not a tmalign store, or is damaged", path=source, hint="name another backup") from error
    except schema.NewerSchemaError as error:
        raise FormatError("was written by a newer tmalign", path=source, hint="upgrade tmalign") from error
    if owner != schema.APPLICATION_ID:
        raise FormatError("is not a tmalign store", path=source, hint="name a backup of a store")
    if found != ("ok",) or references is not None:
        raise FormatError("is damaged", path=source, hint="name another backup")


def _broken(path: Path) -> bool:
    """Tell whether the file is no store that can be read whole."""
    try:
        _check(path)
    except (FormatError, EmptyFileError):
        return True
    return False


def _aside(path: Path) -> Path:
    """Return the first free name beside the store."""
    number = 1
    while (aside := path.with_name(f"{path.name}.before-{number}")).exists():
        number += 1
    return aside


def _move_aside(path: Path, aside: Path, error: StoreError) -> None:
    """Move a damaged store and what belongs to it out of the way."""
    try:
        for suffix in _COMPANIONS:
            companion = Path(f"{path}{suffix}")
            if companion.exists():
                companion.replace(f"{aside}{suffix}")
        path.replace(aside)
    except OSError as failure:
        raise error from failure


def _address(path: Path) -> str:
    """Return the address under which SQLite opens a file for reading only."""
    return f"file:{quote(str(path.resolve()))}?mode=ro"
