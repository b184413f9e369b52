"""Every feature of every candidate bead against plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import features
from tmalign.align.association import Associations
from tmalign.align.evidence import DocumentEvidence, Statistics, gather
from tmalign.align.features import FEATURES, BeadFeatures
from tmalign.align.lattice import SHAPES
from tmalign.align.model import Weights, bead_scores, scores_of_both
from tmalign.align.structure import read_structure
from tmalign.align.units import Units
from tmalign.align.vocabulary import vocabulary
from tmalign.model import BlockKind, Segment

needs_kernel = pytest.mark.skipif(not features.COMPILED, reason="installed without a C compiler")
KERNELS = [pytest.param(True, marks=needs_kernel), False]
TWO_SIDED = [(a, b) for a, b in SHAPES if a and b]


class Plain:
    """The features by their definitions, a bead at a time: slow, and without NumPy's broadcasting."""

    def __init__(self, evidence):
        self.e = evidence
        self.v, self.w = len(evidence.ja.index), len(evidence.en.index)
        self.ja_counts, self.ja_wide, self.en_counts = evidence.ja.counts, evidence.ja.wide, evidence.en.counts
        links = evidence.associations
        self.links = {
            (v, w): values
            for v, w, *values in zip(links.row, links.column, links.weight, links.to_en, links.to_ja, strict=True)
        }
        en_counts = [float(self.en_counts[:, w].sum()) for w in range(self.w)]
        ja_wide = [float(self.ja_wide[:, v].sum()) for v in range(self.v)]
        ja_total = float(self.ja_counts.sum())
        self.en_share = [(c + 0.5) / (sum(en_counts) + 0.5 * max(1, self.w)) for c in en_counts]
        self.ja_share = [(c + 0.5) / (ja_total + 0.5 * max(1, self.v) + 1) for c in ja_wide]
        self.en_information = [max(-math.log(s) - 2, 0.2) for s in self.en_share]
        self.ja_information = [max(-math.log(s) - 2, 0.2) for s in self.ja_share]

    def run(self, table, start, size):
        return [float(x) for x in table[start : start + size].sum(0)]

    def link(self, v, w):
        return self.links.get((v, w), (0.0, 0.0, 0.0))

    def cover(self, v, w):
        weight, to_en, to_ja = self.link(v, w)
        learned = min(to_en, to_ja)
        return min(1.0, max(weight, 2 * math.sqrt(learned) if learned > 0.02 else 0))

    def given(self, v, w):
        weight, to_en, to_ja = self.link(v, w)
        return 0.25 * weight + to_en, 0.25 * weight + to_ja

    def words(self, a, b, i, j):
        """Return the log likelihood ratio of either side given the other."""
        ja_wide, ja = self.run(self.ja_wide, i, a), self.run(self.ja_counts, i, a)
        en = self.run(self.en_counts, j, b)
        ja_words, en_words = sum(ja) + a, sum(en) + b
        en_given = ja_given = 0.0
        for w in range(self.w):
            p = sum(ja_wide[v] * self.given(v, w)[0] for v in range(self.v)) / ja_words
            en_given += en[w] * math.log(0.5 + 0.5 * p / self.en_share[w])
        for v in range(self.v):
            p = sum(en[w] * self.given(v, w)[1] for w in range(self.w)) / en_words
            ja_given += ja[v] * math.log(0.5 + 0.5 * p / self.ja_share[v])
        return en_given, ja_given, en_words, ja_words

    def found(self, table, start, size, cover, units):
        """Return how much of a unit of the other side is covered by a run, each of whose units counts once."""
        run = self.run(table, start, size)
        return min(1.0, sum(cover(k) for k in range(units) if run[k]))

    def en_found(self, w, i, a):
        return self.found(self.ja_wide, i, a, lambda v: self.cover(v, w), self.v)

    def ja_found(self, v, j, b):
        return self.found(self.en_counts, j, b, lambda w: self.cover(v, w), self.w)

    def coverage(self, a, b, i, j):
        ja, en = self.run(self.ja_counts, i, a), self.run(self.en_counts, j, b)
        en_found = sum(en[w] * self.en_found(w, i, a) * self.en_information[w] for w in range(self.w) if en[w])
        ja_found = sum(ja[v] * self.ja_found(v, j, b) * self.ja_information[v] for v in range(self.v) if ja[v])
        en_worth = sum(en[w] * self.en_information[w] for w in range(self.w)) + b
        ja_worth = sum(ja[v] * self.ja_information[v] for v in range(self.v)) + a
        return en_found / en_worth, ja_found / ja_worth

    def names_missed(self, a, b, i, j):
        ja, en = self.run(self.ja_counts, i, a), self.run(self.en_counts, j, b)
        missed = sum(en[w] * (1 - self.en_found(w, i, a)) for w in range(self.w) if self.e.en_names[w])
        missed += sum(ja[v] * (1 - self.ja_found(v, j, b)) for v in range(self.v) if self.e.ja_names[v])
        return -min(missed, 6) / 3

    def figures(self, a, b, i, j):
        ja, en = self.run(self.ja_counts, i, a), self.run(self.en_counts, j, b)
        ja_keys = [v for unit, v in self.e.ja.index.items() if unit[:2] in {"N:", "M:"} and ja[v]]
        en_keys = [w for unit, w in self.e.en.index.items() if unit[:2] in {"N:", "M:"} and en[w]]
        matched = sum(min(1.0, sum(self.link(v, w)[0] for v in ja_keys)) for w in en_keys)
        return min(matched, 3), -min(len(ja_keys) + len(en_keys) - 2 * matched, 4) / 2

    def fit(self, i, j):
        en, ja, en_words, ja_words = self.words(1, 1, i, j)
        return (en + ja) / math.sqrt(en_words * ja_words)

    def margin(self, i, j):
        n, m = self.e.size
        row = [self.fit(i, q) for q in range(m) if q != j] if m > 1 else [0.0]
        column = [self.fit(p, j) for p in range(n) if p != i] if n > 1 else [0.0]
        return self.fit(i, j) - 0.5 * (max(row) + max(column))

    def lengths(self, a, b, i, j):
        e = self.e
        ratio = (sum(e.en_lengths) + 120) / (sum(e.ja_lengths) + 50)
        if abs(math.log(ratio / 2.4)) > 0.5:
            ratio = (ratio + 2.4) / 2
        ja, en = sum(e.ja_lengths[i : i + a]) * ratio, sum(e.en_lengths[j : j + b])
        spread = (en - ja) / math.sqrt((en + ja) / 2 * 9)
        return -min(spread**2 / 2, 12) / 4, -min(abs(math.log((en + 8) / (ja + 8))), 2.5)

    def parts(self, a, b, i, j):
        """Return margin, weakest part and gain of a merged bead."""
        fits = [[self.fit(i + p, j + q) for q in range(b)] for p in range(a)]
        margins = [self.margin(i + p, j + q) for p in range(a) for q in range(b)]
        if (a, b) == (2, 2):
            weakest = max(min(fits[0][0], fits[1][1]), min(fits[0][1], fits[1][0]))
        else:
            weakest = min(min(row) for row in fits)
        en, ja = self.coverage(a, b, i, j)
        gains = []
        if a > 1:
            gains.append(en - max(self.coverage(a - 1, b, i, j)[0], self.coverage(a - 1, b, i + 1, j)[0]))
        if b > 1:
            gains.append(ja - max(self.coverage(a, b - 1, i, j)[1], self.coverage(a, b - 1, i, j + 1)[1]))
        return sum(margins) / len(margins), weakest, 5 * min(gains)

    def row(self, a, b, i, j):
        en, ja, en_words, ja_words = self.words(a, b, i, j)
        cover = self.coverage(a, b, i, j)
        merged = (self.margin(i, j), 0, 0) if (a, b) == (1, 1) else self.parts(a, b, i, j)
        return [
            *self.lengths(a, b, i, j),
            (en + ja) / 20,
            en / en_words + ja / ja_words,
            2 * sum(cover),
            *self.figures(a, b, i, j),
            *merged,
            *[0] * 5,
            2 * min(cover),
            4 * min(0, sum(cover) / 2 - 0.4),
            self.names_missed(a, b, i, j),
        ]


@pytest.mark.parametrize("compiled", KERNELS)
@settings(max_examples=12, deadline=None)
@given(n=st.integers(1, 5), m=st.integers(1, 5), seed=st.integers(0, 10_000))
def test_features_equal_their_definitions(random_evidence, compiled, n, m, seed):
    evidence = random_evidence(n, m, seed)
    plain, found = Plain(evidence), BeadFeatures(evidence, compiled=compiled)
    assert set(found.beads) == {(a, b) for a, b in TWO_SIDED if a <= n and b <= m}
    for (a, b), table in found.beads.items():
        assert table.shape == (len(FEATURES), n - a + 1, m - b + 1)
        for i in range(n - a + 1):
            for j in range(m - b + 1):
                np.testing.assert_allclose(table[:, i, j], plain.row(a, b, i, j), rtol=2e-3, atol=2e-3)


def blocks(n, m, seed):
    """Return the structure of two texts in random blocks."""
    rng = np.random.default_rng(seed)
    kinds = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING)
    sides = []
    for size in (n, m):
        block = np.cumsum(rng.random(size) < 0.4).tolist()
        sides.append([Segment("x", kinds[b % 3], "1." if b % 2 else "(2)", b) for b in block])
    return read_structure(*sides)


@needs_kernel
@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 90), m=st.integers(1, 90), seed=st.integers(0, 10_000))
def test_both_kernels_give_the_same_numbers(random_evidence, n, m, seed):
    """Rivals further away than 40 segments count in neither; sizes here go beyond that."""
    evidence = random_evidence(n, m, seed, blocks(n, m, seed))
    one, other = (BeadFeatures(evidence, compiled=compiled) for compiled in (True, False))
    assert one.beads.keys() == other.beads.keys()
    for shape, table in one.beads.items():
        np.testing.assert_allclose(table, other.beads[shape], rtol=1e-4, atol=1e-4)
    for shape, table in one.skips.items():
        np.testing.assert_allclose(table, other.skips[shape], rtol=1e-4, atol=1e-4)


def weights_of(seed):
    size = len(Weights.zeros().vector())
    return Weights.from_vector(np.random.default_rng(seed).normal(0, 1, size))


@needs_kernel
@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 50), m=st.integers(1, 50), seed=st.integers(0, 10_000))
def test_beads_weighed_at_once_have_the_scores_of_their_features(random_evidence, n, m, seed):
    evidence = random_evidence(n, m, seed, blocks(n, m, seed))
    first, second = weights_of(seed), weights_of(seed + 1)
    features = BeadFeatures(evidence, compiled=True)
    similar = np.random.default_rng(seed).random((n, m)).astype(np.float32)
    features.put(FEATURES.index("encoder"), 1, 1, similar)
    scores = scores_of_both(features, first, second)
    plain = BeadFeatures(evidence, compiled=False)
    plain.put(FEATURES.index("encoder"), 1, 1, similar)
    for found, weights, from_plain in zip(scores, (first, second), scores_of_both(plain, first, second), strict=True):
        assert found.shape == (len(SHAPES), n + 1, m + 1)
        np.testing.assert_allclose(found, bead_scores(features, weights), rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(found, from_plain, rtol=1e-3, atol=1e-2)
    beads = [(SHAPES.index(shape), n, m) for shape in features.shapes]
    assert features.words_of(beads) == BeadFeatures(evidence, compiled=True).words_of(beads)


@needs_kernel
def test_the_kernel_refuses_arrays_that_do_not_fit(random_evidence):
    evidence = random_evidence(3, 2, 1, blocks(3, 2, 3))
    kernel, count = features._features, len(FEATURES)
    ja, en = features.kernel_sides(evidence)
    structure = evidence.structure.tables
    shapes = np.array([(1, 1)], dtype=np.int64)
    tables = shapes, np.zeros(count * 6, np.float32), np.zeros((3, 5), np.float32), np.zeros((2, 5), np.float32)
    known = np.array(SHAPES, dtype=np.int64)
    room = np.zeros((2, len(SHAPES), 4, 3)), np.zeros((len(SHAPES), 2, 4, 3), np.float32)
    scales = known, np.zeros(2 * len(Weights.zeros().vector())), *room

    def both(*pair):
        kernel.fill(*pair, *tables)
        kernel.weigh(*pair, *scales)

    both(ja, en, structure, 2.4, 40)
    both(ja, en, None, 2.4, 40)
    for k in range(len(ja)):
        for broken in ([*ja[:k], np.concatenate([ja[k], ja[k][:1]]), *ja[k + 1 :]], [*ja[:k], *ja[k + 1 :]]):
            for call, rest in ((kernel.fill, tables), (kernel.weigh, scales)):
                with pytest.raises(ValueError, match="do not fit"):
                    call(tuple(broken), en, structure, 2.4, 40, *rest)
    for k in range(5):
        broken = (*structure[:k], structure[k].ravel()[1:], *structure[k + 1 :])
        with pytest.raises(ValueError, match="do not fit"):
            kernel.weigh(ja, en, broken, 2.4, 40, *scales)
    with pytest.raises(ValueError, match="do not fit"):
        kernel.weigh(ja, en, structure[1:], 2.4, 40, *scales)
    with pytest.raises(ValueError, match="do not fit"):
        kernel.weigh(ja, en, None, 2.4, 0, *scales)
    odd = [np.array([shape], dtype=np.int64) for shape in ((5, 1), (0, 0), (2, 3), (-1, 2), (2**62, 2**62))]
    for call, arrays, wrong in ((kernel.fill, tables, [*odd, known[:3]]), (kernel.weigh, scales, odd)):
        for shape in wrong:
            with pytest.raises(ValueError, match="do not fit"):
                call(ja, en, None, 2.4, 40, shape, *arrays[1:])
    for call, arrays in ((kernel.fill, tables), (kernel.weigh, scales)):
        for k in range(1, 4):
            with pytest.raises(ValueError, match="do not fit"):
                call(ja, en, None, 2.4, 40, *arrays[:k], arrays[k].ravel()[1:], *arrays[k + 1 :])
        with pytest.raises((TypeError, BufferError)):
            call(ja, en, None, 2.4, 40, None, *arrays[1:])
        with pytest.raises((TypeError, ValueError)):
            call(ja, None, None, 2.4, 40, *arrays)


@pytest.mark.parametrize("compiled", KERNELS)
@settings(max_examples=12, deadline=None)
@given(n=st.integers(1, 5), m=st.integers(1, 5), seed=st.integers(0, 10_000))
def test_one_sided_beads_know_their_length_and_best_match(random_evidence, compiled, n, m, seed):
    evidence = random_evidence(n, m, seed)
    plain, skips = Plain(evidence), BeadFeatures(evidence, compiled=compiled).skips
    for i in range(n):
        best = max(plain.fit(i, j) for j in range(m))
        cover = max(sum(plain.coverage(1, 1, i, j)) for j in range(m))
        names = min(4, sum(c for c, named in zip(plain.ja_counts[i], evidence.ja_names, strict=True) if named))
        expected = [math.log(evidence.ja_lengths[i] / 40), best, 0, cover, names]
        assert skips[1, 0][i] == pytest.approx(expected, abs=2e-3)
    for j in range(m):
        best = max(plain.fit(i, j) for i in range(n))
        cover = max(sum(plain.coverage(1, 1, i, j)) for i in range(n))
        names = min(4, sum(c for c, named in zip(plain.en_counts[j], evidence.en_names, strict=True) if named))
        expected = [math.log(evidence.en_lengths[j] / 100), best, 0, cover, names]
        assert skips[0, 1][j] == pytest.approx(expected, abs=2e-3)


def by_hand(ja_words, en_words, links):
    """Return evidence of segments given as word tuples, linked as told."""
    ja_units, en_units = ([Units(words, size) for words in side] for side, size in ((ja_words, 10), (en_words, 24)))
    ja, en = vocabulary(ja_units), vocabulary(en_units)
    cells = sorted((ja.index[j], en.index[e]) for j, e in links)
    row, column = (np.array([cell[k] for cell in cells], dtype=np.int64) for k in (0, 1))
    weight, nothing = np.ones(len(cells), np.float32), np.zeros(len(cells), np.float32)
    lengths = np.full(len(ja_words), 10, np.float32), np.full(len(en_words), 24, np.float32)
    names = np.zeros(max(1, len(ja.index)), np.float32), np.zeros(max(1, len(en.index)), np.float32)
    associations = Associations(row, column, weight, nothing, nothing)
    return DocumentEvidence(*lengths, ja, en, associations, Statistics.of(ja_units, en_units), *names)


def test_figures_are_counted_once_and_by_hand():
    evidence = by_hand(
        [("N:3", "N:3", "M:6"), ("N:7",), ("語",)],
        [("N:3", "M:6", "N:9"), ("N:7", "s:1"), ("word",)],
        [("N:3", "N:3"), ("M:6", "M:6"), ("N:7", "N:7")],
    )
    table = BeadFeatures(evidence).beads[1, 1][5:7]
    assert table[:, 0, 0].tolist() == [2, -0.5]  # N:9 is missed
    assert table[:, 1, 1].tolist() == [1, 0]
    assert table[:, 0, 1].tolist() == [0, -1.5]
    assert table[:, 2, 2].tolist() == [0, 0]
    merged = BeadFeatures(evidence).beads[2, 2][5:7, 0, 0]
    assert merged.tolist() == [3, -0.5]


def test_a_pair_that_shares_words_beats_one_that_does_not():
    evidence = by_hand([("甲",), ("乙",)], [("a",), ("b",)], [("甲", "a"), ("乙", "b")])
    table = BeadFeatures(evidence).beads[1, 1]
    for feature in (FEATURES.index(name) for name in ("words_total", "words_mean", "coverage", "margin")):
        assert min(table[feature, 0, 0], table[feature, 1, 1]) > max(table[feature, 0, 1], table[feature, 1, 0])


def test_segments_without_any_unit_have_finite_features():
    found = BeadFeatures(by_hand([(), (), ()], [(), ()], []))
    assert all(np.isfinite(table).all() for table in (*found.beads.values(), *found.skips.values()))


def test_gathering_from_units(small_lexicon):
    evidence = gather([Units(("会談", "N:3"), 7)], [Units(("talk", "N:3"), 20), Units((), 1)], small_lexicon)
    assert evidence.size == (1, 2)
    assert evidence.en_lengths.tolist() == [20, 1]
    assert evidence.associations.weight[0] == pytest.approx(0.8, abs=0.003)
    assert evidence.structure is None


def test_features_are_named_once_and_for_all():
    assert len(set(FEATURES)) == len(FEATURES)
