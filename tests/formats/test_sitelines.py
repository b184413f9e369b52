"""Lines of the site are told from lines of the release by what they say (all invented)."""

import pytest

from tmalign.formats import sitelines

PHRASES = [
    "Page Top | Home",
    "Japanese | Site Map",
    "[ENGLISH] [印刷]",
    "文字サイズ変更 小 中 大",
    "このページのトップへ戻る",
    "Copyright (C) Ministry of Seas",
    "海川庁 〒000-0000 Copyright © 2022 Seas Agency. All Rights Reserved.",
    "ページ番号：1002345",
    "ＰＤＦファイルを御覧になるには、アドビリーダーが必要です。右のボタンからダウンロードしてください。",
    "Read more",
]
NO_PHRASES = [
    "英語教育の推進",
    "The top of the page was torn.",
    "Home Affairs Bureau",
    "ホームページを開設した。",
    "They signed the copyright treaty.",
    "議事録をPDFで公表した。",
    "大・中・小企業",
]
ADDRESSES = [
    "〒000-0000　東京都港中央区汐先2-2-1",
    "東京都港中央区汐先２－２－１",
    "5-6 Minato, Shio-ku, Tokyo 000-0000 (switchboard 00-0000-0000)",
    "1-1-1 Shiosaki, Chuo-ku, Tokyo",
    "電話番号：03-0000-0000（代表）",
    "Tel. 03-0000-0000 (ext. 45)",
]
NO_ADDRESSES = [
    "東京都において会談を行った。",
    "They met in Tokyo, Japan, on 1-2 May.",
    "The ship called at Minato-ku from 10-12 May 2020.",
    "12-3 Tokyo",
]


@pytest.mark.parametrize("text", PHRASES)
def test_buttons_and_notices_of_the_site(text):
    assert sitelines.is_phrase(text)


@pytest.mark.parametrize("text", NO_PHRASES)
def test_lines_of_a_release_are_no_buttons(text):
    assert not sitelines.is_phrase(text)


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses(text):
    assert sitelines.is_address(text)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_places_and_ranges_are_no_addresses(text):
    assert not sitelines.is_address(text)


@pytest.mark.parametrize(
    "text", ["Home / Press / 2023", "ホーム ／ お知らせ ／ English", "トップ ＞ 報道 ＞ 覚書", "Top > Press"]
)
def test_paths_of_pages(text):
    assert sitelines.is_breadcrumb(text)


@pytest.mark.parametrize(
    "text", ["Norland / Verma", "防衛省 / 外務省", "日時 / 場所 / 出席者", "ホーム／アウェーの試合を行った。"]
)
def test_alternatives_are_no_paths(text):
    assert not sitelines.is_breadcrumb(text)


@pytest.mark.parametrize("text", ["（了）", "（以上）", "以　上", "(END)", "- End -", "(End of statement)", "###"])
def test_closings(text):
    assert sitelines.is_closing(text)


@pytest.mark.parametrize("text", ["以上のとおり。", "The End of the War", "End of Mission Report", "完了"])
def test_sentences_that_only_begin_so_are_no_closings(text):
    assert not sitelines.is_closing(text)


@pytest.mark.parametrize(
    "text", ["関連リンク", "More news", "Media inquiries", "本件に関するお問い合わせ先", "Subscribe to our newsletter"]
)
def test_headings_of_what_leads_elsewhere(text):
    assert sitelines.is_related(text)


@pytest.mark.parametrize(
    "text", ["News", "関連する条約", "Contact Group on Piracy", "お知らせ", "More news from the front"]
)
def test_headings_of_a_release_lead_nowhere_else(text):
    assert not sitelines.is_related(text)


def test_captions_lose_the_word_that_says_so():
    assert sitelines.bare_caption("（写真１）握手する両大臣") == "握手する両大臣"
    assert sitelines.bare_caption("写真を公開した。") == "写真を公開した。"
