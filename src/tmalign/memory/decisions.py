"""What people decide on units: approve, edit, reject. Kept by texts, so that no rebuild or new import loses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tmalign.memory.places import exact_place, place
from tmalign.memory.rows import Pin
from tmalign.memory.storable import storable
from tmalign.memory.units import bump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

Verdict = Literal["approve", "edit", "reject"]

_COLUMNS = "release, memory, ja, en, verdict, new_ja, new_en, person, decided, note"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on a unit.

    `release` is its release's id, or `memory` the name of the file it was imported from; the other one is empty.
    `ja` and `en` are the texts decided on, `new_ja` and `new_en` those to use from now on (the same but for
    an edit). `decided` is YYYY-MM-DDThh:mm:ssZ; empty where it is not known.
    """

    release: str
    memory: str
    ja: str
    en: str
    verdict: Verdict
    new_ja: str
    new_en: str
    person: str = ""
    decided: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what there is one decision for: release, memory and place."""
        ja, en = storable(self.ja), storable(self.en)
        # A page is read anew and may change in passing; a memory of a million units is only ever compared as it is.
        return self.release, self.memory, place(ja, en) if self.release else exact_place(ja, en)


def read_decision(connection: sqlite3.Connection, key: tuple[str, str, str]) -> Decision | None:
    """Return the decision under this key; None where there is none."""
    query = f"SELECT {_COLUMNS} FROM decisions WHERE release = ? AND memory = ? AND place = ?"  # noqa: S608 - ours
    row = connection.execute(query, key).fetchone()
    return None if row is None else Decision(*row)


def read_decisions(connection: sqlite3.Connection) -> Iterator[tuple[Decision, int]]:
    """Yield every decision with the number of units it applies to now, by release, memory and texts."""
    columns = ", ".join(f"d.{name}" for name in _COLUMNS.split(", "))
    rows = connection.execute(
        f"SELECT {columns}, (SELECT count(*) FROM units u WHERE u.decision = d.id)"  # noqa: S608 - ours
        " FROM decisions d ORDER BY d.release, d.memory, d.ja, d.en, d.id"
    )
    for *columns_of_one, units in rows:
        yield Decision(*columns_of_one), units


def write_decision(connection: sqlite3.Connection, decision: Decision) -> int:
    """Put a decision in place of an earlier one on the same unit, and apply it; return the number of units it is on."""
    key = decision.key
    texts = (decision.ja, decision.en, decision.verdict, decision.new_ja, decision.new_en)
    values = (*key, *map(storable, (*texts, decision.person, decision.decided, decision.note)))
    (number,) = connection.execute(
        "INSERT INTO decisions (release, memory, place, ja, en, verdict, new_ja, new_en, person, decided, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release, memory, place) DO UPDATE SET"
        " ja = excluded.ja, en = excluded.en, verdict = excluded.verdict, new_ja = excluded.new_ja,"
        " new_en = excluded.new_en, person = excluded.person, decided = excluded.decided, note = excluded.note"
        " RETURNING id",
        values,
    ).fetchone()
    revision = bump(connection)
    units = [(number, revision, unit) for unit in _units_at(connection, decision)]
    connection.executemany("UPDATE units SET decision = ?, revision = ? WHERE id = ?", units)
    return len(units)


def remove_decision(connection: sqlite3.Connection, key: tuple[str, str, str]) -> None:
    """Take a decision away; its units are as the machine or the file has them."""
    revision = bump(connection)
    found = "SELECT id FROM decisions WHERE release = ? AND memory = ? AND place = ?"
    connection.execute(
        f"UPDATE units SET decision = NULL, revision = ? WHERE decision = ({found})",  # noqa: S608 - ours
        (revision, *key),
    )
    connection.execute("DELETE FROM decisions WHERE release = ? AND memory = ? AND place = ?", key)


def _units_at(connection: sqlite3.Connection, decision: Decision) -> list[int]:
    """Return the ids of the units a decision is on, visible or not."""
    if decision.release:
        rows = connection.execute("SELECT id, ja, en FROM units WHERE release = ?", (decision.release,))
        return [number for number, ja, en in rows if place(ja, en) == decision.key[2]]
    rows = connection.execute(
        "SELECT u.id FROM memories m JOIN units u ON u.memory = m.id WHERE m.name = ? AND u.ja = ? AND u.en = ?",
        (decision.memory, storable(decision.ja), storable(decision.en)),
    )
    return [number for (number,) in rows]


def read_pins(connection: sqlite3.Connection, release_id: str) -> tuple[Pin, ...]:
    """Return the decisions on a release as pins: an edited pairing is a right one."""
    rows = connection.execute(
        "SELECT release, ja, en, CASE verdict WHEN 'reject' THEN 'reject' ELSE 'accept' END, note"
        " FROM decisions WHERE release = ? AND memory = '' ORDER BY ja, en",
        (release_id,),
    )
    return tuple(Pin(*row) for row in rows)


def write_pin(connection: sqlite3.Connection, pin: Pin, decided: str) -> None:
    """Keep a pin as a decision; an accepted pairing that was edited stays edited."""
    verdict: Verdict = "approve" if pin.decision == "accept" else "reject"
    decision = Decision(pin.release, "", pin.ja, pin.en, verdict, pin.ja, pin.en, decided=decided, note=pin.note)
    former = read_decision(connection, decision.key)
    if former is None or former.verdict != "edit" or verdict == "reject":
        write_decision(connection, decision)
