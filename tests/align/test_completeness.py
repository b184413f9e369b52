"""Versions that are cut short, begin late or are summaries are named as such."""

from pathlib import Path

import pytest

from tmalign.align.aligner import Aligner
from tmalign.align.completeness import completeness, coverage, partial_reason
from tmalign.align.gold import read_gold
from tmalign.model import Bead

CORPORA = Path(__file__).parents[2] / "corpora"


def beads(shapes):
    found, i, j = [], 0, 0
    for a, b in shapes:
        found.append(Bead(range(i, i + a), range(j, j + b), 1.0))
        i, j = i + a, j + b
    return found


@pytest.mark.parametrize(
    ("shapes", "kind", "first", "last"),
    [
        ([(1, 1)] * 10, "whole", 1, 10),
        ([(1, 1)] * 9 + [(1, 0)], "whole", 1, 9),
        ([(1, 1)] * 4 + [(1, 0)] * 6, "cut short", 1, 4),
        ([(1, 1)] * 2 + [(1, 0)], "cut short", 1, 2),
        ([(1, 0)] * 6 + [(1, 1)] * 14, "begins late", 7, 20),
        ([(1, 1), (1, 0), (1, 0)] * 4 + [(1, 1)], "summary", 1, 13),
        ([(1, 0)] * 5, "summary", 0, 0),
        ([(1, 1), (1, 0)] * 2 + [(1, 1)], "whole", 1, 5),
    ],
)
def test_kinds_by_hand(shapes, kind, first, last):
    found = beads(shapes)
    size = sum(a for a, _ in shapes)
    described = coverage(found, 0, [10] * size)
    assert (described.kind, described.first, described.last, described.sentences) == (kind, first, last, size)
    assert bool(described.reason) == (kind != "whole")


def test_the_reason_says_how_much_of_which_side():
    found = beads([(1, 1)] * 4 + [(1, 0)] * 4)
    assert partial_reason(completeness(found, [10] * 8, [20] * 4)) == (
        "the English version is cut short: the English side covers 50% of the Japanese text, to sentence 4 of 8"
    )
    other = beads([(0, 1)] * 5 + [(1, 1)] * 4)
    assert "the English version" not in partial_reason(completeness(other, [10] * 4, [20] * 9))
    assert "the Japanese version lacks the beginning" in partial_reason(completeness(other, [10] * 4, [20] * 9))


@pytest.fixture(scope="module")
def releases():
    return [d for d in read_gold(CORPORA / "pressers") if len(d.en) > 20]


def test_releases_cut_short_and_summaries_are_told_apart(releases):
    aligner = Aligner()
    for d in releases:
        assert aligner.align(d.id, d.ja, d.en).verdict == "translation"
        half = aligner.align(d.id, d.ja, d.en[: len(d.en) // 2])
        assert (half.verdict, half.reason.split(":")[0]) == ("partial", "the English version is cut short")
        late = aligner.align(d.id, d.ja[len(d.ja) // 2 :], d.en)
        assert (late.verdict, late.reason.split(":")[0]) == ("partial", "the Japanese version lacks the beginning")
        summary = aligner.align(d.id, d.ja, d.en[::4])
        assert (summary.verdict, summary.reason.split(":")[0]) == ("partial", "the English version is a summary")
