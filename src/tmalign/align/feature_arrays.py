"""The tables of bead features in NumPy: what runs where the package was installed without a C compiler.

The same numbers as `_features.c`, by whole arrays: runs of segments of one side against the words of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.lattice import SHAPES
from tmalign.align.tables import ranges

if TYPE_CHECKING:
    from typing import Any

    from tmalign.align.association import Associations
    from tmalign.align.evidence import DocumentEvidence
    from tmalign.align.vocabulary import Vocabulary

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]

REACH = 40  # segments further away are no rivals: what lies there must not depend on how a long text is cut
_GALE_CHURCH_VARIANCE = 9.0
_SMOOTHING = 0.5  # of the mixture with the document's own word distribution
DICTIONARY_SHARE = 0.25  # a dictionary link's share of translation probability
LEARNED_FROM = 0.02  # what bitext says covers from this probability
_USUAL_COVER = 0.4
_JA_TYPICAL, _EN_TYPICAL = 40, 100  # characters of a segment
_LONGEST = max(max(shape) for shape in SHAPES)


def link_values(links: Associations) -> tuple[Array, Array, Array]:
    """Return of each link p(English | Japanese), p(Japanese | English), and how far the one covers the other (0..1)."""
    learned = np.minimum(links.to_en, links.to_ja)
    cover = np.minimum(1, np.maximum(links.weight, np.where(learned > LEARNED_FROM, 2 * np.sqrt(learned), 0)))
    dictionary = links.weight * np.float32(DICTIONARY_SHARE)
    return dictionary + links.to_en, dictionary + links.to_ja, cover.astype(np.float32)


def plain_tables(
    evidence: DocumentEvidence, shapes: list[tuple[int, int]], features: int
) -> tuple[dict[tuple[int, int], Array], Array]:
    """Compute the tables of all shapes, and the fit of single segments [i, j]."""
    tables = _Tables(evidence, features)
    beads = {(a, b): tables.bead(a, b) for a, b in shapes}
    if evidence.structure is not None:
        for (a, b), table in beads.items():
            evidence.structure.add(table, a, b)
    return beads, tables.fit


def plain_skips(evidence: DocumentEvidence, fit: Array, cover: Array) -> dict[tuple[int, int], Array]:
    """Return [segment, skip feature] for the one-sided shapes, by fit and cover [i, j] of single segments."""
    ja = evidence.ja_lengths, _JA_TYPICAL, evidence.ja.counted(evidence.ja_names), 1
    en = evidence.en_lengths, _EN_TYPICAL, evidence.en.counted(evidence.en_names), 0
    return {shape: _skips(fit, cover, *side) for shape, side in (((1, 0), ja), ((0, 1), en))}


def _skips(fit: Array, cover: Array, lengths: Array, typical: int, names: Array, axis: int) -> Array:
    """Return the features of the segments of one side by themselves; `axis` is the other side's."""
    features = (
        np.log(lengths / typical),
        fit.max(axis),
        np.zeros_like(lengths),
        cover.max(axis),
        np.minimum(names, 4),
    )
    return np.stack(features, axis=1)


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
    """For each cell, the best of the others in its row (axis 1) or column (axis 0), as far away as `REACH`."""
    size = matrix.shape[axis]
    if size < 2:
        return np.zeros_like(matrix)
    if size <= REACH + 1:
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
    """For each row, the highest of it and of those up to `REACH` - 1 before it."""
    best = matrix.copy()
    reach = 1
    while reach < REACH:
        step = min(reach, REACH - reach)
        # The right-hand side is copied first: rows of this very round must not count.
        best[step:] = np.maximum(best[step:], best[:-step].copy())
        reach += step
    return best


def _information(share: Array) -> Array:
    information: Array = np.maximum(-np.log(share) - 2, np.float32(0.2))
    return information


class _Told:
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
        rows, columns = target.word_places
        place = np.argsort(np.concatenate([np.arange(size), rows]), kind="stable")
        column = np.concatenate([np.full(size, width), columns])[place]
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
    return number, ranges(begin, number)


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


class _Tables:
    """What several shapes share: runs of sentences against words of the other side, figures, fit and margin."""

    def __init__(self, evidence: DocumentEvidence, features: int) -> None:
        self.size = evidence.size
        self._evidence = e = evidence
        self._features = features
        links = e.associations
        to_en, to_ja, cover = link_values(links)
        ja_counts, en_counts = e.ja.counts, e.en.counts
        self._ja_words, self._en_words = ja_counts.sum(1) + 1, en_counts.sum(1) + 1
        ja_share, en_share = e.statistics.shares(e.ja, e.en)
        ja_links = links.row, links.column
        given = _spread(e.ja, *ja_links, to_en, en_counts.shape[1])
        fresh = _fresh(e.ja, *ja_links, cover, en_counts.shape[1])
        self._en = _Told(given, fresh, self._ja_words, e.en, en_share, e.en_names)
        order = np.argsort(links.column, kind="stable")
        en_links = links.column[order], links.row[order]
        given = _spread(e.en, *en_links, to_ja[order], ja_counts.shape[1])
        fresh = _fresh(e.en, *en_links, cover[order], ja_counts.shape[1])
        self._ja = _Told(given, fresh, self._en_words, e.ja, ja_share, e.ja_names)
        self._prepare_figures(ja_counts, en_counts)
        total = self._en.likelihood[1] + self._ja.likelihood[1].T
        self.fit: Array = total / np.sqrt(self._en_words[None, :] * self._ja_words[:, None])
        self._margin = self.fit - 0.5 * (_rival(self.fit, 1) + _rival(self.fit, 0))

    def _prepare_figures(self, ja_counts: Array, en_counts: Array) -> None:
        e = self._evidence
        ja, en = e.ja.figures, e.en.figures
        self._ja_figures, self._en_figures = ja_counts[:, ja], en_counts[:, en]
        self._figure_links = np.zeros((ja.sum(), en.sum()), dtype=np.float32)
        links = e.associations
        keep = ja[links.row] & en[links.column]
        at_ja, at_en = np.cumsum(ja) - 1, np.cumsum(en) - 1
        self._figure_links[at_ja[links.row[keep]], at_en[links.column[keep]]] = links.weight[keep]

    def _coverage(self, a: int, b: int) -> tuple[Array, Array]:
        """Return the share of information covered, English words by Japanese and the reverse."""
        en = _column_runs(self._en.covered[a], b) / _runs(self._en.worth, b)[None, :]
        ja = _column_runs(self._ja.covered[b], a).T / _runs(self._ja.worth, a)[:, None]
        return en, ja

    def bead(self, a: int, b: int) -> Array:
        """Return [feature, i, j] of the beads of `a` and `b` segments."""
        n, m = self.size
        out = np.zeros((self._features, n - a + 1, m - b + 1), dtype=np.float32)
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
        fit = [self.fit[p : p + rows, q : q + columns] for p in range(a) for q in range(b)]
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
