"""Counts of n-grams against bags, and features against their names."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation.boundaries import boundaries
from tmalign.scoring.segmentation.evidence import FEATURES, Evidence, _clipped, counted
from tmalign.scoring.segmentation.lattice import Candidates
from tmalign.scoring.segmentation.tokens import material
from tmalign.scoring.segmentation.weights import load


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
