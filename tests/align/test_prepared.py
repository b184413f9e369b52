"""What is known of a pair before it is scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align.prepared import fullness
from tmalign.model import Segment

JA, EN = "両大臣は会談した。", "The ministers met."
FULL_JA = "両大臣は会談した。「協力を進める。」と述べた。会談は1時間だった。"
FULL_EN = 'The ministers met. "We go on," they said. It took an hour.'


@pytest.mark.parametrize(
    ("ja", "en", "expected"),
    [
        ([JA, JA], [EN, EN], 0.0),
        ([FULL_JA, FULL_JA], [FULL_EN, FULL_EN], 1.0),
        ([FULL_JA, JA, JA, JA, JA], [FULL_EN, EN, EN, EN, EN], pytest.approx(0.43, abs=0.01)),
        (["「協力を進める！」と述べた。"], ['"Go on!" they said to the U.S. officials.'], 0.0),
        ([""], [""], 0.0),
    ],
)
def test_fullness_goes_from_sentences_to_paragraphs(ja, en, expected):
    assert fullness(*([Segment(text) for text in side] for side in (ja, en))) == expected


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1))
def test_fullness_is_a_share(ja, en):
    assert 0.0 <= fullness(*([Segment(text) for text in side] for side in (ja, en))) <= 1.0
