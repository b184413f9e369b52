"""Which pairs stay: the best first, and each only where no better one already explains its places.

Explaining away is greedy with lazy evaluation (Minoux, 1978): a pair's score can only fall while others are accepted,
so the best of the heap is scored again and accepted if it is still the best.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tmalign.terms.association import Meetings, Pairs
    from tmalign.terms.candidates import Candidates

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

LEAST_UNITS = 2
_ALONE = 1
# A noun phrase that never stands outside longer ones that begin with it is one of its own where word links vouch for it
# so well, by so many words of content on both sides; counts do not tell, so it ranks behind.
_SURE = 0.8
_SURE_WORDS = 4
_NEVER_ALONE = 0.5
_TYPICAL = 0.7  # how much of the pair's mean agreement a place needs: elsewhere the two stand together by chance
_CUT = 0.3  # what the score loses where the English is a part of a longer name


@dataclass(frozen=True, slots=True)
class Selected:
    """An accepted pair: its number among the pairs, its score, and the meetings that are its own, one a unit."""

    pair: int
    score: float
    meetings: tuple[int, ...]


@dataclass(slots=True)
class _Place:
    """Spans [ja_begin, ja_end) and [en_begin, en_end) in the two streams that an accepted pair explains."""

    ja: tuple[int, int]
    en: tuple[int, int]
    verbal: bool


@dataclass(slots=True)
class Explained:
    """What is explained so far, by unit."""

    places: dict[int, list[_Place]] = field(default_factory=dict)

    def look(self, unit: int, ja: tuple[int, int], en: tuple[int, int], *, verbal: bool) -> str:
        """Tell how a meeting lies to what was accepted: `free`, `part` of something longer, or `against` it."""
        answer = "free"
        for place in self.places.get(unit, ()):
            a, b = _relation(ja, place.ja), _relation(en, place.en)
            if a != b or a in {"equal", "crossing"}:
                return "against"
            # A noun phrase within a formula is a phrase of its own; within a longer noun phrase it is a part.
            if a == "inside" and (verbal or not place.verbal):
                answer = "part"
        return answer

    def opens(self, unit: int, ja: tuple[int, int]) -> bool:
        """Tell whether every longer place that holds these Japanese words begins with them."""
        return all(p.ja[0] == ja[0] for p in self.places.get(unit, ()) if _relation(ja, p.ja) == "inside")

    def claim(self, unit: int, ja: tuple[int, int], en: tuple[int, int], *, verbal: bool) -> None:
        """Note an accepted pair's place."""
        self.places.setdefault(unit, []).append(_Place(ja, en, verbal))


def _relation(mine: tuple[int, int], other: tuple[int, int]) -> str:
    """Tell how one span lies to another: apart, equal, inside, around, crossing."""
    if mine[1] <= other[0] or other[1] <= mine[0]:
        return "apart"
    if mine == other:
        return "equal"
    if other[0] <= mine[0] and mine[1] <= other[1]:
        return "inside"
    if mine[0] <= other[0] and other[1] <= mine[1]:
        return "around"
    return "crossing"


def select(
    pairs: Pairs,
    meetings: Meetings,
    ja: Candidates,
    en: Candidates,
    score: Callable[[int, int], float],
    least: float,
) -> tuple[list[Selected], Explained]:
    """Return the accepted pairs, best first, and what they explain.

    `score(pair, units)` must fall as units do; `least` ends the search.
    """
    heap = [(-score(k, int(pairs.together[k])), k, int(pairs.together[k])) for k in range(len(pairs.ja))]
    heap = [entry for entry in heap if -entry[0] >= least]
    heapq.heapify(heap)
    explained = Explained()
    chosen: list[Selected] = []
    ja_end, en_end = ja.begin + ja.length[ja.candidate], en.begin + en.length[en.candidate]
    while heap:
        negative, k, units = heapq.heappop(heap)
        verbal = bool(ja.verbal[pairs.ja[k]])
        free: dict[int, int] = {}
        alone = 0
        for m in range(int(pairs.bounds[k]), int(pairs.bounds[k + 1])):
            a, b, unit = int(meetings.ja[m]), int(meetings.en[m]), int(meetings.unit[m])
            if meetings.agreement[m] < _TYPICAL * pairs.agreement[k]:
                continue
            spans = (int(ja.begin[a]), int(ja_end[a])), (int(en.begin[b]), int(en_end[b]))
            if unit in free:
                continue
            lies = explained.look(unit, *spans, verbal=verbal)
            if lies != "against":
                free[unit] = m
            alone += lies == "free" and bool(ja.whole[a])
        if len(free) < LEAST_UNITS or (alone < _ALONE and not _sure(k, pairs, meetings, ja, explained, free)):
            continue
        if len(free) < units:
            fresh = score(k, len(free))
            if fresh >= least:
                heapq.heappush(heap, (-fresh, k, len(free)))
            continue
        for unit, m in free.items():
            a, b = int(meetings.ja[m]), int(meetings.en[m])
            explained.claim(unit, (int(ja.begin[a]), int(ja_end[a])), (int(en.begin[b]), int(en_end[b])), verbal=verbal)
        worth = 1.0 if alone >= _ALONE else _NEVER_ALONE
        chosen.append(Selected(k, -negative * worth, tuple(free.values())))
    return chosen, explained


def _sure(
    k: int, pairs: Pairs, meetings: Meetings, ja: Candidates, explained: Explained, free: Mapping[int, int]
) -> bool:
    """Tell whether a pair that always stands in longer ones is a phrase still.

    質の高いインフラ is one in 質の高いインフラの整備: Japanese puts what belongs to a word before it, so that the
    beginning of a phrase is whole, and 現状変更 at the end of one is cut. Formulas and parts of names are none.
    """
    if ja.verbal[pairs.ja[k]] or pairs.agreement[k] < _SURE or pairs.words[k] < _SURE_WORDS or pairs.cut[k] > 0:
        return False
    places = {unit: int(meetings.ja[m]) for unit, m in free.items()}
    spans = {unit: (int(ja.begin[a]), int(ja.begin[a] + ja.length[ja.candidate[a]])) for unit, a in places.items()}
    return any(ja.whole[a] for a in places.values()) and all(explained.opens(*span) for span in spans.items())


def pair_score(pairs: Pairs, ja: Candidates, en: Candidates, factor: Floats) -> Callable[[int, int], float]:
    """Return the score of a pair that stands alone in a number of units; `factor` multiplies each pair's."""
    agreement = pairs.agreement.astype(float)
    fit = factor * agreement**3 * pairs.coverage.astype(float) * (1 - _CUT * pairs.cut.astype(float))
    ja_units, en_units = ja.units[pairs.ja], en.units[pairs.en]
    length = np.log2(1 + ja.length[pairs.ja])

    def score(k: int, units: int) -> float:
        dice = 2 * units / float(ja_units[k] + en_units[k])
        return float(fit[k]) * math.sqrt(dice) * math.log1p(units) * float(length[k])

    return score
