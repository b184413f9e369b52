"""Charts: what stands where, and that no value leaves the picture."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.scoring.reporting.charts import Interval, Scale, Series, dot_chart, interval_chart, line_chart, marker
from tmalign.scoring.reporting.markup import Markup, escape, join, table, tag

VALUES = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))


@given(st.lists(VALUES, max_size=8))
def test_all_values_lie_between_round_ticks(values):
    scale = Scale(values, 100, 700)
    assert all(100 <= scale(value) <= 700 for value in values)
    assert 2 <= len(scale.ticks) <= 9
    labels = [scale.label(tick) for tick in scale.ticks]
    assert len(set(labels)) == len(labels)


def test_ticks_are_round():
    assert Scale([18.04, 28.11], 0, 1).ticks == [17.5, 20.0, 22.5, 25.0, 27.5, 30.0]
    assert Scale([5.0], 0, 1).label(5.0) == "5.0"
    assert Scale([0.0, 0.0], 0, 1)(0.0) == 0


def test_an_interval_is_drawn_where_it_lies():
    chart = interval_chart("BLEU", "Points.", [Interval("a", 20.0, 15.0, 25.0), Interval("b", 18.0)], 18.0)
    lines = re.findall(r'<line x1="([\d.]+)" x2="([\d.]+)" y1="([\d.]+)" y2="\3" stroke=', chart)
    circles = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', chart)]
    low, high, _ = map(float, lines[0])
    assert low < circles[1] < circles[0] < high
    assert circles[0] == pytest.approx((low + high) / 2, abs=0.11)
    assert f'x1="{circles[1]}" x2="{circles[1]}"' in chart
    assert "20.00" in chart


def test_missing_values_leave_gaps():
    series = [Series("a", 0, (1.0, None)), Series("b", 1, (None, 2.0))]
    assert dot_chart("t", "d", ["one", "two"], series).count("<circle") == 2  # legend and one value
    assert line_chart("t", "d", ["one\n3", "two\n4"], series).count("<rect") == 2
    assert "<svg" in line_chart("t", "d", [], [])


def test_eight_systems_have_eight_markers():
    assert len({re.sub(r"var\(--s\d\)", "", marker(number, 5, 5)) for number in range(8)}) == 8
    assert len({marker(number, 5, 5) for number in range(8)}) == 8


def test_long_names_are_shortened_and_kept():
    name = "defence/2024-10-10-japan-us-telephone-talks"
    chart = dot_chart("t", "d", [name], [Series("a", 0, (1.0,))])
    assert f"<title>{name}</title>" in chart
    assert "…" in chart


def test_markup_escapes_all_but_markup():
    assert tag("p", "<b>", Markup("<i>x</i>"), None, 3, ["a", ("&",)]) == "<p>&lt;b&gt;<i>x</i>3a&amp;</p>"
    assert tag("a", href='"x', aria_label="é", class_="c", id=None) == '<a href="&quot;x" aria-label="é" class="c"></a>'
    assert tag("br") == "<br>"
    assert tag("line", x1=1) == '<line x1="1"/>'
    assert escape("\x00\ud800\n") == "\ufffd\ufffd\n"
    assert join([]) == ""
    assert '<td class="n">12.5%</td>' in table("c", ["a", "b"], [["x", "12.5%"]])
    assert "<td>12 ships</td>" in table("c", ["a", "b"], [["x", "12 ships"]])
