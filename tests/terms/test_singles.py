"""Renderings that do not recur."""

import pytest

from tmalign.model import Unit
from tmalign.terms.mine import mine

# Invented.
TEXTS = [
    ("両大臣は、地域情勢を議論した。", "The two Ministers discussed the regional situation."),
    ("閣僚は、地域情勢に懸念を表明した。", "They expressed concern over regional affairs."),
    ("地域の港を訪問した。", "They visited the ports of the region."),
    ("情勢は厳しい。", "The situation is severe."),
]


def mined(texts):
    return {t.ja: t for t in mine(Unit(ja, en, str(n), "", "", 1.0, (), ()) for n, (ja, en) in enumerate(texts))}


def test_a_phrase_that_is_rendered_in_another_way_each_time():
    term = mined(TEXTS)["地域情勢"]
    assert {(r.en, r.count) for r in term.renderings} == {("regional situation", 1), ("regional affairs", 1)}
    assert term.count == 2


def test_one_place_is_no_phrase():
    assert "地域情勢" not in mined(TEXTS[:1] + TEXTS[2:])


def test_a_rendering_that_does_not_recur_joins_those_that_do():
    again = ("大臣から、地域情勢を説明した。", "The Minister explained the regional situation.")
    term = mined([*TEXTS, again])["地域情勢"]
    assert [(r.en, r.count) for r in term.renderings] == [("regional situation", 2), ("regional affairs", 1)]


@pytest.mark.parametrize("texts", [[], [("", "")], [("地域情勢", "")]])
def test_nothing(texts):
    assert mined(texts) == {}
