"""Brackets and quotation marks that belong together, found in linear time."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

QUOTES: Final = {"「": "」", "『": "』", "“": "”", "‘": "’", "〝": "〟", "«": "»", "｢": "｣"}
BRACKETS: Final = {
    "（": "）",
    "(": "）",
    "【": "】",
    "〈": "〉",
    "《": "》",
    "［": "］",
    "[": "］",
    "〔": "〕",
    "｛": "｝",
    "{": "｝",
}
# Full and half width close each other: `（…)` is common in pages.
_SAME: Final = {")": "）", "]": "］", "}": "｝", "〞": "〟"}
_CLOSER_OF: Final = QUOTES | BRACKETS
_MARKS: Final = re.compile("[" + re.escape("".join([*_CLOSER_OF, *_CLOSER_OF.values(), *_SAME])) + '"]')


def enclosures(text: str, start: int, end: int, *, longest: int) -> list[tuple[int, int]]:
    """Find the outermost pairs of brackets and quotes in `text[start:end]`, in order.

    A pair is (position of the opening mark, position after the closing mark). What is never closed, or is
    longer than `longest` characters, encloses nothing: the pairs inside it count instead. A straight double
    quote opens and closes in turn. Apostrophes are left alone: `‘’` pairs only where an opening one stands.
    """
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    for match in _MARKS.finditer(text, start, end):
        mark, at = match[0], match.start()
        if mark in _CLOSER_OF or (mark == '"' and not waiting['"']):
            closer = _CLOSER_OF.get(mark, mark)
            stack.append((closer, at))
            waiting[closer] += 1
            continue
        closer = _SAME.get(mark, mark)
        if not waiting[closer]:
            continue
        while stack:
            opened, opened_at = stack.pop()
            waiting[opened] -= 1
            if opened == closer:
                pairs.append((opened_at, at + 1))
                break
    return _outermost(pairs, longest)


def _outermost(pairs: list[tuple[int, int]], longest: int) -> list[tuple[int, int]]:
    pairs.sort()
    outer: list[tuple[int, int]] = []
    reach = -1
    for opened, closed in pairs:
        if opened >= reach and closed - opened <= longest:
            outer.append((opened, closed))
            reach = closed
    return outer


class Walk:
    """Answers for rising positions which of the sorted pairs a position is in."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        """Begin before the first pair."""
        self.pairs = pairs
        self.index = 0

    def around(self, at: int) -> tuple[int, int] | None:
        """Return the pair that `at` lies in, not counting its opening mark."""
        while self.index < len(self.pairs) and self.pairs[self.index][1] <= at:
            self.index += 1
        if self.index < len(self.pairs) and self.pairs[self.index][0] < at:
            return self.pairs[self.index]
        return None
