"""Features of candidate beads: what speaks for and against every way of pairing neighbouring sentences.

For each shape of bead a dense array [feature, i, j] over all places where such a bead may stand. The features and
what each measures are listed in `FEATURES`; docs/alignment.md shows what each is worth.

Two implementations give the same numbers: a C kernel, built where there was a compiler, and NumPy
(`feature_arrays.py`). `COMPILED` tells which one runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.feature_arrays import DICTIONARY_SHARE, LEARNED_FROM, REACH, plain_tables
from tmalign.align.lattice import SHAPES

if TYPE_CHECKING:
    from typing import Any

    from tmalign.align.evidence import DocumentEvidence
    from tmalign.align.vocabulary import Vocabulary

    Array = np.ndarray[Any, np.dtype[np.float32]]
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

_JA_TYPICAL, _EN_TYPICAL = 40, 100  # characters of a segment
_COVERAGE = FEATURES.index("coverage")


class BeadFeatures:
    """Features of every candidate bead of a document: `beads[shape]` is [feature, i, j] by the segments it begins with.

    `skips[shape]` is [segment, skip feature] for the one-sided shapes; their column `skip_rate` is filled by the model.
    """

    def __init__(self, evidence: DocumentEvidence, *, compiled: bool = COMPILED) -> None:
        """Compute them all; memory is 72 bytes a candidate bead for each of the eight two-sided shapes."""
        self.size = n, m = evidence.size
        self.lengths = evidence.ja_lengths, evidence.en_lengths
        shapes = [(a, b) for a, b in SHAPES if a and b and a <= n and b <= m]
        self.beads, fit = (compiled_tables if compiled else plain_tables)(evidence, shapes, len(FEATURES))
        if evidence.structure is not None:
            for (a, b), table in self.beads.items():
                evidence.structure.add(table, a, b)
        cover = self.beads[1, 1][_COVERAGE] / 2
        ja = evidence.ja_lengths, _JA_TYPICAL, evidence.ja.counted(evidence.ja_names), 1
        en = evidence.en_lengths, _EN_TYPICAL, evidence.en.counted(evidence.en_names), 0
        self.skips = {shape: _skips(fit, cover, *side) for shape, side in (((1, 0), ja), ((0, 1), en))}

    def at(self, a: int, b: int, i: int, j: int) -> Array:
        """Return the features of the bead of `a` and `b` segments that begins with segments i and j."""
        row: Array = self.beads[a, b][:, i, j]
        return row

    def put(self, feature: int, a: int, b: int, values: Array) -> None:
        """Fill a feature of all beads of `a` and `b` segments: [i, j] by the segments they begin with."""
        self.beads[a, b][feature] = values


def _skips(fit: Array, cover: Array, lengths: Array, typical: int, names: Array, axis: int) -> Array:
    """Return `SKIP_FEATURES` of the segments of one side; `axis` is the other side's."""
    features = (
        np.log(lengths / typical),
        fit.max(axis),
        np.zeros_like(lengths),
        cover.max(axis),
        np.minimum(names, 4),
    )
    return np.stack(features, axis=1)


def compiled_tables(
    evidence: DocumentEvidence, shapes: list[tuple[int, int]], features: int
) -> tuple[dict[tuple[int, int], Array], Array]:
    """Compute the tables of all shapes, and the fit of single segments [i, j], in C."""
    n, m = evidence.size
    ja, en = kernel_sides(evidence)
    sizes = [features * (n - a + 1) * (m - b + 1) for a, b in shapes]
    flat = np.zeros(sum(sizes), dtype=np.float32)
    fit = np.empty((n, m), dtype=np.float32)
    _features.fill(ja, en, np.array(shapes, dtype=np.int64), evidence.statistics.ratio, REACH, flat, fit)
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    return {
        (a, b): part.reshape(features, n - a + 1, m - b + 1) for (a, b), part in zip(shapes, parts, strict=True)
    }, fit


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
