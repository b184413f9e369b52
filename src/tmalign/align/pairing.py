"""Are two documents translations of each other at all? A logistic model over what their best alignment looks like.

The lattice always finds some path. What tells a wrong page from a translation is how much of either side the path
pairs, and how well the words of the paired sentences explain each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.lattice import SHAPES

if TYPE_CHECKING:
    from typing import Any

    from tmalign.align.features import BeadFeatures
    from tmalign.model import Verdict

    Array = np.ndarray[Any, np.dtype[np.float64]]

PAIR_FEATURES = ("bias", "paired_ja", "paired_en", "coverage", "words", "weakest_quarter", "beads")

_COVERAGE, _WORDS = 4, 3  # columns of evidence.FEATURES
_PARTIAL_BELOW = 0.6
_RELATED_FROM = 0.5


class PairDescription:
    """What an alignment looks like, gathered window by window."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._paired = np.zeros(2)
        self._all = np.zeros(2)
        self._coverage: list[float] = []
        self._words: list[float] = []
        self._weights: list[float] = []

    def add(self, features: BeadFeatures, path: list[tuple[int, int, int]]) -> None:
        """Take in the best path of a window."""
        ja_lengths, en_lengths = features.lengths
        self._all += ja_lengths.sum(), en_lengths.sum()
        two_sided = [(SHAPES[k], i, j) for k, i, j in path if SHAPES[k][0] and SHAPES[k][1]]
        if not two_sided:
            return
        begin = np.array([(i - a, j - b, i, j) for (a, b), i, j in two_sided])
        before = [np.concatenate([[0.0], np.cumsum(side, dtype=np.float64)]) for side in (ja_lengths, en_lengths)]
        ja = before[0][begin[:, 2]] - before[0][begin[:, 0]]
        en = before[1][begin[:, 3]] - before[1][begin[:, 1]]
        self._paired += ja.sum(), en.sum()
        for (shape, _, _), (i, j, _, _) in zip(two_sided, begin.tolist(), strict=True):
            table = features.beads[shape]
            self._coverage.append(float(table[_COVERAGE, i, j]))
            self._words.append(float(table[_WORDS, i, j]))
        self._weights += en.tolist()

    def add_unpaired(self, ja: int, en: int) -> None:
        """Take in a window with text on one side only, by its length in characters."""
        self._all += ja, en

    def features(self) -> Array:
        """Return `PAIR_FEATURES`: shares of text paired (by characters), mean evidence of the beads, their number."""
        if not self._weights:
            return np.array([1.0, 0, 0, 0, 0, 0, 0])
        paired = self._paired / np.maximum(self._all, 1)
        return np.array(
            [
                1.0,
                paired[0],
                paired[1],
                float(np.average(self._coverage, weights=self._weights)),
                float(np.average(self._words, weights=self._weights)),
                float(np.quantile(self._words, 0.25)),
                float(np.log(len(self._weights))),
            ]
        )


def pair_probability(described: Array, weights: Array) -> float:
    """Return the probability that the documents are translations of each other."""
    return float(1 / (1 + np.exp(-np.clip(described @ weights, -30, 30))))


def judge(described: Array, probability: float) -> tuple[Verdict, str]:
    """Name what a pair is, and why: a translation, a partial one (summary, cut short), or unrelated pages."""
    ja, en = described[1], described[2]
    if probability < _RELATED_FROM:
        return "unrelated", f"the texts do not translate each other (probability {probability:.2f})"
    if ja < _PARTIAL_BELOW and ja < en:
        return "partial", f"the English side covers {ja:.0%} of the Japanese text: a summary, or cut short"
    if en < _PARTIAL_BELOW:
        return "partial", f"the Japanese side covers {en:.0%} of the English text: a summary, or cut short"
    return "translation", ""


def fit_pair(described: Array, related: Array, *, penalty: float = 0.05) -> Array:
    """Fit the logistic model on rows of pair features and their truth (1 or 0); needs SciPy."""
    from scipy.optimize import minimize  # noqa: PLC0415 - training only

    sign = 2 * related - 1

    def objective(weights: Array) -> tuple[float, Array]:
        margin = sign * (described @ weights)
        value = float(np.logaddexp(0, -margin).sum() + penalty * (weights[1:] ** 2).sum() / 2)
        slope = -(sign / (1 + np.exp(np.clip(margin, -30, 30)))) @ described
        slope[1:] += penalty * weights[1:]
        return value, slope

    found: Array = minimize(objective, np.zeros(described.shape[1]), jac=True, method="L-BFGS-B").x
    return found
