"""Reports against gold: figures, types, calibration and the places where alignments differ."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align.aligner import Aligner
from tmalign.align.corpus_words import align_all
from tmalign.align.evaluation import by_id, counted, differences, evaluate
from tmalign.align.gold import GoldDocument, read_gold
from tmalign.errors import FormatError
from tmalign.model import Bead, Segment


def beads(sizes, probability=1.0):
    found, i, j = [], 0, 0
    for a, b in sizes:
        found.append(Bead(range(i, i + a), range(j, j + b), probability))
        i, j = i + a, j + b
    return found


def document(sizes, name="a"):
    pairs = tuple((tuple(bead.ja), tuple(bead.en)) for bead in beads(sizes))
    ja, en = (
        tuple(Segment(f"{language}{k}") for k in range(sum(s)))
        for language, s in zip("je", zip(*sizes, strict=True), strict=True)
    )
    return GoldDocument(name, ja, en, pairs)


GOLD = document([(1, 1), (1, 2), (1, 0), (1, 1), (0, 1), (2, 2)])


def test_a_perfect_alignment_has_no_differences():
    evaluation = evaluate({"a": GOLD}, {"a": beads([(1, 1), (1, 2), (1, 0), (1, 1), (0, 1), (2, 2)])})
    figures = evaluation.figures()
    assert (figures["strict"]["f1"], figures["links"]["f1"], figures["differences"]) == (1, 1, 0)
    assert figures["types"]["1-0"] == {"gold": 1, "predicted": 1, "precision": 1, "recall": 1, "f1": 1}
    assert list(figures["types"]) == ["1-1", "0-1", "1-0", "1-2", "2-2"]


def test_types_by_hand():
    evaluation = evaluate({"a": GOLD}, {"a": beads([(1, 1), (1, 1), (1, 1), (1, 1), (0, 1), (1, 1), (1, 1)])})
    table = evaluation.figures()["types"]
    # Six 1-1 beads are given: two lie inside the coarse 2-2 and do not count, two of the other four are right.
    assert table["1-1"] == {"gold": 2, "predicted": 4, "precision": 0.5, "recall": 1, "f1": pytest.approx(2 / 3)}
    assert table["2-2"] == {"gold": 1, "predicted": 0, "precision": None, "recall": 1, "f1": None}
    assert table["1-0"]["recall"] == 0
    assert table["1-2"] == {"gold": 1, "predicted": 0, "precision": None, "recall": 0, "f1": None}


def test_calibration_by_hand():
    first = [Bead(range(1), range(1), 0.97), *beads([(1, 1), (1, 1)], 0.6)[1:]]
    figures = evaluate({"a": document([(1, 1), (1, 0), (0, 1)])}, {"a": first}).figures()["calibration"]
    assert [(row["from"], row["to"], row["beads"], row["right"]) for row in figures["bins"]] == [
        (0.6, 0.7, 1, 0.0),
        (0.9, 0.99, 1, 1.0),
    ]
    assert figures["error"] == pytest.approx((0.03 + 0.6) / 2)
    assert figures["above"][2] == {"from": 0.95, "beads": 1, "coverage": 0.5, "precision": 1.0}
    assert figures["above"][3]["precision"] is None


def test_a_document_without_alignment_is_missing_not_skipped():
    evaluation = evaluate({"a": GOLD, "b": document([(1, 1)], "b")}, {"b": beads([(1, 1)])})
    assert evaluation.missing == ["a"]
    assert evaluation.figures()["strict"]["recall"] == pytest.approx(1 / 5)


def test_differences_show_what_touches_and_its_text():
    gold = document([(1, 1), (1, 1), (1, 1)])
    (found,) = differences(gold, beads([(1, 1), (1, 2), (1, 0)], 0.7))
    assert found.gold == (((1,), (1,)), ((2,), (2,)))
    assert found.predicted == ((((1,), (1, 2)), 0.7),)
    assert found.ja == {1: "j1", 2: "j2"}
    assert found.en == {1: "e1", 2: "e2"}


SIZES = st.lists(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2), (1, 0), (0, 1), (3, 2)]), min_size=1, max_size=9)


@given(SIZES, SIZES)
def test_every_error_stands_in_one_difference(wanted, sizes):
    gold = document(wanted)
    predicted = [b for b in beads(sizes) if b.ja.stop <= len(gold.ja) and b.en.stop <= len(gold.en)]
    evaluation = evaluate({"a": gold}, {"a": predicted})
    counts, found = evaluation.counts, evaluation.differences
    assert sum(len(d.predicted) for d in found) == counts.predicted - counts.right
    assert sum(len(d.gold) for d in found) == counts.gold - counts.found
    for side in ("ja", "en"):
        places = [k for d in found for k in getattr(d, side)]
        assert len(places) == len(set(places))


def test_an_id_that_comes_twice_is_refused():
    with pytest.raises(FormatError):
        by_id([GOLD, GOLD], "g.jsonl")


def test_counting_aligns_a_corpus_and_goes_on_from_earlier_counts():
    gold = list(read_gold(Path(__file__).parents[2] / "corpora" / "speeches"))[:2]
    aligner = Aligner()
    counts = counted(aligner, gold)
    found = align_all(aligner, [aligner.draft(d.id, d.ja, d.en) for d in gold])
    alone = evaluate({d.id: d for d in gold}, {a.release_id: a.beads for a in found}).counts
    assert (counts.strict_f1, counts.link_f1, counts.gold) == (alone.strict_f1, alone.link_f1, alone.gold)
    assert counted(aligner, gold, counts) is counts
    assert counts.gold == 2 * alone.gold
