"""Figures in English text: digits, number words, dates, times, money."""

from __future__ import annotations

import string
from fractions import Fraction
from typing import TYPE_CHECKING

from tmalign.text.figures import english_patterns as patterns
from tmalign.text.figures import notation
from tmalign.text.figures.figure import Draft, FigureKind, number_key, percent_keys, time_keys, year_keys
from tmalign.text.figures.numerals import ONES, SCALES, SHORT_SCALES, arabic, english_values, plain
from tmalign.text.width import COMPILED

if COMPILED:
    from tmalign.text import _scan

    _LENGTHS = _scan.lengths(patterns.FIRST_WORDS)

if TYPE_CHECKING:
    import re

    from tmalign.text.figures.figure import Value

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_WEAK_ALONE = {"one", "first", "second", "zero", "hundred", "thousand", "dozen"}


def scan(text: str) -> list[Draft]:
    """Return the figures of a normalised text as drafts, in order."""
    lower = text.lower() if text.isascii() else text.translate(_LOWER)
    drafts: list[Draft] = []
    position = 0
    while (candidate := next_candidate(lower, position)) is not None:
        start, end = candidate
        if end == start + 1:
            position = _digits(text, start, position, drafts)
        elif lower[start:end].strip("ivx"):
            position = _letters(text, lower, start, end, drafts)
        else:
            match = patterns.DIGITS.match(text, start)
            if match is not None:
                notation.read(match, drafts)
            position = end
    return drafts


def next_candidate(lower: str, position: int, *, compiled: bool = COMPILED) -> tuple[int, int] | None:
    """Return start and end of the next digit, word or Roman number in a text in lower case that may be a figure."""
    if compiled:
        return _scan.english_figure(lower, position, patterns.FIRST_WORDS, _LENGTHS)
    match = patterns.CANDIDATE.search(lower, position)
    return None if match is None else match.span()


def _digits(text: str, start: int, floor: int, drafts: list[Draft]) -> int:
    """Read the figure whose first digit is at `start`; return where to go on."""
    lead = patterns.LEAD.search(text, max(floor, start - 9), start)
    match = patterns.DIGITS.match(text, lead.start()) if lead else None
    if match is None or match.end() <= start:
        match = patterns.DIGITS.match(text, start)
    if match is None:
        return start + 1
    if not notation.read(match, drafts):
        if match["number"] is not None:
            _number(match, text, drafts)
        else:
            _clock(match, drafts)
    return max(match.end(), start + 1)


def _letters(text: str, lower: str, start: int, after: int, drafts: list[Draft]) -> int:
    """Read the figure whose first word begins at `start` and ends at `after`; return where to go on."""
    match = patterns.WORDS.match(lower, start)
    if match is None:
        return after
    if match["words"] is not None:
        _words(match, lower, drafts)
    elif match["fraction_count"] is not None:
        return _fraction(match, drafts)
    elif match["month"] or match["short_month"] or match["day_month"]:
        _month(match, text, drafts)
    elif match["oclock"] or match["past"] or match["moment"]:
        _spoken_time(match, drafts)
    else:
        _single(match, text, drafts)
    return match.end()


def _number(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read digits with what stands around them."""
    numeral, unit = match["number"], (match["unit"] or "").strip(" -").lower()
    value: Value = arabic(numeral)
    if match["mixed"]:
        value += Fraction(match["mixed"])
    scale, doubtful = _scale((match["scale"] or "").strip(" -").lower(), bool(match["before"]))
    scaled = number_key(plain(value * scale))
    draft = Draft(FigureKind.NUMBER, (scaled,), *match.span(), value=value, scale=scale)
    if doubtful:
        draft.keys = (scaled, number_key(value))
    if match["ordinal"]:
        draft.kind = FigureKind.ORDINAL
    elif match["decade"]:
        draft.kind, draft.keys = FigureKind.DECADE, year_keys(value, len(numeral))
    elif unit:
        draft.kind, draft.keys = _with_unit(value * scale, unit)
    elif match["before"]:
        draft.kind = FigureKind.MONEY
    elif patterns.AGE_BEFORE.search(text, 0, match.start()):
        draft.kind = FigureKind.AGE
    elif numeral.isdigit() and len(numeral) == 4 and scale == 1:
        _four_digits(draft, numeral, text)
    drafts.append(draft)


def _with_unit(value: Value, unit: str) -> tuple[FigureKind, tuple[str, ...]]:
    """Return kind and keys of a number followed by a unit."""
    if unit == "%" or unit.startswith(("per", "pct")):
        return FigureKind.PERCENT, percent_keys(plain(value))
    if unit == "decades":
        return FigureKind.NUMBER, (number_key(plain(value * 10)), number_key(value))
    kind = FigureKind.AGE if unit.endswith(("old", "olds")) else FigureKind.MONEY
    return kind, (number_key(plain(value)),)


def _four_digits(draft: Draft, numeral: str, text: str) -> None:
    """Tell years from times of day; 'around 1530' may be either."""
    if 1000 <= int(numeral) <= 2199:
        draft.kind = FigureKind.YEAR
    if patterns.TIME_BEFORE.search(text, 0, draft.start):
        times = time_keys(int(numeral[:2]), int(numeral[2:]))
        draft.keys = (*draft.keys, *times[:1])


def _scale(word: str, money: bool) -> tuple[int, bool]:
    """Return what a scale word multiplies by, and whether the bare number is possible too (100m, 5k)."""
    if not word:
        return 1, False
    if len(word) == 1:
        return {"k": 1000, "m": 10**6, "b": 10**9}[word], not money
    scale = 1
    for part in patterns.PLAIN_WORD.findall(word):
        scale *= SCALES.get(part) or SHORT_SCALES[part]
    return scale, False


def _words(match: re.Match[str], lower: str, drafts: list[Draft]) -> None:
    """Read number words; a unit after them belongs to the last number."""
    parts = [part.span() for part in patterns.PLAIN_WORD.finditer(lower, *match.span("words"))]
    numbers = english_values([lower[start:end] for start, end in parts])
    for index, (first, after, number, scale, ordinal) in enumerate(numbers):
        start, end = parts[first][0], parts[after - 1][1]
        if index == len(numbers) - 1:
            draft = _last_words(match, start, end, number, scale)
        else:
            draft = Draft(FigureKind.NUMBER, (number_key(number),), start, end, value=number, scale=scale)
        if ordinal:
            draft.kind = FigureKind.ORDINAL
        elif after > first + 1 and scale == 1 and isinstance(number, int) and 1100 <= number <= 2099:
            draft.kind = FigureKind.YEAR
        draft.weak = lower[start : draft.end] in _WEAK_ALONE
        drafts.append(draft)


def _last_words(match: re.Match[str], start: int, end: int, number: Value, scale: int) -> Draft:
    """Read what follows number words: and a half, million, per cent, yen."""
    if match["word_half"]:
        number += Fraction(1, 2)
    if match["word_scale"]:
        scale = SCALES[match["word_scale"].strip()]
        number = plain(number * scale)
    unit = (match["word_unit"] or "").strip(" -")
    kind, keys = _with_unit(number, unit) if unit else (FigureKind.NUMBER, (number_key(number),))
    last = match.end() if unit or match["word_half"] or match["word_scale"] else end
    return Draft(kind, keys, start, last, value=number, scale=scale)


def _fraction(match: re.Match[str], drafts: list[Draft]) -> int:
    """Read two-thirds and one-third; in 'two third parties' two is a count. Return where to go on."""
    count, part = patterns.COUNTS[match["fraction_count"]], match["fraction_part"]
    agrees = (count == 1) != bool(match["fraction_many"])
    if not (agrees or match["fraction_of"]) or (part == "half" and count > 1):
        key = number_key(count)
        drafts.append(Draft(FigureKind.NUMBER, (key,), *match.span("fraction_count"), weak=count == 1, value=count))
        return match.end("fraction_count")
    value = Fraction(count, patterns.PARTS[part])
    keys: tuple[str, ...] = (number_key(value),)
    if part in {"half", "quarter"}:
        keys = (*keys, number_key(count), percent_keys(plain(value * 100))[0])
    end = match.end("fraction_many") if match["fraction_many"] else match.end("fraction_part")
    drafts.append(Draft(FigureKind.FRACTION, keys, match.start(), end, weak=part in {"half", "quarter"}))
    return end


def _month(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read a month in capitals; May and March need a date around them or a place inside the sentence."""
    start, end = match.span()
    if not text[start].isupper():
        return
    name = match["month"] or (match["short_month"] or match["day_month"]).strip(".")
    value = patterns.MONTHS.get(name) or patterns.SHORT_MONTHS[name]
    draft = Draft(FigureKind.MONTH, (f"M:{value}",), start, end)
    if name in {"may", "march"} and not (
        patterns.MONTH_BEFORE.search(text, max(0, start - 16), start) or patterns.MONTH_AFTER.match(text, end)
    ):
        if patterns.SENTENCE_BEFORE.search(text, 0, start) or patterns.NAME_BEFORE.search(text, 0, start):
            return
        draft.weak = True
    drafts.append(draft)


def _clock(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read 3:30 p.m., 15:30, 1530 JST, 3 o'clock."""
    group = match.group
    half, bare = "", False
    if group("hour"):
        hour, minute, half = int(group("hour")), int(group("minute") or 0), group("half").lower() + "m"
    elif group("clock_hour"):
        hour, minute = int(group("clock_hour")), int(group("clock_minute"))
    elif group("military"):
        # A clock of 24 hours: 0930 is the morning, 1230 just after noon.
        hour, minute = int(group("military")[:2]), int(group("military")[2:])
        half = "am" if hour < 12 else "pm"
    else:
        hour, minute, bare = int(group("oclock")), 0, True
    keys = time_keys(hour, minute, half)
    if bare:
        keys = (*keys, number_key(hour))
    drafts.append(Draft(FigureKind.TIME, keys, *match.span(), value=hour % 12 + 12 if half == "pm" else hour))


def _spoken_time(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read noon, three o'clock, half past three."""
    if match["moment"]:
        hour = 0 if match["moment"] == "midnight" else 12
        keys: tuple[str, ...] = (f"T:{hour}:00",)
    else:
        hour = ONES.get(match["oclock"] or match["past"], -1)
        keys = time_keys(hour, 30 if match["past"] else 0)
    drafts.append(Draft(FigureKind.TIME, keys, *match.span(), value=hour))


def _single(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read the forms of one word or with a fixed frame."""
    group, span = match.group, match.span()
    weekday = group("weekday") or group("short_weekday")
    if weekday:
        if text[span[0]].isupper():
            day = patterns.WEEKDAYS.get(weekday) or patterns.SHORT_WEEKDAYS[weekday]
            drafts.append(Draft(FigureKind.WEEKDAY, (f"W:{day}",), *span))
    elif group("era"):
        year = int(group("era_year"))
        western = patterns.ERA_YEARS[group("era")] + year
        drafts.append(Draft(FigureKind.YEAR, (number_key(western), number_key(year)), *span, value=western))
    elif group("fiscal_english"):
        drafts.append(Draft(FigureKind.FISCAL_YEAR, (number_key(int(group("fiscal_english"))),), *span))
    elif group("power"):
        power = patterns.POWERS[group("power")] * patterns.POWERS.get(group("power_of") or "", 1)
        drafts.append(Draft(FigureKind.APPROXIMATE, (f"Q:{power}",), *span, weak=True))
    elif group("part"):
        _half(match, drafts)
    elif group("hidden"):
        drafts.append(Draft(FigureKind.NUMBER, (number_key(patterns.HIDDEN[group("hidden")]),), *span, weak=True))
    elif group("decade_word"):
        keys = year_keys(patterns.DECADES[group("decade_word")], 2)
        drafts.append(Draft(FigureKind.DECADE, keys, *span, weak=True))


def _half(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read half, half a million, half an hour."""
    words = (match["part_scale"] or "").split()
    if words and words[-1] == "hour":
        drafts.append(Draft(FigureKind.FRACTION, ("N:30", "N:0.5"), *match.span(), weak=True))
        return
    key = number_key(plain(Fraction(SCALES[words[-1]] if words else 1, 2)))
    keys = (key,) if words else (key, "P:50")
    drafts.append(Draft(FigureKind.FRACTION, keys, *match.span(), weak=not words))
