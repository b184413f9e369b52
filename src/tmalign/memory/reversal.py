"""Taking a change back: the last one, or one named by its number. What took it back can be taken back in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tmalign.errors import UsageError
from tmalign.memory import decisions, history
from tmalign.memory.imports import hide
from tmalign.memory.units import bump

if TYPE_CHECKING:
    import sqlite3

    from tmalign.memory.history import Change
    from tmalign.memory.store import Store

# What was done by hand is what an unnamed undo takes back, step by step.
_LOG_HINT = "tmalign memory log shows the changes and their numbers"


def undo(store: Store, number: int | None = None, *, person: str = "") -> tuple[Change, Change]:
    """Take back the last change that stands, or the one of this number; return it and the change that did so.

    Raises UsageError where there is no such change, where it was taken back already, where later changes build on
    it, or where it is of a kind that cannot be taken back; nothing is changed then.
    """
    with store.transaction() as connection:
        change = _last(connection) if number is None else history.read_change(connection, number)
        if change is None:
            there = "nothing to take back" if number is None else f"there is no change {number}"
            raise UsageError(there, path=store.path, hint=_LOG_HINT)
        if change.undone_by is not None:
            raise UsageError(
                f"change {change.id} was taken back already, by change {change.undone_by}",
                path=store.path,
                hint=f"tmalign memory undo {change.undone_by} makes it stand again",
            )
        # Its number first: a build that is taken back is kept under it.
        done = history.write_change(connection, "undo", change.subject, {}, person or history.this_person())
        detail = _take_back(connection, change, done, store)
        history.finish_change(connection, done, {**detail, "undoes": change.id})
        connection.execute("UPDATE log SET undone_by = ? WHERE id = ?", (done, change.id))
        # What an undo had taken back stands again when that undo is taken back.
        if (former := change.detail.get("undoes")) is not None:
            connection.execute("UPDATE log SET undone_by = NULL WHERE id = ?", (former,))
        reverse = history.read_change(connection, done)
    assert reverse is not None  # noqa: S101 - for the type checker; written above
    return change, reverse


def _last(connection: sqlite3.Connection) -> Change | None:
    """Return the last change that stands and is no undo itself."""
    for change in history.read_changes(connection):
        if change.undone_by is None and change.action != "undo":
            return change
    return None


def _take_back(connection: sqlite3.Connection, change: Change, done: int, store: Store) -> dict[str, Any]:
    """Undo what the change did; return the detail of the change that does so."""
    kind = change.detail.get("kind")
    if kind == "decision":
        return _decision(connection, change, store)
    if kind == "import":
        return _import(connection, change, store)
    if kind == "build":
        return _build(connection, change, done, store)
    copy = change.detail.get("before")
    raise UsageError(
        f"change {change.id} ({change.action}) cannot be taken back",
        path=store.path,
        hint=f"the store as it was before lies in {copy}: tmalign memory restore {copy}" if copy else _LOG_HINT,
    )


def _decision(connection: sqlite3.Connection, change: Change, store: Store) -> dict[str, Any]:
    """Put the decision of before back, or none."""
    before, after = change.detail["before"], change.detail["after"]
    there = decisions.Decision(**(after or before))
    if decisions.read_decision(connection, there.key) != (None if after is None else there):
        raise _overtaken(change, store)
    if before is None:
        decisions.remove_decision(connection, there.key)
    else:
        decisions.write_decision(connection, decisions.Decision(**before))
    return {"kind": "decision", "before": after, "after": before}


def _import(connection: sqlite3.Connection, change: Change, store: Store) -> dict[str, Any]:
    """Hide what the import brought and show what it had replaced."""
    shown, hidden = change.detail["shown"], change.detail["hidden"]
    state = dict(connection.execute("SELECT id, hidden FROM memories").fetchall())
    if any(state.get(memory) != 0 for memory in shown) or any(state.get(memory) != 1 for memory in hidden):
        raise _overtaken(change, store)
    for memory in shown:
        hide(connection, memory, hidden=True)
    for memory in hidden:
        hide(connection, memory, hidden=False)
    return {"kind": "import", "memory": change.detail["memory"], "shown": hidden, "hidden": shown}


def _build(connection: sqlite3.Connection, change: Change, done: int, store: Store) -> dict[str, Any]:
    """Put the releases back that the build replaced or removed, and take away those it added."""
    names = history.kept_releases(connection, change.id)
    if not names:
        raise UsageError(
            f"change {change.id} is not the last build: only that one is kept",
            path=store.path,
            hint="put the pages back and build again, or restore a backup",
        )
    revision = bump(connection)
    for name in names:
        history.keep_release(connection, done, name)
        history.put_back(connection, change.id, name, revision)
    connection.execute("DELETE FROM replaced WHERE change = ?", (change.id,))
    return {"kind": "build", "releases": len(names)}


def _overtaken(change: Change, store: Store) -> UsageError:
    """Say that a later change was made to the same thing."""
    return UsageError(
        f"a later change was made to what change {change.id} is about ({change.subject})",
        path=store.path,
        hint=f"take the later one back first; {_LOG_HINT}",
    )
