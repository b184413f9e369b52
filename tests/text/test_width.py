"""Width folding: examples a reader can check, and laws that hold for any text."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.text.width import Folded, fold, normalise

TRICKY = st.text(
    st.sampled_from(
        "aAｂＢ１9ｶﾞﾊﾟか゛は゜\u3099\u309aーｰ㈱㌔½①ﬁßİe\u0301\u0323각"
        "\u1100\u1161\u11a8“’—‐−〜～\u200b\u00ad\ufeff\u3000 \u3042漢葛\U000e0100´Σς"
    ),
    max_size=12,
)
ANY = st.text(max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("ｶﾞﾊﾟｰ", "ガパー"),
        ("“A” ‘b’ don’t", "\"A\" 'b' don't"),
        ("1–2—3−4‐5－6", "1-2-3-4-5-6"),
        ("サーバー", "サーバー"),
        ("全\u3000角\u200b\u00ad\ufeff", "全 角"),
        ("か\u309bは\u309c", "がぱ"),
        ("か\u3099は\u309a", "がぱ"),
        ("か\u200b\u3099", "が"),
        ("㈱山川", "(株)山川"),
        ("10㌔", "10キロ"),
        ("３～５、３〜５", "3~5、3~5"),
        ("葛\U000e0100城", "葛城"),
        ('plain ASCII - "kept" `x`', 'plain ASCII - "kept" `x`'),
        ("", ""),
    ],
)
def test_normalise(text, expected):
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "span", "folded", "source"),
    [
        ("㈱ABC", (1, 2), "(株)abc", "㈱"),
        ("㈱ABC", (2, 4), "(株)abc", "㈱A"),
        ("5㌔先", (2, 3), "5キロ先", "㌔"),
        ("あか゛い", (1, 2), "あがい", "か゛"),
        ("ﾊﾞｽ", (0, 1), "バス", "ﾊﾞ"),
        ("a\u200bb", (0, 1), "ab", "a"),
        ("a\u200bb", (0, 2), "ab", "a\u200bb"),
        ("Straße", (4, 6), "strasse", "ß"),
        ("ＡＢ", (1, 2), "ab", "Ｂ"),
    ],
)
def test_source_span(text, span, folded, source):
    result = fold(text)
    assert result.text == folded
    start, end = result.source_span(*span)
    assert text[start:end] == source


def test_kana_and_case_options():
    assert fold("ひらがなゝゞ", kana=True).text == "ヒラガナヽヾ"
    assert fold("ひらがな").text == "ひらがな"
    assert fold("ＡbＣ", case=False).text == "AbC"


def test_unmoved_text_keeps_no_offsets():
    assert fold("Plain text, 12 words.") == Folded("plain text, 12 words.")
    assert fold("全角１２と漢字。").offsets == ()


@pytest.mark.parametrize("span", [(-1, 0), (0, 4), (2, 1)])
def test_span_outside(span):
    with pytest.raises(ValueError, match="no span"):
        fold("abc").source_span(*span)


@given(TRICKY | ANY)
def test_normalise_is_stable(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFKC", once)


@given(TRICKY | ANY, st.booleans(), st.booleans())
def test_fold_agrees_with_normalise(text, case, kana):
    expected = normalise(text)
    if case:
        expected = normalise(expected.casefold())
    folded = fold(text, case=case, kana=kana)
    if not kana:
        assert folded.text == expected
    assert len(folded.offsets) in {0, len(folded.text)}


@given(TRICKY | ANY, st.data())
def test_spans_map_back_to_what_made_them(text, data):
    folded = fold(text)
    end = data.draw(st.integers(0, len(folded.text)))
    start = data.draw(st.integers(0, end))
    low, high = folded.source_span(start, end)
    assert 0 <= low <= high <= len(text)
    assert (low == high) == (start == end)
    # Whole source characters: folding the span again yields at least the part that was asked for.
    assert folded.text[start:end] in fold(text[low:high]).text


@given(TRICKY)
def test_offsets_rise(text):
    offsets = fold(text).offsets
    assert all(before[0] <= after[0] and before[1] <= after[1] for before, after in itertools.pairwise(offsets))
    assert all(before == after or before[1] <= after[0] for before, after in itertools.pairwise(offsets))
