"""Copies of a store in use, and the way back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tmalign.errors import (
    EmptyFileError,
    FormatError,
    MissingFileError,
    OutputError,
    StoreError,
    TmalignError,
    UsageError,
)
from tmalign.memory import schema
from tmalign.memory.backup import backup, restore
from tmalign.memory.reversal import undo
from tmalign.memory.review import decide
from tmalign.memory.store import Store

STANDINS = Path(__file__).parents[1] / "standins"
sys.path.insert(0, str(STANDINS))
from parcels import parcel  # noqa: E402


@pytest.fixture
def path(tmp_path):
    (tmp_path / "store").mkdir()
    path = tmp_path / "store" / "memory.sqlite"
    with Store(path) as store:
        store.save_release(*parcel("a"))
        decide(store, "a:0", "approve")
    return path


def test_a_device_is_no_place_for_a_copy(tmp_path):
    # A file would take its place, for every program on the machine.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with Store(tmp_path / "memory.sqlite") as store, pytest.raises(OutputError, match="not an ordinary file"):
        backup(store, pipe)
    assert pipe.is_fifo()


def test_a_copy_brings_everything_back(path, tmp_path):
    copy = tmp_path / "copies" / "monday.sqlite"
    with Store(path) as store:
        size = backup(store, copy)
        before, mark = list(store.entries()), store.mark()
        store.save_release(*parcel("b"))
        decide(store, "a:0", "reject")
    assert size == copy.stat().st_size
    assert [file.name for file in copy.parent.iterdir()] == ["monday.sqlite"]
    done = restore(path, copy, person="hana")
    assert done.entries == 3
    with Store(path) as store:
        assert list(store.entries()) == before
        # An index that followed the other course of events begins anew.
        assert store.mark().generation != mark.generation
        assert (store.changes()[0].action, store.changes()[0].person) == ("restore", "hana")
        with pytest.raises(UsageError, match="cannot be taken back") as caught:
            undo(store)
        assert done.before in caught.value.hint
    # What was there before the restore is not lost either.
    restore(path, Path(done.before))
    with Store(path) as store:
        assert [entry.source for entry in store.entries()] == ["a"] * 3 + ["b"] * 3
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "memory.sqlite", "memory.sqlite.before-1", "memory.sqlite.before-2"
    ]  # fmt: skip


def test_readers_see_a_restore_in_one_step(path, tmp_path):
    with Store(path) as store:
        backup(store, tmp_path / "copy")
        store.save_release(*parcel("b"))
    with Store(path) as reader:
        entries = reader.entries(page=2)
        next(entries)
        assert reader.entry_count() == 6
        restore(path, tmp_path / "copy")
        assert reader.entry_count() == 3
        entries.close()


def test_a_store_that_is_not_there_is_made(path, tmp_path):
    with Store(path) as store:
        backup(store, tmp_path / "copy")
    done = restore(tmp_path / "new.sqlite", tmp_path / "copy")
    assert (done.entries, done.before) == (3, "")


@pytest.mark.parametrize("damage", ["noise", "empty", "foreign", "pages"])
def test_a_damaged_store_is_moved_aside(path, tmp_path, damage):
    with Store(path) as store:
        for number in range(20):
            store.save_release(*parcel(f"{number}", ja=("あ" * 500,) * 3))
        backup(store, tmp_path / "copy")
    if damage == "noise":
        path.write_bytes(b"words, not a database " * 99)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "foreign":
        path.unlink()
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE cats (name)")
    else:
        data = bytearray(path.read_bytes())
        data[4096:-4096] = os.urandom(len(data) - 8192)
        path.write_bytes(data)
    bytes_before = path.read_bytes()
    done = restore(path, tmp_path / "copy")
    assert done.entries == 63
    if damage != "empty":
        assert Path(done.before).read_bytes() == bytes_before
    with Store(path) as store:
        assert store.entry_count() == 63


def test_what_is_no_sound_copy_is_refused_and_nothing_changes(path, tmp_path):
    before = path.read_bytes()
    cases = {}
    (tmp_path / "empty").touch()
    cases["empty"] = EmptyFileError
    (tmp_path / "text").write_text("some words " * 999, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "cats")) as other:
        other.execute("CREATE TABLE cats (name)")
    with closing(sqlite3.connect(tmp_path / "nothing")) as other:
        other.execute("PRAGMA user_version = 1")
    (tmp_path / "cut").write_bytes(before[: len(before) // 2])
    (tmp_path / "newer").write_bytes(before)
    with closing(sqlite3.connect(tmp_path / "newer")) as other:
        other.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    (tmp_path / "orphans").write_bytes(before)
    with closing(sqlite3.connect(tmp_path / "orphans", isolation_level=None)) as other:
        other.execute("DELETE FROM releases")
    cases["missing"] = MissingFileError
    for name in ("empty", "text", "cats", "nothing", "cut", "newer", "orphans", "missing"):
        with pytest.raises(cases.get(name, FormatError)) as caught:
            restore(path, tmp_path / name)
        assert caught.value.hint
    with pytest.raises(FormatError, match="is the store itself"):
        restore(path, path)
    with pytest.raises(TmalignError):
        restore(path, tmp_path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["memory.sqlite"]


def test_copies_do_not_land_on_the_store_or_another_in_use(path, tmp_path):
    with Store(path) as store:
        with pytest.raises(OutputError, match="is the store itself"):
            backup(store, path)
        with Store(tmp_path / "other.sqlite") as other:
            other.save_corpus("x")
            with pytest.raises(OutputError, match="in use"):
                backup(store, tmp_path / "other.sqlite")
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match="cannot be written"):
            backup(store, tmp_path / "file" / "copy")
        with pytest.raises(OutputError):
            backup(store, tmp_path)


def test_a_store_another_program_writes_is_not_restored_over(path, tmp_path):
    with Store(path) as store:
        backup(store, tmp_path / "copy")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use"):
            restore(path, tmp_path / "copy", patience=0.05)
        other.execute("ROLLBACK")
    with Store(path) as store:
        assert store.entry_count() == 3
    assert [file.name for file in path.parent.iterdir()] == ["memory.sqlite"]


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {standins!r})
from parcels import parcel
from tmalign.memory.store import Store
with Store(Path(sys.argv[1])) as store:
    number = 0
    while True:
        store.save_release(*parcel(f"{{number:06}}", ja=("あ" * 2000,) * 3))
        print(number, flush=True)
        number += 1
"""


def test_a_copy_is_whole_while_a_writer_works(path, tmp_path):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.format(standins=str(STANDINS)), str(path)], stdout=subprocess.PIPE
    )
    try:
        writer.stdout.readline()
        copies = []
        with Store(path) as store:
            for number in range(4):
                backup(store, tmp_path / f"{number}")
                copies.append(tmp_path / f"{number}")
                time.sleep(0.02)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    sizes = []
    for copy in copies:
        with Store(copy) as store:
            found = [release.id for release in store.releases()]
            assert len(list(store.units())) == 3 * len(found)
            sizes.append(len(found))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
