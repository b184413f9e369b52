"""The table of the words that the first pass over every release paired: see `corpus_words`."""

from __future__ import annotations

CORPUS_WORDS: tuple[str, ...] = (
    """
CREATE TABLE first_passes (           -- what the first pass over a release paired, as words
  release TEXT PRIMARY KEY,           -- releases.id; the release itself is written by the second pass
  made    TEXT NOT NULL,              -- digests of the two files, their paths, aligner, options and decisions
  pairs   INTEGER NOT NULL,           -- number of pairs
  digest  TEXT NOT NULL,              -- of words
  words   BLOB NOT NULL               -- JSON list of [Japanese words, English words, weight], compressed (zlib)
) WITHOUT ROWID
""",
)
