"""The units of releases as rows: written so that an unchanged unit keeps its number, read as people left them."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from tmalign.memory.places import place
from tmalign.memory.storable import storable
from tmalign.model import Sentence, Unit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from typing import Any

# What an index or a reader sees of a unit; while this stays, so does its revision.
_SEEN = "SELECT e.position, e.probability, e.origin, e.collection, e.date, u.decision"


def bump(connection: sqlite3.Connection) -> int:
    """Begin a new revision, in the transaction that is open, and return it."""
    (revision,) = connection.execute("UPDATE state SET revision = revision + 1 RETURNING revision").fetchone()
    return int(revision)


class Numbers:
    """The numbers (`units.id`) that a release's units had, given again to the units whose texts are still there."""

    def __init__(self, connection: sqlite3.Connection, release_id: str) -> None:
        """Remember what is there now."""
        self._former: dict[tuple[str, str], deque[tuple[int, int, tuple[Any, ...]]]] = defaultdict(deque)
        found = connection.execute(
            f"{_SEEN}, u.id, u.revision, u.ja, u.en FROM units u JOIN entries e ON e.id = u.id"
            " WHERE u.release = ? ORDER BY u.position",
            (release_id,),
        )
        for *seen, number, revision, ja, en in found:
            self._former[ja, en].append((number, revision, tuple(seen)))

    def take(self, ja: str, en: str, seen: tuple[Any, ...]) -> tuple[int | None, int | None]:
        """Return the number for a unit with these texts, and its revision if nothing else changed either."""
        former = self._former.get((ja, en))
        if not former:
            return None, None
        number, revision, before = former.popleft()
        return number, revision if before == seen else None


def below(column: str) -> str:
    """Return the condition that a collection is `:collection` or lies below it."""
    return f"({column} = :collection OR substr({column}, 1, length(:collection) + 1) = :collection || '/')"


def write_units(
    connection: sqlite3.Connection, release_id: str, units: Iterable[Unit], numbers: Numbers, revision: int
) -> None:
    """Write the units of a release that is there in place of those it had, each with the decision made on it."""
    collection, date = connection.execute(
        "SELECT collection, date FROM releases WHERE id = ?", (release_id,)
    ).fetchone()
    decisions = dict(
        connection.execute(
            "SELECT place, id FROM decisions WHERE release = ? AND memory = ''", (release_id,)
        ).fetchall()
    )
    connection.execute("DELETE FROM units WHERE release = ?", (release_id,))
    rows = []
    for unit in units:
        ja, en = storable(unit.ja), storable(unit.en)
        decision = decisions.get(place(ja, en)) if decisions else None
        seen = (unit.position, unit.probability, unit.origin, collection, date, decision)
        number, former = numbers.take(ja, en, seen)
        rows.append(
            (
                number,
                release_id,
                unit.position,
                ja,
                en,
                unit.probability,
                unit.shape,
                unit.origin,
                _spans_out(unit.ja_spans),
                _spans_out(unit.en_spans),
                decision,
                former or revision,
            )
        )
    connection.executemany(
        "INSERT INTO units (id, release, position, variant, ja, en, probability, shape, origin, ja_spans, en_spans,"
        " decision, revision) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.executemany("DELETE FROM removals WHERE unit = ?", [(row[0],) for row in rows if row[0] is not None])


def read_units(
    connection: sqlite3.Connection,
    min_probability: float,
    collection: str | None,
    release: str | None,
    *,
    rejected: bool = False,
) -> Iterator[Unit]:
    """Yield the units of releases by release id and position; what a person approved or edited has no floor."""
    # Conditions are added only where they are asked for: the index on release then serves one release.
    query = (
        "SELECT u.release, u.position, e.ja, e.en, u.probability, u.origin, u.ja_spans, u.en_spans,"
        " r.collection, r.date, r.signature, r.ja_path, r.en_path, e.status"
        " FROM releases r JOIN units u ON u.release = r.id JOIN entries e ON e.id = u.id"
        " WHERE (u.probability >= :floor OR e.status IN ('approved', 'edited'))"
    )
    if not rejected:
        query += " AND e.status <> 'rejected'"
    if release is not None:
        query += " AND u.release = :release"
    if collection is not None:
        query += f" AND {below('r.collection')}"
    found = connection.execute(
        query + " ORDER BY u.release, u.position",
        {"floor": min_probability, "release": release, "collection": collection},
    )
    for name, position, ja, en, probability, origin, ja_spans, en_spans, *rest in found:
        folder, date, signature, ja_path, en_path, status = rest
        yield Unit(
            ja=ja,
            en=en,
            release=name,
            collection=folder,
            date=date,
            probability=probability,
            ja_spans=_spans_in(ja_spans),
            en_spans=_spans_in(en_spans),
            origin=origin,
            signature=signature,
            ja_source=ja_path,
            en_source=en_path,
            position=position,
            status=status,
        )


def _spans_out(spans: Iterable[Sentence]) -> str:
    """Return spans as JSON."""
    return json.dumps([(span.block, span.start, span.end) for span in spans], separators=(",", ":"))


def _spans_in(text: str) -> tuple[Sentence, ...]:
    """Return the spans of such JSON."""
    return tuple(Sentence(*span) for span in json.loads(text))
