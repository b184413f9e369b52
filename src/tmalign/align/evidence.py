"""Features of candidate beads: what speaks for and against every way of pairing neighbouring sentences.

For each shape of bead a dense array [i, j, feature] over all places where such a bead may end. The features and
what each measures are listed in `FEATURES`; docs/alignment.md shows what each is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.association import associate, is_figure, vocabulary
from tmalign.align.lattice import SHAPES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.association import Associations, Vocabulary
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.structure import Structure
    from tmalign.align.units import Units

    Array = np.ndarray[Any, np.dtype[np.float32]]

FEATURES = (
    "length_spread",  # squared length difference, in standard deviations (Gale & Church, 1993)
    "length_ratio",  # absolute log ratio of lengths
    "words_total",  # log likelihood ratio of the words given the other side, summed (long beads weigh more)
    "words_mean",  # the same a word
    "coverage",  # share of word information that finds a counterpart
    "figures_matched",  # numbers, dates, times that agree
    "figures_missed",  # those that have no counterpart
    "margin",  # how much better this pair fits than the second best of its row and column
    "weakest_part",  # in a merged bead, the pair of parts that fits worst
    "gain",  # in a merged bead, how much coverage each part adds
    "kinds",  # the segments are of the same kind (heading, item, paragraph...)
    "markers",  # list markers say the same (or contradict)
    "starts",  # the bead begins a block on both sides, or on one only
    "crossing",  # block boundaries inside the bead
    "encoder",  # similarity by an optional neural encoder
)
SKIP_FEATURES = ("length", "best_match", "skip_rate")

_GALE_CHURCH_VARIANCE = 9.0
_SMOOTHING = 0.5  # of the mixture with the document's own word distribution
_DICTIONARY_SHARE = 0.25  # a dictionary link's share of translation probability
_EXPECTED_RATIO = 2.4  # English characters for one Japanese
_LONGEST = max(max(shape) for shape in SHAPES)


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """Everything known of one pair of documents before beads are scored."""

    ja_lengths: Array
    en_lengths: Array
    ja: Vocabulary
    en: Vocabulary
    associations: Associations
    structure: Structure | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Return the number of segments on either side."""
        return len(self.ja_lengths), len(self.en_lengths)


def gather(
    ja: Sequence[Units], en: Sequence[Units], lexicon: Lexicon, structure: Structure | None = None
) -> DocumentEvidence:
    """Collect the evidence of one pair of documents."""
    ja_vocabulary, en_vocabulary = vocabulary(ja), vocabulary(en)
    return DocumentEvidence(
        np.array([s.length for s in ja], dtype=np.float32),
        np.array([s.length for s in en], dtype=np.float32),
        ja_vocabulary,
        en_vocabulary,
        associate(ja_vocabulary, en_vocabulary, ja, en, lexicon),
        structure,
    )


def _runs(matrix: Array, size: int) -> Array:
    """Sum every run of `size` consecutive rows."""
    if size == 1:
        return matrix
    rows = matrix.shape[0] - size + 1
    total = matrix[:rows].copy()
    for k in range(1, size):
        total += matrix[k : k + rows]
    return total


def _second_best(matrix: Array, axis: int) -> Array:
    """For each cell, the best of the others in its row (axis 1) or column (axis 0)."""
    if matrix.shape[axis] < 2:
        return np.zeros_like(matrix)
    top = np.partition(matrix, -2, axis=axis)
    best, second = np.take(top, [-1], axis=axis), np.take(top, [-2], axis=axis)
    return np.where(matrix >= best, second, best)


class BeadFeatures:
    """Features of every candidate bead of one document: `beads[shape]` is [i, j, feature], ends at (i + a, j + b).

    `skips[shape]` is [segment, skip feature] for the one-sided shapes; their last column is filled by the model.
    """

    def __init__(self, evidence: DocumentEvidence) -> None:
        """Compute them all; memory is about 60 bytes a candidate bead."""
        self.size = evidence.size
        self.lengths = evidence.ja_lengths, evidence.en_lengths
        self._evidence = evidence
        self._prepare()
        self.skips = {(1, 0): self._skip(evidence.ja_lengths, 40, 1), (0, 1): self._skip(evidence.en_lengths, 100, 0)}
        n, m = self.size
        self.beads = {(a, b): self._bead(a, b) for a, b in SHAPES if a and b and a <= n and b <= m}

    def at(self, a: int, b: int, i: int, j: int) -> Array:
        """Return the features of the bead of `a` and `b` segments that begins with segments i and j."""
        row: Array = self.beads[a, b][i, j]
        return row

    def put(self, feature: int, a: int, b: int, values: Array) -> None:
        """Fill a feature of all beads of `a` and `b` segments: [i, j] by the segments they begin with."""
        self.beads[a, b][..., feature] = values

    def _prepare(self) -> None:
        """Compute what several shapes share: runs of sentences against words of the other side."""
        e = self._evidence
        n, m = self.size
        weight, to_en, to_ja = e.associations.weight, e.associations.to_en, e.associations.to_ja
        given_ja = weight * _DICTIONARY_SHARE + to_en
        given_en = weight * _DICTIONARY_SHARE + to_ja
        learned = np.minimum(to_en, to_ja)
        cover = np.minimum(1, np.maximum(weight, np.where(learned > 0.02, 2 * np.sqrt(learned), 0)))
        en_count, ja_count = e.en.counts.sum(0), e.ja.counts.sum(0)
        en_share = (en_count + 0.5) / (en_count.sum() + 0.5 * len(en_count))
        ja_share = (e.ja.wide.sum(0) + 0.5) / (ja_count.sum() + 0.5 * len(ja_count) + 1)
        en_information = np.maximum(-np.log(en_share) - 2, 0.2)
        ja_information = np.maximum(-np.log(ja_share) - 2, 0.2)
        self._en_words, self._ja_words = e.en.counts.sum(1) + 1, e.ja.counts.sum(1) + 1
        self._en_worth = e.en.counts @ en_information + 1
        self._ja_worth = e.ja.counts @ ja_information + 1
        ja_sizes, en_sizes = range(1, min(n, _LONGEST) + 1), range(1, min(m, _LONGEST) + 1)
        self._en_likelihood, self._en_cover = {}, {}
        self._ja_likelihood, self._ja_cover = {}, {}
        self._en_runs = {b: _runs(e.en.counts, b).T for b in en_sizes}
        self._ja_runs = {a: _runs(e.ja.counts, a).T for a in ja_sizes}
        self._en_once = {b: np.minimum(run, 1) for b, run in self._en_runs.items()}
        self._ja_once = {a: np.minimum(run, 1) for a, run in self._ja_runs.items()}
        for a in ja_sizes:
            run, words = _runs(e.ja.wide, a), _runs(self._ja_words, a)[:, None]
            self._en_likelihood[a] = np.log(1 - _SMOOTHING + _SMOOTHING * (run @ given_ja / words) / en_share)
            self._en_cover[a] = np.minimum(1, np.minimum(run, 1) @ cover) * en_information
        for b in en_sizes:
            run, words = self._en_runs[b].T, _runs(self._en_words, b)[:, None]
            self._ja_likelihood[b] = np.log(1 - _SMOOTHING + _SMOOTHING * (run @ given_en.T / words) / ja_share)
            self._ja_cover[b] = np.minimum(1, np.minimum(run, 1) @ cover.T) * ja_information
        self._prepare_figures()
        self._prepare_fit()

    def _prepare_figures(self) -> None:
        e = self._evidence
        ja = np.array([is_figure(u) for u in e.ja.index] or [False])
        en = np.array([is_figure(u) for u in e.en.index] or [False])
        self._ja_figures, self._en_figures = e.ja.counts[:, ja], e.en.counts[:, en]
        self._figure_links = e.associations.weight[np.ix_(ja, en)]

    def _prepare_fit(self) -> None:
        """Fit of single sentences, and how it stands out in its row and column."""
        en_fit = self._en_likelihood[1] @ self._en_runs[1]
        ja_fit = (self._ja_likelihood[1] @ self._ja_runs[1]).T
        self._fit = (en_fit + ja_fit) / np.sqrt(self._en_words[None, :] * self._ja_words[:, None])
        self._margin = self._fit - 0.5 * (_second_best(self._fit, 1) + _second_best(self._fit, 0))

    def _skip(self, lengths: Array, typical: int, axis: int) -> Array:
        return np.stack([np.log(lengths / typical), self._fit.max(axis), np.zeros_like(lengths)], axis=1)

    def _coverage(self, a: int, b: int) -> tuple[Array, Array]:
        """Return the share of information covered, English words by Japanese and the reverse."""
        en = self._en_cover[a] @ self._en_once[b] / _runs(self._en_worth, b)[None, :]
        ja = (self._ja_cover[b] @ self._ja_once[a]).T / _runs(self._ja_worth, a)[:, None]
        return en, ja

    def _bead(self, a: int, b: int) -> Array:
        n, m = self.size
        rows, columns = n - a + 1, m - b + 1
        out = np.zeros((rows, columns, len(FEATURES)), dtype=np.float32)
        self._add_lengths(out, a, b)
        en = self._en_likelihood[a] @ self._en_runs[b]
        ja = (self._ja_likelihood[b] @ self._ja_runs[a]).T
        en_words, ja_words = _runs(self._en_words, b)[None, :], _runs(self._ja_words, a)[:, None]
        out[..., 2] = (en + ja) / 20
        out[..., 3] = en / en_words + ja / ja_words
        en_cover, ja_cover = self._coverage(a, b)
        out[..., 4] = (en_cover + ja_cover) * 2
        if self._figure_links.size:
            once_ja, once_en = np.minimum(_runs(self._ja_figures, a), 1), np.minimum(_runs(self._en_figures, b), 1)
            matched = np.minimum(1, once_ja @ self._figure_links) @ once_en.T
            missed = once_ja.sum(1)[:, None] + once_en.sum(1)[None, :] - 2 * matched
            out[..., 5] = np.minimum(matched, 3)
            out[..., 6] = -np.minimum(missed, 4) / 2
        if (a, b) == (1, 1):
            out[..., 7] = self._margin
        else:
            self._add_parts(out, a, b, en_cover, ja_cover)
        if self._evidence.structure is not None:
            self._evidence.structure.add(out, a, b)
        return out

    def _add_lengths(self, out: Array, a: int, b: int) -> None:
        e = self._evidence
        ratio = (e.en_lengths.sum() + _EXPECTED_RATIO * 50) / (e.ja_lengths.sum() + 50)
        if abs(np.log(ratio / _EXPECTED_RATIO)) > 0.5:
            ratio = (ratio + _EXPECTED_RATIO) / 2
        ja, en = _runs(e.ja_lengths, a)[:, None] * ratio, _runs(e.en_lengths, b)[None, :]
        spread = (en - ja) / np.sqrt((en + ja) / 2 * _GALE_CHURCH_VARIANCE)
        out[..., 0] = -np.minimum(spread * spread / 2, 12) / 4
        out[..., 1] = -np.minimum(np.abs(np.log((en + 8) / (ja + 8))), 2.5)

    def _add_parts(self, out: Array, a: int, b: int, en_cover: Array, ja_cover: Array) -> None:
        """Judge a merged bead by its parts: none may be a stranger, each must add something."""
        rows, columns = out.shape[:2]
        fit = [self._fit[p : p + rows, q : q + columns] for p in range(a) for q in range(b)]
        margin = [self._margin[p : p + rows, q : q + columns] for p in range(a) for q in range(b)]
        out[..., 7] = sum(margin) / len(margin)
        if a == 1 or b == 1:
            out[..., 8] = np.minimum.reduce(fit)
        else:  # two pairs either way round
            out[..., 8] = np.maximum(np.minimum(fit[0], fit[3]), np.minimum(fit[1], fit[2]))
        gains = []
        if a > 1:
            less, _ = self._coverage(a - 1, b)
            gains.append(en_cover - np.maximum(less[:rows], less[1 : rows + 1]))
        if b > 1:
            _, less = self._coverage(a, b - 1)
            gains.append(ja_cover - np.maximum(less[:, :columns], less[:, 1 : columns + 1]))
        out[..., 9] = 5 * (gains[0] if len(gains) == 1 else np.minimum(*gains))
