"""The lexicon: which words it knows, and its weights in matrix form."""

import pytest

from tmalign.align.lexicon import open_dictionary, shipped_lexicon
from tmalign.align.tables import word_hashes


def test_known_words(small_lexicon):
    assert [small_lexicon.known(word) for word in ("会談", "防衛協力", "協力", "")] == [True, True, False, False]


def test_probabilities_come_back_from_square_roots(small_lexicon):
    ja, en = word_hashes(["無い", "会談"]), word_hashes(["meet", "x", "talk"])
    row, column, to_en, to_ja = small_lexicon.probabilities(ja, en)
    found = {(r, c): (p, q) for r, c, p, q in zip(row.tolist(), column.tolist(), to_en, to_ja, strict=True)}
    assert found == {(1, 0): pytest.approx((0.1, 0.04), abs=0.003), (1, 2): pytest.approx((0.5, 0.25), abs=0.003)}


def test_the_shipped_tables_open_and_know_everyday_words():
    lexicon = shipped_lexicon()
    assert lexicon.known("安全保障")
    assert not lexicon.known("安全保障安全保障")
    assert lexicon is shipped_lexicon()
    assert lexicon.signature.startswith("edict:")
    assert open_dictionary().known("安全保障")


def test_links_are_the_entries_between_two_lists(small_lexicon):
    ja, en = ["無い", "会談", "分かる"], ["understand", "talk", "x", "confer"]
    row, column, weight, listed = small_lexicon.links(word_hashes(ja), word_hashes(en))
    found = {(ja[r], en[c]): float(w) for r, c, w in zip(row, column, weight, strict=True)}
    expected = {("会談", "talk"): 0.8, ("会談", "confer"): 0.6, ("分かる", "understand"): 1.0}
    assert found == pytest.approx(expected, abs=0.003)
    assert listed.tolist() == [False, True, True]
