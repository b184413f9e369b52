"""Words of both languages: surfaces and offsets, dictionary forms, stems."""

import _ctypes
import re

import pytest
from fugashi import fugashi
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.text import words as module
from tmalign.text.words import (
    STOP_WORDS,
    MorphemeReader,
    content_stems,
    english_tokens,
    morphemes,
    read_analysis,
    stem,
)


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


@pytest.mark.parametrize("odd", ["\x00", "\n", "\r\n", "\t", chr(0xDFFF)])
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


FIELDS = module._FIELDS
needs_kernel = pytest.mark.skipif(not module.COMPILED, reason="installed without a C compiler")
japanese = st.text(
    st.characters() | st.sampled_from("防衛協力東京へ行ったかなカナーＡb1　 \n\t\x00\udc80"), max_size=60
)


@needs_kernel
@settings(max_examples=150, deadline=None)
@given(st.lists(japanese, max_size=4))
def test_both_kernels_read_the_same_morphemes(texts):
    few = MorphemeReader(read_analysis, 2)  # forgets all the time
    assert few._compiled is not None
    lines = MorphemeReader(read_analysis, 2, compiled=False)
    for text in texts:
        assert few(text) == lines(text) == module.analyses(text)


@pytest.mark.parametrize("compiled", [True, False])
def test_what_is_read_of_a_morpheme_is_kept(compiled):
    read = []
    reader = MorphemeReader(
        lambda line: read.append(line) or (None if line.startswith("は") else line), 100, compiled=compiled
    )
    first = reader("私は私は私です。")
    assert [line.split("\t")[0] for line in first] == ["私", "私", "私", "です", "。"]
    assert len(read) == len(set(read)) == 4
    assert reader("私は私は私です。") == first
    assert len(read) == 4


@pytest.mark.parametrize("compiled", [True, False])
def test_a_reader_may_ask_for_morphemes_itself(compiled):
    def read(line):
        surface = line.split("\t")[0]
        return surface, [m.surface for m in morphemes(surface + "と友人")]

    assert MorphemeReader(read, 9, compiled=compiled)("協力を確認") == [
        ("協力", ["協力", "と", "友人"]),
        ("を", ["を", "と", "友人"]),
        ("確認", ["確認", "と", "友人"]),
    ]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_reader_that_fails_fails_aloud_and_goes_on(compiled):
    failing = [True]

    def read(line):
        if failing:
            raise LookupError(line)
        return line

    reader = MorphemeReader(read, 9, compiled=compiled)
    with pytest.raises(LookupError):
        reader("協力を確認")
    failing.clear()
    assert len(reader("協力を確認")) == 3


@needs_kernel
def test_the_tagger_refuses_what_it_cannot_take():
    with pytest.raises(ImportError):
        module._morphemes.Tagger("/nonexistent.so", (), FIELDS)
    with pytest.raises(ImportError):
        module._morphemes.Tagger(_ctypes.__file__, (), FIELDS)  # a library without MeCab
    with pytest.raises(TypeError):
        module._morphemes.Tagger(fugashi.__file__, (), (1,))
    good = module._tagger()
    library = fugashi.__file__
    with pytest.raises(RuntimeError):
        module._morphemes.Tagger(library, ("-r", "/dev/null", "-d", "/nonexistent"), FIELDS)
    with pytest.raises(TypeError):
        module._morphemes.Tagger(library, (1,), FIELDS)
    with pytest.raises(ValueError, match="arguments"):
        module._morphemes.Tagger(library, ("",) * 99, FIELDS)
    for broken in ((1, str, 9), (good.compiled, str), (good.compiled, str, 0)):
        with pytest.raises((TypeError, ValueError)):
            module._morphemes.Reader(*broken)
    with pytest.raises(TypeError):
        module._morphemes.Reader(good.compiled, str, 9)(["text", b"no text"])
    with pytest.raises(TypeError):
        module._morphemes.Reader(good.compiled, str, 9)(7)


@needs_kernel
def test_without_the_library_lines_are_read(monkeypatch):
    monkeypatch.setattr(module._morphemes, "Tagger", _unloadable)
    tagger = module._Tagger()
    assert tagger.compiled is None
    assert tagger.parse("協力") == "協力\t名詞\t普通名詞\t協力\t協力\tキョウリョク\nEOS"


def _unloadable(*_):
    raise ImportError("no library")
