"""English words that share Japanese translations."""

from __future__ import annotations

import numpy as np
import pytest

from tmalign.align.association import associate
from tmalign.align.kinship import Kinship
from tmalign.align.lexicon import Lexicon, shipped_lexicon
from tmalign.align.tables import COMPILED, WordTable, word_hash, word_hashes, write_arrays, write_table
from tmalign.align.units import Units
from tmalign.align.vocabulary import vocabulary

STEMS = ("anxieti", "concern", "worri", "talk")


@pytest.fixture
def tables(tmp_path):
    """Give a dictionary of a few words and the kinship of its stems: worri and concern are akin."""
    entries = {"懸念": {"concern": (0.8,), "anxieti": (0.4,)}, "会談": {"talk": (1.0,)}, "心配": {"worri": (1.0,)}}
    write_table(tmp_path / "d.table", entries, ("weight",), {"name": "few", "release": "today"})
    dictionary = WordTable(tmp_path / "d.table")
    place = {int(h): k for k, h in enumerate(dictionary.stems)}
    near = {("worri", "concern"): 0.2, ("concern", "worri"): 0.2, ("worri", "anxieti"): 0.01}
    cells = sorted((place[word_hash(a)], place[word_hash(b)], value) for (a, b), value in near.items())
    arrays = {
        "keys": dictionary.stems,
        "stems": dictionary.stems,
        "start": np.searchsorted([row for row, _, _ in cells], np.arange(len(place) + 1)).astype(np.uint32),
        "column": np.array([column for _, column, _ in cells], dtype=np.uint16),
        "weight": np.array([round(255 * value) for *_, value in cells], dtype=np.uint8),
    }
    write_arrays(tmp_path / "k.table", arrays, {"name": "kin"})
    return dictionary, WordTable(tmp_path / "k.table")


def found(kinship, ja, en):
    keys = word_hashes(ja), word_hashes(en)
    row, column, weight = kinship.links(*keys)
    if COMPILED:
        for ours, theirs in zip((row, column, weight), kinship.links(*keys, compiled=False), strict=True):
            assert ours.tolist() == theirs.tolist()
    return {(ja[r], en[c]): float(w) for r, c, w in zip(row, column, weight, strict=True)}


def test_a_word_is_linked_by_way_of_a_third(tables):
    links = found(Kinship(*tables), ["懸念", "会談", "未知"], ["worri", "talk", "unknown"])
    # 2.5 times .8 times .2; by way of anxieti too little is added to see.
    assert links == {("懸念", "worri"): pytest.approx(0.4, abs=0.02)}


def test_kin_is_less_than_the_word_itself(tables):
    dictionary, kin = tables
    kin.weights["weight"] = np.full_like(kin.weights["weight"], 255)
    assert found(Kinship(dictionary, kin), ["懸念"], ["worri"]) == {("懸念", "worri"): pytest.approx(0.6)}


@pytest.mark.parametrize(("ja", "en"), [([], []), (["懸念"], []), ([], ["worri"]), (["未知"], ["worri"])])
def test_nothing_gives_nothing(tables, ja, en):
    assert found(Kinship(*tables), ja, en) == {}


def test_a_table_of_another_dictionary_is_refused(tables, small_lexicon):
    with pytest.raises(ValueError, match="not of this dictionary"):
        Kinship(tables[0], small_lexicon._background)


def test_kin_is_evidence_beside_the_dictionary(tables, small_lexicon):
    dictionary, kin = tables
    ja, en = [Units(("懸念",), 5)], [Units(("worri", "concern"), 20)]
    vocabularies = vocabulary(ja), vocabulary(en)
    for kinship, weights in ((None, [0.8]), (Kinship(dictionary, kin), [0.4, 0.8])):
        lexicon = Lexicon(dictionary, small_lexicon._background, kinship)
        got = associate(*vocabularies, lexicon)
        assert got.weight.tolist() == pytest.approx(weights, abs=0.02)


def test_the_shipped_table_knows_what_translators_exchange():
    lexicon = shipped_lexicon()
    assert lexicon._kinship is not None
    assert found(lexicon._kinship, ["懸念"], ["worri"])


@pytest.mark.skipif(not COMPILED, reason="installed without a C compiler")
def test_both_kernels_link_the_same_words_of_the_shipped_tables():
    kinship = shipped_lexicon()._kinship
    generator = np.random.default_rng(4)
    ja = generator.choice(kinship._dictionary.keys, 1000)
    en = generator.choice(kinship._dictionary.stems, 600, replace=False)
    ours, theirs = kinship.links(ja, en), kinship.links(ja, en, compiled=False)
    assert len(ours[0]) > 100
    assert [part.tolist() for part in ours[:2]] == [part.tolist() for part in theirs[:2]]
    assert ours[2] == pytest.approx(theirs[2], abs=1e-6)


def test_kin_that_the_dictionary_does_not_have_are_refused_or_link_nothing(tables):
    dictionary, kin = tables
    kinship = Kinship(dictionary, kin)
    kin.column = np.full_like(kin.column, 60_000)
    keys = word_hashes(["懸念"]), word_hashes(["worri"])
    assert len(kinship.links(*keys, compiled=False)[0]) == 0
    if COMPILED:
        with pytest.raises(ValueError, match="damaged"):
            kinship.links(*keys)
