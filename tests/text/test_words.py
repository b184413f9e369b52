"""Words of both languages: surfaces and offsets, dictionary forms, stems."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tmalign.text.words import STOP_WORDS, content_stems, english_tokens, morphemes, stem


def surfaces(text):
    return [m.surface for m in morphemes(text)]


def test_morphemes_know_their_dictionary_form():
    found = {m.surface: m for m in morphemes("食べた走っていない私はワシントンへ")}
    assert (found["食べ"].pos, found["食べ"].base) == ("動詞", "食べる")
    assert (found["い"].base, found["い"].lemma) == ("いる", "居る")
    assert found["私"].lemma == "私"  # UniDic writes 私-代名詞: not a loan
    assert found["私"].loan == ""
    assert (found["ワシントン"].loan, found["ワシントン"].reading) == ("washington", "ワシントン")


def test_words_the_dictionary_lacks_stand_for_themselves():
    (odd,) = [m for m in morphemes("ゔゎ゙ぬぺ州") if m.reading == ""][:1] or [None]
    assert odd is not None
    assert odd.base == odd.lemma == odd.surface
    assert odd.loan == ""


def test_offsets_jump_over_spaces():
    text = "防衛  協力\u3000確認"
    assert [(m.surface, m.start) for m in morphemes(text) if m.pos != "空白"] == [
        ("防衛", 0),
        ("協力", 4),
        ("確認", 7),
    ]


@pytest.mark.parametrize("odd", ["\x00", "\n", "\r\n", "\t", "\ud800", "\udfff"])
def test_characters_mecab_cannot_take_become_spaces(odd):
    found = morphemes(f"協力{odd}確認")
    assert [m.surface for m in found] == ["協力", "確認"]
    assert found[1].start == 2 + len(odd)


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00"])
def test_nothing_gives_nothing(text):
    assert morphemes(text) == []
    assert english_tokens(text) == []


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters() | st.sampled_from("防衛協力かなカナAb1 \n\t"), max_size=40))
def test_morphemes_stand_where_they_say(text):
    found = morphemes(text)
    at = 0
    for m in found:
        assert m.start >= at
        assert text[m.start : m.start + len(m.surface)] == m.surface
        at = m.start + len(m.surface)
    rest = re.sub(r"[\s\x00\x1c-\x1f\ud800-\udfff]", "", text)
    assert re.sub(r"[\s\x00\x1c-\x1f]", "", "".join(m.surface for m in found)) == rest


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("In 2023, the 2nd", ["In", "2023", "the", "2nd"]),
        ("1,234.5 or 5,,6", ["1,234.5", "or", "5", "6"]),
        ("F-35s don't co-operate", ["F", "35s", "don't", "co", "operate"]),
        ("10km 3m", ["10", "km", "3m"]),
        ("Côte d'Ivoire", ["Côte", "d'Ivoire"]),
        ("snake_case", ["snake", "case"]),
        ("... - !", []),
    ],
)
def test_english_is_cut_into_words_and_numbers(text, tokens):
    assert [token.surface for token in english_tokens(text)] == tokens


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters() | st.sampled_from("abcXY 019,.'-_"), max_size=40))
def test_english_tokens_stand_where_they_say(text):
    at = 0
    for token in english_tokens(text):
        assert token.start >= at
        at = token.start + len(token.surface)
        assert text[token.start : at] == token.surface
        assert token.surface[-1].isalnum()
        between = text[:at]
        assert between.endswith(token.surface)
    every = "".join(token.surface for token in english_tokens(text))
    assert [c for c in every if c.isalpha()] == [c for c in text if c.isalpha() and re.match(r"[^\W\d_]", c)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ministers", "minist"),
        ("cooperation", "cooper"),
        ("held", "hold"),
        ("met", "meet"),
        ("children", "child"),
        ("norway's", "norway"),
        ("states'", "state"),
    ],
)
def test_stems(word, expected):
    assert stem(word) == expected
    assert stem(word) == expected  # from memory


def test_irregular_forms_meet_their_base():
    for forms in (("give", "gave", "given"), ("speak", "spoke", "spoken"), ("people", "person")):
        assert len({stem(form) for form in forms}) == 1


def test_content_is_what_neither_counts_nor_links():
    tokens = english_tokens("The 2 Ministers Met in Oslo and the 3rd talked")
    assert content_stems(tokens) == ["minist", "meet", "oslo", "talk"]
    assert {"the", "of", "'s"} <= STOP_WORDS
