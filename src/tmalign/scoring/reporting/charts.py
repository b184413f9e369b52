"""Charts as inline SVG: scores with intervals, scores by document, scores by length. No script, no outside file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tmalign.scoring.reporting.markup import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH: Final = 760
_LABELS: Final = 190  # room for the names of systems on the left
_LONG_LABELS: Final = 300  # and of documents, whose names tell date and subject
_VALUES: Final = 60  # room for the values on the right
_ROW: Final = 24
_LINE: Final = 20
_LETTER: Final = 7  # a name's letter takes up to this much
_COLOURS: Final = 8
_TICKS: Final = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its bounds, if it has any."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One system's values, None where there is none; `number` chooses colour and marker."""

    name: str
    number: int
    values: tuple[float | None, ...]


class Scale:
    """Values to positions along an axis, with round ticks that hold all values."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        """Span `values` between the positions `begin` and `end`."""
        least, most = (min(values), max(values)) if values else (0.0, 1.0)
        spread = most - least or max(abs(most), 1.0) * 0.1
        raw = spread / (_TICKS - 1)
        power = 10.0 ** math.floor(math.log10(raw))
        self.step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * (1 - 1e-9))
        first, last = math.floor(least / self.step), math.ceil(most / self.step)
        self.ticks = [number * self.step for number in range(first, max(last, first + 1) + 1)]
        self._begin, self._end = begin, end

    def __call__(self, value: float) -> float:
        """Return the position of a value, to a tenth."""
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return round(self._begin + share * (self._end - self._begin), 1)

    def label(self, tick: float) -> str:
        """Return a tick as text, with as many decimals as the step needs."""
        decimals = next(d for d in range(12) if abs(self.step * 10**d - round(self.step * 10**d)) < 1e-6 or d == 11)
        return f"{tick + 0.0:.{decimals}f}"


def interval_chart(title: str, description: str, rows: Sequence[Interval], baseline: float | None) -> Markup:
    """Draw a value and its interval for each system, one below the other; a dashed line marks the baseline."""
    values = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    scale = Scale(values, _LABELS, _WIDTH - _VALUES)
    bottom = _LINE + len(rows) * _ROW
    parts: list[Markup] = [_vertical_axis(scale, bottom)]
    if baseline is not None:
        at = scale(baseline)
        parts.append(tag("line", x1=at, x2=at, y1=_LINE, y2=bottom, class_="base"))
    for number, row in enumerate(rows):
        y = _LINE + number * _ROW + _ROW / 2
        parts.append(_name(row.name, y))
        if row.low is not None and row.high is not None:
            low, high = scale(row.low), scale(row.high)
            stroke = {"stroke": "var(--s0)", "stroke_width": 2}
            parts.append(tag("line", x1=low, x2=high, y1=y, y2=y, **stroke))
            parts += [tag("line", x1=end, x2=end, y1=y - 4, y2=y + 4, **stroke) for end in (low, high)]
        parts.append(marker(0, scale(row.value), y))
        parts.append(tag("text", f"{row.value:.2f}", x=_WIDTH - _VALUES + 12, y=y + 4))
    return _figure(title, description, parts, bottom + 24)


def dot_chart(title: str, description: str, names: Sequence[str], series: Sequence[Series]) -> Markup:
    """Draw a row for each name with a marker for each system."""
    scale = Scale([v for one in series for v in one.values if v is not None], _LONG_LABELS, _WIDTH - 12)
    bottom = _LINE + len(names) * _LINE
    parts: list[Markup] = [_vertical_axis(scale, bottom)]
    for number, name in enumerate(names):
        y = _LINE + number * _LINE + _LINE / 2
        parts.append(tag("line", x1=_LONG_LABELS, x2=_WIDTH - 12, y1=y, y2=y, class_="grid", stroke_dasharray="1 5"))
        parts.append(_name(name, y, _LONG_LABELS))
        for one in series:
            value = one.values[number]
            if value is not None:
                parts.append(marker(one.number, scale(value), y, f"{one.name}, {name}: {value:.2f}"))
    return join([legend(series), _figure(title, description, parts, bottom + 24)])


def line_chart(title: str, description: str, names: Sequence[str], series: Sequence[Series]) -> Markup:
    """Draw a line for each system over named places from left to right."""
    height = 300
    scale = Scale([v for one in series for v in one.values if v is not None], height - 40, 16)
    left, right = 56, _WIDTH - 20
    step = (right - left) / max(len(names), 1)
    places = [round(left + step * (number + 0.5), 1) for number in range(len(names))]
    parts: list[Markup] = []
    for tick in scale.ticks:
        parts.append(tag("line", x1=left, x2=right, y1=scale(tick), y2=scale(tick), class_="grid"))
        parts.append(tag("text", scale.label(tick), x=left - 8, y=scale(tick) + 4, text_anchor="end", class_="soft"))
    for name, x in zip(names, places, strict=True):
        above, _, below = name.partition("\n")
        parts.append(tag("text", above, x=x, y=height - 20, text_anchor="middle", class_="soft"))
        parts.append(tag("text", below, x=x, y=height - 5, text_anchor="middle", class_="soft"))
    for one in series:
        known = [(x, scale(v), v) for x, v in zip(places, one.values, strict=True) if v is not None]
        points = " ".join(f"{x},{y}" for x, y, _ in known)
        parts.append(tag("polyline", points=points, fill="none", stroke=_colour(one.number), stroke_width=2))
        parts += [marker(one.number, x, y, f"{one.name}: {value:.2f}") for x, y, value in known]
    return join([legend(series), _figure(title, description, parts, height)])


def legend(series: Sequence[Series]) -> Markup:
    """Return the systems with their markers."""
    entries = [
        tag("li", tag("svg", marker(one.number, 7, 7), viewBox="0 0 14 14", aria_hidden="true"), one.name)
        for one in series
    ]
    return tag("ul", entries, class_="legend")


def marker(number: int, x: float, y: float, hint: str = "") -> Markup:
    """Return a system's marker: four shapes, first full, then hollow, so that colour is never all that tells."""
    full = number // 4 % 2 == 0
    fill = {"fill": _colour(number) if full else "var(--paper)", "stroke": _colour(number), "stroke_width": 1.5}
    title = tag("title", hint) if hint else None
    shape = number % 4
    if shape == 0:
        return tag("g", title, tag("circle", cx=x, cy=y, r=5, **fill))
    if shape == 1:
        return tag("g", title, tag("rect", x=round(x - 4.5, 1), y=round(y - 4.5, 1), width=9, height=9, **fill))
    reach = 5.5
    corners = [(0, -reach), (reach, reach - 1), (-reach, reach - 1)]
    if shape == 3:
        corners = [(0, -6.5), (6.5, 0), (0, 6.5), (-6.5, 0)]
    points = " ".join(f"{round(x + dx, 1)},{round(y + dy, 1)}" for dx, dy in corners)
    return tag("g", title, tag("polygon", points=points, **fill))


def _colour(number: int) -> str:
    return f"var(--s{number % _COLOURS})"


def _name(name: str, y: float, room: int = _LABELS) -> Markup:
    """Return a name at the left edge, shortened where it is long, whole in its tooltip."""
    longest = room // _LETTER
    shown = name if len(name) <= longest else "…" + name[-(longest - 1) :]
    return tag("text", shown, tag("title", name), x=room - 12, y=y + 4, text_anchor="end")


def _vertical_axis(scale: Scale, bottom: float) -> Markup:
    return join(
        [
            [
                tag("line", x1=scale(tick), x2=scale(tick), y1=_LINE - 4, y2=bottom, class_="grid"),
                tag("text", scale.label(tick), x=scale(tick), y=bottom + 16, text_anchor="middle", class_="soft"),
            ]
            for tick in scale.ticks
        ]
    )


def _figure(title: str, description: str, parts: Sequence[Markup], height: float) -> Markup:
    image = tag(
        "svg",
        list(parts),
        viewBox=f"0 0 {_WIDTH} {round(height)}",
        role="img",
        aria_label=f"{title}. {description}",
        xmlns="http://www.w3.org/2000/svg",
    )
    return tag("figure", tag("figcaption", tag("strong", title), " ", description), image)
