"""Figures written alike in both languages: 2021-06-25, 1/2, F-35, FY2023, telephone numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tmalign.text.figures.figure import Draft, FigureKind, number_key, year_keys

if TYPE_CHECKING:
    import re

CURRENCY_BEFORE = (
    r"(?P<before>(?=[$¥€£₩₹A-Z])"
    r"(?:(?:\b(?:US|A|C|NZ|NT|HK|S))?\$|[¥€£₩₹]|\b(?:JPY|USD|EUR|GBP|AUD|CNY|KRW)(?![A-Za-z]))\s?)?"
)

# A verbose pattern: spaces are for the reader. What most figures are not is asked first, once for several forms.
SHARED = r"""
    (?=\d++[./-]\d)(?:
      (?<![\d./-])(?P<iso_year>(?:1[89]|20)\d\d)(?P<iso_mark>[./-])(?P<iso_month>0?[1-9]|1[0-2])(?P=iso_mark)
        (?P<iso_day>0?[1-9]|[12]\d|3[01])(?![\d/-]|\.\d)
    | (?<![\d./-])(?P<western_first>\d{1,2})/(?P<western_second>\d{1,2})/(?P<western_year>(?:1[89]|20)\d\d)(?![\d/])
    | (?<![\d-])(?P<telephone>0\d{1,3}-\d{2,4}-\d{4})(?![\d-])
    | (?<![\d./])(?P<dotted>\d+(?:\.\d+){2,})(?![\d])
    | (?<![\d./])(?P<over>\d{1,3})/(?P<under>\d{1,4})(?![\d/])
    )
  | (?=[A-Z])(?:
      (?<![A-Za-z])(?P<fiscal>FY\s?'?(?P<fiscal_year>\d{4}|\d{2}))(?!\d)
    | (?<![A-Za-z\d])(?P<code>
        (?!(?:Mid|Post|Pre|Under|Over|Top|Aged?|JPY|USD|EUR|GBP|AUD|CNY|KRW|FY|US|NT|HK)(?![A-Za-z]))
        (?P<code_letters>[A-Z][A-Za-z]{2,7}-|[A-Z][A-Za-z]{0,3}-?)(?P<code_number>\d{1,5})(?P<code_tail>[A-Za-z]{0,2})(?![A-Za-z\d]))
    | (?<![A-Za-z'-])(?P<roman>I{2,3}|IV|VI{1,3}|IX|XI{1,3}|XI?V)(?![A-Za-z'-])
    )
"""

_ROMAN = {
    numeral: value
    for value, numeral in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"], start=1
    )
}


def read(match: re.Match[str], drafts: list[Draft]) -> bool:
    """Add the figures of a match of `SHARED`; return whether it was one."""
    group, start, end = match.group, match.start(), match.end()
    if group("iso_year"):
        drafts.append(Draft(FigureKind.YEAR, (number_key(int(group("iso_year"))),), *match.span("iso_year")))
        drafts.append(Draft(FigureKind.MONTH, (f"M:{int(group('iso_month'))}",), *match.span("iso_month")))
        drafts.append(Draft(FigureKind.DAY, (number_key(int(group("iso_day"))),), *match.span("iso_day")))
    elif group("western_year"):
        _western_date(match, drafts)
    elif group("telephone"):
        drafts.append(Draft(FigureKind.CODE, ("X:" + group("telephone").replace("-", ""),), start, end))
    elif group("fiscal"):
        year = group("fiscal_year")
        drafts.append(Draft(FigureKind.FISCAL_YEAR, year_keys(int(year), len(year)), start, end, value=int(year)))
    elif group("dotted"):
        drafts.append(Draft(FigureKind.CODE, ("X:" + group("dotted"),), start, end))
    elif group("over"):
        _fraction(match, drafts)
    elif group("code"):
        key = (group("code_letters") + group("code_number") + group("code_tail")).replace("-", "").upper()
        keys = ("X:" + key, number_key(int(group("code_number"))))
        # Japanese names this disease without its number more often than with it.
        drafts.append(Draft(FigureKind.CODE, keys, start, end, weak=key == "COVID19"))
    elif group("roman"):
        drafts.append(Draft(FigureKind.ORDINAL, (number_key(_ROMAN[group("roman")]),), start, end, weak=True))
    else:
        return False
    return True


def _western_date(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read 6/25/2021 and 25/6/2021; where both orders are possible, both are readings."""
    first, second, year = (int(match[name]) for name in ("western_first", "western_second", "western_year"))
    orders = [order for order in ((first, second), (second, first)) if 1 <= order[0] <= 12 and 1 <= order[1] <= 31]
    months = tuple(dict.fromkeys(f"M:{month}" for month, _ in orders))
    days = tuple(dict.fromkeys(number_key(day) for _, day in orders))
    swapped = first > 12
    spans = match.span("western_first"), match.span("western_second")
    parts = [Draft(FigureKind.MONTH, months, *spans[swapped]), Draft(FigureKind.DAY, days, *spans[not swapped])]
    drafts.extend(sorted(parts, key=lambda part: part.start))
    drafts.append(Draft(FigureKind.YEAR, (number_key(year),), *match.span("western_year")))


def _fraction(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read 1/2 as a fraction and 24/7 as two numbers."""
    over, under = int(match["over"]), int(match["under"])
    if over < under and len(match["under"]) < 4:
        drafts.append(Draft(FigureKind.FRACTION, (number_key(Fraction(over, under)),), *match.span()))
        return
    for name, value in (("over", over), ("under", under)):
        drafts.append(Draft(FigureKind.NUMBER, (number_key(value),), *match.span(name), value=value))
