"""`tmalign build` as it is called: exit codes, the table, JSON, and nothing but results on stdout."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

import tmalign.build
from tmalign.cli.build import build_command, show
from tmalign.errors import TmalignError
from tmalign.model import BuildReport, Skipped

STANDINS = Path(__file__).parents[1] / "standins"


@pytest.fixture
def call(monkeypatch, tmp_path):
    """Give a function that runs the command in this process with the small aligner."""
    monkeypatch.syspath_prepend(str(STANDINS))
    from length_aligner import LengthAligner  # noqa: PLC0415

    # The command takes the shipped aligner; its model has tests of its own.
    monkeypatch.setitem(tmalign.build.build.__kwdefaults__, "make_aligner", LengthAligner)
    app = typer.Typer()
    app.command("build")(build_command)

    def call(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    def fail(*arguments):
        """Return the exit code and the error, which the root of the command line prints."""
        result = call(*arguments)
        assert result.stdout == ""
        error = result.exception
        return (error.exit_code, error) if isinstance(error, TmalignError) else (result.exit_code, None)

    call.fail = fail

    return call


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.ja.txt").write_text("会談が行われた。大臣は出席した。", encoding="utf-8")
    (folder / "a.en.txt").write_text("Talks were held. The minister attended.", encoding="utf-8")
    return folder


def test_the_table_says_what_was_built_and_where(call, corpus, tmp_path):
    result = call(corpus, "--out", tmp_path / "out")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["releases", "1", "1", "aligned", "now,", "0", "unchanged,", "0", "removed"]
    assert any(line.split()[:3] == ["units", "by", "sentences"] and "1-1" in line for line in lines)
    assert str(tmp_path / "out" / "corpus.tmx") in result.stdout
    assert result.stderr == ""


def test_json_is_the_report_and_nothing_else(call, corpus, tmp_path):
    result = call(corpus, "--out", tmp_path / "out", "--json", "--per-release", "--min-probability", "0", "--jobs", "1")
    report = json.loads(result.stdout)
    assert result.stderr == ""
    assert (report["releases"], report["units_written"]) == (1, 2)
    assert report == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (tmp_path / "out" / "releases" / "a.tmx").exists()


def test_something_left_out_ends_with_1_and_is_named(call, corpus, tmp_path):
    (corpus / "b.ja.txt").write_text("一人である。", encoding="utf-8")
    result = call(corpus, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "without a partner: 1" in result.stdout
    assert "b.ja.txt: there is no English version beside it" in result.stdout
    assert "add b.en.html" in result.stdout
    (corpus / "b.ja.txt").rename(corpus / "b.txt")
    result = call(corpus, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "skipped: 1" in result.stdout
    assert "b.txt" in result.stdout


def test_a_large_file_is_left_out(call, corpus, tmp_path):
    result = call(corpus, "--out", tmp_path / "out", "--max-bytes", 20)
    assert result.exit_code == 1
    assert "a.ja.txt" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere", "--out", "out"],
        ["corpus"],
        ["corpus", "--out", "out", "--jobs", "0"],
        ["corpus", "--out", "out", "--min-probability", "2"],
        ["corpus", "--out", "out", "--split-rules", "mine"],
        ["corpus", "--out", "corpus/a.ja.txt"],
    ],
)
def test_a_wrong_call_ends_with_2(call, corpus, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    assert call.fail(*arguments)[0] == 2


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(call, corpus, tmp_path):
    (corpus / "b.ja.txt").write_text("止まる。", encoding="utf-8")
    (corpus / "b.en.txt").write_text("INTERRUPT me.", encoding="utf-8")
    code, error = call.fail(corpus, "--out", tmp_path / "out")
    assert code == 130
    assert error.message == "stopped: 1 of 2 releases are finished and kept"
    assert "run the same command again" in error.hint


def test_the_help_names_every_option():
    app = typer.Typer()
    app.command("build")(build_command)
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}).stdout
    for option in ("--out", "--jobs", "--per-release", "--min-probability", "--json", "--split-rules", "--max-bytes"):
        assert option in text
    assert "130 interrupted" in text


def test_long_lists_are_cut_with_a_pointer():
    entries = tuple(Skipped(f"{number}.ja.txt", "empty", "no text", "[bold]fill it") for number in range(25))
    console = Console(record=True, width=100, markup=False, highlight=False, file=io.StringIO())
    show(BuildReport(skipped=entries, warnings=(("w.ja.html", "odd"),), ignored=3), console)
    text = console.export_text()
    assert "skipped: 25" in text
    assert "... and 5 more: see report.json" in text
    assert "[bold]fill it" in text
    assert "w.ja.html: odd" in text
    assert text.count("no text") == 20


def test_loading_the_command_loads_nothing_heavy():
    code = (
        "import sys, tmalign.cli.build;"
        "heavy = {'numpy', 'scipy', 'fugashi', 'polars', 'tmalign.align.aligner'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    source = str(Path(tmalign.build.__file__).parents[1])
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": source})
