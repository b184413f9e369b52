"""Word-translation probabilities from aligned text."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align import bitext
from tmalign.align.bitext import collect, learn

DICTIONARY = {"甲": "a", "乙": "b", "丙": "c", "丁": "d", "戊": "e", "己": "f"}


def toy(seed, count):
    """Return pairs of bags in random order, every word translated by its partner."""
    rng = random.Random(seed)  # noqa: S311 - a toy
    pairs = []
    for _ in range(count):
        ja = rng.sample(sorted(DICTIONARY), 3)
        en = [DICTIONARY[word] for word in ja] + ["the"] * (rng.random() < 0.7)
        rng.shuffle(en)
        pairs.append((ja, en, 1.0))
    return pairs


def test_a_toy_dictionary_is_recovered():
    table = learn(collect(toy(1, 120)))
    for ja, en in DICTIONARY.items():
        row = table[ja]
        assert max(row, key=lambda word: row[word][1]) == en
        assert row[en][0] > 0.4
        assert row[en][1] > 0.6


def test_probabilities_are_shares_of_each_given_word():
    table = learn(collect(toy(2, 60)))
    for row in table.values():
        assert 0 < sum(to_en for to_en, _ in row.values()) <= 1 + 1e-9
    for en in DICTIONARY.values():
        assert sum(row[en][1] for row in table.values() if en in row) <= 1 + 1e-9


def test_learning_is_deterministic():
    first, second = (learn(collect(toy(3, 50))) for _ in range(2))
    assert first == second
    assert list(first) == list(second)


def test_one_chance_meeting_keeps_little():
    table = learn(collect([*toy(4, 80), (["珍"], ["rare"], 1.0)]))
    assert table["珍"]["rare"][0] < 0.5 < table["甲"]["a"][1]


def test_words_count_once_a_pair_whatever_their_number():
    once = learn(collect([(["甲", "乙"], ["a"], 1.0)] * 3))
    often = learn(collect([(["甲", "乙", "甲", "甲"], ["a", "a"], 1.0)] * 3))
    assert once == often


def test_weights_stand_for_repetitions():
    pairs = [(["甲", "乙"], ["a", "b"]), (["甲"], ["a"])]
    repeated = learn(collect([(*pair, 1.0) for pair in pairs for _ in range(3)]))
    weighted = learn(collect([(*pair, 3.0) for pair in pairs]))
    assert repeated.keys() == weighted.keys()
    for ja, row in repeated.items():
        for en, probabilities in row.items():
            assert weighted[ja][en] == pytest.approx(probabilities)


@pytest.mark.parametrize("pairs", [[], [((), (), 1.0)], [(("甲",), (), 1.0)], [((), ("a",), 1.0)]])
def test_nothing_to_learn_from(pairs):
    assert learn(collect(pairs)) == {}


needs_kernel = pytest.mark.skipif(not bitext.COMPILED, reason="installed without a C compiler")
bags = st.lists(st.sampled_from(sorted(DICTIONARY)), max_size=5)
pairs = st.lists(st.tuples(bags, st.lists(st.sampled_from("abcdefg"), max_size=5), st.floats(0, 1)), max_size=8)


@needs_kernel
@given(pairs)
def test_both_kernels_lay_out_the_same_meetings_and_count_the_same(some):
    one, other = collect(some), collect(some, compiled=False)
    for name in ("begin", "row", "column", "ja_token", "en_token", "ja_weight", "en_weight"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    if some:
        table = np.linspace(0.1, 1, len(one.row))
        for to_en in (True, False):
            counted = [bitext._expect(one, table, to_en=to_en, compiled=compiled) for compiled in (True, False)]
            for ours, theirs in zip(*counted, strict=True):
                assert ours == pytest.approx(theirs)


@needs_kernel
def test_the_kernel_refuses_arrays_that_do_not_fit():
    types, sizes = np.array([0, 1, 0, 1], dtype=np.int32), np.array([2, 2])
    room = [np.empty(8, dtype=np.int32) for _ in range(2)]
    bitext._bitext.meet(types, sizes, 2, types, sizes, 2, *room)
    for broken in (
        (types, np.array([2, 3]), 2, types, sizes, 2, *room),
        (types, np.array([5, -1]), 2, types, sizes, 2, *room),
        (types, sizes, 1, types, sizes, 2, *room),
        (types - 1, sizes, 2, types, sizes, 2, *room),
        (types, np.array([4]), 2, types, sizes, 2, *room),
        (types, sizes, 2, types, sizes, 2, room[0][1:], room[1]),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            bitext._bitext.meet(*broken)
    begin, token, weight, table = np.array([0, 1, 2]), np.array([0, 1], dtype=np.int32), np.ones(2), np.ones(2)
    out = np.empty(2), np.empty(2)
    bitext._bitext.expect(begin, token, weight, table, *out)
    for broken in (
        (np.array([0, 2, 1]), token, weight, table, *out),
        (np.array([0, 3, 2]), token, weight, table, *out),
        (begin, token + 1, weight, table, *out),
        (begin, token - 1, weight, table, *out),
        (begin, token, weight, table[1:], *out),
        (begin, token, weight, table, out[0][1:], out[1]),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            bitext._bitext.expect(*broken)
