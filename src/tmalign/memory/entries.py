"""Every unit of the store under one reader, aligned or imported, and how an index of them keeps up.

An index reads `Store.mark()`, drops what is `gone(revision)` since its own mark, takes in `entries(since=revision)`
and keeps the new mark. Where the mark's generation is another, it begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.model import Status

COLUMNS = "id, ja, en, collection, date, probability, status, origin, source, position, revision"
# SQLite takes at least so many parameters in one statement.
_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit as people left it.

    `id` is its number for good. `ja` and `en` are the texts to show and to search, a person's edit where there is
    one; one is empty for a one-sided unit. `collection` is the release's folder or the name given at import; `date`
    YYYY-MM-DD or empty; `origin` machine, pin or import; `source` the release's id or the imported file's name;
    `position` the order in it, from 0. `revision` is the state of the store in which it last changed.
    """

    id: int
    ja: str
    en: str
    collection: str
    date: str
    probability: float
    status: Status
    origin: str
    source: str
    position: int
    revision: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of the store. `revision` rises with every change of entries; `generation` is another after a restore."""

    generation: str
    revision: int


def read_mark(connection: sqlite3.Connection) -> Mark:
    """Return the state the store is in."""
    return Mark(*connection.execute("SELECT generation, revision FROM state").fetchone())


def read_page(connection: sqlite3.Connection, after: int, size: int) -> list[Entry]:
    """Return the next `size` entries by id after `after`."""
    query = f"SELECT {COLUMNS} FROM entries WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - ours
    return [Entry(*row) for row in connection.execute(query, (after, size))]


def read_changed(connection: sqlite3.Connection, since: int, after: int) -> list[int]:
    """Return the ids above `after` of the units that changed after revision `since`, shown or not."""
    # Without the index named, SQLite would rather walk through all units in the order of ids.
    query = "SELECT id FROM units INDEXED BY units_by_revision WHERE revision > ? AND id > ? ORDER BY id"
    return [number for (number,) in connection.execute(query, (since, after))]


def read_by_id(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Entry]:
    """Return the entries among these ids."""
    wanted = list(ids)
    found: dict[int, Entry] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found.update((entry.id, entry) for entry in _some(connection, part))
    return found


def _some(connection: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Entry]:
    """Yield the entries among so few ids that one statement takes them."""
    places = ", ".join("?" * len(ids))
    query = f"SELECT {COLUMNS} FROM entries WHERE id IN ({places})"  # noqa: S608 - ours
    return (Entry(*row) for row in connection.execute(query, ids))


def read_gone(connection: sqlite3.Connection, since: int) -> list[int]:
    """Return the ids that were removed or hidden after revision `since`."""
    rows = connection.execute(
        "SELECT unit FROM removals WHERE revision > :since UNION ALL"
        " SELECT u.id FROM memories m JOIN units u ON u.memory = m.id WHERE m.hidden AND u.revision > :since",
        {"since": since},
    )
    return [number for (number,) in rows]
