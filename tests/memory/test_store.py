"""The store: whole releases or none, whatever happens to the process or the file."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import StoreError
from tmalign.memory import schema
from tmalign.memory.rows import EDGES, Pin
from tmalign.memory.store import Store
from tmalign.model import Skipped

STANDINS = Path(__file__).parents[1] / "standins"
sys.path.insert(0, str(STANDINS))
from parcels import JA, parcel  # noqa: E402


@pytest.fixture
def path(tmp_path):
    return tmp_path / "memory.sqlite"


def test_a_release_comes_back_as_it_went_in(path):
    release, sentences, alignment, units = parcel()
    with Store(path) as store:
        store.save_release(release, sentences, alignment, units)
    with Store(path) as store:
        assert list(store.units()) == units
        assert store.document("2031/a", "ja") == release.ja
        assert store.document("2031/a", "en") == release.en
        assert store.document("2031/b", "en") is None
        assert store.sentences("2031/a", "ja") == tuple(sentences["ja"])
        assert store.beads("2031/a") == alignment.beads
        assert store.warnings() == (("2031/a.ja.txt", "declared as UTF-8"),)
        (stored,) = store.releases()
    assert (stored.id, stored.collection, stored.date, stored.verdict) == ("2031/a", "2031", "2031-04-09", "partial")
    assert (stored.pair_probability, stored.reason) == (0.99, "the English page is shorter")
    assert [file.name for file in path.parent.iterdir()] == ["memory.sqlite"]


def test_a_store_knows_its_corpus(path):
    with Store(path) as store:
        assert store.corpus == ""
        store.save_corpus("a")
        store.save_corpus("b")
    with Store(path) as store:
        assert store.corpus == "b"


def test_the_english_date_stands_in_for_a_missing_japanese_one(path):
    with Store(path) as store:
        store.save_release(*parcel(date=""))
        assert {unit.date for unit in store.units()} == {"2031-04-09"}


def test_current_means_same_bytes_same_signature_same_files(path):
    with Store(path) as store:
        assert not store.is_current("2031/a", "ja-digest", "en-digest", "s1")
        store.save_release(*parcel())
        assert store.is_current("2031/a", "ja-digest", "en-digest", "s1")
        assert store.is_current("2031/a", "ja-digest", "en-digest", "s1", paths=("2031/a.ja.txt", "2031/a.en.txt"))
        assert not store.is_current("2031/a", "ja-digest", "en-digest", "s1", paths=("2031/a.ja.html", "2031/a.en.txt"))
        assert not store.is_current("2031/a", "other", "en-digest", "s1")
        assert not store.is_current("2031/a", "ja-digest", "other", "s1")
        assert not store.is_current("2031/a", "ja-digest", "en-digest", "s2")
        assert not store.is_current("2031/b", "ja-digest", "en-digest", "s1")


def test_saving_again_replaces_everything(path):
    with Store(path) as store:
        store.save_release(*parcel())
        store.save_release(*parcel(ja=("一。", "二。", "三。"), signature="s2"))
        assert [unit.ja for unit in store.units()] == ["一。", "二。", "三。"]
        assert store.counts().sentences == {"ja": 3, "en": 2}
        assert len(store.releases()) == 1


def test_units_come_sorted_and_filtered_whatever_the_order_of_saving(path):
    names = ["b", "2031/x/c", "2031/a", "2031", "20310/z", "a b", "2031-x/a"]
    with Store(path) as store:
        for name in names:
            store.save_release(*parcel(name))
        assert [(unit.release, unit.position) for unit in store.units()] == [
            (name, n) for name in sorted(names) for n in range(3)
        ]
        assert {unit.release for unit in store.units(collection="2031")} == {"2031/a", "2031/x/c"}
        assert {unit.release for unit in store.units(collection="")} == {"b", "2031", "a b"}
        assert [unit.position for unit in store.units(release="b")] == [0, 1, 2]
        assert [unit.probability for unit in store.units(0.9, release="b")] == [0.97, 0.9]
        assert list(store.units(release="nothing")) == []


def test_counts(path):
    with Store(path) as store:
        assert store.counts().releases == 0
        store.save_release(*parcel("a"))
        store.save_release(*parcel("b", probability=1.0))
        counts = store.counts()
    assert (counts.releases, counts.sentences, counts.units_by_shape) == (2, {"ja": 6, "en": 4}, {"1-0": 2, "1-1": 4})
    assert len(counts.histogram) == len(EDGES)
    assert {name: n for name, n in counts.histogram.items() if n} == {"0.25-0.50": 2, "0.95-0.99": 1, "0.99-1.00": 1}


def test_pins_outlive_the_release(path):
    pins = (Pin("2031/a", "一", "one"), Pin("2031/a", "一", "two", "reject", "not this"))
    with Store(path) as store:
        store.save_release(*parcel())
        for pin in reversed(pins):
            store.save_pin(pin)
        store.save_release(*parcel(signature="s2"))
        assert store.remove_missing([]) == 1
    with Store(path) as store:
        assert list(store.units()) == []
        assert store.pins("2031/a") == pins
        store.save_pin(replace(pins[0], decision="reject"))
        assert store.pins("2031/a")[0].decision == "reject"
        assert store.pins("2031/b") == ()


def test_missing_releases_leave_nothing_behind(path):
    with Store(path) as store:
        for name in ("a", "b", "c"):
            store.save_release(*parcel(name))
        assert store.remove_missing(iter(["a", "c", "d"])) == 1
        assert [release.id for release in store.releases()] == ["a", "c"]
        assert store.counts().sentences == {"ja": 6, "en": 4}
    with closing(sqlite3.connect(path)) as connection:
        for table in ("documents", "blocks", "sentences", "beads", "units"):
            assert connection.execute(f"SELECT DISTINCT release FROM {table}").fetchall() == [("a",), ("c",)]  # noqa: S608


def test_what_the_last_run_left_out_is_kept_in_order(path):
    skipped = [Skipped("b.ja.html", "empty", "no text", "fill it"), Skipped("a.ja.html", "binary", "an image")]
    with Store(path) as store:
        store.save_skipped(skipped, [Skipped("c.ja.txt", "unpaired", "alone")])
        assert store.skipped("skipped") == tuple(skipped)
        assert [entry.path for entry in store.skipped("unpaired")] == ["c.ja.txt"]
        store.save_skipped([], [])
        assert store.skipped("skipped") == store.skipped("unpaired") == ()
        store.save_outputs(["b", "a"])
        assert store.outputs() == ("a", "b")


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=20))
def test_any_text_is_kept_at_its_length(tmp_path_factory, text):
    kept = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    with Store(tmp_path_factory.getbasetemp() / "any.sqlite") as store:
        store.save_release(*parcel("any", ja=(text, text, text)))
        assert [unit.ja for unit in store.units()] == [kept] * 3
        assert len(store.document("any", "ja").blocks[0].text) == len(text)


def test_an_error_in_the_middle_leaves_the_release_as_it_was(path):
    release, sentences, alignment, units = parcel(ja=("一。", "二。", "三。"))

    def breaking():
        yield units[0]
        raise KeyboardInterrupt

    with Store(path) as store:
        store.save_release(*parcel())
        with pytest.raises(KeyboardInterrupt):
            store.save_release(release, sentences, alignment, breaking())
        assert [unit.ja for unit in store.units()] == list(JA)
        with pytest.raises(StoreError, match="failed"):
            store.save_release(release, sentences, alignment, [units[0], units[0]])
        assert [unit.ja for unit in store.units()] == list(JA)


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {source!r}]
from parcels import parcel
from tmalign.memory.store import Store
number = int(sys.argv[2])
with Store(Path(sys.argv[1])) as store:
    while True:
        store.save_release(*parcel(f"{{number:06}}", ja=("あ" * 2000,) * 3))
        print(f"{{number:06}}", flush=True)
        number += 1
"""


def test_a_killed_writer_loses_nothing_it_had_finished(path):
    code = WRITER.format(tests=str(STANDINS), source=str(Path(schema.__file__).parents[2]))
    finished = []
    for pause in (0, 0.02, 0.045, 0.08):
        number = int(finished[-1]) + 1 if finished else 0
        writer = subprocess.Popen([sys.executable, "-c", code, str(path), str(number)], stdout=subprocess.PIPE)
        first = writer.stdout.readline()
        time.sleep(pause)
        writer.kill()
        finished += [first.decode().strip(), *writer.communicate()[0].decode().split()]
        with Store(path) as store:
            stored = [release.id for release in store.releases()]
            # The last one may have been committed before it could be printed.
            assert stored[: len(finished)] == finished
            assert len(stored) <= len(finished) + 1
            assert [unit.release for unit in store.units()] == [name for name in stored for _ in range(3)]
            finished = stored
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(finished) >= 4


def test_a_locked_store_says_so(path):
    with Store(path) as store:
        store.save_release(*parcel())
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with Store(path, patience=0.01) as second:
                assert len(list(second.units())) == 3
                with pytest.raises(StoreError, match="in use by another program") as caught:
                    second.save_release(*parcel("b"))
            other.execute("ROLLBACK")
        store.save_release(*parcel("c"))
    assert caught.value.path == str(path)
    assert "run again" in caught.value.hint


def test_many_may_open_a_new_store_at_once(tmp_path):
    def open_store(path, together):
        together.wait()
        with Store(path) as store:
            store.save_corpus("one")
            return store.corpus

    with ThreadPoolExecutor(4) as pool:
        for number in range(15):
            path, together = tmp_path / f"{number}.sqlite", Barrier(4)
            assert list(pool.map(open_store, [path] * 4, [together] * 4)) == ["one"] * 4


def test_files_of_others_are_refused_and_left_alone(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE cats (name TEXT)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a tmalign store"):
        Store(path)
    assert path.read_bytes() == before
    path.write_text("just some words, long enough to be taken for a header " * 20, encoding="utf-8")
    with pytest.raises(StoreError, match="not a tmalign store") as caught:
        Store(path)
    assert "another output folder" in caught.value.hint


def test_a_newer_store_is_refused(path):
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="newer tmalign") as caught:
        Store(path)
    assert "upgrade" in caught.value.hint


def test_a_damaged_store_says_so(path):
    with Store(path) as store:
        for number in range(30):
            store.save_release(*parcel(f"{number}", ja=("あ" * 500,) * 3))
    data = bytearray(path.read_bytes())
    data[4096:-4096] = os.urandom(len(data) - 8192)
    path.write_bytes(data)

    def use():
        with Store(path) as store:
            list(store.units())

    with pytest.raises(StoreError, match="damaged") as caught:
        use()
    assert "build again" in caught.value.hint


def test_a_place_that_cannot_hold_it_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened or made"):
        Store(tmp_path / "nowhere" / "memory.sqlite")
    with pytest.raises(StoreError, match="cannot be opened or made"):
        Store(tmp_path)


def test_an_empty_file_becomes_a_store(path):
    path.touch()
    with Store(path) as store:
        store.save_release(*parcel())
        assert len(list(store.units())) == 3


def test_each_column_is_explained_or_plain(path):
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        statements = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
    assert set(statements) >= {
        "corpus", "releases", "documents", "blocks", "sentences", "beads", "units", "skipped", "outputs", "state",
        "memories", "contents", "decisions", "removals", "log", "replaced", "first_passes", "sqlite_sequence",
    }  # fmt: skip
    del statements["sqlite_sequence"]
    assert all(" -- " in statement for statement in statements.values())


def test_the_documentation_lists_each_column(path):
    text = (
        (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8").partition("### Every column")[2]
    )
    listed = {}
    for entry in text.partition("\n- ")[2].split("\n- "):
        name, *columns = re.findall(r"`(\w+)`", entry)
        listed[name] = sorted(set(columns))
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        held = {
            name: sorted(column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})"))
            for (name,) in names
        }
    assert listed == held
