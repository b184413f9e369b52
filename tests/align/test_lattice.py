"""Both implementations of the lattice against enumeration of every path."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import lattice
from tmalign.align.lattice import NEVER, SHAPES, best_path, covers, posteriors, span

needs_kernel = pytest.mark.skipif(not lattice.COMPILED, reason="installed without a C compiler")
KERNELS = [pytest.param(False, id="numpy"), pytest.param(True, id="compiled", marks=needs_kernel)]


def grid(n, m, seed, holes=0.0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, (len(SHAPES), n + 1, m + 1))
    scores[rng.random(scores.shape) < holes] = NEVER
    for k, (a, b) in enumerate(SHAPES):
        scores[k, :a, :] = NEVER
        scores[k, :, :b] = NEVER
    return scores


def every_path(scores):
    _, rows, columns = scores.shape

    @cache
    def paths(i, j):
        if (i, j) == (0, 0):
            return ((0.0, ()),)
        found = []
        for k, (a, b) in enumerate(SHAPES):
            if i >= a and j >= b and scores[k, i, j] > -1e29:
                found += [(s + scores[k, i, j], (*p, (k, i, j))) for s, p in paths(i - a, j - b)]
        return tuple(found)

    return paths(rows - 1, columns - 1)


sizes = st.integers(0, 4)


@pytest.mark.parametrize("compiled", KERNELS)
@settings(max_examples=60, deadline=None)
@given(n=sizes, m=sizes, seed=st.integers(0, 10_000), holes=st.sampled_from([0.0, 0.2]))
def test_viterbi_and_posteriors_equal_enumeration(compiled, n, m, seed, holes):
    scores = grid(n, m, seed, holes)
    paths = every_path(scores)
    total, posterior = posteriors(scores, compiled=compiled)
    if not paths:
        assert total < -1e29
        with pytest.raises(ValueError, match="no path"):
            best_path(scores, compiled=compiled)
        return
    top = max(s for s, _ in paths)
    expected_total = top + math.log(sum(math.exp(s - top) for s, _ in paths))
    assert total == pytest.approx(expected_total, abs=1e-9)
    expected = np.zeros_like(scores)
    for s, path in paths:
        for bead in path:
            expected[bead] += math.exp(s - expected_total)
    np.testing.assert_allclose(posterior, expected, atol=1e-9)
    path = best_path(scores, compiled=compiled)
    assert sum(scores[bead] for bead in path) == pytest.approx(top)
    assert covers([span(*bead) for bead in path], n, m)


@needs_kernel
@settings(max_examples=20, deadline=None)
@given(n=st.integers(0, 40), m=st.integers(0, 40), seed=st.integers(0, 10_000))
def test_the_two_implementations_agree(n, m, seed):
    scores = grid(n, m, seed)
    total, posterior = posteriors(scores, compiled=True)
    plain_total, plain = posteriors(scores, compiled=False)
    assert total == pytest.approx(plain_total, abs=1e-8)
    np.testing.assert_allclose(posterior, plain, atol=1e-9)
    assert best_path(scores, compiled=True) == best_path(scores, compiled=False)
    for shapes in (1, lattice.ONE_SIDED, len(lattice.SHAPES)):
        for compiled, whole in ((True, posterior), (False, plain)):
            few = posteriors(scores, shapes=shapes, compiled=compiled)[1]
            assert few.shape == (shapes, n + 1, m + 1)
            np.testing.assert_array_equal(few, whole[:shapes])


@needs_kernel
def test_the_compiled_kernel_refuses_arrays_that_do_not_fit():
    scores = grid(3, 3, 1)
    shapes = lattice.TAKE_JA, lattice.TAKE_EN
    with pytest.raises(ValueError, match="do not fit"):
        lattice._kernel.viterbi(4, 3, *shapes, scores, np.empty((4, 4)), np.empty((4, 4), np.int8))
    with pytest.raises(ValueError, match="do not fit"):
        lattice._kernel.viterbi(3, 3, *shapes, scores, np.empty((4, 3)), np.empty((4, 4), np.int8))
    for posterior in (np.empty((11, 4, 4)), np.empty((2, 4, 3)), np.empty(5)):
        with pytest.raises(ValueError, match="do not fit"):
            lattice._kernel.forward_backward(3, 3, *shapes, scores, np.empty((4, 4)), np.empty((4, 4)), posterior)


@pytest.mark.parametrize(
    ("beads", "whole"),
    [
        ([(range(1), range(1)), (range(1, 2), range(1, 1))], True),
        ([(range(1), range(1)), (range(1, 1), range(1, 1))], False),
        ([(range(1), range(1))], False),
        ([(range(1, 2), range(1)), (range(1), range(1, 1))], False),
    ],
)
def test_covers_tells_gaps_and_disorder(beads, whole):
    assert covers(beads, 2, 1) is whole
