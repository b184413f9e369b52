"""Human decisions as constraints on the lattice: what a person accepted must come out, what was rejected must not.

Decisions are made on texts, not on numbers of sentences, so that they find their place again in changed pages; white
space does not count. An accepted pair becomes a rectangle that every path must cross from corner to corner; one with
an empty side a sentence that stands alone. A rejected pair is that one bead struck out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tmalign.align.lattice import NEVER, SHAPES
from tmalign.model import Bead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.windows import Window
    from tmalign.model import Segment

    Array = np.ndarray[Any, np.dtype[np.float64]]

Span = tuple[int, int]  # numbers of segments, end exclusive
Rectangle = tuple[Span, Span]
_SHAPE = {shape: k for k, shape in enumerate(SHAPES)}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Decision(Protocol):
    """A person's word on a pair of texts: `accept` or `reject`. One text may be empty: nothing translates the other."""

    @property
    def ja(self) -> str:
        """The Japanese text."""
        ...

    @property
    def en(self) -> str:
        """The English text."""
        ...

    @property
    def decision(self) -> str:
        """`accept` or `reject`."""
        ...


@dataclass(frozen=True, slots=True)
class Constraints:
    """Decisions that found their place, in numbers of segments; `unmet` are those that did not, with the reason.

    `pairs` are accepted rectangles in order of the text, `alone` accepted segments without counterpart a side (0
    Japanese, 1 English); `struck` are rejected beads, `paired` segments that must not stand alone.
    """

    pairs: tuple[Rectangle, ...] = ()
    alone: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    struck: frozenset[Rectangle] = frozenset()
    paired: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    unmet: tuple[tuple[Decision, str], ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to keep to."""
        return bool(self.pairs or any(self.alone) or self.struck or any(self.paired))

    def cuts(self, side: int) -> frozenset[int]:
        """Return the segments before which nothing may be glued over."""
        ends = {end for pair in self.pairs for end in pair[side]}
        return frozenset(ends | {k + step for k in self.alone[side] for step in (0, 1)})

    def glued(self, ja: Sequence[Sequence[int]], en: Sequence[Sequence[int]]) -> Constraints:
        """Return the same in numbers of glued segments; groups must not cross `cuts`."""
        at = [{group[0]: k for k, group in enumerate(groups)} for groups in (ja, en)]
        for places, groups in zip(at, (ja, en), strict=True):
            places[groups[-1][-1] + 1 if groups else 0] = len(groups)

        def moved(rectangle: Rectangle) -> Rectangle | None:
            ends = [at[side].get(end) for side in (0, 1) for end in rectangle[side]]
            a, b, c, d = ends
            return None if a is None or b is None or c is None or d is None else ((a, b), (c, d))

        def numbers(side: int, segments: frozenset[int]) -> frozenset[int]:
            return frozenset(at[side][k] for k in segments if k in at[side])

        return Constraints(
            tuple(place for pair in self.pairs if (place := moved(pair))),
            (numbers(0, self.alone[0]), numbers(1, self.alone[1])),
            frozenset(place for pair in self.struck if (place := moved(pair))),
            (numbers(0, self.paired[0]), numbers(1, self.paired[1])),
        )

    def mask(self, scores: Array, window: Window, *, lenient: bool = False) -> None:
        """Strike out of a window's scores [shape, i, j] every bead that a path may not use.

        `lenient` lets segments stand alone that were said not to: the way out where nothing else is left.
        """
        i0, j0 = window.ja.start, window.en.start
        n, m = scores.shape[1] - 1, scores.shape[2] - 1

        def held(pair: Rectangle) -> bool:
            (a0, a1), (b0, b1) = pair
            return i0 <= a0 and a1 <= i0 + n and j0 <= b0 and b1 <= j0 + m

        for (a0, a1), (b0, b1) in filter(held, self.pairs):
            _cross(scores, (a0 - i0, a1 - i0), (b0 - j0, b1 - j0))
        _leave(scores, {k - i0 for k in self.alone[0] if k in window.ja}, 0)
        _leave(scores.transpose(0, 2, 1), {k - j0 for k in self.alone[1] if k in window.en}, 1)
        if not lenient:
            scores[_SHAPE[1, 0], [k - i0 + 1 for k in self.paired[0] if k in window.ja], :] = NEVER
            scores[_SHAPE[0, 1], :, [k - j0 + 1 for k in self.paired[1] if k in window.en]] = NEVER
        for (a0, a1), (b0, b1) in filter(held, self.struck):
            if (a1 - a0, b1 - b0) in _SHAPE:
                scores[_SHAPE[a1 - a0, b1 - b0], a1 - i0, b1 - j0] = NEVER

    def unpaired(self, beads: Sequence[tuple[range, range, float]]) -> int:
        """Count the segments that stand alone though they were said not to."""
        lone_ja, lone_en = self.paired
        if not lone_ja and not lone_en:
            return 0
        return sum((ja.start in lone_ja and not en) or (en.start in lone_en and not ja) for ja, en, _ in beads)

    def fit(self, windows: list[Window]) -> list[Window]:
        """Move the cuts of a long text so that none goes through an accepted pair or past it on one side."""
        if len(windows) < 2 or not self.pairs:
            return windows
        make = type(windows[0])
        corners = {(w.ja.start, w.en.start) for w in windows}
        corners = {c for c in corners if all(_apart(c, pair) for pair in self.pairs)}
        corners |= {(ja[k], en[k]) for ja, en in self.pairs for k in (0, 1)}
        corners |= {(0, 0), (windows[-1].ja.stop, windows[-1].en.stop)}
        return [make(range(i, k), range(j, q)) for (i, j), (k, q) in pairwise(sorted(corners))]


def _apart(corner: tuple[int, int], pair: Rectangle) -> bool:
    (a0, a1), (b0, b1) = pair
    i, j = corner
    return (i <= a0 and j <= b0) or (i >= a1 and j >= b1)


def _leave(scores: Array, segments: set[int], side: int) -> None:
    """Leave only one-sided beads for segments of a side; scores are [shape, segment of this side, other side]."""
    single = _SHAPE[(1, 0) if side == 0 else (0, 1)]
    for shape, taken in enumerate(SHAPES):
        if shape != single:
            for k in segments:
                scores[shape, k + 1 : k + 1 + taken[side]] = NEVER


def _cross(scores: Array, ja: Span, en: Span) -> None:
    """Leave only beads before, inside and after a rectangle: every path then goes from its corner to its corner."""
    rows, columns = np.arange(scores.shape[1])[:, None], np.arange(scores.shape[2])[None, :]
    for k, (a, b) in enumerate(SHAPES):
        before = (rows <= ja[0]) & (columns <= en[0])
        after = (rows - a >= ja[1]) & (columns - b >= en[1])
        inside = (rows - a >= ja[0]) & (rows <= ja[1]) & (columns - b >= en[0]) & (columns <= en[1])
        scores[k][~(before | after | inside)] = NEVER


def squeezed(text: str) -> str:
    """Return a text as decisions are compared: without white space, and as the store can hold it."""
    return _SURROGATE.sub("\ufffd", "".join(text.split()))


class _Side:
    """Finds where a text stands among the segments of one side."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        texts = [squeezed(s.text) for s in segments]
        self.size = len(texts)
        self._all = "".join(texts)
        self._begins: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        at = 0
        for k, text in enumerate(texts):
            if text:
                self._begins[at] = k
                at += len(text)
                self._ends[at] = k + 1

    def find(self, text: str) -> list[Span]:
        """Return every run of whole segments that reads as the text."""
        wanted, found, at = squeezed(text), [], 0
        while wanted and (at := self._all.find(wanted, at)) >= 0:
            begin, end = self._begins.get(at), self._ends.get(at + len(wanted))
            if begin is not None and end is not None:
                found.append((begin, end))
            at += 1
        return found


@dataclass(slots=True)
class _Placing:
    """Places decisions one after another; the first of two that contradict each other holds."""

    ja: _Side
    en: _Side
    pairs: list[Rectangle] = field(default_factory=list)
    alone: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    struck: set[Rectangle] = field(default_factory=set)
    paired: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))

    def accept(self, decision: Decision) -> str:
        """Place an accepted pair; return why not, or nothing."""
        ja, en = self.ja.find(decision.ja), self.en.find(decision.en)
        if not ja or not en:
            return "its texts are not there"
        if len(ja) == len(en):  # the same pair of texts, as often on both sides
            placed = [pair for pair in zip(ja, en, strict=True) if self._put(pair)]
            return "" if placed else "it contradicts another decision"
        apart = {(a, b): abs(a[0] / self.ja.size - b[0] / self.en.size) for a in ja for b in en}
        nearest = sorted(apart, key=lambda pair: (apart[pair], pair))
        return "" if any(self._put(pair) for pair in nearest) else "it contradicts another decision"

    def _put(self, pair: Rectangle) -> bool:
        (a0, a1), (b0, b1) = pair
        if pair in self.pairs:
            return True
        for (p0, p1), (q0, q1) in self.pairs:
            if not ((a1 <= p0 and b1 <= q0) or (a0 >= p1 and b0 >= q1)):
                return False
        self.pairs.append(pair)
        return True

    def leave(self, decision: Decision) -> str:
        """Let a segment stand alone; return why not, or nothing."""
        side = 0 if decision.ja else 1
        spans = (self.ja if side == 0 else self.en).find(decision.ja or decision.en)
        if not spans:
            return "its text is not there"
        taken = {k for pair in self.pairs for k in range(*pair[side])}
        free = [span for span in spans if taken.isdisjoint(range(*span))]
        self.alone[side].update(k for span in free for k in range(*span))
        return "" if free else "it contradicts another decision"

    def reject(self, decision: Decision) -> str:
        """Strike out a pair wherever it stands; return why that cannot be, or nothing."""
        if decision.ja and decision.en:
            found = {(a, b) for a in self.ja.find(decision.ja) for b in self.en.find(decision.en)}
            free = found - set(self.pairs)
            self.struck |= free
            return "" if free or not found else "it contradicts another decision"
        side = 0 if decision.ja else 1
        spans = (self.ja if side == 0 else self.en).find(decision.ja or decision.en)
        singles = {span[0] for span in spans if span[1] - span[0] == 1}
        free_singles = singles - self.alone[side]
        inside = {k for pair in self.pairs for k in range(*pair[side])}
        self.paired[side].update(free_singles - inside)
        return "" if free_singles or not singles else "it contradicts another decision"


def place(decisions: Sequence[Decision], ja: Sequence[Segment], en: Sequence[Segment]) -> Constraints:
    """Find where decisions apply; of two that contradict each other the first one holds, acceptances before others.

    A rejected pair whose texts are not there is kept by itself. A text that stands in several places is taken at the
    place nearest to the diagonal, or, where both sides have it equally often, everywhere.
    """
    if not decisions:
        return Constraints()
    placing = _Placing(_Side(ja), _Side(en))
    unmet: list[tuple[Decision, str]] = []
    steps = (
        (placing.accept, [d for d in decisions if d.decision == "accept" and d.ja and d.en]),
        (placing.leave, [d for d in decisions if d.decision == "accept" and bool(d.ja) != bool(d.en)]),
        (placing.reject, [d for d in decisions if d.decision == "reject" and (d.ja or d.en)]),
    )
    for step, chosen in steps:
        for decision in chosen:
            why = step(decision)
            if why:
                unmet.append((decision, why))
    return Constraints(
        tuple(sorted(placing.pairs)),
        (frozenset(placing.alone[0]), frozenset(placing.alone[1])),
        frozenset(placing.struck),
        (frozenset(placing.paired[0]), frozenset(placing.paired[1])),
        tuple(unmet),
    )


def pinned(beads: tuple[Bead, ...], constraints: Constraints) -> tuple[Bead, ...]:
    """Return beads with accepted pairs as one bead each, certain and of origin `pin`."""
    if not constraints.pairs and not any(constraints.alone):
        return beads
    found: list[Bead] = []
    waiting = list(constraints.pairs[::-1])
    for bead in beads:
        if waiting and bead.ja.start >= waiting[-1][0][0] and bead.en.start >= waiting[-1][1][0]:
            ja, en = waiting[-1]
            if bead.ja.stop == ja[1] and bead.en.stop == en[1]:
                waiting.pop()
                found.append(Bead(range(*ja), range(*en), 1.0, "pin"))
            continue
        side = 0 if not bead.en else 1
        if (not bead.ja or not bead.en) and (bead.ja or bead.en)[0] in constraints.alone[side]:
            found.append(Bead(bead.ja, bead.en, 1.0, "pin"))
        else:
            found.append(bead)
    return tuple(found)
