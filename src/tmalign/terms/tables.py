"""Rows of the termbase tables as terms, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tmalign.formats.term_rows import as_row, from_row
from tmalign.memory.storable import storable
from tmalign.term_model import TermContext, TermEntry, TermRendering, TermStatus
from tmalign.terms.entry import TermDecision, rendering_key, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.terms.mined import MinedTerm

# SQLite takes so many values a statement at least.
_BATCH = 500

_MINED = "key, ja, kind, count, score, confidence, one_context, first, last, variants, acronyms, releases, contexts"
_DECIDED_RENDERING = "term, en, status, preferred, note, valid_from, valid_until, variants"


def key_of(ja: str) -> str:
    """Return the key of a phrase as the tables have it: lone surrogates, which UTF-8 cannot hold, replaced."""
    return term_key(storable(ja))


def write_mined(connection: sqlite3.Connection, terms: Iterable[MinedTerm]) -> tuple[int, int]:
    """Put these in place of the last run's; return how many were written, and how many repeated an earlier key."""
    connection.execute("DELETE FROM mined_renderings")
    connection.execute("DELETE FROM mined_terms")
    seen: set[str] = set()
    repeated = 0
    for term in terms:
        key = key_of(term.ja)
        if not key or key in seen:
            repeated += 1
            continue
        seen.add(key)
        connection.execute(
            "INSERT INTO mined_terms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key,
                storable(term.ja),
                term.kind,
                term.count,
                term.score,
                term.confidence,
                int(term.one_context),
                term.first,
                term.last,
                _list_out(term.variants),
                _list_out(term.acronyms),
                _list_out(term.releases),
                _list_out([e.ja, e.en, *e.ja_span, *e.en_span, e.release, e.date] for e in term.examples),
            ),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO mined_renderings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (key, rendering_key(storable(r.en)), n, storable(r.en), r.count, r.first, r.last, _list_out(r.variants))
                for n, r in enumerate(term.renderings)
            ),
        )
    return len(seen), repeated


def read_mined(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, TermEntry]:
    """Return the mined terms of these keys, contexts included."""
    renderings: dict[str, list[TermRendering]] = {}
    query = "SELECT term, en, count, first, last, variants FROM mined_renderings WHERE term IN ({}) ORDER BY position"
    for term, en, count, first, last, variants in _rows(connection, query, keys):
        renderings.setdefault(term, []).append(TermRendering(en, count, first, last, _list_in(variants)))
    rows = _rows(connection, f"SELECT {_MINED} FROM mined_terms WHERE key IN ({{}})", keys)  # noqa: S608 - no input
    return {row[0]: _mined(row, renderings.get(row[0], ())) for row in rows}


def _mined(row: Sequence[Any], renderings: Iterable[TermRendering]) -> TermEntry:
    _, ja, kind, count, score, confidence, one_context, first, last, variants, acronyms, releases, contexts = row
    return TermEntry(
        id="",  # given by the overlay
        ja=ja,
        kind=kind,
        renderings=tuple(renderings),
        count=count,
        score=score,
        confidence=confidence,
        releases=_list_in(releases),
        first=first,
        last=last,
        variants=_list_in(variants),
        acronyms=_list_in(acronyms),
        one_context=bool(one_context),
        contexts=tuple(
            TermContext(ja_text, en_text, (a, b), (c, d), release, date)
            for ja_text, en_text, a, b, c, d, release, date in json.loads(contexts)
        ),
    )


def write_decision(connection: sqlite3.Connection, decision: TermDecision) -> None:
    """Put a decision in place of the earlier one on that phrase."""
    key = key_of(decision.ja)
    place = (
        "SELECT coalesce((SELECT position FROM decided_terms WHERE key = ?), max(position) + 1, 1) FROM decided_terms"
    )
    (position,) = connection.execute(place, (key,)).fetchone()
    connection.execute("DELETE FROM decided_renderings WHERE term = ?", (key,))
    connection.execute(
        "INSERT OR REPLACE INTO decided_terms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            storable(decision.ja),
            decision.kind,
            int(decision.rejected),
            storable(decision.note),
            _list_out(decision.variants),
            _list_out(decision.acronyms),
            "" if decision.uses is None else storable(_row_out(decision.uses)),
            position,
        ),
    )
    forms = {key_of(form) for form in decision.variants}
    connection.execute("DELETE FROM decided_forms WHERE term = ?", (key,))
    connection.executemany("INSERT INTO decided_forms VALUES (?, ?)", ((form, key) for form in sorted(forms)))
    connection.executemany(
        "INSERT OR REPLACE INTO decided_renderings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                key,
                rendering_key(storable(r.en)),
                n,
                storable(r.en),
                str(r.status),
                int(r.preferred),
                storable(r.note),
                r.valid_from,
                r.valid_until,
                _list_out(r.variants),
            )
            for n, r in enumerate(decision.renderings)
        ),
    )


def owners(connection: sqlite3.Connection, key: str) -> list[str]:
    """Return the keys of the decisions that name this form as a variant, in order."""
    found = connection.execute("SELECT term FROM decided_forms WHERE form = ? ORDER BY term", (key,))
    return [term for (term,) in found]


def named(connection: sqlite3.Connection, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that a decision names as a variant."""
    return {form for (form,) in _rows(connection, "SELECT form FROM decided_forms WHERE form IN ({})", keys)}


def decided(connection: sqlite3.Connection, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that have a decision of their own."""
    return {key for (key,) in _rows(connection, "SELECT key FROM decided_terms WHERE key IN ({})", keys)}


def indexed(connection: sqlite3.Connection, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that are forms of terms."""
    query = "SELECT form FROM term_forms WHERE language = 'ja' AND form IN ({})"
    return {form for (form,) in _rows(connection, query, keys)}


def read_decisions(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, TermDecision]:
    """Return the decisions on these keys."""
    renderings: dict[str, list[TermRendering]] = {}
    query = f"SELECT {_DECIDED_RENDERING} FROM decided_renderings WHERE term IN ({{}}) ORDER BY position"  # noqa: S608 - no input
    for term, en, status, preferred, note, since, until, variants in _rows(connection, query, keys):
        renderings.setdefault(term, []).append(
            TermRendering(
                en,
                variants=_list_in(variants),
                status=TermStatus(status),
                preferred=bool(preferred),
                note=note,
                valid_from=since,
                valid_until=until,
            )
        )
    query = "SELECT key, ja, kind, rejected, note, variants, acronyms, uses FROM decided_terms WHERE key IN ({})"
    rows = _rows(connection, query, keys)
    return {
        key: TermDecision(
            ja,
            kind,
            bool(rejected),
            note,
            _list_in(variants),
            _list_in(acronyms),
            tuple(renderings.get(key, ())),
            from_row(json.loads(uses)) if uses else None,
        )
        for key, ja, kind, rejected, note, variants, acronyms, uses in rows
    }


def all_keys(connection: sqlite3.Connection) -> list[str]:
    """Return the keys of all terms that a person sees, best score first, then as they were decided on, then by key."""
    rows = connection.execute(
        "SELECT key, score FROM mined_terms WHERE key IN (SELECT key FROM decided_terms)"
        " OR key NOT IN (SELECT form FROM decided_forms)"
    )
    best: dict[str, float] = dict(rows.fetchall())
    positions: dict[str, int] = {}
    for key, uses, position in connection.execute("SELECT key, uses, position FROM decided_terms"):
        positions[key] = position
        if key not in best:
            best[key] = json.loads(uses)["score"] if uses else 0.0
    lent = connection.execute(
        "SELECT f.term, m.score FROM decided_forms f JOIN mined_terms m ON m.key = f.form"
        " WHERE f.form NOT IN (SELECT key FROM decided_terms)"
    )
    for term, score in lent:
        best[term] = max(best[term], score)
    return sorted(best, key=lambda key: (-best[key], positions.get(key, 0), key))


def _list_out(values: Iterable[object]) -> str:
    """Return a list as JSON."""
    return storable(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")))


def _row_out(entry: TermEntry) -> str:
    """Return a term as JSON."""
    return json.dumps(as_row(entry, contexts=len(entry.contexts)), ensure_ascii=False, separators=(",", ":"))


def _list_in(text: str) -> tuple[str, ...]:
    """Return the list of such JSON."""
    return () if text == "[]" else tuple(json.loads(text))


def _rows(connection: sqlite3.Connection, query: str, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query with `{}` for the question marks, asked in parts: SQLite bounds how many there are."""
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        yield from connection.execute(query.format(",".join("?" * len(part))), part)
