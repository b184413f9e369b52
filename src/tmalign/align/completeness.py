"""Which part of either version the other one covers: whole, cut short, beginning late, or a summary.

Shares are by characters. What the other version lacks at an end of the text, in one stretch, was cut off; what it
lacks here and there was left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Bead

Kind = Literal["whole", "cut short", "begins late", "summary"]

_PARTIAL_BELOW = 0.6  # less than this of a side covered, wherever: a summary
_PARTIAL_LONG_BELOW = 0.7  # of a text long enough for chance to level out
_LONG_TEXT = 15  # sentences
_END_FROM = 0.15  # a stretch at an end this large was cut off...
_END_SENTENCES = 4  # ...if it holds so many sentences
_LONG_END = 0.3  # however few sentences it has
_REST = 0.7  # of what lies between the ends is covered, or it is a summary
_STRAY = 0.1  # of an end may be covered all the same, by sentences that happen to look alike
_STRAY_OF_ALL = 0.25  # and these are a small part of all that is covered
_NAMES = ("Japanese", "English")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one side (0 Japanese, 1 English) the other version covers.

    `share` is the part of its characters that stands in two-sided beads; `first` and `last` are the sentences,
    from 1, between which they stand, of `sentences`.
    """

    side: int
    share: float
    kind: Kind
    first: int
    last: int
    sentences: int

    @property
    def reason(self) -> str:
        """Say it to a person; empty where the side is covered."""
        this, other = _NAMES[self.side], _NAMES[1 - self.side]
        share = f"{self.share:.0%} of the {this} text"
        if self.kind == "cut short":
            return (
                f"the {other} version is cut short: the {other} side covers {share}, "
                f"to sentence {self.last} of {self.sentences}"
            )
        if self.kind == "begins late":
            return (
                f"the {other} version lacks the beginning: the {other} side covers {share}, "
                f"from sentence {self.first} of {self.sentences}"
            )
        if self.kind == "summary":
            return f"the {other} version is a summary: the {other} side covers {share}, here and there"
        return ""


def coverage(beads: Sequence[Bead], side: int, lengths: Sequence[int]) -> Coverage:
    """Describe what beads cover of one side, whose sentences have these lengths in characters."""
    total, size = max(1, sum(lengths)), len(lengths)
    covered = [False] * size
    for bead in beads:
        if bead.ja and bead.en:
            for k in bead.en if side else bead.ja:
                covered[k] = True
    if True not in covered:
        return Coverage(side, 0.0, "summary", 0, 0, size)
    first = size - _bare_end(covered[::-1], lengths[::-1])
    last = _bare_end(covered, lengths)
    share = sum(compress(lengths, covered)) / total
    ends: dict[Kind, tuple[float, int]] = {
        "cut short": (sum(lengths[last:]) / total, size - last),
        "begins late": (sum(lengths[:first]) / total, first),
    }
    lacking = {
        kind: part
        for kind, (part, sentences) in ends.items()
        if part >= _LONG_END or (part >= _END_FROM and sentences >= _END_SENTENCES)
    }
    kind: Kind = "summary" if share < (_PARTIAL_LONG_BELOW if size >= _LONG_TEXT else _PARTIAL_BELOW) else "whole"
    if lacking and share >= _REST * (1 - sum(lacking.values())):
        kind = max(lacking, key=lambda name: lacking[name])
    return Coverage(side, share, kind, first + 1, last, size)


def _bare_end(covered: Sequence[bool], lengths: Sequence[int]) -> int:
    """Return where the end begins of which at most a tenth is covered: the longest, after a covered sentence."""
    begin = len(covered)
    most = _STRAY_OF_ALL * sum(compress(lengths, covered))
    stray = whole = 0
    for k in reversed(range(len(covered))):
        if stray > most:
            break
        if covered[k] and stray <= _STRAY * whole:
            begin = k + 1
        whole += lengths[k]
        stray += lengths[k] if covered[k] else 0
    return begin


def completeness(
    beads: Sequence[Bead], ja_lengths: Sequence[int], en_lengths: Sequence[int]
) -> tuple[Coverage, Coverage]:
    """Describe both sides."""
    return coverage(beads, 0, ja_lengths), coverage(beads, 1, en_lengths)


def partial_reason(sides: tuple[Coverage, Coverage]) -> str:
    """Say which side is covered in part only, the lesser one first; empty where both versions are whole."""
    return "; ".join(side.reason for side in sorted(sides, key=lambda side: side.share) if side.reason)
