"""The matrix in which all evidence about words meets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import association, feature_arrays
from tmalign.align.association import Source, associate, joined
from tmalign.align.units import Units, english_units, japanese_units
from tmalign.align.vocabulary import vocabulary


def dense(found, ja, en, name="weight"):
    """Return one of the values of associations as a matrix [ja unit, en unit]."""
    table = np.zeros((max(1, len(ja.index)), max(1, len(en.index))), dtype=np.float32)
    table[found.row, found.column] = getattr(found, name)
    return table


def associated(ja, en, lexicon):
    """Return the weights between the units of two sides as a matrix."""
    vocabularies = vocabulary(ja), vocabulary(en)
    return dense(associate(*vocabularies, lexicon), *vocabularies)


def matrix(ja_text, en_text, lexicon):
    """Return a function that looks up one cell of the weights, and the associations themselves."""
    ja_units, en_units = [japanese_units(ja_text, lexicon.known)], [english_units(en_text)]
    ja, en = vocabulary(ja_units), vocabulary(en_units)
    found = associate(ja, en, lexicon)

    def cell(j, e, name="weight"):
        return float(dense(found, ja, en, name)[ja.index[j], en.index[e]])

    return cell, found


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
    found = associate(vocabulary(nothing), vocabulary(nothing), small_lexicon)
    assert not len(found.row)


def test_each_pair_of_units_stands_once_and_in_order(small_lexicon):
    ja = [Units(("会談", "会談", "n:1", "N:1"), 9, lemmas=(("会談", "会談"),))]
    en = [Units(("talk", "meet", "N:1", "n:1", "confer"), 9)]
    found = associate(vocabulary(ja), vocabulary(en), small_lexicon)
    pairs = list(zip(found.row.tolist(), found.column.tolist(), strict=True))
    assert pairs == sorted(set(pairs))


compiled = pytest.mark.skipif(not association.COMPILED, reason="installed without a C compiler")
HEIGHT, WIDTH = 5, 4
SHARES = st.floats(0, 1, width=32)


@st.composite
def sources(draw):
    """Give a source of links between five units and four: weights, probabilities, or both."""
    cells = draw(st.lists(st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1)), max_size=12))
    place = (np.array([cell[k] for cell in cells], dtype=np.int64) for k in (0, 1))
    series = st.lists(SHARES, min_size=len(cells), max_size=len(cells)).map(lambda values: np.array(values, np.float32))
    weighed, told = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    values = draw(series) if weighed else None, *((draw(series), draw(series)) if told else (None, None))
    return Source(*place, *values)


def listed(found):
    """Return all arrays of associations as lists, and what they are made of."""
    arrays = found.row, found.column, found.weight, found.to_en, found.to_ja
    return [(array.dtype, array.tolist()) for array in arrays]


@compiled
@given(st.lists(sources(), min_size=1, max_size=4))
def test_both_kernels_join_sources_alike(given_sources):
    one, other = (joined(given_sources, HEIGHT, WIDTH, compiled=compiled) for compiled in (True, False))
    assert listed(one) == listed(other)


def test_the_best_weight_and_the_last_probabilities_hold():
    at = np.array([0], dtype=np.int64), np.array([1], dtype=np.int64)
    one, few, many = (np.array([value], dtype=np.float32) for value in (1, 0.25, 0.5))
    told = [Source(*at, few), Source(*at, None, one, one), Source(*at, many, few, many), Source(*at, few)]
    for kernel in {True, association.COMPILED}:
        found = joined(told, 1, 2, compiled=kernel)
        assert [array.tolist() for array in (found.weight, found.to_en, found.to_ja)] == [[0.5], [0.25], [0.5]]


@compiled
@settings(max_examples=50)
@given(sources())
def test_both_sides_are_laid_out_as_the_plain_tables_value_links(source):
    places = np.zeros((0, 2), np.int64), np.zeros((0, 3), np.float32)
    links = joined([source, Source(*places[0].T, *places[1].T)], HEIGHT, WIDTH)
    arrays = links.row, links.column, links.weight, links.to_en, links.to_ja
    shares = feature_arrays.DICTIONARY_SHARE, feature_arrays.LEARNED_FROM
    sides = association._association.sides(arrays, HEIGHT, WIDTH, *shares)
    to_en, to_ja, cover = feature_arrays.link_values(links)
    order = np.argsort(links.column, kind="stable")
    for found, own, other, given_values, chosen, size in (
        (sides[0], links.row, links.column, to_en, np.arange(len(order)), HEIGHT),
        (sides[1], links.column[order], links.row, to_ja, order, WIDTH),
    ):
        begin, *rest = found
        assert np.frombuffer(begin, np.int64).tolist() == np.searchsorted(own, np.arange(size + 1)).tolist()
        for part, expected in zip(rest, (other, given_values, cover, links.weight), strict=True):
            assert np.frombuffer(part, expected.dtype).tolist() == expected[chosen].tolist()


@compiled
def test_links_that_do_not_fit_are_refused():
    kernel = association._association
    at, value = np.array([0], dtype=np.int64), np.array([1], dtype=np.float32)
    for broken in (
        (at, at[:0], value, None, None),
        (at, at + 3, value, None, None),
        (at - 1, at, value, None, None),
        (at, at, value[:0], None, None),
        (at, at, value, value, None),
        (at, at, value, value, np.zeros(2, np.float32)),
        (at.astype(np.int8), at.astype(np.int8), None, None, None),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            kernel.join((broken,), 2, 2)
        with pytest.raises(ValueError, match="do not fit"):
            kernel.sides(broken, 2, 2, 0.25, 0.02)
    for size in (-1, 2**40):
        with pytest.raises(ValueError, match="that many"):
            kernel.join((), size, 1)
        with pytest.raises(ValueError, match="that many"):
            kernel.sides((at, at, value, value, value), 1, size, 0.25, 0.02)
    for strange in ((None,) * 5, (at,) * 4, [at] * 5, ("a", "b", None, None, None)):
        with pytest.raises(TypeError):
            kernel.join((strange,), 2, 2)
        with pytest.raises(TypeError):
            kernel.sides(strange, 2, 2, 0.25, 0.02)
    with pytest.raises(TypeError):
        kernel.join([], 2, 2)


ALIKE = st.lists(st.sampled_from(["N:3", "n:3", "M:6", "N:6", "S:?", "nato", "talks", "talk"]), max_size=6).map(tuple)
LOANS = st.lists(st.tuples(st.just("ビル"), st.sampled_from(["talk", "high building", ""])), max_size=1).map(tuple)


@compiled
@given(ALIKE, LOANS, ALIKE)
def test_both_kernels_link_what_is_written_alike(ja_words, loans, en_words):
    ja = vocabulary([Units((*ja_words, "ビル"), 9, loans=loans)])
    en = vocabulary([Units((*en_words, "build"), 9)])
    one, other = (association._equal(ja, en, compiled=compiled) for compiled in (True, False))
    assert [(part.dtype, part.tolist()) for part in one[:3]] == [(part.dtype, part.tolist()) for part in other[:3]]


@compiled
def test_forms_that_are_none_are_refused():
    meet = association._association.meet
    places = {"a": 0}, {"b": 0}
    assert meet(("a",), ((("b", 1.0), ("c", 1.0)),), *places) == (bytes(8), bytes(8), np.float32(1).tobytes())
    for units, forms, error in (
        (("a",), (), ValueError),
        (("a",), (("b", 1.0),), TypeError),
        (("a",), ((("b",),),), TypeError),
        (("a",), ((("b", "c"),),), TypeError),
        (("a",), ((([], 1.0),),), TypeError),
        (("a",), (7,), TypeError),
        (("z",), ((("b", 1.0),),), ValueError),
        (["a"], (), TypeError),
    ):
        with pytest.raises(error):
            meet(units, forms, *places)
    for strange in ({"a": "x"}, {"a": -1}, {"a": 2**70}):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            meet(("a",), ((("b", 1.0),),), strange, {"b": 0})
