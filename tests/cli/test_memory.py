"""`tmalign memory`, as a shell runs it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tmalign.memory.store import Store

STANDINS = Path(__file__).parents[1] / "standins"
sys.path.insert(0, str(STANDINS))
from memories import RICH, plain, write  # noqa: E402
from parcels import parcel  # noqa: E402

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def memory(tmp_path, tmalign_command, monkeypatch):
    """Return a function that runs `tmalign memory ...` in a folder of its own."""
    with Store(tmp_path / "memory.sqlite") as store:
        store.save_release(*parcel("2031/a"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMALIGN_USER", "hana")
    monkeypatch.setenv("TERM", "dumb")

    def run(*words, code=0, stdin=b"", encoding="utf-8", **more):
        with monkeypatch.context() as patch:
            for name, value in more.items():
                patch.setenv(name, value)
            done = tmalign_command("memory", *words, given=stdin, encoding=encoding)
        assert done.code == code, done.err
        run.errors = done.err
        return done.out.decode()

    return run


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_in_and_out(memory, tmp_path):
    path = write(tmp_path / "client.tmx", RICH, plain(1))
    assert "imported: 2 units, 2 with Japanese and English" in memory("import", path)
    assert "in already" in memory("import", path)
    assert "3 units written" not in memory("export", "--out", "out.tmx", "--memory", "client.tmx")
    text = (tmp_path / "out.tmx").read_text(encoding="utf-8")
    assert '<bpt i="1">' in text
    assert memory("export", "--memory", "client.tmx") == text
    assert json.loads(memory("export", "--out", "all.tmx", "--json")) == {
        "units": 4, "aligned": 2, "characters_removed": 0
    }  # fmt: skip
    memory("export", "--json", code=2)
    assert "--out" in memory.errors
    memory("export", "--memory", "other.tmx", code=2)
    assert "memory stats" in memory.errors


def test_files_that_are_refused_do_not_stop_the_others(memory, tmp_path):
    good = write(tmp_path / "good.tmx", plain(1))
    (tmp_path / "bad.tmx").write_text("<tmx><body><tu>", encoding="utf-8")
    (tmp_path / "empty.tmx").touch()
    packed = tmp_path / "packed.tmx.gz"
    packed.write_bytes(gzip.compress(write(tmp_path / "p", plain(7)).read_bytes()))
    found = rows(memory("import", "bad.tmx", "none.tmx", "empty.tmx", tmp_path, good, packed, "--json", code=1))
    assert [row.get("outcome", "refused") for row in found] == ["refused"] * 4 + ["imported"] * 2
    assert found[5]["collection"] == "packed"
    assert memory.errors.count("tmalign: ") == 4


def test_standard_input_is_a_file_too(memory, tmp_path):
    data = write(tmp_path / "a.tmx", plain(1)).read_bytes()
    (row,) = rows(memory("import", "-", "--collection", "piped", "--json", stdin=data))
    assert (row["name"], row["collection"], row["units"]) == ("standard-input.tmx", "piped", 1)


def test_lists_and_counts(memory, tmp_path):
    memory("import", write(tmp_path / "client.tmx", RICH, plain(1)))
    found = rows(memory("list", "--json"))
    assert [row["id"] for row in found] == [1, 2, 3, 4, 5]
    assert set(found[0]) == {
        "id", "ja", "en", "collection", "date", "probability", "status", "origin", "source", "position", "revision"
    }  # fmt: skip
    assert memory("list", "--max-probability", "0.5").split("\t")[:4] == ["2", "unreviewed", "0.4000", "2031/a:1"]
    assert len(memory("list", "--collection", "client").splitlines()) == 2
    assert len(memory("list", "--source", "2031/a", "-n", "1").splitlines()) == 1
    assert "more than 1" in memory.errors
    stats = json.loads(memory("stats", "--json"))
    assert (stats["entries"], stats["one_sided"], stats["releases"]) == (5, 1, 1)
    assert stats["by_origin"] == {"import": 2, "machine": 2, "pin": 1}
    assert stats["memories"][0]["tool"] == "CAT 2"
    assert "client.tmx" in memory("stats")


def test_decisions_and_the_way_back(memory):
    assert "is approved" in memory("approve", "1", "2031/a:2", "--note", "checked")
    assert "is rejected" in memory("reject", "2")
    (edited,) = rows(memory("edit", "1", "--en", "The two ministers met.", "--json"))
    assert (edited["entry"]["status"], edited["entry"]["en"]) == ("edited", "The two ministers met.")
    log = rows(memory("log", "--json"))
    assert [row["action"] for row in log] == ["edit", "reject", "approve", "approve"]
    assert {row["person"] for row in log} == {"hana"}
    assert "took back change 4 (edit 2031/a:0)" in memory("undo")
    assert json.loads(memory("undo", "3", "--json"))["undone"]["action"] == "reject"
    statuses = [row["status"] for row in rows(memory("list", "--json"))]
    assert statuses == ["approved", "unreviewed", "approved"]
    assert "taken back by 5" in memory("log")
    memory("edit", "1", code=2)
    assert "--en" in memory.errors
    memory("reject", "1", "77", code=2)
    assert "memory list" in memory.errors
    assert rows(memory("list", "--json"))[0]["status"] == "approved"  # all or none
    memory("undo", "99", code=2)


def test_copies(memory, tmp_path):
    size = json.loads(memory("backup", "copy.sqlite", "--json"))["bytes"]
    assert (tmp_path / "copy.sqlite").stat().st_size == size
    memory("reject", "1")
    assert "3 units restored" in memory("restore", "copy.sqlite")
    assert rows(memory("list", "--json"))[0]["status"] == "unreviewed"
    (tmp_path / "words").write_text("words " * 99, encoding="utf-8")
    memory("restore", "words", code=1)
    assert "another backup" in memory.errors


def test_where_the_store_is(memory, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path / "a.tmx", plain(1))
    memory("import", "a.tmx", "--store", "elsewhere")
    assert json.loads(memory("stats", "--json", "-s", "elsewhere/memory.sqlite"))["entries"] == 1
    assert json.loads(memory("stats", "--json", TMALIGN_STORE="elsewhere"))["entries"] == 1
    memory("stats", "--store", "nowhere.sqlite", code=1)
    assert "no store here" in memory.errors
    assert not (tmp_path / "nowhere.sqlite").exists()
    (tmp_path / "words").write_text("words " * 99, encoding="utf-8")
    memory("stats", "--store", "words", code=1)


def test_an_import_that_is_interrupted_goes_on(memory, tmp_path):
    path = write(tmp_path / "a.tmx", *map(plain, range(60_000)))
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tmalign", "memory", "import", str(path)],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with Store(tmp_path / "memory.sqlite") as store:
        deadline = time.monotonic() + 60
        while store.entry_count() == 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        assert process.returncode == 130
        assert "run the same command again" in errors.decode()
        assert 3 < store.entry_count() < 60_003
    (row,) = rows(memory("import", path, "--json"))
    assert (row["outcome"], row["units"]) == ("resumed", 60_000)


def test_texts_reach_any_terminal(memory):
    assert "会談" in memory("list", encoding="ascii")
    done = memory("list", "--collection", "\udcff", "--json")
    assert done == ""
