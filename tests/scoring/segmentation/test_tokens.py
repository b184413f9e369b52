"""Tokens with their places, and references that are cut into tokens as one text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation.tokens import _TOKEN, material, tokenised

TEXTS = st.text(st.sampled_from("aB1é .,'’-_?「」防衛ｶﾞ\u3000\u200b\x1c\x85\u2028\ud800\U00020000\n"), max_size=20)


@given(TEXTS)
def test_tokens_stand_where_they_are_found(text):
    tokens, starts, ends = tokenised(text)
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == [m.span() for m in _TOKEN.finditer(text)]
    assert tokens == [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


@settings(deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=5))
def test_a_reference_has_the_tokens_it_has_by_itself(text, references):
    found = material(text, references, "en")
    number = dict(zip(tokenised(text)[0], found.words.tolist(), strict=True))
    assert len(found.references) == len(references)
    for reference, words in zip(references, found.references, strict=True):
        tokens = tokenised(reference)[0]
        assert len(words) == len(tokens)
        assert all(number.setdefault(token, word) == word for token, word in zip(tokens, words.tolist(), strict=True))
