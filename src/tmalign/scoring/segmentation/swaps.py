"""Neighbours whose translations stand in each other's place: cutting keeps the order, so it can only tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.scoring.segmentation.chain import NEVER
from tmalign.scoring.segmentation.evidence import Pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.scoring.segmentation.evidence import Evidence
    from tmalign.scoring.segmentation.scores import Scores

    Floats = np.ndarray[Any, np.dtype[np.float64]]

CLEAR: Final = 3.0  # log odds by which the exchanged order must be the better one
_GOOD: Final = 0.5  # overlap (Dice) from which on a piece is not doubted
_POOR: Final = 0.3  # overlap below which it is lost
_LONG: Final = 1.5  # times the expected length: something more has got into the piece
_SHORT: Final = 0.5  # times: something is missing
_TRIED: Final = 24  # likely cuts tried between the two


def swapped(scores: Scores, prior: Floats, cuts: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the pairs (i, i + 1) of segments whose text fits them better in the other order, none of them twice.

    When B A stands where A B should, one of the two is cut right and the other is lost in a piece beside them; so
    pieces i - 1 to i + 2 are looked at together.
    """
    evidence = scores.evidence
    shared = overlaps(evidence, cuts).tolist()
    odd = [
        value < _POOR or not _SHORT < (cuts[i + 1] - cuts[i]) / _expected(evidence, i) < _LONG
        for i, value in enumerate(shared)
    ]
    found: list[tuple[int, int]] = []
    for i in range(len(shared) - 1):
        doubted = min(shared[i], shared[i + 1]) < _GOOD and any(odd[max(i - 1, 0) : i + 3])
        if doubted and not (found and found[-1][1] == i) and exchange(scores, prior, i, cuts) > CLEAR:
            found.append((i, i + 1))
    return tuple(found)


def _expected(evidence: Evidence, segment: int) -> float:
    """Return how many tokens the piece of a segment should have, 1 at least."""
    return max(len(evidence.material.references[segment]) * evidence.ratio, 1.0)


def overlaps(evidence: Evidence, cuts: Sequence[int]) -> Floats:
    """Return for each piece and its reference twice the shared tokens over the tokens of both."""
    grams, size = evidence.material.grams, evidence.material.size
    ours, theirs = np.diff(cuts), np.diff(grams.first)
    segment = np.concatenate([np.repeat(np.arange(len(lengths)), lengths) for lengths in (theirs, ours)])
    distinct, only = np.unique(segment * size + grams.numbers[0], return_inverse=True)
    wanted, found = (np.bincount(part, minlength=len(distinct)) for part in np.split(only, [int(grams.first[-1])]))
    shared = np.bincount(distinct // size, np.minimum(wanted, found), len(ours))
    both: Floats = 2 * shared / np.maximum(ours + theirs, 1)
    return both


def exchange(scores: Scores, prior: Floats, segment: int, cuts: Sequence[int]) -> float:
    """Return the log odds of the other order of a segment and the next, over the best cuts in either order."""
    first, last = max(segment - 1, 0), min(segment + 3, len(cuts) - 1)
    begin, end = cuts[first], cuts[last]
    if end - begin < 2:
        return 0.0
    inner = np.arange(begin + 1, end)
    likely = inner[np.argsort(-prior[inner - 1], kind="stable")[:_TRIED]]
    places = np.unique(np.concatenate([likely, cuts[first : last + 1]]))
    unsure = np.zeros(len(places))
    tried = [Pieces(segment, places, places, unsure), Pieces(segment + 1, places, places, unsure)]
    if first < segment:
        tried.append(Pieces(segment - 1, places[:1], places, unsure))
    if last > segment + 2:
        tried.append(Pieces(segment + 2, places, places[-1:], unsure[:1]))
    one, other, *around = scores.of(tried)
    before = around.pop(0)[0] if first < segment else np.where(places == begin, 0.0, NEVER)
    after = around.pop()[:, 0] if around else np.where(places == end, 0.0, NEVER)
    return _best(before, other, one, after) - _best(before, one, other, after)


def _best(before: Floats, one: Floats, other: Floats, after: Floats) -> float:
    """Return the best score of a way through two matrices of pieces."""
    middle = (before[:, None] + one).max(axis=0)
    return float(((middle[:, None] + other).max(axis=0) + after).max())
