"""The answer to `tmalign term`. Imports nothing that takes time: a person asks this many times a day."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tmalign.cli.output import beginning, write_text
from tmalign.cli.stores import open_file
from tmalign.errors import UsageError
from tmalign.terms.concordance import concordance, contexts, line, plain
from tmalign.terms.entry import as_json
from tmalign.terms.search import QUALITIES, search
from tmalign.terms.termbase import Termbase

if TYPE_CHECKING:
    from pathlib import Path

    from tmalign.memory.storefile import StoreFile
    from tmalign.term_model import TermContext, TermEntry, TermRendering
    from tmalign.terms.search import Match

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class TermQuestion(NamedTuple):
    """A query with its options, as the command line has them."""

    query: str
    store: Path
    context: int = 2
    limit: int = 10
    since: str = ""
    kind: str = ""
    match: str = "auto"
    as_json: bool = False


def answer(question: TermQuestion) -> int:
    """Print the answer; return the exit code: 0 something was found, 1 nothing.

    Raises UsageError, MissingFileError, UnreadableFileError, StoreError.
    """
    if question.since and not _DATE.fullmatch(question.since):
        raise UsageError(f"--since {question.since}: not a date", hint="write 2024, 2024-06 or 2024-06-30")
    if not question.query.strip():
        raise UsageError("the query is empty", hint='tmalign term "現状変更の試み"')
    with open_file(question.store) as store:
        found = _search(store, question)
        if question.as_json:
            write_text(_json(store, found, question))
        elif found:
            write_text(_text(store, found, question))
        sure = bool(found) and found[0].quality in {"exact", "part"}
        most = max(question.context, 1)
        hits = [] if sure else concordance(store, question.query, since=question.since, limit=most)
    if not sure:
        _say_how(question.query, found, hits, shown=not question.as_json)
    if hits and not question.as_json:
        write_text("".join(map(context_lines, hits)))
    return 0 if found or hits else 1


def _search(store: StoreFile, question: TermQuestion) -> list[Match]:
    kind, since = question.kind, question.since

    def keep(entry: TermEntry) -> bool:
        return not entry.rejected and kind in {"", entry.kind} and (not since or entry.last >= since)

    qualities = QUALITIES if question.match == "auto" else [name for name in QUALITIES if name == question.match]
    entries = Termbase(store).by_keys
    found = search(store, question.query, entries, qualities=qualities, keep=keep, limit=question.limit)
    return [one._replace(entry=_shown(one.entry, since)) for one in found]


def _shown(entry: TermEntry, since: str) -> TermEntry:
    """Leave out rejected renderings, and unused ones since the date unless a person decided on them."""
    kept = [r for r in entry.renderings if r.status != "rejected"]
    kept = [r for r in kept if not since or r.last >= since or r.status != "candidate"]
    return replace(entry, renderings=tuple(kept))


def _json(store: StoreFile, found: list[Match], question: TermQuestion) -> str:
    rows = []
    for one in found:
        lines = contexts(store, one.entry, since=question.since, limit=question.context)
        entry = replace(one.entry, contexts=lines)
        match = {"quality": one.quality, "score": round(one.score, 4), "form": one.form}
        rows.append(as_json(entry, contexts=question.context) | {"match": match})
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _text(store: StoreFile, found: list[Match], question: TermQuestion) -> str:
    blocks = []
    for one in found:
        lines = [_head(one.entry), *map(_rendering, one.entry.renderings)]
        if one.entry.acronyms:
            lines.append("  short: " + ", ".join(map(plain, one.entry.acronyms)) + "\n")
        if one.entry.variants:
            lines.append("  also: " + "、".join(map(plain, one.entry.variants)) + "\n")
        if one.entry.note:
            lines.append(f"  note: {plain(one.entry.note)}\n")
        if question.context:
            uses = contexts(store, one.entry, since=question.since, limit=question.context)
            lines.extend(map(context_lines, uses))
        blocks.append("".join(lines))
    return "\n".join(blocks)


def _head(entry: TermEntry) -> str:
    status = f"  {entry.status}" if entry.decided else ""
    return f"{_strong(plain(entry.ja))}  {entry.kind}{status}  {entry.id}\n"


def _rendering(rendering: TermRendering) -> str:
    dates = "" if not rendering.last else rendering.first if rendering.first == rendering.last else ""
    if rendering.last and not dates:
        dates = f"{rendering.first}..{rendering.last}"
    words = ["preferred"] if rendering.preferred else []
    if rendering.status not in {"candidate", "approved"} or (rendering.status == "approved" and not words):
        words.append(str(rendering.status))
    if rendering.valid_from or rendering.valid_until:
        words.append(f"valid {rendering.valid_from}..{rendering.valid_until}")
    more = f"  [{', '.join(words)}]" if words else ""
    note = f"  ({plain(rendering.note)})" if rendering.note else ""
    return f"{rendering.count:6d}  {dates:22s}  {plain(rendering.en)}{more}{note}\n"


def context_lines(context: TermContext) -> str:
    """Return where a phrase stands and the two texts about it, the phrase marked."""
    marks = ("\x1b[1;33m", "\x1b[0m") if _coloured() else ("[[", "]]")
    place = "  ".join(filter(None, (context.date, plain(context.release))))
    ja, en = line(context.ja, context.ja_span, marks), line(context.en, context.en_span, marks, 64)
    return f"    {place}\n      {ja}\n      {en}\n"


def _say_how(query: str, found: list[Match], hits: list[TermContext], *, shown: bool) -> None:
    """Say on standard error what the answer is when it is not the phrase itself."""
    name = plain(beginning(query))
    if found:
        _tell(f"tmalign: no term holds {name}; the nearest are shown")
    else:
        _tell(f"tmalign: no term is like {name}")
    if hits and shown:
        _tell("tmalign: in the memory it stands here:")
    elif not found and not hits:
        _tell("  it is not in the memory either; try a shorter part of it")


def _strong(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if _coloured() else text


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _tell(message: str) -> None:
    sys.stderr.write(message + "\n")
