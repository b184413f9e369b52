"""Figures in English text: digits, number words, dates, times, money."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from tmalign.text.figures import notation
from tmalign.text.figures.figure import Draft, FigureKind, number_key, percent_keys, time_keys, year_keys
from tmalign.text.figures.japanese import ERAS
from tmalign.text.figures.numerals import (
    ARABIC,
    ONES,
    ORDINALS,
    SCALE_ORDINALS,
    SCALES,
    SHORT_SCALES,
    TENS,
    arabic,
    english_values,
    plain,
)

if TYPE_CHECKING:
    from tmalign.text.figures.figure import Value

_MONTH_NAMES = "January February March April May June July August September October November December".split()
_MONTHS = {name: value for value, name in enumerate(_MONTH_NAMES, start=1)}
_SHORT_MONTHS = {name[:3]: value for name, value in _MONTHS.items() if name != "May"} | {"Sept": 9}
_WEEKDAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAYS = {name: value for value, name in enumerate(_WEEKDAY_NAMES, start=1)}
_SHORT_WEEKDAYS = {name[:3]: value for name, value in _WEEKDAYS.items()} | {"Tues": 2, "Thur": 4, "Thurs": 4}
_ERA_YEARS = dict(zip(("Meiji", "Taisho", "Showa", "Heisei", "Reiwa"), ERAS.values(), strict=True))

_WORD = "|".join(sorted({*ONES, *TENS, *ORDINALS, *SCALES, *SCALE_ORDINALS}, key=len, reverse=True))
_PLURALS = {"dozens": 10, "tens": 10, "scores": 10, "hundreds": 100, "thousands": 1000, "millions": 10**6}
_PLURALS |= {"billions": 10**9, "trillions": 10**12}
_COUNTS = ONES | {"a": 1}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "doubling": 2, "doubles": 2, "triple": 3}
_TIMES |= {"tripled": 3, "tripling": 3, "quadruple": 4, "quadrupled": 4, "couple": 2, "pair": 2}
_SIDES = {"bilateral": 2, "bilaterally": 2, "trilateral": 3, "trilaterally": 3, "quadrilateral": 4}
_DECADES = {name[:-1] + "ies": value for name, value in TENS.items()}
_MONEY_AFTER = r"yen|(?:U\.?S\.?\s)?dollars?|euros?|pounds?|yuan|won|rubles?|roubles?|rupees?|francs?|pesos?|baht|JPY|USD|EUR|cents?"

_TOKEN = re.compile(
    rf"""
    {notation.SHARED}
  | (?<![\d:.])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[aApP])\.?\s?[mM]\b\.?
  | (?<![\d:])(?P<clock_hour>[01]?\d|2[0-4]):(?P<clock_minute>[0-5]\d)(?::\d\d)?(?![\d:])
  | (?<![\d:])(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?=\s?(?:hrs|hours|h|JST|UTC|GMT)\b)
  | \b(?P<oclock>\d{{1,2}}|[a-z]+)\so'clock
  | \b[Hh]alf\spast\s(?P<past>[a-z]+)\b
  | \b(?P<era>{"|".join(_ERA_YEARS)})[\s-](?P<era_year>\d{{1,2}})\b(?:\s\((?P<era_western>\d{{4}})\))?
  | \b[Ff]iscal(?:\s[Yy]ear)?s?\s(?P<fiscal_english>\d{{4}})
  | (?<![A-Za-z]){notation.CURRENCY_BEFORE}(?<![A-Za-z.])(?P<number>{ARABIC})
      (?:(?P<ordinal>st|nd|rd|th)\b
        |(?P<decade>'?s)\b
        |(?:[\s-](?P<mixed>[1-9]/[2-9])(?![\d/]))?
         (?P<scale>(?:[\s-]?(?:hundred|thousand|[mbtr]illion|trillion|dozen)(?![a-z]))+|\s?(?:mn|mln|bn|bln|tn|trn)\b|[mkMKB]\b)?
         (?P<unit>\s?%|[\s-]?per\s?cent(?:age)?\b|\s?pct\b|[\s-](?:{_MONEY_AFTER})\b|[\s-]years?[\s-]olds?\b)?
      )
  | \b(?P<fraction_count>(?i:one|two|three|four|five|seven|nine|a))[\s-](?P<fraction_part>(?i:{"|".join(_PARTS)}))(?P<fraction_many>s)?\b
      (?P<fraction_of>\sof\b)?(?![\s-](?:largest|biggest|highest|party|time))
  | \b(?P<words>(?i:{_WORD})(?:(?:-|\s|\sand\s|-and-)(?i:{_WORD}))*)\b(?P<word_half>\sand\sa\shalf)?
      (?P<word_scale>\s(?:million|billion|trillion))?(?P<word_unit>[\s-]per\s?cent\b|[\s-]years?[\s-]olds?\b|[\s-](?:{_MONEY_AFTER})\b)?
  | \b(?P<plural>(?i:{"|".join(_PLURALS)}))(?:\sof\s(?P<plural_of>hundreds|thousands|millions|billions))?\b
  | \b(?P<month>{"|".join(_MONTHS)})\b
  | \b(?P<short_month>{"|".join(sorted(_SHORT_MONTHS, key=len, reverse=True))})\b\.?(?=\s\d|-\d)
  | (?<=\d\s)(?P<day_month>{"|".join(sorted(_SHORT_MONTHS, key=len, reverse=True))})\b\.?
  | \b(?P<weekday>{"|".join(_WEEKDAYS)})s?\b
  | \b(?P<short_weekday>{"|".join(sorted(_SHORT_WEEKDAYS, key=len, reverse=True))})\b(?=\.?[,)])
  | \b(?P<moment>(?i:noon|midday|midnight))\b
  | \b(?P<part>(?i:half|halves|quarters?))\b(?P<part_scale>\s(?:a\s)?(?:dozen|million|billion))?
  | \b(?P<times>(?i:{"|".join(_TIMES)}))\b
  | \b(?P<sides>(?i:{"|".join(_SIDES)}))\b
  | \b(?P<decade_word>(?i:{"|".join(_DECADES)}))\b
    """,
    re.VERBOSE,
)
PREFILTER = re.compile(
    rf"\d|\b(?i:{_WORD}|{'|'.join((*_PLURALS, *_TIMES, *_SIDES, *_DECADES))}|half|halves|quarters?|noon|midday|midnight)\b"
    rf"|\b(?:{'|'.join((*_MONTHS, *_WEEKDAYS))})|I[IV]|[VX]I|IX|\b(?:{'|'.join(_SHORT_WEEKDAYS)})\.?[,)]"
)
_MONTH_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?,?|\b(?:of|in|by|since|until|till|from|through|during|between|last|next|this|early|mid|late|each|every|"
    r"before|after|to|and|or|end|begin|beginning)|\b(?:January|February|April|June|July|August|September|October|November|December)|\()[\s-]$"
)
_MONTH_AFTER = re.compile(r",?\s(?:\d{1,2}(?!\d*[%,]\d)\b|\d{1,2}(?:st|nd|rd|th)\b|(?:19|20)\d\d\b|this|last|next)")
_NAME_BEFORE = re.compile(r"(?:[A-Z][a-z]+|Mrs?\.?|Ms\.?)\s$")
_PLAIN_WORD = re.compile("[A-Za-z]+")
_TIME_BEFORE = re.compile(r"\b(?:at|around|from|until|by|till)\s$")
_AGE_BEFORE = re.compile(r"\baged?\s$")


def scan(text: str) -> list[Draft]:
    """Return the figures of a normalised text as drafts, in order."""
    drafts: list[Draft] = []
    position = 0
    while (match := _TOKEN.search(text, position)) is not None:
        position = match.end()
        if notation.read(match, drafts):
            continue
        if match["number"] is not None:
            _number(match, text, drafts)
        elif match["words"] is not None:
            _words(match, drafts)
        elif match["fraction_count"] is not None:
            position = _fraction(match, drafts)
        elif match["month"] or match["short_month"] or match["day_month"]:
            _month(match, text, drafts)
        elif not _time(match, drafts):
            _single(match, drafts)
    return drafts


def _number(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read digits with what stands around them."""
    numeral, unit = match["number"], (match["unit"] or "").strip(" -").lower()
    value: Value = arabic(numeral)
    if match["mixed"]:
        value += Fraction(match["mixed"])
    scale, metres = _scale((match["scale"] or "").strip(" -"), bool(match["before"]))
    draft = Draft(FigureKind.NUMBER, (), *match.span(), value=value, scale=scale)
    draft.keys = (number_key(value * scale), number_key(value)) if metres else (number_key(value * scale),)
    if match["ordinal"]:
        draft.kind = FigureKind.ORDINAL
    elif match["decade"]:
        draft.kind, draft.keys = FigureKind.DECADE, year_keys(value, len(numeral))
    elif unit in {"%", "pct"} or unit.startswith("per"):
        draft.kind, draft.keys = FigureKind.PERCENT, percent_keys(value * scale)
    elif match["before"] or (unit and "old" not in unit):
        draft.kind = FigureKind.MONEY
    elif unit or _AGE_BEFORE.search(text, 0, match.start()):
        draft.kind = FigureKind.AGE
    elif numeral.isdigit() and len(numeral) == 4 and scale == 1:
        _four_digits(draft, numeral, text)
    drafts.append(draft)


def _four_digits(draft: Draft, numeral: str, text: str) -> None:
    """Tell years from times of day; 'around 1530' may be either."""
    year = 1000 <= int(numeral) <= 2199
    if year:
        draft.kind = FigureKind.YEAR
    if _TIME_BEFORE.search(text, 0, draft.start) and int(numeral[2:]) < 60 and int(numeral[:2]) < 24:
        times = time_keys(int(numeral[:2]), int(numeral[2:]), "" if numeral[0] != "0" else "am")
        draft.keys = (*draft.keys, times[0])


def _scale(word: str, money: bool) -> tuple[int, bool]:
    """Return what a scale word multiplies by, and whether the bare number is possible too (100m, 5k)."""
    if not word:
        return 1, False
    if len(word) == 1:
        return {"k": 1000, "K": 1000, "m": 10**6, "M": 10**6, "B": 10**9}[word], not money
    scale = 1
    for part in re.split(r"[\s-]+", word):
        scale *= SCALES.get(part) or SHORT_SCALES[part]
    return scale, False


def _words(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read number words; a unit after them belongs to the last number."""
    offset = match.start("words")
    parts = [
        (part[0].lower(), offset + part.start(), offset + part.end()) for part in _PLAIN_WORD.finditer(match["words"])
    ]
    numbers = english_values([word for word, _, _ in parts])
    for index, (first, after, value, scale, ordinal) in enumerate(numbers):
        draft = Draft(FigureKind.NUMBER, (), parts[first][1], parts[after - 1][2], value=value, scale=scale)
        last = index == len(numbers) - 1
        if last and match["word_half"]:
            draft.value = value = value + Fraction(1, 2)
        if last and match["word_scale"]:
            draft.scale = SCALES[match["word_scale"].strip()]
            value *= draft.scale
        unit = (match["word_unit"] or "").strip(" -").lower() if last else ""
        if last and (match["word_half"] or match["word_scale"] or unit):
            draft.end = match.end()
        draft.keys = percent_keys(value) if unit.startswith("per") else (number_key(value),)
        if ordinal:
            draft.kind = FigureKind.ORDINAL
        elif unit:
            draft.kind = _unit_kind(unit)
        elif 1100 <= value <= 2099 and scale == 1 and isinstance(value, int):
            draft.kind = FigureKind.YEAR
        word = parts[first][0]
        draft.weak = after == first + 1 and word in {"one", "first", "second", "zero", "hundred", "thousand", "dozen"}
        drafts.append(draft)


def _unit_kind(unit: str) -> FigureKind:
    if unit.startswith("per"):
        return FigureKind.PERCENT
    return FigureKind.AGE if "old" in unit else FigureKind.MONEY


def _fraction(match: re.Match[str], drafts: list[Draft]) -> int:
    """Read two-thirds and 'a third of'; 'one third party' is a count. Return where to go on."""
    count, part = match["fraction_count"].lower(), match["fraction_part"].lower()
    sure = (
        match["fraction_of"]
        or part in {"half", "quarter"}
        or (count != "a" and (count == "one") != bool(match["fraction_many"]))
    )
    if not sure:
        after_count = match.end("fraction_count")
        if count != "a":
            value = _COUNTS[count]
            drafts.append(
                Draft(FigureKind.NUMBER, (number_key(value),), match.start(), after_count, weak=value == 1, value=value)
            )
        return after_count
    value = Fraction(_COUNTS[count], _PARTS[part])
    keys: tuple[str, ...] = (number_key(value),)
    if part == "half":
        keys = ("N:0.5", "P:50")
    elif part == "quarter":
        keys = (*keys, number_key(_COUNTS[count]), percent_keys(plain(value * 100))[0])
    end = match.end("fraction_many") if match["fraction_many"] else match.end("fraction_part")
    drafts.append(Draft(FigureKind.FRACTION, keys, match.start(), end, weak=part in {"half", "quarter"}))
    return end


def _month(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read a month; May, March and the like need a date around them or a place inside the sentence."""
    name = match["month"] or match["short_month"] or match["day_month"]
    value = _MONTHS.get(name) or _SHORT_MONTHS[name]
    draft = Draft(FigureKind.MONTH, (f"M:{value}",), *match.span())
    if name in {"May", "March"} and not (
        _MONTH_BEFORE.search(text, 0, draft.start) or _MONTH_AFTER.match(text, draft.end)
    ):
        if (
            draft.start == 0
            or _NAME_BEFORE.search(text, 0, draft.start)
            or text[: draft.start].rstrip(' "').endswith((".", "?", "!", ":"))
        ):
            return
        draft.weak = True
    drafts.append(draft)


def _time(match: re.Match[str], drafts: list[Draft]) -> bool:
    """Read the forms of a time of day; return whether it was one."""
    group = match.group
    if group("hour"):
        hour, minute, half = int(group("hour")), int(group("minute") or 0), group("half").lower() + "m"
    elif group("clock_hour"):
        hour, minute, half = int(group("clock_hour")), int(group("clock_minute")), ""
    elif group("military"):
        hour, minute, half = (
            int(group("military")[:2]),
            int(group("military")[2:]),
            "am" if group("military")[:2] <= "12" else "",
        )
    elif group("oclock"):
        word = group("oclock")
        hour, minute, half = int(word) if word.isdigit() else ONES.get(word, -1), 0, ""
    elif group("past"):
        hour, minute, half = ONES.get(group("past"), -1), 30, ""
    elif group("moment"):
        hour, minute, half = (0, 0, "am") if group("moment").lower() == "midnight" else (12, 0, "pm")
    else:
        return False
    keys = time_keys(hour, minute, half)
    if group("oclock"):
        keys = (*keys, number_key(hour))
    drafts.append(Draft(FigureKind.TIME, keys, *match.span(), value=hour % 12 + 12 if half == "pm" else hour))
    return True


def _single(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read the forms of one word or with a fixed frame."""
    group, span = match.group, match.span()
    if group("era"):
        year = int(group("era_year"))
        drafts.append(Draft(FigureKind.YEAR, (number_key(_ERA_YEARS[group("era")] + year), number_key(year)), *span))
    elif group("fiscal_english"):
        drafts.append(Draft(FigureKind.FISCAL_YEAR, (number_key(int(group("fiscal_english"))),), *span))
    elif group("plural"):
        power = _PLURALS[group("plural").lower()] * _PLURALS.get(group("plural_of") or "", 1)
        drafts.append(Draft(FigureKind.APPROXIMATE, (f"Q:{power}",), *span, weak=True))
    elif group("weekday") or group("short_weekday"):
        name = group("weekday") or group("short_weekday")
        day = _WEEKDAYS.get(name) or _SHORT_WEEKDAYS[name]
        drafts.append(Draft(FigureKind.WEEKDAY, (f"W:{day}",), *span))
    elif group("part"):
        _part(match, drafts)
    elif group("times"):
        drafts.append(Draft(FigureKind.NUMBER, (number_key(_TIMES[group("times").lower()]),), *span, weak=True))
    elif group("sides"):
        drafts.append(Draft(FigureKind.NUMBER, (number_key(_SIDES[group("sides").lower()]),), *span, weak=True))
    elif group("decade_word"):
        value = _DECADES[group("decade_word").lower()]
        drafts.append(Draft(FigureKind.DECADE, year_keys(value, 2), *span, weak=True))


def _part(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read half, half a million, quarter; a lone quarter of a year says no number."""
    if not match["part"].lower().startswith("hal"):
        return
    scale = SCALES[match["part_scale"].split()[-1]] if match["part_scale"] else 1
    value = plain(Fraction(scale, 2))
    keys = (number_key(value),) if match["part_scale"] else ("N:0.5", "P:50")
    drafts.append(Draft(FigureKind.FRACTION, keys, *match.span(), weak=not match["part_scale"]))
