"""What holds for every text: spans restore it, nothing is lost, time stays linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.text.sentences import split

LANGUAGES = ("ja", "en")
RULES = ("standard", "omegat")

# Fragments that the rules look at, in any order: far more likely to trip them than characters at random.
FRAGMENTS = st.sampled_from(
    [
        *"「」『』（）()【】“”\"'‘’。．.！!？?…、,;:・※①\n\u3000 \t",
        "\r\n", "\n\n",
        "と述べた", "大臣は", "会談した", "です", "って", "ところ", "１", "５", "Ｕ", "Mr",
        "U.S", "p.m", "No",
        " The ", " He said", " said",
        "force", "Smith", "3", " 15 ", "iPhone", "e.g", "--", "1. ", "（１）", "\u2028", "\x85", "\f",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(FRAGMENTS, max_size=40).map("".join))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rules", RULES)
@given(text=TEXTS)
def test_spans_are_trimmed_ordered_and_leave_only_white_space(language: str, rules: str, text: str) -> None:
    spans = split(text, language, rules=rules)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()
    assert bool(spans) == bool(text.strip())


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=TEXTS)
def test_no_sentence_is_only_marks_where_its_paragraph_has_words(language: str, text: str) -> None:
    flat = " ".join(text.split())
    spans = split(flat, language)
    if any(map(str.isalnum, flat)):
        assert all(any(map(str.isalnum, flat[start:end])) for start, end in spans)


JA_SENTENCES = st.sampled_from(
    [
        "両大臣は会談を実施した。",
        "大臣は「準備は整った。あとは実行だ。」と述べた。",
        "予算は前年度の１．５倍となった。",
        "本当に必要なのか？",
        "H.E. Mr. Karl Norland国防大臣が来訪した。",
        "協定に署名した（別紙のとおり。）。",
        "急げ！",
    ]
)
EN_SENTENCES = st.sampled_from(
    [
        "The Ministers met in Tokyo.",
        '"We are ready. We will go," he said.',
        "The U.S. Navy and H.E. Mr. Norland took part at 3:30 p.m. and left.",
        "Is it ready?",
        "The ship (built in 2010. Refitted in 2020.) left port.",
        "Bulletin No. 3 was issued at a cost of 1.5 billion yen.",
        "They held the “2+2.”",
    ]
)


@given(st.lists(JA_SENTENCES, min_size=1, max_size=12))
def test_japanese_sentences_put_together_come_apart_again(sentences: list[str]) -> None:
    text = "".join(sentences)
    assert [text[start:end] for start, end in split(text, "ja")] == sentences


@given(st.lists(EN_SENTENCES, min_size=1, max_size=12))
def test_english_sentences_put_together_come_apart_again(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in split(text, "en")] == sentences


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\t"])
def test_a_text_without_visible_characters_has_no_sentences(text: str) -> None:
    assert split(text, "ja") == split(text, "en") == ()


def test_unknown_rules_and_languages_are_refused() -> None:
    with pytest.raises(ValueError, match="'de'"):
        split("Guten Tag.", "de")
    with pytest.raises(ValueError, match="'loose'"):
        split("Good day.", "en", rules="loose")


HOSTILE = [
    "「",
    "a.",
    "A. ",
    "(((",
    "「」",
    "「。」",
    '"a. ',
    ".",
    "\n",
    " ",
    "「（」",
    "？と",
    "No. 3 ",
    ".\n",
    "（",
    "A.A",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(language: str, rules: str, unit: str) -> None:
    text = unit * (100_000 // len(unit)) + "x"
    began = time.process_time()
    split(text, language, rules=rules)
    assert time.process_time() - began < 1.5  # a tenth of that when linear; minutes when quadratic
