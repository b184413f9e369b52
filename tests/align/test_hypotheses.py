"""Alignments of other tools, read to be measured."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmalign.align.gold import GoldDocument
from tmalign.align.hypotheses import read_hypotheses
from tmalign.errors import EmptyFileError, FormatError, InputError, MissingFileError, UnreadableFileError
from tmalign.model import Bead, Segment

GOLD = {"a": GoldDocument("a", (Segment("甲"), Segment("乙")), (Segment("A"),), ())}


def written(tmp_path, *rows):
    path = tmp_path / "h.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_both_shapes_of_beads(tmp_path):
    plain = read_hypotheses(written(tmp_path, {"id": "a", "beads": [[[1, 0], [0]]]}), GOLD)
    assert plain == ({"a": (Bead(range(2), range(1), 1.0),)}, False, ())
    rows = {"id": "a", "beads": [{"ja": [0], "en": [0], "probability": 0.5}, {"ja": [1], "en": [], "probability": 1}]}
    named = read_hypotheses(written(tmp_path, rows, {"id": "z", "beads": []}), GOLD)
    assert named.beads["a"] == (Bead(range(1), range(1), 0.5), Bead(range(1, 2), range(0), 1.0))
    assert named.stated
    assert named.unknown == ("z",)


@pytest.mark.parametrize(
    "row",
    [
        3,
        {"id": "a"},
        {"id": "a", "beads": 3},
        {"id": "a", "beads": [[[0]]]},
        {"id": "a", "beads": [[[2], [0]]]},
        {"id": "a", "beads": [[[-1], [0]]]},
        {"id": "a", "beads": [[[0.5], [0]]]},
        {"id": "a", "beads": [[[True], [0]]]},
        {"id": "a", "beads": [[[0, 0], [0]]]},
        {"id": "a", "beads": [{"ja": [0], "en": [0], "probability": 1.5}]},
        {"id": "a", "beads": [{"ja": [0], "en": [0], "probability": "high"}]},
    ],
)
def test_what_is_no_alignment_is_refused_with_its_line(tmp_path, row):
    with pytest.raises(FormatError) as caught:
        read_hypotheses(written(tmp_path, {"id": "z", "beads": []}, row), GOLD)
    assert caught.value.line == 2


def test_a_document_twice_is_refused(tmp_path):
    with pytest.raises(FormatError, match="twice"):
        read_hypotheses(written(tmp_path, *[{"id": "a", "beads": []}] * 2), GOLD)


def test_files_that_cannot_be_read(tmp_path):
    for path, error in ((tmp_path / "none", MissingFileError), (tmp_path, UnreadableFileError)):
        with pytest.raises(error):
            read_hypotheses(path, GOLD)
    with pytest.raises(EmptyFileError):
        read_hypotheses(written(tmp_path), GOLD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(tmp_path, data):
    path = tmp_path / "h.jsonl"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_hypotheses(path, GOLD)
