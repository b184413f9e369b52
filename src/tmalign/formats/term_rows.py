"""Terms as JSON: a row a term, everything a term has."""

from __future__ import annotations

import re
from typing import Any

from tmalign.term_model import TermContext, TermEntry, TermRendering, TermStatus

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar in ISO 8601 (YYYY-MM-DD)."""
    if not _DATE.fullmatch(text):
        return False
    try:
        from datetime import date  # noqa: PLC0415 - a look-up does without

        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def as_row(entry: TermEntry, *, contexts: int | None = None) -> dict[str, Any]:
    """Return a term as programs get it; `contexts` bounds how many contexts are given, None leaves them out.

    The keys `ja`, `en`, `kind`, `count`, `score`, `renderings` (`en`, `count`) and `releases` never change.
    """
    row: dict[str, Any] = {
        "id": entry.id,
        "ja": entry.ja,
        "en": entry.en,
        "kind": entry.kind,
        "status": str(entry.status),
        "rejected": entry.rejected,
        "count": entry.count,
        "score": entry.score,
        "confidence": entry.confidence,
        "first": entry.first,
        "last": entry.last,
        "renderings": [_rendering_row(rendering) for rendering in entry.renderings],
        "variants": list(entry.variants),
        "acronyms": list(entry.acronyms),
        "one_context": entry.one_context,
        "note": entry.note,
        "releases": list(entry.releases),
    }
    if contexts is not None:
        row["contexts"] = [_context_row(context) for context in entry.contexts[:contexts]]
    return row


def _rendering_row(rendering: TermRendering) -> dict[str, Any]:
    return {
        "en": rendering.en,
        "count": rendering.count,
        "first": rendering.first,
        "last": rendering.last,
        "status": str(rendering.status),
        "preferred": rendering.preferred,
        "note": rendering.note,
        "valid_from": rendering.valid_from,
        "valid_until": rendering.valid_until,
        "variants": list(rendering.variants),
    }


def _context_row(context: TermContext) -> dict[str, Any]:
    return {
        "ja": context.ja,
        "en": context.en,
        "ja_span": list(context.ja_span),
        "en_span": list(context.en_span),
        "release": context.release,
        "date": context.date,
    }


def from_row(row: object) -> TermEntry:
    """Return the term of such a row; only `ja` and `en` or `renderings` must be there.

    Raises ValueError, saying why.
    """
    fields = _object(row, "the row")
    ja = _text(fields, "ja").strip()
    if not ja:
        raise ValueError("'ja' is missing or empty")
    renderings = tuple(_rendering(one) for one in _list(fields, "renderings"))
    en = _text(fields, "en").strip()
    if en and not renderings:
        renderings = (TermRendering(en, status=_status(fields)),)
    if "renderings" not in fields and not renderings and not _flag(fields, "rejected"):
        raise ValueError("no 'en' and no 'renderings'")
    return TermEntry(
        id=_text(fields, "id"),
        ja=ja,
        kind=_text(fields, "kind"),
        renderings=renderings,
        count=int(_number(fields, "count")),
        score=_number(fields, "score"),
        confidence=_number(fields, "confidence"),
        releases=_texts(fields, "releases"),
        first=_day(fields, "first"),
        last=_day(fields, "last"),
        variants=_texts(fields, "variants"),
        acronyms=_texts(fields, "acronyms"),
        one_context=_flag(fields, "one_context"),
        contexts=tuple(_context(one) for one in _list(fields, "contexts")),
        note=_text(fields, "note"),
        rejected=_flag(fields, "rejected"),
    )


def _rendering(row: object) -> TermRendering:
    fields = _object(row, "a rendering")
    en = _text(fields, "en").strip()
    if not en:
        raise ValueError("a rendering has no 'en'")
    return TermRendering(
        en=en,
        count=int(_number(fields, "count")),
        first=_day(fields, "first"),
        last=_day(fields, "last"),
        variants=_texts(fields, "variants"),
        status=_status(fields),
        preferred=_flag(fields, "preferred"),
        note=_text(fields, "note"),
        valid_from=_day(fields, "valid_from"),
        valid_until=_day(fields, "valid_until"),
    )


def _context(row: object) -> TermContext:
    fields = _object(row, "a context")
    ja, en = _text(fields, "ja"), _text(fields, "en")
    return TermContext(
        ja,
        en,
        _span(fields, "ja_span", ja),
        _span(fields, "en_span", en),
        _text(fields, "release"),
        _day(fields, "date"),
    )


def _object(row: object, name: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError(f"{name} is not an object")  # noqa: TRY004 - bad data, not a bad call
    return row


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name!r} is not a string")  # noqa: TRY004 - bad data, not a bad call
    return value


def _texts(fields: dict[str, Any], name: str) -> tuple[str, ...]:
    values = _list(fields, name)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name!r} holds something that is not a string")
    return tuple(values)


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name!r} is not a list")  # noqa: TRY004 - bad data, not a bad call
    return value


def _number(fields: dict[str, Any], name: str) -> float:
    value = fields.get(name, 0)
    # JSON as Python reads it has infinities, and integers beyond any float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise ValueError(f"{name!r} is not a number in reach")
    return value


def _flag(fields: dict[str, Any], name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name!r} is neither true nor false")  # noqa: TRY004 - bad data, not a bad call
    return value


def _day(fields: dict[str, Any], name: str) -> str:
    value = _text(fields, name)
    if value and not is_date(value):
        raise ValueError(f"{name!r} is not a date (YYYY-MM-DD): {value[:40]}")
    return value


def _status(fields: dict[str, Any]) -> TermStatus:
    value = _text(fields, "status") or "candidate"
    try:
        return TermStatus(value)
    except ValueError:
        raise ValueError(f"no status {value[:40]!r}: one of {', '.join(TermStatus)}") from None


def _span(fields: dict[str, Any], name: str, text: str) -> tuple[int, int]:
    value = _list(fields, name) or [0, 0]
    if len(value) != 2 or not all(isinstance(n, int) for n in value) or not 0 <= value[0] <= value[1] <= len(text):
        raise ValueError(f"{name!r} is no span of its text")
    return (value[0], value[1])
