"""Both sides of a unit as tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.terms.english_tokens import english_key, tokenise_english
from tmalign.terms.japanese_tokens import tokenise_japanese
from tmalign.terms.tokens import ALONE, BEGIN, BREAK, CONTENT, END, GLUED, NAME, VERB

TEXT = st.text(alphabet=st.characters(), max_size=60)


def flags(text, word):
    tokenised = tokenise_japanese(text)
    return next(t.flags for t in tokenised.tokens if tokenised.text[t.start : t.end] == word)


@pytest.mark.parametrize("tokenise", [tokenise_japanese, tokenise_english])
@given(text=TEXT)
def test_tokens_lie_in_the_text_in_order(tokenise, text):
    tokenised = tokenise(text)
    end = 0
    for token in tokenised.tokens:
        assert end <= token.start < token.end <= len(tokenised.text)
        first, last = tokenised.source_span(token.start, token.end)
        assert 0 <= first < last <= len(text)
        end = token.end
    assert list(tokenised.tokens) == [tokenised.tokens[k] for k in range(len(tokenised.tokens))]


def test_width_inflection_and_spelling_leave_keys_alone():
    def ja(text):
        return tokenise_japanese(text).keys

    def en(text):
        return tokenise_english(text).keys

    assert ja("ＡＳＥＡＮと協力した") == ja("ASEANと協力した")
    assert ja("協力する")[:2] == ja("協力した")[:2] == ja("協力しました")[:2]
    assert en("any unilateral attempt") == en("unilateral attempts")
    assert en("the organisation of defence programmes") == en("organization of the defense program")
    assert en("labour") == en("labor")
    assert english_key("U.S.") == english_key("US")


def test_what_may_stand_at_edges():
    assert not flags("会談について", "つい") & (BEGIN | END)
    assert flags("憲章に基づき", "基づき") & ALONE
    assert not flags("地域の平和", "の") & (BEGIN | END)
    assert flags("国防省", "省") & GLUED
    assert flags("強く非難する", "非難") & END == 0
    assert flags("強く非難する", "する") & VERB
    assert flags("忘れません", "忘れ") & END == 0
    assert flags("ローゼンベルク国防大臣", "国防") & NAME == 0
    assert flags("会談。協力", "協力") & BREAK
    assert flags("20万人", "万") & BEGIN == 0


def test_figures_part_english_phrases():
    tokens = tokenise_english("six fighters and 3 aircraft of F-15 type").tokens
    assert [t.key for t in tokens] == ["six", "fighter", "and", "aircraft", "of", "f-15", "type"]
    assert tokens[3].flags & BREAK
    assert tokens[3].flags & CONTENT


def test_g7_is_a_name():
    assert tokenise_japanese("Ｇ７首脳会合").keys[:2] == ("g", "7")
    assert tokenise_japanese("7首脳会合").keys[0] != "7"


def test_tokens_can_be_sliced():
    tokens = tokenise_english("peace and stability of the region").tokens
    assert [t.key for t in tokens[1:3]] == ["and", tokens[2].key]
    assert tokens[-1].key == "region"
    with pytest.raises(IndexError):
        tokens[9]
