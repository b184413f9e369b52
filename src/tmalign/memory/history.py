"""The log of changes: a row an import, a build, a decision; who did it, when, and what is needed to take it back."""

from __future__ import annotations

import getpass
import json
import os
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

# Tables with a release's rows, those that others refer to first.
_TABLES = {"releases": "id", "documents": "release", "blocks": "release", "sentences": "release", "beads": "release",
           "units": "release"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the log. `undone_by` is the number of the change that took it back."""

    id: int
    at: str
    person: str
    action: str
    subject: str
    detail: dict[str, Any]
    finished: bool
    undone_by: int | None


def now() -> str:
    """Return the time as YYYY-MM-DDThh:mm:ssZ; SOURCE_DATE_EPOCH, where it is set, stands for the clock."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(fixed) if fixed.isdecimal() else None))


def this_person() -> str:
    """Return who works here: TMALIGN_USER, or the name the system knows; empty where it knows none."""
    if name := os.environ.get("TMALIGN_USER"):
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def write_change(
    connection: sqlite3.Connection,
    action: str,
    subject: str,
    detail: dict[str, Any],
    person: str,
    *,
    finished: bool = True,
) -> int:
    """Add a change to the log and return its number."""
    (number,) = connection.execute(
        "INSERT INTO log (at, person, action, subject, detail, finished) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (now(), plain(person), action, plain(subject), json.dumps(detail), finished),
    ).fetchone()
    return int(number)


def finish_change(connection: sqlite3.Connection, number: int, detail: dict[str, Any]) -> None:
    """Say that a change is complete, and what it came to."""
    connection.execute("UPDATE log SET finished = 1, detail = ? WHERE id = ?", (json.dumps(detail), number))


def unfinished(connection: sqlite3.Connection, action: str, subject: str) -> int | None:
    """Return the number of the last such change if it was broken off and is still standing."""
    row = connection.execute(
        "SELECT id FROM log WHERE action = ? AND subject = ? AND NOT finished AND undone_by IS NULL ORDER BY id DESC",
        (action, plain(subject)),
    ).fetchone()
    return None if row is None else int(row[0])


def read_changes(connection: sqlite3.Connection, limit: int | None = None) -> Iterator[Change]:
    """Yield changes, the last one first."""
    rows = connection.execute(
        "SELECT id, at, person, action, subject, detail, finished, undone_by FROM log ORDER BY id DESC LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return (_change(row) for row in rows)


def read_change(connection: sqlite3.Connection, number: int) -> Change | None:
    """Return one change; None where there is none of this number."""
    row = connection.execute(
        "SELECT id, at, person, action, subject, detail, finished, undone_by FROM log WHERE id = ?", (number,)
    ).fetchone()
    return None if row is None else _change(row)


def _change(row: tuple[Any, ...]) -> Change:
    number, at, person, action, subject, detail, finished, undone_by = row
    return Change(number, at, person, action, subject, json.loads(detail), bool(finished), undone_by)


def plain(text: str) -> str:
    """Return text that SQLite can hold: a lone surrogate, as in a file name that is no UTF-8, is escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def keep_release(connection: sqlite3.Connection, change: int, release_id: str) -> None:
    """Keep a release as it is now, the first time a change is about to replace it."""
    there = connection.execute("SELECT 1 FROM replaced WHERE change = ? AND release = ?", (change, release_id))
    if there.fetchone() is None:
        connection.execute(
            "INSERT INTO replaced VALUES (?, ?, ?)", (change, release_id, _packed(connection, release_id))
        )


def _packed(connection: sqlite3.Connection, release_id: str) -> bytes | None:
    """Return a release's rows in all tables with the names of their columns, compressed; None where there are none."""
    kept = {}
    for table, key in _TABLES.items():
        rows = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (release_id,))  # noqa: S608 - ours
        kept[table] = [column for column, *_ in rows.description], rows.fetchall()
    return zlib.compress(json.dumps(kept).encode(), 1) if kept["releases"][1] else None


def kept_releases(connection: sqlite3.Connection, change: int) -> list[str]:
    """Return the ids of the releases that are kept as they were before a change."""
    rows = connection.execute("SELECT release FROM replaced WHERE change = ? ORDER BY release", (change,))
    return [name for (name,) in rows]


def put_back(connection: sqlite3.Connection, change: int, release_id: str, revision: int) -> None:
    """Put a release back as it was before a change: its numbers return, decisions made since apply."""
    (packed,) = connection.execute(
        "SELECT before FROM replaced WHERE change = ? AND release = ?", (change, release_id)
    ).fetchone()
    connection.execute("DELETE FROM releases WHERE id = ?", (release_id,))
    if packed is None:
        return
    # A decision that the units point to may be gone: they get those of today below.
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table, (columns, rows) in json.loads(zlib.decompress(packed)).items():
        places = ", ".join("?" * len(columns))
        connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - ours
            rows,
        )
    connection.execute(
        "UPDATE units SET revision = ?, decision = (SELECT id FROM decisions d WHERE d.release = units.release"
        " AND d.memory = '' AND d.place = place(units.ja, units.en)) WHERE release = ?",
        (revision, release_id),
    )
    connection.execute("DELETE FROM removals WHERE unit IN (SELECT id FROM units WHERE release = ?)", (release_id,))


def forget_kept(connection: sqlite3.Connection) -> None:
    """Drop what earlier builds kept: only the last one can be taken back."""
    connection.execute("DELETE FROM replaced")
