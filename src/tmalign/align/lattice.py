"""The bead lattice: the best path, and the posterior probability of every bead.

A path from (0, 0) to (n, m) steps by beads; shape k takes `SHAPES[k]` sentences. Scores are an array
[shape, i, j]: the log score of the bead that ends before sentence i (Japanese) and j (English). The chain is
semi-Markov of order zero (Sarawagi & Cohen, 2004): a path's score is the sum of its beads' scores.

Two implementations give the same numbers: a C kernel, built where there was a compiler, and NumPy over
anti-diagonals. `COMPILED` tells which one runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Array = np.ndarray[Any, np.dtype[np.float64]]

try:
    from tmalign.align import _kernel

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

SHAPES: tuple[tuple[int, int], ...] = (
    (1, 0),
    (0, 1),
    (1, 1),
    (1, 2),
    (2, 1),
    (1, 3),
    (3, 1),
    (2, 2),
    (1, 4),
    (4, 1),
)
ONE_SIDED = 2  # so many shapes, the first, have a segment on one side only
TAKE_JA = np.array([a for a, _ in SHAPES], dtype=np.int32)
TAKE_EN = np.array([b for _, b in SHAPES], dtype=np.int32)
NEVER = -1e30
_IMPOSSIBLE = -1e29
_TWO_SIDED = np.array([a > 0 and b > 0 for a, b in SHAPES])[:, None, None]
_WORTH = 0.45
_BESIDES = 1e-6  # one-sided beads decide only between paths that are otherwise equal


def best_path(scores: Array, *, compiled: bool = COMPILED) -> list[tuple[int, int, int]]:
    """Return the best path as (shape, i, j) of each bead's end, in order (Viterbi).

    `scores` has shape (len(SHAPES), n + 1, m + 1) and is C-contiguous. Raises `ValueError` where no path exists.
    """
    if compiled:
        return _kernel.best_path(*_size(scores), TAKE_JA, TAKE_EN, scores)
    back = _viterbi(scores)
    i, j = _size(scores)
    path = []
    while i or j:
        shape = int(back[i, j])
        if shape < 0:
            raise ValueError("no path through the lattice")
        path.append((shape, i, j))
        i -= SHAPES[shape][0]
        j -= SHAPES[shape][1]
    return path[::-1]


def surest_path(scores: Array, posterior: Array, *, compiled: bool = COMPILED) -> list[tuple[int, int, int]]:
    """Return the path that promises the best F1 of beads: minimum Bayes risk in place of Viterbi.

    A pair of texts is worth claiming where it is more probable than half the F1 that one expects (Lipton, Elkan and
    Naryanaswamy, 2014); below that its sentences stand alone. Both arrays are [shape, i, j].
    """
    if compiled:
        return _kernel.surest_path(*_size(scores), TAKE_JA, TAKE_EN, scores, posterior, _WORTH, _BESIDES)
    gain = np.where(_TWO_SIDED, posterior - _WORTH, _BESIDES * posterior)
    return best_path(np.where(scores > _IMPOSSIBLE, gain, NEVER), compiled=False)


def posteriors(scores: Array, *, compiled: bool = COMPILED) -> tuple[float, Array]:
    """Return the log partition function and every bead's posterior probability, laid out as `scores`."""
    if compiled:
        posterior = np.empty_like(scores)
        return _kernel.posteriors(*_size(scores), TAKE_JA, TAKE_EN, scores, posterior), posterior
    return _forward_backward(scores)


def skip_rate(scores: Array, *, compiled: bool = COMPILED) -> float:
    """Return the expected share of segments that stand alone."""
    if compiled:
        alone = _kernel.alone(*_size(scores), TAKE_JA, TAKE_EN, scores)
    else:
        alone = float(_forward_backward(scores)[1][:ONE_SIDED].sum())
    return alone / max(1, sum(_size(scores)))


def _size(scores: Array) -> tuple[int, int]:
    """Return how many segments a lattice has on either side."""
    _, rows, columns = scores.shape
    return rows - 1, columns - 1


def _skewed(scores: Array) -> Array:
    """Lay the grid out by anti-diagonals: [shape, i + j, i], so that a diagonal is a contiguous row."""
    shapes, rows, columns = scores.shape
    skew = np.full((shapes, rows + columns - 1, rows), NEVER)
    for i in range(rows):
        skew[:, i : i + columns, i] = scores[:, i, :]
    return skew


def _viterbi(scores: Array) -> np.ndarray[Any, np.dtype[np.int8]]:
    _, rows, columns = scores.shape
    skew = _skewed(scores)
    best = np.full((rows + columns - 1, rows), NEVER)
    back = np.full((rows, columns), -1, dtype=np.int8)
    best[0, 0] = 0.0
    for d in range(1, rows + columns - 1):
        reach = _arrivals(skew, best, d)
        top = reach.max(axis=0)
        best[d] = top
        i = np.flatnonzero(top > _IMPOSSIBLE)
        back[i, d - i] = reach.argmax(axis=0)[i]
    return back


def _arrivals(skew: Array, before: Array, d: int) -> Array:
    """Return, for every shape, the score of arriving at each cell of diagonal d by it."""
    reach = np.full((len(SHAPES), skew.shape[2]), NEVER)
    for k, (a, b) in enumerate(SHAPES):
        if d >= a + b and a < skew.shape[2]:
            reach[k, a:] = before[d - a - b, : skew.shape[2] - a] + skew[k, d, a:]
    return reach


def _log_sum(terms: Array) -> Array:
    top = terms.max(axis=0)
    total: Array = top + np.log(np.exp(np.maximum(terms - top, -745.0)).sum(axis=0))
    return np.where(top > _IMPOSSIBLE, total, NEVER)


def _forward_backward(scores: Array) -> tuple[float, Array]:
    shapes, rows, columns = scores.shape
    skew = _skewed(scores)
    last = rows + columns - 2
    forward = np.full((last + 1, rows), NEVER)
    backward = np.full((last + 1, rows), NEVER)
    forward[0, 0] = 0.0
    backward[last, rows - 1] = 0.0
    for d in range(1, last + 1):
        forward[d] = _log_sum(_arrivals(skew, forward, d))
    for d in range(last - 1, -1, -1):
        leave = np.full((shapes, rows), NEVER)
        for k, (a, b) in enumerate(SHAPES):
            if d + a + b <= last and a < rows:
                leave[k, : rows - a] = backward[d + a + b, a:] + skew[k, d + a + b, a:]
        backward[d] = _log_sum(leave)
    total = float(forward[last, rows - 1])
    posterior = np.zeros_like(scores)
    if total > _IMPOSSIBLE:
        ahead, behind = _unskewed(backward, columns), _unskewed(forward, columns)
        for k, (a, b) in enumerate(SHAPES):
            if a < rows and b < columns:
                path = behind[: rows - a, : columns - b] + scores[k, a:, b:] + ahead[a:, b:] - total
                posterior[k, a:, b:] = np.where(path > -80.0, np.exp(np.minimum(path, 0.0)), 0.0)
    return total, posterior


def _unskewed(skew: Array, columns: int) -> Array:
    rows = skew.shape[1]
    return np.stack([skew[i : i + columns, i] for i in range(rows)])


def span(shape: int, i: int, j: int) -> tuple[range, range]:
    """Return the sentence ranges of the bead of `shape` that ends at (i, j)."""
    a, b = SHAPES[shape]
    return range(i - a, i), range(j - b, j)


def covers(beads: Sequence[tuple[range, range]], n: int, m: int) -> bool:
    """Tell whether beads cover n and m sentences exactly once and in order."""
    at_ja = at_en = 0
    for ja, en in beads:
        if ja.start != at_ja or en.start != at_en or (not ja and not en):
            return False
        at_ja, at_en = ja.stop, en.stop
    return (at_ja, at_en) == (n, m)
