"""The date of a release as its page writes it (令和５年５月１２日, May 12, 2023), and lines that are dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from tmalign.text.width import normalise

# The year before the era's first, and how many of its years there were; the last era is open.
_ERAS: Final = {"明治": (1867, 45), "大正": (1911, 15), "昭和": (1925, 64), "平成": (1988, 31), "令和": (2018, 80)}
_ERA_LETTERS: Final = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KANJI_DIGITS: Final = "〇一二三四五六七八九"

_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NUMERAL: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
# The Japanese pattern allows the western year in brackets after the era's: 令和5年(2023年)5月12日.
_PATTERNS: Final = (
    re.compile(
        rf"(?P<era>明治|大正|昭和|平成|令和) ?(?P<year>元|{_NUMERAL}) ?年 ?(?:\(\d{{4}}年?\) ?)?"
        rf"(?P<month>{_NUMERAL}) ?月 ?(?P<day>{_NUMERAL}) ?日"
    ),
    re.compile(
        rf"(?<!\d)(?P<year>\d{{4}}|[〇一二三四五六七八九]{{4}}) ?年 ?(?:\([^()]{{1,6}}\) ?)?"
        rf"(?P<month>{_NUMERAL}) ?月 ?(?P<day>{_NUMERAL}) ?日"
    ),
    re.compile(
        rf"\b{_MONTH} ?{_DAY}(?!\d)(?:,? ?\([a-z]{{3,9}}\.?\))?(?: ?, ?| )(?P<year>\d{{4}})(?!\d)", re.IGNORECASE
    ),
    re.compile(rf"(?<!\d){_DAY} (?:of )?{_MONTH},? ?(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(
        r"(?<![\d./-])(?P<year>(?:19|20)\d\d) ?"
        r"(?P<separator>[-/.]) ?(?P<month>\d{1,2}) ?(?P=separator) ?(?P<day>\d{1,2})"
        r"(?![\d/]|\.\d|-\d)"
    ),
    re.compile(
        r"(?<![A-Za-z\d])(?P<era>[MTSHR])\.?(?P<year>\d{1,2})[./](?P<month>\d{1,2})[./](?P<day>\d{1,2})(?![\d./])"
    ),
)
# A line such as 5.10.17 is a date of the current era, but nothing inside a text can be read so.
_SHORT: Final = re.compile(r"(?P<year>\d{1,2})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})")
_YEARS: Final = range(1868, 2100)

_WEEKDAY: Final = (
    r"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?i:day)?\.?"
    r"|[月火水木金土日](?:曜日?)?(?:・祝日?)?)"
)
_LABEL: Final = (
    r"(?:(?i:date|issued|released|updated|posted|published)(?: on)?|日[付時]"
    r"|(?:発表|公表|公開|掲載|更新|作成|登録)日?時?"
    r"|報道資料|報道発表|お知らせ|プレスリリース)"
)
_PLACE: Final = r"[A-Z][A-Za-z.'-]*(?: (?:[A-Z][A-Za-z.'-]*|de|of|the|and)){0,4}"
_PLACE_JA: Final = r"(?:[ァ-ヺー・]{2,12}|[一-鿿]{2,3}(?:・[一-鿿]{2,3})?|[一-鿿・]{2,12}[省庁局課室部府県市監房])"
_TIME: Final = r"(?:午[前後] ?)?\d{1,2}(?:時(?:\d{1,2}分)?|:\d\d)(?: ?(?i:[ap]\.? ?m\b\.?))?(?: ?\(?JST\)?)?"
_TIMES: Final = rf"(?:,? ?(?:(?i:at|from) )?{_TIME}(?: ?(?:[~-]|から|to|until) ?{_TIME})?(?:まで)?)?"
_BEFORE: Final = re.compile(
    rf"(?:{_LABEL} ?[:/]? ?)?(?:{_PLACE}(?:, ?| - )){{0,3}}(?:{_PLACE_JA}[、, ] ?)?"
    rf"(?:\(?{_WEEKDAY}\)?,? ?)?(?:the )?[(\[]?"
)
_AFTER: Final = re.compile(
    rf"[)\]]?(?: ?,? ?[(\[]?{_WEEKDAY}[)\]]?)?{_TIMES}"
    rf"(?:(?: ?[、,] ?| - ?| ){_PLACE}){{0,3}}(?:[、, ] ?{_PLACE_JA})?"
    r"(?: ?(?:於|場所)[: ]*[^ 、。]{2,20})?(?: ?(?:付け?|発表|現在|更新|掲載|公表))?[.。]?"
)
_NUMERALS: Final = re.compile(r"[0-9０-９〇一二三四五六七八九十]")
_LONGEST_LINE: Final = 80
_LONGEST_TEXT: Final = 20_000


def find_date(text: str) -> str:
    """Return the first date of a text as YYYY-MM-DD, or an empty string.

    A date needs its year; one that the calendar does not have (令和５年１３月１日) gives an empty string if it
    is the first, since what stands first was meant. A whole text like ５．１０．１７ is read in the era Reiwa.
    The first 20,000 characters count.
    """
    folded = _fold(text[:_LONGEST_TEXT])
    short = _SHORT.fullmatch(folded)
    if short:
        return _iso(short, "令和")
    first = _first(folded)
    return _iso(first) if first else ""


def is_dateline(text: str) -> bool:
    """Tell whether a text of one line is a date and little else: a weekday, a time, a place, an office, brackets."""
    if len(text) > _LONGEST_LINE or not _NUMERALS.search(text):
        return False
    folded = _fold(text)
    if "|" in folded:  # a topic beside the date
        parts = [part.strip() for part in folded.split("|")]
        return all(len(part) <= 40 for part in parts) and any("|" not in part and is_dateline(part) for part in parts)
    short = _SHORT.fullmatch(folded)
    if short:
        return bool(_iso(short, "令和"))
    match = _first(folded)
    if match is None or not _iso(match):
        return False
    if folded[0] == "(" and folded[-1] == ")":  # brackets around the whole, with others inside
        return is_dateline(folded[1:-1])
    return bool(_BEFORE.fullmatch(folded[: match.start()]) and _AFTER.fullmatch(folded[match.end() :]))


def _fold(text: str) -> str:
    """Return the text in ASCII digits and punctuation with single spaces."""
    return " ".join(normalise(text).split())


def _first(text: str) -> re.Match[str] | None:
    """Return the match that begins first."""
    found = [match for pattern in _PATTERNS if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start(), default=None)


def _iso(match: re.Match[str], era: str = "") -> str:
    """Return the date of a match, or an empty string where the calendar has none."""
    parts = match.groupdict()
    era = era or parts.get("era") or ""
    era = _ERA_LETTERS.get(era, era)
    year = 1 if parts["year"] == "元" else _number(parts["year"])
    if era:
        before, last = _ERAS[era]
        if not 1 <= year <= last:
            return ""
        year += before
    month = parts["month"].lower()[:3]
    try:
        date = dt.date(year, _MONTHS.index(month) + 1 if month in _MONTHS else _number(month), _number(parts["day"]))
    except ValueError:
        return ""
    return date.isoformat() if date.year in _YEARS else ""


def _number(numeral: str) -> int:
    """Return the value of ASCII digits, of 二十三, or of a year digit by digit (二〇二三)."""
    if numeral.isascii():
        return int(numeral)
    if "十" not in numeral:
        return int("".join(str(_KANJI_DIGITS.index(character)) for character in numeral))
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return 10 * (_KANJI_DIGITS.index(tens) if tens else 1) + (_KANJI_DIGITS.index(ones) if ones else 0)
