"""Are two documents translations of each other at all? A logistic model over what their best alignment looks like.

The lattice always finds some path. What tells a wrong page from a translation is how much of either side the path
pairs, and how well the words of the paired sentences explain each other.
"""

from __future__ import annotations

import math
from itertools import accumulate
from operator import mul
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.lattice import SHAPES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.features import BeadFeatures
    from tmalign.model import Verdict

    Array = np.ndarray[Any, np.dtype[np.float64]]

PAIR_FEATURES = ("bias", "paired_ja", "paired_en", "coverage", "words", "weakest_quarter", "beads")

_PARTIAL_BELOW = 0.6
_RELATED_FROM = 0.5


class PairDescription:
    """What an alignment looks like, gathered window by window."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._paired = [0.0, 0.0]  # characters, Japanese and English
        self._all = [0.0, 0.0]
        self._coverage: list[float] = []
        self._words: list[float] = []
        self._weights: list[float] = []

    def add(self, features: BeadFeatures, path: Sequence[tuple[int, int, int]]) -> None:
        """Take in the best path of a window."""
        ja_before, en_before = ([0.0, *accumulate(side.tolist())] for side in features.lengths)
        self.add_unpaired(ja_before[-1], en_before[-1])
        paired = [bead for bead in path if all(SHAPES[bead[0]])]
        if not paired:
            return
        coverage, words = features.words_of(paired)
        self._coverage += coverage
        self._words += words
        for k, i, j in paired:
            a, b = SHAPES[k]
            self._paired[0] += ja_before[i] - ja_before[i - a]
            self._weights.append(en_before[j] - en_before[j - b])
        self._paired[1] = sum(self._weights)

    def add_unpaired(self, ja: float, en: float) -> None:
        """Take in a window with text on one side only, by its length in characters."""
        self._all[0] += ja
        self._all[1] += en

    def features(self) -> Array:
        """Return `PAIR_FEATURES`: shares of text paired (by characters), mean evidence of the beads, their number."""
        if not self._weights:
            return np.array([1.0, 0, 0, 0, 0, 0, 0])
        ja, en = (paired / max(whole, 1.0) for paired, whole in zip(self._paired, self._all, strict=True))
        coverage, words = (_mean(values, self._weights) for values in (self._coverage, self._words))
        return np.array([1.0, ja, en, coverage, words, _quarter(self._words), math.log(len(self._weights))])


def _mean(values: list[float], weights: list[float]) -> float:
    return math.fsum(map(mul, values, weights)) / math.fsum(weights)


def _quarter(values: list[float]) -> float:
    """Return the value below which a quarter of the values lies, between two of them as they lie around it."""
    ordered = sorted(values)
    place = (len(ordered) - 1) / 4
    low, high = ordered[int(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - int(place))


def pair_probability(described: Array, weights: Array) -> float:
    """Return the probability that the documents are translations of each other."""
    return 1 / (1 + math.exp(-min(30.0, max(-30.0, float(described @ weights)))))


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
