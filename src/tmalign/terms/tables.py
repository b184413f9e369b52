"""Rows of the termbase tables as terms, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tmalign.memory.rows import storable
from tmalign.model import TermContext, TermEntry, TermRendering, TermStatus
from tmalign.terms.entry import TermDecision, rendering_key, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.terms.mined import MinedTerm

_MINED = "key, ja, kind, count, score, confidence, one_context, first, last, variants, acronyms, releases, contexts"
_DECIDED_RENDERING = "term, en, status, preferred, note, valid_from, valid_until, variants"


def write_mined(connection: sqlite3.Connection, terms: Iterable[MinedTerm]) -> tuple[int, int]:
    """Put these in place of the last run's; return how many were written, and how many repeated an earlier key."""
    connection.execute("DELETE FROM mined_renderings")
    connection.execute("DELETE FROM mined_terms")
    seen: set[str] = set()
    repeated = 0
    for term in terms:
        key = term_key(storable(term.ja))
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
    marks = ",".join("?" * len(keys))
    renderings: dict[str, list[TermRendering]] = {}
    for term, en, count, first, last, variants in connection.execute(
        "SELECT term, en, count, first, last, variants FROM mined_renderings"  # noqa: S608 - question marks only
        f" WHERE term IN ({marks}) ORDER BY term, position",
        keys,
    ):
        renderings.setdefault(term, []).append(TermRendering(en, count, first, last, _list_in(variants)))
    rows = connection.execute(f"SELECT {_MINED} FROM mined_terms WHERE key IN ({marks})", keys)  # noqa: S608 - likewise
    return {row[0]: _mined(row, renderings.get(row[0], ())) for row in rows}


def _mined(row: Sequence[object], renderings: Iterable[TermRendering]) -> TermEntry:
    _, ja, kind, count, score, confidence, one_context, first, last, variants, acronyms, releases, contexts = row
    return TermEntry(
        id="",  # given by the overlay
        ja=str(ja),
        kind=str(kind),
        renderings=tuple(renderings),
        count=int(str(count)),
        score=float(str(score)),
        confidence=float(str(confidence)),
        releases=_list_in(releases),
        first=str(first),
        last=str(last),
        variants=_list_in(variants),
        acronyms=_list_in(acronyms),
        one_context=bool(one_context),
        contexts=tuple(
            TermContext(ja_text, en_text, (a, b), (c, d), release, date)
            for ja_text, en_text, a, b, c, d, release, date in json.loads(str(contexts))
        ),
    )


def write_decision(connection: sqlite3.Connection, decision: TermDecision) -> None:
    """Put a decision in place of the earlier one on that phrase."""
    key = term_key(storable(decision.ja))
    connection.execute("DELETE FROM decided_renderings WHERE term = ?", (key,))
    connection.execute(
        "INSERT OR REPLACE INTO decided_terms VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            storable(decision.ja),
            decision.kind,
            int(decision.rejected),
            storable(decision.note),
            _list_out(decision.variants),
            _list_out(decision.acronyms),
        ),
    )
    forms = {term_key(storable(form)) for form in decision.variants}
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
    return [
        term for (term,) in connection.execute("SELECT term FROM decided_forms WHERE form = ? ORDER BY term", (key,))
    ]


def read_decisions(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, TermDecision]:
    """Return the decisions on these keys."""
    marks = ",".join("?" * len(keys))
    renderings: dict[str, list[TermRendering]] = {}
    for term, en, status, preferred, note, since, until, variants in connection.execute(
        f"SELECT {_DECIDED_RENDERING} FROM decided_renderings"  # noqa: S608 - question marks only
        f" WHERE term IN ({marks}) ORDER BY term, position",
        keys,
    ):
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
    rows = connection.execute(
        "SELECT key, ja, kind, rejected, note, variants, acronyms FROM decided_terms"  # noqa: S608 - likewise
        f" WHERE key IN ({marks})",
        keys,
    )
    return {
        key: TermDecision(
            ja, kind, bool(rejected), note, _list_in(variants), _list_in(acronyms), tuple(renderings.get(key, ()))
        )
        for key, ja, kind, rejected, note, variants, acronyms in rows
    }


def all_keys(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each term's key with the keys of the mined terms that belong to it, best score first, then by key.

    A mined term belongs to the decision that names it as a variant, unless it has a decision of its own.
    """
    decided = {
        key: [term_key(form) for form in _list_in(variants)]
        for key, variants in connection.execute("SELECT key, variants FROM decided_terms ORDER BY key")
    }
    mined: dict[str, float] = dict(connection.execute("SELECT key, score FROM mined_terms").fetchall())
    absorbed = {form for forms in decided.values() for form in forms if form not in decided}
    groups = {key: (key,) for key in mined if key not in absorbed}
    for key, forms in decided.items():
        groups[key] = tuple(dict.fromkeys((key, *(form for form in forms if form not in decided))))
    best = {key: max((mined.get(member, 0.0) for member in members), default=0.0) for key, members in groups.items()}
    for key in sorted(groups, key=lambda key: (-best[key], key)):
        yield key, groups[key]


def _list_out(values: Iterable[object]) -> str:
    """Return a list as JSON."""
    return storable(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")))


def _list_in(text: object) -> tuple[str, ...]:
    """Return the list of such JSON."""
    return tuple(json.loads(str(text)))
