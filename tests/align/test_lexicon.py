"""The lexicon: which words it knows, and its weights in matrix form."""

import numpy as np
import pytest
from tmalign.align.association import vocabulary
from tmalign.align.lexicon import open_dictionary, shipped_lexicon
from tmalign.align.tables import word_hashes
from tmalign.align.units import Units


def test_known_words(small_lexicon):
    assert [small_lexicon.known(word) for word in ("会談", "防衛協力", "協力", "")] == [True, True, False, False]


def test_marks_raise_and_never_lower(small_lexicon):
    en = vocabulary([Units(("talk", "other", "confer"), 10)])
    weight = np.zeros((2, 3), dtype=np.float32)
    weight[0, 2] = 0.95
    listed = small_lexicon.mark(weight, ["会談", "無い"], en, np.array([0.5, 1.0], dtype=np.float32))
    assert listed.tolist() == [True, False]
    assert weight[0] == pytest.approx([0.4, 0, 0.95], abs=0.003)
    assert not weight[1].any()


def test_marks_go_to_the_rows_that_are_named(small_lexicon):
    en = vocabulary([Units(("talk", "understand"), 10)])
    weight = np.zeros((4, 2), dtype=np.float32)
    small_lexicon.mark(weight, ["分かる", "会談"], en, np.ones(2, dtype=np.float32), rows=np.array([3, 1]))
    assert weight[3] == pytest.approx([0, 1])
    assert weight[1] == pytest.approx([0.8, 0], abs=0.003)
    assert not weight[[0, 2]].any()


def test_probabilities_come_back_from_square_roots(small_lexicon):
    to_en, to_ja = small_lexicon.probabilities(word_hashes(["無い", "会談"]), word_hashes(["meet", "x", "talk"]), (2, 3))
    assert to_en[1] == pytest.approx([0.1, 0, 0.5], abs=0.003)
    assert to_ja[1] == pytest.approx([0.04, 0, 0.25], abs=0.003)
    assert not to_en[0].any()


def test_the_shipped_tables_open_and_know_everyday_words():
    lexicon = shipped_lexicon()
    assert lexicon.known("安全保障")
    assert not lexicon.known("安全保障安全保障")
    assert lexicon is shipped_lexicon()
    assert lexicon.signature.startswith("edict:")
    assert open_dictionary().known("安全保障")
