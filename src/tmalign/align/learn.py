"""Learning the model from gold alignments: a conditional random field over beads, by L-BFGS.

The likelihood of a document is the share of all paths' weight that falls on paths that agree with gold. A gold
bead with two or more segments on both sides is coarse: any path inside it agrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.features import FEATURES, SKIP_FEATURES
from tmalign.align.lattice import NEVER, SHAPES, posteriors
from tmalign.align.model import Weights, bead_scores, rate_feature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.features import BeadFeatures

    Array = np.ndarray[Any, np.dtype[np.float64]]

Gold = list[tuple[list[int], list[int]]]
_FINEST_COARSE = 2
_LOPSIDED = 3  # a coarse bead may hold one-sided parts only if its sides differ this much in number


@dataclass(slots=True)
class Example:
    """A document to learn from: its features, which beads gold allows, and the skip rate the first pass found."""

    features: BeadFeatures
    allowed: np.ndarray[Any, np.dtype[np.bool_]]
    skip_rate: float | None = None


def allowed_beads(gold: Gold, n: int, m: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return [shape, i, j]: which beads a path that agrees with gold may use.

    Raises `ValueError` where gold does not hold all `n` and `m` segments: no path would agree with it.
    """
    allowed = np.zeros((len(SHAPES), n + 1, m + 1), dtype=bool)
    at = {shape: k for k, shape in enumerate(SHAPES)}
    i = j = 0
    for ja, en in gold:
        a, b = len(ja), len(en)
        if (a, b) in at and not (a >= _FINEST_COARSE and b >= _FINEST_COARSE):
            allowed[at[a, b], i + a, j + b] = True
        else:
            one_sided = not a or not b or max(a, b) > _LOPSIDED * min(a, b)
            for k, (p, q) in enumerate(SHAPES):
                if (p and q) or one_sided:
                    allowed[k, i + p : i + a + 1, j + q : j + b + 1] = True
        i, j = i + a, j + b
    if (i, j) != (n, m):
        raise ValueError(f"gold holds {i} and {j} segments of {n} and {m}")
    return allowed


def _collect(example: Example, expected: Array) -> Array:
    """Sum features over beads weighted by `expected` [shape, i, j]: the gradient of the score."""
    total = Weights.zeros()
    rate = rate_feature(example.skip_rate)
    for k, (a, b) in enumerate(SHAPES):
        share = expected[k, a:, b:]
        total.shape[k] = share.sum()
        if a and b:
            if (a, b) not in example.features.beads:
                continue
            features = example.features.beads[a, b]
            sums = features.reshape(len(FEATURES), -1) @ share.astype(np.float32).ravel()
            total.shared[:] += sums
            if a + b > 2:
                total.merged[:] += sums
        else:
            line = share.sum(axis=0 if a == 0 else 1)
            target = total.skip_en if a == 0 else total.skip_ja
            target += line @ example.features.skips[a, b]
            target[2] += rate * line.sum()
    return total.vector()


def loss(example: Example, weights: Weights) -> tuple[float, Array]:
    """Return the negative log likelihood of gold and its gradient; zero where gold has no path."""
    scores = bead_scores(example.features, weights, example.skip_rate)
    free, expected = posteriors(scores)
    held, observed = posteriors(np.where(example.allowed, scores, NEVER))
    if held < -1e29:
        return 0.0, np.zeros_like(weights.vector())
    return free - held, _collect(example, expected - observed)


def start() -> Weights:
    """Return weights to start from: every bead but 1-1 costs something."""
    weights = Weights.zeros()
    for k, (a, b) in enumerate(SHAPES):
        weights.shape[k] = 0.0 if (a, b) == (1, 1) else -3.0 if a + b <= 3 else -5.0
    weights.shared[0] = weights.shared[2] = 1.0
    return weights


def fit(
    examples: Sequence[Example],
    begin: Weights,
    *,
    penalty: float = 0.5,
    rounds: int = 80,
    mask: Array | None = None,
    toward: Weights | None = None,
) -> Weights:
    """Minimise the penalised loss over all examples by L-BFGS; needs SciPy (the `train` extra).

    The penalty is on the distance from `toward`, from zero where it is None.
    """
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - training only

    from scipy.optimize import minimize  # noqa: PLC0415 - training only

    keep = np.ones_like(begin.vector()) if mask is None else mask
    strength = np.full_like(keep, penalty)
    centre = np.zeros_like(keep) if toward is None else toward.vector()
    f, s = len(FEATURES), len(SHAPES)
    strength[2 * f : 2 * f + s] = penalty / 10  # shapes differ by orders of magnitude: hold them loosely

    with ThreadPoolExecutor(2) as pool:

        def objective(vector: Array) -> tuple[float, Array]:
            weights = Weights.from_vector(vector * keep)
            apart = vector - centre
            value = float((strength * apart * apart).sum() / 2)
            gradient = strength * apart
            for part, slope in pool.map(lambda e: loss(e, weights), examples):
                value += part
                gradient = gradient + slope
            return value, gradient * keep

        result = minimize(objective, begin.vector() * keep, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    return Weights.from_vector(result.x * keep)


__all__ = ["SKIP_FEATURES", "Example", "Gold", "allowed_beads", "fit", "loss", "start"]
