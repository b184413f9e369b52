"""`tmalign tmx` as a shell runs it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from tmalign.cli.app import main
from tmalign.formats.exchange import Property, TranslationUnit, Variant
from tmalign.formats.tmx.writing import write_units


def shell(*arguments, cwd, given=None, **environment):
    """Run the command as a shell does, which takes a second."""
    return subprocess.run(
        [sys.executable, "-m", "tmalign", "tmx", *arguments],
        cwd=cwd,
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.fixture
def run(monkeypatch, capfdbinary):
    """Give a function that runs the command in this process and returns what it printed."""

    def command(*arguments, cwd, given=b""):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["tmalign", "tmx", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capfdbinary.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        sys.stdout.flush()
        printed = capfdbinary.readouterr()
        return subprocess.CompletedProcess(arguments, code, printed.out, printed.err)

    return command


def unit(ja, en, collection=""):
    properties = (Property("x-collection", collection),) if collection else ()
    return TranslationUnit((Variant("ja", (ja,)), Variant("en", (en,))), (), properties)


@pytest.fixture
def folder(tmp_path):
    units = [
        unit("一つ。", "One.", "a"),
        unit("１２円", "13 yen", "b/c"),
        unit("一つ。", "One.", "a"),
        unit("二つ。", "Two."),
    ]
    write_units(tmp_path / "m.tmx", units)
    return tmp_path


def test_validate_says_file_line_and_word(run, folder):
    done = run("validate", "m.tmx", cwd=folder)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"m.tmx: 0 errors, 0 warnings" in done.stderr
    text = (folder / "m.tmx").read_text(encoding="utf-8").replace("One.", " One.").replace(' o-tmf="tmalign"', "")
    (folder / "odd.tmx").write_text(text, encoding="utf-8")
    (folder / "empty.tmx").write_bytes(b"")
    done = run("validate", "odd.tmx", "empty.tmx", "--limit", "1", cwd=folder)
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("odd.tmx:4: error: attribute-missing: header has no o-tmf")
    assert len(lines) == 2
    assert "edges" in lines[1]
    assert b"odd.tmx: 1 errors, 2 warnings" in done.stderr
    found = json.loads(run("validate", "odd.tmx", "empty.tmx", "--json", cwd=folder).stdout)
    assert found[0]["counts"] == {"error": {"attribute-missing": 1}, "warning": {"edges": 2}}
    assert found[1]["findings"][0]["code"] == "empty"
    (folder / "warned.tmx").write_text(
        (folder / "m.tmx").read_text(encoding="utf-8").replace("One.", " One."), encoding="utf-8"
    )
    assert run("validate", "warned.tmx", cwd=folder).returncode == 0
    assert run("validate", "warned.tmx", "--strict", cwd=folder).returncode == 1


def test_stats_count(run, folder):
    done = run("stats", "m.tmx", cwd=folder)
    assert done.returncode == 0
    assert "units             4" in done.stdout.decode()
    (found,) = json.loads(run("stats", "-", "--json", cwd=folder, given=(folder / "m.tmx").read_bytes()).stdout)
    assert (found["units"], found["distinct"], found["languages"]) == (4, 3, {"ja": 4, "en": 4})
    assert found["header"]["creationtool"] == "tmalign"


def test_convert_there_and_back(run, folder):
    for name in ("m.xlf", "m.tsv", "m.csv", "m.jsonl", "m.xlsx", "m.parquet"):
        done = run("convert", "m.tmx", name, cwd=folder)
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
        assert run("convert", name, "back.tmx", cwd=folder).returncode == 0
        done = run("diff", "m.tmx", "back.tmx", cwd=folder)
        assert done.returncode == 0, done.stdout
    assert run("convert", "m.tmx", "pairs", "--to", "moses", cwd=folder).returncode == 0
    assert (folder / "pairs.en").read_text(encoding="utf-8") == "One.\n13 yen\nOne.\nTwo.\n"
    done = run("convert", "m.tmx", "m.po", cwd=folder)
    assert b"m.po: 1 messages that stand there already" in done.stderr


def test_pipes_in_any_locale(folder):
    done = shell(
        "convert",
        "-",
        "-",
        "--to",
        "tsv",
        cwd=folder,
        given=(folder / "m.tmx").read_bytes(),
        LC_ALL="C",
        PYTHONUTF8="0",
    )
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[1] == '一つ。\tOne.\t\t\t\t\t[["x-collection", "a"]]\t'
    done = shell("diff", "m.tmx", "none.tmx", cwd=folder, LC_ALL="C")
    assert (done.returncode, b"there is no such file" in done.stderr) == (1, True)
    text = (folder / "m.tmx").read_text(encoding="utf-8").replace("二つ。", "三つ。")
    (folder / "n.tmx").write_text(text, encoding="utf-8")
    done = shell("diff", "m.tmx", "n.tmx", cwd=folder, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[0] == "added: 三つ。"


def test_merge_and_diff(run, folder):
    write_units(folder / "n.tmx", [unit("一つ。", "One.", "z"), unit("二つ。", "Two, indeed.")])
    done = run("merge", "m.tmx", "n.tmx", "--out", "both.tmx", cwd=folder)
    assert b"both.tmx: 4 units of 6; 2 were there already, 1 of them with other" in done.stderr
    done = run("diff", "m.tmx", "n.tmx", cwd=folder)
    assert done.returncode == 1
    assert b"0 added, 1 removed, 1 changed renderings, 1 changed metadata" in done.stderr
    assert "rendering: 二つ。\n  - Two.\n  + Two, indeed.\n" in done.stdout.decode()
    rows = [json.loads(line) for line in run("diff", "m.tmx", "n.tmx", "--json", cwd=folder).stdout.splitlines()]
    assert [row["change"] for row in rows] == ["metadata", "rendering", "removed"]
    assert rows[1]["after"][0]["variants"][1]["text"] == "Two, indeed."
    assert run("diff", "m.tmx", "m.tmx", cwd=folder).returncode == 0


def test_clean_takes_out_and_puts_back(run, folder):
    before = (folder / "m.tmx").read_bytes()
    done = run("clean", "m.tmx", "--out", "c.tmx", "--removed", "r.tmx", "--json", cwd=folder)
    assert json.loads(done.stdout) == {"kept": 2, "removed": 2, "by_check": {"figures": 1, "duplicate": 1}}
    assert "ja: １２円; en: 13" in (folder / "r.tmx").read_text(encoding="utf-8")
    assert run("clean", "c.tmx", "--restore", "r.tmx", "--out", "all.tmx", cwd=folder).returncode == 0
    assert (folder / "all.tmx").read_bytes() == before
    run(
        "clean",
        "m.tmx",
        "-o",
        "c.tmx",
        "--removed",
        "r.tmx",
        "--without",
        "figures",
        "--without",
        "duplicate",
        cwd=folder,
    )
    assert run("diff", "m.tmx", "c.tmx", cwd=folder).stdout.decode().startswith("metadata: 一つ。")
    for wrong in (["--without", "spelling"], ["--only", "spelling"]):
        done = run("clean", "m.tmx", "-o", "c.tmx", "--removed", "r.tmx", *wrong, cwd=folder)
        assert (done.returncode, b"no check 'spelling'" in done.stderr) == (2, True)
    done = run("clean", "m.tmx", "-o", "c.tmx", cwd=folder)
    assert (done.returncode, b"--removed" in done.stderr) == (2, True)


def test_split_by_count_and_by_value(run, folder):
    done = run("split", "m.tmx", "--out", "parts", "--units", "3", cwd=folder)
    assert done.stdout.decode().splitlines() == ["parts/m.0001.tmx\t3", "parts/m.0002.tmx\t1"]
    done = run("split", "m.tmx", "--out", "by", "--by", "x-collection", cwd=folder)
    assert done.stdout.decode().splitlines() == ["by/m.a.tmx\t2", "by/m.b%2Fc.tmx\t1", "by/m.none.tmx\t1"]
    assert run("split", "m.tmx", "--out", "by", cwd=folder).returncode == 2
    done = run("merge", "by/m.a.tmx", "by/m.none.tmx", "by/m.b%2Fc.tmx", "-o", "whole.tmx", cwd=folder)
    assert b"3 units of 4" in done.stderr


@pytest.mark.parametrize("command", ["validate", "stats", "convert", "merge", "diff", "clean", "split"])
def test_every_command_explains_itself_and_refuses_bad_files(run, folder, command):
    assert run(command, "--help", cwd=folder).returncode == 0
    (folder / "bad.tmx").write_bytes(b"<tmx><body><tu>\n<tuv></tu></body></tmx>")
    (folder / "folder.tmx").mkdir()
    extra = {
        "convert": ["o.tmx"], "merge": ["-o", "o.tmx"], "diff": ["m.tmx"], "split": ["-o", "o", "--units", "1"],
        "clean": ["-o", "o.tmx", "--removed", "r.tmx"],
    }.get(command, [])  # fmt: skip
    for name, words in (("bad.tmx", "broken"), ("folder.tmx", "cannot be read"), ("none.tmx", "no such file")):
        done = run(command, name, *extra, cwd=folder)
        said = done.stderr.decode() + done.stdout.decode()
        assert done.returncode == 1, said
        assert words in said
        assert "Traceback" not in said
        if name == "bad.tmx":
            assert "bad.tmx:2:" in said
    assert not (folder / "o.tmx").exists()
    assert not (folder / "r.tmx").exists()


def test_a_closed_pipe_is_no_traceback(folder):
    first = subprocess.Popen(
        [sys.executable, "-m", "tmalign", "tmx", "convert", "m.tmx", "-", "--to", "jsonl"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    first.stdout.close()
    with first.stderr:
        assert b"Traceback" not in first.stderr.read()
    assert first.wait() != 0
