"""Per cent as CAT tools count it, and the differences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.memory.similarity import changes, most_distance, percent, similarity


def levenshtein(first, second):
    """Return the distance by the textbook's table (Wagner and Fischer 1974)."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            before, row[j] = row[j], min(before + (a != b), row[j] + 1, row[j - 1] + 1)
    return row[-1]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("両大臣は会談を行った。", "両大臣は会談を行った。", 100),
        ("両大臣は会談を行った。", "両大臣が会談を行った。", 90),  # one of eleven: 90.9 is rounded down
        ("令和５年", "令和5年", 75),  # width counts
        ("The Minister met.", "the Minister met.", 94),
        ("abc", "xyz", 0),
        ("", "", 100),
        ("", "abc", 0),
    ],
)
def test_percentages(first, second, expected):
    assert similarity(first, second) == expected == similarity(second, first)


def test_a_single_difference_in_a_long_text_is_never_100():
    assert similarity("a" * 5000, "a" * 4999 + "b") == 99


@given(st.text("abcd ", max_size=12), st.text("abcd ", max_size=12))
def test_similarity_is_that_of_the_textbook(first, second):
    assert similarity(first, second) == percent(levenshtein(first, second), len(first), len(second))


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 100))
def test_the_greatest_distance_is_the_last_that_reaches_the_threshold(first, second, threshold):
    most = most_distance(first, second, threshold)
    assert percent(most, first, second) >= threshold
    assert percent(most + 1, first, second) < threshold or most + 1 > max(first, second)


@given(st.text("ab １2。のThe", max_size=20), st.text("ab １2。のThe", max_size=20))
def test_changes_rebuild_both_texts(query, text):
    found = changes(query, text)
    assert "".join(query[c.query_start : c.query_end] for c in found) == query
    assert "".join(text[c.text_start : c.text_end] for c in found) == text
    for change in found:
        same = query[change.query_start : change.query_end] == text[change.text_start : change.text_end]
        assert same == (change.kind == "equal")


def test_changes_are_whole_words_and_numbers():
    found = [change for change in changes("They met on 12 May.", "They met on 15 June.") if change.kind != "equal"]
    query, text = "They met on 12 May.", "They met on 15 June."
    assert [(query[c.query_start : c.query_end], text[c.text_start : c.text_end]) for c in found] == [
        ("12", "15"),
        ("May", "June"),
    ]
