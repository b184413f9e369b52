"""The tables of the store, and how an older file is brought up to date.

Two numbers in the file's header say whose it is and how old: `application_id` and `user_version`.
Each migration is a tuple of statements that takes the file from one version to the next; a file is only
ever changed by adding a migration here. The comments inside the statements are kept in the file, so that
`.schema` in any SQLite tool explains the columns.
"""

from __future__ import annotations

import sqlite3
import time

from tmalign.memory.places import place
from tmalign.memory.schema_review import REVIEW
from tmalign.memory.schema_terms import TERM_RANKS, TERM_USES, TERMBASE
from tmalign.memory.schema_words import CORPUS_WORDS

# "TMAL" in ASCII.
APPLICATION_ID = 0x544D414C

_FIRST = (
    """
CREATE TABLE corpus (                 -- one row: what this store is the memory of
  only INTEGER PRIMARY KEY CHECK (only = 1),
  name TEXT NOT NULL                  -- the folder's own name, not its place
)
""",
    """
CREATE TABLE releases (
  id               TEXT PRIMARY KEY,  -- path under the corpus without language and type, with slashes
  collection       TEXT NOT NULL,     -- the folder part of id; empty at the top
  date             TEXT NOT NULL,     -- YYYY-MM-DD, or empty where neither page says
  ja_path          TEXT NOT NULL,     -- the two files, relative to the corpus
  en_path          TEXT NOT NULL,
  ja_digest        TEXT NOT NULL,     -- SHA-256 of their bytes, hexadecimal
  en_digest        TEXT NOT NULL,
  signature        TEXT NOT NULL,     -- version, model, lexicon and options that made the alignment
  verdict          TEXT NOT NULL CHECK (verdict IN ('translation', 'partial', 'unrelated')),
  pair_probability REAL NOT NULL,     -- that the two are translations of each other
  reason           TEXT NOT NULL      -- why the verdict is not 'translation'; may be empty
) WITHOUT ROWID
""",
    """
CREATE TABLE documents (
  release  TEXT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
  language TEXT NOT NULL CHECK (language IN ('ja', 'en')),
  id       TEXT NOT NULL,
  title    TEXT NOT NULL,
  date     TEXT NOT NULL,             -- as this page says it
  source   TEXT NOT NULL,
  digest   TEXT NOT NULL,
  encoding TEXT NOT NULL,             -- the bytes were decoded with this
  warnings TEXT NOT NULL,             -- JSON list of sentences for a person
  PRIMARY KEY (release, language)
) WITHOUT ROWID
""",
    """
CREATE TABLE blocks (
  release  TEXT NOT NULL,
  language TEXT NOT NULL,
  number   INTEGER NOT NULL,          -- reading order, from 0
  kind     TEXT NOT NULL,             -- title, heading, paragraph, item...
  marker   TEXT NOT NULL,             -- what stood before the text: (1), ・
  text     TEXT NOT NULL,
  line     INTEGER NOT NULL,          -- line of the file, from 1; 0 unknown
  runs     TEXT NOT NULL,             -- JSON list of [offset in text, offset in the decoded file]
  PRIMARY KEY (release, language, number),
  FOREIGN KEY (release, language) REFERENCES documents (release, language) ON DELETE CASCADE
) WITHOUT ROWID
""",
    """
CREATE TABLE sentences (
  release    TEXT NOT NULL,
  language   TEXT NOT NULL,
  number     INTEGER NOT NULL,        -- reading order in the document, from 0
  block      INTEGER NOT NULL,        -- blocks.number
  start_char INTEGER NOT NULL,        -- characters start_char to end_char (exclusive) of the block's text
  end_char   INTEGER NOT NULL,
  PRIMARY KEY (release, language, number),
  FOREIGN KEY (release, language, block) REFERENCES blocks (release, language, number) ON DELETE CASCADE
) WITHOUT ROWID
""",
    """
CREATE TABLE beads (
  release     TEXT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,       -- order in the release, from 0
  ja_start    INTEGER NOT NULL,       -- sentences.number, ja_start to ja_stop (exclusive); equal: no sentence
  ja_stop     INTEGER NOT NULL,
  en_start    INTEGER NOT NULL,
  en_stop     INTEGER NOT NULL,
  probability REAL NOT NULL,          -- posterior probability of exactly this bead
  origin      TEXT NOT NULL,          -- machine, or pin (a human decision)
  PRIMARY KEY (release, position)
) WITHOUT ROWID
""",
    """
CREATE TABLE units (
  release     TEXT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,       -- order in the release; the bead of the same position
  ja          TEXT NOT NULL,          -- the two texts, trimmed; one is empty for a one-sided unit
  en          TEXT NOT NULL,
  probability REAL NOT NULL,
  shape       TEXT NOT NULL,          -- sentences a side, Japanese first: 1-2
  origin      TEXT NOT NULL,
  ja_spans    TEXT NOT NULL,          -- JSON list of [block, start, end]
  en_spans    TEXT NOT NULL,
  PRIMARY KEY (release, position)
) WITHOUT ROWID
""",
    """
CREATE TABLE pins (                   -- human decisions; no reference to releases, so that they outlive a rebuild
  release  TEXT NOT NULL,             -- releases.id, whether or not it is there at the moment
  ja       TEXT NOT NULL,             -- the texts decided on: they find their place again in changed pages
  en       TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accept', 'reject')),
  note     TEXT NOT NULL,
  PRIMARY KEY (release, ja, en)
) WITHOUT ROWID
""",
    """
CREATE TABLE skipped (                -- inputs that the last run left out
  number  INTEGER PRIMARY KEY,        -- order in the report
  kind    TEXT NOT NULL,              -- skipped or unpaired
  path    TEXT NOT NULL,
  code    TEXT NOT NULL,              -- the reason in one stable word
  message TEXT NOT NULL,
  hint    TEXT NOT NULL
)
""",
    """
CREATE TABLE outputs (                -- files the last run wrote for single releases; a later run removes stale ones
  path TEXT PRIMARY KEY               -- relative to the folder of the store
) WITHOUT ROWID
""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, REVIEW, TERMBASE, TERM_USES, CORPUS_WORDS, TERM_RANKS)


class ForeignFileError(Exception):
    """The file is an SQLite database of something else."""


class NewerSchemaError(Exception):
    """The file was written by a later version of this package."""


def prepare(connection: sqlite3.Connection, patience: float) -> None:
    """Make the tables in a new file, or bring an older one up to date; change nothing in any other.

    Waits up to `patience` seconds for another process that does the same.

    Raises ForeignFileError, NewerSchemaError, or whatever sqlite3 raises.
    """
    check(connection)
    # By which decisions find their units, in migrations too.
    connection.create_function("place", 2, place, deterministic=True)
    # Set only now: it is written into the file, which must be ours.
    _keep_log(connection, patience)
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again: another process may have been faster.
        for migration in MIGRATIONS[_version(connection) :]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _keep_log(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to a write-ahead log. SQLite itself does not wait for a lock here, so this does."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def check(connection: sqlite3.Connection) -> None:
    """Raise ForeignFileError for a file that is not ours, NewerSchemaError for one that is too new."""
    # In this order: another process may make the tables in between, and signs them in the same transaction.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if owner != APPLICATION_ID and (owner or tables):
        raise ForeignFileError
    if _version(connection) > len(MIGRATIONS):
        raise NewerSchemaError


def _version(connection: sqlite3.Connection) -> int:
    """Return how many migrations the file has seen."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
