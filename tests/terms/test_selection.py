"""Explaining away, and the longer run in place of the shorter."""

import numpy as np
import pytest

from tmalign.terms.association import Meetings, Pairs
from tmalign.terms.candidates import Candidates
from tmalign.terms.maximality import dominated
from tmalign.terms.selection import select


def candidates(spans, verbal):
    """Make candidates of (candidate, begin, length) occurrences; a unit has ten places."""
    numbers = max(c for c, _, _ in spans) + 1
    length = np.zeros(numbers, dtype=np.int64)
    for c, _, n in spans:
        length[c] = n
    begin = np.array([b for _, b, _ in spans])
    which = np.array([c for c, _, _ in spans])
    whole = np.ones(len(spans), dtype=bool)
    return Candidates(
        length, np.full(numbers, 3), np.array(verbal), which, begin, np.zeros(1, dtype=np.int64), whole, ~whole
    )


def run(ja_spans, en_spans, pairs, scores, verbal, words=2):
    """Select among pairs given as (ja, en, meetings), a meeting being (ja occurrence, en occurrence)."""
    ja, en = candidates(ja_spans, verbal), candidates(en_spans, [False] * (max(c for c, _, _ in en_spans) + 1))
    rows = [m for _, _, meetings in pairs for m in meetings]
    left, right = np.array([a for a, _ in rows]), np.array([b for _, b in rows])
    ones = np.ones(len(rows), dtype=np.float32)
    sizes = [len(meetings) for *_, meetings in pairs]
    made = Pairs(
        np.array([p[0] for p in pairs]),
        np.array([p[1] for p in pairs]),
        np.array(sizes),
        np.ones(len(pairs), dtype=np.float32),
        np.ones(len(pairs), dtype=np.float32),
        np.concatenate(([0], np.cumsum(sizes))),
        np.zeros(len(pairs), dtype=np.float32),
        np.full(len(pairs), words),
        np.zeros(len(pairs), dtype=np.float32),
    )
    meetings = Meetings(left, right, ja.begin[left] // 10, ones, ones)
    chosen = select(made, meetings, ja, en, lambda k, n: scores[k] * n, least=0.0)[0]
    return [s.pair for s in chosen]


# A long run in units 0 and 1; the short one inside it there, and alone in unit 2.
LONG_AND_SHORT = [(0, 0, 3), (1, 1, 2), (0, 10, 3), (1, 11, 2), (1, 21, 2)]
BOTH = [(0, 0, [(0, 0), (2, 2)]), (1, 1, [(1, 1), (3, 3), (4, 4)])]


def test_a_part_that_stands_alone_once_stays():
    assert run(LONG_AND_SHORT, LONG_AND_SHORT, BOTH, [9, 1], [False, False]) == [0, 1]


@pytest.mark.parametrize(("begin", "words", "kept"), [(0, 4, [0, 1]), (0, 3, [0]), (1, 4, [0])])
def test_a_part_that_always_begins_a_longer_phrase_stays_where_links_are_sure(begin, words, kept):
    spans = [(0, 0, 3), (1, begin, 2), (0, 10, 3), (1, 10 + begin, 2)]
    pairs = [(0, 0, [(0, 0), (2, 2)]), (1, 1, [(1, 1), (3, 3)])]
    assert run(spans, spans, pairs, [9, 1], [False, False], words) == kept
    assert run(spans, spans, pairs, [9, 1], [True, True], words) == [0]


def test_a_part_that_never_stands_alone_goes():
    spans = LONG_AND_SHORT[:4]
    pairs = [(0, 0, [(0, 0), (2, 2)]), (1, 1, [(1, 1), (3, 3)])]
    assert run(spans, spans, pairs, [9, 1], [False, False]) == [0]


def test_a_noun_phrase_inside_a_formula_stays():
    spans = LONG_AND_SHORT[:4]
    pairs = [(0, 0, [(0, 0), (2, 2)]), (1, 1, [(1, 1), (3, 3)])]
    assert run(spans, spans, pairs, [9, 1], [True, False]) == [0, 1]


def test_what_contradicts_a_better_pair_goes():
    # The same Japanese, another English elsewhere in the same units.
    ja = [(0, 0, 2), (0, 10, 2)]
    en = [(0, 0, 2), (1, 5, 2), (0, 10, 2), (1, 15, 2)]
    pairs = [(0, 0, [(0, 0), (1, 2)]), (0, 1, [(0, 1), (1, 3)])]
    assert run(ja, en, pairs, [9, 1], [False]) == [0]


def test_scores_fall_with_what_is_explained():
    # Pair 1 scores best by all its units; two of them are explained once pair 0 is accepted, and pair 2 passes it.
    ja = [(0, 0, 3), (0, 10, 3), (1, 1, 1), (1, 11, 1), (1, 21, 1), (2, 25, 1), (2, 35, 1)]
    pairs = [(0, 0, [(0, 0), (1, 1)]), (1, 1, [(2, 2), (3, 3), (4, 4)]), (2, 2, [(5, 5), (6, 6)])]
    assert run(ja, ja, pairs, [9, 2, 1], [False, False, False]) == [0, 1, 2]


def made_pairs(ja, en, rows, *, verb_first=0.0):
    """Make pairs of rows (units, mass of both sides, mass inside, words); no English is a part of a longer name."""
    units, mass, inside, words = (np.array(column) for column in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), dtype=np.float32)
    agreement, coverage = 2 * inside / mass, inside / words
    bounds = np.zeros(len(rows) + 1, dtype=np.int64)
    return Pairs(ja, en, units, agreement, coverage, bounds, nothing, words, nothing + verb_first)


def marks(rows, *, formula=False, verbs=()):
    """Tell which English runs with one Japanese partner lose their place; rows are (keys, units, mass, inside)."""
    keys = ["".join(map(chr, key)) for key, *_ in rows]
    some = [(units, mass, inside, 1 + len(key)) for key, units, mass, inside in rows]
    pairs = made_pairs(np.zeros(len(rows), dtype=np.int64), np.arange(len(rows)), some)
    return dominated(pairs, ["x"], keys, np.array([formula]), frozenset(verbs)).tolist()


def test_the_longer_run_takes_the_place_of_the_shorter():
    assert marks([([1, 2], 5, 6, 2.7), ([1, 2, 3], 5, 7, 3.0)]) == [True, False]


def test_not_where_it_is_rarer():
    assert marks([([1, 2], 5, 6, 2.7), ([1, 2, 3], 3, 7, 3.0)]) == [False, False]


def test_not_where_the_links_of_the_added_word_lead_elsewhere():
    assert marks([([1, 2], 5, 6, 2.7), ([1, 2, 3], 5, 7, 2.75)]) == [False, False]


def test_a_japanese_run_with_words_whose_links_lead_elsewhere_goes():
    ja, en = np.array([0, 1]), np.array([0, 0])
    pairs = made_pairs(ja, en, [(5, 6, 2.7, 3), (5, 7, 2.75, 4)])
    assert dominated(pairs, ["ab", "abc"], ["x"], np.array([False, False]), frozenset()).tolist() == [False, True]


def test_not_by_a_verb_in_front_of_a_noun():
    rows = [([1, 2], 5, 6, 2.7), ([7, 1, 2], 5, 7, 3.0)]
    assert marks(rows) == [True, False]
    assert marks(rows, verbs=[7]) == [False, False]
    assert marks(rows, verbs=[7], formula=True) == [True, False]


def test_a_formula_takes_up_its_verb_though_no_link_holds_it():
    rows = [([1, 2], 5, 6, 2.7), ([7, 1, 2], 5, 7, 2.71)]
    assert marks(rows, verbs=[7], formula=True) == [True, False]
    assert marks(rows, verbs=[8], formula=True) == [False, False]


def test_containment_is_of_neighbours():
    assert marks([([1, 3], 5, 6, 2.7), ([1, 2, 3], 5, 7, 3.0)]) == [False, False]


@pytest.mark.parametrize(("verb_first", "lose"), [(1.0, [True, False]), (0.0, [False, False])])
def test_a_formula_takes_the_place_of_its_noun_where_a_verb_renders_it(verb_first, lose):
    # 意見交換 and 意見交換を行った: exchanged views.
    ja, en = np.array([0, 1]), np.array([0, 0])
    pairs = made_pairs(ja, en, [(4, 6, 2.7, 4), (3, 6.5, 2.7, 5)], verb_first=verb_first)
    assert dominated(pairs, ["ab", "abc"], ["x"], np.array([False, True]), frozenset()).tolist() == lose
