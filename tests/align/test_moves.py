"""Sections in another order in the two versions are found and aligned, and nothing else is taken for moved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tmalign.align.accuracy import Counts, count
from tmalign.align.aligner import Aligner
from tmalign.align.explanation import explain
from tmalign.align.gold import read_gold
from tmalign.align.moves import Move, moved_texts, runs, with_moves
from tmalign.model import Bead

CORPORA = Path(__file__).parents[2] / "corpora"


@dataclass(frozen=True)
class Pin:
    ja: str
    en: str
    decision: str = "accept"


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


def swapped(document):
    """Return English sentences with the second and the last third exchanged between gold beads, and gold for them."""
    cuts = [b[1][0] for b in document.beads if b[0] and b[1]]
    first, second = cuts[len(cuts) // 3], cuts[2 * len(cuts) // 3]
    order = [*range(first), *range(second, len(document.en)), *range(first, second)]
    at = {old: new for new, old in enumerate(order)}
    return [document.en[k] for k in order], [(ja, tuple(sorted(at[j] for j in en))) for ja, en in document.beads]


RELEASES = [d for d in read_gold(CORPORA) if 20 <= len(d.en) <= 40][::4]


@pytest.mark.parametrize("document", RELEASES, ids=lambda d: d.id)
def test_exchanged_sections_are_aligned(aligner, document):
    en, gold = swapped(document)
    found = aligner.align("a", document.ja, en)
    assert len(found.moved) == 1
    assert sorted(k for bead in found.beads for k in bead.ja) == list(range(len(document.ja)))
    assert sorted(k for bead in found.beads for k in bead.en) == list(range(len(en)))
    assert [k for bead in found.beads for k in bead.ja] == list(range(len(document.ja)))
    counts = Counts()
    count(gold, found.beads, counts)
    assert counts.strict_f1 > 0.9
    assert found.verdict == "translation"
    explanations = explain(aligner, found, document.ja, en)
    assert [e.bead for e in explanations] == list(found.beads)
    assert all(e.score == pytest.approx(sum(p.added for p in e.parts)) for e in explanations)
    assert all(e.parts for e in explanations if e.bead.ja and e.bead.en)


def test_releases_in_order_have_no_moves(aligner):
    for document in read_gold(CORPORA / "speeches"):
        assert aligner.align("a", document.ja, document.en).moved == ()


def test_decisions_stay_where_they_are(aligner):
    document = RELEASES[0]
    en, _ = swapped(document)
    plain = aligner.align("a", document.ja, en)
    ((ja, _),) = plain.moved
    pins = [Pin(document.ja[ja[len(ja) // 2]].text, "")]
    kept = aligner.align("a", document.ja, en, pins)
    (bead,) = [b for b in kept.beads if ja[len(ja) // 2] in b.ja]
    assert (bead.origin, len(bead.en)) == ("pin", 0)


def bead(ja, en, probability=1.0, origin="machine"):
    return Bead(range(*ja), range(*en), probability, origin)


def test_runs_by_hand():
    beads = [
        bead((0, 1), (0, 1)),
        bead((1, 2), (1, 1)),
        bead((2, 3), (1, 2), 0.3),
        bead((3, 3), (2, 3)),
        bead((3, 4), (3, 4), 0.3),
        bead((4, 5), (4, 5), 0.9),
        bead((5, 6), (5, 5), 1.0, "pin"),
        bead((6, 7), (5, 6), 0.2),
        bead((7, 8), (6, 6)),
    ]
    found = runs(beads)
    assert [(run.start, run.stop, run.ja, run.en) for run in found] == [
        (1, 4, range(1, 3), range(1, 3)),
        (8, 9, range(7, 8), range(6, 6)),
    ]


def test_moved_beads_stand_where_their_japanese_does():
    beads = [
        bead((0, 1), (0, 0)),
        bead((1, 2), (0, 0)),
        bead((2, 3), (0, 1)),
        bead((3, 3), (1, 2)),
        bead((3, 3), (2, 3)),
    ]
    move = Move(range(2), range(1, 3), (bead((0, 1), (1, 2), 0.9), bead((1, 2), (2, 3), 0.9)))
    found = with_moves(beads, [move])
    assert [(list(b.ja), list(b.en)) for b in found] == [([0], [1]), ([1], [2]), ([2], [0])]
    assert moved_texts([(move.ja, move.en)]) == (
        "moved text: sentences 1-2 of the Japanese version stand elsewhere in the English one, as 2-3",
    )
