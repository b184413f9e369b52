"""The termbase: decisions outlive mining, the index is what a plain scan finds, one phrase has one entry."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.memory.store import Store
from tmalign.term_model import TermContext, TermRendering, TermStatus
from tmalign.terms import index, postings
from tmalign.terms.entry import TermDecision, as_json, entry_id, term_key
from tmalign.terms.mined import Example, MinedTerm, Rendering
from tmalign.terms.search import search
from tmalign.terms.termbase import MinedWritten, Termbase

ATTEMPTS = "力による一方的な現状変更の試み"


def mined(ja, *renderings, kind="phrase", score=1.0, **more):
    found = tuple(Rendering(en, count, "2031-01-02", "2032-03-04") for en, count in renderings)
    return MinedTerm(
        ja, renderings[0][0], kind, sum(c for _, c in renderings), score, 0.9, found, ("a/1", "a/2"), "2031-01-02",
        "2032-03-04", **more,
    )  # fmt: skip


RUN = (
    mined(ATTEMPTS, ("unilateral attempts to change the status quo by force", 7), ("unilateral changes", 2), score=9.0),
    mined("自由で開かれたインド太平洋", ("Free and Open Indo-Pacific", 12), score=8.0, acronyms=("FOIP",)),
    mined("防衛大臣", ("Minister of Defense", 4), ("Defense Minister", 9), kind="title", score=7.0),
)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "memory.sqlite") as store:
        yield store


@pytest.fixture
def termbase(store):
    base = Termbase(store)
    assert base.replace_mined(RUN) == MinedWritten(3, 0)
    return base


def test_what_was_mined_comes_back_best_first(termbase):
    assert [entry.ja for entry in termbase.entries()] == [term.ja for term in RUN]
    entry = termbase.entry("防衛大臣")
    assert (entry.kind, entry.count, entry.en, entry.status) == ("title", 13, "Defense Minister", "candidate")
    assert [(r.en, r.count, r.first, r.last) for r in entry.renderings] == [
        ("Defense Minister", 9, "2031-01-02", "2032-03-04"),
        ("Minister of Defense", 4, "2031-01-02", "2032-03-04"),
    ]
    assert entry.id == entry_id("防衛大臣")


def test_examples_and_lone_surrogates_are_kept_as_far_as_utf8_can(store):
    example = Example("これは\ud800試みだ。", "An attempt.", (3, 6), (3, 10), "a/1", "2031-01-02")
    base = Termbase(store)
    base.replace_mined([mined("試\ud800み", ("attempt\udfff", 2), examples=(example,))])
    (entry,) = base.entries()
    assert (entry.ja, entry.en) == ("試\ufffdみ", "attempt\ufffd")
    assert entry.contexts == (TermContext("これは\ufffd試みだ。", "An attempt.", (3, 6), (3, 10), "a/1", "2031-01-02"),)


def test_a_repeated_key_is_counted_and_the_first_one_stays(store):
    base = Termbase(store)
    assert base.replace_mined([mined("サイバー", ("cyber", 3)), mined("ｻｲﾊﾞｰ", ("cyberspace", 2))]) == MinedWritten(1, 1)
    assert base.entry("さいばー").en == "cyber"


def test_decisions_outlive_mining(termbase):
    approved = TermRendering("Minister of Defense", status=TermStatus.APPROVED, preferred=True, note="since 2007")
    termbase.decide([TermDecision("防衛大臣", note="head of the ministry", renderings=(approved,))])
    for run in (RUN, RUN[:1], ()):
        termbase.replace_mined(run)
        entry = termbase.entry("防衛大臣")
        assert (entry.en, entry.status, entry.note) == ("Minister of Defense", "approved", "head of the ministry")
        assert entry.renderings[0].preferred
        assert entry.decided
        assert entry.renderings[0].count == (4 if len(run) == 3 else 0)
    assert termbase.decision("防衛大臣").renderings == (approved,)


def test_a_rejected_term_stays_rejected_when_it_is_found_again(termbase):
    termbase.decide([TermDecision(ATTEMPTS, rejected=True)])
    termbase.replace_mined(RUN)
    assert termbase.entry(ATTEMPTS).status is TermStatus.REJECTED


def test_a_mined_form_moves_into_the_decision_that_names_it(termbase):
    short = "一方的な現状変更の試み"
    decision = TermDecision(
        short, variants=(ATTEMPTS,), renderings=(TermRendering("attempts", variants=("unilateral changes",)),)
    )
    termbase.decide([decision])
    entry = termbase.entry(ATTEMPTS)
    assert (entry.ja, entry.count) == (short, 9)
    assert {r.en: r.count for r in entry.renderings} == {
        "attempts": 2,
        "unilateral attempts to change the status quo by force": 7,
    }
    assert ATTEMPTS not in [entry.ja for entry in termbase.entries()]
    termbase.decide([replace(decision, variants=())])
    assert termbase.entry(ATTEMPTS).ja == ATTEMPTS


def test_a_decision_of_its_own_wins_over_being_named_as_a_variant(termbase):
    termbase.decide([TermDecision("一方的な現状変更", variants=(ATTEMPTS,)), TermDecision(ATTEMPTS, note="own")])
    assert termbase.entry(ATTEMPTS).note == "own"
    assert termbase.entry("一方的な現状変更").count == 0


def test_the_json_shape(termbase):
    row = as_json(termbase.entry("防衛大臣"), contexts=1)
    stable = {"ja", "en", "kind", "count", "score", "renderings", "releases", "contexts"}
    assert stable <= row.keys()
    assert (row["en"], row["releases"]) == ("Defense Minister", ["a/1", "a/2"])
    assert {"en", "count"} <= row["renderings"][0].keys()
    assert "contexts" not in as_json(termbase.entry("防衛大臣"))


def test_a_failing_decision_keeps_none_of_them(termbase):
    def decisions():
        yield TermDecision("地域情勢", note="kept?")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        termbase.decide(decisions())
    assert termbase.decision("地域情勢") is None


def test_an_entry_found_by_nothing_is_none(termbase):
    assert termbase.entry("") is None
    assert termbase.entry("海") is None


def test_passing_over_is_remembered_until_it_is_forgotten(termbase):
    termbase.pass_over(ATTEMPTS)
    termbase.pass_over(ATTEMPTS)
    assert termbase.passed_over() == {term_key(ATTEMPTS)}
    termbase.forget_passed_over()
    assert termbase.passed_over() == frozenset()


PHRASE = st.text(alphabet="防衛大臣省ミサイルﾐｻabAB 、・", min_size=1, max_size=9).filter(lambda t: t.strip())
DECISIONS = st.lists(
    st.builds(
        TermDecision,
        PHRASE,
        variants=st.lists(PHRASE, max_size=2).map(tuple),
        renderings=st.lists(st.builds(TermRendering, PHRASE), max_size=2).map(tuple),
    ),
    max_size=6,
)


def scanned(connection, text):
    """Find by reading every form: what the index must not differ from."""
    rows = connection.execute("SELECT term, language, form, uses FROM term_forms")
    return {tuple(row) for row in rows if text in row[2]}


@settings(max_examples=40, deadline=None)
@given(st.lists(PHRASE, max_size=6), DECISIONS, PHRASE)
def test_the_mended_index_equals_one_made_anew_and_finds_what_a_scan_finds(tmp_path_factory, phrases, decisions, query):
    with Store(tmp_path_factory.mktemp("termbase") / "memory.sqlite") as store:
        base = Termbase(store)
        base.replace_mined(mined(phrase, (phrase[::-1], 2)) for phrase in phrases)
        for decision in decisions:
            base.decide([decision])
        with store.reading() as connection:
            mended = set(connection.execute("SELECT term, language, form, uses FROM term_forms").fetchall())
            key = term_key(query)
            for part in {key, key[:2], key[:1]}:
                assert {tuple(form) for form in index.holding(connection, [part], 1000)[0]} == scanned(connection, part)
            assert {tuple(form) for form in index.exact(connection, key)} == {
                row for row in scanned(connection, key) if row[2] == key
            }
        expected = {(term_key(entry.ja), *form, entry.count) for entry in base.entries() for form in index.forms(entry)}
        assert mended == expected


@settings(max_examples=60, deadline=None)
@given(PHRASE, PHRASE, st.integers(0, 3))
def test_near_forms_are_never_missed(tmp_path_factory, phrase, query, errors):
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - the oracle

    with Store(tmp_path_factory.mktemp("termbase") / "memory.sqlite") as store:
        Termbase(store).replace_mined([mined(phrase, ("x", 2)), mined("別の語句", ("y", 2))])
        with store.reading() as connection:
            for share in (0.0, 0.6):
                found = {form.text for form in index.near(connection, term_key(query), errors, share=share)}
                for (form,) in connection.execute("SELECT form FROM term_forms"):
                    if Levenshtein.distance(form, term_key(query)) <= errors and len(term_key(query)) + 1 > 2 * errors:
                        assert form in found


def test_an_index_of_the_version_before_goes_on_being_read_and_is_put_in_order(tmp_path):
    path = tmp_path / "memory.sqlite"
    with Store(path) as store:
        base = Termbase(store)
        base.replace_mined([*RUN, *(mined(f"語句{n}号", (f"phrase {n}", n)) for n in range(1, 1300))])
        base.decide([TermDecision("国防相", variants=("防衛大臣",))])
        with store.reading() as connection:
            rows = set(connection.execute("SELECT term, form, uses FROM term_forms").fetchall())
    with closing(sqlite3.connect(path)) as connection:
        for gram, count, data in connection.execute("SELECT * FROM term_grams").fetchall():
            listed = b"".join(number.to_bytes(4, "little") for number in postings.unpacked(count, data))
            connection.execute("UPDATE term_grams SET forms = ? WHERE gram = ?", (listed, gram))
        connection.execute("DROP TABLE term_index")
        connection.execute("ALTER TABLE term_forms DROP COLUMN uses")
        connection.execute("ALTER TABLE decided_terms DROP COLUMN position")
        connection.execute("PRAGMA user_version = 5")
        connection.commit()
    with Store(path) as store:
        base = Termbase(store)
        with store.reading() as connection:
            assert set(connection.execute("SELECT term, form, uses FROM term_forms").fetchall()) == rows
            assert index.disordered(connection)
        for query, ja in (
            ("現状変更", ATTEMPTS),
            ("indo-pacfic", "自由で開かれたインド太平洋"),
            ("phrase 1299", "語句1299号"),
        ):
            assert search(store, query, base.by_keys)[0].entry.ja == ja
        base.decide([TermDecision("新語")])
        with store.reading() as connection:
            assert not index.disordered(connection)
        assert search(store, "語句", base.by_keys, limit=1)[0].entry.ja == "語句9号"


NUMBERS = st.lists(st.integers(1, 400), min_size=1, unique=True).map(sorted)


@given(NUMBERS)
def test_a_posting_list_comes_back_in_either_shape(numbers):
    listed = b"".join(number.to_bytes(4, "little") for number in numbers)
    for data in (postings.packed(numbers), listed):
        assert list(postings.unpacked(len(numbers), data)) == numbers
        assert postings.members(postings.as_bits(len(numbers), data)) == numbers


@given(st.lists(NUMBERS, max_size=20), st.integers(1, 6))
def test_numbers_are_counted_over_lists(lists, least):
    places = postings.counted(postings.as_bits(len(one), postings.packed(one)) for one in lists)
    expected = [n for n in range(401) if sum(n in one for one in lists) >= least]
    assert postings.members(postings.at_least(places, least)) == expected


@pytest.mark.parametrize("query", ["防衛", "力", "ab", "ca b"])
def test_terms_that_hold_a_query_are_ranked_over_all_of_them(store, query):
    """More forms hold it than are read at first, and much used ones are among the longer ones of their score."""
    base = Termbase(store)
    some = (
        mined(
            f"防衛力{chr(0x4E00 + n)}{'長' * (n % 5)}",
            (f"{chr(97 + n % 26)}ab ca{'x' * (n % 7)} {n}", 2 + n * 37 % 101),
        )
        for n in range(1500)
    )
    base.replace_mined(some)
    base.decide([TermDecision("防衛力の新語", renderings=(TermRendering("ab"),))])

    def rank(entry):
        with store.reading() as connection:
            rows = connection.execute("SELECT form FROM term_forms WHERE term = ?", (term_key(entry.ja),)).fetchall()
        words = query.split()
        held = [form for (form,) in rows if query in form or (len(words) > 1 and all(w in form for w in words))]
        if query in {form for (form,) in rows}:
            return 0, 0.0, -entry.count, term_key(entry.ja)
        cut = {"ab": 0.5, "ca b": 1}.get(query, 1)
        whole = len(query) if len(words) < 2 else 0.8 * sum(map(len, words))
        return 1, -round(max(cut * whole / len(form) for form in held), 1), -entry.count, term_key(entry.ja)

    found = [match.entry.ja for match in search(store, query, base.by_keys, limit=12)]
    expected = sorted((rank(entry), entry.ja) for entry in base.entries() if holds(store, entry, query))[:12]
    assert found == [ja for _, ja in expected]


def holds(store, entry, query):
    """Tell whether a form of a term holds a query, or all its words."""
    with store.reading() as connection:
        rows = connection.execute("SELECT form FROM term_forms WHERE term = ?", (term_key(entry.ja),)).fetchall()
    return any(all(word in form for word in query.split()) for (form,) in rows)
