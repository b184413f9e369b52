"""Accuracy figures: by hand, and against an independent scorer where one lies beside the checkout."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tmalign.align.accuracy import Counts, count
from tmalign.model import Bead

SCORER = Path(__file__).parents[2].parent / "shared" / "tools" / "score_align.py"


def beads(sizes, probability=1.0):
    found, i, j = [], 0, 0
    for a, b in sizes:
        found.append(Bead(range(i, i + a), range(j, j + b), probability))
        i, j = i + a, j + b
    return found


def pairs(found):
    return [[list(bead.ja), list(bead.en)] for bead in found]


def counted(gold, given_sizes):
    counts = Counts()
    count(pairs(beads(gold)), beads(given_sizes), counts)
    return counts


@pytest.mark.parametrize(
    ("gold", "given_sizes", "right", "predicted", "found", "wanted"),
    [
        pytest.param([(1, 1), (1, 1)], [(1, 1), (1, 1)], 2, 2, 2, 2, id="all right"),
        pytest.param([(1, 1), (1, 1)], [(2, 2)], 0, 1, 0, 2, id="too coarse is wrong"),
        pytest.param([(2, 2)], [(1, 1), (1, 1)], 0, 0, 1, 1, id="a coarse bead may be tiled"),
        pytest.param([(2, 2)], [(1, 1), (1, 0), (0, 1)], 0, 0, 0, 1, id="half of it is not all"),
        pytest.param([(1, 2), (1, 0)], [(1, 1), (1, 1)], 0, 2, 0, 1, id="both wrong"),
        pytest.param([(1, 0), (0, 1)], [(1, 0), (0, 1)], 0, 0, 0, 0, id="one-sided beads do not count"),
        pytest.param([(1, 2), (1, 1)], [(1, 2), (1, 0), (0, 1)], 1, 1, 1, 2, id="one is missed"),
    ],
)
def test_beads_by_hand(gold, given_sizes, right, predicted, found, wanted):
    counts = counted(gold, given_sizes)
    assert (counts.right, counts.predicted, counts.found, counts.gold) == (right, predicted, found, wanted)


def test_links_by_hand():
    # Gold links 0-0, 0-1, 1-2; given links 0-0, 1-1, 1-2: two of three right; segments 0, 1 and 0, 2 of 2 + 3 linked.
    counts = counted([(1, 2), (1, 1)], [(1, 1), (1, 2)])
    assert (counts.links_right, counts.links_predicted, counts.linked, counts.linkable) == (2, 3, 4, 5)
    precision, recall = 2 / 3, 4 / 5
    assert counts.link_f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_f1_by_hand():
    counts = counted([(1, 1), (1, 1), (1, 2)], [(1, 1), (1, 1), (1, 1), (0, 1)])
    assert counts.strict_f1 == pytest.approx(2 / 3)
    assert Counts().strict_f1 == Counts().link_f1 == Counts().calibration_error() == 0


def test_calibration_error_by_hand():
    counts = Counts()
    gold = pairs(beads([(1, 1)] * 4))
    # At 0.75: two right of four is 0.25 off. At 0.995: one of one is 0.005 off.
    count(gold, beads([(1, 1), (1, 1), (1, 2), (1, 0)], 0.75), counts)
    count(gold, beads([(1, 2), (1, 0)], 0.75), counts)
    count(gold, beads([(1, 1)], 0.995), counts)
    assert counts.predicted == 5
    assert counts.calibration_error() == pytest.approx((4 * 0.25 + 0.005) / 5)


def test_sums_run_over_documents():
    counts = Counts()
    for _ in range(3):
        count(pairs(beads([(1, 1), (2, 1)])), beads([(1, 1), (1, 1), (1, 0)]), counts)
    assert (counts.right, counts.predicted, counts.gold) == (3, 6, 6)


shapes = st.sampled_from([(1, 0), (0, 1), (1, 1), (1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (1, 3)])
documents = st.lists(st.tuples(st.lists(shapes, max_size=8), st.lists(shapes, max_size=8)), min_size=1, max_size=4)


@given(documents)
def test_figures_equal_those_of_the_independent_scorer(found):
    if not SCORER.exists():
        pytest.skip("shared/tools/score_align.py is not beside this checkout")
    spec = importlib.util.spec_from_file_location("score_align", SCORER)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    counts, gold, given_beads = Counts(), [], {}
    for number, (wanted, predicted) in enumerate(found):
        count(pairs(beads(wanted)), beads(predicted), counts)
        gold.append({"id": number, "beads": pairs(beads(wanted))})
        given_beads[number] = pairs(beads(predicted))
    scored = scorer.score(gold, given_beads)
    assert counts.strict_f1 == pytest.approx(scored["strict_F1"])
    assert counts.link_f1 == pytest.approx(scored["link_F1"])
    assert counts.gold == scored["beads"]
