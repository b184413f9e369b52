"""The lattice, the chain and the counts against plain enumeration."""

import itertools
from collections import Counter
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation import lattice
from tmalign.scoring.segmentation.boundaries import boundaries
from tmalign.scoring.segmentation.chain import NEVER, best_path, posteriors
from tmalign.scoring.segmentation.corridor import anchors, corridor
from tmalign.scoring.segmentation.evidence import FEATURES, Evidence, _clipped, counted
from tmalign.scoring.segmentation.lattice import Candidates, candidates
from tmalign.scoring.segmentation.tokens import material
from tmalign.scoring.segmentation.weights import load

WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", ".", "the"]), min_size=1, max_size=6)


def worth(found, segment, token):
    """Return what a token is worth in a segment, from the definition: mixed word and word-pair shares."""
    words, reference = found.words.tolist(), found.references[segment].tolist()
    usual = found.share[words[token]]
    pairs = Counter(itertools.pairwise(reference))
    likely = lattice._MIX[0] * usual + lattice._MIX[1] * reference.count(words[token]) / len(reference)
    for other, pair in ((token - 1, (token - 1, token)), (token + 1, (token, token + 1))):
        if 0 <= other < len(words):
            share = pairs[words[pair[0]], words[pair[1]]] / max(reference.count(words[other]), 1)
            likely += lattice._MIX[2] / 2 * share
    return lattice._TRUST * np.log(likely / usual)


def enumerated(found, prior):
    """Return the posterior probability of each position of each boundary, from all ways to cut."""
    n, segments = len(found), len(found.references)
    cost = [0.0, *np.maximum(prior, lattice._PRIOR_FLOOR), 0.0]
    weight = Counter()
    for inner in itertools.combinations_with_replacement(range(n + 1), segments - 1):
        cuts = (0, *inner, n)
        total = 0.0
        for i, (a, b) in enumerate(itertools.pairwise(cuts)):
            total += sum(worth(found, i, t) for t in range(a, b)) + cost[b] if b > a else lattice._OMITTED
        for boundary, cut in enumerate(cuts):
            weight[boundary, cut] += np.exp(total)
    whole = sum(weight[0, cut] for cut in range(n + 1))
    return {key: value / whole for key, value in weight.items()}


@settings(deadline=None, max_examples=60)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=3), st.integers(0, 99))
def test_the_lattice_sums_all_ways_to_cut(hypothesis, references, seed):
    found = material(" ".join(hypothesis), [" ".join(r) for r in references], "en")
    prior = np.random.default_rng(seed).normal(-2, 3, len(found) - 1)
    places = candidates(found, prior, *corridor(found))
    wanted = enumerated(found, prior)
    for boundary, (at, log) in enumerate(zip(places.places, places.log_probability, strict=True)):
        kept = dict(zip(at.tolist(), log.tolist(), strict=True))
        for position in range(len(found) + 1):
            probability = wanted.get((boundary, position), 0.0)
            if position in kept:
                assert np.exp(kept[position]) == pytest.approx(probability, rel=1e-6, abs=2e-6)
            else:
                assert probability <= lattice._LEAST * 1.01


@settings(deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=5))
def test_there_is_always_a_rising_choice(hypothesis, references):
    found = material(" ".join(hypothesis), [" ".join(r) for r in references], "en")
    places = candidates(found, np.full(len(found) - 1, -3.0), *corridor(found)).places
    assert places[0].tolist() == [0]
    assert places[-1].tolist() == [len(found)]
    position = 0
    for place in places:
        assert np.all(np.diff(place) > 0)
        position = min(p for p in place.tolist() if p >= position)


def matrices(seed):
    """Return random score matrices with gaps, as the chain gets them."""
    random = np.random.default_rng(seed)
    sizes = [1, *random.integers(1, 4, 4).tolist(), 1]
    scores = [random.normal(0, 2, pair) for pair in itertools.pairwise(sizes)]
    for matrix in scores[1:-1]:
        matrix[random.random(matrix.shape) < 0.2] = NEVER
        matrix[0, 0] = 0.5
    return scores


@pytest.mark.parametrize("seed", range(20))
def test_the_chain_is_the_sum_and_the_best_of_all_paths(seed):
    scores = matrices(seed)
    paths = list(itertools.product(*[range(m.shape[0]) for m in scores], [0]))
    totals = np.array([sum(m[p[i], p[i + 1]] for i, m in enumerate(scores)) for p in paths])
    assert tuple(best_path(scores)) == paths[int(totals.argmax())]
    whole, sure = posteriors(scores)
    share = np.exp(totals - totals.max())
    assert whole == pytest.approx(np.log(share.sum()) + totals.max())
    for i, matrix in enumerate(sure):
        for a, b in np.ndindex(matrix.shape):
            wanted = sum(s for s, p in zip(share, paths, strict=True) if p[i : i + 2] == (a, b)) / share.sum()
            assert matrix[a, b] == pytest.approx(wanted, abs=1e-9)


@given(st.lists(st.integers(0, 5), max_size=20))
def test_counts_are_numpys(numbers):
    array = np.array(numbers, dtype=np.int64)
    for found, wanted in zip(counted(array), np.unique(array, return_counts=True), strict=True):
        assert found.tolist() == wanted.tolist()


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=30),
    st.lists(st.integers(0, 4), max_size=8),
    st.integers(1, 3),
    st.sets(st.integers(0, 30), min_size=2, max_size=6),
)
def test_clipped_counts_are_those_of_two_bags(words, reference, order, places):
    def grams(tokens):
        numbers = [tuple(tokens[i : i + order]) for i in range(len(tokens) - order + 1)]
        return np.array([sum(t * 7**k for k, t in enumerate(g)) for g in numbers], dtype=np.int64)

    at = np.array(sorted(min(p, len(words)) for p in places))
    at = np.unique(at)
    rarity = np.linspace(0.1, 1.0, 7**order)
    count, weighted = _clipped(grams(words), counted(grams(reference)), order, at, at, rarity)
    bag = Counter(grams(reference).tolist())
    for i, begin in enumerate(at.tolist()):
        for k, end in enumerate(at.tolist()):
            common = Counter(grams(words[begin:end]).tolist()) & bag
            assert count[i, k] == common.total()
            assert weighted[i, k] == pytest.approx(sum(rarity[g] * n for g, n in common.items()))


def test_every_feature_says_what_its_name_says():
    found = material("They met (today. Nothing more.", ["They met (yesterday) today.", "Nothing was said."], "en")
    weights = load("en")
    edges = boundaries(found.text, found.starts, found.ends, "en")
    evidence = Evidence(found, edges, weights)
    inner = np.array([5])  # They met ( today . | Nothing more .
    places = Candidates((np.array([0]), inner, np.array([8])), (np.zeros(1), np.full(1, -0.5), np.zeros(1)))
    (first, length), (second, _) = evidence.pieces(places)
    of_first = dict(zip(FEATURES, first[0, 0], strict=True))
    of_second = dict(zip(FEATURES, second[0, 0], strict=True))
    assert length.tolist() == [[5]]
    assert of_first["shared words"] == 5
    assert of_first["shared pairs"] == 3
    assert of_first["shared triples"] == 1
    assert of_first["words not in the reference"] == 0
    assert of_first["reference words not found"] == 2
    assert of_first["same first word"] == of_first["same first two words"] == 1
    assert of_first["same last token"] == of_first["same last two tokens"] == 1
    assert of_first["same stop"] == 1
    assert of_first["no stop on either side"] == 0
    assert of_first["brackets and quotes left open"] == 1
    assert of_first["coarse"] == -0.5
    assert of_first["after stop"] == of_first["before capital"] == of_first["gap space"] == 1
    assert of_second["shared words"] == 2
    assert of_second["same last two tokens"] == 0
    assert of_second["after stop"] == 0
    assert of_second["overlap of words"] == pytest.approx(4 / 7)


def test_a_long_text_is_searched_in_a_corridor_that_holds_the_truth():
    random = np.random.default_rng(3)
    vocabulary = [f"word{k}" for k in range(3000)]
    lines = [" ".join(random.choice(vocabulary, 12)) + "." for _ in range(300)]
    said = [line if random.random() > 0.1 else "" for line in lines]
    found = material(" ".join(filter(None, said)), lines, "en")
    low, high = corridor(found)
    truth = np.cumsum([0, *[len(line.split()) + 1 if line else 0 for line in said]])
    assert len(found) * len(lines) > 400_000
    assert np.all(low <= truth)
    assert np.all(truth <= high)
    assert np.all(np.diff(low) >= 0)
    assert np.all(np.diff(high) >= 0)
    assert (high - low).mean() < 400
    first, second = anchors(found)
    assert np.all(np.diff(first) > 0)
    assert np.all(np.diff(second) > 0)


@pytest.mark.parametrize("size", [(2, 60_000), (60_000, 2), (900, 900)])
def test_texts_with_nothing_in_common_stay_in_bounds(size):
    segments, tokens = size
    found = material("x " * tokens, ["y"] * segments, "en")
    low, high = corridor(found)
    assert (low[0], high[0], low[-1], high[-1]) == (0, 0, tokens, tokens)
    assert np.all(low <= high)
    assert reduce(int.__add__, (high - low + 1).tolist()) <= 24_000_000 + 4 * segments
