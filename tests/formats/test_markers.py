"""A marker is split off where there is one, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.formats.markers import is_marker, is_note, split_marker


def split(text, *, listed=False):
    text = text.strip()
    marker, start = split_marker(text, listed=listed)
    return marker, text[start:]


MARKED = [
    ("１ 両大臣は、会談した。", "１", "両大臣は、会談した。"),
    ("１　両大臣は、会談した。", "１", "両大臣は、会談した。"),
    ("１２　最後に、", "１２", "最後に、"),
    ("２ 本年の協力", "２", "本年の協力"),
    ("1 Both Ministers met in the morning.", "1", "Both Ministers met in the morning."),
    ("2 Also, both of them spoke.", "2", "Also, both of them spoke."),
    ("3 “Our island waits,” he said.", "3", "“Our island waits,” he said."),
    ("1. Both met", "1.", "Both met"),
    ("1.Overview", "1.", "Overview"),
    ("１．概要", "１．", "概要"),
    ("10. to do so", "10.", "to do so"),
    ("1. 2023 was a hard year.", "1.", "2023 was a hard year."),
    ("1) The first", "1)", "The first"),
    ("１）最初の", "１）", "最初の"),
    ("１、目的", "１、", "目的"),
    ("(1) first", "(1)", "first"),
    ("(1)First", "(1)", "First"),
    ("（１）第一の", "（１）", "第一の"),
    ("　（１）　第一の", "（１）", "第一の"),
    ("（１）はじめに", "（１）", "はじめに"),
    ("（ア） 都市", "（ア）", "都市"),
    ("1.12月4日から会合を行う。", "1.", "12月4日から会合を行う。"),
    ("１．２０２３年４月に行う。", "１．", "２０２３年４月に行う。"),
    ("１　９月２６日に地震があった。", "１", "９月２６日に地震があった。"),
    ("２　１０か国が参加した。", "２", "１０か国が参加した。"),
    ("(ア)都市", "(ア)", "都市"),
    ("(a) To carry on", "(a)", "To carry on"),
    ("(iv) carry on", "(iv)", "carry on"),
    ("(A) carry on", "(A)", "carry on"),
    ("【1】概要", "【1】", "概要"),
    ("［１］概要", "［１］", "概要"),
    ("①概要", "①", "概要"),
    ("㉑ 概要", "㉑", "概要"),
    ("⑴概要", "⑴", "概要"),
    ("❶概要", "❶", "概要"),
    ("・交流", "・", "交流"),
    ("・ 交流", "・", "交流"),
    ("• item", "•", "item"),
    ("■ 概要", "■", "概要"),
    ("○日時", "○", "日時"),
    ("〇　日時", "〇", "日時"),
    ("●日時", "●", "日時"),
    ("◆日時", "◆", "日時"),
    ("□日時", "□", "日時"),
    ("▽日時", "▽", "日時"),
    ("- item one", "-", "item one"),
    ("– item one", "–", "item one"),
    ("* item one", "*", "item one"),
    ("ア　衛生", "ア", "衛生"),
    ("ア 衛生", "ア", "衛生"),
    ("イ．衛生", "イ．", "衛生"),
    ("ａ　衛生", "ａ", "衛生"),
    ("a. to promote", "a.", "to promote"),
    ("b) to promote", "b)", "to promote"),
    ("i) to promote", "i)", "to promote"),
    ("iv. to promote", "iv.", "to promote"),
    ("II. Security", "II.", "Security"),
    ("Ⅰ　総論", "Ⅰ", "総論"),
    ("Ⅰ．総論", "Ⅰ．", "総論"),
    ("第１　趣旨", "第１", "趣旨"),
    ("第一章 趣旨", "第一章", "趣旨"),
    ("一　趣旨", "一", "趣旨"),
    ("1-1. Scope", "1-1.", "Scope"),
    ("1.1. Scope", "1.1.", "Scope"),
    ("※本会談には", "※", "本会談には"),
    ("※１　年度末の値", "※１", "年度末の値"),
    ("※１５時から", "※", "１５時から"),
    ("（注）本会談", "（注）", "本会談"),
    ("（注１）　本会談", "（注１）", "本会談"),
    ("注１：本会談", "注１：", "本会談"),
    ("（参考）過去の会談", "（参考）", "過去の会談"),
    ("写真　握手", "写真", "握手"),
    ("Note: He came.", "Note:", "He came."),
    ("(Note) He came.", "(Note)", "He came."),
    ("(Note 2) He came.", "(Note 2)", "He came."),
    ("Note 2: He came.", "Note 2:", "He came."),
    ("*1 He came.", "*1", "He came."),
]
UNMARKED = [
    "１５時３０分から",
    "１５ 時３０分から",
    "1,500 people came.",
    "2023年５月",
    "2023 Was a good year for all.",
    "１つは、",
    "A new era",
    "I am glad.",
    "3 ministers met",
    "3 ministers met in Tokyo yesterday.",
    "12 May 2023",
    "１．５倍",
    "1.5 times",
    "５．１０．１７",
    "- 5 degrees",
    "-5 degrees",
    "a. m.",
    "A. Smith said so.",
    "K. Lindberg, Ambassador",
    "i.e. this",
    "e. g. this",
    "（１）及び（２）について",
    "①及び②は",
    "（月）の会談",
    "○○省は",
    "・・・と述べた。",
    "△５．３％",
    "第１回会合",
    "第１回 会合",
    "一方、大臣は",
    "一、二の国",
    "アジアの国",
    "10:30 start",
    "注目すべきは",
    "()empty",
    "(Press Release) text",
    "Noted with joy",
    "Note that he came.",
    "",
    "１",
    "・",
    "（１）",
]


@pytest.mark.parametrize(("text", "marker", "rest"), MARKED)
def test_a_marker_is_split_off(text, marker, rest):
    assert split(text) == (marker, rest)


@pytest.mark.parametrize("text", UNMARKED)
def test_text_without_a_marker_is_left_alone(text):
    assert split(text) == ("", text.strip())


@pytest.mark.parametrize("text", ["A. Smith said so.", "A. Security Cooperation"])
def test_a_capital_with_a_stop_is_a_marker_in_a_list_only(text):
    assert split(text) == ("", text)
    assert split(text, listed=True) == ("A.", text[3:])


@pytest.mark.parametrize("text", ["3 ministers met", "１．５倍", "12 May 2023", "1,500 people"])
def test_a_known_row_does_not_make_a_marker_of_a_figure(text):
    assert split(text, listed=True) == ("", text)


@pytest.mark.parametrize(
    "text",
    ["１", "12", "（１）", "(a)", "・", "※", "※１", "①", "ア", "Ⅰ", "1.", "１．", "1-1.", "-", "（注）", "Note:", "ａ"],
)
def test_a_text_can_be_a_marker_alone(text):
    assert is_marker(f" {text}　")


@pytest.mark.parametrize("text", ["", "2023", "99", "0", "概要", "a", "備考", "１５時", "Notes on", "(Press)"])
def test_other_short_texts_are_no_markers(text):
    assert not is_marker(text)


@pytest.mark.parametrize("marker", ["※", "※１", "（注）", "(Note)", "Note:", "*", "（参考）", "注１：", "写真"])
def test_note_markers_make_notes(marker):
    assert is_note(marker)


@pytest.mark.parametrize("marker", ["・", "１", "", "(1)"])
def test_other_markers_do_not(marker):
    assert not is_note(marker)


@given(st.text(alphabet="１1.（(注)）・アaAⅠ※*-　 、両Note:iv2第", max_size=12) | st.text(max_size=30), st.booleans())
def test_marker_and_rest_are_the_two_ends_of_the_text(text, ordered):
    marker, rest = split(text, listed=ordered)
    stripped = text.strip()
    assert stripped.startswith(marker)
    assert stripped[len(marker) :].strip() == rest
    assert rest or not stripped
