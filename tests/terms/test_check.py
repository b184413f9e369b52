"""Checking drafts: each kind of fault is found where it stands, good translations are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.formats.draft import DraftUnit
from tmalign.term_model import TermEntry, TermRendering, TermStatus
from tmalign.terms.check import Checker
from tmalign.terms.figure_check import figure_faults
from tmalign.terms.occurrence import EnglishText, TermFinder

APPROVED, FORBIDDEN, DEPRECATED = TermStatus.APPROVED, TermStatus.FORBIDDEN, TermStatus.DEPRECATED


def entry(ja, *renderings, kind="phrase", variants=(), acronyms=()):
    return TermEntry(f"id-{ja}", ja, kind, renderings, variants=variants, acronyms=acronyms)


ATTEMPTS = entry(
    "力による一方的な現状変更の試み",
    TermRendering("unilateral attempts to change the status quo by force", 9, status=APPROVED, preferred=True),
    TermRendering("unilateral changes by force", 1, status=FORBIDDEN, note="says less"),
    variants=("力による一方的な現状変更",),
)
MINISTRY = entry(
    "外務省", TermRendering("Ministry of Foreign Affairs", status=APPROVED), kind="organisation", acronyms=("MOFA",)
)
SITUATION = entry("地域情勢", TermRendering("regional situation", 5), TermRendering("regional affairs", 3))
STATE = entry(
    "防衛副大臣",
    TermRendering("State Minister of Defense", status=APPROVED, valid_from="2015-01-01"),
    TermRendering("Senior Vice-Minister of Defense", status=APPROVED, valid_until="2014-12-31"),
    TermRendering("Vice-Minister of Defense", status=DEPRECATED),
    kind="title",
)
TERMS = (ATTEMPTS, MINISTRY, SITUATION, STATE)


def issues(*pairs, terms=TERMS, **options):
    units = [DraftUnit(ja, en) for ja, en in pairs]
    return [(issue.unit, issue.code) for issue in Checker(terms, **options).check(units)]


def test_a_missing_rendering_is_found_with_place_reason_and_advice():
    unit = DraftUnit("両大臣は、力による一方的な現状変更の試みに反対した。", "Both Ministers opposed one-sided moves.")
    (issue,) = Checker(TERMS).check([unit])
    assert (issue.code, issue.severity, issue.term) == ("missing-term", "error", ATTEMPTS.id)
    assert unit.ja[slice(*issue.ja_span)] == ATTEMPTS.ja
    assert "is missing" in issue.reason
    assert issue.suggestion == "use: unilateral attempts to change the status quo by force"


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        (
            "力による一方的な現状変更の試みに反対する。",
            "They oppose Unilateral Attempts to change the status quo by force.",
        ),
        (
            "力による一方的な現状変更に反対する。",
            "They oppose any unilateral attempt to change the status quo by force.",
        ),
        ("力による一方的な現状変更の試み", "unilateral attempts to forcibly change the status quo by force"),
        ("外務省は発表した。", "MOFA announced it."),
        ("外務省は発表した。", "The Ministry announced it."),
        ("外務省は発表した。", "ＭＯＦＡ announced it."),
        ("報道官", "Press Secretary:"),
        ("在外務省員", "an official abroad"),
    ],
)
def test_good_translations_are_left_alone(ja, en):
    assert issues((ja, en)) == []


def test_a_short_form_in_small_letters_needs_an_earlier_mention():
    forces = entry("練習艦隊", TermRendering("Training Squadron", status=APPROVED))
    named, short = (
        ("練習艦隊が寄港した。", "The Training Squadron called."),
        ("練習艦隊は出港した。", "The squadron left."),
    )
    assert issues(named, short, terms=[forces]) == []
    assert issues(short, terms=[forces]) == [(0, "missing-term")]


def test_a_forbidden_rendering_is_found_where_it_stands():
    unit = DraftUnit("力による一方的な現状変更に反対した。", "They opposed unilateral changes by force.")
    (issue,) = Checker(TERMS).check([unit])
    assert (issue.code, unit.en[slice(*issue.en_span)]) == ("forbidden-term", "unilateral changes by force")
    assert "says less" in issue.reason


def test_a_part_of_an_approved_rendering_is_not_forbidden():
    assert issues(("防衛副大臣が訪問した。", "The State Minister of Defense paid a visit.")) == []
    senior = ("防衛副大臣が訪問した。", "The Senior Vice-Minister of Defense paid a visit.")
    assert issues(senior, date="2014-06-01") == []
    assert issues(senior, date="2016-06-01") == [(0, "deprecated-term")]


def test_validity_dates_choose_what_is_approved():
    assert issues(("防衛副大臣が訪問した。", "The State Minister of Defense came."), date="2014-06-01") == [
        (0, "missing-term")
    ]


def test_two_renderings_of_one_phrase():
    pairs = [
        ("地域情勢について議論した。", "They discussed the regional situation."),
        ("再び地域情勢について議論した。", "They discussed the regional situations again."),
        ("地域情勢は厳しい。", "Regional affairs are tense."),
    ]
    assert issues(*pairs) == [(2, "two-renderings")]
    assert issues(*pairs[:2]) == []


def test_two_approved_renderings_only_when_strict():
    term = entry("地域情勢", *(TermRendering(en, status=APPROVED) for en in ("regional situation", "regional affairs")))
    pairs = [("地域情勢について議論した。", "They discussed the regional situation."), ("地域情勢", "regional affairs")]
    assert issues(*pairs, terms=[term]) == []
    assert issues(*pairs, terms=[term], strict=True) == [(1, "two-renderings")]


def test_a_recurring_segment_translated_in_two_ways():
    pairs = [
        ("概要は以下のとおりです。", "The outline is as follows."),
        ("概要は以下のとおりです。", "Here is a summary."),
    ]
    assert issues(*pairs) == [(1, "two-renderings")]
    assert issues(pairs[0], pairs[0]) == []


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("両大臣は会談した。", ""),
        ("両大臣は会談した。", "両大臣は会談した。"),
        ("両大臣は会談した。", "Both 大臣は met."),
        ("", "Both Ministers met."),
        ("Both Ministers met here today.", "Both Ministers met here today."),
    ],
)
def test_untranslated_text(ja, en):
    assert issues((ja, en)) == [(0, "untranslated")]


@pytest.mark.parametrize(("ja", "en"), [("F-35A", "F-35A"), ("NATO", "NATO"), ("", ""), ("（了）", "(End)")])
def test_what_needs_no_translation(ja, en):
    assert issues((ja, en)) == []


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("令和３年６月２５日に会談した。", "They met on June 25, 2020."),
        ("約１２億３千万円を供与した。", "About 1.23 million yen was provided."),
        ("５，０００万人が参加した。", "5 million people took part."),
        ("１５時３０分から会談した。", "They met from 5:30 p.m."),
        ("約５２０名が乗艦した。", "About personnel were on board."),
        ("７月１２日に寄港した。", "It called on July 13."),
        ("１２．５％増加した。", "It rose by 15.2%."),
        ("５．１０．１７", "October 18, 2023"),
    ],
)
def test_figures_that_differ(ja, en):
    assert issues((ja, en)) == [(0, "figures")] * len(figure_faults(ja, en))
    assert figure_faults(ja, en)


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("令和３年６月２５日（金）、１５時３０分から会談した。", "They met from 3:30 p.m. on Friday, June 25, 2021."),
        ("本日、会談した。", "On November 8, 2022, they met."),
        ("令和４年１１月８日、会談した。", "They met today."),
        ("３等陸佐　樋口", "Major HIGUCHI"),
        ("次の２点で一致した。", "They agreed on two points: (1) this; and (2) that."),
        ("第１に、地域情勢である。", "First, the regional situation."),
        ("４月１日～９月３０日", "April 1 to September 30"),
        ("５．１０．１７", "October 17, 2023"),
        ("１日の会議", "the all-day meeting"),
    ],
)
def test_figures_that_say_the_same(ja, en):
    assert figure_faults(ja, en) == []


def test_only_the_checks_that_are_asked_for():
    assert issues(("１５時に会談した。", ""), ("５名", "6 persons"), codes=["figures"]) == [(1, "figures")]


def test_the_longest_term_is_found_and_none_inside_it():
    finder = TermFinder([entry("現状変更"), ATTEMPTS, entry("大使")])
    assert [hit.entry.ja for hit in finder.find("力による一方的な現状変更の試みと現状変更")] == [
        ATTEMPTS.ja,
        "現状変更",
    ]
    assert finder.find("大使館") == []
    assert [(hit.start, hit.end) for hit in finder.find("ｱの大使は")] == [(2, 4)]


TEXT = st.text(alphabet="力による現状変更の試みﾐサ大使館abc １2", max_size=30)


@settings(max_examples=150, deadline=None)
@given(TEXT, st.lists(st.text(alphabet="力に現状変更大使館サ", min_size=2, max_size=4), max_size=5))
def test_hits_are_spans_of_their_terms_in_order(text, names):
    finder = TermFinder([entry(name) for name in names])
    end = 0
    for hit in finder.find(text):
        assert end <= hit.start < hit.end <= len(text)
        assert len(text[hit.start : hit.end]) >= 1
        end = hit.end


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_places_of_renderings_lie_in_the_text(text, rendering):
    for start, end in EnglishText(text).spans(rendering):
        assert 0 <= start < end <= len(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(DraftUnit, st.text(max_size=40) | TEXT, st.text(max_size=40)), max_size=5))
def test_no_draft_breaks_the_checker(units):
    for issue in Checker(TERMS, strict=True).check(units):
        unit = units[issue.unit]
        assert 0 <= issue.ja_span[0] <= issue.ja_span[1] <= len(unit.ja)
        assert 0 <= issue.en_span[0] <= issue.en_span[1] <= len(unit.en)
