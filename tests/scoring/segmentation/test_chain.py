"""The chain of pieces against enumeration of every path."""

import itertools

import numpy as np
import pytest

from tmalign.scoring.segmentation.chain import NEVER, best_path, posteriors


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
