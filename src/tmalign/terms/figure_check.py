"""Figures of a translation against those of its source, with an ear for what good translations do.

`text.figures` reads both sides into values that both languages share. What is left without a partner is a fault only
where a person would call it one: numbers in words, weekdays, months and years come and go in good translations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tmalign.text.figures import FigureKind, compare, figures
from tmalign.text.width import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.text.figures import Figure

Fault = tuple[str, str, tuple[int, int], tuple[int, int]]

_DIGIT = re.compile(r"\d|[一二三四五六七八九十百千〇]+[万億兆年月日時分]")
_ERA_DATE = re.compile(r"(\d{1,2})\s?\.\s?(\d{1,2})\s?\.\s?(\d{1,2})")
# The years before the first one of each era.
_REIWA, _HEISEI = 2018, 1988
_CALENDAR = frozenset({FigureKind.YEAR, FigureKind.FISCAL_YEAR, FigureKind.MONTH, FigureKind.DAY, FigureKind.WEEKDAY})
_RANK = re.compile("等[陸海空書]|等(?:兵|曹|尉|佐)")
_ORDER = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|final)(?:ly)?\b|\b(?:next|in addition)\b", re.IGNORECASE
)
_RELATIVE_JA = re.compile("[本同昨今翌前来先][日年月週朝夕夜]|[本同昨今翌前来]年度|明日|去る|当日")
_RELATIVE_EN = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight|th(?:is|at|e same|e following|e previous) (?:day|year|month|fiscal year)"
    r"|(?:last|next) (?:year|month|fiscal year))\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*\b")
_QUIET = frozenset({FigureKind.APPROXIMATE, FigureKind.WEEKDAY, FigureKind.CENTURY, FigureKind.DECADE})


def figure_faults(ja: str, en: str) -> list[Fault]:
    """Return reason, suggestion and the places in both texts for each figure that only one side has."""
    if (era := _ERA_DATE.fullmatch(normalise(ja).strip())) is not None:
        return _era_date(ja, en, *map(int, era.groups()))
    found = compare(figures(ja, "ja"), figures(en, "en"))
    left = [f for f in _certain(found.only_ja) if not _idle_ja(f, ja, en)]
    right = [f for f in _certain(found.only_en) if not _idle_en(f, ja, en)]
    faults: list[Fault] = []
    rest = list(right)
    for figure in left:
        other = _partner(figure, rest)
        if other is not None:
            rest.remove(other)
            reason = f"{figure.text} in the Japanese, {other.text} in the English"
            span = (other.start, other.end)
            faults.append((reason, f"the Japanese says {_plain(figure)}", (figure.start, figure.end), span))
        else:
            reason = f"{figure.text} is not in the English"
            faults.append((reason, f"the Japanese says {_plain(figure)}", (figure.start, figure.end), (0, 0)))
    faults.extend((f"{figure.text} is not in the Japanese", "", (0, 0), (figure.start, figure.end)) for figure in rest)
    return faults


def _era_date(ja: str, en: str, year: int, month: int, day: int) -> list[Fault]:
    """Compare a dateline of three numbers, whose year is one of the present era or a short one of ours."""
    spelled = (f"{first + year}年{month}月{day}日" for first in (_REIWA, _HEISEI, 2000))
    if any(compare(figures(text, "ja"), figures(en, "en")).agrees for text in spelled):
        return []
    return [(f"the date {ja.strip()} is another in the English", "", (0, len(ja)), (0, len(en)))]


def _idle_ja(figure: Figure, ja: str, en: str) -> bool:
    """Tell whether a Japanese figure may well be missing: a rank, a place in an order, a date that became a word."""
    after = normalise(ja[figure.end : figure.end + 3])
    before = normalise(ja[max(0, figure.start - 6) : figure.start])
    if _RANK.match(after) or "小数点以下" in before:
        return True
    if figure.kind is FigureKind.ORDINAL and after[:1] in {"に", "は", "、"} and _ORDER.search(en):
        return True
    if normalise(figure.text) in {"1日", "一日"} and re.search(r"\bday\b", en):
        return True
    return figure.kind in _CALENDAR and _RELATIVE_EN.search(en) is not None


def _idle_en(figure: Figure, ja: str, en: str) -> bool:
    """Tell whether an English figure may well be added: the number of an item, 2+2, the date of 本日."""
    if en[max(0, figure.start - 1) : figure.start] == "(" and en[figure.end : figure.end + 1] == ")":
        return len(figure.text) == 1
    if "+" in {en[max(0, figure.start - 1) : figure.start], en[figure.end : figure.end + 1]}:
        return True
    if figure.kind is FigureKind.TIME and re.search("午[前後](?![0-9０-９一二三四五六七八九十])", ja):
        # The hour was made known in English only.
        return True
    day = figure.kind in _CALENDAR or (figure.kind is FigureKind.NUMBER and figure.text.isdecimal())
    return day and _RELATIVE_JA.search(ja) is not None and _DATED.search(en) is not None


def _certain(found: Iterable[Figure]) -> list[Figure]:
    """Return the figures whose absence is a fault: not weak, and written in digits."""
    return [f for f in found if not f.weak and f.kind not in _QUIET and _DIGIT.search(normalise(f.text))]


def _partner(figure: Figure, others: Sequence[Figure]) -> Figure | None:
    """Return the figure that was likely meant for this one: of its kind, or the only one that is left."""
    same = [other for other in others if other.kind is figure.kind]
    return same[0] if same else others[0] if len(others) == 1 else None


def _plain(figure: Figure) -> str:
    """Return a figure's value for a reader."""
    value = figure.keys[0].partition(":")[2]
    if figure.kind is FigureKind.TIME:
        return value
    return f"{int(value):,}" if value.isascii() and value.isdecimal() and len(value) > 4 else value
