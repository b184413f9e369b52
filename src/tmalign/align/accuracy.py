"""How good an alignment is against gold: strict bead F1, link F1, and whether probabilities mean what they say.

A bead counts where both sides are non-empty. A gold bead with two or more segments on both sides is coarse: predicted
beads inside it are neither right nor wrong, and it counts as found when they tile it. Links are segment pairs:
precision over predicted links, recall over gold segments that have at least one right link.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.model import Bead

Pair = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True)
class Counts:
    """Sums over documents, from which every figure follows."""

    right: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0
    links_right: int = 0
    links_predicted: int = 0
    linked: int = 0
    linkable: int = 0
    bins: dict[int, tuple[int, int, float]] = field(default_factory=dict)

    @property
    def strict_f1(self) -> float:
        """Return the harmonic mean of bead precision and recall."""
        return _harmonic(self.right / max(1, self.predicted), self.found / max(1, self.gold))

    @property
    def link_f1(self) -> float:
        """Return the harmonic mean of link precision and segment recall."""
        return _harmonic(self.links_right / max(1, self.links_predicted), self.linked / max(1, self.linkable))

    def calibration_error(self) -> float:
        """Return the expected calibration error: mean gap between stated and observed, weighted by beads."""
        total = sum(n for n, _, _ in self.bins.values())
        return sum(abs(stated - right) for _, right, stated in self.bins.values()) / max(1, total)


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _inside(part: Pair, whole: Pair) -> bool:
    return set(part[0]) <= set(whole[0]) and set(part[1]) <= set(whole[1])


def _is_coarse(pair: Pair) -> bool:
    return len(pair[0]) > 1 and len(pair[1]) > 1


def two_sided(beads: Iterable[tuple[Sequence[int], Sequence[int]]]) -> list[Pair]:
    """Return the beads that have text on both sides, as hashable pairs."""
    return [(tuple(ja), tuple(en)) for ja, en in beads if len(ja) and len(en)]


def count(gold: Iterable[tuple[Sequence[int], Sequence[int]]], beads: Sequence[Bead], into: Counts) -> None:
    """Add one document's comparison to `into`."""
    wanted = two_sided(gold)
    given = [((tuple(b.ja), tuple(b.en)), b.probability) for b in beads if b.ja and b.en]
    wanted_set, given_set = set(wanted), {pair for pair, _ in given}
    coarse = [pair for pair in wanted if _is_coarse(pair)]
    for pair, probability in given:
        right = pair in wanted_set
        if not right and any(_inside(pair, whole) for whole in coarse):
            continue
        into.predicted += 1
        into.right += right
        bucket = min(9, int(probability * 10)) if probability < 0.99 else 10
        n, hits, stated = into.bins.get(bucket, (0, 0, 0.0))
        into.bins[bucket] = (n + 1, hits + right, stated + probability)
    for pair in wanted:
        into.gold += 1
        if pair in given_set or (_is_coarse(pair) and _tiled(pair, given_set)):
            into.found += 1
    _count_links(wanted, given_set, into)


def _tiled(whole: Pair, given: set[Pair]) -> bool:
    parts = [pair for pair in given if _inside(pair, whole)]
    return {i for ja, _ in parts for i in ja} == set(whole[0]) and {j for _, en in parts for j in en} == set(whole[1])


def _count_links(wanted: list[Pair], given: set[Pair], into: Counts) -> None:
    gold = {(i, j) for ja, en in wanted for i in ja for j in en}
    links = {(i, j) for ja, en in given for i in ja for j in en}
    right = gold & links
    into.links_right += len(right)
    into.links_predicted += len(links)
    into.linked += len({i for i, _ in right}) + len({j for _, j in right})
    into.linkable += len({i for i, _ in gold}) + len({j for _, j in gold})
