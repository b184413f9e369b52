"""What is known of a pair before it is scored."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align.lexicon import shipped_lexicon
from tmalign.align.prepared import Prepared, fullness
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


def prepared():
    return Prepared([Segment(JA), Segment("第２部"), Segment(FULL_JA)], [Segment(EN)], shipped_lexicon())


def test_what_is_read_ahead_is_what_is_read():
    expected = prepared().ja_units
    ahead = prepared()
    with ThreadPoolExecutor(1) as pool:
        ahead.read_ahead(pool)
        assert ahead._ahead is not None
        assert ahead.ja_units == expected
        ahead.read_ahead(pool)
        assert ahead._ahead is None  # it is there already


def test_what_was_given_up_is_read_after_all():
    ahead, go_on = prepared(), Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(go_on.wait, 60)
        ahead.read_ahead(pool)
        pool.shutdown(wait=False, cancel_futures=True)
        go_on.set()
    assert ahead._ahead.cancelled()
    assert ahead.ja_units == prepared().ja_units
