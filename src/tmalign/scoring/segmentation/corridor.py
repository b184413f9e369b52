"""Long texts: where each boundary can lie, from word triples that stand once on both sides.

The lattice is filled only inside this corridor, so that time and memory grow with length, not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from tmalign.scoring.segmentation.tokens import Material

    Ints = np.ndarray[Any, np.dtype[np.int64]]

DENSE_CELLS: Final = 400_000  # segments times tokens; up to this size every boundary may lie anywhere
MOST_CELLS: Final = 24_000_000  # never more in all, whatever the texts
_AROUND: Final = 3  # a corridor reaches to the third anchor on either side, so that a false one does not close it
_MARGIN: Final = 4.0  # and this many mean segments further


def corridor(material: Material) -> tuple[Ints, Ints]:
    """Return the lowest and highest position of each of the segments + 1 boundaries, neither ever falling.

    The first boundary is 0 and the last the number of tokens.
    """
    segments, tokens = len(material.references), len(material)
    low = np.zeros(segments + 1, dtype=np.int64)
    high = np.full(segments + 1, tokens, dtype=np.int64)
    if segments * tokens > DENSE_CELLS:
        first, second = anchors(material)
        at = np.concatenate([[0], np.cumsum([len(reference) for reference in material.references])])
        margin = int(_MARGIN * tokens / segments) + 1
        index = np.searchsorted(first, at)
        below = np.concatenate([np.zeros(_AROUND, dtype=np.int64), second])
        above = np.concatenate([second, np.full(_AROUND, tokens, dtype=np.int64)])
        low = np.maximum(below[index] - margin, 0)
        high = np.minimum(above[np.minimum(index + _AROUND - 1, len(above) - 1)] + margin, tokens)
        low, high = _limited(low, high, at * tokens // max(int(at[-1]), 1), tokens)
    high[0] = 0
    low[0] = 0
    low[-1] = high[-1] = tokens
    return np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high)


def _limited(low: Ints, high: Ints, middle: Ints, tokens: int) -> tuple[Ints, Ints]:
    """Narrow what is far too wide (texts with little in common) to a band around the diagonal."""
    half = max(MOST_CELLS // (2 * len(low)), 1)
    wide = high - low > 2 * half
    low = np.where(wide, np.clip(middle - half, low, np.maximum(high - 2 * half, low)), low)
    high = np.where(wide, np.minimum(low + 2 * half, tokens), high)
    return low, high


def anchors(material: Material) -> tuple[Ints, Ints]:
    """Return token positions, in the joined references and in the hypothesis, that surely correspond; both rise."""
    triples = material.grams.numbers[-1]
    references = int(material.grams.first[-1])
    ours = _single(triples[: max(references - 2, 0)], len(triples))
    theirs = _single(triples[references : max(len(triples) - 2, references)], len(triples))
    shared = np.flatnonzero((ours >= 0) & (theirs >= 0))
    shared = shared[np.argsort(ours[shared])]
    chain = _rising(theirs[shared].tolist())
    return ours[shared][chain], theirs[shared][chain]


def _single(numbers: Ints, size: int) -> Ints:
    """Return where each number below `size` stands, -1 where it stands more than once or nowhere."""
    found = np.full(size, -1, dtype=np.int64)
    found[numbers] = np.arange(len(numbers))
    found[np.bincount(numbers, minlength=size) > 1] = -1
    return found


def _rising(places: list[int]) -> list[int]:
    """Return the indices of the longest run of places, not all neighbours, that rises (patience sorting)."""
    tails: list[int] = []
    at: list[int] = []
    before = [-1] * len(places)
    for k, place in enumerate(places):
        rank = bisect_left(tails, place)
        if rank == len(tails):
            tails.append(place)
            at.append(k)
        else:
            tails[rank] = place
            at[rank] = k
        before[k] = at[rank - 1] if rank else -1
    chain = []
    k = at[-1] if at else -1
    while k >= 0:
        chain.append(k)
        k = before[k]
    return chain[::-1]
