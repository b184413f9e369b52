"""Block structure as evidence: markers, kinds, block boundaries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align.features import FEATURES, BeadFeatures
from tmalign.align.lattice import SHAPES
from tmalign.align.structure import CROSSING, KINDS, MARKERS, STARTS, Structure, marker_value, read_structure, side
from tmalign.model import BlockKind, Segment


@pytest.mark.parametrize(
    ("marker", "value"),
    [
        ("１", 1),
        ("1.", 1),
        ("(2)", 2),
        ("⑶", 3),
        ("④", 4),
        ("第１２", 12),
        ("3-1", 1),
        ("a)", 1),
        ("(c)", 3),
        ("ア", 1),
        ("（ソ）", 15),
        ("ｲ", 2),
        ("Ⅱ", 2),
        ("ⅷ.", 8),
        ("iv", 4),
        ("・", 0),
        ("-", 0),
        ("※", 0),
        ("", 0),
        ("2023", 0),
        ("写真", 0),
    ],
)
def test_marker_values(marker, value):
    assert marker_value(marker) == value


def test_columns_are_those_the_features_name():
    names = [FEATURES[column] for column in (KINDS, MARKERS, STARTS, CROSSING)]
    assert names == ["kinds", "markers", "starts", "crossing"]


segments = st.lists(
    st.builds(
        Segment,
        st.just("text"),
        st.sampled_from([BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.NOTE]),
        st.sampled_from(["", "1", "2", "・"]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=5,
).map(lambda found: sorted(found, key=lambda s: s.block))

RUNNING = {BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CELL}


def begins(side_segments, k):
    return k == 0 or k == len(side_segments) or side_segments[k].block != side_segments[k - 1].block


def expected(ja, en, a, b, i, j):
    """Return the four columns of one bead by their definitions."""
    p, q = ja[i], en[j]
    kinds = 1 if p.kind == q.kind else 0 if p.kind in RUNNING and q.kind in RUNNING else -1
    first = marker_value(p.marker) if begins(ja, i) else 0
    second = marker_value(q.marker) if begins(en, j) else 0
    markers = 0 if not first or not second else 1 if first == second else -0.5
    starts = {2: 1, 1: -1, 0: 0}[begins(ja, i) + begins(en, j)]
    crossing = sum(begins(ja, k) for k in range(i + 1, i + a)) + sum(begins(en, k) for k in range(j + 1, j + b))
    return [kinds, markers, starts, -crossing]


@settings(max_examples=60, deadline=None)
@given(ja=segments, en=segments)
def test_columns_equal_their_definitions(ja, en):
    structure = Structure(side(ja), side(en))
    for a, b in SHAPES:
        rows, columns = len(ja) - a + 1, len(en) - b + 1
        if not a or not b or rows < 1 or columns < 1:
            continue
        out = np.zeros((len(FEATURES), rows, columns), dtype=np.float32)
        structure.add(out, a, b)
        for i in range(rows):
            for j in range(columns):
                assert out[KINDS : CROSSING + 1, i, j].tolist() == expected(ja, en, a, b, i, j)
        assert not out[:KINDS].any()


def test_no_structure_to_speak_of():
    flat = [Segment("a"), Segment("b")]
    blocks = [Segment("a", block=0), Segment("b", block=1)]
    assert read_structure(flat, blocks) is None
    assert read_structure(blocks, flat) is None
    assert read_structure([], blocks) is None
    assert read_structure(blocks, blocks) is not None


def test_structure_reaches_the_features(random_evidence):
    ja = [Segment("甲", BlockKind.TITLE, block=0), Segment("乙", BlockKind.ITEM, "１", block=1)]
    en = [Segment("a", BlockKind.TITLE, block=0), Segment("b", BlockKind.PARAGRAPH, "(1)", block=1)]
    plain = BeadFeatures(random_evidence(2, 2, 5)).beads
    with_structure = BeadFeatures(random_evidence(2, 2, 5, read_structure(ja, en))).beads
    assert with_structure[1, 1][KINDS : CROSSING + 1, 1, 1].tolist() == [0, 1, 1, 0]
    assert with_structure[2, 2][CROSSING, 0, 0] == -2
    np.testing.assert_array_equal(with_structure[1, 1][:KINDS], plain[1, 1][:KINDS])
