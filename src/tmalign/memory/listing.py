"""A memory that is no store: entries held in a list, from units that a file gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tmalign.memory.entries import Entry, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tmalign.model import Unit


class ListedMemory:
    """Entries in memory, numbered from 1 in their order; they never change."""

    def __init__(self, units: Iterable[Unit], source: str = "") -> None:
        """Take in the units; `source` names the file they come from where a unit does not name its release."""
        self._entries = [
            Entry(
                id=number,
                ja=unit.ja,
                en=unit.en,
                collection=unit.collection,
                date=unit.date,
                probability=unit.probability,
                status=unit.status,
                origin=unit.origin,
                source=unit.release or source,
                position=unit.position,
                revision=1,
            )
            for number, unit in enumerate(units, 1)
        ]

    def mark(self) -> Mark:
        """Return the one state it has."""
        return Mark("listed", 1)

    def entries(self, *, since: int = 0) -> Iterator[Entry]:
        """Yield all entries, or none after the one revision."""
        return iter(self._entries if since < 1 else ())

    def entries_by_id(self, ids: Iterable[int]) -> dict[int, Entry]:
        """Return those of these ids that are there."""
        return {number: self._entries[number - 1] for number in ids if 1 <= number <= len(self._entries)}

    def gone(self, since: int = 0) -> Iterator[int]:  # noqa: ARG002 - nothing ever goes
        """Yield nothing."""
        return iter(())
