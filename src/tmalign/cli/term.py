"""`tmalign term`: how a phrase has been rendered, how often, when and where."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tmalign.cli.stores import DEFAULT, StorePath, open_store
from tmalign.errors import UsageError

if TYPE_CHECKING:
    from tmalign.memory.store import Store
    from tmalign.model import TermContext, TermEntry, TermRendering
    from tmalign.terms.search import Match

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def term_command(  # noqa: PLR0913 - a parameter an option
    query: Annotated[str, typer.Argument(help="Japanese or English; a part is enough.")],
    *,
    store: StorePath = DEFAULT,
    context: Annotated[int, typer.Option("--context", "-c", min=0, help="Concordance lines a term.")] = 2,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Terms at most.")] = 10,
    since: Annotated[str, typer.Option(metavar="DATE", help="Only uses since then: 2024, 2024-06, 2024-06-30.")] = "",
    kind: Annotated[
        Literal["phrase", "concept", "organisation", "title", "treaty", "boilerplate"] | None,
        typer.Option(help="Only terms of this kind.", show_default=False),
    ] = None,
    match: Annotated[
        Literal["auto", "exact", "part", "fuzzy"],
        typer.Option(help="auto: the phrase or phrases that hold it, and only failing these, near ones."),
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of entries.")] = False,
) -> None:
    """Show how a phrase has been rendered: renderings by use, their dates, and where they stand.

    Width, kana (ひらがな or カタカナ) and case do not matter. Where nothing holds the query, the nearest terms are
    shown, terms inside it (paste a sentence), and where it stands in the memory.

    Exit code: 0 something was found, 1 nothing.
    """
    if since and not _DATE.fullmatch(since):
        raise UsageError(f"--since {since}: not a date", hint="write 2024, 2024-06 or 2024-06-30")
    if not query.strip():
        raise UsageError("the query is empty", hint='tmalign term "現状変更の試み"')
    with open_store(store) as opened:
        found = _search(opened, query, kind or "", since, match, limit)
        if as_json:
            lines = _json(opened, found, since, context)
        elif found:
            lines = _text(opened, found, since, context)
        else:
            lines = ""
        hits = [] if found and found[0].quality in {"exact", "part"} else _concordance(opened, query, since, context)
    _print(lines)
    _say_how(query, found, hits, shown=not as_json)
    if not as_json and hits:
        _print("".join(_context_lines(hit) for hit in hits))
    raise typer.Exit(0 if found or hits else 1)


def _search(store: Store, query: str, kind: str, since: str, match: str, limit: int) -> list[Match]:
    from tmalign.terms.search import QUALITIES, search  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    def keep(entry: TermEntry) -> bool:
        return not entry.rejected and kind in {"", entry.kind} and (not since or entry.last >= since)

    qualities = QUALITIES if match == "auto" else [name for name in QUALITIES if name == match]
    found = search(store, query, Termbase(store).by_keys, qualities=qualities, keep=keep, limit=limit)
    return [replace(one, entry=_shown(one.entry, since)) for one in found]


def _shown(entry: TermEntry, since: str) -> TermEntry:
    """Leave out rejected renderings, and unused ones since the date unless a person decided on them."""
    kept = [r for r in entry.renderings if r.status != "rejected"]
    kept = [r for r in kept if not since or r.last >= since or r.status != "candidate"]
    return replace(entry, renderings=tuple(kept))


def _concordance(store: Store, query: str, since: str, context: int) -> list[TermContext]:
    from tmalign.terms.concordance import concordance  # noqa: PLC0415 - only where nothing was found

    return concordance(store, query, since=since, limit=max(context, 1))


def _json(store: Store, found: list[Match], since: str, context: int) -> str:
    from tmalign.terms.concordance import contexts  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.entry import as_json  # noqa: PLC0415 - likewise

    rows = []
    for one in found:
        entry = replace(one.entry, contexts=contexts(store, one.entry, since=since, limit=context))
        match = {"quality": one.quality, "score": round(one.score, 4), "form": one.form}
        rows.append(as_json(entry, contexts=context) | {"match": match})
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _text(store: Store, found: list[Match], since: str, context: int) -> str:
    from tmalign.terms.concordance import contexts  # noqa: PLC0415 - --help stays quick

    blocks = []
    for one in found:
        lines = [_head(one.entry), *map(_rendering, one.entry.renderings)]
        if one.entry.acronyms:
            lines.append("  short: " + ", ".join(map(_clean, one.entry.acronyms)) + "\n")
        if one.entry.variants:
            lines.append("  also: " + "、".join(map(_clean, one.entry.variants)) + "\n")
        if one.entry.note:
            lines.append(f"  note: {_clean(one.entry.note)}\n")
        lines.extend(map(_context_lines, contexts(store, one.entry, since=since, limit=context) if context else ()))
        blocks.append("".join(lines))
    return "\n".join(blocks)


def _head(entry: TermEntry) -> str:
    status = f"  {entry.status}" if entry.decided else ""
    return f"{_strong(_clean(entry.ja))}  {entry.kind}{status}  {entry.id}\n"


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
    note = f"  ({_clean(rendering.note)})" if rendering.note else ""
    return f"{rendering.count:6d}  {dates:22s}  {_clean(rendering.en)}{more}{note}\n"


def _context_lines(context: TermContext) -> str:
    from tmalign.terms.concordance import line  # noqa: PLC0415 - --help stays quick

    marks = ("\x1b[1;33m", "\x1b[0m") if _coloured() else ("[[", "]]")
    place = "  ".join(filter(None, (context.date, _clean(context.release))))
    ja, en = line(context.ja, context.ja_span, marks), line(context.en, context.en_span, marks, 64)
    return f"    {place}\n      {ja}\n      {en}\n"


def _say_how(query: str, found: list[Match], hits: list[TermContext], *, shown: bool) -> None:
    """Say on standard error what the answer is when it is not the phrase itself."""
    if found and found[0].quality in {"exact", "part"}:
        return
    name = _clean(query)
    if found:
        typer.echo(f"tmalign: no term holds {name}; the nearest are shown", err=True)
    else:
        typer.echo(f"tmalign: no term is like {name}", err=True)
    if hits and shown:
        typer.echo("tmalign: in the memory it stands here:", err=True)
    elif not found and not hits:
        typer.echo("  it is not in the memory either; try a shorter part of it", err=True)


def _strong(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if _coloured() else text


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _clean(text: str) -> str:
    """Return text with nothing in it that a terminal obeys."""
    return "".join(character if character.isprintable() else " " for character in text)


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
