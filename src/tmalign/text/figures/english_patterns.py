"""The words and patterns by which English figures are found. All but the digits are matched in lower case."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from tmalign.text.figures import notation
from tmalign.text.figures.japanese import ERAS
from tmalign.text.figures.numerals import ARABIC, ONES, ORDINALS, SCALE_ORDINALS, SCALES, TENS

if TYPE_CHECKING:
    from collections.abc import Iterable

_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTHS = {name: value for value, name in enumerate(_MONTH_NAMES, start=1)}
SHORT_MONTHS = {name[:3]: value for name, value in MONTHS.items() if name != "may"} | {"sept": 9}
WEEKDAYS = {name: value for value, name in enumerate(_WEEKDAY_NAMES, start=1)}
SHORT_WEEKDAYS = {name[:3]: value for name, value in WEEKDAYS.items()} | {"tues": 2, "thur": 4, "thurs": 4}
ERA_YEARS = dict(zip(("meiji", "taisho", "showa", "heisei", "reiwa"), ERAS.values(), strict=True))
DECADES = {name[:-1] + "ies": value for name, value in TENS.items()}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
COUNTS = ONES | {"a": 1}
POWERS = {
    "dozens": 10,
    "tens": 10,
    "scores": 10,
    "hundreds": 100,
    "thousands": 1000,
    "millions": 10**6,
    "billions": 10**9,
    "trillions": 10**12,
}
# Numbers that hide in other words; the other language may well say them as a number.
HIDDEN = {
    "once": 1,
    "twice": 2,
    "double": 2,
    "doubled": 2,
    "doubling": 2,
    "doubles": 2,
    "couple": 2,
    "pair": 2,
    "bilateral": 2,
    "bilaterally": 2,
    "thrice": 3,
    "triple": 3,
    "tripled": 3,
    "tripling": 3,
    "trilateral": 3,
    "trilaterally": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "quadrilateral": 4,
    "decade": 10,
    "teenage": 10,
    "teenager": 10,
    "teenagers": 10,
    "teens": 10,
}


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, longest first, branching on the first letter for speed."""
    branches = []
    for first, group in groupby(sorted(set(words)), key=lambda word: word[0]):
        rests = sorted((word[1:] for word in group), key=len, reverse=True)
        branches.append(f"{first}(?:{'|'.join(rests)})")
    return f"(?:{'|'.join(branches)})"


_NUMBER_WORDS = (*ONES, *TENS, *ORDINALS, *SCALES, *SCALE_ORDINALS)
# What a figure in words may begin with; none is one letter.
FIRST_WORDS = frozenset(
    (
        *_NUMBER_WORDS,
        *MONTHS,
        *SHORT_MONTHS,
        *(name + "s" for name in WEEKDAYS),
        *WEEKDAYS,
        *SHORT_WEEKDAYS,
        *ERA_YEARS,
        *DECADES,
        *POWERS,
        *HIDDEN,
        *("fiscal", "half", "halves", "quarter", "quarters", "noon", "midday", "midnight"),
    )
)
_WORD = _any(_NUMBER_WORDS)
_SHORT_MONTH = _any(SHORT_MONTHS)
# By their first letters, which are tried in no time.
_MONEY = (
    r"(?:[Yy](?:en|uan)|[Uu](?:\.?s\.?\sdollars?|sd)|[Dd](?:ollars?)|[Ee](?:uros?|ur)|[Pp](?:ounds?|esos?)|[Ww](?:on)|"
    r"[Rr](?:ou?bles?|upees?)|[Ff](?:rancs?)|[Bb](?:aht)|[Jj](?:py)|[Cc](?:ents?))"
)
_MONEY_ANY_CASE = _MONEY.replace("](?:", "](?i:")
_YEARS_OLD = r"[\s-]years?[\s-]olds?\b"


@cache
def candidate() -> re.Pattern[str]:
    """Compile where a figure may begin; where the scan is compiled, nobody asks for it."""
    # Capitals of ASCII only: to ignore case is to take ſ for an s.
    words = re.sub("[a-z]", lambda letter: f"[{letter[0]}{letter[0].upper()}]", _any(FIRST_WORDS))
    return re.compile(rf"\d|\b(?:{words}|[ivxIVX]{{2,4}})\b")


# What may stand before the first digit and belong to it: $, JPY, FY, F-.
LEAD = re.compile(
    r"(?<![A-Za-z\d])(?:(?:US|A|C|NZ|NT|HK|S)?\$\s?|[¥€£₩₹]\s?|(?:JPY|USD|EUR|GBP|AUD|CNY|KRW)\s?|FY\s?'?|[A-Z][A-Za-z]{0,7}-?)$"
)
# What ends it where a space follows.
BEFORE_SPACE = "$¥€£₩₹YDRPW"
FORMS = re.compile(
    rf"""
    {notation.SHARED}
  | (?=\d++(?:[:.]\d|\s?(?:[AaPp]\.?\s?[Mm]|h|JST|UTC|GMT)\b|\s?hrs|\s?hours|\so'))(?:
      (?<![\d:.])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[aApP])\.?\s?[mM]\b\.?
    | (?<![\d:])(?P<clock_hour>[01]?\d|2[0-4]):(?P<clock_minute>[0-5]\d)(?::\d\d)?(?![\d:])
    | (?<![\d:])(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?=\s?(?:hrs|hours|h|JST|UTC|GMT)\b)
    | (?P<oclock>\d{{1,2}})\so'clock
    )
    """,
    re.VERBOSE,
)
# The letters that a scale or a unit begins with are asked for before each of them is tried.
NUMBER = re.compile(
    rf"""
    {notation.CURRENCY_BEFORE}(?P<number>\d{{1,40}}+(?![\d,.])|\d{{1,2}}+(?:,\d\d)+,\d{{3}}(?![,\d])|{ARABIC})
      (?:(?=[\s'%\w-])
        (?:(?P<ordinal>st|nd|rd|th)\b
          |(?P<decade>'?s)\b
          |(?:[\s-](?P<mixed>[1-9]/[2-9])(?![\d/]))?
           (?:(?=[\s-]?[HTMBDhtmbd]|[Kk])
             (?P<scale>(?:[\s-]?(?i:hundred|thousand|[mb]illion|trillion|dozen)(?![a-z]))+|\s?(?:mn|mln|bn|bln|tn|trn)\b|[mkMKB]\b))?
           (?:(?=[\s-]?[%YUDEPWRFBJCyudepwrfbjc])
             (?P<unit>\s?%|[\s-]?per\s?cent(?:age)?\b|\s?pct\b|[\s-]{_MONEY_ANY_CASE}\b|{_YEARS_OLD}|\sdecades\b))?
        )
      )?
    """,
    re.VERBOSE,
)
WORDS = re.compile(
    rf"""
    half\spast\s(?P<past>[a-z]+)\b
  | (?P<oclock>{_any(ONES)})\so'clock
  | (?P<fraction_count>one|two|three|four|five|seven|nine)[\s-](?P<fraction_part>{_any(PARTS)})(?P<fraction_many>s)?\b
      (?P<fraction_of>\sof\b)?
  | (?P<words>{_WORD}(?:(?:-|\s|\sand\s|-and-){_WORD}\b)*)\b(?P<word_half>\sand\sa\shalf)?
      (?P<word_scale>\s[mb]illion|\strillion)?
      (?P<word_unit>[\s-]per\s?cent\b|{_YEARS_OLD}|[\s-]{_MONEY}\b|\sdecades\b)?
  | (?P<era>{_any(ERA_YEARS)})[\s-](?P<era_year>\d{{1,2}})\b(?:\s\((?P<era_western>\d{{4}})\))?
  | fiscal(?:\syears?)?\s(?P<fiscal_english>\d{{4}})
  | (?P<power>{_any(POWERS)})(?:\sof\s(?P<power_of>hundreds|thousands|millions|billions))?\b
  | (?P<month>{_any(MONTHS)})\b
  | (?P<weekday>{_any(WEEKDAYS)})s?\b
  | (?P<short_month>{_SHORT_MONTH})\b\.?(?=[\s-]'?\d)
  | (?P<day_month>(?<=\d[\s-]){_SHORT_MONTH}\b\.?|(?<=\b[io]n\s){_SHORT_MONTH}\.)
  | (?P<short_weekday>{_any(SHORT_WEEKDAYS)})\b(?=\.?[,)])
  | (?P<moment>noon|midday|midnight)\b
  | (?P<part>half|halves)\b(?P<part_scale>\s(?:an?\s)?(?:dozen|million|billion|hour))?
  | (?P<hidden>{_any(HIDDEN)})\b
  | (?P<decade_word>{_any(DECADES)})\b
    """,
    re.VERBOSE,
)

MONTH_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?,?|\(|\b(?:of|in|by|since|until|till|from|through|during|between|last|next|this|early|mid|late|"
    rf"each|every|before|after|to|and|or|end|begin|beginning|{_any(set(MONTHS) - {'may', 'march'})}))[\s-]$"
)
MONTH_AFTER = re.compile(r",?\s(?:\d{1,2}(?!\d*[%,]\d)\b|\d{1,2}(?:st|nd|rd|th)\b|(?:19|20)\d\d\b|this|last|next)")
NAME_BEFORE = re.compile(r"(?:[A-Z][a-z]+|Mrs?\.?|Ms\.?)\s$")
SENTENCE_BEFORE = re.compile(r"(?:^|[.?!:])[\s\"'(]*$")
TIME_BEFORE = re.compile(r"\b(?:at|around|from|until|by|till)\s$")
AGE_BEFORE = re.compile(r"\baged?\s$")
PART_BEFORE = re.compile(r"\ba\s$")
PLAIN_WORD = re.compile("[a-z]+")
