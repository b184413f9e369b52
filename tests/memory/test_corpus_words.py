"""The words of a first pass: kept per release, chosen by id alone, gone with their release."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import StoreError
from tmalign.memory import schema
from tmalign.memory.backup import backup, restore
from tmalign.memory.corpus_words import choose, read_words, remove_words, write_words
from tmalign.memory.reversal import undo
from tmalign.memory.schema_words import CORPUS_WORDS
from tmalign.memory.store import Store
from tmalign.model import WordPair

STANDINS = Path(__file__).parents[1] / "standins"
sys.path.insert(0, str(STANDINS))
from parcels import parcel  # noqa: E402

WORDS = (WordPair(("会談", "大臣"), ("minister", "talk"), 0.97), WordPair((), ("\ud800", "the"), 1 / 3))
# In the order of the hashes of their ids.
BY_HASH = ("d", "c", "b", "a")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "memory.sqlite"


@pytest.fixture
def store(path):
    with Store(path) as store:
        yield store


def pairs(number, word="語"):
    return [WordPair((f"{word}{n}",), (f"word{n}",), 0.5) for n in range(number)]


def table():
    """Return a database of these tables alone."""
    connection = sqlite3.connect(":memory:")
    for statement in CORPUS_WORDS:
        connection.execute(statement)
    return connection


def test_words_come_back_as_they_went_in(store):
    store.save_words("2031/a", "made", WORDS)
    assert store.words(store.chosen_words(100), 100) == WORDS


def test_words_are_current_only_as_made_from_just_this(store):
    store.save_words("a", "digests|signature", WORDS)
    assert store.words_made("a", "digests|signature")
    assert not store.words_made("a", "digests|another")
    assert not store.words_made("b", "digests|signature")


def test_words_saved_again_replace_those_before(store):
    store.save_words("a", "old", pairs(3))
    before = store.chosen_words(100)
    store.save_words("a", "new", pairs(2))
    after = store.chosen_words(100)
    assert before.releases == after.releases == ("a",)
    assert before.digest != after.digest
    assert store.words(after, 100) == tuple(pairs(2))
    assert not store.words_made("a", "old")


def test_the_same_words_made_from_something_else_teach_the_same(store):
    store.save_words("a", "old", WORDS)
    before = store.chosen_words(100)
    store.save_words("a", "new", WORDS)
    assert store.chosen_words(100) == before


def test_words_of_removed_releases_are_gone(store):
    for name in BY_HASH:
        store.save_words(name, "made", pairs(1))
    store.remove_words(["a", "c", "not there"])
    assert store.chosen_words(100).releases == ("a", "c")
    store.remove_words([])
    assert store.chosen_words(100).releases == ()


def test_no_more_is_chosen_than_is_asked_for_but_whole_releases(store):
    for name in BY_HASH:
        store.save_words(name, "made", pairs(5, name))
    store.save_words("without words", "made", ())
    for most, number in ((0, 0), (1, 1), (5, 1), (6, 2), (15, 3), (16, 4), (1000, 4)):
        chosen = store.chosen_words(most)
        assert chosen.releases == tuple(sorted(BY_HASH[:number]))
        assert len(store.words(chosen, 100)) == 5 * number


def test_of_a_release_as_long_as_many_the_first_words_are_read(store):
    store.save_words("a", "made", pairs(50))
    assert store.words(store.chosen_words(5), 10) == tuple(pairs(10))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), st.integers(0, 9), max_size=12),
    st.integers(0, 60),
    st.randoms(use_true_random=False),
)
def test_the_choice_depends_on_the_releases_alone(sizes, most, draw):
    with closing(table()) as first, closing(table()) as second:
        for name, size in sizes.items():
            write_words(first, name, "made", pairs(size, name))
        shuffled = [*sizes.items(), ("gone", 4)]
        draw.shuffle(shuffled)
        for name, size in shuffled:
            write_words(second, name, "made otherwise", pairs(size, name))
        if "gone" not in sizes:
            remove_words(second, sizes)
            assert choose(first, most) == choose(second, most)
            assert read_words(first, choose(first, most), 99) == read_words(second, choose(second, most), 99)
        chosen = choose(first, most).releases
        total = sum(sizes[name] for name in chosen)
        assert total >= min(most, sum(sizes.values()))


def test_words_that_another_build_replaced_are_refused(path, store):
    for name in BY_HASH:
        store.save_words(name, "made", pairs(2))
    chosen = store.chosen_words(100)
    with Store(path) as other:
        other.save_words("b", "made anew", pairs(3))
    with pytest.raises(StoreError, match="in use by another program") as caught:
        store.words(chosen, 100)
    assert "run again" in caught.value.hint
    with Store(path) as other:
        other.remove_words(["a"])
    with pytest.raises(StoreError, match="in use by another program"):
        store.words(chosen, 100)
    assert store.words(store.chosen_words(100), 100) == tuple(pairs(2))


def test_an_undone_build_leaves_the_words_to_the_next(store):
    store.begin_build("corpus")
    store.save_words("2031/a", "made", WORDS)
    store.save_release(*parcel())
    store.finish_build({"aligned": 1})
    undo(store)
    assert store.releases() == ()
    assert store.words_made("2031/a", "made")


def test_copies_hold_the_words(path, tmp_path):
    copy = tmp_path / "copy.sqlite"
    with Store(path) as store:
        store.save_words("a", "made", WORDS)
        backup(store, copy)
        store.save_words("a", "later", pairs(1))
    restore(path, copy)
    with Store(path) as store:
        assert store.words(store.chosen_words(100), 100) == WORDS


def test_a_store_of_the_version_before_is_brought_up_to_date(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("place", 2, lambda ja, en: ja + en, deterministic=True)
        for migration in schema.MIGRATIONS[:4]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 4")
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'first_passes'").fetchall()
        connection.execute("INSERT INTO corpus VALUES (1, 'releases')")
    with Store(path) as store:
        assert store.corpus == "releases"
        assert store.chosen_words(100).releases == ()
        store.save_words("a", "made", WORDS)
        assert store.words(store.chosen_words(100), 100) == WORDS
