"""`tmalign check` as a shell and a CI run meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
DRAFT = (
    "両大臣は、地域情勢について意見交換を行った。\tBoth Ministers exchanged views on the area.\n"
    "令和３年６月２５日に会談した。\tThey met on June 25, 2020.\n"
    "両大臣は握手した。\tThe Ministers shook hands.\n"
)
TERMS = "Japanese,English,Status\n地域情勢,regional situation,approved\n"


@pytest.fixture
def run(tmalign_command, monkeypatch):
    """Return a function that runs `tmalign check` in a folder; gives its exit code, what it printed, its messages."""

    def command(*arguments, cwd):
        with monkeypatch.context() as patch:
            patch.delenv("TMALIGN_STORE", raising=False)
            patch.chdir(cwd)
            done = tmalign_command("check", *arguments)
        return done.code, done.out.decode(), done.err

    return command


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "draft.tsv").write_text(DRAFT, encoding="utf-8")
    (tmp_path / "terms.csv").write_text(TERMS, encoding="utf-8")
    return tmp_path


def test_text_names_place_reason_and_suggestion(folder, run):
    code, out, err = run("draft.tsv", "--terms", "terms.csv", cwd=folder)
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == "draft.tsv:1: unit 1: error: 地域情勢: “regional situation” is missing [missing-term]"
    assert lines[1].strip() == "両大臣は、[[地域情勢]]について意見交換を行った。"
    assert lines[3].strip() == "> use: regional situation"
    assert lines[4].startswith("draft.tsv:2: unit 2: error: ")
    assert "[figures]" in lines[4]
    assert err == "3 units, 2 errors, 0 warnings\n"


def test_json(folder, run):
    code, out, _ = run("draft.tsv", "--terms", "terms.csv", "--format", "json", cwd=folder)
    report = json.loads(out)
    assert code == 1
    assert (report["files"], report["units"]) == (["draft.tsv"], 3)
    assert report["counts"]["missing-term"] == report["counts"]["figures"] == 1
    issue = report["issues"][0]
    assert issue["ja"][slice(*issue["ja_span"])] == "地域情勢"
    assert (issue["line"], issue["unit"], issue["code"]) == (1, 1, "missing-term")


def test_sarif(folder, run):
    _, out, _ = run("draft.tsv", "--terms", "terms.csv", "--format", "sarif", cwd=folder)
    log = json.loads(out)
    assert log["version"] == "2.1.0"
    (run_log,) = log["runs"]
    rules = [rule["id"] for rule in run_log["tool"]["driver"]["rules"]]
    for result in run_log["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "draft.tsv"
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in run_log["results"]] == [
        1,
        2,
    ]


def test_html_is_whole_and_safe(folder, run):
    (folder / "evil.tsv").write_text("<script>alert(1)</script>力の試み\t\n令和３年\t2020 <b>\n", encoding="utf-8")
    _, out, _ = run("evil.tsv", "draft.tsv", "--terms", "terms.csv", "--format", "html", cwd=folder)
    assert out.startswith("<!DOCTYPE html>")
    assert "<script" not in out
    assert "<mark>地域情勢</mark>" in out
    assert "http" not in out


def test_exit_codes(folder, run):
    clean = "両大臣は握手した。\tThe Ministers shook hands.\n"
    (folder / "clean.tsv").write_text(clean, encoding="utf-8")
    assert run("clean.tsv", "--terms", "terms.csv", cwd=folder)[:2] == (0, "")
    assert run("draft.tsv", "--terms", "terms.csv", "--fail-on", "never", cwd=folder)[0] == 0
    twice = "概要は以下のとおりです。\tThe outline is as follows.\n概要は以下のとおりです。\tHere it is.\n"
    (folder / "twice.tsv").write_text(twice, encoding="utf-8")
    assert run("twice.tsv", "--fail-on", "error", cwd=folder)[0] == 0
    assert run("twice.tsv", cwd=folder)[0] == 1
    assert run("missing.tsv", cwd=folder)[0] == 1
    assert run("draft.tsv", "--only", "spelling", cwd=folder)[0] == 2
    assert run("draft.tsv", "--date", "soon", cwd=folder)[0] == 2
    assert run("draft.tsv", "--store", "none.sqlite", cwd=folder)[0] == 1


def test_without_terms_the_rest_is_checked(folder, run):
    code, out, err = run("draft.tsv", cwd=folder)
    assert code == 1
    assert "figures" in out
    assert "missing-term" not in out
    assert "checking without terms" in err


def test_two_pages_are_aligned_first(folder, run):
    texts = {
        "ja": "両大臣は、１５時３０分から約５０分間、会談を行った。\nまた、地域情勢について意見交換を行った。\n"
        "両大臣は、量子暗号の研究を進めることで一致した。\n",
        "en": "The two Ministers held a meeting for approximately 50 minutes from 4:30 p.m.\n"
        "They also exchanged views on the regional situation.\n"
        "The two Ministers agreed to promote research on quantum cryptography.\n",
    }
    for language, text in texts.items():
        (folder / f"talks.{language}.txt").write_text(text, encoding="utf-8")
    _, out, _ = run("--align", "talks.ja.txt", "talks.en.txt", "--terms", "terms.csv", "-f", "json", cwd=folder)
    report = json.loads(out)
    assert [issue["code"] for issue in report["issues"]] == ["figures"]
    assert run("--align", "talks.ja.txt", cwd=folder)[0] == 2
    # Names that say the languages are enough, in either order.
    for names in (("talks.ja.txt", "talks.en.txt"), ("talks.en.txt", "talks.ja.txt")):
        assert run(*names, "--terms", "terms.csv", "-f", "json", cwd=folder)[1] == out


def test_an_empty_side_has_no_line(folder, run):
    (folder / "empty.tsv").write_text("ja\ten\n両大臣は握手した。\t\n", encoding="utf-8")
    _, out, _ = run("empty.tsv", "--terms", "terms.csv", cwd=folder)
    assert [line.strip() for line in out.splitlines()][1:] == ["両大臣は握手した。", "> translate the segment"]


def test_out_writes_a_file(folder, run):
    code, out, _ = run("draft.tsv", "--terms", "terms.csv", "-f", "json", "--out", "report.json", cwd=folder)
    assert (code, out) == (1, "")
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["units"] == 3
