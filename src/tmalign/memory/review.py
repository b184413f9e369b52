"""A person's decision on one unit of the store, named by its number or by where it comes from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tmalign.errors import UsageError
from tmalign.memory import history
from tmalign.memory.decisions import Decision, Verdict, read_decision, write_decision
from tmalign.memory.entries import Entry, read_by_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tmalign.memory.store import Store

_PLACE = re.compile(r"(?P<source>.+):(?P<position>[0-9]{1,18})", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of a decision: its number in the log, the unit as it is now, how many units it applies to."""

    change: int
    entry: Entry
    units: int
    former: Decision | None


def decide(
    store: Store,
    unit: str,
    verdict: Verdict,
    *,
    ja: str | None = None,
    en: str | None = None,
    person: str = "",
    note: str = "",
) -> Reviewed:
    """Keep a decision on a unit, given as its number or as `RELEASE:POSITION`, and log it.

    An edit gives the new text of one side or both. Raises UsageError where there is no such unit or an edit changes
    nothing, or leaves a side empty.
    """
    with store.transaction() as connection:
        number = _found(connection, unit, store)
        release, memory, machine_ja, machine_en = connection.execute(
            "SELECT coalesce(u.release, ''), coalesce(m.name, ''), u.ja, u.en FROM units u"
            " LEFT JOIN memories m ON m.id = u.memory WHERE u.id = ?",
            (number,),
        ).fetchone()
        now = read_by_id(connection, [number])[number]
        new_ja, new_en = (now.ja if ja is None else ja.strip()), (now.en if en is None else en.strip())
        if verdict == "edit":
            _check_edit(now, new_ja, new_en, store)
        else:
            new_ja, new_en = machine_ja, machine_en
        who = person or history.this_person()
        decision = Decision(release, memory, machine_ja, machine_en, verdict, new_ja, new_en, who, history.now(), note)
        former = read_decision(connection, decision.key)
        if verdict == "approve" and former is not None and former.verdict == "edit":
            raise UsageError(
                f"unit {number} was edited, which approves it",
                path=store.path,
                hint="tmalign memory undo takes the edit back; edit it again to change it",
            )
        units = write_decision(connection, decision)
        kept = read_decision(connection, decision.key)
        detail = {
            "kind": "decision",
            "unit": number,
            "before": None if former is None else asdict(former),
            "after": None if kept is None else asdict(kept),
        }
        change = history.write_change(connection, verdict, f"{now.source}:{now.position}", detail, who)
        return Reviewed(change, read_by_id(connection, [number])[number], units, former)


def check_units(store: Store, units: Iterable[str]) -> None:
    """See that all these units are there, before the first is decided on. Raises UsageError for one that is not."""
    with store.transaction() as connection:
        for unit in units:
            _found(connection, unit, store)


def _found(connection: sqlite3.Connection, unit: str, store: Store) -> int:
    """Return the number of the unit that is meant. Raises UsageError where there is none."""
    number = _find(connection, unit)
    if number is None:
        raise UsageError(
            f"there is no unit {unit}",
            path=store.path,
            hint="name it by its number or as RELEASE:POSITION; tmalign memory list shows both",
        )
    return number


def _find(connection: sqlite3.Connection, unit: str) -> int | None:
    """Return the number of the unit that is meant; None where there is none."""
    if _NUMBER.fullmatch(unit):
        return int(unit) if read_by_id(connection, [int(unit)]) else None
    if not (match := _PLACE.fullmatch(unit)):
        return None
    where = (history.plain(match["source"]), int(match["position"]))
    row = (
        connection.execute("SELECT id FROM units WHERE release = ? AND position = ? AND variant = 0", where).fetchone()
        or connection.execute(
            "SELECT u.id FROM memories m JOIN units u ON u.memory = m.id"
            " WHERE m.name = ? AND u.position = ? AND u.variant = 0 AND NOT m.hidden ORDER BY m.id DESC",
            where,
        ).fetchone()
    )
    return None if row is None else int(row[0])


def _check_edit(now: Entry, ja: str, en: str, store: Store) -> None:
    """Refuse an edit that changes nothing or takes a text away."""
    if (ja, en) == (now.ja, now.en):
        raise UsageError(
            f"unit {now.id} has these texts already",
            path=store.path,
            hint="give --ja or --en with another text; tmalign memory approve says that it is right as it is",
        )
    if not ja or not en:
        raise UsageError(
            "an edited unit needs both texts", path=store.path, hint="reject the unit if it should not be used"
        )
