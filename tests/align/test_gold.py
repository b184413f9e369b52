"""Gold alignments as JSON Lines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align.gold import GoldDocument, in_paragraphs, read_gold, segment, thinned
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


@st.composite
def documents(draw):
    """Give a document whose beads hold every sentence once and in order."""
    ja, en, beads = [], [], []
    for a, b in draw(st.lists(st.sampled_from([(1, 1), (1, 2), (2, 1), (1, 0), (0, 1)]), min_size=1, max_size=14)):
        beads.append((tuple(range(len(ja), len(ja) + a)), tuple(range(len(en), len(en) + b))))
        ja += [Segment(f"文{len(ja) + k}。") for k in range(a)]
        en += [Segment(f"S{len(en) + k}.") for k in range(b)]
    return GoldDocument(draw(st.text(max_size=3)), tuple(ja), tuple(en), tuple(beads))


def is_path(document):
    return all(
        [k for bead in document.beads for k in bead[side]] == list(range(size))
        for side, size in ((0, len(document.ja)), (1, len(document.en)))
    )


@given(documents(), st.integers(0, 5))
def test_paragraphs_hold_every_sentence_once_beside_its_translation(document, seed):
    found = in_paragraphs(document, seed)
    assert found == in_paragraphs(document, seed)
    if found is None:
        assert not document.ja or not document.en
        return
    assert is_path(found)
    assert "".join(s.text for s in found.ja) == "".join(s.text for s in document.ja)
    assert " ".join(s.text for s in found.en) == " ".join(s.text for s in document.en)
    texts = [("".join(found.ja[i].text for i in a), " ".join(found.en[j].text for j in b)) for a, b in found.beads]
    for first, second in document.beads:
        if first and second:
            ja = "".join(document.ja[i].text for i in first)
            en = " ".join(document.en[j].text for j in second)
            assert any(ja in a and en in b for a, b in texts)


@given(documents(), st.integers(0, 5))
def test_what_is_left_out_of_one_version_stands_alone_in_the_other(document, seed):
    found = thinned(document, seed)
    assert found == thinned(document, seed)
    if found is not None:
        assert is_path(found)
        assert {s.text for s in found.ja} <= {s.text for s in document.ja}
        assert len(found.beads) <= len(document.beads)
