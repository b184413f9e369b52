"""The tables of the termbase: what mining found, what people decided, and an index over both.

Mining replaces its own tables whole and never touches the decisions; what a person sees is the one laid over
the other. The index can always be made again from the two.
"""

from __future__ import annotations

TERMBASE: tuple[str, ...] = (
    """
CREATE TABLE mined_terms (             -- the last mining run
  key         TEXT PRIMARY KEY,        -- the Japanese phrase in one width, kana and case
  ja          TEXT NOT NULL,
  kind        TEXT NOT NULL,           -- phrase, concept, organisation, title, treaty, boilerplate
  count       INTEGER NOT NULL,        -- units with the phrase and one of its renderings
  score       REAL NOT NULL,           -- ranks; no unit
  confidence  REAL NOT NULL,           -- probability that the pair is right
  one_context INTEGER NOT NULL,        -- 1: only ever seen inside the same longer text
  first       TEXT NOT NULL,           -- YYYY-MM-DD, or empty
  last        TEXT NOT NULL,
  variants    TEXT NOT NULL,           -- JSON list: other written forms of the Japanese
  acronyms    TEXT NOT NULL,           -- JSON list: short forms of the English
  releases    TEXT NOT NULL,           -- JSON list of release ids
  contexts    TEXT NOT NULL            -- JSON list of [ja, en, ja start, ja end, en start, en end, release, date]
) WITHOUT ROWID
""",
    """
CREATE TABLE mined_renderings (
  term     TEXT NOT NULL REFERENCES mined_terms (key) ON DELETE CASCADE,
  key      TEXT NOT NULL,              -- the English in one width and case
  position INTEGER NOT NULL,           -- best first, from 0
  en       TEXT NOT NULL,
  count    INTEGER NOT NULL,
  first    TEXT NOT NULL,
  last     TEXT NOT NULL,
  variants TEXT NOT NULL,              -- JSON list: surface forms counted with it
  PRIMARY KEY (term, key)
) WITHOUT ROWID
""",
    """
CREATE TABLE decided_terms (           -- what people said of a phrase as a whole; mining never changes it
  key      TEXT PRIMARY KEY,           -- the Japanese phrase in one width, kana and case
  ja       TEXT NOT NULL,
  kind     TEXT NOT NULL,              -- empty: as mining has it
  rejected INTEGER NOT NULL,           -- 1: no term, and not to be offered again
  note     TEXT NOT NULL,
  variants TEXT NOT NULL,              -- JSON list: Japanese forms that belong to it, mined ones among them
  acronyms TEXT NOT NULL
) WITHOUT ROWID
""",
    """
CREATE TABLE decided_forms (           -- the variants of decided_terms one by one, to find whose a mined phrase is
  form TEXT NOT NULL,                  -- in one width, kana and case
  term TEXT NOT NULL REFERENCES decided_terms (key) ON DELETE CASCADE,
  PRIMARY KEY (form, term)
) WITHOUT ROWID
""",
    """
CREATE TABLE decided_renderings (
  term        TEXT NOT NULL REFERENCES decided_terms (key) ON DELETE CASCADE,
  key         TEXT NOT NULL,           -- the English in one width and case
  position    INTEGER NOT NULL,        -- order of the decisions of a term, from 0
  en          TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('candidate', 'approved', 'deprecated', 'forbidden', 'rejected')),
  preferred   INTEGER NOT NULL,        -- 1: the one to use
  note        TEXT NOT NULL,
  valid_from  TEXT NOT NULL,           -- YYYY-MM-DD, or empty
  valid_until TEXT NOT NULL,
  variants    TEXT NOT NULL,           -- JSON list: English forms that count as this one
  PRIMARY KEY (term, key)
) WITHOUT ROWID
""",
    """
CREATE TABLE term_forms (              -- index: every form of every term, to find terms by
  number   INTEGER PRIMARY KEY,        -- term_grams may hold numbers that are gone or given anew: look again
  term     TEXT NOT NULL,              -- key of the term that a person sees
  language TEXT NOT NULL,
  form     TEXT NOT NULL               -- in one width, kana and case
)
""",
    "CREATE INDEX term_forms_by_form ON term_forms (form)",
    "CREATE INDEX term_forms_by_term ON term_forms (term)",
    """
CREATE TABLE term_grams (              -- index: which forms hold two characters side by side
  gram  TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  forms BLOB NOT NULL                  -- numbers of term_forms, rising, four bytes each, low byte first; or a bitmap
) WITHOUT ROWID
""",
    """
CREATE TABLE terms_left (              -- what review offered and a person passed over, so that it can go on from there
  term TEXT PRIMARY KEY
) WITHOUT ROWID
""",
)

# What an imported file tells of use stands beside the decisions until mining finds the term.
TERM_USES: tuple[str, ...] = ("ALTER TABLE decided_terms ADD COLUMN uses TEXT NOT NULL DEFAULT ''",)

# What ranks the forms that hold a query, beside them; and how far the forms are numbered in order of length. Lists of
# an older index go on being read: they have four bytes a number, bitmaps have fewer.
TERM_RANKS: tuple[str, ...] = (
    "ALTER TABLE term_forms ADD COLUMN uses INTEGER NOT NULL DEFAULT 0",
    """
UPDATE term_forms SET uses =
  coalesce((SELECT sum(count) FROM mined_terms WHERE key = term OR key IN (
    SELECT form FROM decided_forms AS lent
    WHERE lent.term = term_forms.term AND form NOT IN (SELECT key FROM decided_terms)
  )), (SELECT CAST(substr(uses, instr(uses, '"count":') + 8) AS INTEGER) FROM decided_terms WHERE key = term), 0)
""",
    """
CREATE TABLE term_index (              -- one row
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  ordered INTEGER NOT NULL             -- up to this number, forms are numbered the shortest first
)
""",
    "INSERT INTO term_index VALUES (1, 0)",
    # Terms of equal score, those of a file that tells none among them, are shown in the order in which they came.
    "ALTER TABLE decided_terms ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
)
