"""Whole pages against the blocks a reader sees, and pages made to do harm."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import TmalignError
from tmalign.formats.documents import read_document

PAGES = sorted((Path(__file__).parent / "pages").glob("*.json"))


@pytest.mark.parametrize("wanted", PAGES, ids=lambda path: path.stem)
def test_a_page_reads_as_its_gold(wanted):
    gold = json.loads(wanted.read_text(encoding="utf-8"))
    document = read_document(wanted.with_suffix(".html"), gold["language"])
    blocks = [{"kind": b.kind.value, "marker": b.marker, "text": b.text} for b in document.blocks]
    assert blocks == gold["blocks"]
    assert (document.title, document.date, document.encoding) == (gold["title"], gold["date"], gold["encoding"])


def read(tmp_path, markup):
    page = tmp_path / "page.en.html"
    page.write_bytes(markup if isinstance(markup, bytes) else markup.encode())
    return read_document(page, "en")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "<p>It is deep.</p>",
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><p>It is &b;&b; big.</p>',
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>It is &x; private.</p>',
        "<p>" + "<b>" * 50_000 + "It is bold.",
        "<table><tr><td>" * 3_000 + "It is nested.",
        "<p " + "a=b " * 100_000 + ">It has attributes.</p>",
        "<p>It is &eacute; &amp so &#8220;on&#8221 &bogus; &nbsp",
        "<table><tr><td><p>It begins<p>and <b>goes on.</td><td>",
        "It is said<!-- and never closed",
        '<div class="caption">x</div>' * 20_000 + "<p>It is short.</p>",
        "<title>" + "A | " * 200_000 + "</title><p>It is titled.</p>",
    ],
    ids=[
        "depth",
        "entities",
        "external",
        "inline",
        "tables",
        "attributes",
        "references",
        "unclosed",
        "comment",
        "captions",
        "title",
    ],
)
def test_harmful_pages_end_in_text_or_a_message(tmp_path, markup):
    begin = time.process_time()
    try:
        text = " ".join(block.text for block in read(tmp_path, markup).blocks)
    except TmalignError as error:
        assert error.hint  # noqa: PT017 - either end is right
    else:
        assert "It " in text
        assert "root:" not in text
        assert len(text) < 50_000
    assert time.process_time() - begin < 30  # bounded, not timed


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<td>", "<li>", "<br>", "<", "&#x0;", "&amp", "Text.", "１　本文。", "\n", "<h1>", "]]>"]
        )
    )
)
def test_tag_soup_gives_blocks_or_a_typed_error(tmp_path_factory, parts):
    page = tmp_path_factory.mktemp("soup") / "soup.ja.html"
    page.write_text("".join(parts), encoding="utf-8")
    try:
        document = read_document(page, "ja")
    except TmalignError as error:
        assert str(error)  # noqa: PT017 - either end is right
    else:
        assert all(block.text.strip() == block.text and block.text for block in document.blocks)
