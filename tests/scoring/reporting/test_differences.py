"""Which words are marked: what one of two systems has alone, and whether the reference has it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.reporting.differences import compare


def marked(runs):
    return [(run.text, run.verdict) for run in runs if run.verdict]


def test_words_of_one_side_only():
    first, second, reference = compare(
        "The Defense Minister held a meeting.",
        "The minister had a talk.",
        "The Defense Minister held talks today.",
        "en",
    )
    assert marked(first) == [("Defense", "right"), ("held", "right"), ("meeting", "wrong")]
    assert marked(second) == [("had", "wrong"), ("talk", "wrong")]
    assert marked(reference) == [("talks today", "missed")]


def test_japanese_words_are_morphemes():
    first, second, reference = compare("会談を行った。", "会議を開いた。", "会談を開いた。", "ja")
    assert marked(first) == [("会談", "right"), ("行っ", "wrong")]
    assert marked(second) == [("会議", "wrong"), ("開い", "right")]
    assert marked(reference) == []


def test_width_and_case_and_signs_are_no_difference():
    first, second, _ = compare("ＡＢＣ, 12 ships", "abc 12 Ships!", "nothing", "en")
    assert marked(first) == marked(second) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_equal_texts_have_no_marks(language):
    first, second, reference = compare("同じ same", "同じ same", "同じ same", language)
    assert marked(first) == marked(second) == marked(reference) == []
    assert compare("", "", "", language) == ((), (), ())


TEXTS = st.text(st.sampled_from("ab AB.、会談を\n\t\x00\ud800\u3000１"), max_size=20)


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["ja", "en"]))
def test_the_runs_are_the_text(first, second, reference, language):
    for text, runs in zip((first, second, reference), compare(first, second, reference, language), strict=True):
        assert "".join(run.text for run in runs) == text
        assert all(run.text for run in runs)
