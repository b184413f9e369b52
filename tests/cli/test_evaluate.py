"""`tmalign evaluate alignment` as it is called, and against an independent scorer where there is one."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
CORPORA = ROOT / "corpora"
ROW = {
    "id": "a",
    "ja": ["両大臣は、会談を行った。", "また、地域情勢について意見交換を行った。"],
    "en": ["The two Ministers held a meeting.", "They also exchanged views on the regional situation."],
    "beads": [[[0], [0]], [[1], [1]]],
}


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(ROW, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_aligning_and_measuring(tmalign_command, gold):
    text = tmalign_command("evaluate", "alignment", gold)
    assert text.code == 0
    assert "strict beads 1.0000" in text.out.decode()
    answer = json.loads(tmalign_command("evaluate", "alignment", gold, "--json").out)
    assert answer["strict"] == {"f1": 1.0, "precision": 1.0, "recall": 1.0, "beads": 2}
    assert answer["signature"].startswith("tmalign:")
    assert answer["errors"] == []


def test_a_folder_of_gold(tmalign_command):
    folder = CORPORA / "speeches"
    answer = json.loads(tmalign_command("evaluate", "alignment", folder, "--json").out)
    assert answer["documents"] == len(list(folder.glob("*.gold.json")))
    assert answer["strict"]["f1"] > 0.9


def test_what_align_prints_can_be_measured(tmalign_command, gold, tmp_path):
    beads = tmp_path / "beads.jsonl"
    beads.write_bytes(tmalign_command("align", "--batch", gold).out)
    answer = json.loads(tmalign_command("evaluate", "alignment", gold, "--hypothesis", beads, "--json").out)
    assert answer["strict"]["f1"] == 1
    assert answer["calibration"]["error"] < 0.1


def test_errors_are_shown_with_their_texts(tmalign_command, gold, tmp_path):
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(json.dumps({"id": "a", "beads": [[[0, 1], [0]], [[], [1]]]}), encoding="utf-8")
    shown = tmalign_command("evaluate", "alignment", gold, "--hypothesis", wrong, "--errors", 5, encoding="ascii")
    lines = shown.lines
    assert shown.code == 0
    assert "no calibration: not every bead came with a probability" in lines
    assert "  gold      0 = 0" in lines
    assert "  predicted 0,1 = 0  1.0000" in lines
    assert "    ja 1: " + ROW["ja"][1] in lines
    (error,) = json.loads(tmalign_command("evaluate", "alignment", gold, "--hypothesis", wrong, "--json").out)["errors"]
    assert error["en"]["1"] == ROW["en"][1]


def test_documents_that_are_missing_or_unknown_are_named(tmalign_command, gold, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": "zz", "beads": []}), encoding="utf-8")
    ended = tmalign_command("evaluate", "alignment", gold, "--hypothesis", other)
    assert ended.code == 1
    assert "1 documents are not in the gold: zz" in ended.err
    assert "1 documents have no alignment: a" in ended.err


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 50_000, json.dumps({**ROW, "id": 3}).encode()])
def test_gold_that_is_none_ends_in_a_message(tmalign_command, tmp_path, data):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(data)
    ended = tmalign_command("evaluate", "alignment", path)
    assert (ended.code, ended.out) == (1, b"")
    assert ended.err.startswith("tmalign: ")
    assert tmalign_command("evaluate", "alignment", tmp_path / "none").code == 1
    assert tmalign_command("evaluate", "alignment", tmp_path).code == 1


@pytest.mark.skipif(not (SHARED / "tools" / "score_align.py").exists(), reason="needs ../shared/tools/score_align.py")
@pytest.mark.parametrize("name", ["ntrex.clean", "wmt22.en-ja.noisy"])
def test_figures_are_those_of_the_independent_scorer(tmalign_command, tmp_path, name):
    spec = importlib.util.spec_from_file_location("score_align", SHARED / "tools" / "score_align.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = SHARED / "data" / "alignment" / f"{name}.jsonl"
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    # Every document's beads, some merged with the next: right, wrong and coarse ones.
    hypotheses = {}
    for row in rows:
        beads = [[list(ja), list(en)] for ja, en in row["beads"]]
        for k in range(len(beads) - 2, 0, -5):
            following = beads.pop(k + 1)
            beads[k] = [beads[k][0] + following[0], beads[k][1] + following[1]]
        hypotheses[row["id"]] = beads
    path = tmp_path / "h.jsonl"
    path.write_text("".join(json.dumps({"id": k, "beads": b}) + "\n" for k, b in hypotheses.items()), encoding="utf-8")
    theirs = scorer.score(rows, hypotheses)
    ours = json.loads(tmalign_command("evaluate", "alignment", gold, "--hypothesis", path, "--json").out)
    assert ours["strict"]["f1"] == pytest.approx(theirs["strict_F1"])
    assert ours["strict"]["precision"] == pytest.approx(theirs["strict_P"])
    assert ours["strict"]["recall"] == pytest.approx(theirs["strict_R"])
    assert ours["links"]["f1"] == pytest.approx(theirs["link_F1"])
    assert 0 < ours["strict"]["f1"] < 1
