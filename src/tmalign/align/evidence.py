"""Features of candidate beads: what speaks for and against every way of pairing neighbouring sentences.

For each shape of bead a dense array [feature, i, j] over all places where such a bead may end. The features and
what each measures are listed in `FEATURES`; docs/alignment.md shows what each is worth.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.association import associate, is_figure, vocabulary
from tmalign.align.lattice import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from tmalign.align.association import Associations, Vocabulary
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.structure import Structure
    from tmalign.align.units import Units

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]

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

_GALE_CHURCH_VARIANCE = 9.0
_SMOOTHING = 0.5  # of the mixture with the document's own word distribution
_DICTIONARY_SHARE = 0.25  # a dictionary link's share of translation probability
_RIVALS = 40  # segments further away are no rivals: what lies there must not depend on how a long text is cut
_USUAL_COVER = 0.4
_EXPECTED_RATIO = 2.4  # English characters for one Japanese
_LONGEST = max(max(shape) for shape in SHAPES)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over the whole of a text, however many windows it is aligned in: words, and lengths."""

    ja: Counter[str]
    en: Counter[str]
    ja_words: int
    en_words: int
    ratio: float  # English characters for one Japanese

    @staticmethod
    def of(ja: Sequence[Units], en: Sequence[Units]) -> Statistics:
        """Count both sides."""
        ja_lengths, en_lengths = sum(s.length for s in ja), sum(s.length for s in en)
        ratio = (en_lengths + _EXPECTED_RATIO * 50) / (ja_lengths + 50)
        if abs(math.log(ratio / _EXPECTED_RATIO)) > 0.5:
            ratio = (ratio + _EXPECTED_RATIO) / 2
        ja_words = Counter(chain.from_iterable(s.words for s in ja))
        total = ja_words.total()
        ja_words.update(chain.from_iterable(s.compounds for s in ja))
        en_words = Counter(chain.from_iterable(s.words for s in en))
        return Statistics(ja_words, en_words, total, en_words.total(), ratio)

    def shares(self, ja: Vocabulary, en: Vocabulary) -> tuple[Array, Array]:
        """Return the smoothed share of each unit of two vocabularies among all words of its side."""
        return (
            _share(self.ja, ja.index, self.ja_words + 1),
            _share(self.en, en.index, self.en_words),
        )


def _share(counter: Counter[str], units: Iterable[str], total: int) -> Array:
    counts = np.array([counter[unit] for unit in units] or [0], dtype=np.float32)
    return (counts + np.float32(0.5)) / np.float32(total + 0.5 * max(1, len(counter)))


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """Everything known of one pair of documents, or of a window of it, before beads are scored."""

    ja_lengths: Array
    en_lengths: Array
    ja: Vocabulary
    en: Vocabulary
    associations: Associations
    statistics: Statistics
    ja_names: Array
    en_names: Array
    structure: Structure | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Return the number of segments on either side."""
        return len(self.ja_lengths), len(self.en_lengths)


def gather(
    ja: Sequence[Units],
    en: Sequence[Units],
    lexicon: Lexicon,
    structure: Structure | None = None,
    statistics: Statistics | None = None,
) -> DocumentEvidence:
    """Collect the evidence of one pair of documents; `statistics` are those of the whole where this is a window."""
    ja_vocabulary, en_vocabulary = vocabulary(ja), vocabulary(en)
    return DocumentEvidence(
        np.array([s.length for s in ja], dtype=np.float32),
        np.array([s.length for s in en], dtype=np.float32),
        ja_vocabulary,
        en_vocabulary,
        associate(ja_vocabulary, en_vocabulary, ja, en, lexicon),
        statistics or Statistics.of(ja, en),
        _flags(ja_vocabulary, {name.unit for s in ja for name in s.names}),
        _flags(en_vocabulary, {stem for s in en for stem, word, capital in s.capitals[1:] if capital}),
        structure,
    )


def _flags(vocabulary: Vocabulary, units: set[str]) -> Array:
    return np.array([unit in units for unit in vocabulary.index] or [False], dtype=np.float32)


def _runs(matrix: Array, size: int) -> Array:
    """Sum every run of `size` consecutive rows."""
    if size == 1:
        return matrix
    rows = matrix.shape[0] - size + 1
    total = matrix[:rows] + matrix[1 : 1 + rows]
    for k in range(2, size):
        total += matrix[k : k + rows]
    return total


def _column_runs(matrix: Array, size: int) -> Array:
    """Sum every run of `size` consecutive columns."""
    if size == 1:
        return matrix
    columns = matrix.shape[1] - size + 1
    total = matrix[:, :columns] + matrix[:, 1 : 1 + columns]
    for k in range(2, size):
        total += matrix[:, k : k + columns]
    return total


def _rival(matrix: Array, axis: int) -> Array:
    """For each cell, the best of the others in its row (axis 1) or column (axis 0), as far away as `_RIVALS`."""
    size = matrix.shape[axis]
    if size < 2:
        return np.zeros_like(matrix)
    if size <= _RIVALS + 1:
        top = np.partition(matrix, -2, axis=axis)
        best, second = np.take(top, [-1], axis=axis), np.take(top, [-2], axis=axis)
        return np.where(matrix >= best, second, best)
    if axis:
        return np.ascontiguousarray(_rival(np.ascontiguousarray(matrix.T), 0).T)
    behind = _highest(matrix)
    ahead = _highest(matrix[::-1])[::-1]
    rival = np.full_like(matrix, -np.inf)
    rival[1:] = behind[:-1]
    rival[:-1] = np.maximum(rival[:-1], ahead[1:])
    return rival


def _highest(matrix: Array) -> Array:
    """For each row, the highest of it and of those up to `_RIVALS` - 1 before it."""
    best = matrix.copy()
    reach = 1
    while reach < _RIVALS:
        step = min(reach, _RIVALS - reach)
        # The right-hand side is copied first: rows of this very round must not count.
        best[step:] = np.maximum(best[step:], best[:-step].copy())
        reach += step
    return best


def _information(share: Array) -> Array:
    information: Array = np.maximum(-np.log(share) - 2, np.float32(0.2))
    return information


class _Words:
    """How well runs of segments of one side explain the words of single segments of the other.

    `likelihood[size]`, `covered[size]` and `named[size]` are [run, segment]: the log likelihood ratio of the segment's
    words given the run, the information of its words that finds a counterpart in the run, and the number of its names
    that do. All are sums over words, so that those of a run of segments are sums over the run.
    """

    def __init__(
        self, given: Array, cover: list[Array], words: Array, target: Vocabulary, share: Array, names: Array
    ) -> None:
        # A place for each word of each segment, and before them one that adds nothing: no segment is empty then.
        # Gathering these is far less work than a product with the matrix of counts, which is nearly all zeros.
        size, width = target.segments, len(share)
        place = np.argsort(np.concatenate([np.arange(size), target.row[: target.words]]), kind="stable")
        column = np.concatenate([np.full(size, width), target.column[: target.words]])[place]
        begin = np.flatnonzero(place < size)

        def total(values: Array) -> Array:
            """Sum [run, unit] over the words of every segment: [run, segment]."""
            padded = np.concatenate([values, np.zeros((len(values), 1), dtype=np.float32)], axis=1)
            summed: Array = np.add.reduceat(padded[:, column], begin, axis=1)
            return summed

        information = _information(share)
        self.names: Array = total(names[None, :])[0]
        self.worth: Array = total(information[None, :])[0] + 1
        self.likelihood: dict[int, Array] = {}
        self.covered: dict[int, Array] = {}
        self.named: dict[int, Array] = {}
        scale = np.float32(_SMOOTHING) / share
        for length in range(1, min(len(words), _LONGEST) + 1):
            likely = _runs(given, length) * scale
            likely /= _runs(words, length)[:, None]
            likely += np.float32(1 - _SMOOTHING)
            self.likelihood[length] = total(np.log(likely, out=likely))
            found = _run_of(cover, length)
            self.covered[length] = total(found * information)
            self.named[length] = total(found * names)


def _spread(vocabulary: Vocabulary, source: Ints, target: Ints, values: Array, width: int) -> Array:
    """Return [segment, target unit]: the values of the links of all units of a segment, summed; `source` is sorted."""
    number, link = _links_of(vocabulary.column, source)
    cell = np.repeat(vocabulary.row, number) * width + target[link]
    return _summed(cell, values[link], (vocabulary.segments, width))


def _fresh(vocabulary: Vocabulary, source: Ints, target: Ints, values: Array, width: int) -> list[Array]:
    """Return, for d from 0, [segment, target unit]: the values of the links of units not seen d segments back or less.

    A unit counts once in a run of segments, however often it stands there. The run that begins with segment i is
    covered by the sum of table d at segment i + d.
    """
    place = np.unique(vocabulary.column * vocabulary.segments + vocabulary.row)
    column, row = place // vocabulary.segments, place % vocabulary.segments
    gap = np.full(len(place), _LONGEST)
    again = column[1:] == column[:-1]
    gap[1:][again] = np.diff(row)[again]
    number, link = _links_of(column, source)
    cell, value, gap = np.repeat(row, number) * width + target[link], values[link], np.repeat(gap, number)
    tables = []
    for distance in range(_LONGEST):
        new = gap > distance
        tables.append(_summed(cell[new], value[new], (vocabulary.segments, width)))
    return tables


def _links_of(column: Ints, source: Ints) -> tuple[Ints, Ints]:
    """Return how many links each unit of `column` has, and the numbers of all their links in a row."""
    begin, end = np.searchsorted(source, column), np.searchsorted(source, column, side="right")
    number = end - begin
    return number, np.repeat(begin - (np.cumsum(number) - number), number) + np.arange(number.sum())


def _summed(cell: Ints, values: Array, shape: tuple[int, int]) -> Array:
    """Add values up in the cells of a table."""
    return np.bincount(cell, values, shape[0] * shape[1]).reshape(shape).astype(np.float32)


def _run_of(fresh: list[Array], size: int) -> Array:
    """Return the cover of every run of `size` segments, at most 1 a target unit."""
    rows = len(fresh[0]) - size + 1
    total = fresh[0][:rows]
    for distance in range(1, size):
        total = total + fresh[distance][distance : distance + rows]
    covered: Array = np.minimum(total, np.float32(1))
    return covered


class BeadFeatures:
    """Features of every candidate bead of one document: `beads[shape]` is [feature, i, j], ends at (i + a, j + b).

    `skips[shape]` is [segment, skip feature] for the one-sided shapes; their last column is filled by the model.
    """

    def __init__(self, evidence: DocumentEvidence) -> None:
        """Compute them all; memory is about 60 bytes a candidate bead for each of the eight two-sided shapes."""
        self.size = evidence.size
        self.lengths = evidence.ja_lengths, evidence.en_lengths
        self._evidence = evidence
        self._prepare()
        self.skips = {(1, 0): self._skip(evidence.ja_lengths, 40, 1), (0, 1): self._skip(evidence.en_lengths, 100, 0)}
        n, m = self.size
        self.beads = {(a, b): self._bead(a, b) for a, b in SHAPES if a and b and a <= n and b <= m}

    def at(self, a: int, b: int, i: int, j: int) -> Array:
        """Return the features of the bead of `a` and `b` segments that begins with segments i and j."""
        row: Array = self.beads[a, b][:, i, j]
        return row

    def put(self, feature: int, a: int, b: int, values: Array) -> None:
        """Fill a feature of all beads of `a` and `b` segments: [i, j] by the segments they begin with."""
        self.beads[a, b][feature] = values

    def _prepare(self) -> None:
        """Compute what several shapes share: runs of sentences against words of the other side."""
        e = self._evidence
        links = e.associations
        learned = np.minimum(links.to_en, links.to_ja)
        cover = np.minimum(1, np.maximum(links.weight, np.where(learned > 0.02, 2 * np.sqrt(learned), 0)))
        dictionary = links.weight * np.float32(_DICTIONARY_SHARE)
        ja_counts, en_counts = e.ja.counts, e.en.counts
        self._ja_words, self._en_words = ja_counts.sum(1) + 1, en_counts.sum(1) + 1
        ja_share, en_share = e.statistics.shares(e.ja, e.en)
        ja_links = links.row, links.column
        given = _spread(e.ja, *ja_links, dictionary + links.to_en, en_counts.shape[1])
        fresh = _fresh(e.ja, *ja_links, cover, en_counts.shape[1])
        self._en = _Words(given, fresh, self._ja_words, e.en, en_share, e.en_names)
        order = np.argsort(links.column, kind="stable")
        en_links = links.column[order], links.row[order]
        given = _spread(e.en, *en_links, (dictionary + links.to_ja)[order], ja_counts.shape[1])
        fresh = _fresh(e.en, *en_links, cover[order], ja_counts.shape[1])
        self._ja = _Words(given, fresh, self._en_words, e.ja, ja_share, e.ja_names)
        self._prepare_figures(ja_counts, en_counts)
        self._prepare_fit()

    def _prepare_figures(self, ja_counts: Array, en_counts: Array) -> None:
        e = self._evidence
        ja = np.array([is_figure(u) for u in e.ja.index] or [False])
        en = np.array([is_figure(u) for u in e.en.index] or [False])
        self._ja_figures, self._en_figures = ja_counts[:, ja], en_counts[:, en]
        self._figure_links = np.zeros((ja.sum(), en.sum()), dtype=np.float32)
        links = e.associations
        keep = ja[links.row] & en[links.column]
        at_ja, at_en = np.cumsum(ja) - 1, np.cumsum(en) - 1
        self._figure_links[at_ja[links.row[keep]], at_en[links.column[keep]]] = links.weight[keep]

    def _prepare_fit(self) -> None:
        """Fit of single sentences, and how it stands out in its row and column."""
        total = self._en.likelihood[1] + self._ja.likelihood[1].T
        self._fit = total / np.sqrt(self._en_words[None, :] * self._ja_words[:, None])
        self._margin = self._fit - 0.5 * (_rival(self._fit, 1) + _rival(self._fit, 0))

    def _skip(self, lengths: Array, typical: int, axis: int) -> Array:
        en, ja = self._coverage(1, 1)
        names = self._ja.names if axis else self._en.names
        return np.stack(
            [
                np.log(lengths / typical),
                self._fit.max(axis),
                np.zeros_like(lengths),
                (en + ja).max(axis),
                np.minimum(names, 4),
            ],
            axis=1,
        )

    def _coverage(self, a: int, b: int) -> tuple[Array, Array]:
        """Return the share of information covered, English words by Japanese and the reverse."""
        en = _column_runs(self._en.covered[a], b) / _runs(self._en.worth, b)[None, :]
        ja = _column_runs(self._ja.covered[b], a).T / _runs(self._ja.worth, a)[:, None]
        return en, ja

    def _bead(self, a: int, b: int) -> Array:
        n, m = self.size
        out = np.zeros((len(FEATURES), n - a + 1, m - b + 1), dtype=np.float32)
        self._add_lengths(out, a, b)
        en = _column_runs(self._en.likelihood[a], b)
        ja = _column_runs(self._ja.likelihood[b], a).T
        en_words, ja_words = _runs(self._en_words, b)[None, :], _runs(self._ja_words, a)[:, None]
        out[2] = (en + ja) / 20
        out[3] = en / en_words + ja / ja_words
        en_cover, ja_cover = self._coverage(a, b)
        out[4] = (en_cover + ja_cover) * 2
        out[15] = 2 * np.minimum(en_cover, ja_cover)
        out[16] = 4 * np.minimum(0, (en_cover + ja_cover) / 2 - _USUAL_COVER)
        en_missed = _runs(self._en.names, b)[None, :] - _column_runs(self._en.named[a], b)
        ja_missed = _runs(self._ja.names, a)[:, None] - _column_runs(self._ja.named[b], a).T
        out[17] = -np.minimum(en_missed + ja_missed, 6) / 3
        if sum(self._figure_links.shape):
            once_ja, once_en = np.minimum(_runs(self._ja_figures, a), 1), np.minimum(_runs(self._en_figures, b), 1)
            matched = np.minimum(1, once_ja @ self._figure_links) @ once_en.T
            missed = once_ja.sum(1)[:, None] + once_en.sum(1)[None, :] - 2 * matched
            out[5] = np.minimum(matched, 3)
            out[6] = -np.minimum(missed, 4) / 2
        if (a, b) == (1, 1):
            out[7] = self._margin
        else:
            self._add_parts(out, a, b, en_cover, ja_cover)
        if self._evidence.structure is not None:
            self._evidence.structure.add(out, a, b)
        return out

    def _add_lengths(self, out: Array, a: int, b: int) -> None:
        e = self._evidence
        ratio = np.float32(e.statistics.ratio)
        ja, en = _runs(e.ja_lengths, a)[:, None] * ratio, _runs(e.en_lengths, b)[None, :]
        spread = (en - ja) ** 2 / ((en + ja) * np.float32(_GALE_CHURCH_VARIANCE))
        out[0] = -np.minimum(spread, 12) / 4
        out[1] = -np.minimum(np.abs(np.log(en + 8) - np.log(ja + 8)), np.float32(2.5))

    def _add_parts(self, out: Array, a: int, b: int, en_cover: Array, ja_cover: Array) -> None:
        """Judge a merged bead by its parts: none may be a stranger, each must add something."""
        rows, columns = out.shape[1:]
        fit = [self._fit[p : p + rows, q : q + columns] for p in range(a) for q in range(b)]
        margin = [self._margin[p : p + rows, q : q + columns] for p in range(a) for q in range(b)]
        out[7] = sum(margin) / len(margin)
        if a == 1 or b == 1:
            out[8] = np.minimum.reduce(fit)
        else:  # two pairs either way round
            out[8] = np.maximum(np.minimum(fit[0], fit[3]), np.minimum(fit[1], fit[2]))
        gains = []
        if a > 1:
            less, _ = self._coverage(a - 1, b)
            gains.append(en_cover - np.maximum(less[:rows], less[1 : rows + 1]))
        if b > 1:
            _, less = self._coverage(a, b - 1)
            gains.append(ja_cover - np.maximum(less[:, :columns], less[:, 1 : columns + 1]))
        out[9] = 5 * (gains[0] if len(gains) == 1 else np.minimum(*gains))
