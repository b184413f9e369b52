"""Gold alignments as JSON Lines."""

import json

import pytest
from tmalign.align.gold import read_gold, segment
from tmalign.errors import FormatError, MissingFileError
from tmalign.model import BlockKind, Segment

ROW = {"id": "a", "ja": ["甲。", "乙。"], "en": ["A."], "beads": [[[0, 1], [0]]]}


def written(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_documents_come_in_order(tmp_path):
    first, second = read_gold(written(tmp_path / "g.jsonl", ROW, {**ROW, "id": "b", "beads": []}))
    assert (first.id, second.id) == ("a", "b")
    assert first.ja == (Segment("甲。"), Segment("乙。"))
    assert first.beads == (((0, 1), (0,)),)
    assert second.beads == ()


def test_sentences_may_carry_structure():
    assert segment({"text": "甲", "kind": "item", "marker": "１", "block": 3}) == Segment("甲", BlockKind.ITEM, "１", 3)
    assert segment({"text": "甲"}) == segment("甲")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "3",
        "null",
        '"text"',
        '{"id": "x", "ja": [], "en": []}',
        json.dumps({**ROW, "ja": "甲。乙。"}),
        json.dumps({**ROW, "ja": [1, 2]}),
        json.dumps({**ROW, "ja": [{"text": 5}, "乙"]}),
        json.dumps({**ROW, "ja": [{"kind": "item"}, "乙"]}),
        json.dumps({**ROW, "ja": [{"text": "甲", "kind": "poem"}, "乙"]}),
        json.dumps({**ROW, "beads": [[[0]]]}),
        json.dumps({**ROW, "beads": [[0, 0]]}),
        json.dumps({**ROW, "beads": [[[2], [0]]]}),
        json.dumps({**ROW, "beads": [[[0], [-1]]]}),
        json.dumps({**ROW, "beads": [[["0"], [0]]]}),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path, line):
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + line + "\n", encoding="utf-8")
    documents = read_gold(path)
    assert next(documents).id == "a"
    with pytest.raises(FormatError) as caught:
        next(documents)
    assert caught.value.line == 2
    assert caught.value.hint


def test_bytes_that_are_no_utf8_are_refused(tmp_path):
    path = tmp_path / "g.jsonl"
    path.write_bytes(json.dumps(ROW, ensure_ascii=False).encode("cp932"))
    with pytest.raises(FormatError):
        list(read_gold(path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFileError):
        next(read_gold(tmp_path / "none.jsonl"))
