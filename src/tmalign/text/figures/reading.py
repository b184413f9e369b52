"""From text to figures: normalise, scan in the text's language, let ranges share their unit, map back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tmalign.text.figures import english, japanese
from tmalign.text.figures.figure import Draft, Figure, FigureKind, number_key, percent_keys, time_keys
from tmalign.text.width import fold

if TYPE_CHECKING:
    from tmalign.model import Language

_RANGE = {
    "ja": re.compile(r"\s?(?:~|-|から|ないし|乃至|、|,|・|または|か)\s?"),
    "en": re.compile(r"\s?-\s?|,?\s(?:to|or|and|through)\s"),
}


def figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Return the figures of a text in reading order, spans in the text as it was given.

    Numbers in words count; kanji digits inside ordinary words (一致, 三菱) do not.
    """
    scanner = japanese if language == "ja" else english
    folded = fold(text, case=False)
    drafts = scanner.scan(folded.text)
    _share_units(drafts, folded.text, language)
    found: list[Figure] = []
    for draft in drafts:
        if draft.keys:
            start, end = folded.source_span(draft.start, draft.end)
            found.append(Figure(draft.kind, draft.keys, start, end, text[start:end], draft.weak))
    return tuple(found)


class Reading(NamedTuple):
    """What a figure may mean, without its place: see `Figure`."""

    keys: tuple[str, ...]
    weak: bool


def readings(text: str, language: Language) -> list[Reading]:
    """Return what `figures` would find in a text that is already normalised, at less cost: keys without places."""
    drafts = japanese.scan(text) if language == "ja" else english.scan(text)
    if not drafts:
        return []
    if len(drafts) > 1:
        _share_units(drafts, text, language)
    return [Reading(draft.keys, draft.weak) for draft in drafts if draft.keys]


def _share_units(drafts: list[Draft], text: str, language: Language) -> None:
    """Let the first number of a range take the unit that is written once, at its end: 3～5%, two to three million."""
    for left, right in zip(drafts[-2::-1], drafts[:0:-1], strict=True):
        bare = left.kind is FigureKind.NUMBER and left.scale == 1 and isinstance(left.value, int) and left.value < 1000
        # English never leaves a month out: in `April 1 to September 30` the 1 is a day.
        shares = language == "ja" or right.kind is not FigureKind.MONTH
        if bare and shares and _RANGE[language].fullmatch(text, left.end, right.start):
            _share(left, right)


def _share(left: Draft, right: Draft) -> None:
    """Give the bare number `left` the unit of `right`, keeping its bare reading as a second one."""
    value = left.value
    if not isinstance(value, int):
        return
    bare = (number_key(value),)
    if right.kind is FigureKind.PERCENT:
        left.kind, left.keys = right.kind, percent_keys(value)
    elif right.kind is FigureKind.MONTH and 1 <= value <= 12:
        left.kind, left.keys = right.kind, (f"M:{value}",)
    elif right.kind is FigureKind.TIME and right.value is not None:
        half = "" if len(right.keys) > 1 else "pm" if right.value >= 12 else "am"
        left.kind, left.keys = right.kind, time_keys(value, 0, half) + bare
    elif right.kind in {FigureKind.NUMBER, FigureKind.MONEY} and right.scale > 1:
        left.kind, left.scale, left.keys = right.kind, right.scale, (number_key(value * right.scale), *bare)
