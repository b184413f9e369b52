"""The model's types as rows of the store's tables, and back."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tmalign.memory.storable import storable
from tmalign.model import Block, BlockKind, Document, Language, Sentence, Verdict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from tmalign.model import Alignment, Release

# Lower edges of the histogram's classes; most of a good memory lies above the last two.
EDGES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release as the store knows it; the columns of table `releases`."""

    id: str
    collection: str
    date: str
    ja_path: str
    en_path: str
    ja_digest: str
    en_digest: str
    signature: str
    verdict: Verdict
    pair_probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A person's word on one pairing of texts in a release: it is right (accept) or wrong (reject)."""

    release: str
    ja: str
    en: str
    decision: Literal["accept", "reject"] = "accept"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store holds of releases.

    `histogram` counts two-sided units by probability class (`0.95-0.99`), `units_rejected` those a person rejected.
    """

    releases: int = 0
    sentences: dict[str, int] = field(default_factory=dict)
    units_by_shape: dict[str, int] = field(default_factory=dict)
    histogram: dict[str, int] = field(default_factory=dict)
    units_by_status: dict[str, int] = field(default_factory=dict)
    units_rejected: int = 0


def write_release(
    connection: sqlite3.Connection,
    release: Release,
    sentences: Mapping[Language, Sequence[Sentence]],
    alignment: Alignment,
) -> None:
    """Write a release with its two documents and its beads in place of an earlier one of that id; units stay."""
    # Not deleted and written anew: the units would go with it, and their numbers.
    connection.execute("DELETE FROM documents WHERE release = ?", (release.id,))
    connection.execute("DELETE FROM beads WHERE release = ?", (release.id,))
    connection.execute(
        "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " collection = excluded.collection, date = excluded.date, ja_path = excluded.ja_path,"
        " en_path = excluded.en_path, ja_digest = excluded.ja_digest, en_digest = excluded.en_digest,"
        " signature = excluded.signature, verdict = excluded.verdict, pair_probability = excluded.pair_probability,"
        " reason = excluded.reason",
        (
            release.id,
            release.collection,
            release.ja.date or release.en.date,
            release.ja.source,
            release.en.source,
            release.ja.digest,
            release.en.digest,
            alignment.signature,
            alignment.verdict,
            alignment.pair_probability,
            storable(alignment.reason),
        ),
    )
    for document in (release.ja, release.en):
        _write_document(connection, release.id, document, sentences[document.language])
    connection.executemany(
        "INSERT INTO beads VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (release.id, n, b.ja.start, b.ja.stop, b.en.start, b.en.stop, b.probability, b.origin)
            for n, b in enumerate(alignment.beads)
        ),
    )


def _write_document(
    connection: sqlite3.Connection, release_id: str, document: Document, sentences: Sequence[Sentence]
) -> None:
    """Write one version with its blocks and sentences."""
    key = (release_id, document.language)
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            document.id,
            storable(document.title),
            document.date,
            document.source,
            document.digest,
            document.encoding,
            json.dumps(document.warnings),
        ),
    )
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (*key, n, str(b.kind), storable(b.marker), storable(b.text), b.line, json.dumps(b.runs))
            for n, b in enumerate(document.blocks)
        ),
    )
    connection.executemany(
        "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)",
        ((*key, n, s.block, s.start, s.end) for n, s in enumerate(sentences)),
    )


def read_document(connection: sqlite3.Connection, release_id: str, language: Language) -> Document | None:
    """Return one version of a release; None where it is not there."""
    key = (release_id, language)
    row = connection.execute(
        "SELECT id, title, date, source, digest, encoding, warnings FROM documents WHERE release = ? AND language = ?",
        key,
    ).fetchone()
    if row is None:
        return None
    blocks = tuple(
        Block(BlockKind(kind), marker, text, line, tuple((a, b) for a, b in json.loads(runs)))
        for kind, marker, text, line, runs in connection.execute(
            "SELECT kind, marker, text, line, runs FROM blocks WHERE release = ? AND language = ? ORDER BY number", key
        )
    )
    name, title, date, source, digest, encoding, warnings = row
    return Document(name, language, title, date, blocks, source, digest, encoding, tuple(json.loads(warnings)))


def count(connection: sqlite3.Connection) -> Counts:
    """Count what came from releases."""
    (releases,) = connection.execute("SELECT count(*) FROM releases").fetchone()
    sentences = dict(connection.execute("SELECT language, count(*) FROM sentences GROUP BY language").fetchall())
    shapes = connection.execute(
        "SELECT shape, count(*) FROM units WHERE release IS NOT NULL GROUP BY shape ORDER BY shape"
    ).fetchall()
    statuses = connection.execute(
        "SELECT e.status, count(*) FROM units u JOIN entries e ON e.id = u.id WHERE u.release IS NOT NULL"
        " GROUP BY e.status ORDER BY e.status"
    ).fetchall()
    (rejected,) = connection.execute(
        "SELECT count(*) FROM decisions d JOIN units u ON u.decision = d.id"
        " WHERE d.verdict = 'reject' AND u.release IS NOT NULL AND u.ja <> '' AND u.en <> ''"
    ).fetchone()
    probabilities = connection.execute(
        "SELECT probability FROM units WHERE ja <> '' AND en <> '' AND release IS NOT NULL"
    )
    classes = Counter(bisect_right(EDGES, probability) - 1 for (probability,) in probabilities)
    names = [f"{low:.2f}-{high:.2f}" for low, high in zip(EDGES, (*EDGES[1:], 1.0), strict=True)]
    return Counts(
        releases=releases,
        sentences={language: sentences.get(language, 0) for language in ("ja", "en")},
        units_by_shape=dict(shapes),
        histogram={name: classes[number] for number, name in enumerate(names)},
        units_by_status=dict(statuses),
        units_rejected=rejected,
    )
