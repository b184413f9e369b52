"""What a figure is, and how its value is written as a key that is the same in every language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Value = int | Fraction


class FigureKind(StrEnum):
    """What a figure counts or names."""

    NUMBER = "number"
    APPROXIMATE = "approximate"  # 数十, dozens of
    FRACTION = "fraction"
    PERCENT = "percent"
    MONEY = "money"
    ORDINAL = "ordinal"
    YEAR = "year"
    FISCAL_YEAR = "fiscal-year"
    DECADE = "decade"
    CENTURY = "century"
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    TIME = "time"
    AGE = "age"
    CODE = "code"  # F-35, COVID-19, a telephone number


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and where it stands: characters `start` to `end` of the text it was read from.

    `keys` holds its readings, the likeliest first; two figures agree where they share one. A key is `N:` and
    a number in plain decimal (or `N:1/3`), `P:` a percentage, `M:` a month 1-12, `W:` a weekday 1-7 from Monday,
    `T:` a time of 24 hours without leading zero (`T:15:30`), `Q:` a power of ten for 'dozens', 'hundreds of...',
    `X:` a code in capitals without hyphens. `weak` marks what the other language often leaves unsaid or says
    in another way (one, first, 一つ, half): good evidence where it matches, none where it does not.
    """

    kind: FigureKind
    keys: tuple[str, ...]
    start: int
    end: int
    text: str
    weak: bool = False


@dataclass(slots=True)
class Draft:
    """A figure being read, in positions of the normalised text; `scale` is the 億 or million written after it."""

    kind: FigureKind
    keys: tuple[str, ...]
    start: int
    end: int
    weak: bool = False
    value: Value | None = None
    scale: int = 1


def number_text(value: Value) -> str:
    """Return a number in plain decimal, or as a fraction in lowest terms where decimals never end."""
    if isinstance(value, int):
        return str(value)
    if value.denominator == 1:
        return str(value.numerator)
    rest, places = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def number_key(value: Value) -> str:
    """Return the key of a plain number."""
    return "N:" + number_text(value)


def percent_keys(value: Value) -> tuple[str, ...]:
    """Return the keys of a percentage; a table may give the number alone."""
    text = number_text(value)
    return "P:" + text, "N:" + text


def time_keys(hour: int, minute: int, half: str = "") -> tuple[str, ...]:
    """Return the keys of a time; `half` is `am`, `pm` or empty, and then both halves of the day are possible.

    An hour outside 0-24 or a minute outside 0-59 gives no key.
    """
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        return ()
    if half and hour <= 12:
        hours = [hour % 12 + (12 if half == "pm" else 0)]
    elif half or not 1 <= hour <= 12:
        hours = [hour % 24]
    else:
        hours = [hour, (hour + 12) % 24]
    return tuple(f"T:{one}:{minute:02d}" for one in hours)


def year_keys(year: Value, digits: int = 4) -> tuple[str, ...]:
    """Return the keys of a year; one of two digits ('90) also stands for the year it abbreviates."""
    if digits == 2 and isinstance(year, int):
        return number_key(year), number_key(year + (2000 if year < 50 else 1900))
    return (number_key(year),)
