"""Corridors of long texts: the truth stays inside, and texts with nothing in common stay in bounds."""

import itertools
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.scoring.segmentation.corridor import anchors, corridor
from tmalign.scoring.segmentation.tokens import material


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


TOKENS = st.lists(st.sampled_from("abcdefg"), max_size=25)


@given(st.lists(TOKENS, min_size=1, max_size=3), TOKENS)
def test_anchors_are_triples_that_stand_once_on_both_sides(references, text):
    found = material(" ".join(text), [" ".join(reference) for reference in references], "en")
    sides = list(itertools.chain(*references)), text
    triples = [[tuple(side[at : at + 3]) for at in range(len(side) - 2)] for side in sides]
    ours, theirs = (places.tolist() for places in anchors(found))
    for i, j in zip(ours, theirs, strict=True):
        assert triples[0][i] == triples[1][j]
        assert triples[0].count(triples[0][i]) == triples[1].count(triples[1][j]) == 1
    assert ours == sorted(set(ours))
    assert theirs == sorted(set(theirs))
    single = [triple for triple in triples[0] if triples[0].count(triple) == triples[1].count(triple) == 1]
    assert bool(single) == bool(ours)
