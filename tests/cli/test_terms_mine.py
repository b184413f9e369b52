"""`tmalign terms mine` as a shell runs it."""

import json
from pathlib import Path

import pytest

from tmalign.formats.tmx import write_tmx
from tmalign.memory.store import Store
from tmalign.model import Unit
from tmalign.terms.termbase import Termbase

# Invented sentences.
TEXTS = [
    ("両国は、海洋安全保障を強化することで一致した。", "Both agreed to strengthen maritime security."),
    ("海洋安全保障について意見交換を行った。", "They exchanged views on maritime security."),
    ("大臣は、経済的威圧に深刻な懸念を表明した。", "The Minister expressed serious concern over economic coercion."),
    ("双方は、意見交換を行い、深刻な懸念を表明した。", "Both sides exchanged views and expressed serious concern."),
    ("海洋安全保障の重要性を確認した。", "They confirmed the importance of maritime security."),
    ("経済的威圧は重要性を増している。", "Economic coercion is gaining in importance."),
]  # fmt: skip


def unit(number, ja, en):
    return Unit(ja, en, f"r/{number}", "r", f"2024-01-{number + 1:02}", 1.0, (), (), position=number)


@pytest.fixture
def tmx(tmp_path):
    write_tmx(tmp_path / "memory.tmx", (unit(n, ja, en) for n, (ja, en) in enumerate(TEXTS)))
    return tmp_path / "memory.tmx"


@pytest.fixture
def run(tmalign_command, monkeypatch):
    """Return a function that runs `tmalign terms mine` in a folder."""

    def command(*arguments, cwd):
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            return tmalign_command("terms", "mine", *arguments)

    return command


def test_json_has_the_promised_shape(tmx, tmp_path, run):
    done = run(tmx, "--json", cwd=tmp_path)
    assert done.code == 0
    terms = json.loads(done.out)
    term = next(t for t in terms if t["ja"] == "海洋安全保障")
    assert term["en"] == "maritime security"
    assert term["kind"] == "concept"
    assert term["count"] == 3
    assert [(r["en"], r["count"]) for r in term["renderings"]] == [("maritime security", 3)]
    assert term["releases"] == ["r/0", "r/1", "r/4"]
    assert (term["first"], term["last"]) == ("2024-01-01", "2024-01-05")
    assert 0 <= term["confidence"] <= 1
    example = term["examples"][0]
    assert example["ja"][slice(*example["ja_span"])] == "海洋安全保障"
    assert example["en"][slice(*example["en_span"])] == "maritime security"
    assert [t["score"] for t in terms] == sorted((t["score"] for t in terms), reverse=True)


def test_kind_limit_and_count_choose(tmx, tmp_path, run):
    formulas = json.loads(run(tmx, "--json", "--kind", "boilerplate", "--limit", "2", cwd=tmp_path).out.decode())
    assert {t["ja"] for t in formulas} == {"意見交換を行った", "深刻な懸念を表明した"}
    frequent = json.loads(run(tmx, "--json", "--min-count", "3", cwd=tmp_path).out.decode())
    assert frequent
    assert all(t["count"] >= 3 for t in frequent)


def test_a_table_for_people(tmx, tmp_path, run):
    done = run(tmx, cwd=tmp_path)
    assert "3\t" in done.out.decode()
    assert "海洋安全保障\tmaritime security (3)" in done.out.decode()
    assert "phrases" in done.err


def test_an_empty_store_gives_an_empty_list(tmp_path, run):
    with Store(tmp_path / "memory.sqlite"):
        pass
    done = run("--json", cwd=tmp_path)
    assert (done.code, done.out.decode().strip()) == (0, "[]")


def test_a_store_keeps_what_was_found(tmp_path, run, tmalign_command):
    corpora = Path(__file__).parents[2] / "corpora" / "defence"
    assert tmalign_command("build", corpora, "--out", tmp_path / "out").code == 0
    path = tmp_path / "out" / "memory.sqlite"
    done = run("--store", path, "--json", "--no-save", cwd=tmp_path)
    found = json.loads(done.out)
    with Store(path) as memory:
        assert list(Termbase(memory).entries()) == []
    again = run("--store", tmp_path / "out", "--json", cwd=tmp_path)
    assert json.loads(again.out.decode()) == found
    with Store(path) as memory:
        kept = {entry.ja for entry in Termbase(memory).entries()}
    assert {t["ja"] for t in found} == kept


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["missing.tmx"], 1, "there is no such file"),
        (["--store", "missing.sqlite"], 1, "missing.sqlite"),
        (["empty.tmx"], 1, "holds nothing"),
        (["--kind", "sort"], 2, "sort"),
        (["--min-count", "1"], 2, "--min-count"),
        (["one.tmx", "--save"], 2, "--save needs a store"),
    ],
)
def test_wrong_calls_are_answered(tmp_path, arguments, code, said, run):
    (tmp_path / "empty.tmx").write_bytes(b"")
    done = run(*arguments, cwd=tmp_path)
    assert done.code == code
    assert said in done.err.replace("\n", "")
    assert "Traceback" not in done.err
