"""What the first pass over every release paired, as words: what a lexicon of the whole corpus is learned from."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING, NamedTuple

from tmalign.memory.storable import storable
from tmalign.model import WordPair

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence


class Chosen(NamedTuple):
    """The releases whose words are learned from, by id, and a digest of all their words."""

    releases: tuple[str, ...]
    digest: str


def is_made(connection: sqlite3.Connection, release: str, made: str) -> bool:
    """Tell whether the words of a release are there and were made from just this."""
    row = connection.execute("SELECT made FROM first_passes WHERE release = ?", (storable(release),)).fetchone()
    return row is not None and row[0] == made


def write_words(connection: sqlite3.Connection, release: str, made: str, words: Sequence[WordPair]) -> None:
    """Keep the words of a release in place of earlier ones."""
    told = json.dumps(words, separators=(",", ":")).encode()
    row = (storable(release), made, len(words), hashlib.sha256(told).hexdigest(), zlib.compress(told, 1))
    connection.execute("INSERT OR REPLACE INTO first_passes VALUES (?, ?, ?, ?, ?)", row)


def remove_words(connection: sqlite3.Connection, kept: Collection[str]) -> None:
    """Remove the words of every release but these."""
    names = {storable(name) for name in kept}
    gone = [row for row in connection.execute("SELECT release FROM first_passes") if row[0] not in names]
    connection.executemany("DELETE FROM first_passes WHERE release = ?", gone)


def choose(connection: sqlite3.Connection, most: int) -> Chosen:
    """Choose releases with about `most` pairs in all, the same ones whatever the order they came in.

    They are taken by a hash of their ids, so that a release more or less changes little of the choice.
    """
    found = connection.execute("SELECT release, pairs, digest FROM first_passes WHERE pairs > 0").fetchall()
    found.sort(key=lambda row: hashlib.sha256(row[0].encode()).digest())
    total, chosen = 0, []
    for release, pairs, digest in found:
        if total >= most:
            break
        total += pairs
        chosen.append((release, digest))
    chosen.sort()
    return Chosen(tuple(release for release, _ in chosen), _digest(chosen))


def read_words(connection: sqlite3.Connection, chosen: Chosen, most: int) -> tuple[WordPair, ...] | None:
    """Return the words of the chosen releases, in their order; None where they are not what was chosen any more.

    Of more than `most` the first are returned: a single release may be as long as many.
    """
    found: list[WordPair] = []
    digests = []
    for release in chosen.releases:
        row = connection.execute("SELECT digest, words FROM first_passes WHERE release = ?", (release,)).fetchone()
        if row is None:
            return None
        digests.append((release, row[0]))
        found += [WordPair(tuple(ja), tuple(en), weight) for ja, en, weight in json.loads(zlib.decompress(row[1]))]
    return tuple(found[:most]) if _digest(digests) == chosen.digest else None


def _digest(chosen: Sequence[tuple[str, str]]) -> str:
    """Return a short digest of releases and the digests of their words."""
    return hashlib.sha256(repr(chosen).encode()).hexdigest()[:12]
