"""The second migration: units of any origin under lasting numbers, what people decided, and a log of changes."""

from __future__ import annotations

REVIEW: tuple[str, ...] = (
    """
CREATE TABLE state (                  -- one row: how often and since when this file's entries changed
  only       INTEGER PRIMARY KEY CHECK (only = 1),
  generation TEXT NOT NULL,           -- another one after a restore: what was derived from the file is void
  revision   INTEGER NOT NULL         -- rises with every transaction that changes entries
)
""",
    "INSERT INTO state VALUES (1, lower(hex(randomblob(8))), 1)",
    """
CREATE TABLE memories (               -- a row a TMX file that was imported
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  name            TEXT NOT NULL,      -- the file's name without its folder
  digest          TEXT NOT NULL UNIQUE, -- SHA-256 of its bytes, hexadecimal
  collection      TEXT NOT NULL,      -- what its units are filed under
  imported        TEXT NOT NULL,      -- when the import began: YYYY-MM-DDThh:mm:ssZ
  person          TEXT NOT NULL,      -- who imported it
  tool            TEXT NOT NULL,      -- creationtool of the header, with its version
  source_language TEXT NOT NULL,      -- srclang of the header, as written
  header          TEXT NOT NULL,      -- JSON: the whole header
  languages       TEXT NOT NULL,      -- JSON: language tag as written -> number of texts
  counts          TEXT NOT NULL,      -- JSON: what came in and what was passed over, by reason
  position        INTEGER NOT NULL,   -- so many tu elements are in; an interrupted import goes on there
  finished        INTEGER NOT NULL CHECK (finished IN (0, 1)),
  hidden          INTEGER NOT NULL CHECK (hidden IN (0, 1)) -- 1: the import was undone; its units are not shown
)
""",
    """
CREATE TABLE contents (               -- the rest of an imported tu: what its units' columns do not hold
  memory   INTEGER NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- units.position
  content  TEXT NOT NULL,             -- JSON: attributes, notes, props, all texts with their inline elements
  PRIMARY KEY (memory, position)
) WITHOUT ROWID
""",
    """
CREATE TABLE decisions (              -- what people decided; no reference to units, so that it outlives a rebuild
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  release TEXT NOT NULL,              -- releases.id, there at the moment or not; empty for an imported unit
  memory  TEXT NOT NULL,              -- memories.name, likewise; empty for a unit of a release
  place   TEXT NOT NULL,              -- both texts, of a release without width and white space: finds its unit
  ja      TEXT NOT NULL,              -- the texts decided on, as the machine or the file has them
  en      TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'edit', 'reject')),
  new_ja  TEXT NOT NULL,              -- the texts to use from now on; as ja and en unless verdict is edit
  new_en  TEXT NOT NULL,
  person  TEXT NOT NULL,
  decided TEXT NOT NULL,              -- YYYY-MM-DDThh:mm:ssZ, or empty in a decision from before there were dates
  note    TEXT NOT NULL,
  UNIQUE (release, memory, place)
)
""",
    """
INSERT INTO decisions (release, memory, place, ja, en, verdict, new_ja, new_en, person, decided, note)
SELECT release, '', place(ja, en), ja, en, CASE decision WHEN 'accept' THEN 'approve' ELSE 'reject' END,
  ja, en, '', '', note
FROM pins WHERE true ORDER BY release, ja, en
ON CONFLICT DO UPDATE SET verdict = excluded.verdict, note = excluded.note
""",
    "DROP TABLE pins",
    "ALTER TABLE units RENAME TO aligned_units",
    """
CREATE TABLE units (
  id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never given to another unit
  release     TEXT REFERENCES releases (id) ON DELETE CASCADE,     -- of an aligned unit
  memory      INTEGER REFERENCES memories (id) ON DELETE CASCADE,  -- of an imported unit
  position    INTEGER NOT NULL,       -- order in the release (the bead of the same position) or file, from 0
  variant     INTEGER NOT NULL,       -- 0; more where an imported tu has several texts of one language
  ja          TEXT NOT NULL,          -- the two texts, trimmed, never edited; one is empty for a one-sided unit
  en          TEXT NOT NULL,
  date        TEXT,                   -- of an imported unit: YYYY-MM-DD or empty; of an aligned one see releases
  probability REAL NOT NULL,          -- 1 for an imported unit
  shape       TEXT NOT NULL,          -- sentences a side, Japanese first: 1-2; empty for an imported unit
  origin      TEXT NOT NULL,          -- machine, pin (a human decision) or import
  ja_spans    TEXT NOT NULL,          -- JSON list of [block, start, end]
  en_spans    TEXT NOT NULL,
  decision    INTEGER REFERENCES decisions (id) ON DELETE SET NULL, -- found by release or memory, and place
  revision    INTEGER NOT NULL,       -- state.revision at the last change of this row or its decision
  CHECK ((release IS NULL) <> (memory IS NULL))
)
""",
    """
INSERT INTO units (release, position, variant, ja, en, probability, shape, origin, ja_spans, en_spans, revision)
SELECT release, position, 0, ja, en, probability, shape, origin, ja_spans, en_spans, 1
FROM aligned_units ORDER BY release, position
""",
    "DROP TABLE aligned_units",
    """
UPDATE units SET decision =
  (SELECT id FROM decisions d WHERE d.release = units.release AND d.memory = '' AND d.place = place(units.ja, units.en))
WHERE release IN (SELECT release FROM decisions)
""",
    "CREATE UNIQUE INDEX units_by_release ON units (release, position, variant) WHERE release IS NOT NULL",
    "CREATE UNIQUE INDEX units_by_memory ON units (memory, position, variant) WHERE memory IS NOT NULL",
    "CREATE INDEX units_by_revision ON units (revision)",
    "CREATE INDEX units_by_decision ON units (decision) WHERE decision IS NOT NULL",
    """
CREATE TABLE removals (               -- units that are gone, for whoever keeps an index of them
  unit     INTEGER PRIMARY KEY,       -- the former units.id
  revision INTEGER NOT NULL           -- state.revision at the time
)
""",
    "CREATE INDEX removals_by_revision ON removals (revision)",
    """
CREATE TRIGGER units_removed AFTER DELETE ON units BEGIN
  INSERT OR REPLACE INTO removals SELECT OLD.id, revision FROM state;
END
""",
    """
CREATE TABLE log (                    -- a row a change: import, build, decision, undo, restore
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        TEXT NOT NULL,            -- YYYY-MM-DDThh:mm:ssZ
  person    TEXT NOT NULL,
  action    TEXT NOT NULL,            -- import, build, approve, edit, reject, undo, restore
  subject   TEXT NOT NULL,            -- file, corpus or unit that was changed
  detail    TEXT NOT NULL,            -- JSON: counts; for a decision what was there before
  finished  INTEGER NOT NULL CHECK (finished IN (0, 1)), -- 0: under way, or killed
  undone_by INTEGER REFERENCES log (id) -- the change that took this one back
)
""",
    """
CREATE TABLE replaced (               -- releases as they were before the last build, to take it back
  change  INTEGER NOT NULL REFERENCES log (id),
  release TEXT NOT NULL,
  before  BLOB,                       -- its rows in all tables, compressed JSON; NULL where it was new
  PRIMARY KEY (change, release)
) WITHOUT ROWID
""",
    """
CREATE VIEW entries AS                -- every unit that is shown, as people left it
SELECT u.id,
  CASE d.verdict WHEN 'edit' THEN d.new_ja ELSE u.ja END AS ja,
  CASE d.verdict WHEN 'edit' THEN d.new_en ELSE u.en END AS en,
  coalesce(r.collection, m.collection) AS collection,
  coalesce(u.date, r.date, '') AS date,
  u.probability,
  CASE d.verdict WHEN 'approve' THEN 'approved' WHEN 'edit' THEN 'edited' WHEN 'reject' THEN 'rejected'
    ELSE 'unreviewed' END AS status,
  u.origin,
  coalesce(u.release, m.name) AS source,
  u.position,
  u.revision
FROM units u
LEFT JOIN releases r ON r.id = u.release
LEFT JOIN memories m ON m.id = u.memory
LEFT JOIN decisions d ON d.id = u.decision
WHERE m.hidden IS NOT 1
""",
)
