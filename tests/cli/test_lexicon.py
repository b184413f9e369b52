"""`tmalign lexicon import`, and its tables in use."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def glossary(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text(
        "# invented\n現状変更の試み\tattempts to change the status quo\nゾルマ\theron\tnote\nbroken\n", encoding="utf-8"
    )
    return path


def test_a_glossary_becomes_a_table_that_align_uses(tmalign_command, glossary, tmp_path):
    table = tmp_path / "mine.table"
    ended = tmalign_command("lexicon", "import", glossary, "--out", table, "--json", encoding="ascii")
    counts = json.loads(ended.out)
    assert ended.code == 1
    assert "mine.tsv:4: no Japanese and English term side by side" in ended.err
    assert (counts["entries"], counts["words"], counts["refused"], counts["too_long"]) == (2, 2, 1, 0)
    rows = json.dumps({"id": "a", "ja": ["ゾルマ。"], "en": ["heron"]}).encode()
    plain, mine = (
        json.loads(tmalign_command("align", "--batch", "-", "--explain", *options, given=rows).out)["beads"][0]
        for options in ([], ["--lexicon", table])
    )
    assert {"kind": "word", "ja": "ゾルマ", "en": "heron"}.items() <= mine["explanation"]["matches"][0].items()
    assert all(match["kind"] != "word" for match in plain["explanation"]["matches"])


def test_the_same_list_gives_the_same_bytes(tmalign_command, glossary, tmp_path):
    found = []
    for folder in ("a", "b"):
        out = tmp_path / folder / "t.table"
        tmalign_command("lexicon", "import", glossary, "--out", out)
        found.append(out.read_bytes())
    assert found[0] == found[1]


def test_terms_of_too_many_words_are_counted(tmalign_command, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("力による一方的な現状変更の試みに反対する,oppose attempts\n同盟,of the\n", encoding="utf-8")
    ended = tmalign_command("lexicon", "import", path, "--out", tmp_path / "t.table")
    assert ended.code == 0
    assert "1 English terms of no content word" in ended.lines[1]
    assert "1 Japanese terms of more than six words" in ended.lines[1]


def test_wrong_files_end_in_a_message(tmalign_command, glossary, tmp_path):
    for file in (tmp_path, tmp_path / "none", *[tmp_path / "empty"]):
        if file.name == "empty":
            file.touch()
        ended = tmalign_command("lexicon", "import", file, "--out", tmp_path / "t.table")
        assert (ended.code, ended.out) == (1, b"")
        assert "tmalign: " in ended.err
    assert not (tmp_path / "t.table").exists()
    assert tmalign_command("lexicon", "import", glossary, "--out", tmp_path).code == 2
    for table in (glossary, tmp_path, tmp_path / "none"):
        ended = tmalign_command("align", "--batch", "-", "--lexicon", table, given=b"{}")
        assert (ended.code, ended.out) == (1, b"")
