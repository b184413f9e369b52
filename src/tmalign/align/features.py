"""Features of candidate beads: what speaks for and against every way of pairing neighbouring sentences.

For each shape of bead a dense array [feature, i, j] over all places where such a bead may stand. The features and
what each measures are listed in `FEATURES`; docs/alignment.md shows what each is worth.

Two implementations give the same numbers: a C kernel, built where there was a compiler, and NumPy
(`feature_arrays.py`). `COMPILED` tells which one runs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.feature_arrays import DICTIONARY_SHARE, LEARNED_FROM, REACH, plain_skips, plain_tables
from tmalign.align.lattice import SHAPES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.evidence import DocumentEvidence
    from tmalign.align.vocabulary import Vocabulary

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Doubles = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Side = tuple[np.ndarray[Any, Any], ...]

try:
    from tmalign.align import _association, _features

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

FEATURES = (
    "length_spread",  # squared length difference, in standard deviations (Gale & Church, 1993)
    "length_ratio",  # absolute log ratio of lengths
    "words_total",  # log likelihood ratio of the words given the other side, summed (long beads weigh more)
    "words_mean",  # the same a word
    "coverage",  # share of word information that finds a counterpart
    "figures_matched",  # numbers, dates, times that agree
    "figures_missed",  # those that have no counterpart
    "margin",  # how much better this pair fits than the best other near it in its row and column
    "weakest_part",  # in a merged bead, the pair of parts that fits worst
    "gain",  # in a merged bead, how much coverage each part adds
    "kinds",  # the segments are of the same kind (heading, item, paragraph...)
    "markers",  # list markers say the same (or contradict)
    "starts",  # the bead begins a block on both sides, or on one only
    "crossing",  # block boundaries inside the bead
    "encoder",  # similarity by an optional neural encoder
    "balance",  # coverage of the side that is covered less
    "poor_cover",  # how far coverage falls short of what translations mostly have
    "names_missed",  # names (English capitals, Japanese proper nouns and katakana) without a counterpart
)
SKIP_FEATURES = ("length", "best_match", "skip_rate", "best_cover", "names")

_COVERAGE, _MEAN = FEATURES.index("coverage"), FEATURES.index("words_mean")
_SHAPES = np.array(SHAPES, dtype=np.int64)


class BeadFeatures:
    """Features of every candidate bead of a document, laid down where they are asked for.

    A lattice needs sums of them only: the compiled kernel weighs a row of beads and forgets it.
    """

    def __init__(self, evidence: DocumentEvidence, *, compiled: bool = COMPILED) -> None:
        """Take the evidence; nothing is computed yet."""
        self.size = n, m = evidence.size
        self.lengths = evidence.ja_lengths, evidence.en_lengths
        self.shapes = [(a, b) for a, b in SHAPES if a and b and a <= n and b <= m]
        self.compiled = compiled
        self._evidence = evidence
        self._put: list[tuple[int, tuple[int, int], Array]] = []
        self._kept: Array | None = None

    @property
    def beads(self) -> dict[tuple[int, int], Array]:
        """`beads[shape]` is [feature, i, j] by the segments a bead begins with: 72 bytes for each candidate."""
        return self._tables[0]

    @property
    def skips(self) -> dict[tuple[int, int], Array]:
        """`skips[shape]` is [segment, skip feature] for the one-sided shapes; `skip_rate` is for the model to fill."""
        return self._tables[1]

    @cached_property
    def _tables(self) -> tuple[dict[tuple[int, int], Array], dict[tuple[int, int], Array]]:
        if self.compiled:
            beads, skips = compiled_tables(self._evidence, self.shapes)
        else:
            beads, fit = plain_tables(self._evidence, self.shapes, len(FEATURES))
            skips = plain_skips(self._evidence, fit, beads[1, 1][_COVERAGE] / 2)
        for feature, shape, values in self._put:
            beads[shape][feature] = values
        return beads, skips

    def at(self, a: int, b: int, i: int, j: int) -> Array:
        """Return the features of the bead of `a` and `b` segments that begins with segments i and j."""
        row: Array = self.beads[a, b][:, i, j]
        return row

    def put(self, feature: int, a: int, b: int, values: Array) -> None:
        """Fill a feature of all beads of `a` and `b` segments: [i, j] by the segments they begin with."""
        self._put.append((feature, (a, b), values))
        self.__dict__.pop("_tables", None)

    def weighed(self, weights: Sequence[Doubles]) -> Doubles:
        """Return scores [set, shape, i, j], as `model.bead_scores`, by sets of weights; compiled only."""
        n, m = self.size
        scores = np.empty((len(weights), len(SHAPES), n + 1, m + 1))
        self._kept = np.empty((len(SHAPES), 2, n + 1, m + 1), dtype=np.float32)
        _features.weigh(*_pair(self._evidence), _SHAPES, np.concatenate(weights), scores, self._kept)
        for feature, (a, b), values in self._put:
            for of_set, vector in zip(scores, weights, strict=True):
                weight = vector[feature] + (vector[len(FEATURES) + feature] if a + b > 2 else 0)
                of_set[SHAPES.index((a, b)), a:, b:] += np.float32(weight) * values
        return scores

    def words_of(self, beads: Sequence[tuple[int, int, int]]) -> tuple[list[float], list[float]]:
        """Return `coverage` and `words_mean` of two-sided beads, given as (shape, i, j) of their ends."""
        if self._kept is None:
            rows = [self.at(a, b, i - a, j - b) for (a, b), i, j in ((SHAPES[k], i, j) for k, i, j in beads)]
            return [float(row[_COVERAGE]) for row in rows], [float(row[_MEAN]) for row in rows]
        kept = self._kept.data  # of few places it is far faster than NumPy
        return [kept[k, 0, i, j] for k, i, j in beads], [kept[k, 1, i, j] for k, i, j in beads]


def compiled_tables(
    evidence: DocumentEvidence, shapes: list[tuple[int, int]]
) -> tuple[dict[tuple[int, int], Array], dict[tuple[int, int], Array]]:
    """Compute the tables of all two-sided shapes, and of the one-sided ones, in C."""
    n, m = evidence.size
    sizes = [len(FEATURES) * (n - a + 1) * (m - b + 1) for a, b in shapes]
    flat = np.zeros(sum(sizes), dtype=np.float32)
    ja, en = (np.empty((size, len(SKIP_FEATURES)), dtype=np.float32) for size in (n, m))
    _features.fill(*_pair(evidence), np.array(shapes, dtype=np.int64), flat, ja, en)
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    return {
        (a, b): part.reshape(len(FEATURES), n - a + 1, m - b + 1) for (a, b), part in zip(shapes, parts, strict=True)
    }, {(1, 0): ja, (0, 1): en}


def _pair(evidence: DocumentEvidence) -> tuple[Side, Side, Side | None, float, int]:
    """Return what the kernel is told of a pair of documents."""
    structure = evidence.structure.tables if evidence.structure is not None else None
    return *kernel_sides(evidence), structure, evidence.statistics.ratio, REACH


def kernel_sides(evidence: DocumentEvidence) -> tuple[Side, Side]:
    """Lay out both sides of a document for the kernel."""
    links = evidence.associations
    if not evidence.layout:
        shares = evidence.statistics.shares(evidence.ja, evidence.en)
        evidence.layout.append(_fixed(evidence.ja, shares[0], evidence.ja_names, evidence.ja_lengths))
        evidence.layout.append(_fixed(evidence.en, shares[1], evidence.en_names, evidence.en_lengths))
    ja, en = evidence.layout
    sizes = len(evidence.ja.figures), len(evidence.en.figures)
    arrays = tuple(map(np.ascontiguousarray, (links.row, links.column, links.weight, links.to_en, links.to_ja)))
    ja_links, en_links = _association.sides(arrays, *sizes, DICTIONARY_SHARE, LEARNED_FROM)
    return _side(ja, ja_links), _side(en, en_links)


def _fixed(vocabulary: Vocabulary, share: Array, names: Array, lengths: Array) -> tuple[Side, Side]:
    """Lay out what of one side stands before its links, and after them; neither changes with what is learned."""
    before = vocabulary.start, vocabulary.words, vocabulary.column
    after = share, names, vocabulary.figures, lengths
    return tuple(map(np.ascontiguousarray, before)), tuple(map(np.ascontiguousarray, after))


def _side(fixed: tuple[Side, Side], links: tuple[bytes, ...]) -> Side:
    """Lay out one side for the kernel: occurrences, links sorted by this side's units, values of units and segments."""
    before, after = fixed
    begin, other, *values = links
    places = (np.frombuffer(part, dtype=np.int64) for part in (begin, other))
    return (*before, *places, *(np.frombuffer(part, dtype=np.float32) for part in values), *after)
