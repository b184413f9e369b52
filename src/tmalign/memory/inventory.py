"""What the store holds, in counts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from tmalign.memory.store import Store


@dataclass(frozen=True, slots=True)
class Memory:
    """An imported file. `units` counts tu elements, `pairs` those with Japanese and English, `counts` the rest."""

    id: int
    name: str
    collection: str
    imported: str
    person: str
    tool: str
    source_language: str
    units: int
    pairs: int
    languages: dict[str, int]
    counts: dict[str, int]
    finished: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """Counts of everything that is shown, and the imported files, those whose import was undone included.

    `collections` counts entries by collection, `decisions` human decisions by verdict; `waiting` are decisions whose
    unit is not there at the moment. `bytes` is the size of the file.
    """

    corpus: str
    entries: int
    one_sided: int
    releases: int
    by_origin: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)
    collections: dict[str, int] = field(default_factory=dict)
    memories: tuple[Memory, ...] = ()
    decisions: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    changes: int = 0
    generation: str = ""
    revision: int = 0
    bytes: int = 0


def inventory(store: Store) -> Inventory:
    """Count what is in the store, in one state of it."""
    with store.snapshot() as connection:

        def number(query: str) -> int:
            return int(connection.execute(query).fetchone()[0])

        def table(query: str) -> dict[str, int]:
            return dict(connection.execute(query).fetchall())

        corpus = connection.execute("SELECT name FROM corpus").fetchone()
        generation, revision = connection.execute("SELECT generation, revision FROM state").fetchone()
        return Inventory(
            corpus="" if corpus is None else corpus[0],
            entries=number("SELECT count(*) FROM entries"),
            one_sided=number("SELECT count(*) FROM entries WHERE ja = '' OR en = ''"),
            releases=number("SELECT count(*) FROM releases"),
            by_origin=table("SELECT origin, count(*) FROM entries GROUP BY origin ORDER BY origin"),
            by_status=table("SELECT status, count(*) FROM entries GROUP BY status ORDER BY status"),
            collections=table("SELECT collection, count(*) FROM entries GROUP BY collection ORDER BY collection"),
            memories=tuple(_memories(connection)),
            decisions=table("SELECT verdict, count(*) FROM decisions GROUP BY verdict ORDER BY verdict"),
            waiting=number(
                "SELECT count(*) FROM decisions d WHERE NOT EXISTS (SELECT 1 FROM units u WHERE u.decision = d.id)"
            ),
            changes=number("SELECT count(*) FROM log"),
            generation=generation,
            revision=revision,
            bytes=number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
        )


def _memories(connection: sqlite3.Connection) -> list[Memory]:
    """Return the imported files in the order they came."""
    rows = connection.execute(
        "SELECT id, name, collection, imported, person, tool, source_language, languages, counts, position, finished,"
        " hidden FROM memories ORDER BY id"
    )
    found = []
    for number, name, collection, imported, person, tool, source_language, *rest in rows:
        languages, counts, position, finished, hidden = rest
        other = json.loads(counts)
        # Of an import that was broken off, only how far it came is known.
        units, pairs = other.pop("units", position), other.pop("pairs", 0)
        found.append(
            Memory(
                number,
                name,
                collection,
                imported,
                person,
                tool,
                source_language,
                units,
                pairs,
                json.loads(languages),
                other,
                bool(finished),
                bool(hidden),
            )
        )
    return found
