"""Are two documents a pair? The description of an alignment, the logistic model, the verdict."""

import math

import numpy as np
import pytest

from tmalign.align.features import FEATURES, BeadFeatures
from tmalign.align.lattice import SHAPES
from tmalign.align.pairing import PAIR_FEATURES, PairDescription, fit_pair, judge, pair_probability

AT = {shape: k for k, shape in enumerate(SHAPES)}
PATH = [(AT[1, 1], 1, 1), (AT[1, 0], 2, 1), (AT[1, 2], 3, 3), (AT[0, 1], 3, 4)]


def test_a_path_is_described_by_shares_and_means(random_evidence):
    evidence = random_evidence(3, 4, 2)
    features = BeadFeatures(evidence)
    description = PairDescription()
    description.add(features, PATH)
    found = dict(zip(PAIR_FEATURES, description.features(), strict=True))
    ja, en = evidence.ja_lengths, evidence.en_lengths
    assert found["bias"] == 1
    assert found["paired_ja"] == pytest.approx((ja[0] + ja[2]) / ja.sum())
    assert found["paired_en"] == pytest.approx((en[0] + en[1] + en[2]) / en.sum())
    rows = features.beads[1, 1][:, 0, 0], features.beads[1, 2][:, 2, 1]
    weights = en[0], en[1] + en[2]
    for name, column in (("coverage", "coverage"), ("words", "words_mean")):
        values = [row[FEATURES.index(column)] for row in rows]
        assert found[name] == pytest.approx(np.dot(values, weights) / sum(weights), abs=1e-5)
    low, high = sorted(float(row[FEATURES.index("words_mean")]) for row in rows)
    assert found["weakest_quarter"] == pytest.approx(low + (high - low) / 4, abs=1e-5)
    assert found["beads"] == pytest.approx(math.log(2))


def test_windows_add_up(random_evidence):
    features = BeadFeatures(random_evidence(3, 4, 2))
    once, twice = PairDescription(), PairDescription()
    once.add(features, PATH)
    for _ in range(2):
        twice.add(features, PATH)
    assert twice.features()[1:5] == pytest.approx(once.features()[1:5])
    assert twice.features()[6] == pytest.approx(math.log(4))
    alone = PairDescription()
    alone.add(features, PATH)
    alone.add_unpaired(int(features.lengths[0].sum()), 0)
    assert alone.features()[1] == pytest.approx(once.features()[1] / 2)
    assert alone.features()[2] == pytest.approx(once.features()[2])


def test_a_path_that_pairs_nothing(random_evidence):
    description = PairDescription()
    description.add(BeadFeatures(random_evidence(1, 1, 2)), [(AT[1, 0], 1, 0), (AT[0, 1], 1, 1)])
    assert description.features().tolist() == [1, 0, 0, 0, 0, 0, 0]


def described(ja, en):
    return np.array([1, ja, en, 1, 1, 1, 2.0])


@pytest.mark.parametrize(
    ("ja", "en", "probability", "verdict", "word"),
    [
        (0.9, 0.95, 0.9, "translation", ""),
        (0.61, 0.61, 0.5, "translation", ""),
        (0.3, 0.9, 0.9, "partial", "30% of the Japanese"),
        (0.9, 0.3, 0.9, "partial", "30% of the English"),
        (0.4, 0.4, 0.9, "partial", "40% of the English"),
        (0.9, 0.9, 0.49, "unrelated", "0.49"),
    ],
)
def test_verdicts_say_why(ja, en, probability, verdict, word):
    found, reason = judge(described(ja, en), probability)
    assert found == verdict
    assert word in reason
    assert bool(reason) == (verdict != "translation")


def test_probabilities_are_logistic_and_never_overflow():
    weights = np.zeros(len(PAIR_FEATURES))
    assert pair_probability(described(1, 1), weights) == 0.5
    weights[1] = 2
    assert pair_probability(described(0.5, 0), weights) == pytest.approx(1 / (1 + math.exp(-1)))
    weights[1] = 1e6
    assert 0.999 < pair_probability(described(1, 0), weights) <= 1
    assert 0 <= pair_probability(described(-1, 0), weights) < 0.001


def test_fitting_separates_what_can_be_separated():
    pytest.importorskip("scipy")
    rng = np.random.default_rng(5)
    related = np.arange(80) % 2
    rows = rng.normal(0, 0.3, (80, len(PAIR_FEATURES)))
    rows[:, 0] = 1
    rows[:, 3] += 2 * related
    weights = fit_pair(rows, related)
    stated = np.array([pair_probability(row, weights) for row in rows])
    assert ((stated > 0.5) == (related == 1)).all()
    assert weights[3] == max(weights)
    held = fit_pair(rows, related, penalty=50.0)
    assert abs(held[3]) < abs(weights[3])
