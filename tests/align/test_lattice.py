"""Both implementations of the lattice against enumeration of every path."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import lattice
from tmalign.align.lattice import NEVER, SHAPES, best_path, covers, posteriors, skip_rate, span, surest_path

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
@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(0, 40),
    m=st.integers(0, 40),
    seed=st.integers(0, 10_000),
    holes=st.sampled_from([0.0, 0.3, 0.7]),
    scale=st.sampled_from([0.0, 1.0, 30.0, 1000.0]),
)
def test_the_two_implementations_agree(n, m, seed, holes, scale):
    scores = grid(n, m, seed, holes)
    scores[scores > -1e29] *= scale
    total, posterior = posteriors(scores, compiled=True)
    plain_total, plain = posteriors(scores, compiled=False)
    assert total == pytest.approx(plain_total, rel=1e-12, abs=1e-8)
    np.testing.assert_allclose(posterior, plain, rtol=1e-9, atol=1e-30)
    rates = [skip_rate(scores, compiled=compiled) for compiled in (True, False)]
    assert rates[0] == pytest.approx(rates[1], rel=1e-9, abs=1e-30)
    if total <= -1e29:
        return
    assert best_path(scores, compiled=True) == best_path(scores, compiled=False)
    assert surest_path(scores, plain, compiled=True) == surest_path(scores, plain, compiled=False)


@needs_kernel
@pytest.mark.parametrize("level", [-300.0, 0.0, 300.0])
@pytest.mark.parametrize(("n", "m"), [(330, 310), (1000, 90)])
def test_neither_the_number_of_paths_nor_their_weight_runs_out_of_range(n, m, level):
    """Where all beads weigh the same there are more paths than a double can count; half of the text is unlike."""
    scores = np.full((len(SHAPES), n + 1, m + 1), level)
    scores[2:, : n // 2] -= 500.0
    for k, (a, b) in enumerate(SHAPES):
        scores[k, :a, :] = NEVER
        scores[k, :, :b] = NEVER
    total, posterior = posteriors(scores, compiled=True)
    plain_total, plain = posteriors(scores, compiled=False)
    assert total == pytest.approx(plain_total, rel=1e-12)
    np.testing.assert_allclose(posterior, plain, rtol=1e-8, atol=1e-30)


@needs_kernel
def test_the_compiled_kernel_refuses_arrays_that_do_not_fit():
    scores = grid(3, 3, 1)
    kernel, shapes = lattice._kernel, (lattice.TAKE_JA, lattice.TAKE_EN)
    for arguments in (
        (4, 3, *shapes, scores),
        (-1, 3, *shapes, scores),
        (2**62, 2**62, *shapes, scores),
        (3, 3, shapes[0][1:], shapes[1], scores),
        (3, 3, shapes[0], np.zeros_like(shapes[1]), scores),
        (3, 3, -shapes[0], shapes[1], scores),
        (3, 3, *shapes, scores[:-1]),
    ):
        for call in (
            kernel.best_path,
            kernel.alone,
            lambda *given: kernel.posteriors(*given, np.empty_like(scores)),
            lambda *given: kernel.surest_path(*given, scores, 0.4, 0.1),
        ):
            with pytest.raises(ValueError, match="do not fit"):
                call(*arguments)
    for posterior in (np.empty((11, 4, 4)), np.empty((2, 4, 3)), np.empty(5)):
        with pytest.raises(ValueError, match="do not fit"):
            kernel.posteriors(3, 3, *shapes, scores, posterior)
        with pytest.raises(ValueError, match="do not fit"):
            kernel.surest_path(3, 3, *shapes, scores, posterior, 0.4, 0.1)
    with pytest.raises(TypeError):
        kernel.alone(3, 3, *shapes, None)


@needs_kernel
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300])
def test_numbers_out_of_all_bounds_do_no_harm(value):
    scores = grid(6, 5, 1)
    scores[2, 3, 3] = value
    posteriors(scores, compiled=True)
    skip_rate(scores, compiled=True)
    assert covers([span(*bead) for bead in surest_path(scores, scores, compiled=True)], 6, 5)
    assert covers([span(*bead) for bead in best_path(scores, compiled=True)], 6, 5)


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
