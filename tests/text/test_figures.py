"""Figures: equal meanings give equal keys in both languages; words with kanji digits inside stay words."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.text.figures import FigureKind, compare, english_patterns, figures, japanese, readings
from tmalign.text.width import normalise


def keys(text, language):
    return [figure.keys[0] for figure in figures(text, language)]


SAME = [
    # money and large numbers
    ("予算は１２億３千万円です", "a budget of 1.23 billion yen", ["N:1230000000"]),
    ("12億3,000万円", "JPY 1.23bn", ["N:1230000000"]),
    ("十二億三千万円", "¥1,230,000,000", ["N:1230000000"]),
    ("150万ドル", "US$1.5 million", ["N:1500000"]),
    ("1万5千人", "15,000 people", ["N:15000"]),
    ("千二百隻", "one thousand two hundred vessels", ["N:1200"]),
    ("250万人", "two and a half million people", ["N:2500000"]),
    ("50万人", "half a million people", ["N:500000"]),
    ("百五人", "one hundred and five people", ["N:105"]),
    ("25機", "twenty-five aircraft", ["N:25"]),
    ("５００億円", "50 billion yen", ["N:50000000000"]),
    ("1兆円", "one trillion yen", ["N:1000000000000"]),
    ("1 億 4 千万ドル", "$140 million", ["N:140000000"]),
    ("170 万人と240 万人", "1.7 million and 2.4 million", ["N:1700000", "N:2400000"]),
    ("１８２・４４ドル", "$182.44", ["N:182.44"]),
    # dates
    ("令和3年6月25日", "25 June 2021", None),
    ("2021-06-25", "2021/6/25", ["N:2021", "M:6", "N:25"]),
    ("6月25日", "the 25th of June", None),
    ("6月25日", "June 25", ["M:6", "N:25"]),
    ("令和元年", "2019", ["N:2019"]),
    ("昭和六十四年", "1989", ["N:1989"]),
    ("平成30年", "Heisei 30", ["N:2018"]),
    ("令和3年(2021年)", "Reiwa 3 (2021)", ["N:2021"]),
    ("R3.6.25", "2021-06-25", ["N:2021", "M:6", "N:25"]),
    ("二〇二四年", "2024", ["N:2024"]),
    ("2023年度", "FY2023", ["N:2023"]),
    ("令和5年度", "fiscal year 2023", ["N:2023"]),
    ("1990年代", "the 1990s", ["N:1990"]),
    ("21世紀", "the twenty-first century", ["N:21"]),
    ("５月", "in May", ["M:5"]),
    ("11 月", "in November", ["M:11"]),
    ("6～8月", "June to August", ["M:6", "M:8"]),
    ("金曜日", "on Friday", ["W:5"]),
    ("25日（金）", "25 (Fri)", ["N:25", "W:5"]),
    # times
    ("15時30分", "3:30 p.m.", ["T:15:30"]),
    ("午後３時30分", "1530 JST", ["T:15:30"]),
    ("午後３時半", "15:30", ["T:15:30"]),
    ("午前０時", "midnight", ["T:0:00"]),
    ("正午", "noon", ["T:12:00"]),
    ("午後0時15分", "12:15 p.m.", ["T:12:15"]),
    ("15～17時", "3-5 p.m.", ["T:15:00", "T:17:00"]),
    ("九時三十分", "half past nine", ["T:9:30"]),
    # shares, ordinals, counts
    ("３割", "30 percent", ["P:30"]),
    ("３割５分", "35%", ["P:35"]),
    ("1.5パーセント", "1.5 per cent", ["P:1.5"]),
    ("3～5％", "3 to 5%", ["P:3", "P:5"]),
    ("９９・９パーセント", "99.9%", ["P:99.9"]),
    ("第３回", "the third meeting", ["N:3"]),
    ("第三回", "the 3rd meeting", ["N:3"]),
    ("２０番目", "the twentieth", ["N:20"]),
    ("三者会談", "three-way talks", ["N:3"]),
    ("五か国", "five countries", ["N:5"]),
    ("1.5倍", "1.5 times", ["N:1.5"]),
    ("一・五倍", "1.5 times", ["N:1.5"]),
    ("三分の一", "one-third", ["N:1/3"]),
    ("3分の2", "two-thirds of it", ["N:2/3"]),
    ("1/3", "one third", ["N:1/3"]),
    ("3～5日", "3-5 days", ["N:3", "N:5"]),
    ("2～3億円", "200 to 300 million yen", ["N:200000000", "N:300000000"]),
    ("200万～300万", "two to three million", ["N:2000000", "N:3000000"]),
    ("12個", "a dozen", ["N:12"]),
    ("36個", "three dozen", ["N:36"]),
    ("2時間半", "two and a half hours", ["N:2.5"]),
    ("数十人", "dozens of people", ["Q:10"]),
    ("数万人", "tens of thousands of people", ["Q:10000"]),
    ("20年", "two decades", ["N:20"]),
    ("30歳", "30-year-old", ["N:30"]),
    ("三十歳", "aged 30", ["N:30"]),
    # codes
    ("Ｆ―３５Ｂ", "F-35B", ["X:F35B"]),
    ("Ｇ７", "G7", ["X:G7"]),
    ("03-1234-5678", "03-1234-5678", ["X:0312345678"]),
]


@pytest.mark.parametrize(("ja", "en", "expected"), SAME)
def test_equal_meanings(ja, en, expected):
    left, right = keys(ja, "ja"), keys(en, "en")
    if expected is None:  # the order of a date differs
        assert sorted(left) == sorted(right) != []
    else:
        assert left == expected
        assert right == expected
    assert compare(figures(ja, "ja"), figures(en, "en")).agrees


@pytest.mark.parametrize(
    "word",
    [
        "一致",
        "一方",
        "一層",
        "三菱",
        "千葉",
        "八百屋",
        "四国",
        "唯一",
        "万全",
        "一般",
        "十分",
        "統一",
        "一部",
        "一時",
        "一緒",
        "五十嵐",
        "六本木",
        "万一",
        "千代田",
        "百合",
        "億単位",
        "第三四半期には",
        "二酸化炭素",
        "九州",
        "四日市",
        "三日月",
        "十字",
        "三重県",
        "七夕",
        "一体",
        "当時",
        "同時",
        "半ば",
        "過半数",
        "日本",
        "土地",
        "金属",
    ],
)
def test_words_with_kanji_digits_are_words(word):
    found = [figure.text for figure in figures(f"この{word}の", "ja") if not figure.weak]
    assert found == (["第三"] if word.startswith("第三") else [])


@pytest.mark.parametrize(
    "text",
    [
        "It may rain.",
        "They march on.",
        "Theresa May spoke.",
        "an august body",
        "No figures here.",
        "He sat down, and won.",
        "a person",
        "the fifties sun",
    ],
)
def test_english_without_strong_figures(text):
    assert [figure.text for figure in figures(text, "en") if not figure.weak] == []


@pytest.mark.parametrize(
    ("text", "language", "weak"),
    [
        ("一つ", "ja", True),
        ("二つ", "ja", False),
        ("1週間", "ja", True),
        ("1%", "ja", False),
        ("1月", "ja", False),
        ("one", "en", True),
        ("second", "en", True),
        ("third", "en", False),
        ("bilateral", "en", True),
        ("COVID-19", "en", True),
        ("half", "en", True),
    ],
)
def test_weak(text, language, weak):
    assert [figure.weak for figure in figures(text, language)] == [weak]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("３時半", "ja", ("T:3:30", "T:15:30")),
        ("令和3年", "ja", ("N:2021", "N:3")),
        ("21年", "ja", ("N:21", "N:2021")),
        ("98年", "ja", ("N:98", "N:1998")),
        ("100m", "en", ("N:100000000", "N:100")),
        ("$100m", "en", ("N:100000000",)),
        ("at 1530", "en", ("N:1530", "T:15:30")),
        ("2,06,737", "en", ("N:206737",)),
        ("2-3 million", "en", ("N:2000000", "N:2")),
        ("three quarters", "en", ("N:0.75", "N:3", "P:75")),
    ],
)
def test_further_readings(text, language, expected):
    assert figures(text, language)[0].keys == expected


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("12億円", "ja", FigureKind.MONEY),
        ("2021年", "ja", FigureKind.YEAR),
        ("2021年度", "ja", FigureKind.FISCAL_YEAR),
        ("6月", "ja", FigureKind.MONTH),
        ("25日", "ja", FigureKind.DAY),
        ("21世紀", "ja", FigureKind.CENTURY),
        ("第2", "ja", FigureKind.ORDINAL),
        ("30代", "ja", FigureKind.DECADE),
        ("$5", "en", FigureKind.MONEY),
        ("5 yen", "en", FigureKind.MONEY),
        ("the 5th", "en", FigureKind.ORDINAL),
        ("1996", "en", FigureKind.YEAR),
        ("FY24", "en", FigureKind.FISCAL_YEAR),
        ("12 years old", "en", FigureKind.AGE),
    ],
)
def test_kinds(text, language, kind):
    assert [figure.kind for figure in figures(text, language)] == [kind]


def test_spans_stand_in_the_source():
    text = "㈱山川は\u200b１２億３千万円を㋅２５日に"
    found = figures(text, "ja")
    assert [figure.text for figure in found] == ["１２億３千万円", "㋅", "２５日"]
    assert all(text[figure.start : figure.end] == figure.text for figure in found)


def test_comparison_says_what_is_left():
    ja, en = figures("６月25日に3隻、5機", "ja"), figures("On June 24, 3 ships and one boat", "en")
    result = compare(ja, en)
    assert [(left.text, right.text) for left, right in result.matched] == [("６月", "June"), ("3隻", "3")]
    assert [figure.text for figure in result.only_ja] == ["25日", "5機"]
    assert [figure.text for figure in result.only_en] == ["24", "one"]
    assert not result.agrees


def test_comparison_prefers_first_keys():
    # 3時半 could be 3:30 or 15:30; each side's sure time goes to its own partner.
    result = compare(figures("15時30分と3時半", "ja"), figures("3:30 a.m. and 3:30 p.m.", "en"))
    assert result.agrees
    assert [(left.text, right.text) for left, right in result.matched] == [
        ("15時30分", "3:30 p.m."),
        ("3時半", "3:30 a.m."),
    ]


def test_each_figure_matches_once():
    result = compare(figures("3隻と3機", "ja"), figures("3 ships", "en"))
    assert len(result.matched) == 1
    assert len(result.only_ja) == 1


# --- a number written in every notation ---------------------------------------------------------------------------


def kanji(value):
    """Write a number below 10**16 in kanji with units."""
    digits = "〇一二三四五六七八九"
    text = ""
    for scale, name in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        group, value = divmod(value, scale)
        if not group:
            continue
        for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, group = divmod(group, unit)
            if digit:
                # 一千 before a large unit, 千 alone: both are in use; one is enough here.
                text += ("" if digit == 1 and mark and not (name and mark == "千") else digits[digit]) + mark
        text += name
    return text


def mixed(value, wide):
    """Write a number with digits and large units: 12億3,000万."""
    text = ""
    for scale, name in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        group, value = divmod(value, scale)
        if group:
            text += f"{group:,}{name}"
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}) if wide else text


def spoken(value):
    """Write a number in English words."""
    ones = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if value < 20:
        return ones[value]
    if value < 100:
        return tens[value // 10 - 2] + (f"-{ones[value % 10]}" if value % 10 else "")
    if value < 1000:
        return f"{ones[value // 100]} hundred" + (f" and {spoken(value % 100)}" if value % 100 else "")
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if value >= scale:
            rest = value % scale
            joint = " and " if 0 < rest < 100 else " "
            return f"{spoken(value // scale)} {name}" + (joint + spoken(rest) if rest else "")
    raise AssertionError(value)


@given(st.integers(2, 10**15 - 1), st.booleans())
def test_every_notation_has_one_key(value, wide):
    key = [f"N:{value}"]
    assert keys(f"{kanji(value)}人", "ja") == key
    assert keys(f"{mixed(value, wide)}円", "ja") == key
    assert keys(f"{value:,}人", "ja") == key
    assert keys(f"{value:,} people", "en") == key
    assert keys(f"there were {spoken(value)} people", "en") == key


@given(st.integers(1, 999), st.integers(0, 99), st.sampled_from([("億", 10**8), ("万", 10**4), ("", 1)]))
def test_decimals(whole, hundredths, unit):
    value = (Fraction(whole) + Fraction(hundredths, 100)) * unit[1]
    text = f"{whole}.{hundredths:02d}"
    english = f"{whole}.{hundredths:02d}" if unit[1] == 1 else f"{float(value / 10**6):.6f} million"
    assert keys(f"{text}{unit[0]}ドル", "ja") == keys(f"{english} dollars", "en") != []


@given(st.dates(dt.date(1990, 1, 1), dt.date(2199, 12, 31)))
def test_dates(date):
    expected = sorted([f"N:{date.year}", f"M:{date.month}", f"N:{date.day}"])
    assert sorted(keys(f"It was on {date:%B} {date.day}, {date.year}.", "en")) == expected
    assert sorted(keys(f"on {date.day} {date:%b} {date.year}", "en")) == expected
    assert sorted(keys(f"{date.year}年{date.month}月{date.day}日", "ja")) == expected
    assert sorted(keys(f"{kanji(date.year)}年{kanji(date.month)}月{kanji(date.day)}日", "ja")) == expected
    if date.year >= 2020:
        assert sorted(keys(f"令和{date.year - 2018}年{date.month}月{date.day}日", "ja")) == expected


@given(st.integers(0, 23), st.integers(1, 59))
def test_times(hour, minute):
    key = f"T:{hour}:{minute:02d}"
    half, kana = ("a.m.", "午前") if hour < 12 else ("p.m.", "午後")
    assert keys(f"{kana}{hour % 12}時{minute}分", "ja") == [key]
    assert keys(f"{hour}:{minute:02d}", "ja") == [key]
    assert keys(f"at {hour % 12 or 12}:{minute:02d} {half}", "en") == [key]
    assert keys(f"{hour:02d}{minute:02d} JST", "en") == [key]


@given(
    st.text("0123456789一二十百千万億〇第数,.・/:-~～年月日時分半%割円 aAFYmpkst$¥(金)", max_size=14),
    st.sampled_from(["ja", "en"]),
)
def test_any_text_is_read(text, language):
    found = figures(text, language)
    assert all(figure.keys and text[figure.start : figure.end] == figure.text for figure in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    assert readings(normalise(text), language) == [(figure.keys, figure.weak) for figure in found]


@given(
    st.text("012一二十百万数何幾第半午前後正明治大昭和平成令元年月日時分額ゼロ曜火金)(・ aAFYMUS$¥-./:IVX", max_size=12)
)
def test_no_japanese_token_begins_where_none_is_looked_for(text):
    for start in range(len(text)):
        if japanese.next_candidate(text, start) != start:
            match = japanese._FORMS.match(text, start) or japanese._NUMBER.match(text, start)
            # A numeral may go on over a space, but none begins with one.
            assert match is None or text[start] == " ", match


@given(
    st.lists(st.sampled_from(["JPY", "USD", "EUR", "GBP", "AUD", "CNY", "KRW", "FY", *"USANZK$¥€£₩₹ '-x"]), max_size=4)
)
def test_what_leads_a_number_over_a_space_ends_in_few_characters(pieces):
    text = "".join(pieces) + " "
    assert english_patterns.LEAD.search(text) is None or text[-2] in english_patterns.BEFORE_SPACE


@pytest.mark.parametrize("run", ["1", "１", "千", "億", "一", "1,", "2千", "・1", "1.", "二十"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_long_runs_of_numerals_end(run, language):
    # Far beyond any figure, and beyond what int() converts: read as something, at once.
    for figure in figures(run * 6000, language):
        assert figure.text
