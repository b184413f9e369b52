"""References that stand in a training memory, exactly or nearly; leaving them out on both sides."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from tmalign.scoring.contamination import _closest, find_overlaps, leave_out
from tmalign.scoring.material import Hypothesis, ReferenceDocument, References


@pytest.fixture
def references(rows):
    return References(
        "r",
        "en",
        tuple(ReferenceDocument(str(n), (row[4],), (row[3],), lines=(n + 1,)) for n, row in enumerate(rows)),
    )


def test_exact_ones_on_either_side(references, units):
    other = replace(units[0], ja="別の原文", en="Something else entirely.")
    memory = [other, replace(units[1], ja="無関係な文"), replace(units[5], en="unrelated")]
    found = find_overlaps(references, memory)
    assert [(one.segment, one.similarity, one.line) for one in found] == [(1, 1.0, 2), (5, 1.0, 3)]
    assert found[0].memory == units[1].en


def test_width_case_and_final_punctuation_do_not_hide_one(references, units):
    memory = [replace(units[6], ja="我が国は、", en="ＪＡＰＡＮ  protested strongly!")]
    assert [(one.segment, one.similarity) for one in find_overlaps(references, memory)] == [(6, 1.0)]


def test_near_ones(references, units):
    memory = [replace(units[1], ja="", en="They exchanged views on our defense cooperation.")]
    (one,) = find_overlaps(references, memory)
    assert one.segment == 1
    assert 0.9 <= one.similarity < 1
    assert find_overlaps(references, memory, threshold=1.0) == ()
    assert find_overlaps(references, memory, threshold=0.99) == ()


def test_short_texts_are_not_near_by_chance(references, units):
    short = replace(references, documents=(ReferenceDocument("s", ("June 1",), ("6月1日",)),))
    assert find_overlaps(short, [replace(units[0], ja="6月2日", en="June 2")]) == ()


def test_the_closest_unit_is_named(references, units):
    memory = [replace(units[1], ja="x", en=en) for en in ("They exchanged view on defense cooperation", units[1].en)]
    (one,) = find_overlaps(references, memory)
    assert (one.line, one.similarity) == (2, 1.0)


def test_an_empty_memory(references):
    assert find_overlaps(references, []) == ()


def test_leaving_out_on_both_sides(references):
    together = References(
        "r", "en", (ReferenceDocument("a", ("x", "y"), ("1", "2")), ReferenceDocument("b", ("z",), ("3",)))
    )
    left = leave_out(together, {1, 2})
    assert [(d.id, d.references, d.sources) for d in left.documents] == [("a", ("x",), ("1",))]
    assert left.digest != together.digest
    assert leave_out(references, {0}).documents[0].lines == (2,)
    hypothesis = Hypothesis("s", "p", ("X", "Y", "Z"), (1, 2, 3)).without({0, 1})
    assert (hypothesis.segments, hypothesis.lines) == (("Z",), (3,))
    assert Hypothesis("s", "p", ("X", "Y", "Z")).without({1}).lines == (1, 3)


texts = st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=8)


@settings(deadline=None)
@given(texts, texts, st.sampled_from([0.5, 0.7, 0.9]))
def test_the_closest_is_what_comparing_all_finds(queries, choices, threshold):
    for query, (similarity, number) in zip(queries, _closest(queries, choices, threshold), strict=True):
        best = max(Indel.normalized_similarity(query, choice) for choice in choices)
        assert similarity == (best if best >= threshold else 0)
        if similarity:
            assert Indel.normalized_similarity(query, choices[number]) == best
