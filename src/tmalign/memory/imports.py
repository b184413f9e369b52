"""Any tool's TMX into the store: in portions, so that memory stays level and a killed import goes on where it was.

A file is known by its digest: the same one again changes nothing. Each portion is one transaction that moves
`memories.position` on, so two imports of one file at once share the work and no unit comes in twice.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tmalign.errors import InputError, MissingFileError, StoreError, UnreadableFileError
from tmalign.formats.tmx.reading import TmxReader
from tmalign.memory import history
from tmalign.memory.contents import packed_header, packed_unit
from tmalign.memory.pairings import Pairing, pairings
from tmalign.memory.places import exact_place
from tmalign.memory.storable import storable
from tmalign.memory.units import bump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from tmalign.formats.exchange import TranslationUnit
    from tmalign.memory.store import Store

PORTION = 2000
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_PROBABILITY = re.compile(r"0(\.[0-9]{1,17})?|1(\.0{1,17})?")
_SUFFIX = re.compile(r"(\.tmx)?(\.gz|\.zip)?$", re.IGNORECASE)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    `outcome` is imported, resumed (one that was broken off is finished now), shown (it was undone and is back) or
    unchanged. `units` counts tu elements, `pairs` those with both languages; `counts` says what was passed over, by
    reason. `earlier` are memories of the same name with other content, which stay unless they were to be replaced.
    """

    name: str
    memory: int
    collection: str
    outcome: str
    units: int
    pairs: int
    counts: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    earlier: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()
    change: int | None = None


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: what the units are filed under, who does it, and whether an earlier memory of the name goes."""

    name: str = ""
    collection: str | None = None
    person: str = ""
    replace: bool = False


def import_tmx(
    store: Store, path: Path, options: ImportOptions | None = None, progress: Callable[[int], None] | None = None
) -> ImportReport:
    """Bring a TMX file into the store, or say that it is there; `progress` hears the number of units so far.

    Raises what TmxReader raises; of a file that breaks in the middle nothing stays. Raises StoreError where the file
    changes or the import is undone meanwhile.
    """
    return _Import(store, path, options or ImportOptions()).run(progress)


class _Import:
    """One file on its way in."""

    def __init__(self, store: Store, path: Path, options: ImportOptions) -> None:
        self.store = store
        self.path = path
        self.options = options
        self.name = history.plain(options.name or path.name)
        self.digest = _digest(path)
        self.memory = 0
        self.position = 0
        self.resumed = False
        self.counts: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.decisions: dict[str, int] = {}

    def run(self, progress: Callable[[int], None] | None) -> ImportReport:
        """Import, go on with an import, show again or do nothing."""
        if done := self._known():
            return done
        with TmxReader(self.path) as reader:
            self._register(reader)
            try:
                units = enumerate(iter(reader))
                while portion := list(itertools.islice(units, PORTION)):
                    self._write(portion)
                    if progress:
                        progress(portion[-1][0] + 1)
            except InputError:
                self._withdraw()
                raise
            self.counts.update({f"skipped: {reason}": number for reason, number in reader.skipped.items()})
            warnings = tuple(reader.warnings)
        if _digest(self.path) != self.digest:
            self._withdraw()
            raise StoreError(
                "the file changed while it was read: nothing of it is kept", path=self.path, hint="import it again"
            )
        return self._finish(warnings)

    def _known(self) -> ImportReport | None:
        """Say of a file that is in already that nothing is to be done, or show it again."""
        with self.store.transaction() as connection:
            row = connection.execute(
                "SELECT id, finished, hidden, position FROM memories WHERE digest = ?", (self.digest,)
            ).fetchone()
            if row is None:
                return None
            self.memory, finished, hidden, self.position = row
            change = None
            if hidden:
                hide(connection, self.memory, hidden=False)
                detail = {"kind": "import", "memory": self.memory, "shown": [self.memory], "hidden": []}
                change = history.write_change(connection, "import", self.name, detail, self.person)
            if not finished:
                self.resumed = True
                return None
            return self._report(connection, "shown" if hidden else "unchanged", change=change)

    def _withdraw(self) -> None:
        """Leave nothing of a file that turned out broken: what came in of it may be only half of what it means."""
        with self.store.transaction() as connection:
            bump(connection)
            connection.execute("DELETE FROM memories WHERE id = ?", (self.memory,))
            change = _open_change(connection, self.memory)
            connection.execute("DELETE FROM log WHERE id = ?", (change,))

    @property
    def person(self) -> str:
        """Return who imports."""
        return self.options.person or history.this_person()

    def _register(self, reader: TmxReader) -> None:
        """Make the memory's row, unless another process was faster; look up what was decided on its units."""
        header = reader.header
        tool = f"{header.attribute('creationtool')} {header.attribute('creationtoolversion')}".strip()
        collection = self.options.collection
        collection = history.plain(_SUFFIX.sub("", self.name) if collection is None else collection)
        with self.store.transaction() as connection:
            new = connection.execute(
                "INSERT OR IGNORE INTO memories (name, digest, collection, imported, person, tool, source_language,"
                " header, languages, counts, position, finished, hidden)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}', '{}', 0, 0, 0)",
                (
                    self.name,
                    self.digest,
                    collection,
                    history.now(),
                    history.plain(self.person),
                    storable(tool),
                    storable(header.attribute("srclang")),
                    packed_header(header),
                ),
            )
            inserted = new.rowcount == 1
            # The name under which it came in first is the one decisions are kept by.
            self.memory, self.position, self.name = connection.execute(
                "SELECT id, position, name FROM memories WHERE digest = ?", (self.digest,)
            ).fetchone()
            if inserted:
                detail = {"kind": "import", "memory": self.memory, "shown": [self.memory], "hidden": []}
                history.write_change(connection, "import", self.name, detail, self.person, finished=False)
            self.decisions = dict(
                connection.execute(
                    "SELECT place, id FROM decisions WHERE release = '' AND memory = ?", (self.name,)
                ).fetchall()
            )

    def _write(self, portion: list[tuple[int, TranslationUnit]]) -> None:
        """Write those of a portion's units that are not in yet, and move on."""
        rows: list[tuple[Any, ...]] = []
        contents: list[tuple[int, int, str]] = []
        for number, unit in portion:
            self._take(number, unit, rows, contents)
        end = portion[-1][0] + 1
        if end <= self.position:
            return
        with self.store.transaction() as connection:
            row = connection.execute("SELECT position, hidden FROM memories WHERE id = ?", (self.memory,)).fetchone()
            if row is None or row[1]:
                raise StoreError("the import was undone while it ran", path=self.path, hint="import the file again")
            start = self.position = row[0]
            if end <= start:
                return
            revision = bump(connection)
            connection.executemany(
                "INSERT INTO units (memory, position, variant, ja, en, date, probability, shape, origin, ja_spans,"
                " en_spans, decision, revision) VALUES (?, ?, ?, ?, ?, ?, ?, '', 'import', '[]', '[]', ?, ?)",
                ((*values, revision) for values in rows if values[1] >= start),
            )
            connection.executemany(
                "INSERT INTO contents VALUES (?, ?, ?)", (values for values in contents if values[1] >= start)
            )
            connection.execute("UPDATE memories SET position = ? WHERE id = ?", (end, self.memory))
            self.position = end

    def _take(
        self, number: int, unit: TranslationUnit, rows: list[tuple[Any, ...]], contents: list[tuple[int, int, str]]
    ) -> None:
        """Count a unit and its languages; add its rows, unless they are in."""
        self.languages.update([variant.language for variant in unit.variants])
        found = pairings(unit)
        ja, en = _texts(unit, found[0])
        counts = self.counts
        counts["units"] += 1
        if ja and en:
            counts["pairs"] += 1
        elif ja or en:
            counts["without Japanese" if en else "without English"] += 1
        else:
            counts["without Japanese and English"] += 1
        if len(found) > 1:
            counts["further pairings"] += len(found) - 1
        if number < self.position:
            return
        date, probability = _date(unit), _probability(unit)
        rows.append((self.memory, number, 0, ja, en, date, probability, self._decision(ja, en)))
        for variant in range(1, len(found)):
            other_ja, other_en = _texts(unit, found[variant])
            decision = self._decision(other_ja, other_en)
            rows.append((self.memory, number, variant, other_ja, other_en, date, probability, decision))
        texts = {found[0].ja: ja, found[0].en: en}
        contents.append((self.memory, number, packed_unit(unit, texts)))

    def _decision(self, ja: str, en: str) -> int | None:
        """Return the decision made on these texts of a memory of this name."""
        return self.decisions.get(exact_place(ja, en)) if self.decisions else None

    def _finish(self, warnings: tuple[str, ...]) -> ImportReport:
        """Write down what came in, and let the new memory replace the earlier ones if it is to."""
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE memories SET finished = 1, counts = ?, languages = ? WHERE id = ?",
                (json.dumps(self.counts), json.dumps(self.languages), self.memory),
            )
            replaced = self._earlier(connection) if self.options.replace else ()
            for memory in replaced:
                hide(connection, memory, hidden=True)
            change = _open_change(connection, self.memory)
            if change is not None:
                detail = {"kind": "import", "memory": self.memory, "shown": [self.memory], "hidden": replaced}
                history.finish_change(connection, change, {**detail, **self.counts})
            return self._report(
                connection, "resumed" if self.resumed else "imported", warnings, replaced=replaced, change=change
            )

    def _earlier(self, connection: sqlite3.Connection) -> tuple[int, ...]:
        """Return the other memories of this name that are shown."""
        rows = connection.execute(
            "SELECT id FROM memories WHERE name = ? AND id <> ? AND NOT hidden ORDER BY id", (self.name, self.memory)
        )
        return tuple(number for (number,) in rows)

    def _report(
        self,
        connection: sqlite3.Connection,
        outcome: str,
        warnings: tuple[str, ...] = (),
        *,
        replaced: tuple[int, ...] = (),
        change: int | None = None,
    ) -> ImportReport:
        """Return what is known of the memory now."""
        name, collection, languages, counts = connection.execute(
            "SELECT name, collection, languages, counts FROM memories WHERE id = ?", (self.memory,)
        ).fetchone()
        found = json.loads(counts)
        units, pairs = found.pop("units", 0), found.pop("pairs", 0)
        earlier = self._earlier(connection)
        spoken = json.loads(languages)
        return ImportReport(
            name, self.memory, collection, outcome, units, pairs, found, spoken, warnings, earlier, replaced, change
        )


def _open_change(connection: sqlite3.Connection, memory: int) -> int | None:
    """Return the number of the log's row for an import that is under way; None where there is none."""
    for change in history.read_changes(connection):
        if not change.finished and change.action == "import" and change.detail.get("memory") == memory:
            return change.id
    return None


def hide(connection: sqlite3.Connection, memory: int, *, hidden: bool) -> None:
    """Take a memory's units out of sight, or bring them back."""
    connection.execute("UPDATE memories SET hidden = ? WHERE id = ?", (hidden, memory))
    connection.execute("UPDATE units SET revision = ? WHERE memory = ?", (bump(connection), memory))


def _texts(unit: TranslationUnit, pairing: Pairing) -> tuple[str, str]:
    """Return the two texts of a pairing as they are looked up: without codes, trimmed."""
    ja = "" if pairing.ja is None else storable(unit.variants[pairing.ja].text.strip())
    en = "" if pairing.en is None else storable(unit.variants[pairing.en].text.strip())
    return ja, en


def _date(unit: TranslationUnit) -> str:
    """Return the day of the last change, of the unit or of one of its texts; else of its making; else nothing."""
    attributes = [*unit.attributes]
    for variant in unit.variants:
        attributes += variant.attributes
    for name in ("changedate", "creationdate"):
        values = [value for key, value in attributes if key == name]
        found = [match for match in map(_DATE.match, values) if match]
        if found:
            return max("-".join(match.groups()) for match in found)
    return ""


def _probability(unit: TranslationUnit) -> float:
    """Return the probability our own TMX gives; 1 where there is none."""
    if not unit.properties:
        return 1.0
    text = unit.property("x-probability")
    return float(text) if _PROBABILITY.fullmatch(text) else 1.0


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise MissingFileError("there is no such file", path=path, hint="check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error.strerror or error}", path=path, hint="give a file you may read"
        ) from error
    return digest.hexdigest()
