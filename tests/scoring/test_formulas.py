"""Many samples at once give what sacrebleu gives for each: the same floating-point number, not a near one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF, TER

from tmalign.scoring.formulas import bleu, chrf, ter

WIDTHS = st.sampled_from([np.float32, np.float64])
counts = st.integers(0, 40)


@st.composite
def bleu_sums(draw):
    totals = sorted(draw(st.lists(counts, min_size=4, max_size=4)), reverse=True)
    correct = [draw(st.integers(0, total)) for total in totals]
    return [draw(counts), draw(counts), *sorted(correct, reverse=True), *totals]


@st.composite
def chrf_sums(draw, orders):
    sums = []
    for _ in range(orders):
        hypothesis, reference = draw(counts), draw(counts)
        sums += [hypothesis, reference, draw(st.integers(0, min(hypothesis, reference)))]
    return sums


def by_one(metric, sums):
    return np.array([metric._compute_score_from_stats(row.copy()).score for row in sums])


@settings(deadline=None)
@given(st.lists(bleu_sums(), min_size=1, max_size=5), WIDTHS, st.booleans())
def test_bleu(rows, width, effective_order):
    sums = np.array(rows, dtype=width)
    sums[:, 2:6] = np.minimum(sums[:, 2:6], sums[:, 6:])
    expected = by_one(BLEU(effective_order=effective_order), sums)
    assert bleu(sums, effective_order=effective_order).tolist() == expected.tolist()


@pytest.mark.parametrize("words", [0, 2])
@settings(deadline=None)
@given(data=st.data(), width=WIDTHS)
def test_chrf(words, data, width):
    sums = np.array(data.draw(st.lists(chrf_sums(6 + words), min_size=1, max_size=5)), dtype=width)
    expected = by_one(CHRF(word_order=words), sums)
    found = chrf(sums)
    assert (found.tolist(), found.dtype) == (expected.tolist(), expected.dtype)


@settings(deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=5), WIDTHS)
def test_ter(rows, width):
    sums = np.array(rows, dtype=width)
    expected = by_one(TER(), sums)
    found = ter(sums)
    assert (found.tolist(), found.dtype) == (expected.tolist(), expected.dtype)


def test_nothing_matched_is_nothing():
    empty = np.zeros((1, 10), dtype=np.float32)
    assert bleu(empty).tolist() == bleu(empty, effective_order=True).tolist() == [0.0]
    assert chrf(np.zeros((1, 18), dtype=np.float32)).tolist() == [0.0]
