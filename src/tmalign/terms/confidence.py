"""The probability that a mined pair is right, from what was counted about it."""

from __future__ import annotations

import math


def confidence(*, agreement: float, coverage: float, units: int, ja_units: int, en_units: int, verbal: bool) -> float:
    """Return the probability that an accepted pair is right, with sound edges on both sides."""
    dice = 2 * units / (ja_units + en_units)
    logit = -7.0 + 7.0 * agreement + 3.0 * coverage + 0.8 * math.log(units) + 1.5 * dice - 0.8 * verbal
    return 1 / (1 + math.exp(-logit))
