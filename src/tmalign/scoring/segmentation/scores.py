"""What candidate pieces score by trained weights: a C kernel where there was a compiler, and the features in NumPy.

Both give the same numbers; `COMPILED` tells which one runs.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tmalign.scoring.segmentation.chain import score
from tmalign.scoring.segmentation.evidence import FEATURES, PIECE_FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from tmalign.scoring.segmentation.evidence import Evidence, Pieces

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

try:
    from tmalign.scoring.segmentation import _pieces

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False


class Scores:
    """The scores of pieces of a text, with the weights of all features by name."""

    def __init__(self, evidence: Evidence, weights: Mapping[str, float], *, compiled: bool = COMPILED) -> None:
        """Prepare what does not depend on a piece."""
        self.evidence = evidence
        self.compiled = compiled
        self.weights = np.array([weights[name] for name in FEATURES])
        if compiled:
            self._text = _text(evidence, weights)

    def of(self, pieces: Sequence[Pieces]) -> list[Floats]:
        """Return the score of every piece, an array [begin, end] a segment; `chain.NEVER` where there is none."""
        if not self.compiled:
            return [self._plain(some) for some in pieces]
        segments = np.array([some.segment for some in pieces], dtype=np.int64)
        begins, ends = [some.begins for some in pieces], [some.ends for some in pieces]
        shapes = [(len(begin), len(end)) for begin, end in zip(begins, ends, strict=True)]
        at = np.cumsum([0, *(height * width for height, width in shapes)]).tolist()
        out = np.empty(at[-1])
        jobs = segments, *_joined(begins), *_joined(ends), np.concatenate([some.coarse for some in pieces])
        _pieces.score(self._text, self.evidence.ratio, jobs, self.weights[: len(PIECE_FEATURES)], out)
        return [out[a:b].reshape(shape) for (a, b), shape in zip(pairwise(at), shapes, strict=True)]

    def _plain(self, pieces: Pieces) -> Floats:
        rows, length = self.evidence.rows(pieces)
        told = np.concatenate([[0.0], self.evidence.positions.told, [0.0]])[pieces.ends]
        found: Floats = score(rows, length, self.weights) + (length > 0) * told
        return found


def _joined(places: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Return where each array begins in the one of all, and that one."""
    return np.cumsum([0, *map(len, places)], dtype=np.int64), np.concatenate(places)


def _text(evidence: Evidence, weights: Mapping[str, float]) -> tuple[Ints | Floats, ...]:
    """Return the arrays the kernel reads, in its order."""
    end = np.zeros(len(evidence.material) + 1)
    end[1:-1] = evidence.positions.prior(weights, 0.0)
    return (
        *evidence.material.grams.numbers,
        evidence.material.grams.first,
        evidence.depth,
        evidence.quotes,
        evidence.stop,
        evidence.reference_depth,
        evidence.reference_quotes,
        evidence.reference_stop,
        evidence.material.rarity,
        evidence.inside,
        end,
        evidence.reference_inside,
    )
