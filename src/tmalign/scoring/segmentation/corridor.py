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
    ours = np.concatenate(material.references)
    place = {triple: at for triple, at in _single(ours).items() if at >= 0}
    pairs = sorted((place[triple], at) for triple, at in _single(material.words).items() if at >= 0 and triple in place)
    chain = _rising(pairs)
    return (
        np.array([i for i, _ in chain], dtype=np.int64),
        np.array([j for _, j in chain], dtype=np.int64),
    )


def _single(words: Ints) -> dict[tuple[int, int, int], int]:
    """Return where each triple of tokens stands, -1 where it stands more than once."""
    found: dict[tuple[int, int, int], int] = {}
    numbers = words.tolist()
    for at, triple in enumerate(zip(numbers, numbers[1:], numbers[2:], strict=False)):
        found[triple] = -1 if triple in found else at
    return found


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest chain that rises on both sides (patience sorting)."""
    tails: list[int] = []
    at: list[int] = []
    before = [-1] * len(pairs)
    for k, (_, j) in enumerate(pairs):
        rank = bisect_left(tails, j)
        if rank == len(tails):
            tails.append(j)
            at.append(k)
        else:
            tails[rank] = j
            at[rank] = k
        before[k] = at[rank - 1] if rank else -1
    chain = []
    k = at[-1] if at else -1
    while k >= 0:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]
