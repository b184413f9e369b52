"""Both implementations of the coarse lattice against enumeration, against each other, and given arrays of no text."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation import lattice
from tmalign.scoring.segmentation.corridor import corridor
from tmalign.scoring.segmentation.lattice import candidates
from tmalign.scoring.segmentation.tokens import material

needs_kernel = pytest.mark.skipif(not lattice.COMPILED, reason="installed without a C compiler")
KERNELS = [pytest.param(False, id="numpy"), pytest.param(True, id="compiled", marks=needs_kernel)]
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


@pytest.mark.parametrize("compiled", KERNELS)
@settings(deadline=None, max_examples=60)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=3), st.integers(0, 99))
def test_the_lattice_sums_all_ways_to_cut(compiled, hypothesis, references, seed):
    found = material(" ".join(hypothesis), [" ".join(r) for r in references], "en")
    prior = np.random.default_rng(seed).normal(-2, 3, len(found) - 1)
    places = candidates(found, prior, *corridor(found), compiled=compiled)
    wanted = enumerated(found, prior)
    for boundary, (at, log) in enumerate(zip(places.places, places.log_probability, strict=True)):
        kept = dict(zip(at.tolist(), log.tolist(), strict=True))
        for position in range(len(found) + 1):
            probability = wanted.get((boundary, position), 0.0)
            if position in kept:
                assert np.exp(kept[position]) == pytest.approx(probability, rel=1e-6, abs=2e-6)
            else:
                assert probability <= lattice._LEAST * 1.01


@pytest.mark.parametrize("compiled", KERNELS)
@settings(deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=5))
def test_there_is_always_a_rising_choice(compiled, hypothesis, references):
    found = material(" ".join(hypothesis), [" ".join(r) for r in references], "en")
    places = candidates(found, np.full(len(found) - 1, -3.0), *corridor(found), compiled=compiled).places
    assert places[0].tolist() == [0]
    assert places[-1].tolist() == [len(found)]
    position = 0
    for place in places:
        assert np.all(np.diff(place) > 0)
        position = min(p for p in place.tolist() if p >= position)


def bounds(random, segments, tokens):
    """Return a random corridor."""
    low = np.sort(random.integers(0, tokens + 1, segments + 1))
    high = np.minimum(np.maximum.accumulate(low + random.integers(0, tokens + 1, segments + 1)), tokens)
    low[0] = high[0] = 0
    low[-1] = high[-1] = tokens
    return low, high


@needs_kernel
@settings(deadline=None, max_examples=150)
@given(WORDS, st.lists(WORDS.map(lambda words: words[1:]), min_size=1, max_size=6), st.integers(0, 10_000))
def test_the_two_implementations_agree(hypothesis, references, seed):
    random = np.random.default_rng(seed)
    found = material(" ".join(hypothesis), [" ".join(r) for r in references], "en")
    cost = random.normal(-3, 3, len(found) + 1)
    corridor = bounds(random, len(references), len(found))
    rows = lattice._compiled_rows(found, cost, *corridor), lattice._plain_rows(found, cost, *corridor)
    for kernel, plain in zip(*rows, strict=True):
        np.testing.assert_allclose(kernel, plain, rtol=1e-9, atol=1e-9)


def test_a_long_row_keeps_the_likeliest():
    log = np.log(np.full(40, 0.02) + np.arange(40) / 10_000)
    assert lattice._kept(log, 30).tolist() == list(range(26, 40))
    assert lattice._kept(log, 3).tolist() == [3, *range(26, 40)]
    assert lattice._kept(log, -1).tolist() == lattice._kept(log, 40).tolist() == list(range(26, 40))
    assert lattice._kept(np.full(3, -50.0), 1).tolist() == [1]
    equal = np.full(40, np.log(0.02)) + np.arange(40) * 1e-14
    assert lattice._kept(equal, -1).tolist() == list(range(14))


CONSTANTS = (0.2, 0.3, 0.5, 0.4, -3.0)


def arrays():
    """Return arrays of the kernel that fit each other: three tokens against two segments, five cells."""
    found = material("one two three", ["one two", "three"], "en")
    words, pairs, _ = found.grams.numbers
    return [words, pairs, found.grams.first, found.share, np.zeros(4), np.array([0, 1, 3]), np.array([0, 3, 3])]


@needs_kernel
@pytest.mark.parametrize("change", ["longer", "shorter", "empty", "high", "low", "narrow"])
def test_arrays_that_do_not_fit_are_refused(change):
    changes = {
        "longer": lambda array: np.append(array, array[-1:]),
        "shorter": lambda array: array[:-1].copy(),
        "empty": lambda array: array[:0].copy(),
        "high": lambda array: np.full_like(array, 2**40),
        "low": lambda array: np.full_like(array, -1),
        "narrow": lambda array: array.astype(np.int32),
    }
    for at in range(len(arrays())):
        changed = arrays()
        changed[at] = changes[change](changed[at])
        # Any number will do where none is an index, and words may be numbered that stand nowhere.
        if (at in (3, 4) and change in ("high", "low")) or (at == 3 and change == "longer"):
            lattice._lattice.posteriors(tuple(changed), CONSTANTS, np.empty(5))
            continue
        with pytest.raises(ValueError, match="do not fit"):
            lattice._lattice.posteriors(tuple(changed), CONSTANTS, np.empty(5))


@needs_kernel
def test_results_and_tuples_that_do_not_fit_are_refused():
    posteriors = lattice._lattice.posteriors
    posteriors(tuple(arrays()), CONSTANTS, np.empty(5))
    for size in (0, 4, 6):
        with pytest.raises(ValueError, match="do not fit"):
            posteriors(tuple(arrays()), CONSTANTS, np.empty(size))
    for few in (tuple(arrays()[:-1]), (), arrays()):
        with pytest.raises(ValueError, match="do not fit"):
            posteriors(few, CONSTANTS, np.empty(5))
    for low, high in (([0, 2, 3], [0, 1, 3]), ([0, 2, 1], [0, 3, 3]), ([1, 1, 3], [1, 3, 3])):
        with pytest.raises(ValueError, match="do not fit"):
            posteriors((*arrays()[:5], np.array(low), np.array(high)), CONSTANTS, np.empty(5))
    with pytest.raises(TypeError):
        posteriors((*arrays()[:-1], None), CONSTANTS, np.empty(5))
    with pytest.raises(TypeError):
        posteriors(tuple(arrays()), CONSTANTS[:-1], np.empty(5))


@needs_kernel
@settings(deadline=None, max_examples=150)
@given(st.data())
def test_random_arrays_never_break_the_kernel(data):
    number = st.one_of(st.integers(-1, 5), st.integers(-(2**40), 2**40))
    changed = arrays()
    for at in data.draw(st.sets(st.integers(0, len(changed) - 1), min_size=1, max_size=2)):
        values = data.draw(st.lists(number, max_size=8))
        changed[at] = np.array(values, dtype=changed[at].dtype)
    log = np.empty(data.draw(st.integers(0, 12)))
    try:
        lattice._lattice.posteriors(tuple(changed), CONSTANTS, log)
    except ValueError:
        return
    assert len(log) == int((changed[6] - changed[5] + 1).sum())
