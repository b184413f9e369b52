"""The termbase: reading and writing terms in a store, mined and decided apart, seen as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tmalign.terms import index, tables
from tmalign.terms.entry import TermDecision, overlay, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.memory.storefile import StoreFile
    from tmalign.term_model import TermEntry
    from tmalign.terms.mined import MinedTerm

# Terms are read so many at a time.
_BATCH = 500


class MinedWritten(NamedTuple):
    """What became of a mining run: terms written, and terms left out because an earlier one has the same key."""

    written: int
    repeated: int


class Termbase:
    """The terms of an open store. Every method may raise StoreError, as the store does."""

    def __init__(self, store: StoreFile) -> None:
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
        key = tables.key_of(ja)
        with self._store.reading() as connection:
            found = {form.term for form in index.exact(connection, key) if form.language == "ja"}
            term = key if key in found else min(found, default=None)
            return None if term is None else _entry(connection, term)

    def by_keys(self, keys: Sequence[str]) -> list[TermEntry]:
        """Return the terms of these keys (as the index gives them), in this order, those gone left out."""
        with self._store.reading() as connection:
            found = _read(connection, keys)
        return [found[key] for key in keys if key in found]

    def decision(self, ja: str) -> TermDecision | None:
        """Return what people decided on a phrase, found by its own form only."""
        key = tables.key_of(ja)
        with self._store.reading() as connection:
            return tables.read_decisions(connection, [key]).get(key)

    def decisions(self, phrases: Iterable[str]) -> dict[str, TermDecision]:
        """Return what people decided on these phrases, by key."""
        with self._store.reading() as connection:
            return tables.read_decisions(connection, list(dict.fromkeys(map(tables.key_of, phrases))))

    def known(self, phrases: Iterable[str]) -> set[str]:
        """Return the keys of those of these phrases that are terms, or forms of terms."""
        with self._store.reading() as connection:
            return tables.indexed(connection, list(dict.fromkeys(map(tables.key_of, phrases))))

    def decide(self, decisions: Iterable[TermDecision], *, withdrawn: Iterable[str] = ()) -> int:
        """Put each decision in place of the earlier one on its phrase; return how many. All or none are kept.

        Decisions on the phrases `withdrawn` are forgotten first.
        """
        changed: list[str] = []
        count = 0
        with self._store.writing() as connection:
            for ja in withdrawn:
                key = tables.key_of(ja)
                earlier = tables.read_decisions(connection, [key]).get(key)
                changed.extend(
                    (key, *map(tables.key_of, earlier.variants if earlier else ()), *tables.owners(connection, key))
                )
                connection.execute("DELETE FROM decided_terms WHERE key = ?", (key,))
            for decision in decisions:
                key = tables.key_of(decision.ja)
                earlier = tables.read_decisions(connection, [key]).get(key)
                tables.write_decision(connection, decision)
                forms = (*decision.variants, *(earlier.variants if earlier else ()))
                changed.extend((key, *map(tables.key_of, forms), *tables.owners(connection, key)))
                count += 1
            keys = list(dict.fromkeys(changed))
            if len(keys) > index.MENDED or index.disordered(connection):
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
            connection.execute("INSERT OR IGNORE INTO terms_left VALUES (?)", (tables.key_of(ja),))

    def forget_passed_over(self) -> None:
        """Offer everything in review again that is still undecided."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM terms_left")


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[str, TermEntry]]:
    """Yield key and entry of every term, best score first."""
    keys = tables.all_keys(connection)
    for start in range(0, len(keys), _BATCH):
        yield from _read(connection, keys[start : start + _BATCH]).items()


def _entry(connection: sqlite3.Connection, key: str) -> TermEntry | None:
    """Return one term as a person sees it; None where it is gone, or belongs to another one's decision."""
    return _read(connection, [key]).get(key)


def _read(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, TermEntry]:
    """Return terms as a person sees them, in the order of the keys; those that are gone are left out.

    A mined term belongs to every decision that names it as a variant, unless it has a decision of its own.
    """
    decisions = tables.read_decisions(connection, keys)
    forms = {key: list(dict.fromkeys(map(term_key, decisions[key].variants))) for key in decisions}
    named = [form for own in forms.values() for form in own if form not in decisions]
    elsewhere = tables.decided(connection, named)
    undecided = [key for key in keys if key not in decisions]
    taken = tables.named(connection, undecided)
    mined = tables.read_mined(connection, list(dict.fromkeys((*keys, *named))))
    found: dict[str, TermEntry] = {}
    for key in keys:
        if key in decisions:
            members = (key, *(f for f in forms[key] if f != key and f not in decisions and f not in elsewhere))
            found[key] = overlay([mined[member] for member in members if member in mined], decisions[key])
        elif key in mined and key not in taken:
            found[key] = overlay([mined[key]], None)
    return found
