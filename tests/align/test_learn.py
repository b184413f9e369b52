"""Learning: which beads gold allows, the gradient, and that training helps."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align.features import FEATURES, BeadFeatures
from tmalign.align.lattice import SHAPES, best_path, skip_rate, span
from tmalign.align.learn import Example, allowed_beads, fit, loss, start
from tmalign.align.model import Weights, bead_scores


def paths(n, m):
    """Return every path from (0, 0) to (n, m) as tuples of (shape, i, j)."""
    if (n, m) == (0, 0):
        return [()]
    found = []
    for k, (a, b) in enumerate(SHAPES):
        if n >= a and m >= b:
            found += [(*path, (k, n, m)) for path in paths(n - a, m - b)]
    return found


def agrees(path, gold):
    """Tell whether a path says what gold says: fine beads exactly, coarse ones by any path between their corners."""
    corners = [(0, 0)]
    for ja, en in gold:
        corners.append((corners[-1][0] + len(ja), corners[-1][1] + len(en)))
    stops = [(0, 0), *((i, j) for _, i, j in path)]
    if not set(corners) <= set(stops):
        return False
    for (ja, en), low, high in zip(gold, corners, corners[1:], strict=False):
        inside = stops[stops.index(low) : stops.index(high) + 1]
        steps = [(k - i, q - j) for (i, j), (k, q) in pairwise(inside)]
        shape = len(ja), len(en)
        fine = shape in SHAPES and min(shape) < 2
        lopsided = not min(shape) or max(shape) > 3 * min(shape)
        if fine and steps != [shape]:
            return False
        if not fine and not lopsided and any(not a or not b for a, b in steps):
            return False
    return True


def gold_of(sizes):
    gold, i, j = [], 0, 0
    for a, b in sizes:
        gold.append((list(range(i, i + a)), list(range(j, j + b))))
        i, j = i + a, j + b
    return gold, i, j


BEADS = (*SHAPES, (2, 3), (2, 5), (0, 2), (3, 0), (1, 5), (3, 3))
sizes = st.lists(st.sampled_from(BEADS), min_size=1, max_size=3).filter(
    lambda found: sum(a for a, _ in found) <= 4 and sum(b for _, b in found) <= 5
)


@settings(max_examples=25, deadline=None)
@given(sizes)
def test_allowed_beads_admit_exactly_the_paths_that_agree(sizes):
    gold, n, m = gold_of(sizes)
    allowed = allowed_beads(gold, n, m)
    for path in paths(n, m):
        assert all(allowed[bead] for bead in path) == agrees(path, gold)


def test_gold_that_leaves_segments_out_is_refused():
    with pytest.raises(ValueError, match="1 and 1 segments of 2 and 1"):
        allowed_beads([([0], [0])], 2, 1)


def example(random_evidence, seed, sizes, rate=None):
    gold, n, m = gold_of(sizes)
    return Example(BeadFeatures(random_evidence(n, m, seed)), allowed_beads(gold, n, m), rate)


@pytest.mark.parametrize("rate", [None, 0.25])
@pytest.mark.parametrize("sizes", [[(1, 1), (1, 2), (1, 0)], [(2, 2), (0, 1), (3, 1)], [(1, 4), (4, 1)]])
def test_the_gradient_equals_finite_differences(random_evidence, sizes, rate):
    one = example(random_evidence, 3, sizes, rate)
    at = Weights.from_vector(np.random.default_rng(1).normal(0, 0.3, len(Weights.zeros().vector()))).vector()
    value, gradient = loss(one, Weights.from_vector(at))
    assert value > 0
    step = 1e-2  # scores are single precision: a smaller step drowns in rounding
    for k in range(len(at)):
        ahead, behind = at.copy(), at.copy()
        ahead[k] += step
        behind[k] -= step
        slope = (loss(one, Weights.from_vector(ahead))[0] - loss(one, Weights.from_vector(behind))[0]) / (2 * step)
        assert gradient[k] == pytest.approx(slope, abs=5e-3, rel=5e-3)


def test_loss_is_minus_the_log_share_of_gold(random_evidence):
    one = example(random_evidence, 8, [(1, 1), (2, 1)])
    scores = bead_scores(one.features, start())
    weight = {path: np.exp(sum(scores[bead] for bead in path)) for path in paths(3, 2)}
    share = sum(weight[path] for path in weight if all(one.allowed[bead] for bead in path)) / sum(weight.values())
    assert loss(one, start())[0] == pytest.approx(-np.log(share), abs=1e-6)


def test_gold_without_a_path_teaches_nothing(random_evidence):
    one = example(random_evidence, 8, [(1, 1)])
    one.allowed[:] = False
    value, gradient = loss(one, start())
    assert value == 0
    assert not gradient.any()


def planted(random_evidence):
    """Return documents whose gold is the best path by weights that are then forgotten."""
    truth = start()
    truth.shared[FEATURES.index("coverage")] = 6
    truth.shared[FEATURES.index("margin")] = 4
    examples, golds = [], []
    for seed in range(12):
        features = BeadFeatures(random_evidence(5, 5, seed))
        path = best_path(bead_scores(features, truth))
        gold = [tuple(map(list, span(*bead))) for bead in path]
        examples.append(Example(features, allowed_beads(gold, 5, 5)))
        golds.append(path)
    return examples, golds


def test_training_lowers_the_loss_and_finds_the_planted_paths(random_evidence):
    pytest.importorskip("scipy")
    examples, golds = planted(random_evidence)
    before = sum(loss(e, start())[0] for e in examples)
    learned = fit(examples, start(), penalty=0.01, rounds=40)
    after = sum(loss(e, learned)[0] for e in examples)
    assert after < before / 3
    right = sum(best_path(bead_scores(e.features, learned)) == path for e, path in zip(examples, golds, strict=True))
    assert right >= 10


def test_masked_weights_stay_zero_and_training_is_deterministic(random_evidence):
    pytest.importorskip("scipy")
    examples, _ = planted(random_evidence)
    mask = np.ones(len(start().vector()))
    mask[FEATURES.index("coverage")] = 0
    learned = [fit(examples, start(), rounds=5, mask=mask).vector() for _ in range(2)]
    assert learned[0][FEATURES.index("coverage")] == 0
    assert learned[0].any()
    np.testing.assert_array_equal(*learned)


def test_skip_rate_is_the_expected_share_of_lone_segments(random_evidence):
    scores = bead_scores(BeadFeatures(random_evidence(3, 2, 1)), start())
    weights = {path: np.exp(sum(scores[bead] for bead in path)) for path in paths(3, 2)}
    alone = sum(w * sum(k < 2 for k, _, _ in path) for path, w in weights.items()) / sum(weights.values())
    assert skip_rate(scores) == pytest.approx(alone / 5, abs=1e-6)
    assert skip_rate(np.zeros((len(SHAPES), 1, 1))) == 0
