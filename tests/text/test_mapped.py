"""Pages of mapped files are given back, and what they hold is still there."""

import mmap
import re
from pathlib import Path

import pytest

from tmalign.text import mapped, words
from tmalign.text.mapped import give_back, mapped_ranges

on_linux = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what is mapped")
SIZE = 16 << 20


def resident():
    """Return the bytes of mapped files that this process holds."""
    return int(re.search(r"RssFile:\s+(\d+)", Path("/proc/self/status").read_text())[1]) << 10


@on_linux
def test_pages_go_and_come_back(tmp_path):
    folder = tmp_path / "a folder"  # a space in the path must not mislead
    folder.mkdir()
    content = bytes(range(256)) * (SIZE // 256)
    (folder / "data").write_bytes(content)
    with (folder / "data").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        assert view[:] == content
        ranges = mapped_ranges(folder)
        assert [end - start for start, end in ranges] == [SIZE]
        assert mapped_ranges(tmp_path) == []
        held = resident()
        give_back(ranges)
        assert resident() < held - SIZE // 2
        assert view[:] == content


def test_nothing_is_done_where_nothing_is_known(monkeypatch, tmp_path):
    monkeypatch.setattr(mapped, "_MAPS", tmp_path / "none")
    assert mapped_ranges(tmp_path) == []
    give_back([])


@on_linux
def test_the_dictionary_is_given_back_and_goes_on_working(monkeypatch):
    text = "日本と英国の外務大臣は、力による一方的な現状変更の試みに反対した。"
    before = words.morphemes(text)
    assert words._tagger()._pages
    given = []
    monkeypatch.setattr(words, "give_back", lambda pages: given.append(give_back(pages)))
    monkeypatch.setattr(words, "_LOOK_AFTER", 3)
    monkeypatch.setattr(words, "_MOST_RESIDENT", 1 << 60)
    assert [words.morphemes(text) for _ in range(8)] == [before] * 8
    assert not given  # memory is not short
    monkeypatch.setattr(words, "_MOST_RESIDENT", 0)
    assert [words.morphemes(text) for _ in range(8)] == [before] * 8
    assert 2 <= len(given) <= 3
    words.give_dictionary_back()
    assert len(given) >= 3
    assert words.morphemes(text) == before
