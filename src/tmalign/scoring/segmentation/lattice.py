"""The coarse lattice: which positions each boundary may have, by forward-backward over segments and tokens.

Segment i of the reference is a small language model (its words and word pairs, mixed with what is usual in both
texts); a token of the hypothesis is worth the log of how much more likely segment i makes it. Such a score is a
sum over tokens, so that all pieces that end at a position are summed in one running sum: a row of the lattice costs
a few vector operations.

Two implementations give the same numbers: a C kernel, built where there was a compiler, and NumPy a row at a time.
`COMPILED` tells which one runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from tmalign.scoring.segmentation.tokens import Material

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

try:
    from tmalign.scoring.segmentation import _lattice

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

NEVER: Final = -1e9

# Shares of the usual, of the segment's words and of its word pairs; and what the evidence counts for beside the
# boundaries. Tokens that match are not independent: at full weight the lattice would be far too sure.
_MIX: Final = (0.2, 0.3, 0.5)
_TRUST: Final = 0.4
_OMITTED: Final = -3.0  # log odds of a segment without any text
_PRIOR_FLOOR: Final = -8.0
_LEAST: Final = 5e-4  # posterior probability of a position that is looked at further
_LOG_LEAST: Final = float(np.log(_LEAST))
_MOST: Final = 14  # such positions a boundary


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each boundary the positions worth a closer look, rising, and the log of their posterior probability."""

    places: tuple[Ints, ...]
    log_probability: tuple[Floats, ...]


class _Emission:
    """The worth of hypothesis tokens in a given reference segment."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.usual = material.share[material.words]
        self.words = np.zeros(material.size)
        self.pairs = material.grams.hypothesis[1]
        self.pair_count = np.zeros(len(material.grams.numbers[1]))

    def running(self, segment: int, low: int, high: int) -> Floats:
        """Return the running sum of the worth of tokens `low` to `high`: high - low + 1 values, the first 0."""
        reference = self.material.references[segment]
        total = np.zeros(high - low + 1)
        if not len(reference) or low == high:
            return total
        here = self.material.words[low:high]
        np.add.at(self.words, reference, 1.0)
        usual = self.usual[low:high]
        likely = _MIX[0] * usual + _MIX[1] / len(reference) * self.words[here]
        if len(reference) > 1 and len(here) > 1:
            wanted = self.material.grams.reference(segment)[1]
            np.add.at(self.pair_count, wanted, 1.0)
            count = self.pair_count[self.pairs[low : high - 1]]
            likely[1:] += _MIX[2] / 2 * count / np.maximum(self.words[here[:-1]], 1.0)
            likely[:-1] += _MIX[2] / 2 * count / np.maximum(self.words[here[1:]], 1.0)
            self.pair_count[wanted] = 0.0
        self.words[reference] = 0.0
        np.cumsum(_TRUST * np.log(likely / usual), out=total[1:])
        return total


def candidates(material: Material, prior: Floats, low: Ints, high: Ints, *, compiled: bool = COMPILED) -> Candidates:
    """Return the likely positions of every boundary.

    `prior` has the log odds of a cut at the inner positions, `low` and `high` the corridor. There is always a rising
    choice among the candidates, from 0 to the number of tokens.
    """
    cost = np.concatenate([[0.0], np.maximum(prior, _PRIOR_FLOOR), [0.0]])[: len(material) + 1]
    rows = (_compiled_rows if compiled else _plain_rows)(material, cost, low, high)
    places: list[Ints] = []
    logs: list[Floats] = []
    best = len(material)
    for log, begin in zip(reversed(rows), low[::-1].tolist(), strict=True):
        # The best positions, never rising from boundary to boundary backwards, are a path that surely exists.
        best = min(best, begin + int(log.argmax()))
        kept = _kept(log, best - begin)
        places.append(begin + kept)
        logs.append(np.clip(log[kept], -14.0, 0.0))
    return Candidates(tuple(places[::-1]), tuple(logs[::-1]))


def _kept(log: Floats, best: int) -> Ints:
    """Return the indices worth keeping, rising, `best` among them where it lies inside."""
    kept = np.flatnonzero(log > _LOG_LEAST)
    if len(kept) > _MOST:
        # Rounded, so that of equals the first is kept however the sums were rounded.
        kept = np.sort(kept[np.argsort(-np.round(log[kept], 9), kind="stable")[:_MOST]])
    if 0 <= best < len(log) and best not in kept:
        return np.insert(kept, np.searchsorted(kept, best), best)
    return kept


def _compiled_rows(material: Material, cost: Floats, low: Ints, high: Ints) -> list[Floats]:
    """Return the log posterior probability of the positions of each boundary, from `low` to `high`, by the kernel."""
    ends = np.cumsum(high - low + 1)
    log = np.empty(int(ends[-1]))
    words, pairs, _ = material.grams.numbers
    arrays = words, pairs, material.grams.first, material.share, cost
    corridor = np.ascontiguousarray(low), np.ascontiguousarray(high)
    _lattice.posteriors((*arrays, *corridor), (*_MIX, _TRUST, _OMITTED), log)
    return np.split(log, ends[:-1])


def _plain_rows(material: Material, cost: Floats, low: Ints, high: Ints) -> list[Floats]:
    """Return the same by NumPy: forward, keeping the running sums, and backward."""
    emission = _Emission(material)
    sums: list[Floats] = []
    forward = [np.zeros(1)]
    for i in range(len(material.references)):
        begin, end = int(low[i]), int(high[i + 1])
        total = emission.running(i, begin, end)
        sums.append(total)
        arrive = np.logaddexp.accumulate(forward[i] - total[: high[i] - begin + 1])
        places = np.arange(low[i + 1], end + 1)
        last = np.minimum(places - 1, high[i]) - begin
        cut = np.where(last >= 0, arrive[np.maximum(last, 0)], NEVER) + total[places - begin] + cost[places]
        forward.append(np.logaddexp(cut, _same(forward[i], begin, places) + _OMITTED))
    return _posterior(cost, sums, forward, low, high)


def _posterior(cost: Floats, sums: list[Floats], forward: list[Floats], low: Ints, high: Ints) -> list[Floats]:
    """Run backward over the rows of the forward pass; return the log posterior probabilities in their place."""
    whole = float(forward[-1][0])
    behind = np.zeros(1)
    forward[-1] = behind
    for i in range(len(sums) - 1, -1, -1):
        begin, total = int(low[i]), sums.pop()
        ends = np.arange(low[i + 1], high[i + 1] + 1)
        leave = np.logaddexp.accumulate((behind + cost[ends] + total[ends - begin])[::-1])[::-1]
        here = np.arange(low[i], high[i] + 1)
        first = np.maximum(here + 1 - low[i + 1], 0)
        cut = np.where(first < len(leave), leave[np.minimum(first, len(leave) - 1)], NEVER) - total[here - begin]
        behind = np.logaddexp(cut, _same(behind, int(low[i + 1]), here) + _OMITTED)
        forward[i] = forward[i] + behind - whole
    return forward


def _same(row: Floats, begin: int, places: Ints) -> Floats:
    """Return the values of a row that begins at position `begin` at other places, NEVER outside it."""
    at = places - begin
    inside = (at >= 0) & (at < len(row))
    return np.where(inside, row[np.where(inside, at, 0)], NEVER)
