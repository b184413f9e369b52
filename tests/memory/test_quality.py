"""Checks of units: each finds what it is named for, and lets good pairs pass."""

from __future__ import annotations

import pytest

from tmalign.errors import UsageError
from tmalign.formats.exchange import Tag, TranslationUnit, Variant
from tmalign.memory.quality import CHECKS, DESCRIPTIONS, Inspector, fingerprint


def unit(ja, en, languages=("ja", "en")):
    def runs(text):
        return tuple(text) if isinstance(text, list) else (text,)

    return TranslationUnit((Variant(languages[0], runs(ja)), Variant(languages[1], runs(en))))


def failed(found, only=CHECKS, languages=("ja", "en")):
    return [name for name, _ in Inspector(only, *languages).reasons(found)]


BOLD = Tag("bpt", (("i", "1"),), "empty")
PLAIN = Tag("ept", (("i", "1"),), "empty")
BREAK = Tag("ph", (("x", "1"),), "empty")


@pytest.mark.parametrize(
    ("check", "ja", "en"),
    [
        ("empty", "本文。", " \n"),
        ("empty", "", "Text."),
        ("untranslated", "両大臣は、会談を行った。", "両大臣は、会談を行った。"),
        ("untranslated", "ＡＢＣ　Ｄｅｆｇｈｉｊｋｌｍｎｏｐ ｑｒｓｔｕｖｗｘｙｚ", "ABC defghijklmnop qrstuvwxyz"),
        ("language", "The two Ministers held a meeting in Tokyo today.", "The Ministers met in Tokyo."),
        ("language", "両大臣は会談した。", "両大臣は東京で会談を行った。"),
        ("language", "Министры провели встречу в Токио", "The ministers held a meeting in Tokyo"),
        ("length", "はい。これで終わります。以上です。", "Yes. " * 60),
        (
            "length",
            "両大臣は、地域の情勢について率直な意見交換を行い、引き続き緊密に連携していくことで一致した。",
            "Both agreed.",
        ),
        ("figures", "１２億円を計上した。", "The sum of 1.3 billion yen was set aside."),
        ("figures", "令和５年９月２８日", "September 29, 2023"),
        ("markup", ["前", BOLD, "中", PLAIN, "後"], "Before, middle, after"),
        ("markup", ["前", BOLD, "中"], ["Before", BOLD, "middle"]),
        ("markup", "{0}件を<b>削除</b>します。", "Delete <b>{1}</b> items."),
        ("markup", "%sを保存しました。", "Saved."),
        ("mojibake", "æ—¥æœ¬èªžã®æ–‡ç« ", "Japanese text"),
        ("mojibake", "譌･譛ｬ隱槭縺ｮ譁繧｡", "Japanese text"),
        ("mojibake", "会談を\ufffdった。", "They met."),
        ("mojibake", "会談？？？？？？", "They met."),
        ("mojibake", "価格", "CafÃ© prices"),
    ],
)
def test_each_check_finds_what_it_is_named_for(check, ja, en):
    assert check in failed(unit(ja, en))
    assert failed(unit(ja, en), [check]) == [check]
    assert failed(unit(en, ja, ("en", "ja")), [check], ("en", "ja")) == [check]


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("両大臣は、令和５年に１２億円を計上した。", "The two Ministers set aside 1.2 billion yen in 2023."),
        ("NATO", "NATO"),
        ("１００％", "100%"),
        ("https://example.org/", "https://example.org/"),
        ("はい。", "Yes, indeed."),
        (["前", BOLD, "中", PLAIN], [BOLD, "Middle", PLAIN, "before"]),
        (["改行", BREAK], [BREAK, "Break"]),
        ("価格はいくら？？", "How much — “really”? Café, naïve, °C…"),
        ("両首脳は一致した。", "The two leaders agreed."),
        ("本日、９時に", "Today, at nine o'clock"),
    ],
)
def test_good_pairs_pass(ja, en):
    assert failed(unit(ja, en)) == []


def test_other_languages_are_measured_by_digits_and_length():
    assert failed(unit("Seite 12 von 30", "page 12 sur 31", ("de", "fr")), CHECKS, ("de", "fr")) == ["figures"]
    assert failed(unit("Seite 12", "page 12", ("de-DE", "fr")), CHECKS, ("de", "fr")) == []


def test_the_second_of_two_is_the_duplicate():
    inspector = Inspector(["duplicate", "near-duplicate"], "ja", "en")
    rows = [("あ", "a b"), ("い", "b"), ("あ", "a b"), ("ア", "a b"), ("あ", "A  B!"), ("あ", "a c")]
    assert [[name for name, _ in inspector.reasons(unit(*row))] for row in rows] == [
        [], [], ["duplicate"], [], ["near-duplicate"], [],
    ]  # fmt: skip


def test_what_was_taken_out_makes_no_duplicate():
    inspector = Inspector(["figures", "duplicate"], "ja", "en")
    bad = unit("５円", "6 yen")
    assert [name for name, _ in inspector.reasons(bad)] == ["figures"]
    assert [name for name, _ in inspector.reasons(bad)] == ["figures"]


def test_a_unit_in_other_languages_is_empty_to_the_pair():
    assert failed(unit("a", "b", ("de", "fr"))) == ["empty"]


def test_fingerprints_are_of_meaning():
    one = unit("あ", "a")
    turned = TranslationUnit(one.variants[::-1], (("tuid", "1"),))
    assert fingerprint(one) == fingerprint(turned)
    assert fingerprint(one) != fingerprint(unit("あ", "A"))
    assert fingerprint(one, fold=True) == fingerprint(unit("あ。", "Ａ"), fold=True)
    assert fingerprint(unit("!", "?"), fold=True) != fingerprint(unit("?", "!"), fold=True)
    assert fingerprint(unit("\ud800", "a")) != fingerprint(unit("b", "a"))


def test_unknown_checks_are_refused_and_all_are_described():
    with pytest.raises(UsageError, match="no check 'spelling'"):
        Inspector(["spelling"], "ja", "en")
    assert set(DESCRIPTIONS) == set(CHECKS)
