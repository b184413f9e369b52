"""Numerals to values: 12億3千万, 二〇二四, twenty-five, one hundred and five."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.text.figures.figure import Value

# Bounded: forty digits are no figure of any text, and thousands cannot be converted.
ARABIC = r"\d(?:\d{0,2}+(?:,\d{3}){1,12}(?!\d)|\d{0,39})(?:\.\d{1,40})?"

KANJI_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0}
KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
KANJI_SCALES = {"万": 10**4, "億": 10**8, "兆": 10**12, "京": 10**16}
_KANJI_PART = re.compile(rf"{ARABIC}|.")

ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
SHORT_SCALES = {"mn": 10**6, "mln": 10**6, "bn": 10**9, "bln": 10**9, "tn": 10**12, "trn": 10**12}
ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        start=1,
    )
} | {word[:-1] + "ieth": value for word, value in TENS.items()}
SCALE_ORDINALS = {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
_SMALL = ONES | TENS | ORDINALS


def arabic(text: str) -> Value:
    """Return the value of digits with optional thousands commas and decimals."""
    text = text.replace(",", "")
    return Fraction(text) if "." in text else int(text)


@lru_cache(maxsize=8192)
def kanji_value(text: str) -> Value | None:
    """Return the value of a numeral of digits and kanji in any mixture, or None where it is not well formed.

    二〇二四 is read by position; 千二百 and 12億3千万 by units. A large unit needs a number before it.
    """
    total: Value = 0
    section: Value = 0
    pending: Value | None = None
    positional = False
    unit_below, scale_below = 10**4, 10**20
    for part in _KANJI_PART.findall(text):
        if part in KANJI_DIGITS:
            if pending is not None and not positional:
                return None
            pending = (pending or 0) * 10 + KANJI_DIGITS[part]
            positional = True
        elif part in KANJI_UNITS:
            unit = KANJI_UNITS[part]
            if unit >= unit_below or (positional and pending is not None and pending >= 10):
                return None
            section += (1 if pending is None else pending) * unit
            pending, positional, unit_below = None, False, unit
        elif part in KANJI_SCALES:
            scale, count = KANJI_SCALES[part], section + (pending or 0)
            if scale >= scale_below or not count:
                return None
            total += count * scale
            section, pending, positional, unit_below, scale_below = 0, None, False, 10**4, scale
        elif pending is None:
            pending = arabic(part)
        else:
            return None
    in_units = unit_below < 10**4 or scale_below < 10**20
    if in_units and pending is not None and pending >= unit_below:
        return None
    return plain(total + section + (pending or 0))


def kanji_scale(text: str) -> int:
    """Return the large unit a numeral ends in (億 in 2億), 1 where it ends in none."""
    scale = 1
    for character in reversed(text):
        step = KANJI_SCALES.get(character) or KANJI_UNITS.get(character)
        if step is None:
            break
        scale *= step
    return scale


def english_values(words: Sequence[str]) -> list[tuple[int, int, Value, int, bool]]:
    """Read English number words (lower case, without hyphens) into the numbers they form.

    Returns tuples of the first word, the word after the last, the value, the last scale word's value, and
    whether it ends as an ordinal. "two three" is two numbers, "one hundred and five" one, "nineteen ninety" a year.
    """
    found: list[tuple[int, int, Value, int, bool]] = []
    position = 0
    while position < len(words):
        if words[position] == "and":
            position += 1
            continue
        end, value, scale, ordinal = _english_number(words, position)
        found.append((position, end, value, scale, ordinal))
        position = end
    return found


def _english_number(words: Sequence[str], start: int) -> tuple[int, Value, int, bool]:
    """Read one number from `start`; return where it ends, its value, its last scale and whether it is an ordinal."""
    total = section = 0  # what stands before the last thousand or million, and what has gathered since
    scale, size_below, position = 1, 10**18, start
    while position < len(words):
        word, before = words[position], words[position - 1] if position > start else ""
        if word == "and":
            following = words[position + 1] if position + 1 < len(words) else ""
            if before not in SCALES or not (following in _SMALL or following in SCALE_ORDINALS):
                break
        elif word in _SMALL:
            small, joined = _SMALL[word], before in TENS and 1 <= _SMALL[word] <= 9
            if not before or before in SCALES or before == "and" or joined:
                section += small
            elif position == start + 1 and 11 <= section <= 20 and small >= 10:
                section = section * 100 + small  # nineteen ninety
            else:
                break
            scale = 1
        else:
            size = SCALES.get(word) or SCALE_ORDINALS.get(word, 0)
            if size <= 100 and (section < 100 if section else not before):
                section = (section or 1) * size
            elif size > 100 and size < size_below and (section or not before):
                total += (section or 1) * size
                section, size_below = 0, size
            else:
                break
            scale = scale * size if before in SCALES else size
        position += 1
        if word in ORDINALS or word in SCALE_ORDINALS:
            return position, total + section, 1, True
    return position, total + section, scale, False


def plain(value: Value) -> Value:
    """Return whole numbers as int."""
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value
