"""`tmalign extract` on input that is not what it should be."""

from __future__ import annotations

import json

import pytest

PAGE = "<title>会談</title><h1>会談</h1><p>令和3年6月25日</p><p>&#xD800;大臣は、𠮷田氏と会談した。</p>"


def test_a_page_in_any_locale(tmalign_command, tmp_path):
    page = tmp_path / "a.ja.html"
    page.write_text(PAGE, encoding="utf-8")
    for options in [[], ["--json"]]:
        plain = tmalign_command("extract", page, *options)
        assert plain.code == 0
        assert "𠮷田氏と会談した。" in plain.out.decode("utf-8")
        assert tmalign_command("extract", page, *options, encoding="ascii") == plain
    assert json.loads(plain.out)["date"] == "2021-06-25"


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf", b"\x00" * 50, b"<html></html>", b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 40]
)
def test_a_page_without_text_is_refused(tmalign_command, tmp_path, data):
    page = tmp_path / "a.ja.html"
    page.write_bytes(data)
    ended = tmalign_command("extract", page, "--json")
    assert (ended.code, ended.out) == (1, b"")
    assert ended.err.startswith("tmalign: ")


@pytest.mark.parametrize(
    "data",
    [
        b"<p>" * 3000 + "終".encode(),
        b"<!--" + "あ".encode() * 30,
        b"&#x110000;&#0;\xe3\x81\x82",
        b"<p \xff\xfe>\xe3\x81\x82",
    ],
)
def test_odd_pages_end_in_an_answer_or_a_message(tmalign_command, tmp_path, data):
    page = tmp_path / "a.ja.html"
    page.write_bytes(data)
    ended = tmalign_command("extract", page, "--json")
    assert ended.code in {0, 1}
    assert json.loads(ended.out) if ended.code == 0 else ended.err.startswith("tmalign: ")


def test_folders_and_missing_pages_are_named(tmalign_command, tmp_path):
    for page in (tmp_path, tmp_path / "none.ja.html"):
        ended = tmalign_command("extract", page)
        assert (ended.code, ended.out) == (1, b"")
        assert ended.err.startswith("tmalign: ")
