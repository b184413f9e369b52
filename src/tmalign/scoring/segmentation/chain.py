"""Chains of pieces: the score of each, the best way through, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

NEVER = -1e9


def score(rows: Floats, length: Ints, weights: Floats) -> Floats:
    """Return the score of each piece [begin, end], NEVER where there is none."""
    return np.where(length >= 0, rows @ weights, NEVER)


def best_path(scores: Sequence[Floats]) -> list[int]:
    """Return, for each boundary, the index of its candidate on the best path (Viterbi; the first of equals)."""
    reach = np.zeros(1)
    back: list[Ints] = []
    for matrix in scores:
        total = reach[:, None] + matrix
        chosen = total.argmax(axis=0)
        back.append(chosen)
        reach = total[chosen, np.arange(total.shape[1])]
    path = [0]
    for chosen in reversed(back):
        path.append(int(chosen[path[-1]]))
    return path[::-1]


def posteriors(scores: Sequence[Floats]) -> tuple[float, list[Floats]]:
    """Return the log of the sum over all paths, and the posterior probability of every piece (forward-backward)."""
    forward = [np.zeros(1)]
    for matrix in scores:
        forward.append(_log_sum(forward[-1][:, None] + matrix, 0))
    backward = [np.zeros(1)]
    for matrix in reversed(scores):
        backward.append(_log_sum(matrix + backward[-1][None, :], 1))
    backward.reverse()
    whole = float(forward[-1][0])
    found = [
        np.exp(np.minimum(forward[i][:, None] + matrix + backward[i + 1][None, :] - whole, 0.0))
        for i, matrix in enumerate(scores)
    ]
    return whole, found


def _log_sum(terms: Floats, axis: int) -> Floats:
    top = terms.max(axis=axis, keepdims=True)
    total: Floats = np.log(np.exp(terms - top).sum(axis=axis)) + top.squeeze(axis)
    return total
