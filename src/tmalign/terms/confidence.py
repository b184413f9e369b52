"""The probability that a mined pair is right, from what was counted about it."""

from __future__ import annotations

import math

# A logistic regression on 456 pairs judged by hand (the 300 best of the sample corpus and of NTREX, and 140 drawn from
# the rest, which weigh five times as much): intercept, agreement, coverage, logarithm of units, Dice coefficient.
_WEIGHTS = (-2.67, 2.84, 1.43, 0.92, 1.01)


def confidence(*, agreement: float, coverage: float, units: int, ja_units: int, en_units: int) -> float:
    """Return the probability that an accepted pair is right, with sound edges on both sides.

    `agreement` and `coverage` are those of the word links, `units` is how many units hold the pair, `ja_units` and
    `en_units` how many hold its sides.
    """
    dice = 2 * units / (ja_units + en_units)
    features = (1.0, agreement, coverage, math.log(units), dice)
    return 1 / (1 + math.exp(-sum(w * x for w, x in zip(_WEIGHTS, features, strict=True))))
