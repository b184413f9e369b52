"""What is known of a pair before it is scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align.prepared import fullness
from tmalign.align.units import Units


def sides(ja, en):
    return [Units((), length) for length in ja], [Units((), length) for length in en]


@pytest.mark.parametrize(
    ("ja", "en", "expected"),
    [
        ([40, 40], [100, 100], 0.0),
        ([70, 70], [175, 175], 0.0),
        ([96], [240], 1.0),
        ([400], [1000], 1.0),
        ([82], [205], pytest.approx(0.5, abs=0.01)),
        ([20, 20], [400], 0.0),  # one long sentence beside short ones
    ],
)
def test_fullness_goes_from_sentences_to_paragraphs(ja, en, expected):
    assert fullness(*sides(ja, en)) == expected


@given(st.lists(st.integers(1, 2000), min_size=1), st.lists(st.integers(1, 5000), min_size=1))
def test_fullness_is_a_share(ja, en):
    assert 0.0 <= fullness(*sides(ja, en)) <= 1.0
