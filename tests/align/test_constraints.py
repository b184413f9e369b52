"""Human decisions on the lattice: accepted pairs come out, rejected ones do not, contradictions are named."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align.aligner import Aligner
from tmalign.align.constraints import Constraints, pinned, place, squeezed
from tmalign.align.lattice import NEVER, SHAPES, best_path, covers, posteriors, span
from tmalign.align.prepared import glue
from tmalign.align.windows import Window
from tmalign.model import Bead, Segment


@dataclass(frozen=True)
class Pin:
    ja: str
    en: str
    decision: str = "accept"


def segments(*texts):
    return [Segment(text) for text in texts]


JA = segments("甲である。", "乙である。", "＊＊＊", "丙である。", "丁である。")
EN = segments("A is it.", "B is it.", "C is it.", "D is it.")


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


def texts(bead, ja, en):
    return squeezed("".join(s.text for s in ja[bead.ja.start : bead.ja.stop])), squeezed(
        "".join(s.text for s in en[bead.en.start : bead.en.stop])
    )


def test_an_accepted_pair_of_any_shape_comes_out(aligner):
    pin = Pin("乙である。＊＊＊丙である。丁である。", "A is it. B is it. C is it.")
    alignment = aligner.align("a", JA, EN, [pin])
    (found,) = [bead for bead in alignment.beads if bead.origin == "pin"]
    assert (found.ja, found.en, found.probability) == (range(1, 5), range(3), 1.0)
    assert covers([(bead.ja, bead.en) for bead in alignment.beads], 5, 4)
    assert alignment.unmet == ()


def test_a_segment_accepted_alone_stands_alone(aligner):
    alignment = aligner.align("a", JA, EN, [Pin("乙である。", ""), Pin("", "D is it.")])
    assert [(b.ja, len(b.en)) for b in alignment.beads if 1 in b.ja] == [(range(1, 2), 0)]
    assert [(len(b.ja), b.en, b.origin) for b in alignment.beads if 3 in b.en] == [(0, range(3, 4), "pin")]


def test_a_rejected_pair_does_not_come_out(aligner):
    ja, en = segments("両大臣は会談を行った。", "以上。"), segments("The Ministers held talks.", "End.")
    before = aligner.align("a", ja, en)
    assert (range(1), range(1)) in [(b.ja, b.en) for b in before.beads]
    after = aligner.align("a", ja, en, [Pin(ja[0].text, en[0].text, "reject")])
    assert (range(1), range(1)) not in [(b.ja, b.en) for b in after.beads]
    assert covers([(bead.ja, bead.en) for bead in after.beads], 2, 2)


def test_white_space_and_surrogates_do_not_hide_a_text():
    found = place([Pin("甲 である。\n", "A  is\u3000it. \ufffd")], JA, segments("A is it.", "\ud800", "B."))
    assert found.pairs == (((0, 1), (0, 2)),)


def test_texts_that_end_inside_a_segment_are_not_there():
    (unmet,) = place([Pin("甲である", "A is it.")], JA, EN).unmet
    assert unmet[1] == "its texts are not there"


def test_a_text_that_stands_twice():
    ja, en = segments("甲。", "乙。", "甲。"), segments("A.", "B.", "A.")
    assert place([Pin("甲。", "A.")], ja, en).pairs == (((0, 1), (0, 1)), ((2, 3), (2, 3)))
    assert place([Pin("甲。", "A.")], ja, en[:2]).pairs == (((0, 1), (0, 1)),)
    # A decision on the same text alone takes the place that is left.
    assert place([Pin("甲。", ""), Pin("甲。", "A.")], ja, en[:2]).alone[0] == {2}


def test_of_two_that_contradict_each_other_the_first_holds():
    pins = [Pin("甲である。", "B is it."), Pin("乙である。", "A is it."), Pin("甲である。", "")]
    pins += [Pin("甲である。", "B is it.", "reject"), Pin("丁である。", "", "accept"), Pin("丁である。", "", "reject")]
    found = place(pins, JA, EN)
    assert found.pairs == (((0, 1), (1, 2)),)
    assert found.alone == ({4}, frozenset())
    assert [decision for decision, _ in found.unmet] == [pins[1], pins[2], pins[3], pins[5]]
    assert all(why == "it contradicts another decision" for _, why in found.unmet)


def test_a_rejection_of_what_is_not_there_is_kept():
    assert place([Pin("無い。", "Not there.", "reject")], JA, EN) == Constraints()


def test_more_rejections_than_there_is_a_way_out(aligner):
    ja, en = segments("甲である。", "乙である。"), segments("A is it.")
    pins = [
        Pin("甲である。", "", "reject"),
        Pin("乙である。", "", "reject"),
        Pin("甲である。乙である。", "A is it.", "reject"),
    ]
    alignment = aligner.align("a", ja, en, pins)
    assert covers([(bead.ja, bead.en) for bead in alignment.beads], 2, 1)
    assert len(alignment.unmet) == 1
    assert "must not stand alone" in alignment.unmet[0]


def test_a_pair_that_a_person_accepted_is_not_called_unrelated(aligner):
    ja, en = segments("雨が降った。", "橋は古い。"), segments("The budget rose by 3%.", "He cooked seven onions.")
    assert aligner.align("a", ja, en).verdict == "unrelated"
    alignment = aligner.align("a", ja, en, [Pin("雨が降った。", "He cooked seven onions.")])
    assert alignment.verdict == "partial"
    assert "a person accepted 1 pairs" in alignment.reason


def test_nothing_is_glued_over_a_cut():
    assert glue(JA) == [[0], [1, 2], [3], [4]]
    assert glue(JA, {2}) == [[0], [1], [2, 3], [4]]
    assert glue(JA, {2, 3}) == [[0], [1], [2], [3], [4]]
    assert glue(JA, {3}) == [[0], [1, 2], [3], [4]]
    assert glue(segments("*", "*", "甲"), {1}) == [[0], [1, 2]]


@st.composite
def rectangles(draw, n, m):
    """Draw accepted pairs in order, apart from each other."""
    ja = sorted(draw(st.sets(st.integers(0, n), max_size=6)))
    en = sorted(draw(st.sets(st.integers(0, m), max_size=6)))
    count = min(len(ja), len(en)) // 2
    return [((ja[2 * k], ja[2 * k + 1]), (en[2 * k], en[2 * k + 1])) for k in range(count)]


@st.composite
def cases(draw):
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    pairs = draw(rectangles(n, m))
    spans = st.tuples(st.integers(0, n - 1), st.integers(1, 3), st.integers(0, m - 1), st.integers(1, 3))
    struck = {((i, min(n, i + a)), (j, min(m, j + b))) for i, a, j, b in draw(st.lists(spans, max_size=12))}
    free = [
        [k for k in range(size) if not any(p[side][0] <= k < p[side][1] for p in pairs)]
        for side, size in enumerate((n, m))
    ]
    alone = tuple(frozenset(draw(st.sets(st.sampled_from(side), max_size=3)) if side else ()) for side in free)
    return n, m, Constraints(tuple(pairs), alone, frozenset(struck - set(pairs))), draw(st.integers(0, 2**32 - 1))


@given(cases())
def test_every_path_left_keeps_to_the_decisions(case):
    n, m, constraints, seed = case
    scores = np.random.default_rng(seed).normal(size=(len(SHAPES), n + 1, m + 1)) * 3
    for k, (a, b) in enumerate(SHAPES):
        scores[k, :a], scores[k, :, :b] = NEVER, NEVER
    constraints.mask(scores, Window(range(n), range(m)))
    path = best_path(scores)
    beads = tuple(Bead(*span(*step), 0.5) for step in path)
    found = pinned(beads, constraints)
    assert covers([(b.ja, b.en) for b in found], n, m)
    kept = [((b.ja.start, b.ja.stop), (b.en.start, b.en.stop)) for b in found]
    assert [place for place, b in zip(kept, found, strict=True) if b.origin == "pin" and b.ja and b.en] == list(
        constraints.pairs
    )
    assert constraints.struck.isdisjoint(kept)
    for bead in found:
        for side, others in ((bead.ja, bead.en), (bead.en, bead.ja)):
            if others:
                assert constraints.alone[0 if side is bead.ja else 1].isdisjoint(side)
    _, posterior = posteriors(scores)
    used = np.zeros(n)
    for k, (a, _) in enumerate(SHAPES):
        for i in range(a, n + 1):
            used[i - a : i] += posterior[k, i].sum()
    assert used == pytest.approx(1)


def windows_of(n, m, cuts):
    corners = [(0, 0), *cuts, (n, m)]
    return [Window(range(i, k), range(j, q)) for (i, j), (k, q) in itertools.pairwise(corners)]


@given(st.data())
def test_windows_are_cut_where_no_decision_stands(data):
    n = m = 30
    pairs = data.draw(rectangles(n, m))
    cuts = zip(*(sorted(data.draw(st.sets(st.integers(1, 29), min_size=3, max_size=3))) for _ in "je"), strict=True)
    fitted = Constraints(tuple(pairs)).fit(windows_of(n, m, list(cuts)))
    assert covers([(w.ja, w.en) for w in fitted], n, m)
    for ja, en in pairs:
        inside = [
            w
            for w in fitted
            if w.ja.start <= ja[0] and ja[1] <= w.ja.stop and w.en.start <= en[0] and en[1] <= w.en.stop
        ]
        assert len(inside) == 1


WORDS = st.sampled_from(["会談", "協力", "防衛", "＊", "年"])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_documents_keep_to_consistent_decisions(data):
    ja = segments(*(f"{w}{k}。" for k, w in enumerate(data.draw(st.lists(WORDS, min_size=1, max_size=7)))))
    en = segments(
        *(
            f"{w} {k}."
            for k, w in enumerate(data.draw(st.lists(st.sampled_from(["talk", "*"]), min_size=1, max_size=7)))
        )
    )
    pins = [
        Pin("".join(s.text for s in ja[a:b]), " ".join(s.text for s in en[c:d]))
        for (a, b), (c, d) in data.draw(rectangles(len(ja), len(en)))
    ]
    for _ in range(data.draw(st.integers(0, 3))):
        i, j = data.draw(st.integers(0, len(ja) - 1)), data.draw(st.integers(0, len(en) - 1))
        pins.append(Pin(ja[i].text, en[j].text, "reject"))
    accepted = {(squeezed(p.ja), squeezed(p.en)) for p in pins if p.decision == "accept"}
    rejected = {(squeezed(p.ja), squeezed(p.en)) for p in pins if p.decision == "reject"}
    alignment = Aligner().align("a", ja, en, pins)
    assert covers([(b.ja, b.en) for b in alignment.beads], len(ja), len(en))
    given_pairs = [texts(b, ja, en) for b in alignment.beads]
    assert accepted <= set(given_pairs)
    assert (rejected - accepted).isdisjoint(given_pairs)
    assert {pair for pair, b in zip(given_pairs, alignment.beads, strict=True) if b.origin == "pin"} == accepted
    assert len(alignment.unmet) == len(
        [p for p in pins if p.decision == "reject" and (squeezed(p.ja), squeezed(p.en)) in accepted]
    )
