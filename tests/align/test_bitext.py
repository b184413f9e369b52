"""Word-translation probabilities from aligned text."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align import bitext
from tmalign.align.bitext import collect, learn, learnable

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
words = st.sampled_from(["S:!", "N:2", ":", "::", "", "\ud800", *DICTIONARY]) | st.text(max_size=3)
bags = st.lists(st.sampled_from(["", *DICTIONARY]), max_size=5)
pairs = st.lists(st.tuples(bags, st.lists(st.sampled_from("abcdefg"), max_size=9), st.floats(0, 1)), max_size=8)


@needs_kernel
@given(st.lists(st.lists(words, max_size=20).map(tuple), max_size=5).map(tuple), st.data())
def test_both_kernels_find_the_same_words_to_learn(segments, data):
    start = data.draw(st.integers(0, len(segments)))
    span = range(start, data.draw(st.integers(start, len(segments))))
    found = learnable(segments, span)
    assert found == learnable(segments, span, compiled=False)
    assert not [word for word in found if word[1:2] == ":"]
    assert len(set(found)) == len(found)


@needs_kernel
@given(pairs)
def test_both_kernels_lay_out_the_same_meetings(some):
    one, other = collect(some), collect(some, compiled=False)
    for side, twin in ((one.ja, other.ja), (one.en, other.en)):
        assert side.distinct == twin.distinct
        assert side.types.tolist() == twin.types.tolist()
        assert side.sizes.tolist() == twin.sizes.tolist()
    for name in ("weight", "begin", "row", "column", "ja_token", "en_token"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name


def laid_out(found):
    """Return all words of both sides, each with each: row and column."""
    rows, columns = np.divmod(np.arange(len(found.ja.distinct) * len(found.en.distinct)), len(found.en.distinct))
    return rows, columns


@needs_kernel
@given(pairs.filter(bool))
def test_both_kernels_find_the_same_cells(some):
    found = collect(some)
    rows, columns = laid_out(found)
    places = bitext._places(found, rows, columns)
    assert places.tolist() == bitext._places(found, rows, columns, compiled=False).tolist()
    assert found.row[places[places >= 0]].tolist() == rows[places >= 0].tolist()
    assert found.column[places[places >= 0]].tolist() == columns[places >= 0].tolist()


@needs_kernel
@given(pairs.filter(bool), st.integers(0, 2**32 - 1))
def test_both_kernels_learn_the_same(some, seed):
    found = collect(some)
    rows, columns = laid_out(found)
    chance = np.random.default_rng(seed)

    def told_of(kinds):
        kept = np.flatnonzero((chance.random(len(rows)) < 0.3) & (rows > 0) & (columns > 0))
        return rows[kept], columns[kept], *chance.random((kinds, len(kept)), dtype=np.float32)

    told = bitext._told(found, told_of(2), told_of(1))
    for to_en in (True, False):
        ours, theirs = (
            bitext._probabilities_over(found, told, to_en=to_en, compiled=compiled) for compiled in (True, False)
        )
        assert ours == pytest.approx(theirs, abs=1e-12)


@needs_kernel
def test_the_kernel_refuses_what_are_no_words():
    for segments, first, end in (([("a",)], 0, 1), ((["a"],), 0, 1), (((1,),), 0, 1), ((("a", None),), 0, 1)):
        with pytest.raises((TypeError, ValueError)):
            bitext._bitext.learnable(segments, first, end)
    for first, end in ((-1, 1), (0, 2), (1, 0)):
        with pytest.raises(ValueError, match="no such segments"):
            bitext._bitext.learnable((("a",),), first, end)
    for null, bags in (("", 5), ("", [5]), ("", [[5]]), ("", [["a", None]]), (5, [["a"]])):
        with pytest.raises(TypeError):
            bitext._bitext.number(null, bags)


def refuse(function, right, wrong):
    """Make sure that a function takes the right arguments, and none that are wrong at the places that are named."""
    function(*right)
    for place, value in wrong:
        with pytest.raises(ValueError, match="do not fit"):
            function(*right[:place], value, *right[place + 1 :])


@needs_kernel
def test_the_kernel_refuses_arrays_that_do_not_fit():
    types, sizes = np.array([0, 1, 0, 1], dtype=np.int32), np.array([2, 2])
    wrong = [(0, types - 1), (0, types[1:]), (1, np.array([2, 3])), (1, np.array([5, -1])), (1, np.array([4])), (2, 1)]
    wrong += [(place + 3, value) for place, value in wrong]
    refuse(bitext._bitext.meet, (types, sizes, 2, types, sizes, 2), wrong)
    row, column = np.array([0, 0, 1], dtype=np.int32), np.array([0, 1, 1], dtype=np.int32)
    at = np.array([0, 1])
    wrong = [(0, row[::-1].copy()), (0, row - 1), (0, row[1:]), (1, column - 1), (2, 1), (2, -1), (3, 1), (3, -1)]
    wrong += [(4, at + 1), (4, at - 1), (4, at[1:]), (5, at + 1), (5, at - 1), (6, np.empty(1, dtype=np.int64))]
    refuse(bitext._bitext.place, (row, column, 2, 2, at, at, np.empty(2, dtype=np.int64)), wrong)


@needs_kernel
def test_the_kernel_refuses_to_learn_from_what_does_not_fit():
    found = collect([(("甲",), ("a",), 1.0), (("甲", "乙"), ("a", "b"), 1.0)])
    cells, numbers = np.flatnonzero(np.diff(found.begin) > 1), np.int32
    side, sizes, ones = found.ja, found.en.sizes, np.ones(len(cells))
    right = (
        found.begin, found.row, found.column, found.ja_token, side.types, side.sizes, len(side.distinct),
        found.en_token, sizes, found.weight, cells, ones, 4.0, 5, ones.copy(),
    )  # fmt: skip
    wrong = [(0, found.begin + numbers(99)), (0, found.begin - numbers(99)), (0, found.begin[::-1].copy())]
    wrong += [(1, found.row + numbers(1)), (1, found.row - numbers(1)), (3, found.ja_token + numbers(1))]
    wrong += [(3, found.ja_token - numbers(1)), (4, side.types + numbers(1)), (5, side.sizes + 1), (5, -side.sizes)]
    wrong += [(6, 1), (7, found.en_token + numbers(99)), (7, found.en_token - numbers(99))]
    wrong += [(8, sizes - 9), (8, 0 * sizes)]
    wrong += [(8, sizes + 2**31), (10, cells + 99), (10, cells - 99), (12, 0.0), (12, float("nan")), (13, 0)]
    wrong += [(place, right[place][1:]) for place in (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 14)]
    refuse(bitext._bitext.estimate, right, wrong)
