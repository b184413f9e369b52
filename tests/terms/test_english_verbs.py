"""Verbs told by the word before them."""

import pytest

from tmalign.terms.english_verbs import stands_as_verb


@pytest.mark.parametrize(
    ("before", "word"),
    [("will", "cooperate"), ("to", "strengthen"), ("by", "maintaining"), ("ministers", "exchanged"), ("they", "hold"),
     ("minister", "held"), ("been", "signed")],
)  # fmt: skip
def test_verbs(before, word):
    assert stands_as_verb(word, before)


@pytest.mark.parametrize(
    ("before", "word"),
    [("the", "exchange"), ("an", "increased"), ("", "signed"), ("the", "meeting"), ("will", "closely"),
     ("two", "people"), ("to", "the"), ("defense", "cooperation")],
)  # fmt: skip
def test_others(before, word):
    assert not stands_as_verb(word, before)
