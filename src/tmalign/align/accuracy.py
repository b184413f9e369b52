"""How good an alignment is against gold: strict bead F1, link F1, and whether probabilities mean what they say.

A bead counts where both sides are non-empty. A gold bead with two or more segments on both sides is coarse: predicted
beads inside it are neither right nor wrong, and it counts as found when they tile it. Links are segment pairs:
precision over predicted links, recall over gold segments that have at least one right link.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.model import Bead

Pair = tuple[tuple[int, ...], tuple[int, ...]]


THRESHOLDS = (0.5, 0.9, 0.95, 0.99)


@dataclass(slots=True)
class Counts:
    """Sums over documents, from which every figure follows.

    `bins` maps the number of a class of probabilities (tenths; 10 is .99 and up) to beads, right ones and the sum of
    their probabilities. `above` counts beads, and right ones, at each probability of `THRESHOLDS` and up. The counters
    go by bead type (`1-2`); a 1-0 or 0-1 is a sentence that stands alone, and is no part of the sums.
    """

    right: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0
    links_right: int = 0
    links_predicted: int = 0
    linked: int = 0
    linkable: int = 0
    bins: dict[int, tuple[int, int, float]] = field(default_factory=dict)
    above: dict[float, tuple[int, int]] = field(default_factory=dict)
    right_by_type: Counter[str] = field(default_factory=Counter)
    predicted_by_type: Counter[str] = field(default_factory=Counter)
    found_by_type: Counter[str] = field(default_factory=Counter)
    gold_by_type: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Return the share of predicted beads that are right."""
        return self.right / max(1, self.predicted)

    @property
    def recall(self) -> float:
        """Return the share of gold beads that were found."""
        return self.found / max(1, self.gold)

    @property
    def link_precision(self) -> float:
        """Return the share of predicted links that are right."""
        return self.links_right / max(1, self.links_predicted)

    @property
    def link_recall(self) -> float:
        """Return the share of gold's linked segments that have a right link."""
        return self.linked / max(1, self.linkable)

    @property
    def strict_f1(self) -> float:
        """Return the harmonic mean of bead precision and recall."""
        return harmonic(self.precision, self.recall)

    @property
    def link_f1(self) -> float:
        """Return the harmonic mean of link precision and segment recall."""
        return harmonic(self.link_precision, self.link_recall)

    def calibration_error(self) -> float:
        """Return the expected calibration error: mean gap between stated and observed, weighted by beads."""
        total = sum(n for n, _, _ in self.bins.values())
        return sum(abs(stated - right) for _, right, stated in self.bins.values()) / max(1, total)


def harmonic(precision: float, recall: float) -> float:
    """Return F1."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def bead_type(pair: Pair) -> str:
    """Return the numbers of segments, Japanese first."""
    return f"{len(pair[0])}-{len(pair[1])}"


def inside(part: Pair, whole: Pair) -> bool:
    """Tell whether a bead lies within another on both sides."""
    return set(part[0]) <= set(whole[0]) and set(part[1]) <= set(whole[1])


def is_coarse(pair: Pair) -> bool:
    """Tell whether finer beads within a gold bead may be right."""
    return len(pair[0]) > 1 and len(pair[1]) > 1


def two_sided(beads: Iterable[tuple[Sequence[int], Sequence[int]]]) -> list[Pair]:
    """Return the beads that have text on both sides, as hashable pairs."""
    return [(tuple(ja), tuple(en)) for ja, en in beads if len(ja) and len(en)]


def count(gold: Sequence[tuple[Sequence[int], Sequence[int]]], beads: Sequence[Bead], into: Counts) -> None:
    """Add one document's comparison to `into`."""
    wanted = two_sided(gold)
    given = [((tuple(b.ja), tuple(b.en)), b.probability) for b in beads if b.ja and b.en]
    wanted_set, given_set = set(wanted), {pair for pair, _ in given}
    coarse = [pair for pair in wanted if is_coarse(pair)]
    for pair, probability in given:
        right = pair in wanted_set
        if not right and any(inside(pair, whole) for whole in coarse):
            continue
        into.predicted += 1
        into.right += right
        into.predicted_by_type[bead_type(pair)] += 1
        into.right_by_type[bead_type(pair)] += right
        for threshold in THRESHOLDS:
            if probability >= threshold:
                n, hits = into.above.get(threshold, (0, 0))
                into.above[threshold] = (n + 1, hits + right)
        bucket = min(9, int(probability * 10)) if probability < 0.99 else 10
        n, hits, stated = into.bins.get(bucket, (0, 0, 0.0))
        into.bins[bucket] = (n + 1, hits + right, stated + probability)
    for pair in wanted:
        into.gold += 1
        found = pair in given_set or (is_coarse(pair) and tiled(pair, given_set))
        into.found += found
        into.gold_by_type[bead_type(pair)] += 1
        into.found_by_type[bead_type(pair)] += found
    _count_links(wanted, given_set, into)
    _count_alone(gold, beads, into)


def tiled(whole: Pair, given: set[Pair]) -> bool:
    """Tell whether predicted beads within a gold bead cover it."""
    parts = [pair for pair in given if inside(pair, whole)]
    return {i for ja, _ in parts for i in ja} == set(whole[0]) and {j for _, en in parts for j in en} == set(whole[1])


def _count_alone(gold: Sequence[tuple[Sequence[int], Sequence[int]]], beads: Sequence[Bead], into: Counts) -> None:
    """Count sentences that stand alone: right where both say so."""
    for kind, side in (("1-0", 0), ("0-1", 1)):
        wanted = {k for pair in gold if not pair[1 - side] for k in pair[side]}
        given = {k for bead in beads if not (bead.ja, bead.en)[1 - side] for k in (bead.ja, bead.en)[side]}
        for counter, number in (
            (into.gold_by_type, len(wanted)),
            (into.predicted_by_type, len(given)),
            (into.right_by_type, len(wanted & given)),
            (into.found_by_type, len(wanted & given)),
        ):
            if wanted or given:
                counter[kind] += number


def _count_links(wanted: list[Pair], given: set[Pair], into: Counts) -> None:
    gold = {(i, j) for ja, en in wanted for i in ja for j in en}
    links = {(i, j) for ja, en in given for i in ja for j in en}
    right = gold & links
    into.links_right += len(right)
    into.links_predicted += len(links)
    into.linked += len({i for i, _ in right}) + len({j for _, j in right})
    into.linkable += len({i for i, _ in gold}) + len({j for _, j in gold})
