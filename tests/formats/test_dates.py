"""Dates are read in the notations of releases; a line is a dateline when it is a date and little else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.formats.dates import find_date, is_dateline


@pytest.mark.parametrize(
    "text",
    [
        "令和５年５月１２日",
        "令和5年5月12日",
        "令和五年五月十二日",
        "令和５年（２０２３年）５月１２日",
        "2023年5月12日",
        "２０２３年５月１２日（金）",
        "２０２３年（令和５年）５月１２日",
        "二〇二三年五月十二日",
        "May 12, 2023",
        "MAY 12, 2023",
        "May 12 (Fri), 2023",
        "May 12th, 2023",
        "12 May 2023",
        "12th of May, 2023",
        "Friday, May 12, 2023",
        "Tokyo, Friday, 12 May 2023",
        "2023/05/12",
        "2023.5.12",
        "2023. 5. 12",
        "2023-05-12",
        "２０２３／０５／１２",
        "R5.5.12",
        "５．５．１２",
        "発表日：令和５年５月１２日",
        "On May 12, 2023 they met, and again on June 1, 2024.",
        "本日（令和５年５月１２日）、両大臣は",
    ],
)
def test_a_date_is_found(text):
    assert find_date(text) == "2023-05-12"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("令和元年５月１日", "2019-05-01"),
        ("平成３１年４月３０日", "2019-04-30"),
        ("昭和６４年１月７日", "1989-01-07"),
        ("令和５年十二月三十一日", "2023-12-31"),
        ("Sept. 1, 2020", "2020-09-01"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_eras_and_months(text, date):
    assert find_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "令和５年１３月１日",
        "令和５年１３月",
        "令和５年５月",
        "昭和６５年１月１日",
        "February 30, 2023",
        "2023-13-01",
        "2023",
        "May 2023",
        "５月１２日",
        "99.99.99",
        "version 5.5.12 of it",
        "令和０年１月１日",
        "十十月",
        "令和五年十十月一日",
        "12023-05-12",
        "192.168.2023.5.12",
    ],
)
def test_no_date(text):
    assert find_date(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "令和５年６月３日（土）",
        "令和５年６月３日（土曜日）",
        "令和５年１０月１２日　スバ",
        "令和６年１１月２５日、東京",
        "Saturday, June 3, 2023",
        "June 3, 2023 (Sat.)",
        "Suva, October 12, 2023",
        "Tokyo, 12 October 2023",
        "Rio de Janeiro, May 12, 2023",
        "（令和５年６月３日）",
        "(June 3, 2023)",
        "５．１０．１７",
        "2023/05/12",
        "May 12, 2023, Tokyo",
        "令和５年６月３日発表",
        "令和５年６月３日（土）１０時４７分～１１時０８分",
        "令和５年６月３日、東京・芝浦",
        "令和５年６月３日　防衛省",
        "更新日：令和５年６月３日",
        "Friday, June 2, 2023, 10:47 a.m. to 11:08 a.m.",
        "June 2, 2023 at 10:47",
        "June 2, 2023 Ministry of Defense",
    ],
)
def test_a_line_that_is_a_date(text):
    assert is_dateline(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(Press Release)",
        "令和５年６月３日、両大臣は会談した。",
        "On June 3, 2023, both met.",
        "June 3, 2023 was a day of joy for all who came.",
        "令和５年１３月３日",
        "防衛省",
        "令和５年６月３日の会談について",
        "Joint Statement of June 3, 2023",
        "令和５年６月３日　日本と島国の会談",
        "5.5.99",
    ],
)
def test_a_line_that_is_not(text):
    assert not is_dateline(text)


@given(st.dates(dt.date(2019, 5, 1), dt.date(2090, 1, 1)))
def test_every_day_reads_back_in_every_notation(day):
    year, month, date = day.year, day.month, day.day
    for text in (
        f"令和{year - 2018}年{month}月{date}日",
        f"{year}年{month}月{date}日",
        f"{day:%B} {date}, {year}",
        f"{date} {day:%b} {year}",
        f"{year}/{month}/{date}",
        day.isoformat(),
    ):
        assert find_date(text) == day.isoformat()
        assert is_dateline(text)


@given(st.text(alphabet="令和元年月日０１２9./-(),May Junfriday十二〇水曜", max_size=60) | st.text(max_size=200))
def test_any_text_gives_a_real_date_or_none(text):
    found = find_date(text)
    assert not found or dt.date.fromisoformat(found)
    assert not is_dateline(text) or found
