"""What segments offer: words, compounds, names, figures, signs, length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import units as module
from tmalign.align.headwords import Headwords
from tmalign.align.lexicon import shipped_lexicon
from tmalign.align.tables import word_hashes
from tmalign.align.units import english_units, figure_units, japanese_units
from tmalign.text.figures import figures


def nothing(_):
    return False


def test_content_words_stay_and_particles_and_light_verbs_go():
    units = japanese_units("双方は、協力を確認している。", nothing)
    assert {"双方", "協力", "確認"} <= set(units.words)
    assert not {"は", "を", "て", "為る", "する", "居る", "。", "、"} & set(units.words)


def test_figures_are_keys_in_both_languages():
    ja = japanese_units("令和５年６月３日に３隻が参加した。", nothing)
    en = english_units("Three ships took part on June 3, 2023.")
    assert {"M:6", "N:2023"} <= set(ja.words) & set(en.words)
    assert "N:3" in {key.upper() for key in ja.words} & {key.upper() for key in en.words}


def test_weak_figures_are_in_lower_case():
    (first,) = figures("first", "en")
    assert first.weak
    assert all(key[0].islower() for key in figure_units(first))
    (many,) = figures("350", "en")
    assert figure_units(many) == ["N:350"]


@pytest.mark.parametrize(
    ("ja", "en", "sign"),
    [
        ("行くのですか。", "Are you going?", "S:?"),
        ("急げ！", "Hurry!", "S:!"),
        ("「はい」と答えた。", 'He said "yes".', 'S:"'),
        ("別添（英語）", "Annex (English)", "S:("),
        ("議題：安全保障", "Agenda: security", "S::"),
        ("約５％増えた。", "It rose about 5 percent.", "S:%"),
        ("１００ドル", "100 dollars", "S:$"),
        ("１００円", "100 yen", "S:y"),
    ],
)
def test_signs_meet(ja, en, sign):
    assert sign in japanese_units(ja, nothing).words
    assert sign in english_units(en).words
    assert sign not in japanese_units("双方は一致した。", nothing).words
    assert sign not in english_units("Both sides concurred.").words


def test_compounds_are_those_the_dictionary_lists():
    listed = {"防衛協力", "人の上", "防衛協力を"}
    units = japanese_units("防衛協力を確認した。人の上に立つ。", listed.__contains__)
    assert {"防衛協力", "人の上"} <= set(units.compounds)
    assert "防衛協力を" not in units.compounds  # ends with a particle
    assert japanese_units("防衛協力を確認した。", nothing).compounds == ()
    assert "防衛、協力" not in japanese_units("防衛、協力", lambda _: True).compounds  # no sign inside


PIECES = """安全 保障 手を 打っ た 気の毒 な 人の上 、 国際的 力による し
サンホセ 東京 栗林 ワシントン ・ ３日 私 Ｆ－３５"""
needs_kernel = pytest.mark.skipif(not module.COMPILED, reason="installed without a C compiler")


@needs_kernel
@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(PIECES.split()),
        max_size=9,
    )
)
def test_both_kernels_take_the_same_from_morphemes(pieces):
    text = "".join(pieces)
    known = shipped_lexicon().known
    assert japanese_units(text, known) == japanese_units(text, known.__call__)


@needs_kernel
def test_the_kernel_refuses_what_is_no_morpheme():
    keys = Headwords(np.sort(word_hashes(["防衛協力"]))).keys
    assert module._words.content([], keys, 6, 3) == ([], [], [], {}, {}, [])
    for broken in ([1], [("防衛",)], [(1, 2, 3, True, False, False, False)], [(1, 2, *[None] * 10)]):
        with pytest.raises(TypeError):
            module._words.content(broken, keys, 6, 3)


def test_compounds_may_end_in_a_base_form():
    assert japanese_units("手を打った。", {"手を打つ"}.__contains__).compounds == ("手を打つ",)
    assert japanese_units("手を打った。", {"手を打っ", "手を打つ"}.__contains__).compounds == ("手を打っ",)


def test_names_carry_readings_and_neighbours_are_joined():
    units = japanese_units("サンホセで栗林大臣と会談した。", nothing)
    readings = {name.unit: name.reading for name in units.names}
    assert readings.get("栗林") == "クリバヤシ"
    assert all(name.unit in units.words + units.compounds for name in units.names)
    katakana = [name for name in units.names if name.katakana]
    assert katakana
    assert all(name.reading == name.unit for name in katakana)


def test_loanwords_bring_their_source():
    assert dict(japanese_units("ワシントンで会談した。", nothing).loans) == {"ワシントン": "washington"}


def test_latin_tokens_are_in_lower_case_whatever_their_width():
    assert "nato" in japanese_units("ＮＡＴＯと協力する。", nothing).words


def test_lengths_count_japanese_without_spaces_and_english_with():
    assert japanese_units("概要 以下", nothing).length == 4
    assert english_units("in brief").length == 8
    assert japanese_units("", nothing).length == english_units("").length == 1


def test_capitals_leave_out_short_words_and_possessives():
    units = english_units("Mr. Ito's Ministry of defence in EU")
    assert ("ito", "ito", True) in units.capitals
    assert ("defenc", "defence", False) in units.capitals
    assert not [word for _, word, _ in units.capitals if len(word) < 3]


def test_stop_words_carry_nothing():
    assert english_units("It is of the and to").words == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_can_be_read(text):
    for units in (japanese_units(text, lambda word: len(word) % 2 == 0), english_units(text)):
        assert units.length >= 1
        every = set(units.words) | set(units.compounds)
        assert {name.unit for name in units.names} <= every
        assert {unit for unit, _ in (*units.loans, *units.lemmas)} <= every
