"""Where a text may be cut, and what is seen there."""

import numpy as np
import pytest

from tmalign.scoring.segmentation.boundaries import FEATURES, GAPS, KINDS, _capitalised, boundaries, kind
from tmalign.scoring.segmentation.tokens import material, spans
from tmalign.scoring.segmentation.weights import load


def seen(text, language="en"):
    """Return (before, after, gap, sentence) by name for every inner position."""
    found = boundaries(text, *spans(text), language)
    names = (*KINDS, "closed stop")
    return [
        (names[b], KINDS[a], GAPS[g], s)
        for b, a, g, s in zip(
            found.before.tolist(), found.after.tolist(), found.gap.tolist(), found.sentence.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize(
    ("characters", "name"),
    [
        (".。｡！?…", "stop"),
        (",、､；", "pause"),
        ("(「｢“", "opening"),
        (")」｣”", "closing"),
        ("\"'", "quote"),
        ("1１٣", "digit"),
        ("あん", "hiragana"),
        ("アー", "katakana"),
        ("漢字", "kanji"),
        ("AÉ", "capital"),
        ("aéﬁ", "letter"),
        ("%\x00\ud800", "sign"),
    ],
)
def test_kinds(characters, name):
    assert {KINDS[kind(c)] for c in characters} == {name}


def test_a_text_without_capitals_is_read_as_if_sentences_began_with_them():
    assert seen("they met. nothing was said.")[2] == ("stop", "capital", "space", True)
    assert seen("they met approx. ten people.")[3] == ("stop", "capital", "space", False)
    assert seen("They met approx. ten people.")[3] == ("stop", "letter", "space", False)
    assert _capitalised('they met. "nothing" was said.') == 'they met. "Nothing" was said.'
    assert _capitalised("they met.”\n(nothing) was said.") == "they met.”\n(Nothing) was said."
    for kept in ("", "They met. nothing", "met. ßen", "3.5 km", "会談した。"):
        assert _capitalised(kept) == kept


def test_tokens_are_words_signs_and_single_japanese_characters():
    text = "U.S. forces' 1,200 km（約750マイル）先へ、don't 𠮷野"
    pieces = [text[a:b] for a, b in zip(*map(np.ndarray.tolist, spans(text)), strict=True)]
    assert "|".join(pieces) == "U.S|.|forces|'|1,200|km|（|約|750|マ|イ|ル|）|先|へ|、|don't|𠮷|野"


def test_width_case_and_ending_do_not_count():
    found = material("Ｍｅｅｔｉｎｇｓ １２", ["meeting 12"], "en")
    assert found.words.tolist() == found.references[0].tolist()


def test_what_stands_around_a_position():
    assert seen("Met. Then") == [("letter", "stop", "none", False), ("stop", "capital", "space", True)]
    assert seen("会談。(次", "ja")[-2] == ("stop", "opening", "none", True)
    assert seen("行く。」と", "ja")[-1][:3] == ("closed stop", "hiragana", "none")
    assert [gap for _, _, gap, _ in seen("a\nb\n\nc\r\nd\u2029e\tf g")] == [
        "line", "paragraph", "line", "line", "space", "space",
    ]  # fmt: skip


def test_lines_of_one_width_are_wrapped():
    wrapped = "\n".join(
        [
            "some words that run on to the edge of",
            "the page and then go on in lines like",
            "these which all end at about the same",
        ]
        * 3
    )
    assert {gap for _, _, gap, _ in seen(wrapped)} == {"space"}
    titles = "Short\nA much longer line of a title\nMid length\nAnother\nX"
    assert "line" in {gap for _, _, gap, _ in seen(titles)}


def test_features_and_prior_agree():
    text = "He said: “No.” Then\n(at 10) the 会談は、終わった。"
    found = boundaries(text, *spans(text), "en")
    places = np.arange(1, len(found.gap) + 1)
    weights = load("en")
    by_hand = found.features(places) @ np.array([weights.boundary[name] for name in FEATURES]) + weights.bias
    assert np.allclose(by_hand, found.prior(weights.boundary, weights.bias))


def test_texts_without_inner_positions():
    for text in ("", "   ", "one"):
        found = boundaries(text, *spans(text), "en")
        assert len(found.gap) == 0
        assert len(found.prior({}, 0.0)) == 0
