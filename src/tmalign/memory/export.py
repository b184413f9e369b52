"""The store as TMX: units of releases and of imported memories as people left them, rejected ones left out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tmalign.errors import UsageError
from tmalign.formats.exchange import MemoryHeader, Property, TranslationUnit
from tmalign.formats.tmx import exchange_unit
from tmalign.formats.tmx.markup import FORBIDDEN
from tmalign.formats.tmx.writing import write_units
from tmalign.memory.contents import unpacked_header, unpacked_unit
from tmalign.memory.pairings import Pairing, pairings
from tmalign.memory.units import below, read_units

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from tmalign.memory.store import Store
    from tmalign.model import Language, Status

_STATUS = "x-status"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export. `memory` is the name of an imported file; `collection` takes in those below it.

    `min_probability` is for units nobody looked at; `statuses` where empty means all but rejected.
    """

    collection: str | None = None
    memory: str | None = None
    min_probability: float = 0.0
    statuses: frozenset[Status] = frozenset()
    source: Language = "ja"


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into the file: units, those of them from releases, characters XML forbids that were removed."""

    units: int
    aligned: int
    characters_removed: int


@dataclass(slots=True)
class _Tally:
    aligned: int = 0
    removed: int = 0


def export_tmx(store: Store, target: Path | BinaryIO, options: ExportOptions | None = None) -> Exported:
    """Write units of the store as TMX 1.4b: releases by id, then memories in the order of their import.

    A unit of an imported file comes out as it came in, inline markup, notes and properties included, but for what
    people decided. A memory exported alone keeps its header. Raises UsageError where there is no such memory or
    collection, OutputError where the file cannot be written.
    """
    options = options or ExportOptions()
    with store.snapshot() as connection:
        header = _header(connection, options, store)
        tally = _Tally()
        units = itertools.chain(_aligned(connection, options, tally), _imported(connection, options))
        written = write_units(target, units, header)
    return Exported(written.units, tally.aligned, written.characters_removed + tally.removed)


def _header(connection: sqlite3.Connection, options: ExportOptions, store: Store) -> MemoryHeader:
    """Return the header for what is asked for, and make sure that it is there."""
    if options.memory is not None:
        rows = connection.execute(
            "SELECT header FROM memories WHERE name = ? AND NOT hidden", (options.memory,)
        ).fetchall()
        if not rows:
            raise UsageError(
                f"there is no memory {options.memory}", path=store.path, hint="tmalign memory stats lists them"
            )
        if len(rows) == 1:
            return unpacked_header(rows[0][0])
    if options.collection is not None:
        there = connection.execute(
            f"SELECT 1 FROM releases WHERE {below('collection')} UNION ALL"  # noqa: S608 - ours
            f" SELECT 1 FROM memories WHERE {below('collection')}",
            {"collection": options.collection},
        ).fetchone()
        if there is None:
            raise UsageError(
                f"there is no collection {options.collection}",
                path=store.path,
                hint="tmalign memory stats lists them",
            )
    corpus = connection.execute("SELECT name FROM corpus").fetchone()
    properties = [Property("x-corpus", corpus[0])] if corpus else []
    if options.min_probability:
        properties.append(Property("x-minimum-probability", f"{options.min_probability:.4f}"))
    return MemoryHeader(attributes=(("srclang", options.source),), properties=tuple(properties))


def _aligned(connection: sqlite3.Connection, options: ExportOptions, tally: _Tally) -> Iterator[TranslationUnit]:
    """Yield the two-sided units of releases."""
    if options.memory is not None:
        return
    rejected = "rejected" in options.statuses
    for unit in read_units(connection, options.min_probability, options.collection, None, rejected=rejected):
        if options.statuses and unit.status not in options.statuses:
            continue
        if (made := exchange_unit(unit, options.source)) is not None:
            tally.aligned += 1
            tally.removed += sum(len(FORBIDDEN.findall(text)) for text in (unit.ja, unit.en))
            yield made


def _imported(connection: sqlite3.Connection, options: ExportOptions) -> Iterator[TranslationUnit]:
    """Yield the units of imported memories, each with all that its file had."""
    query = (
        "SELECT m.id, u.position, u.ja, u.en, e.ja, e.en, e.status, u.probability, c.content"
        " FROM memories m JOIN units u ON u.memory = m.id JOIN entries e ON e.id = u.id"
        " LEFT JOIN contents c ON c.memory = u.memory AND c.position = u.position AND u.variant = 0"
        " WHERE NOT m.hidden"
    )
    if options.memory is not None:
        query += " AND m.name = :memory"
    if options.collection is not None:
        query += f" AND {below('m.collection')}"
    rows = connection.execute(
        query + " ORDER BY u.memory, u.position, u.variant",
        {"memory": options.memory, "collection": options.collection},
    )
    for _, group in itertools.groupby(rows, key=itemgetter(0, 1)):
        if (unit := _reviewed(list(group), options)) is not None:
            yield unit


def _reviewed(rows: Sequence[tuple[Any, ...]], options: ExportOptions) -> TranslationUnit | None:
    """Return an imported unit as people left it; None where it is not asked for.

    `rows` are its pairings. A text all of whose pairings were rejected goes, an edited one changes; other languages
    stay as they are.
    """
    _, _, ja, en, _, _, _, probability, content = rows[0]
    unit = unpacked_unit(content, ja, en)
    pairs = pairings(unit)
    statuses: list[Status] = [row[6] for row in rows]
    wanted = options.statuses or frozenset({"unreviewed", "approved", "edited"})
    kept = [number for number, status in enumerate(statuses) if status in wanted]
    kept = [n for n in kept if statuses[n] != "unreviewed" or probability >= options.min_probability]
    if not kept:
        return None
    named = {number for pair in pairs for number in (pair.ja, pair.en)}
    staying = {number for n in kept for number in (pairs[n].ja, pairs[n].en)}
    variants = []
    edits = _edits(rows, kept, pairs)
    for number, variant in enumerate(unit.variants):
        if number in named and number not in staying:
            continue
        variants.append(variant._replace(segment=(edits[number],)) if number in edits else variant)
    unit = replace(unit, variants=tuple(variants))
    status = next((statuses[n] for n in kept if statuses[n] != "unreviewed"), None)
    if status is None:
        return unit
    properties = tuple(item for item in unit.properties if item.type != _STATUS)
    return replace(unit, properties=(*properties, Property(_STATUS, status)))


def _edits(rows: Sequence[tuple[Any, ...]], kept: Sequence[int], pairs: Sequence[Pairing]) -> dict[int, str]:
    """Return the texts that people changed, by the number of the variant."""
    edits = {}
    for n in kept:
        _, _, ja, en, new_ja, new_en, *_ = rows[n]
        pair = pairs[n]
        if new_ja != ja and pair.ja is not None:
            edits[pair.ja] = new_ja
        if new_en != en and pair.en is not None:
            edits[pair.en] = new_en
    return edits
