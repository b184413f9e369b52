"""The model file and the score it gives to beads."""

import json
import math

import numpy as np
import pytest

from tmalign.align.features import FEATURES, SKIP_FEATURES, BeadFeatures
from tmalign.align.lattice import SHAPES
from tmalign.align.model import Weights, bead_scores, name_weights, rate_feature, read_model, shipped_model
from tmalign.align.pairing import PAIR_FEATURES
from tmalign.errors import FormatError, MissingFileError


def some_weights(seed):
    size = len(Weights.zeros().vector())
    return Weights.from_vector(np.random.default_rng(seed).normal(0, 1, size))


def some_file(path, **changes):
    named = {
        "name": "trial",
        "first": name_weights(some_weights(1)),
        "second": name_weights(some_weights(2)),
        "pair": {name: k / 2 for k, name in enumerate(PAIR_FEATURES)},
    } | changes
    path.write_text(json.dumps(named), encoding="utf-8")
    return path


def test_a_vector_reads_back():
    weights = some_weights(3)
    again = Weights.from_vector(weights.vector())
    for name in ("shared", "merged", "shape", "skip_ja", "skip_en"):
        np.testing.assert_array_equal(getattr(again, name), getattr(weights, name))


def test_a_file_reads_back_to_four_places(tmp_path):
    model = read_model(some_file(tmp_path / "m.json"))
    np.testing.assert_allclose(model.first.vector(), some_weights(1).vector(), atol=5.01e-5)
    np.testing.assert_allclose(model.second.vector(), some_weights(2).vector(), atol=5.01e-5)
    assert model.pair.tolist() == [k / 2 for k in range(len(PAIR_FEATURES))]


def test_weights_are_named(tmp_path):
    weights = Weights.zeros()
    weights.merged[FEATURES.index("gain")] = 1.25
    weights.shape[SHAPES.index((2, 2))] = -3
    weights.skip_en[SKIP_FEATURES.index("skip_rate")] = 0.5
    named = name_weights(weights)
    assert named["merged"]["gain"] == 1.25
    assert named["shape"]["2-2"] == -3
    assert named["skip_en"]["skip_rate"] == 0.5
    assert sum(abs(value) for group in named.values() for value in group.values()) == 4.75


def test_the_signature_follows_name_and_content(tmp_path):
    first = read_model(some_file(tmp_path / "a.json")).signature
    assert first == read_model(some_file(tmp_path / "b.json")).signature
    assert first.startswith("trial:")
    changed = dict.fromkeys(PAIR_FEATURES, 0.001)
    assert read_model(some_file(tmp_path / "c.json", pair=changed)).signature != first


def test_features_a_file_does_not_name_weigh_nothing(tmp_path):
    named = name_weights(some_weights(1))
    del named["shared"]["encoder"]
    assert read_model(some_file(tmp_path / "m.json", first=named)).first.shared[FEATURES.index("encoder")] == 0


def without(group, name):
    named = name_weights(some_weights(1))
    del named[group][name]
    return named


@pytest.mark.parametrize(
    "changes",
    [
        {"first": None},
        {"second": []},
        {"pair": {}},
        {"pair": 3},
        {"first": without("shape", "1-4")},
        {"first": without("skip_ja", "length")},
        {"first": {**name_weights(some_weights(1)), "shared": [1, 2]}},
        {"first": {**name_weights(some_weights(1)), "shared": {"coverage": "much"}}},
        {"second": {**name_weights(some_weights(1)), "merged": {"coverage": math.nan}}},
        {"pair": dict.fromkeys(PAIR_FEATURES, math.inf)},
        {"pair": dict.fromkeys(PAIR_FEATURES, 10**400)},
    ],
)
def test_a_damaged_model_is_refused(tmp_path, changes):
    path = some_file(tmp_path / "m.json", **changes)
    with pytest.raises(FormatError) as caught:
        read_model(path)
    assert caught.value.path == str(path)
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"null", b"\xff\xfe{}"])
def test_what_is_no_json_object_is_refused(tmp_path, data):
    (tmp_path / "m.json").write_bytes(data)
    with pytest.raises(FormatError):
        read_model(tmp_path / "m.json")


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(MissingFileError):
        read_model(tmp_path / "none.json")


def test_the_shipped_model_opens_once():
    assert shipped_model() is shipped_model()
    assert np.isfinite(shipped_model().pair).all()
    assert shipped_model().second.of_shape(1, 1)[FEATURES.index("coverage")] > 0


def test_skip_rates_are_log_odds_against_the_usual():
    assert rate_feature(None) == 0
    assert rate_feature(0.098) == pytest.approx(0, abs=1e-9)
    assert rate_feature(0.0) == pytest.approx(math.log(0.02))
    assert rate_feature(0.5) > rate_feature(0.2) > 0


@pytest.mark.parametrize("rate", [None, 0.3])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 5), (4, 3)])
def test_scores_are_weighted_sums(random_evidence, n, m, rate):
    features, w = BeadFeatures(random_evidence(n, m, 11)), some_weights(4)
    scores = bead_scores(features, w, rate)
    assert scores.shape == (len(SHAPES), n + 1, m + 1)
    known = rate_feature(rate)
    for k, (a, b) in enumerate(SHAPES):
        for i in range(n + 1):
            for j in range(m + 1):
                if i < a or j < b:
                    assert scores[k, i, j] <= -1e29
                    continue
                if a and b:
                    weights = w.shared + w.merged if (a, b) != (1, 1) else w.shared
                    score = weights @ features.beads[a, b][:, i - a, j - b]
                elif a:
                    score = features.skips[1, 0][i - 1] @ w.skip_ja + known * w.skip_ja[2]
                else:
                    score = features.skips[0, 1][j - 1] @ w.skip_en + known * w.skip_en[2]
                assert scores[k, i, j] == pytest.approx(score + w.shape[k], rel=1e-4, abs=1e-4)


def test_weights_for_paragraphs_come_in_with_length(tmp_path):
    full = {"first": name_weights(some_weights(5)), "second": name_weights(some_weights(6))}
    model = read_model(some_file(tmp_path / "m.json", paragraphs=full))
    assert model.at(0.0) == (model.first, model.second)
    for number, seeds in enumerate(((1, 5), (2, 6))):
        one, other = (some_weights(seed).vector() for seed in seeds)
        np.testing.assert_allclose(model.at(1.0)[number].vector(), other, atol=1e-4)
        np.testing.assert_allclose(model.at(0.25)[number].vector(), 0.75 * one + 0.25 * other, atol=1e-4)
    bare = read_model(some_file(tmp_path / "bare.json"))
    assert bare.paragraphs is None
    assert bare.at(1.0) == (bare.first, bare.second)
    with pytest.raises(FormatError):
        read_model(some_file(tmp_path / "half.json", paragraphs={"first": full["first"]}))
