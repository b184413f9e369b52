"""One reader for every unit: lasting numbers, and marks by which an index keeps up."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import MissingFileError
from tmalign.memory import schema
from tmalign.memory.rows import Pin
from tmalign.memory.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "standins"))
from parcels import parcel


@pytest.fixture
def path(tmp_path):
    return tmp_path / "memory.sqlite"


class Index:
    """What an index does, in a dictionary."""

    def __init__(self, store):
        self.store, self.mark, self.held = store, None, {}

    def update(self):
        """Return how many ids were touched."""
        mark = self.store.mark()
        since = 0
        if self.mark is not None and self.mark.generation == mark.generation:
            since = self.mark.revision
        else:
            self.held = {}
        gone = list(self.store.gone(since))
        for number in gone:
            self.held.pop(number, None)
        news = list(self.store.entries(since=since))
        self.held.update((entry.id, entry) for entry in news)
        self.mark = mark
        return len(gone) + len(news)


def test_entries_are_the_units_by_number(path):
    with Store(path) as store:
        assert list(store.entries()) == []
        store.save_release(*parcel("b"))
        store.save_release(*parcel("2031/a"))
        found = list(store.entries())
        assert [entry.id for entry in found] == [1, 2, 3, 4, 5, 6]
        assert [entry.source for entry in found] == ["b"] * 3 + ["2031/a"] * 3
        first = found[3]
        assert (first.ja, first.en, first.collection) == ("両大臣は会談した。", "The ministers met.", "2031")
        assert (first.date, first.probability, first.status) == ("2031-04-09", 0.97, "unreviewed")
        assert (first.origin, first.position) == ("machine", 0)
        assert found[5].en == ""
        assert store.entry_count() == 6
        assert list(store.entries(page=2)) == found
        assert list(store.entries(after=4, page=1)) == found[4:]
        assert store.entries_by_id([5, 99, 1]) == {5: found[4], 1: found[0]}
        assert list(store.entries_by_id([5, 1])) == [5, 1]


def test_numbers_last_through_a_rebuild_and_are_never_used_again(path):
    with Store(path) as store:
        store.save_release(*parcel("a"))
        before = {entry.ja: entry.id for entry in store.entries()}
        mark = store.mark()
        store.save_release(*parcel("a", signature="s2"))
        # Nothing an index sees has changed.
        assert list(store.entries(since=mark.revision)) == []
        assert list(store.gone(mark.revision)) == []
        store.save_release(*parcel("a", ja=("新しい文。", "会談は有意義であった。", "以上。")))
        after = {entry.ja: entry.id for entry in store.entries()}
        assert after["会談は有意義であった。"] == before["会談は有意義であった。"]
        assert after["新しい文。"] == 4
        assert list(store.gone(mark.revision)) == [1]
        assert [entry.id for entry in store.entries(since=mark.revision)] == [4]
        assert store.remove_missing([]) == 1
        store.save_release(*parcel("a"))
        assert [entry.id for entry in store.entries()] == [5, 6, 7]


def test_a_new_date_or_probability_is_a_change(path):
    with Store(path) as store:
        store.save_release(*parcel("a"))
        mark = store.mark()
        store.save_release(*parcel("a", probability=0.5))
        assert [entry.id for entry in store.entries(since=mark.revision)] == [1]
        mark = store.mark()
        store.save_release(*parcel("a", probability=0.5, date="2031-05-05"))
        assert [entry.date for entry in store.entries(since=mark.revision)] == ["2031-05-05"] * 3


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["save", "remove", "accept", "reject", "update"]),
        st.sampled_from("ab"),
        st.lists(st.sampled_from(["一。", "二。", "三。"]), min_size=3, max_size=3),
    ),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_an_index_that_follows_marks_holds_what_the_store_holds(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("entries") / "memory.sqlite"
    with Store(path) as store:
        index = Index(store)
        owners = {}
        for action, name, texts in steps:
            if action == "save":
                store.save_release(*parcel(name, ja=texts))
            elif action == "remove":
                store.remove_missing(["a" if name == "b" else "b"])
            elif action == "update":
                index.update()
            else:
                store.save_pin(Pin(name, texts[0], "The ministers met.", action))
            for entry in store.entries():
                assert owners.setdefault(entry.id, (entry.source, entry.ja, entry.en)) == (
                    entry.source, entry.ja, entry.en
                )  # fmt: skip
        index.update()
        assert index.held == {entry.id: entry for entry in store.entries()}
        assert index.update() == 0


def test_a_reader_that_needs_a_store_makes_none(path):
    with pytest.raises(MissingFileError, match="no store here") as caught:
        Store(path, create=False)
    assert "--store" in caught.value.hint
    assert not path.exists()


def test_a_store_of_the_first_version_is_brought_up_to_date(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in schema.MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute(
            "INSERT INTO releases VALUES ('a', '', '2031-04-09', 'a.ja.txt', 'a.en.txt', 'd', 'e', 's',"
            " 'translation', 1, '')"
        )
        for position, ja in enumerate(("一。", "二。")):
            connection.execute(
                "INSERT INTO units VALUES ('a', ?, ?, 'One.', 0.9, '1-1', 'machine', '[[0,0,2]]', '[]')", (position, ja)
            )
        connection.execute("INSERT INTO pins VALUES ('a', '一。', 'One.', 'accept', 'good')")
        connection.execute("INSERT INTO pins VALUES ('a', '二。', 'One.', 'reject', '')")
        connection.execute("INSERT INTO pins VALUES ('gone', '三。', 'Three.', 'reject', '')")
    with Store(path) as store:
        assert [(entry.id, entry.ja, entry.status) for entry in store.entries()] == [
            (1, "一。", "approved"), (2, "二。", "rejected")
        ]  # fmt: skip
        assert store.pins("a") == (Pin("a", "一。", "One.", "accept", "good"), Pin("a", "二。", "One.", "reject"))
        assert store.pins("gone") == (Pin("gone", "三。", "Three.", "reject"),)
        (unit,) = store.units()
        assert (unit.status, unit.ja_spans[0].end) == ("approved", 2)
        assert [entry.ja for entry in store.units(rejected=True)] == ["一。", "二。"]
        assert replace(unit, status="unreviewed").date == "2031-04-09"
