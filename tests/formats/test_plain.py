"""Plain text becomes blocks: wrapped lines joined, kinds told, every character traced to its source."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmalign.formats.plain import read_plain
from tmalign.model import BlockKind

ENGLISH = """
(Press Release)

May 12, 2023
Ministry of Rivers

Talks between the Ministers of Two Rivers

On May 12 both Ministers of Rivers met for an hour at the old mill to talk about bridges.

1 They looked at the plans and said that the bridge would be built by the end of the year.

2 They spoke of boats.

(Note) The mill was closed to visitors on that day.
"""
JAPANESE_WRAPPED = """川の大臣会談

令和５年５月１２日（金）

　本日、川の大臣は、水車小屋において隣国の川の大臣と会談を行い、橋とボー
トの計画について一時間にわたり話し合った。両大臣は、橋を年末までに完成さ
せることで一致した。

１　両大臣は、計画を見た。

・　船の数

※　当日、小屋は閉まっていた。
"""
ENGLISH_WRAPPED = """    The two Ministers of Rivers met at the old mill by the water and
talked for an hour about bridges, boats and the price of H.E. Mr. R.
Miller's flour. Nobody wrote it down.
    They then walked along the river, where the well-known ferry of the
old town lay, and looked at it.
"""


def _shown(reading):
    return [(block.kind.value, block.marker, block.text) for block in reading.blocks]


def test_an_english_release_is_read_in_full():
    reading = read_plain(ENGLISH, "en")
    assert reading.title == "Talks between the Ministers of Two Rivers"
    assert reading.date == "2023-05-12"
    assert [(block.kind.value, block.marker, block.line) for block in reading.blocks][1:] == [
        ("dateline", "", 4),
        (reading.blocks[2].kind.value, "", 5),
        ("title", "", 7),
        ("paragraph", "", 9),
        ("item", "1", 11),
        ("item", "2", 13),
        ("note", "(Note)", 15),
    ]


def test_japanese_lines_join_with_nothing_between():
    reading = read_plain(JAPANESE_WRAPPED, "ja")
    assert (reading.title, reading.date) == ("川の大臣会談", "2023-05-12")
    assert _shown(reading)[2:] == [
        (
            "paragraph",
            "",
            JAPANESE_WRAPPED.split("\n\n")[2].replace("\n", "").strip("　"),
        ),
        ("item", "１", "両大臣は、計画を見た。"),
        ("item", "・", "船の数"),
        ("note", "※", "当日、小屋は閉まっていた。"),
    ]


def test_an_inset_line_begins_a_paragraph_and_an_initial_ends_none():
    assert [block.text for block in read_plain(ENGLISH_WRAPPED, "en").blocks] == [
        " ".join(ENGLISH_WRAPPED.split()[:34]),
        " ".join(ENGLISH_WRAPPED.split()[34:]),
    ]


def test_two_inset_paragraphs_of_one_line_stay_two():
    text = (
        ENGLISH_WRAPPED + "    They thanked the miller of the town warmly for his help and left.\n    All was well.\n"
    )
    assert [block.text for block in read_plain(text, "en").blocks][2:] == [
        "They thanked the miller of the town warmly for his help and left.",
        "All was well.",
    ]


def test_text_that_hangs_under_a_marker_goes_on():
    text = (
        "(1) The Ministers looked at the plans of the bridge over the river.\n"
        "    They were content with what they saw of it, and they said so to\n"
        "    everyone.\n"
        "(2) They spoke of boats.\n"
    )
    assert _shown(read_plain(text, "en")) == [
        (
            "item",
            "(1)",
            " ".join(text.partition("\n(2)")[0].split()[1:]),
        ),
        ("item", "(2)", "They spoke of boats."),
    ]


def test_two_latin_words_keep_a_space_in_japanese():
    text = "川の大臣は、水車小屋において橋とボートと粉の計画について River and\nMill Forum の場で話し合った。\n"
    assert read_plain(text, "ja").blocks[0].text.count("River and Mill Forum") == 1


@pytest.mark.parametrize(
    ("text", "language", "label", "said"),
    [
        ("記者：橋はいつ完成しますか。\n", "ja", "記者：", "橋はいつ完成しますか。"),
        ("【大臣】\n年末までに完成します。\n", "ja", "【大臣】", "年末までに完成します。"),
        ("Q: When will the bridge be built?\n", "en", "Q:", "When will the bridge be built?"),
        ("Reporter:\nWhen will the bridge be built?\n", "en", "Reporter:", "When will the bridge be built?"),
        ("Minister Miller\nIt will be built this year.\n", "en", "Minister Miller", "It will be built this year."),
    ],
)
def test_speakers_are_blocks_of_their_own(text, language, label, said):
    assert _shown(read_plain(text, language)) == [("speaker", "", label), ("paragraph", "", said)]


def _source(block, text):
    """Yield each character of a block with the one its runs lead to."""
    runs = [*block.runs, (len(block.text), 0)]
    for (start, source), (end, _) in itertools.pairwise(runs):
        for offset in range(start, end):
            at = source + offset - start
            yield block.text[offset], text[at] if at < len(text) else ""


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE_WRAPPED, ENGLISH_WRAPPED, ENGLISH.replace("\n", "\r\n")])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_character_but_a_joining_space_leads_to_itself_in_the_source(text, language):
    for block in read_plain(text, language).blocks:
        assert block.runs[0][0] == 0
        assert text.splitlines()[block.line - 1].strip().endswith(text[block.runs[0][1] :].splitlines()[0].strip())
        assert all(shown == source or (shown == " " and source.isspace()) for shown, source in _source(block, text))


LINES = st.text(alphabet="川の大臣、。（）１ 　ab.A:・※-\n\r\t\xa0\u200b\xad", max_size=80)


@given(LINES | st.text(max_size=80), st.sampled_from(["ja", "en"]))
@example("\x1b 0\x7f ", "en")
@example("\x08\t0", "ja")
def test_no_letter_is_lost_and_all_are_traced(text, language):
    blocks = read_plain(text, language).blocks
    for block in blocks:
        assert block.text == block.text.strip()
        assert block.text
        assert all(shown in {source, " "} for shown, source in _source(block, text))
    kept = sum(character in "川大臣ab" for block in blocks for character in block.text + block.marker)
    assert kept == sum(character in "川大臣ab" for character in text)


def test_time_grows_with_length_and_not_faster():
    blocks = read_plain("川の大臣は、会談を行い、\n" * 20_000, "ja").blocks
    assert sum(len(block.text) for block in blocks) >= 20_000


def test_an_empty_text_has_no_blocks():
    reading = read_plain(" \n　\n", "ja")
    assert (reading.title, reading.date, reading.blocks) == ("", "", ())
    assert BlockKind.TITLE not in {block.kind for block in reading.blocks}
