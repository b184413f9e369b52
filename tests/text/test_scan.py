"""The scans of a text give what their patterns give, on any text, and refuse what is none."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import units
from tmalign.text.figures import english, japanese
from tmalign.text.figures.english_patterns import FIRST_WORDS
from tmalign.text.width import COMPILED, normalise
from tmalign.text.words import english_words

if COMPILED:
    from tmalign.text import _scan

pytestmark = pytest.mark.skipif(not COMPILED, reason="installed without a C compiler")

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]


def scanned_words(text):
    return _scan.english_units(text, {}, lambda word: (word, None))[0]


def found(following, text):
    """Return what a scan finds from every place on."""
    return [following(text, position) for position in range(-1, len(text) + 2)]


# --- width --------------------------------------------------------------------------------------------------------


def test_every_character_that_is_narrowed_is_so_by_the_rules():
    for character in EVERY:
        assert _scan.narrow(character) in {None, normalise(character, compiled=False)}


def test_what_is_narrowed_joins_nothing():
    narrowed = {character for character in EVERY if _scan.narrow(character) is not None}
    assert not any(map(unicodedata.combining, narrowed))
    parts = [unicodedata.decomposition(character).split() for character in EVERY]
    seconds = {chr(int(pair[1], 16)) for pair in parts if len(pair) == 2 and not pair[0].startswith("<")}
    assert not seconds & {_scan.narrow(character) for character in narrowed}


@given(st.text(st.characters() | st.sampled_from("か\u3099\u309aハ゛e\u0301ア１Ａ（）～〜’”“‘—\u3000\u200b㌔\x00")))
def test_normalising_is_the_same_with_the_scan_and_without(text):
    assert normalise(text) == normalise(text, compiled=False)


# --- English words ------------------------------------------------------------------------------------------------


def test_every_character_is_a_letter_or_a_digit_as_patterns_have_it():
    text = " ".join(f"1{character} a{character}b'{character}" for character in EVERY)
    assert scanned_words(text) == english_words(text)


@settings(max_examples=500)
@given(st.text(st.characters() | st.sampled_from("0127,.,.stndrhmbkSTNDRHMBKſ\u212a'a_ é²٣Ⅷ")))
def test_words_are_those_of_the_pattern(text):
    assert scanned_words(text) == english_words(text)


@given(st.lists(st.sampled_from(["Ito's", "Ito", "the", "The", "defence", "2nd", "EU", ",", "Ministry", "'s"])))
def test_the_units_of_words_are_the_same_with_the_scan_and_without(words):
    text = " ".join(words)
    (found, capitals), (expected, kept) = units._english(text), units._english(text, compiled=False)
    assert (found, list(capitals)) == (expected, list(kept))


def test_words_are_made_once_each_when_they_are_kept():
    made, table = [], {}

    def make(word):
        made.append(word)
        table[word] = word.lower(), (word, word, True)
        return table[word]

    found = _scan.english_units("To be or not to be", table, make)
    assert found == (["to", "be", "or", "not", "to", "be"], {(word, word, True): None for word in made})
    assert made == ["To", "be", "or", "not", "to"]


# --- signs --------------------------------------------------------------------------------------------------------

SIGNS = st.sampled_from([*"!(:%$¥円?か。」\n「『“\"' ", "percent", "per cent", "dollar", "yen", "パーセント", "ドル"])


@settings(max_examples=300)
@given(st.lists(SIGNS))
@pytest.mark.parametrize("side", [1, 2])
def test_signs_are_those_of_the_patterns(side, pieces):
    text = "".join(pieces)
    for part in (text, text[1:], text[:-1]):
        assert units._signs(part, side) == units._signs(part, side, compiled=False)


# --- where a figure may begin -------------------------------------------------------------------------------------

WORDS = st.sampled_from(sorted(FIRST_WORDS))


@settings(max_examples=300)
@given(st.lists(WORDS | st.text(st.sampled_from("ivxIVX15²é_-' ſİ\u212a") | st.characters(), max_size=3)))
def test_english_candidates_are_those_of_the_pattern(pieces):
    for text in ("".join(pieces), " ".join(pieces), " ".join(pieces).title()):
        assert found(english.next_candidate, text) == found(english.search_candidate, text)


@settings(max_examples=500)
@given(
    st.text(
        st.sampled_from("1٣一億京第数何半午前後正明治大正昭和平成令ゼロ月土曜分年)・ (¥€$-'")
        | st.sampled_from("FYJPUSDEURGBAUCNKWIVXz")
        | st.characters()
    )
)
def test_japanese_candidates_are_those_of_the_pattern(text):
    assert found(japanese.next_candidate, text) == found(japanese.search_candidate, text)


def test_every_character_may_begin_a_japanese_figure_as_the_pattern_has_it():
    text = "".join(EVERY)
    places, position = [], 0
    while (position := japanese.next_candidate(text, position)) >= 0:
        places.append(position)
        position += 1
    assert places == [match.start() for match in japanese._CANDIDATE.finditer(text)]


# --- what is no text ----------------------------------------------------------------------------------------------


def test_scans_refuse_what_is_no_text():
    lengths = _scan.lengths(FIRST_WORDS)
    for call in (
        lambda: _scan.narrow(b"a"),
        lambda: _scan.signs(1, True),
        lambda: _scan.japanese_figure("a", "b"),
        lambda: _scan.japanese_figure(None, 0),
        lambda: _scan.english_figure({"one"}, lengths, "a", 0),
        lambda: _scan.english_figure(frozenset(), "lengths", "a", 0),
        lambda: _scan.english_units("a", [], str),
        lambda: _scan.english_units("a", {}, None),
        lambda: _scan.english_units("a", {"a": 1}, str),
        lambda: _scan.english_units("a", {"a": (1, 2)}, str),
        lambda: _scan.english_units("a", {"a": ("a", [])}, str),
        lambda: _scan.lengths([1]),
    ):
        with pytest.raises(TypeError):
            call()
    for words in (["a"], ["One"], ["é" * 3], ["o" * 32]):
        with pytest.raises(ValueError, match="small letters"):
            _scan.lengths(words)
    with pytest.raises(ValueError, match="lengths"):
        _scan.english_figure(frozenset(), b"lengths", "a", 0)


def test_what_making_a_word_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        _scan.english_units("a", {}, lambda _: 1 / 0)
