"""Names: romanisation, spelling variants that must agree, and loanwords that must stand out from the rest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.text import names
from tmalign.text.names import (
    SIMILAR,
    alike,
    key_from_english,
    key_from_kana,
    keys_from_english,
    romaji,
    similarities,
    similarity,
    skeleton,
)

LOANWORDS = [
    ("カンボジア", "Cambodia"),
    ("ワシントン", "Washington"),
    ("ジョージ", "George"),
    ("ロシア", "Russia"),
    ("フィリピン", "Philippines"),
    ("マルコス", "Marcos"),
    ("プレチア", "Prettia"),
    ("ドナルド", "Donald"),
    ("リバプール", "Liverpool"),
    ("インドネシア", "Indonesia"),
    ("オーストラリア", "Australia"),
    ("トランプ", "Trump"),
    ("クリスティアーノ", "Cristiano"),
    ("マイケル", "Michael"),
    ("ディエゴ", "Diego"),
    ("フィジー", "Fiji"),
    ("ヴィクトリア", "Victoria"),
]
JAPANESE = [
    ("オオノ", ("Ono", "Ohno", "Oono", "Ōno")),
    ("ジュンイチ", ("Jun'ichi", "Junichi", "Jun’ichi")),
    ("シンゾウ", ("Shinzo", "Shinzou", "Sinzo", "Shinzō")),
    ("ツシマ", ("Tsushima", "Tusima")),
    ("カイト", ("Kaito",)),
    ("シゲル", ("Shigeru",)),
    ("ナンバ", ("Namba", "Nanba")),
    ("ホッカイドウ", ("Hokkaido", "Hokkaidō")),
    ("キョウト", ("Kyoto",)),
    ("シュウジ", ("Shuji", "Shuuji", "Syuji")),
    ("マッチ", ("Matchi", "Macchi")),
    ("リョウタロウ", ("Ryotaro", "Ryoutarou")),
]


@pytest.mark.parametrize(
    ("kana", "expected"),
    [
        ("トウキョウ", "toukyou"),
        ("おおの", "oono"),
        ("じゅんいち", "junichi"),
        ("ホッカイドウ", "hokkaidou"),
        ("マッチ", "matchi"),
        ("ファッション", "fasshon"),
        ("ヴィデオ", "video"),
        ("ティーム", "timu"),
        ("ウィーン", "win"),
        ("ﾂｼﾏ", "tsushima"),
        ("フュージョン", "fyujon"),
        ("ツァイト", "tsaito"),
        ("東京ABC", ""),
        ("", ""),
    ],
)
def test_romaji(kana, expected):
    assert romaji(kana) == expected


@pytest.mark.parametrize(("kana", "words"), JAPANESE)
def test_romanisation_variants_agree(kana, words):
    assert [similarity(kana, word) for word in words] == [pytest.approx(1.0, abs=0.08)] * len(words)


@pytest.mark.parametrize(("kana", "word"), LOANWORDS)
def test_loanwords_are_similar(kana, word):
    assert similarity(kana, word) >= SIMILAR


def test_each_loanword_finds_its_own_word():
    kanas, words = zip(*LOANWORDS, strict=True)
    assert similarities(kanas, words).argmax(axis=1).tolist() == list(range(len(words)))


def test_other_names_are_not_similar():
    kanas, words = zip(*LOANWORDS, strict=True)
    scores = similarities(kanas, words)
    others = scores[~np.eye(len(words), dtype=bool)]
    assert (others < SIMILAR).mean() > 0.97


def test_a_possessive_is_its_name():
    assert key_from_english("Donald's") == key_from_english("Donald") == "donarudo"


def test_keys():
    assert key_from_kana("ドナルド") == "donarudo"
    assert keys_from_english("Kaito")[-1] == key_from_kana("カイト")
    assert keys_from_english("Trump") == ("torunpu",)
    assert skeleton("donarudo") == "tnrt"


def test_batch_equals_single():
    kanas, words = ["オオノ", "ロシア", "", "漢字"], ["Ohno", "Russia", "Kaito", "1984"]
    scores = similarities(kanas, words)
    assert scores.dtype == np.float32
    assert scores.tolist() == [[similarity(kana, word) for word in words] for kana in kanas]
    assert not scores[2:].any()
    assert not scores[:, 3].any()


def test_empty_sides():
    assert similarities([], ["a"]).shape == (0, 1)
    assert similarities(["ア"], []).shape == (1, 0)


@given(
    st.text(
        "カキクケコサシスセソタチツテトナニヌネノマミムメモラリルレロワガギグゲゴザジズゼゾンー", min_size=1, max_size=8
    )
)
def test_a_reading_is_like_its_own_romanisation(kana):
    latin = romaji(kana)
    if latin and "nn" not in latin and not latin.startswith("n"):
        assert similarity(kana, latin) > 0.75


@given(st.text(max_size=8), st.text(max_size=8))
def test_similarity_is_a_share(kana, word):
    assert 0 <= similarity(kana, word) <= 1


@given(
    st.lists(st.text(alphabet="アカキタチャュョッーンあ x", max_size=6), min_size=1, max_size=8),
    st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyz' é\nST", max_size=9), min_size=1, max_size=8),
)
def test_many_are_compared_as_each_two_alone(kanas, words):
    names._OF_KANA.clear()
    names._OF_ENGLISH.clear()
    together = similarities(kanas, words)
    for i, kana in enumerate(kanas):
        for j, word in enumerate(words):
            names._OF_KANA.clear()
            names._OF_ENGLISH.clear()
            assert similarity(kana, word) == together[i, j]


def test_more_words_than_are_kept_at_a_time_are_all_compared(monkeypatch):
    kanas, words = ["トランプ", "カイト", "ロシア"], ["Trump", "Kaito", "Donald", "Russia"]
    expected = similarities(kanas, words)
    monkeypatch.setattr(names, "_MOST_KEPT", 2)
    assert (similarities(kanas, words) == expected).all()
    assert (similarities(kanas[:1], words[:2]) == expected[:1, :2]).all()


LONG = "アカサタナハマヤラワ" * 9


@pytest.mark.skipif(not names.COMPILED, reason="installed without a C compiler")
@given(
    st.lists(st.text(alphabet="アカキタチャュョッーンあ x", max_size=6) | st.just(LONG), max_size=8),
    st.lists(
        st.text(alphabet="abcdefghijklmnopqrstuvwxyz' é\nST", max_size=9) | st.just(romaji(LONG)) | st.just("kaito"),
        max_size=8,
    ),
    st.sampled_from([0.001, 0.5, SIMILAR, 0.72, 1.0]),
)
def test_both_kernels_find_the_same_pairs(kanas, words, least):
    one, other = (alike(kanas, words, least, compiled=compiled) for compiled in (True, False))
    assert [(part.dtype, part.tolist()) for part in one] == [(part.dtype, part.tolist()) for part in other]


@pytest.mark.skipif(not names.COMPILED, reason="installed without a C compiler")
@given(st.lists(st.text("aiStr", max_size=150), max_size=6), st.lists(st.text("aiStr", max_size=150), max_size=6))
def test_the_kernel_agrees_with_rapidfuzz(left, right):
    found = names._names.alike(tuple((a, a) for a in left), tuple(((b, b),) for b in right), 0.0)
    p, q = (np.frombuffer(part, np.int64) for part in found[:2])
    scores = names._agreement(left, right) if left and right else np.zeros((0, 0), np.float32)
    expected = [(i, j, scores[i, j]) for i, a in enumerate(left) for j, b in enumerate(right) if a and b]
    assert list(zip(p, q, np.frombuffer(found[2], np.float32), strict=True)) == expected


@pytest.mark.skipif(not names.COMPILED, reason="installed without a C compiler")
@pytest.mark.parametrize(
    ("readings", "words"),
    [
        ([], ()),
        ((), []),
        (("a",), ()),
        ((("a",),), ()),
        ((("a", 1),), ()),
        ((("a", "é"),), ()),
        ((), (("a", "b"),)),
        ((), ((("a", b"b"),),)),
        ((), (1,)),
    ],
)
def test_what_is_no_sound_is_refused(readings, words):
    with pytest.raises(TypeError):
        names._names.alike(readings, words, 0.5)


RULES = [names._KANA_RULES, names._ENGLISH_RULES, names._ROMANISED_RULES]


@pytest.mark.skipif(not names.COMPILED, reason="installed without a C compiler")
@pytest.mark.parametrize("rules", RULES)
@given(st.lists(st.text("aeioucshtgynrlmxwzvjqkpbdfSC", max_size=12), max_size=9))
def test_both_kernels_apply_rules_alike(rules, words):
    assert names._apply(rules, words) == names._apply(rules, words, compiled=False)


@pytest.mark.parametrize(
    ("forms", "word", "expected"),
    [
        (["ab"], "abcab", "XcX"),
        (["^<a"], "aba", "Xba"),
        (["a>$"], "aba", "abX"),
        (["..<c>$"], "ccc", "ccX"),
        (["..<c>$"], "cc", "cc"),
        (["bc<a"], "abaca", "abXcX"),
        (["!b<a"], "abaca", "abacX"),
        (["a>bc"], "abaca", "XbXca"),
        (["a>!b"], "abaca", "abXcX"),
        (["a>~b"], "abaca", "abXca"),
        (["a<>!b"], "abaca", "abaXcaX"),
        (["abc", "a", "ab"], "abca", "XX"),
    ],
)
def test_what_a_rule_says(forms, word, expected):
    rules = (names._rule("X", *forms),)
    for compiled in {names.COMPILED, False}:
        assert names._apply(rules, [word], compiled=compiled) == [expected]


@pytest.mark.skipif(not names.COMPILED, reason="installed without a C compiler")
@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], []),
        ((), 7),
        ((), [7]),
        ((), ["é"]),
        ((1,), []),
        ((("a",),), []),
        ((("a", [("", "a", "")]),), []),
        ((("a", (("", "a"),)),), []),
        ((("é", ()),), []),
        ((("a", (("", "é", ""),)),), []),
        ((("a", ((1, "a", ""),)),), []),
    ],
)
def test_what_is_no_rule_or_no_word_is_refused(rules, words):
    with pytest.raises(TypeError):
        names._sounds.apply(rules, words)
