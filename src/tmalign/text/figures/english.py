"""Figures in English text: digits, number words, dates, times, money."""

from __future__ import annotations

import string
from fractions import Fraction
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from tmalign.text.figures import english_patterns as patterns
from tmalign.text.figures import notation
from tmalign.text.figures.figure import Draft, FigureKind, number_key, percent_keys, time_keys, year_keys
from tmalign.text.figures.numerals import ONES, SCALES, SHORT_SCALES, arabic, english_values, plain
from tmalign.text.width import COMPILED

if COMPILED:
    from tmalign.text import _scan

if TYPE_CHECKING:
    import re

    from tmalign.text.figures.figure import Value

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_WEAK_ALONE = {"one", "first", "second", "zero", "hundred", "thousand", "dozen"}


def scan(text: str) -> list[Draft]:
    """Return the figures of a normalised text as drafts, in order."""
    drafts: list[Draft] = []
    position, lower = 0, ""
    while (candidate := next_candidate(text, position)) is not None:
        start, end = candidate
        if end == start + 1:
            position = _digits(text, start, position, drafts)
            continue
        lower = lower or (text.lower() if text.isascii() else text.translate(_LOWER))
        if lower[start:end].strip("ivx"):
            position = _letters(text, lower, start, end, drafts)
        else:
            match = patterns.FORMS.match(text, start)
            if match is not None:
                notation.read(match, drafts)
            position = end
    return drafts


def search_candidate(text: str, position: int) -> tuple[int, int] | None:
    """Return start and end of the next digit, word or Roman number that may be a figure."""
    match = patterns.candidate().search(text, position)
    return None if match is None else match.span()


next_candidate = search_candidate
if COMPILED:
    next_candidate = partial(_scan.english_figure, patterns.FIRST_WORDS, _scan.lengths(patterns.FIRST_WORDS))


def _digits(text: str, start: int, floor: int, drafts: list[Draft]) -> int:
    """Read the figure whose first digit is at `start`; return where to go on."""
    lead = None
    if text[start - 1 : start] != " " or text[start - 2 : start - 1] in patterns.BEFORE_SPACE:
        lead = patterns.LEAD.search(text, max(floor, start - 9), start)
    end = _figure(text, lead.start(), start, drafts) if lead else 0
    return max(end or _figure(text, start, start, drafts), start + 1)


def _figure(text: str, start: int, digit: int, drafts: list[Draft]) -> int:
    """Read the figure that begins at `start` and holds the digit at `digit`; return its end, 0 where there is none."""
    match = patterns.FORMS.match(text, start)
    number = None if match else patterns.NUMBER.match(text, start)
    end = match.end() if match else number.end() if number else 0
    if end <= digit:
        return 0
    if number:
        _number(number, text, drafts)
    elif match and not notation.read(match, drafts):
        _clock(match, drafts)
    return end


def _letters(text: str, lower: str, start: int, after: int, drafts: list[Draft]) -> int:
    """Read the figure whose first word begins at `start` and ends at `after`; return where to go on."""
    match = patterns.WORDS.match(lower, start)
    if match is None:
        return after
    if match["words"] is not None:
        _words(match, drafts)
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
    parts = match.group("number", "before", "ordinal", "decade", "mixed", "scale", "unit")
    kind, keys, value, scale = _meaning(*parts)
    start, end = match.span()
    draft = Draft(kind, keys, start, end, False, value, scale)
    if kind is FigureKind.NUMBER and parts[-1] is None:
        if patterns.AGE_BEFORE.search(text, max(0, start - 7), start):
            draft.kind = FigureKind.AGE
        elif len(parts[0]) == 4 and scale == 1 and parts[0].isdigit():
            _four_digits(draft, parts[0], text)
    drafts.append(draft)


@lru_cache(maxsize=8192)
def _meaning(
    numeral: str,
    before: str | None,
    ordinal: str | None,
    decade: str | None,
    mixed: str | None,
    large: str | None,
    unit: str | None,
) -> tuple[FigureKind, tuple[str, ...], Value, int]:
    """Return kind, keys, value and scale of a number by what is written with it."""
    unit = (unit or "").strip(" -").lower()
    value: Value = arabic(numeral)
    if mixed:
        value += Fraction(mixed)
    scale, doubtful = _scale((large or "").strip(" -").lower(), bool(before))
    keys: tuple[str, ...] = (number_key(plain(value * scale)),)
    if doubtful:
        keys = (*keys, number_key(value))
    kind = FigureKind.NUMBER
    if ordinal:
        kind = FigureKind.ORDINAL
    elif decade:
        kind, keys = FigureKind.DECADE, year_keys(value, len(numeral))
    elif unit:
        kind, keys = _with_unit(value * scale, unit)
    elif before:
        kind = FigureKind.MONEY
    return kind, keys, value, scale


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
    if patterns.TIME_BEFORE.search(text, max(0, draft.start - 9), draft.start):
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


def _words(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read number words and what follows them."""
    at = match.start()
    said = _spoken(*match.group("words", "word_half", "word_scale", "word_unit"))
    drafts += [Draft(one.kind, one.keys, at + one.start, at + one.end, one.weak, one.value, one.scale) for one in said]


@lru_cache(maxsize=1024)
def _spoken(words: str, half: str | None, large: str | None, unit: str | None) -> tuple[Draft, ...]:
    """Read number words, in positions from their first on; what follows them belongs to the last number."""
    text = words + (half or "") + (large or "") + (unit or "")
    parts = [part.span() for part in patterns.PLAIN_WORD.finditer(words)]
    drafts: list[Draft] = []
    for first, after, number, scale, ordinal in english_values([words[start:end] for start, end in parts]):
        start, end = parts[first][0], parts[after - 1][1]
        draft = Draft(FigureKind.NUMBER, (number_key(number),), start, end, value=number, scale=scale)
        if end == len(words):
            draft.end = len(text)
            _end_words(draft, number, half, large, unit)
        if ordinal:
            draft.kind = FigureKind.ORDINAL
        elif after > first + 1 and scale == 1 and isinstance(number, int) and 1100 <= number <= 2099:
            draft.kind = FigureKind.YEAR
        draft.weak = text[start : draft.end] in _WEAK_ALONE
        drafts.append(draft)
    return tuple(drafts)


def _end_words(draft: Draft, number: Value, half: str | None, large: str | None, unit: str | None) -> None:
    """Read what follows number words: and a half, million, per cent, yen."""
    if half:
        number += Fraction(1, 2)
    if large:
        draft.scale = SCALES[large.strip()]
        number = plain(number * draft.scale)
    draft.value, draft.keys = number, (number_key(number),)
    if unit:
        draft.kind, draft.keys = _with_unit(number, unit.strip(" -"))


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
