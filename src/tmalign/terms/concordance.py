"""Concordance lines: where a phrase stands in the memory, with its place in both texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tmalign.memory.storable import storable
from tmalign.term_model import TermContext
from tmalign.text.width import fold, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.memory.storefile import StoreFile
    from tmalign.term_model import TermEntry

# Characters shown on each side of the match.
WINDOW = 32


def concordance(store: StoreFile, query: str, *, since: str = "", limit: int = 5) -> list[TermContext]:
    """Return units that hold the query on either side, the latest first, the match marked where it stands.

    Width of the query may differ from the text's in the usual ways (as typed, normalised, full width); case not.
    """
    query = storable(query)
    forms = [form for form in dict.fromkeys((query.strip(), normalise(query).strip(), _wide(query).strip())) if form]
    found = _units(store, forms, forms, since, limit) if forms else []
    return [_marked(context, forms, forms) for context in found]


def contexts(store: StoreFile, entry: TermEntry, *, since: str = "", limit: int = 5) -> tuple[TermContext, ...]:
    """Return contexts of a term, the latest first: those that mining kept, then others from the memory."""
    kept = [context for context in entry.contexts if context.date >= since]
    kept.sort(key=lambda context: context.date, reverse=True)
    if len(kept) < limit:
        ja = list(dict.fromkeys(form for name in (entry.ja, *entry.variants) for form in (name, normalise(name))))
        seen = {(context.ja, context.en) for context in kept}
        units = _units(store, ja, [], since, limit + len(kept))
        kept.extend(context for context in units if (context.ja, context.en) not in seen)
    en = [form for rendering in entry.renderings for form in (rendering.en, *rendering.variants)]
    return tuple(_marked(context, (entry.ja, *entry.variants), en) for context in kept[:limit])


def _units(store: StoreFile, ja: Sequence[str], en: Sequence[str], since: str, limit: int) -> list[TermContext]:
    """Read units that hold one of the Japanese or English forms, the latest first."""
    tests = [f"instr({side}, ?)" for side, forms in (("ja", ja), ("en", en)) for _ in forms]
    query = (
        f"SELECT ja, en, source, date FROM entries WHERE ({' OR '.join(tests)})"  # noqa: S608 - no input
        " AND date >= ? AND status <> 'rejected' ORDER BY date DESC, source, position LIMIT ?"
    )
    with store.reading() as connection:
        rows = connection.execute(query, (*ja, *en, since, limit))
        return [TermContext(ja_text, en_text, release=name, date=date) for ja_text, en_text, name, date in rows]


def _marked(context: TermContext, ja: Iterable[str], en: Iterable[str]) -> TermContext:
    """Find the phrase in both texts, where the spans are not known yet."""
    ja_span = context.ja_span if any(context.ja_span) else place(context.ja, ja)
    en_span = context.en_span if any(context.en_span) else place(context.en, en)
    return replace(context, ja_span=ja_span, en_span=en_span)


def place(text: str, forms: Iterable[str]) -> tuple[int, int]:
    """Return where the first of these forms stands in a text, width, kana and case aside; (0, 0) for nowhere."""
    here = fold(text, kana=True)
    for form in forms:
        key = fold(form, kana=True).text.strip()
        start = here.text.find(key) if key else -1
        if start >= 0:
            return here.source_span(start, start + len(key))
    return (0, 0)


def line(text: str, span: tuple[int, int], marks: tuple[str, str], window: int = WINDOW) -> str:
    """Return a text cut to `window` characters around a span, with marks about it; from its start without a span."""
    start, end = span
    if start >= end:
        rest = text[: 2 * window]
        return plain(rest) + ("…" if len(rest) < len(text) else "")
    left, right = text[max(0, start - window) : start], text[end : end + window]
    return (
        ("…" if start > window else "")
        + plain(left)
        + marks[0]
        + plain(text[start:end])
        + marks[1]
        + plain(right)
        + ("…" if end + window < len(text) else "")
    )


def plain(text: str) -> str:
    """Return text with nothing in it that moves a terminal's cursor."""
    return "".join(character if character.isprintable() else " " for character in text)


def _wide(text: str) -> str:
    """Return ASCII letters and digits in full width, as releases write them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in normalise(text))
