"""Dates as releases print them, to ISO 8601."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Final

_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988}
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH: Final = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WEEKDAY: Final = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day|\.)?)"
_NUMBER: Final = r"[0-9元〇一二三四五六七八九十]{1,4}"
_PATTERNS: Final = (
    re.compile(
        rf"(?:(?P<era>令和|平成|昭和)\s*)?(?P<year>{_NUMBER})\s*年(?:\s*\([^)]{{1,10}}\)\s*)?\s*"
        rf"(?P<month>{_NUMBER})\s*月\s*(?P<day>{_NUMBER})\s*日(?:\s*[(]?[月火水木金土日](?:曜日?)?[)]?)?"
    ),
    re.compile(
        rf"(?:{_WEEKDAY},?\s+)?\b{_MONTH}\s+(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?,?\s+(?P<year>[12][0-9]{{3}})\b"
        rf"(?:\s*\({_WEEKDAY}\))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:{_WEEKDAY},?\s+)?\b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>[12][0-9]{{3}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<year>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<month>[01]?[0-9])(?P=sep)(?P<day>[0-3]?[0-9])(?![0-9])"
    ),
    re.compile(r"\b(?P<era>[RH])(?P<year>[0-9]{1,2})\.(?P<month>[01]?[0-9])\.(?P<day>[0-3]?[0-9])\b"),
)
_LONGEST_DATELINE: Final = 90
_JA_REST: Final = re.compile(
    r"^(?:[\s、,()（）/|:・－-]|発表|公表|掲載|更新|報道資料|報道発表|お知らせ|プレスリリース|於|午前|午後|[0-9]{1,2}時(?:[0-9]{1,2}分)?"
    r"|現在|付|日時|日付|[一-鿿・ァ-ヺー]{2,12}(?:省|庁|局|府|部|室|課|官房|自衛隊|大使館|官邸|本部))*$"
)
_EN_REST: Final = re.compile(
    r"^(?:[\s,()/|:.–—-]|posted|updated|published|released?|issued|date|press release|for immediate release|news|on|as of"
    r"|tokyo|japan|the|of|[ap]\.?m\.?|jst|[0-9]{1,2}:[0-9]{2}"
    r"|(?:japan\s+)?(?:ministry|embassy|cabinet|government|office|agency)(?:\s+(?:of|for|and|the|[a-z]+)){0,6})*$",
    re.IGNORECASE,
)


def find_date(text: str) -> str:
    """Return the first complete date in `text` as YYYY-MM-DD; empty where there is none that exists."""
    found = _find(unicodedata.normalize("NFKC", text))
    return found[0] if found else ""


def is_dateline(text: str) -> bool:
    """Whether `text` is a date and nothing but what stands beside one: weekday, place, issuer, 'updated'."""
    if len(text) > _LONGEST_DATELINE:
        return False
    flat = unicodedata.normalize("NFKC", text)
    found = _find(flat)
    if not found:
        return False
    rest = (flat[: found[1]] + " " + flat[found[2] :]).strip()
    return bool(_JA_REST.match(rest) or _EN_REST.match(rest))


def _find(flat: str) -> tuple[str, int, int] | None:
    hits = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(flat):
            iso = _iso(match)
            if iso:
                hits.append((iso, match.start(), match.end()))
                break
    return min(hits, key=lambda hit: (hit[1], -hit[2])) if hits else None


def _iso(match: re.Match[str]) -> str:
    parts = match.groupdict()
    year, day = _value(parts["year"]), _value(parts["day"])
    month = _MONTHS.get(parts["month"][:3].lower()) or _value(parts["month"])
    year += _ERAS.get(parts.get("era") or "", 0)
    if not 1900 <= year <= 2100:
        return ""
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _value(text: str) -> int:
    """Read ASCII digits, 元 and kanji numbers up to 99 (and digit by digit: 二〇二三)."""
    if text.isascii():
        return int(text) if text.isdigit() else 0
    if text == "元":
        return 1
    digits = "〇一二三四五六七八九"
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (digits.find(tens) if tens else 1) * 10 + (max(digits.find(ones), 0) if ones else 0)
    if all(character in digits for character in text):
        return int("".join(str(digits.index(character)) for character in text))
    return 0
