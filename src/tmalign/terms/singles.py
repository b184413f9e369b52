"""Renderings that do not recur: a Japanese phrase that does, rendered in another way each time.

地域情勢 stands twice, once as `regional situation` and once as `regional affairs`. No English run recurs that could be
counted, so links alone vouch for the pair: of each place that no accepted pair explains, the run that agrees best.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.terms.selection import LEAST_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.terms.association import Singles
    from tmalign.terms.candidates import Candidates, TokenStream
    from tmalign.terms.selection import Explained

_AGREES = 0.65
_LEAST_LENGTH = 2  # a single word is rendered in many ways, few of which are a term's
_WORTH = 0.3  # what the score of such a phrase is worth beside one whose English recurs


@dataclass(frozen=True, slots=True)
class Scattered:
    """A Japanese candidate with places whose English does not recur: numbers among the singles, one a unit."""

    ja: int
    score: float
    agreement: float
    coverage: float
    singles: tuple[int, ...]


class _Search:
    """The places of every candidate that are left."""

    def __init__(self, singles: Singles, ja: Candidates, en: TokenStream, explained: Explained) -> None:
        """Sort the sure singles by candidate."""
        self._singles, self._ja, self._en, self._explained = singles, ja, en, explained
        self.places: dict[int, list[int]] = defaultdict(list)
        candidates = ja.candidate[singles.ja]
        sure = (ja.length[candidates] >= _LEAST_LENGTH) & (singles.agreement >= _AGREES) & ja.whole[singles.ja]
        for k in sure.nonzero()[0].tolist():
            self.places[int(candidates[k])].append(k)

    def left(self, candidate: int) -> dict[int, int]:
        """Return the best single of each unit that no accepted pair explains."""
        found: dict[int, int] = {}
        agreement = self._singles.agreement
        for k in self.places[candidate]:
            unit, ja_span, en_span = self._spans(k)
            if unit in found and agreement[found[unit]] >= agreement[k]:
                continue
            if self._explained.look(unit, ja_span, en_span, verbal=bool(self._ja.verbal[candidate])) == "free":
                found[unit] = k
        return found

    def means(self, chosen: Sequence[int]) -> tuple[float, float]:
        """Return mean agreement and mean coverage."""
        places = list(chosen)
        return float(self._singles.agreement[places].mean()), float(self._singles.coverage[places].mean())

    def score(self, candidate: int, chosen: Sequence[int]) -> float:
        """Return the score of a candidate by these places."""
        agreement, coverage = self.means(chosen)
        length = math.log2(1 + int(self._ja.length[candidate]))
        return _WORTH * agreement**3 * coverage * math.log1p(len(chosen)) * length

    def claim(self, candidate: int, chosen: Sequence[int]) -> None:
        """Note the places as explained."""
        for k in chosen:
            self._explained.claim(*self._spans(k), verbal=bool(self._ja.verbal[candidate]))

    def _spans(self, k: int) -> tuple[int, tuple[int, int], tuple[int, int]]:
        occurrence, first = int(self._singles.ja[k]), int(self._singles.begin[k])
        begin = int(self._ja.begin[occurrence])
        end = begin + int(self._ja.length[self._ja.candidate[occurrence]])
        return int(self._en.unit[first]), (begin, end), (first, first + int(self._singles.length[k]))


def select_singles(
    singles: Singles, ja: Candidates, en: TokenStream, explained: Explained, known: frozenset[int]
) -> list[Scattered]:
    """Return the candidates with places that are left, best first; those in `known` need one, others two."""
    search = _Search(singles, ja, en, explained)
    heap: list[tuple[float, int]] = []
    for candidate in search.places:
        _push(heap, search, candidate, known)
    result: list[Scattered] = []
    while heap:
        negative, candidate = heapq.heappop(heap)
        chosen = tuple(search.left(candidate).values())
        if not chosen or search.score(candidate, chosen) < -negative - 1e-9:
            _push(heap, search, candidate, known)
            continue
        search.claim(candidate, chosen)
        result.append(Scattered(candidate, -negative, *search.means(chosen), chosen))
    return result


def _push(heap: list[tuple[float, int]], search: _Search, candidate: int, known: frozenset[int]) -> None:
    """Put a candidate back by what is left of it, if that is enough."""
    chosen = tuple(search.left(candidate).values())
    if len(chosen) >= (1 if candidate in known else LEAST_UNITS):
        heapq.heappush(heap, (-search.score(candidate, chosen), candidate))
