"""A folder becomes pairs; every page that is in none is accounted for."""

from __future__ import annotations

import os
import sys
import unicodedata

import pytest

from tmalign.errors import UsageError
from tmalign.releases.corpus import scan


def lay(folder, *names):
    """Write files of different content under these names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}", encoding="utf-8")


def codes(entries):
    return [(entry.path, entry.code) for entry in entries]


def test_pairs_of_every_page_type_and_their_collections(tmp_path):
    lay(
        tmp_path,
        "top.ja.html", "top.en.html", "mixed.ja.html", "mixed.en.txt", "old.ja.htm", "old.en.xhtml",
        "2031/visits/ship.ja.txt", "2031/visits/ship.en.txt", "LOUD.JA.HTML", "LOUD.En.Txt",
        "v1.2.ja.html", "v1.2.en.html",
    )  # fmt: skip
    listing = scan(tmp_path)
    assert [(pair.id, pair.collection) for pair in listing.pairs] == [
        ("2031/visits/ship", "2031/visits"), ("LOUD", ""), ("mixed", ""), ("old", ""), ("top", ""), ("v1.2", ""),
    ]  # fmt: skip
    ship = listing.pairs[0]
    assert (ship.ja, ship.en) == (tmp_path / "2031/visits/ship.ja.txt", tmp_path / "2031/visits/ship.en.txt")
    assert (listing.pairs[2].ja_source, listing.pairs[2].en_source) == ("mixed.ja.html", "mixed.en.txt")
    assert (listing.unpaired, listing.skipped, listing.ignored) == ((), (), 0)


def test_what_is_hidden_or_no_page_is_counted_and_left(tmp_path):
    lay(tmp_path, "README.md", "gold.json", "a.tsv", "a.release", "a.xml", ".x.ja.html", ".git/a.ja.html", "a.ja.pdf")
    listing = scan(tmp_path)
    assert (listing.pairs, listing.unpaired, listing.skipped, listing.ignored) == ((), (), (), 8)


def test_a_page_without_a_partner_is_unpaired_with_the_name_to_add(tmp_path):
    lay(tmp_path, "a/one.ja.html", "b/one.en.html", "b/two.en.txt")
    listing = scan(tmp_path)
    assert codes(listing.unpaired) == [
        ("a/one.ja.html", "unpaired"), ("b/one.en.html", "unpaired"), ("b/two.en.txt", "unpaired")
    ]  # fmt: skip
    assert "no English version" in listing.unpaired[0].message
    assert "one.en.html" in listing.unpaired[0].hint
    assert "two.ja.html" in listing.unpaired[2].hint
    assert listing.pairs == ()


@pytest.mark.parametrize("name", ["page.html", "page_ja.html", "page.jp.txt", "page.ja-JP.html", "ja.html"])
def test_a_page_that_does_not_name_its_language_is_skipped(tmp_path, name):
    lay(tmp_path, name)
    (entry,) = scan(tmp_path).skipped
    assert (entry.path, entry.code) == (name, "name")
    stem, _, kind = name.rpartition(".")
    assert f"{stem}.ja.{kind}" in entry.hint


def test_two_candidates_are_both_reported_and_neither_chosen(tmp_path):
    lay(tmp_path, "x.ja.html", "x.ja.txt", "x.en.html", "y.en.html", "y.EN.html", "z.ja.html", "z.en.html")
    listing = scan(tmp_path)
    assert [pair.id for pair in listing.pairs] == ["z"]
    assert codes(listing.skipped) == [
        ("x.ja.html", "duplicate"), ("x.ja.txt", "duplicate"), ("y.EN.html", "duplicate"), ("y.en.html", "duplicate")
    ]  # fmt: skip
    assert "x.ja.txt" in listing.skipped[0].message
    assert codes(listing.unpaired) == [("x.en.html", "duplicate")]


def test_the_same_bytes_twice_cannot_be_two_languages(tmp_path):
    for name in ("a.ja.html", "a.en.html"):
        (tmp_path / name).write_text("The same.", encoding="utf-8")
    for name in ("b.ja.html", "b.en.html"):
        (tmp_path / name).touch()
    listing = scan(tmp_path)
    assert codes(listing.skipped) == [("a.ja.html", "language")]
    assert "a.en.html" in listing.skipped[0].message
    # Empty files are for the reader to refuse.
    assert [pair.id for pair in listing.pairs] == ["b"]


def test_names_meet_in_one_unicode_form(tmp_path):
    lay(tmp_path, unicodedata.normalize("NFD", "会談が.ja.txt"), unicodedata.normalize("NFC", "会談が.en.txt"))
    (pair,) = scan(tmp_path).pairs
    assert pair.id == unicodedata.normalize("NFC", "会談が")
    assert pair.ja.exists()
    assert pair.en.exists()


def test_order_does_not_depend_on_the_file_system(tmp_path):
    names = ["b", "B", "a/z", "a-b", "あ", "a"]
    for name in names:
        lay(tmp_path, f"{name}.ja.txt", f"{name}.en.txt")
    assert [pair.id for pair in scan(tmp_path).pairs] == sorted(names)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_once_and_circles_end(tmp_path):
    lay(tmp_path / "corpus", "real/a.ja.txt", "real/a.en.txt")
    lay(tmp_path / "else", "b.ja.txt", "b.en.txt")
    (tmp_path / "else" / "back").symlink_to(tmp_path / "corpus")
    for link, target in {"again": "real", "loop": ".", "outside": "../else", "self": "self"}.items():
        (tmp_path / "corpus" / link).symlink_to(target)
    (tmp_path / "corpus" / "c.ja.txt").symlink_to("nowhere.txt")
    (tmp_path / "corpus" / "d.ja.txt").symlink_to("d.ja.txt")
    listing = scan(tmp_path / "corpus")
    assert [pair.id for pair in listing.pairs] == ["outside/b", "real/a"]
    assert codes(listing.skipped) == [
        ("again", "link"), ("c.ja.txt", "missing"), ("d.ja.txt", "unreadable"), ("loop", "link"),
        ("outside/back", "link"),
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "a.ja.txt")
    lay(tmp_path, "a.en.txt")
    listing = scan(tmp_path)
    assert codes(listing.skipped) == [("a.ja.txt", "unreadable")]
    assert codes(listing.unpaired) == [("a.en.txt", "unpaired")]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_name_that_is_no_text_is_skipped(tmp_path):
    path = os.fsencode(tmp_path) + b"/\x93\xfa.ja.txt"
    with open(path, "wb"):  # noqa: PTH123 - a path of bytes
        pass
    (entry,) = scan(tmp_path).skipped
    assert (entry.code, "UTF-8" in entry.message) == ("name", True)
    entry.path.encode("utf-8")


def test_the_output_folder_is_not_read(tmp_path):
    lay(tmp_path, "a.ja.txt", "a.en.txt", "out/b.ja.txt", "out/b.en.txt", "out/memory.sqlite")
    listing = scan(tmp_path, exclude=tmp_path / "nested" / ".." / "out")
    assert [pair.id for pair in listing.pairs] == ["a"]
    assert listing.ignored == 0


def test_an_unreadable_folder_is_reported_and_the_rest_is_read(ordinary_user):
    folder = ordinary_user
    lay(folder, "a.ja.txt", "a.en.txt", "locked/b.ja.txt")
    (folder / "locked").chmod(0)
    try:
        listing = scan(folder)
        assert [pair.id for pair in listing.pairs] == ["a"]
        assert codes(listing.skipped) == [("locked", "unreadable")]
        with pytest.raises(UsageError, match="cannot be read"):
            scan(folder / "locked")
    finally:
        (folder / "locked").chmod(0o700)


def test_a_corpus_must_be_a_folder(tmp_path):
    lay(tmp_path, "file")
    with pytest.raises(UsageError, match="no such folder"):
        scan(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="not a folder") as caught:
        scan(tmp_path / "file")
    assert caught.value.exit_code == 2
