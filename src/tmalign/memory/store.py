"""The memory in one SQLite file: what was read, how it was aligned, what people decided."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import TYPE_CHECKING, Literal

from tmalign.errors import StoreError
from tmalign.memory import corpus_words, decisions, entries, history, rows, units
from tmalign.memory.rows import Counts, Pin, StoredRelease
from tmalign.memory.storable import storable
from tmalign.memory.storefile import HINTS, PATIENCE, StoreFile
from tmalign.model import Alignment, Bead, Document, Language, Release, Sentence, Skipped, Unit, WordPair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tmalign.memory.decisions import Decision
    from tmalign.memory.entries import Entry, Mark
    from tmalign.memory.history import Change

# Entries read at a time.
PAGE = 5000


class Store(StoreFile):
    """The memory in its file. One transaction a release, whole or not at all.

    All methods raise StoreError where the file is locked, damaged, read-only, newer or not ours.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE, create: bool = True) -> None:
        """Open the file as `StoreFile` does."""
        super().__init__(path, patience=patience, create=create)
        # The build that is being logged: what it works on, and its number once it has changed something.
        self._building: str | None = None
        self._change: int | None = None

    @property
    def corpus(self) -> str:
        """Return the name of the corpus this is the memory of; empty in a new store."""
        with self.guard():
            row = self._connection.execute("SELECT name FROM corpus").fetchone()
        return "" if row is None else str(row[0])

    def save_corpus(self, name: str) -> None:
        """Keep the name of the corpus."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO corpus VALUES (1, ?)", (storable(name),))

    def is_current(
        self,
        release_id: str,
        ja_digest: str,
        en_digest: str,
        signature: str,
        *,
        paths: tuple[str, str] | None = None,
    ) -> bool:
        """Tell whether this release was aligned from these bytes (and `paths`, JA and EN) under this signature."""
        with self.guard():
            row = self._connection.execute(
                "SELECT ja_digest, en_digest, signature, ja_path, en_path FROM releases WHERE id = ?", (release_id,)
            ).fetchone()
        return row is not None and row[:3] == (ja_digest, en_digest, signature) and paths in (None, row[3:])

    def save_release(
        self,
        release: Release,
        sentences: Mapping[Language, Sequence[Sentence]],
        alignment: Alignment,
        made: Iterable[Unit],
    ) -> None:
        """Put a release in place of what was known of it, in one transaction.

        A unit whose texts were there before keeps its number; decisions on texts that are there again apply.
        """
        with self.transaction() as connection:
            self._keep(connection, [release.id])
            numbers = units.Numbers(connection, release.id)
            rows.write_release(connection, release, sentences, alignment)
            units.write_units(connection, release.id, made, numbers, units.bump(connection))

    def words_made(self, release_id: str, made: str) -> bool:
        """Tell whether the words that the first pass paired are there, made from just this."""
        with self.guard():
            return corpus_words.is_made(self._connection, release_id, made)

    def save_words(self, release_id: str, made: str, words: Sequence[WordPair]) -> None:
        """Keep the words that the first pass paired in a release."""
        with self.transaction() as connection:
            corpus_words.write_words(connection, release_id, made, words)

    def remove_words(self, ids: Iterable[str]) -> None:
        """Remove the words of every release whose id is not among `ids`."""
        with self.transaction() as connection:
            corpus_words.remove_words(connection, set(ids))

    def chosen_words(self, most: int) -> corpus_words.Chosen:
        """Return which releases' words, about `most` pairs, a lexicon is learned from."""
        with self.guard():
            return corpus_words.choose(self._connection, most)

    def words(self, chosen: corpus_words.Chosen, most: int) -> tuple[WordPair, ...]:
        """Return the first `most` of the words that were chosen.

        Raises StoreError where another build has replaced them since.
        """
        with self.guard():
            found = corpus_words.read_words(self._connection, chosen, most)
        if found is None:
            message, hint = HINTS[sqlite3.SQLITE_BUSY]
            raise StoreError(f"the store {message}: it builds from other pages", path=self.path, hint=hint)
        return found

    def remove_missing(self, ids: Iterable[str]) -> int:
        """Remove every release whose id is not among `ids`; return how many. Decisions stay."""
        kept = set(ids)
        with self.transaction() as connection:
            gone = [name for (name,) in connection.execute("SELECT id FROM releases") if name not in kept]
            if gone:
                self._keep(connection, gone)
                units.bump(connection)
                connection.executemany("DELETE FROM releases WHERE id = ?", ((name,) for name in gone))
        return len(gone)

    def begin_build(self, subject: str) -> None:
        """Log what releases are saved and removed from now on as one build; one that was broken off goes on."""
        self._building = subject

    def finish_build(self, detail: Mapping[str, int]) -> None:
        """Log what the build came to; one that changed nothing is not logged."""
        with self.transaction() as connection:
            number = self._change or history.unfinished(connection, "build", self._building or "")
            if number is not None:
                history.finish_change(connection, number, {"kind": "build", **detail})
        self._building = self._change = None

    def _keep(self, connection: sqlite3.Connection, ids: Iterable[str]) -> None:
        """Keep releases that the build is about to replace as they are, so that it can be taken back."""
        if self._building is None:
            return
        # Looked up each time: a transaction that was rolled back took the row with it.
        self._change = history.unfinished(connection, "build", self._building)
        if self._change is None:
            history.forget_kept(connection)
            detail = {"kind": "build"}
            self._change = history.write_change(
                connection, "build", self._building, detail, history.this_person(), finished=False
            )
        for name in ids:
            history.keep_release(connection, self._change, name)

    def units(
        self,
        min_probability: float = 0.0,
        collection: str | None = None,
        release: str | None = None,
        *,
        rejected: bool = False,
    ) -> Iterator[Unit]:
        """Yield the units of releases as people left them, by release id and position, one-sided ones included.

        Those below the probability are left out unless a person approved or edited them, and those a person
        rejected unless `rejected` asks for them. `collection` takes in the collections below it.
        """
        with self.guard():
            yield from units.read_units(self._connection, min_probability, collection, release, rejected=rejected)

    def mark(self) -> Mark:
        """Return the state the store is in, for an index to compare with its own."""
        with self.guard():
            return entries.read_mark(self._connection)

    def entries(self, *, since: int = 0, after: int = 0, page: int = PAGE) -> Iterator[Entry]:
        """Yield all units, aligned and imported, by id, one-sided and rejected ones included.

        With `since` only those that are new or changed after that revision, with `after` those of a higher id. Read
        `page` at a time, so that a slow reader holds up nobody; what changes meanwhile shows or does not.
        """
        if since:
            with self.guard():
                changed = entries.read_changed(self._connection, since, after)
            for start in range(0, len(changed), page):
                yield from self.entries_by_id(changed[start : start + page]).values()
            return
        while True:
            with self.guard():
                found = entries.read_page(self._connection, after, page)
            yield from found
            if len(found) < page:
                return
            after = found[-1].id

    def gone(self, since: int = 0) -> Iterator[int]:
        """Yield the ids of the units that were removed or hidden after revision `since`."""
        with self.guard():
            yield from entries.read_gone(self._connection, since)

    def entries_by_id(self, ids: Iterable[int]) -> dict[int, Entry]:
        """Return the entries with these ids, in the order of the ids given; those that are gone are not there."""
        wanted = list(ids)
        with self.guard():
            found = entries.read_by_id(self._connection, wanted)
        return {number: found[number] for number in wanted if number in found}

    def entry_count(self) -> int:
        """Return how many entries there are."""
        with self.guard():
            (number,) = self._connection.execute("SELECT count(*) FROM entries").fetchone()
        return int(number)

    def releases(self) -> tuple[StoredRelease, ...]:
        """Return all releases by id."""
        with self.guard():
            return tuple(
                StoredRelease(*row)
                for row in self._connection.execute(
                    "SELECT id, collection, date, ja_path, en_path, ja_digest, en_digest, signature, verdict,"
                    " pair_probability, reason FROM releases ORDER BY id"
                )
            )

    def document(self, release_id: str, language: Language) -> Document | None:
        """Return one version of a release as it was read."""
        with self.guard():
            return rows.read_document(self._connection, release_id, language)

    def sentences(self, release_id: str, language: Language) -> tuple[Sentence, ...]:
        """Return the sentences of one version in reading order."""
        with self.guard():
            return tuple(
                Sentence(*row)
                for row in self._connection.execute(
                    "SELECT block, start_char, end_char FROM sentences"
                    " WHERE release = ? AND language = ? ORDER BY number",
                    (release_id, language),
                )
            )

    def beads(self, release_id: str) -> tuple[Bead, ...]:
        """Return the beads of a release in order."""
        with self.guard():
            return tuple(
                Bead(range(ja_start, ja_stop), range(en_start, en_stop), probability, origin)
                for ja_start, ja_stop, en_start, en_stop, probability, origin in self._connection.execute(
                    "SELECT ja_start, ja_stop, en_start, en_stop, probability, origin FROM beads"
                    " WHERE release = ? ORDER BY position",
                    (release_id,),
                )
            )

    def warnings(self) -> tuple[tuple[str, str], ...]:
        """Return what was doubtful when reading the files: pairs of path and sentence, by path."""
        with self.guard():
            found = self._connection.execute(
                "SELECT source, warnings FROM documents WHERE warnings <> '[]' ORDER BY source"
            ).fetchall()
        return tuple((source, warning) for source, warnings in found for warning in json.loads(warnings))

    def counts(self) -> Counts:
        """Count what is there."""
        with self.guard():
            return rows.count(self._connection)

    def save_pin(self, pin: Pin) -> None:
        """Keep a person's decision in place of an earlier one on the same texts."""
        with self.transaction() as connection:
            decisions.write_pin(connection, pin, history.now())

    def pins(self, release_id: str) -> tuple[Pin, ...]:
        """Return the decisions on a release as pins, in the order of their texts."""
        with self.guard():
            return decisions.read_pins(self._connection, release_id)

    def decisions(self) -> tuple[tuple[Decision, int], ...]:
        """Return all human decisions, each with the number of units it is on now."""
        with self.guard():
            return tuple(decisions.read_decisions(self._connection))

    def changes(self, limit: int | None = None) -> tuple[Change, ...]:
        """Return the changes in the log, the last one first."""
        with self.guard():
            return tuple(history.read_changes(self._connection, limit))

    def save_skipped(self, skipped: Sequence[Skipped], unpaired: Sequence[Skipped]) -> None:
        """Keep what the last run left out, in place of what the one before did."""
        entries = [("skipped", entry) for entry in skipped] + [("unpaired", entry) for entry in unpaired]
        with self.transaction() as connection:
            connection.execute("DELETE FROM skipped")
            connection.executemany(
                "INSERT INTO skipped (kind, path, code, message, hint) VALUES (?, ?, ?, ?, ?)",
                (
                    (kind, *map(storable, (entry.path, entry.code, entry.message, entry.hint)))
                    for kind, entry in entries
                ),
            )

    def skipped(self, kind: Literal["skipped", "unpaired"]) -> tuple[Skipped, ...]:
        """Return what the last run left out."""
        with self.guard():
            return tuple(
                Skipped(*row)
                for row in self._connection.execute(
                    "SELECT path, code, message, hint FROM skipped WHERE kind = ? ORDER BY number", (kind,)
                )
            )

    def save_outputs(self, paths: Iterable[str]) -> None:
        """Keep which files were written for single releases, relative to the store's folder."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM outputs")
            connection.executemany("INSERT INTO outputs VALUES (?)", ((path,) for path in paths))

    def outputs(self) -> tuple[str, ...]:
        """Return the files that were written for single releases."""
        with self.guard():
            return tuple(path for (path,) in self._connection.execute("SELECT path FROM outputs ORDER BY path"))

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy the whole file, as it is at this moment, into another database; writers are not held up."""
        # In one go: page by page, SQLite would begin anew at every commit of a writer.
        with self.guard():
            self._connection.backup(target, pages=-1)

    def copy_from(self, source: sqlite3.Connection) -> None:
        """Make this file what another database is, in one transaction; the tables are brought up to date next time."""
        deadline = time.monotonic() + self._patience

        def wait(status: int, _remaining: int, _total: int) -> None:
            # Left alone, Python would try for ever.
            if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > deadline:
                message, hint = HINTS[sqlite3.SQLITE_BUSY]
                raise StoreError(f"the store {message}", path=self.path, hint=hint)

        with self.guard():
            source.backup(self._connection, pages=-1, progress=wait)
