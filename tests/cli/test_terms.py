"""The termbase as a shell meets it: asking, deciding, reviewing, files in and out; hostile calls end in a message."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from tmalign.cli import start
from tmalign.cli.app import app
from tmalign.cli.start import read_question
from tmalign.memory.store import Store
from tmalign.terms.mined import Example, MinedTerm, Rendering
from tmalign.terms.termbase import Termbase

SOURCE = Path(__file__).parents[2] / "src"
ATTEMPTS = "力による一方的な現状変更の試み"
ATTEMPTS_EN = "unilateral attempts to change the status quo by force"


def term(ja, en, kind="phrase", score=1.0, last="2032-03-04", ja_text="", en_text=""):
    example = Example(ja_text or f"両大臣は{ja}について述べた。", en_text or f"They spoke of {en} today.",
                      (4, 4 + len(ja)), (14, 14 + len(en)), "defence/2031-a", last)  # fmt: skip
    renderings = (Rendering(en, 5, "2031-01-02", last), Rendering(en + " and more", 2, "2031-01-02", "2031-05-06"))
    return MinedTerm(
        ja, en, kind, 7, score, 0.9, renderings, ("defence/2031-a",), "2031-01-02", last, (), (), False, (example,)
    )


TERMS = (
    term(ATTEMPTS, ATTEMPTS_EN, score=9.0),
    term("自由で開かれたインド太平洋", "Free and Open Indo-Pacific", "concept", 8.0),
    term("防衛大臣", "Minister of Defense", "title", 7.0, last="2031-06-07"),
    term("防衛省", "Ministry of Defense", "organisation", 6.0),
)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "memory.sqlite"
    with Store(path) as opened:
        Termbase(opened).replace_mined(TERMS)
    return path


@pytest.fixture
def run(tmalign_command, monkeypatch):
    """Return a function that runs the command and gives its exit code, what it printed and its messages."""

    def command(*arguments, store=None, text=None, **environment):
        with monkeypatch.context() as patch:
            patch.delenv("TMALIGN_STORE", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            where = ("--store", store) if store else ()
            done = tmalign_command(*arguments, *where, given=b"" if text is None else text.encode())
        return done.code, done.out.decode(), done.err

    return command


@pytest.fixture
def asked(run):
    """Return a function that asks for a term; gives the exit code and the entries."""

    def question(store, *arguments):
        code, out, _ = run("term", *arguments, "--json", store=store)
        return code, json.loads(out)

    return question


@pytest.mark.parametrize(
    ("query", "first", "quality"),
    [
        (ATTEMPTS, ATTEMPTS, "exact"),
        ("現状変更", ATTEMPTS, "part"),
        ("防衛", "防衛省", "part"),
        ("省", "防衛省", "part"),
        ("ｂｙ　FORCE", ATTEMPTS, "part"),
        ("インド太平洋", "自由で開かれたインド太平洋", "part"),
        ("ｲﾝﾄﾞ太平洋", "自由で開かれたインド太平洋", "part"),
        ("いんど太平洋", "自由で開かれたインド太平洋", "part"),
        ("minister OF defense", "防衛大臣", "exact"),
        ("force status", ATTEMPTS, "part"),
        ("自由で開かれたインド大西洋", "自由で開かれたインド太平洋", "fuzzy"),
        ("status quo by fource", ATTEMPTS, "fuzzy"),
        ("status quo by fource and more", ATTEMPTS, "fuzzy"),
        ("一方的な現情変更", ATTEMPTS, "fuzzy"),
        ("Fre and Opn Indo-Pacfic", "自由で開かれたインド太平洋", "fuzzy"),
        (f"両大臣は、{ATTEMPTS}に強く反対した。", ATTEMPTS, "inside"),
    ],
)
def test_a_term_is_found_however_it_is_asked_for(store, query, first, quality, asked):
    code, rows = asked(store, query)
    assert code == 0
    assert (rows[0]["ja"], rows[0]["match"]["quality"]) == (first, quality)


def test_the_json_has_the_stable_shape(store, asked):
    _, (row,) = asked(store, ATTEMPTS)
    assert row["en"] == ATTEMPTS_EN
    assert (row["kind"], row["count"], row["score"], row["releases"]) == ("phrase", 7, 9.0, ["defence/2031-a"])
    assert [(r["en"], r["count"]) for r in row["renderings"]] == [(ATTEMPTS_EN, 5), (f"{ATTEMPTS_EN} and more", 2)]
    context = row["contexts"][0]
    assert context["ja"][slice(*context["ja_span"])] == ATTEMPTS
    assert context["en"][slice(*context["en_span"])] == ATTEMPTS_EN


def test_the_text_marks_the_match_and_ranks_by_use(store, run):
    code, out, err = run("term", "現状変更", "--context", "1", store=store)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith(f"{ATTEMPTS}  phrase  t")
    assert lines[1].split() == ["5", "2031-01-02..2032-03-04", *ATTEMPTS_EN.split()]
    assert lines[2].split()[0] == "2"
    assert f"[[{ATTEMPTS}]]" in lines[4]
    assert f"[[{ATTEMPTS_EN}]]" in lines[5]


def test_filters(store, asked):
    assert [row["ja"] for row in asked(store, "防衛", "--kind", "title")[1]] == ["防衛大臣"]
    assert [row["ja"] for row in asked(store, "防衛", "--since", "2032")[1]] == ["防衛省"]
    _, rows = asked(store, ATTEMPTS, "--since", "2032-01")
    assert [r["en"] for r in rows[0]["renderings"]] == [ATTEMPTS_EN]
    assert asked(store, ATTEMPTS, "--context", "0")[1][0]["contexts"] == []
    assert len(asked(store, "防衛", "--limit", "1")[1]) == 1
    assert asked(store, "自由で開かれたインド大西洋", "--match", "exact")[0] == 1


def test_nothing_found_says_so(store, run):
    code, out, err = run("term", "量子暗号", store=store)
    assert (code, out) == (1, "")
    assert "no term is like 量子暗号" in err
    *_, err = run("term", "量子暗号" * 500, store=store)
    assert "量子暗号..." in err
    assert len(err) < 400


def test_what_is_no_term_is_looked_for_in_the_memory(tmp_path, run):
    texts = {
        "ja": "両大臣は、１５時３０分から約５０分間、会談を行った。\nまた、地域情勢について意見交換を行った。\n"
        "両大臣は、量子暗号の研究を進めることで一致した。\n",
        "en": "The two Ministers held a meeting for approximately 50 minutes from 3:30 p.m.\n"
        "They also exchanged views on the regional situation.\n"
        "The two Ministers agreed to promote research on quantum cryptography.\n",
    }
    (tmp_path / "in").mkdir()
    for language, text in texts.items():
        (tmp_path / "in" / f"2031-04-05-talks.{language}.txt").write_text(text, encoding="utf-8")
    assert run("build", tmp_path / "in", "--out", tmp_path / "out")[0] == 0
    code, out, err = run("term", "量子暗号", store=tmp_path / "out/memory.sqlite")
    assert code == 0
    assert "in the memory it stands here" in err
    assert "[[量子暗号]]" in out
    code, out, _ = run("term", "quantum", store=tmp_path / "out/memory.sqlite")
    assert "[[quantum]]" in out


def test_deciding(store, run, asked):
    assert run("terms", "accept", ATTEMPTS, store=store)[0] == 0
    run("terms", "add", ATTEMPTS, "one-sided changes", "--status", "forbidden", "--note", "too weak", store=store)
    run("terms", "edit", "防衛大臣", "--rendering", "Minister of Defense", "--en", "Minister for Defense",
        "--status", "approved", "--preferred", "--from", "2031-01-01", store=store)  # fmt: skip
    run("terms", "reject", "防衛省", store=store)
    with Store(store) as opened:
        Termbase(opened).replace_mined(TERMS)
    _, (row,) = asked(store, ATTEMPTS)
    assert [(r["status"], r["preferred"]) for r in row["renderings"]] == [
        ("approved", True), ("candidate", False), ("forbidden", False)
    ]  # fmt: skip
    _, rows = asked(store, "防衛")
    assert [(r["ja"], r["en"], r["renderings"][0]["count"]) for r in rows] == [("防衛大臣", "Minister for Defense", 5)]
    assert run("terms", "list", "--status", "rejected", store=store)[1].split("\t")[4] == "防衛省"
    assert run("terms", "edit", "防衛省", "--restore", store=store)[0] == 0
    assert run("terms", "list", "--status", "rejected", store=store)[1] == ""


def test_a_term_of_another_form_keeps_its_uses(store, run, asked):
    run("terms", "edit", ATTEMPTS, "--ja", "一方的な現状変更の試み", "--kind", "boilerplate", store=store)
    _, (row,) = asked(store, ATTEMPTS)
    assert (row["ja"], row["count"], row["kind"], row["variants"]) == (
        "一方的な現状変更の試み", 7, "boilerplate", [ATTEMPTS]
    )  # fmt: skip


def test_review_through_a_pipe_can_be_left_and_gone_on_with(store, run, asked):
    code, out, err = run("terms", "review", store=store, text="a2\nq\n")
    assert (code, err) == (0, "1 seen, 3 to go\n")
    assert "1 of 4" in out
    code, out, err = run("terms", "review", store=store, text="s\nf2\na\n?\nr\n")
    assert err == "3 seen, 0 to go\n"
    assert "accept the first rendering" in out
    assert asked(store, ATTEMPTS)[1][0]["en"] == f"{ATTEMPTS_EN} and more"
    assert [r["status"] for r in asked(store, "防衛大臣")[1][0]["renderings"]] == ["approved", "forbidden"]
    assert run("terms", "review", store=store, text="")[2] == "0 seen, 0 to go\n"
    assert run("terms", "review", "--again", store=store, text="e\nFOIP vision\n")[2] == "1 seen, 0 to go\n"
    assert asked(store, "FOIP vision")[1][0]["renderings"][0]["status"] == "approved"


def test_review_on_a_terminal_takes_single_keys(store, asked):
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tmalign", "terms", "review", "--store", str(store)],
        stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    os.write(leader, b"2arq")
    out, err = process.communicate(timeout=60)
    os.close(leader)
    os.close(follower)
    assert err == b"2 seen, 2 to go\n"
    assert "2a" in out.decode()
    assert asked(store, ATTEMPTS)[1][0]["en"] == f"{ATTEMPTS_EN} and more"


@pytest.mark.parametrize("name", ["t.tbx", "t.utx", "t.csv", "t.xlsx", "t.jsonl", "t.utf8"])
def test_files_out_and_in(store, tmp_path, name, run, asked):
    run("terms", "accept", ATTEMPTS, store=store)
    code, out, err = run("terms", "export", "--out", tmp_path / name, store=store)
    assert (code, out) == (0, "")
    assert "4 terms, 8 renderings" in err
    other = tmp_path / "other.sqlite"
    code, out, _ = run("terms", "import", tmp_path / name, "--json", store=other)
    assert code == 0
    assert json.loads(out) == {"read": 4, "new": 4, "changed": 0, "unchanged": 0, "refused": 0}
    assert asked(other, ATTEMPTS)[1][0]["en"] == ATTEMPTS_EN
    assert json.loads(run("terms", "import", tmp_path / name, "--json", store=other)[1])["unchanged"] == 4
    assert order(other) == order(store)


def order(path):
    """Return the terms of a store with their renderings, in order."""
    with Store(path) as opened:
        return [(entry.ja, [r.en for r in entry.renderings]) for entry in Termbase(opened).entries()]


@pytest.mark.parametrize("name", ["t.tbx", "t.utx", "t.utf8"])
def test_terms_of_a_file_without_scores_stay_in_its_order(store, tmp_path, name, run):
    with Store(store) as opened:
        Termbase(opened).replace_mined(
            reversed([term(f"語句{n}", f"phrase {9 - n}", score=float(n)) for n in range(9)])
        )
    run("terms", "export", "--out", tmp_path / name, store=store)
    run("terms", "import", tmp_path / name, store=tmp_path / "other.sqlite")
    again = tmp_path / f"again{Path(name).suffix}"
    run("terms", "export", "--out", again, "--date", "2032-03-04", store=tmp_path / "other.sqlite")
    assert order(tmp_path / "other.sqlite") == order(store)
    assert again.read_bytes() == (tmp_path / name).read_bytes()


def test_json_lines_carry_a_whole_termbase_over(store, tmp_path, run):
    run("terms", "accept", ATTEMPTS, store=store)
    first = run("terms", "export", "--format", "jsonl", store=store)[1]
    (tmp_path / "t.jsonl").write_text(first, encoding="utf-8")
    run("terms", "import", tmp_path / "t.jsonl", store=tmp_path / "other.sqlite")
    assert run("terms", "export", "--format", "jsonl", store=tmp_path / "other.sqlite")[1] == first


def test_what_a_format_cannot_hold_is_said(store, run):
    _, _, err = run("terms", "export", "--format", "utx", store=store)
    assert "utx has no place for: " in err
    assert "4 contexts" in err


def test_refused_rows_are_named_and_the_rest_goes_in(store, tmp_path, run, asked):
    (tmp_path / "t.csv").write_text("Japanese,English,Kind\n海洋,maritime,nonsense\n,x\n", encoding="utf-8")
    code, out, err = run("terms", "import", tmp_path / "t.csv", "--status", "approved", store=store)
    assert (code, out) == (1, "1 read, 1 new, 0 changed, 0 unchanged, 1 refused\n")
    assert "t.csv:3" in err
    assert "1 kinds of other termbases" in err
    assert asked(store, "海洋")[1][0]["status"] == "approved"


def test_rows_that_contradict_each_other_and_whole_texts_are_refused(store, tmp_path, run, asked):
    rows = ["防衛,Defense,,", "防衛,Defense,approved,yes", "防衛,Defense,forbidden,", "防衛,Defence,approved,yes"]
    rows.append(f"短い,{'y' * 1001},,")
    (tmp_path / "t.csv").write_text("\n".join(["Japanese,English,Status,Preferred", *rows]), encoding="utf-8")
    code, out, err = run("terms", "import", tmp_path / "t.csv", store=store)
    assert (code, out) == (1, "1 read, 1 new, 0 changed, 0 unchanged, 2 refused\n")
    assert "t.csv:4: an earlier row says approved of this rendering, this one forbidden" in err
    assert "短い: 1,001 characters are no term" in err
    assert "second preferred rendering of a phrase" in err
    renderings = asked(store, "防衛", "--match", "exact")[1][0]["renderings"]
    assert [(r["en"], r["status"], r["preferred"]) for r in renderings] == [
        ("Defense", "approved", True), ("Defence", "approved", False),
    ]  # fmt: skip


def test_a_dry_run_changes_nothing(store, tmp_path, run, asked):
    (tmp_path / "t.csv").write_text("Japanese,English\n海洋,maritime\n", encoding="utf-8")
    assert run("terms", "import", tmp_path / "t.csv", "--dry-run", store=store)[1].startswith("1 read, 1 new")
    assert asked(store, "海洋", "--match", "exact")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["term", ""], 2, "the query is empty"),
        (["term", "x", "--since", "soon"], 2, "not a date"),
        (["term", "x", "--kind", "verb"], 2, "verb"),
        (["term", "x", "--limit", "0"], 2, "--limit"),
        (["term", "x", "y"], 2, "y"),
        (["term"], 2, "query"),
        (["terms", "accept", "nothing"], 2, "no term nothing"),
        (["terms", "reject", ATTEMPTS, "nothing"], 2, "no rendering nothing"),
        (["terms", "edit", ATTEMPTS, "--status", "approved"], 2, "which rendering?"),
        (["terms", "edit", ATTEMPTS, "--ja", "防衛省"], 2, "is a term already"),
        (["terms", "edit", ATTEMPTS, "--rendering", ATTEMPTS_EN, "--preferred"], 2, "only an approved rendering"),
        (["terms", "accept", ATTEMPTS, "--from", "2031-02-30"], 2, "not a date"),
        (["terms", "add", " ", "x"], 2, "needs a Japanese and an English form"),
        (["terms", "export"], 2, "which format?"),
        (["terms", "export", "--out", "terms.doc"], 2, "does not tell the format"),
        (["terms", "import", "missing.csv"], 1, "no such file"),
    ],
)
def test_wrong_calls_say_what_is_wrong(store, arguments, code, says, run):
    got, _, err = run(*arguments, store=store)
    assert (got, says in err) == (code, True), err


def test_no_store_no_traceback(tmp_path, run):
    assert run("term", "x", store=tmp_path / "none.sqlite")[0] == 1
    assert not (tmp_path / "none.sqlite").exists()
    assert run("term", "x", store=tmp_path)[0] == 1
    (tmp_path / "text").write_text("no store", encoding="utf-8")
    assert run("term", "x", store=tmp_path / "text")[0] == 1
    assert run("terms", "list", store=tmp_path / "none.sqlite")[0] == 1


@pytest.mark.parametrize(
    "query", ["\udcff", "%_'\"", "a" * 5000, "力\n試み", "-x", "\u202e", "\ufeff", "\x00", "か\u309a"]
)
def test_hostile_queries(store, query, run):
    assert run("term", query, store=store)[0] in {0, 1, 2}


def test_hostile_queries_in_a_poor_locale(store):
    for query in ("\udcff", "力\n試み"):
        done = subprocess.run(
            [sys.executable, "-m", "tmalign", "term", query.encode("utf-8", "surrogateescape"), "--store", store],
            capture_output=True, check=False,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "LC_ALL": "C", "PYTHONIOENCODING": ""},
        )  # fmt: skip
        assert b"Traceback" not in done.stderr
        assert done.returncode in {0, 1, 2}


def test_a_closed_pipe_is_no_error_on_the_screen(store):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m tmalign term 防衛 --store {store} | true"],
        capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert done.stderr == b""


def test_the_quick_way_in_reads_calls_as_the_full_one_does(monkeypatch):
    monkeypatch.delenv("TMALIGN_STORE", raising=False)
    question = read_question(["-c", "3", "x", "--since=2031", "--json", "-s", "a.sqlite", "--limit", "4"])
    assert (question.query, question.context, question.since, question.as_json) == ("x", 3, "2031", True)
    assert (str(question.store), question.limit, question.match, question.kind) == ("a.sqlite", 4, "auto", "")
    for unusual in (["--help"], ["x", "--context"], ["x", "--context", "x"], ["x", "-c3"], ["--", "x"], ["x", "y"], []):
        assert read_question(unusual) is None


def test_the_quick_way_in_knows_the_options_of_the_full_one():
    command = get_command(app).commands["term"]
    options = {name: param for param in command.params for name in param.opts if name.startswith("-")}
    assert {name for name in options if name.startswith("--")} == start._TERM.valued | start._TERM.flags
    assert {name: options[name].opts[0] for name in options if not name.startswith("--")} == start._TERM.short
    plain = read_question(["x"])
    for name, field in (("--context", "context"), ("--limit", "limit"), ("--match", "match"), ("--since", "since")):
        assert options[name].default == getattr(plain, field)


def test_a_look_up_loads_nothing_that_takes_time(store):
    code = (
        f"import sys; sys.argv = ['tmalign', 'term', '防衛', '--store', {str(store)!r}]\n"
        "from tmalign.cli.start import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'typer', 'rich', 'numpy', 'polars', 'lxml', 'pydantic', 'fugashi', 'rapidfuzz', 'tmalign.model',\n"
        "         'tmalign.memory.store', 'tmalign.memory.history', 'tmalign.formats.termfile'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}
    )
    assert done.stderr.decode().strip() == "[]"
