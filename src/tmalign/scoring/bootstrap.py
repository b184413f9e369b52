"""Intervals and paired tests by resampling, over sufficient statistics instead of texts.

A resample draws segments with replacement (Koehn 2004); a trial of approximate randomisation exchanges the two
systems' outputs of half of the segments (Riezler & Maxwell 2005). Either is a row of weights over segments, so that
all samples of all systems are one matrix product. The random numbers, the tests and their corrections are those of
sacrebleu's paired tests: the same seed gives the same p-values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tmalign.scoring.formulas import Floats

SEED: Final = 12345
RESAMPLES: Final = 1000
TRIALS: Final = 10000
# 95%: so much is cut off at either end.
_TAIL: Final = 40
# Cells of one block of weights; a multiple of 32 rows keeps the stream of random bits whole.
_BLOCK_CELLS: Final = 4_000_000
_BLOCK_ROWS: Final = 32
# Whole numbers below are exact in single precision, in which the product takes half the time.
_EXACT_SINGLE: Final = 2**24


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95% interval of the resamples' scores, and their mean."""

    low: float
    high: float
    mean: float


class Resamples:
    """The scores of each system on the same resamples, in one metric, for intervals and paired bootstrap."""

    def __init__(self, scores: Sequence[Floats]) -> None:
        """Keep one array of scores a system, a score a resample."""
        self.scores = scores

    def interval(self, system: int) -> Interval:
        """Return the interval between the 2.5% smallest and the 2.5% largest scores."""
        ordered = np.sort(self.scores[system])
        low = len(ordered) // _TAIL
        return Interval(float(ordered[low]), float(ordered[len(ordered) - low - 1]), float(ordered.mean()))

    def p_value(self, system: int, baseline: int, difference: float) -> float:
        """Return how probable so large an absolute difference is between equal systems, by paired bootstrap."""
        differences = np.abs(self.scores[system] - self.scores[baseline])
        return _p_value(differences - differences.mean(), difference)


def resample(
    statistics: NDArray[np.float64],
    formulas: Sequence[tuple[slice, Callable[[Floats], Floats]]],
    samples: int,
    seed: int,
) -> list[Resamples]:
    """Score every system on `samples` resamples, once for each formula.

    `statistics` is systems x segments x columns; a formula comes with the columns it takes. Sums are exact, then
    rounded to single precision, which is what sacrebleu computes with here.
    """
    systems, segments, columns = statistics.shape
    if samples < 1 or not segments:
        raise ValueError("nothing to resample")
    table = _table(statistics)
    generator = np.random.default_rng(seed)
    sums = np.empty((samples, systems * columns), dtype=np.float32)
    for rows in _blocks(samples, segments):
        count = rows.stop - rows.start
        drawn = generator.choice(segments, size=(count, segments), replace=True)
        drawn += np.arange(count)[:, None] * segments
        weights = np.bincount(drawn.ravel(), minlength=count * segments).reshape(count, segments)
        sums[rows] = weights.astype(table.dtype) @ table
    by_system = sums.reshape(samples, systems, columns)
    return [
        Resamples([formula(np.ascontiguousarray(by_system[:, system, part])) for system in range(systems)])
        for part, formula in formulas
    ]


def randomise(
    statistics: NDArray[np.float64],
    formulas: Sequence[tuple[slice, Callable[[Floats], Floats]]],
    baseline: int,
    trials: int,
    seed: int,
) -> list[list[Floats]]:
    """Return for each formula and system the absolute differences to the baseline after `trials` random exchanges.

    The baseline's own place holds nothing.
    """
    systems, segments, columns = statistics.shape
    if trials < 1 or not segments:
        raise ValueError("nothing to exchange")
    table = _table(statistics)
    generator = np.random.default_rng(seed)
    kept = np.empty((trials, systems * columns))
    for rows in _blocks(trials, segments):
        chosen = generator.integers(2, size=(rows.stop - rows.start, segments), dtype=bool)
        kept[rows] = chosen.astype(table.dtype) @ table
    chosen_sums = kept.reshape(trials, systems, columns)
    totals = statistics.sum(axis=1)
    found: list[list[Floats]] = [[] for _ in formulas]
    for system in range(systems):
        # The baseline keeps the chosen segments and gets the system's others; the system the other way round.
        left = chosen_sums[:, baseline] + (totals[system] - chosen_sums[:, system])
        right = (totals[baseline] - chosen_sums[:, baseline]) + chosen_sums[:, system]
        for number, (part, formula) in enumerate(formulas):
            found[number].append(
                np.empty(0)
                if system == baseline
                else np.abs(
                    formula(np.ascontiguousarray(left[:, part])) - formula(np.ascontiguousarray(right[:, part]))
                )
            )
    return found


def randomisation_p_value(differences: Floats, difference: float) -> float:
    """Return the share of trials with a larger difference than the real one, one added to both counts."""
    return _p_value(differences, difference)


def _p_value(found: NDArray[Any], difference: float) -> float:
    return (int(np.sum(found > difference)) + 1) / (len(found) + 1)


def _table(statistics: NDArray[np.float64]) -> Floats:
    """Lay the systems side by side: segments x (systems x columns), as narrow as exact sums allow."""
    systems, segments, columns = statistics.shape
    table = statistics.transpose(1, 0, 2).reshape(segments, systems * columns)
    # No resample holds more than every segment at its largest.
    exact = table.size and np.abs(table).max(axis=0).max() * segments < _EXACT_SINGLE
    return np.ascontiguousarray(table, dtype=np.float32 if exact else np.float64)


def _blocks(samples: int, segments: int) -> Iterator[slice]:
    """Cut the samples into blocks that fit in memory."""
    rows = max(_BLOCK_ROWS, _BLOCK_CELLS // segments // _BLOCK_ROWS * _BLOCK_ROWS)
    for start in range(0, samples, rows):
        yield slice(start, min(start + rows, samples))
