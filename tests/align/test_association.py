"""The matrix in which all evidence about words meets."""

import numpy as np
import pytest

from tmalign.align.association import associate, is_figure, vocabulary
from tmalign.align.units import Units, english_units, japanese_units


def dense(found, ja, en, name="weight"):
    """Return one of the values of associations as a matrix [ja unit, en unit]."""
    table = np.zeros((max(1, len(ja.index)), max(1, len(en.index))), dtype=np.float32)
    table[found.row, found.column] = getattr(found, name)
    return table


def associated(ja, en, lexicon):
    """Return the weights between the units of two sides as a matrix."""
    vocabularies = vocabulary(ja), vocabulary(en)
    return dense(associate(*vocabularies, ja, en, lexicon), *vocabularies)


def matrix(ja_text, en_text, lexicon):
    """Return a function that looks up one cell of the weights, and the associations themselves."""
    ja_units, en_units = [japanese_units(ja_text, lexicon.known)], [english_units(en_text)]
    ja, en = vocabulary(ja_units), vocabulary(en_units)
    found = associate(ja, en, ja_units, en_units, lexicon)

    def cell(j, e, name="weight"):
        return float(dense(found, ja, en, name)[ja.index[j], en.index[e]])

    return cell, found


def test_vocabulary_counts_words_and_adds_compounds_once():
    found = vocabulary([Units(("a", "b", "a"), 5, compounds=("c", "a")), Units((), 1)])
    assert found.units == ["a", "b", "c"]
    assert found.counts.tolist() == [[2, 1, 0], [0, 0, 0]]
    assert found.wide.tolist() == [[3, 1, 1], [0, 0, 0]]


def test_a_vocabulary_of_nothing_has_a_column():
    assert vocabulary([Units((), 1), Units((), 1)]).counts.shape == (2, 1)


@pytest.mark.parametrize(
    ("unit", "answer"), [("N:3", True), ("M:6", True), ("S:?", False), ("n:1", False), ("talk", False), ("", False)]
)
def test_figures_are_told_from_signs_and_words(unit, answer):
    assert is_figure(unit) is answer


def test_equal_figures_signs_and_latin_words(small_lexicon):
    cell, _ = matrix("ＮＡＴＯは６月に３５０人か？", "Is it 350 people in June for NATO or 6 of 60?", small_lexicon)
    assert cell("N:350", "N:350") == 1
    assert cell("M:6", "M:6") == 1
    assert 0 < cell("M:6", "N:6") < 1  # a month may be written as a number
    assert cell("N:350", "N:60") == 0
    assert 0 < cell("S:?", "S:?") < 1
    assert cell("nato", "nato") == 1


def test_a_figure_meets_its_weak_twin(small_lexicon):
    ja = [Units(("N:1",), 3)]
    en = [Units(("n:1",), 3)]
    assert associated(ja, en, small_lexicon).tolist() == [[1.0]]


def test_dictionary_and_background(small_lexicon):
    cell, _ = matrix("会談", "talks and meeting", small_lexicon)
    assert cell("会談", "talk") == pytest.approx(0.8, abs=0.003)
    assert cell("会談", "meet") == 0
    assert cell("会談", "meet", "to_en") == pytest.approx(0.1, abs=0.003)
    assert cell("会談", "meet", "to_ja") == pytest.approx(0.04, abs=0.003)


def test_other_forms_of_a_word_count_less(small_lexicon):
    ja = [Units(("わかる",), 3, lemmas=(("わかる", "分かる"),)), Units(("解る",), 2, lemmas=(("解る", "分かる"),))]
    en = [Units(("understand",), 9)]
    found = associated(ja, en, small_lexicon)[:, 0]
    assert found[0] == pytest.approx(0.9, abs=0.01)  # by its lemma alone
    assert found[1] == pytest.approx(0.9, abs=0.01)  # listed itself: better than half of the lemma's


def test_loanwords_by_their_source(small_lexicon):
    ja = [Units(("ビル",), 3, loans=(("ビル", "high building"),))]
    en = [Units(("build", "talk"), 9)]
    weight = associated(ja, en, small_lexicon)
    assert weight[0, 0] == pytest.approx(0.8)
    assert weight[0, 1] == 0


def test_names_meet_by_sound(small_lexicon):
    texts = "栗林副大臣はソールバッケン氏と話した。", "Kuribayashi spoke with Ms. Solbakken today."
    cell, _ = matrix(*texts, small_lexicon)
    assert cell("栗林", "kuribayashi") > 0.5
    assert cell("栗林", "solbakken") == 0


def test_japanese_names_need_a_capital(small_lexicon):
    upper, _ = matrix("栗林", "Kuribayashi", small_lexicon)
    lower, _ = matrix("栗林", "kuribayashi", small_lexicon)
    assert upper("栗林", "kuribayashi") > 0
    assert lower("栗林", "kuribayashi") == 0


def test_weights_are_shares(small_lexicon):
    ja = "６月３日、栗林大臣はオスロで会談し、ＮＡＴＯとの協力が分かるか？"
    _, found = matrix(ja, "Minister Kuribayashi talked in Oslo on June 3?", small_lexicon)
    for table in (found.weight, found.to_en, found.to_ja):
        assert table.dtype == np.float32
        assert table.min() >= 0
        assert table.max() <= 1


def test_sides_without_words(small_lexicon):
    nothing = [Units((), 1)]
    found = associate(vocabulary(nothing), vocabulary(nothing), nothing, nothing, small_lexicon)
    assert not len(found.row)


def test_each_pair_of_units_stands_once_and_in_order(small_lexicon):
    ja = [Units(("会談", "会談", "n:1", "N:1"), 9, lemmas=(("会談", "会談"),))]
    en = [Units(("talk", "meet", "N:1", "n:1", "confer"), 9)]
    found = associate(vocabulary(ja), vocabulary(en), ja, en, small_lexicon)
    pairs = list(zip(found.row.tolist(), found.column.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
