"""Why a bead is there: parts that sum to the lattice's own score, and what matched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tmalign.align.aligner import Aligner, Prepared
from tmalign.align.explanation import bead_parts, explain
from tmalign.align.gold import read_gold
from tmalign.model import Segment

CORPORA = Path(__file__).parents[2] / "corpora"
JA = [
    Segment("令和3年6月25日、岸大臣はカンボジアのティア・バニュ副首相と15時30分から会談した。"),
    Segment("予算は１２億３千万円である。"),
    Segment("以上。"),
]
EN = [
    Segment(
        "On June 25, 2021, Minister Kishi held talks with Deputy Prime Minister Tea Banh of Cambodia from 3:30 p.m."
    ),
    Segment("The budget is 1.23 billion yen, up 4%."),
]


@dataclass(frozen=True)
class Pin:
    ja: str
    en: str
    decision: str = "accept"


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


def explained(aligner, ja, en, pins=()):
    return explain(aligner, aligner.align("a", ja, en, pins), ja, en, pins)


def test_figures_words_and_names_are_shown_as_they_are_written(aligner):
    first, second, *_ = explained(aligner, JA, EN)
    kinds = {(m.kind, m.ja, m.en) for m in first.matches}
    assert ("figure", "6月", "June") in kinds
    assert ("figure", "15時30分", "3:30 p.m.") in kinds
    assert {("name", "岸", "Kishi"), ("name", "バニュ", "Banh"), ("word", "カンボジア", "Cambodia")} <= kinds
    assert ("figure", "12億3千万円", "1.23 billion yen") in {(m.kind, m.ja, m.en) for m in second.matches}
    assert ("sign", "円", "円") in {(m.kind, m.ja, m.en) for m in second.matches}
    assert second.missed_en == ("4%",)
    assert all(0 < m.weight <= 1 for m in first.matches)


def test_each_unit_is_matched_once(aligner):
    for explanation in explained(aligner, JA, EN):
        english = [m.en for m in explanation.matches if m.kind not in {"figure", "sign"}]
        assert len(english) == len(set(english))


@pytest.mark.parametrize(
    "name", ["2023-05-17-norway-courtesy-call", "2024-07-30-defense-minister-two-plus-two-press-conference"]
)
def test_parts_sum_to_the_score_the_lattice_used(aligner, name):
    (document,) = [d for d in read_gold(CORPORA) if d.id == name]
    prepared = Prepared(document.ja, document.en, aligner.lexicon)
    checked = 0
    for window in aligner.decode_windows(prepared):
        for step in window.path:
            parts = list(bead_parts(window, aligner.model.second, *step))
            assert sum(part.added for part in parts) == pytest.approx(window.scores[step], abs=1e-4)
            checked += 1
    explanations = explain(aligner, aligner.align("a", document.ja, document.en), document.ja, document.en)
    assert len(explanations) == checked
    assert [e.score for e in explanations] == pytest.approx([sum(p.added for p in e.parts) for e in explanations])
    assert all(e.parts for e in explanations)


def test_a_pinned_bead_has_the_reasons_of_the_path_inside(aligner):
    pin = Pin("".join(s.text for s in JA), " ".join(s.text for s in EN))
    (found,) = explained(aligner, JA, EN, [pin])
    assert found.bead.origin == "pin"
    assert len([part for part in found.parts if part.feature.startswith("shape")]) > 1
    assert found.matches


def test_one_side_without_text(aligner):
    (found,) = explained(aligner, [], EN[:1])
    assert (found.parts, found.matches) == ((), ())
