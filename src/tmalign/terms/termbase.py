"""The termbase: reading and writing terms in a store, mined and decided apart, seen as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.terms import index, tables
from tmalign.terms.entry import TermDecision, overlay, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.memory.store import Store
    from tmalign.model import TermEntry
    from tmalign.terms.mined import MinedTerm

# Terms are read so many at a time.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class MinedWritten:
    """What became of a mining run: terms written, and terms left out because an earlier one has the same key."""

    written: int
    repeated: int


class Termbase:
    """The terms of an open store. Every method may raise StoreError, as the store does."""

    def __init__(self, store: Store) -> None:
        """Keep the store; it stays the caller's to close."""
        self._store = store

    def replace_mined(self, terms: Iterable[MinedTerm]) -> MinedWritten:
        """Put what mining found, best first, in place of the last run's; decisions stay as they are."""
        with self._store.writing() as connection:
            written, repeated = tables.write_mined(connection, terms)
            index.rebuild(connection, _entries(connection))
        return MinedWritten(written, repeated)

    def entries(self) -> Iterator[TermEntry]:
        """Yield every term, best score first; rejected ones and rejected renderings included."""
        with self._store.reading() as connection:
            for _, entry in _entries(connection):
                yield entry

    def entry(self, ja: str) -> TermEntry | None:
        """Return the term of a Japanese phrase or of one of its variants; None where there is none."""
        key = term_key(ja)
        with self._store.reading() as connection:
            found = {form.term for form in index.exact(connection, key) if form.language == "ja"}
            term = key if key in found else min(found, default=None)
            return None if term is None else _entry(connection, term)

    def by_keys(self, keys: Sequence[str]) -> list[TermEntry]:
        """Return the terms of these keys (as the index gives them), in this order, those gone left out."""
        with self._store.reading() as connection:
            found = (_entry(connection, key) for key in keys)
            return [entry for entry in found if entry is not None]

    def decision(self, ja: str) -> TermDecision | None:
        """Return what people decided on a phrase, found by its own form only."""
        key = term_key(ja)
        with self._store.reading() as connection:
            return tables.read_decisions(connection, [key]).get(key)

    def decide(self, decisions: Iterable[TermDecision]) -> int:
        """Put each decision in place of the earlier one on its phrase; return how many. All or none are kept."""
        changed: list[str] = []
        count = 0
        with self._store.writing() as connection:
            for decision in decisions:
                key = term_key(decision.ja)
                earlier = tables.read_decisions(connection, [key]).get(key)
                tables.write_decision(connection, decision)
                forms = (*decision.variants, *(earlier.variants if earlier else ()))
                changed.extend((key, *map(term_key, forms), *tables.owners(connection, key)))
                count += 1
            keys = list(dict.fromkeys(changed))
            if len(keys) > index.MENDED:
                index.rebuild(connection, _entries(connection))
            else:
                index.mend(connection, ((key, _entry(connection, key)) for key in keys))
        return count

    def passed_over(self) -> frozenset[str]:
        """Return the keys of terms that a person chose to leave for later in review."""
        with self._store.reading() as connection:
            return frozenset(key for (key,) in connection.execute("SELECT term FROM terms_left"))

    def pass_over(self, ja: str) -> None:
        """Remember that a person left this term for later."""
        with self._store.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO terms_left VALUES (?)", (term_key(ja),))

    def forget_passed_over(self) -> None:
        """Offer everything in review again that is still undecided."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM terms_left")


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[str, TermEntry]]:
    """Yield key and entry of every term, best score first."""
    groups = list(tables.all_keys(connection))
    for start in range(0, len(groups), _BATCH):
        part = groups[start : start + _BATCH]
        decisions = tables.read_decisions(connection, [key for key, _ in part])
        mined = tables.read_mined(connection, sorted({member for _, members in part for member in members}))
        for key, members in part:
            yield key, overlay([mined[member] for member in members if member in mined], decisions.get(key))


def _entry(connection: sqlite3.Connection, key: str) -> TermEntry | None:
    """Return one term as a person sees it; None where it is gone, or belongs to another one's decision."""
    decision = tables.read_decisions(connection, [key]).get(key)
    if decision is None:
        if tables.owners(connection, key):
            return None
        mined = tables.read_mined(connection, [key])
        return overlay([mined[key]], None) if key in mined else None
    forms = list(dict.fromkeys((key, *map(term_key, decision.variants))))
    own = set(tables.read_decisions(connection, forms)) - {key}
    mined = tables.read_mined(connection, forms)
    return overlay([mined[form] for form in forms if form in mined and form not in own], decision)
