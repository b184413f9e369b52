"""Word links and the agreement of spans."""

import numpy as np
import pytest

from tmalign.align.lexicon import shipped_lexicon
from tmalign.terms import links as room
from tmalign.terms.association import meet
from tmalign.terms.candidates import find, stream
from tmalign.terms.english_tokens import tokenise_english
from tmalign.terms.japanese_tokens import tokenise_japanese
from tmalign.terms.links import LinkModel, Verbality

# Invented; no dictionary has the name, nor zorb.
TEXTS = [
    ("篠塚の協力を歓迎した。", "They welcomed the cooperation of zorb."),
    ("海洋篠塚を議論した。", "They discussed maritime zorb."),
    ("篠塚は重要である。", "The zorb is important."),
    ("海洋の協力を議論した。", "They discussed maritime cooperation."),
]


@pytest.fixture
def sides():
    return stream([tokenise_japanese(a) for a, _ in TEXTS]), stream([tokenise_english(b) for _, b in TEXTS])


def parts(model):
    found = list(model.links())
    return (
        np.concatenate([p.ja for p in found]),
        np.concatenate([p.en for p in found]),
        np.concatenate([p.to_en for p in found]),
        np.concatenate([p.to_ja for p in found]),
    )


def test_words_no_dictionary_has_are_learned(sides):
    ja, en = sides
    rows, columns, to_en, _ = parts(LinkModel(ja, en, shipped_lexicon()))
    name = ja.keys.index("篠塚")
    for place in np.flatnonzero(ja.key == name):
        mine = rows == place
        best = columns[mine][np.argmax(to_en[mine])]
        assert en.keys[en.key[best]] == "zorb"


def test_probabilities_of_a_token_sum_to_at_most_one(sides):
    ja, en = sides
    rows, columns, to_en, to_ja = parts(LinkModel(ja, en, shipped_lexicon()))
    assert np.bincount(rows, to_en).max() <= 1 + 1e-5
    assert np.bincount(columns, to_ja).max() <= 1 + 1e-5
    assert to_en.min() >= 0


def test_parts_give_the_same_links(sides, monkeypatch):
    whole = parts(LinkModel(*sides, shipped_lexicon()))
    monkeypatch.setattr(room, "_AT_ONCE", 1)
    for a, b in zip(whole, parts(LinkModel(*sides, shipped_lexicon())), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_a_sample_knows_the_dictionary_outside_it(sides, monkeypatch):
    monkeypatch.setattr(room, "_FITTED", 1)
    ja, en = sides
    rows, columns, to_en, _ = parts(LinkModel(ja, en, shipped_lexicon()))
    place = np.flatnonzero(ja.key == ja.keys.index("重要"))[-1]
    mine = rows == place
    assert en.keys[en.key[columns[mine][np.argmax(to_en[mine])]]] == english("important")


def english(word):
    return tokenise_english(word).keys[0]


def test_no_units_no_links():
    nothing = stream([])
    assert list(LinkModel(nothing, nothing, shipped_lexicon()).links()) == []
    bare = stream([tokenise_english("the")])
    assert [len(p.ja) for p in LinkModel(bare, bare, shipped_lexicon()).links()] == [0]


def test_verbs_are_told_from_nouns(sides):
    ja, en = sides
    verbality = Verbality(ja, en)
    for part in LinkModel(ja, en, shipped_lexicon()).links():
        verbality.add(part)
    verbs = verbality.above(0.4)
    assert en.keys.index(english("discussed")) in verbs
    assert en.keys.index("zorb") not in verbs


def test_agreement_is_the_dice_of_link_mass(sides):
    ja, en = sides
    ja_found, en_found = find(ja), find(en)
    links = list(LinkModel(ja, en, shipped_lexicon()).links())
    meetings, pairs, _ = meet(ja, en, ja_found, en_found, links)
    assert len(pairs.ja)
    mass = {}
    for part in links:
        for a, b, p, q in zip(part.ja, part.en, part.to_en, part.to_ja, strict=True):
            mass[int(a), int(b)] = float(p) + float(q)
    for number in range(len(meetings.ja)):
        i = ja_found.begin[meetings.ja[number]]
        j = i + ja_found.length[ja_found.candidate[meetings.ja[number]]]
        k = en_found.begin[meetings.en[number]]
        m = k + en_found.length[en_found.candidate[meetings.en[number]]]
        inside = sum(v for (a, b), v in mass.items() if i <= a < j and k <= b < m)
        of_ja = sum(v for (a, _), v in mass.items() if i <= a < j)
        of_en = sum(v for (_, b), v in mass.items() if k <= b < m)
        assert meetings.agreement[number] == pytest.approx(2 * inside / (of_ja + of_en), rel=1e-3)
    assert np.all(pairs.together >= 2)
