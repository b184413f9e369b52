"""The units of one side of a document."""

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmalign.align import vocabulary as module
from tmalign.align.units import Name, Units, english_units, japanese_units
from tmalign.align.vocabulary import is_figure, vocabulary

compiled = pytest.mark.skipif(not module.COMPILED, reason="installed without a C compiler")
WORDS = st.sampled_from(
    ["会談", "N:3", "n:3", "S:?", "あ:", "É:1", ":", "a", "nato", "NATO", "über", "", "it's", "\ud800"]
)
SEVERAL = st.lists(WORDS, max_size=5).map(tuple)
UNITS = st.builds(
    Units,
    SEVERAL,
    st.integers(1, 9),
    compounds=SEVERAL,
    names=st.lists(st.builds(Name, WORDS, st.sampled_from(["カイ", "ダン"]), st.booleans()), max_size=3).map(tuple),
    capitals=st.lists(st.tuples(WORDS, st.sampled_from(["kai", "kaito"]), st.booleans()), max_size=4).map(tuple),
    loans=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    lemmas=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
)


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


def contents(found):
    """Return all of a vocabulary, arrays as lists beside what they are made of."""
    values = [getattr(found, field.name) for field in dataclasses.fields(found)]
    values = [*values[:-1], *values[-1]]
    return [
        (v.dtype, v.tolist()) if isinstance(v, np.ndarray) else list(v.items()) if isinstance(v, dict) else v
        for v in values
    ]


@compiled
@given(st.lists(UNITS, max_size=4))
@example([])
def test_both_kernels_read_the_same(segments):
    assert contents(vocabulary(segments)) == contents(vocabulary(segments, compiled=False))


def test_english_names_have_a_capital_that_no_segment_begins_with():
    found = vocabulary([english_units(text) for text in ("Talks with Solbakken in oslo.", "Oslo talks.", "An inn")])
    named = {unit for unit, flag in zip(found.units, found.names.flag, strict=True) if flag}
    assert named == {"solbakken"}
    sure = dict(zip(found.names.sound, found.names.sure.tolist(), strict=True))
    assert sure == {"talks": True, "solbakken": True, "oslo": True}


def test_japanese_names_are_sure_in_katakana(small_lexicon):
    found = vocabulary([japanese_units("栗林はオスロで話した。", small_lexicon.known)])
    sure = dict(zip(found.names.sound, found.names.sure.tolist(), strict=True))
    assert sure == {"クリバヤシ": False, "オスロ": True}


def test_units_that_may_be_written_alike():
    found = vocabulary([Units(("会談", "N:3", "S:?", "nato", "EU", "it's", "g20"), 9)])
    assert found.alike == ["N:3", "S:?", "nato", "g20"]
    assert found.figures.tolist() == [False, True, False, False, False, False, False]


@compiled
@pytest.mark.parametrize(
    "broken",
    [
        None,
        Units(None, 1),
        Units((1,), 1),
        Units((b"a",), 1),
        Units((), 1, compounds=7),
        Units(("a",), 1, names=("a",)),
        Units(("a",), 1, names=(("a", "b"),)),
        Units(("a",), 1, names=((1, "b", True),)),
        Units(("a",), 1, capitals=(("a", 1, True),)),
        Units(("a",), 1, capitals=(("a", "b", []), ("a", "b", []))),
        Units((), 1, loans=(1,)),
        Units((), 1, lemmas=(("a", "b", "c"),)),
        Units((), 1, lemmas=(([], "b"),)),
    ],
)
def test_what_is_no_segment_is_refused(broken):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        vocabulary([Units(("a", "b"), 2), broken])


@compiled
def test_what_holds_no_segments_is_refused():
    with pytest.raises(TypeError):
        vocabulary(7)
    with pytest.raises(TypeError):
        module._vocabulary.vocabulary([], "a")
