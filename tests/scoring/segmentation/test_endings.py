"""Japanese without stops: noticed, compared without them, and cut after what ends the references."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation import endings as module
from tmalign.scoring.segmentation.endings import endings, lacks_stops, without_stop
from tmalign.scoring.segmentation.tokens import material


@pytest.mark.parametrize(
    ("text", "references", "lacks"),
    [
        ("会談した。終わった。", ["会談した。", "終わった。"], False),
        ("会談した終わった", ["会談した。", "終わった。"], True),
        ("会談した｡終わった｡", ["会談した。", "終わった。"], False),
        ("会談した．終わった．", ["会談した。", "終わった。"], False),
        ("会談した.終わった.", ["会談した。", "終わった。"], False),
        ("会談した。終わった", ["会談した。", "終わった。"], False),
        ("会談した。", ["会談した。", "終わった。", "次は秋だ。"], False),  # the rest is missing, not its stops
        ("会談した", ["会談"], False),
        ("", ["会談した。"], False),
    ],
)
def test_missing_stops_are_noticed(text, references, lacks):
    assert lacks_stops(text, references) == lacks


@pytest.mark.parametrize(
    ("reference", "bare"),
    [
        ("会談した。", "会談した"),
        ("「会談した。」", "「会談した」"),
        ("何隻か？！ ", "何隻か"),
        ("会談した。終わった", "会談した。終わった"),
        ("。", "。"),
        ("3.5", "3.5"),
        ("", ""),
    ],
)
def test_a_reference_loses_the_stop_it_ends_in(reference, bare):
    assert without_stop(reference) == bare


TOKENS = st.text("漢字かなた", max_size=12)


@settings(deadline=None)
@given(TOKENS.filter(bool), st.lists(TOKENS, min_size=1, max_size=5))
def test_endings_are_counted_in_the_references(text, references):
    tokens = sum(map(len, references))
    if not tokens:
        return
    usual = len(references) / (tokens + len(references))

    def share(at):
        found = usual
        for order in range(1, min(3, at) + 1):
            run = text[at - order : at]
            seen = Counter(side[k : k + order] for side in references for k in range(len(side) - order + 1))
            ended = sum(side.endswith(run) for side in references)
            found = (ended + module._SHORTER * found) / (seen[run] + module._SHORTER)
        return found

    def odds(value):
        return math.log(value / (1 - value))

    found = endings(material(text, references, "ja")).tolist()
    assert found == pytest.approx([odds(share(at)) - odds(usual) for at in range(1, len(text))])
