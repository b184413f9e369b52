"""BLEU, chrF and TER from summed sufficient statistics, for many samples at once.

Each function takes an array of samples by statistics, as sacrebleu's metrics lay a segment's out, and gives one score a
sample: the same floating-point operations in the same order and width as sacrebleu does one sample at a time, so that
p-values, which count how often one number exceeds another, come out the same to the last digit.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

BLEU_ORDER: Final = 4
CHRF_CHARACTERS: Final = 6
CHRF_WORDS: Final = 2
_BETA_SQUARED: Final = 4
# sacrebleu's logarithm of nothing.
_LOG_OF_ZERO: Final = -9999999999


def bleu(sums: Floats, *, effective_order: bool = False) -> Floats:
    """Return BLEU (Papineni et al. 2002), exponential smoothing, for each row of `sums`.

    A row holds hypothesis length, reference length, matches of orders 1-4, n-grams of orders 1-4.
    With `effective_order` orders without any n-gram are left out, as for single sentences.
    """
    correct, total = sums[:, 2 : 2 + BLEU_ORDER], sums[:, 2 + BLEU_ORDER :]
    # A halved precision for each order so far that has n-grams but no match.
    zeros = np.cumsum((correct == 0) & (total > 0), axis=1)
    possible = np.logical_and.accumulate(total > 0, axis=1)
    divisor = np.where(total > 0, total, 1)
    with np.errstate(invalid="ignore"):
        matched = _wide(100.0, correct) / divisor
        smoothed = 100.0 / ((2.0**zeros).astype(matched.dtype) * divisor)
    precisions = np.where(possible, np.where(correct > 0, matched, smoothed), 0).tolist()
    matches: list[bool] = np.any(correct > 0, axis=1).tolist()
    orders = possible.sum(axis=1).tolist() if effective_order else [BLEU_ORDER] * len(sums)
    # Plain Python from here: the logarithms and the order of the sum are part of the number.
    scores = [
        _brevity(int(row[0]), int(row[1])) * math.exp(sum(map(_log, logs[:order])) / order) if any_match else 0.0
        for row, logs, order, any_match in zip(sums[:, :2].tolist(), precisions, orders, matches, strict=True)
    ]
    return np.array(scores, dtype=np.float64)


def _log(value: float) -> float:
    return math.log(value) if value else _LOG_OF_ZERO


def _brevity(hypothesis: int, reference: int) -> float:
    """Return the brevity penalty."""
    if hypothesis >= reference:
        return 1.0
    return math.exp(1 - reference / hypothesis) if hypothesis > 0 else 0.0


def chrf(sums: Floats) -> Floats:
    """Return chrF2 (Popović 2015) for each row of `sums`; with eight orders, two of words, chrF2++.

    A row holds for each order: hypothesis n-grams, reference n-grams, matches.
    """
    hypothesis, reference, matches = sums[:, 0::3], sums[:, 1::3], sums[:, 2::3]
    counted = (hypothesis > 0) & (reference > 0)
    effective = counted.sum(axis=1)
    precision = _mean(matches, hypothesis, counted, effective)
    recall = _mean(matches, reference, counted, effective)
    above = _wide(1 + _BETA_SQUARED, precision) * recall
    below = _wide(_BETA_SQUARED, precision) + recall
    some = precision + recall > 0
    return _mixed(np.where(some, _wide(100, above / np.where(some, below, 1)), 0), plain=not some.all())


def _mean(matches: Floats, total: Floats, counted: NDArray[np.bool_], effective: NDArray[np.int_]) -> Floats:
    """Return the mean over the orders that both sides have, added up in their order."""
    shares = np.where(counted, matches / np.where(counted, total, 1), 0)
    mean = _wide(1.0, shares[:, 0])
    for order in range(1, shares.shape[1]):
        mean += shares[:, order]
    return mean / np.where(effective > 0, effective, 1).astype(mean.dtype)


def ter(sums: Floats) -> Floats:
    """Return TER (Snover et al. 2006) for each row of `sums`: edits, reference length."""
    edits, length = sums[:, 0], sums[:, 1]
    rate = np.where(length > 0, edits / np.where(length > 0, length, 1), (edits > 0).astype(sums.dtype))
    return _mixed(_wide(100, rate), plain=not (length > 0).all())


def _mixed(scores: Floats, *, plain: bool) -> Floats:
    """Widen where one of the scores would be a plain Python number, which widens a list of narrow ones."""
    return scores.astype(np.float64) if plain else scores


def _wide(factor: float, values: Floats) -> Floats:
    """Multiply as a Python number and a single value of the array would: NumPy 1 widens there, NumPy 2 does not."""
    width = np.result_type(type(values.dtype.type(0) * 1.0))
    return factor * values.astype(width)
