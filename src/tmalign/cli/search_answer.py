"""The answer to `tmalign search`: what the memory has like a text, or with a phrase in it. Starts at once."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tmalign.cli.lookups import entry_row, filter_of, open_lookup, visible
from tmalign.cli.output import beginning, print_message, write_text
from tmalign.errors import EmptyFileError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tmalign.memory.entries import Entry
    from tmalign.memory.lookup import Filter, Lookup, Match, Occurrence
    from tmalign.model import Language

Mode = Literal["exact", "fuzzy", "concordance"]
# What the query has and the unit has not; what the unit has and the query has not; a place found.
_PLAIN = {"out": ("[-", "-]"), "in": ("{+", "+}"), "place": ("[", "]")}
_COLOUR = {"out": ("\x1b[31;9m", "\x1b[0m"), "in": ("\x1b[32m", "\x1b[0m"), "place": ("\x1b[1;33m", "\x1b[0m")}


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """A text with its options, as the command line has them."""

    text: str
    store: Path
    exact: bool = False
    fuzzy: bool = False
    concordance: bool = False
    language: Language | None = None
    threshold: int = 70
    limit: int = 10
    collection: str | None = None
    since: str = ""
    until: str = ""
    statuses: tuple[str, ...] = ()
    min_probability: float = 0.0
    as_json: bool = False

    @property
    def mode(self) -> Mode | None:
        """Return the one mode asked for; None: fuzzy, then concordance. Raises UsageError for more than one."""
        asked = {"exact": self.exact, "fuzzy": self.fuzzy, "concordance": self.concordance}
        if sum(asked.values()) > 1:
            raise UsageError("--exact, --fuzzy and --concordance exclude each other", hint="give one of them, or none")
        return "exact" if self.exact else "fuzzy" if self.fuzzy else "concordance" if self.concordance else None


def answer(question: SearchQuestion) -> int:
    """Print what was found; return the exit code, 0 also where that is nothing.

    Raises UsageError, EmptyFileError, MissingFileError, StoreError, or what reading TMX raises.
    """
    mode = question.mode
    where = filter_of(
        question.collection, question.since, question.until, list(question.statuses), question.min_probability
    )
    queries = list(_queries(question.text))
    threshold = question.threshold
    with open_lookup(question.store) as lookup:
        for query in queries:
            found = _search(lookup, query, mode, question.language, threshold, question.limit or None, where)
            shown = _json(*found, threshold) if question.as_json else _shown(*found, headed=len(queries) > 1)
            write_text(shown)
    return 0


def _queries(text: str) -> Iterator[str]:
    """Yield the query, or the lines of standard input. Raises UsageError or EmptyFileError where there is none."""
    if text != "-":
        if not text.strip():
            raise UsageError("there is nothing to look up", hint='tmalign search "現状変更の試み"')
        yield text
        return
    lines = sys.stdin.buffer.read().decode("utf-8-sig", "surrogateescape").split("\n")
    if not any(line.strip() for line in lines):
        raise EmptyFileError("there is nothing to look up", path="-", hint="give a query a line")
    yield from (line.strip() for line in lines if line.strip())


Found = tuple[str, Mode, "Language", "list[Match] | list[Occurrence]"]


def _search(
    lookup: Lookup,
    query: str,
    mode: Mode | None,
    language: Language | None,
    threshold: int,
    limit: int | None,
    where: Filter,
) -> Found:
    from tmalign.memory.lookup import language_of  # noqa: PLC0415 - --help stays quick

    side = language or language_of(query)
    if mode != "concordance":
        least = 100 if mode == "exact" else threshold
        matches = lookup.fuzzy(query, side, threshold=least, limit=limit, where=where)
        if matches or mode is not None:
            return query, mode or "fuzzy", side, matches
    return query, "concordance", side, lookup.concordance(query, side, limit=limit, where=where)


def _json(query: str, mode: Mode, language: Language, found: Any, threshold: int) -> str:  # noqa: ANN401 - either list
    from tmalign.memory.lookup import Match  # noqa: PLC0415 - --help stays quick
    from tmalign.memory.similarity import changes  # noqa: PLC0415 - likewise

    rows: list[dict[str, Any]] = []
    for one in found:
        row: dict[str, Any] = {"percent": one.percent, "distance": one.distance} if isinstance(one, Match) else {}
        row |= entry_row(one.entry)
        if isinstance(one, Match):
            row["changes"] = [
                {"kind": c.kind, "query": [c.query_start, c.query_end], "text": [c.text_start, c.text_end]}
                for c in changes(query.strip(), one.text)
            ]
        else:
            row["spans"] = [list(span) for span in one.spans]
        rows.append(row)
    answer: dict[str, Any] = {"query": query, "language": language, "mode": mode}
    if mode != "concordance":
        answer["threshold"] = 100 if mode == "exact" else threshold
    return json.dumps(answer | {"matches": rows}, ensure_ascii=False) + "\n"


def _shown(query: str, mode: Mode, language: Language, found: Any, *, headed: bool) -> str:  # noqa: ANN401 - see above
    """Return what a person reads."""
    from tmalign.memory.lookup import Match  # noqa: PLC0415 - --help stays quick

    marks = _COLOUR if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else _PLAIN
    asked = visible(beginning(query))
    lines = [f"== {asked}"] if headed else []
    if not found:
        print_message(f"tmalign: nothing found for: {asked}")
    other: Language = "en" if language == "ja" else "ja"
    for one in found:
        text = _compared(query, one.text, marks) if isinstance(one, Match) else _placed(one, marks)
        head = f"{one.percent:3d}%  " if isinstance(one, Match) else "      "
        lines += [head + _provenance(one.entry), f"  {language}  {text}", f"  {other}  {visible(one.translation)}"]
    if found and mode == "concordance":
        lines.append(f"      {len(found)} with this phrase shown")
    return "".join(f"{line}\n" for line in lines)


def _provenance(entry: Entry) -> str:
    parts = (entry.source, entry.date, entry.status, f"{entry.probability:.3f}", f"#{entry.id}")
    return "  ".join(visible(part) for part in parts if part)


def _compared(query: str, text: str, marks: dict[str, tuple[str, str]]) -> str:
    """Return the unit's text with what differs from the query marked."""
    from tmalign.memory.similarity import changes  # noqa: PLC0415 - --help stays quick

    query = query.strip()
    parts: list[str] = []
    for change in changes(query, text):
        gone, come = query[change.query_start : change.query_end], text[change.text_start : change.text_end]
        if change.kind == "equal":
            parts.append(visible(come))
            continue
        for piece, (before, after) in ((gone, marks["out"]), (come, marks["in"])):
            if piece:
                parts.append(before + visible(piece) + after)
    return "".join(parts)


def _placed(found: Occurrence, marks: dict[str, tuple[str, str]]) -> str:
    """Return the unit's text with the places of the phrase marked."""
    parts, at = [], 0
    before, after = marks["place"]
    for start, end in found.spans:
        parts += [visible(found.text[at:start]), before, visible(found.text[start:end]), after]
        at = end
    return "".join([*parts, visible(found.text[at:])])
