"""`tmalign align`, `split` and `extract` on real files, as a shell runs them."""

import json
import subprocess
import sys

import pytest

from tmalign.formats.tmx import read_tmx

JA = "両大臣は、１５時３０分から約５０分間、会談を行った。\nまた、地域情勢について意見交換を行った。\n"
EN = (
    "The two Ministers held a meeting for approximately 50 minutes from 3:30 p.m.\n"
    "They also exchanged views on the regional situation.\n"
)


def run(*arguments, given=None):
    command = [sys.executable, "-m", "tmalign", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", input=given, check=False)


@pytest.fixture
def pair(tmp_path):
    ja, en = tmp_path / "talks.ja.txt", tmp_path / "talks.en.txt"
    ja.write_text(JA, encoding="utf-8")
    en.write_text(EN, encoding="utf-8")
    return ja, en


def test_a_pair_as_rows(pair):
    rows = [line.split("\t") for line in run("align", *pair).stdout.splitlines()]
    assert [row[1] for row in rows] == ["1-1", "1-1"]
    assert all(float(row[0]) > 0.9 for row in rows)
    beads = [json.loads(line) for line in run("align", *pair, "-f", "jsonl").stdout.splitlines()]
    assert [(bead["ja"], bead["en"]) for bead in beads] == [([0], [0]), ([1], [1])]
    assert beads[1]["ja_text"] == "また、地域情勢について意見交換を行った。"


def test_a_pair_as_tmx(pair, tmp_path):
    out = tmp_path / "pair.tmx"
    assert run("align", *pair, "--format", "tmx", "--out", out).returncode == 0
    assert [unit.en for unit in read_tmx(out)] == EN.splitlines()


def test_presplit_lines_keep_their_numbers(tmp_path):
    ja, en = tmp_path / "a.txt", tmp_path / "b.txt"
    ja.write_bytes(JA.replace("\n", "\r\n").encode())
    en.write_text("\n" + EN.rstrip("\n"), encoding="utf-8")
    beads = [json.loads(line) for line in run("align", ja, en, "--pre-split", "-f", "jsonl").stdout.splitlines()]
    assert [i for bead in beads for i in bead["ja"]] == [0, 1]
    assert [j for bead in beads for j in bead["en"]] == [0, 1, 2]


def test_unrelated_texts_are_refused(pair, tmp_path):
    other = tmp_path / "other.en.txt"
    other.write_text("The cook chopped seven onions.\nRain fell on the old bridge all night.\n" * 3, encoding="utf-8")
    refused = run("align", pair[0], other)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--force" in refused.stderr
    assert run("align", pair[0], other, "--force").stdout


def test_swapped_versions_are_told(pair):
    swapped = run("align", pair[1], pair[0])
    assert swapped.returncode == 1
    assert "English" in swapped.stderr


def test_a_batch_answers_every_row_in_order_and_every_sentence_once():
    rows = [
        {"id": "a", "ja": JA.splitlines(), "en": EN.splitlines()},
        {"id": "b", "ja": [], "en": ["Alone."]},
        {"id": "c", "ja": ["", "。", "以上。"], "en": [""]},
    ]
    given = "\n".join([json.dumps(row) for row in rows[:2]] + ["", "{broken", json.dumps({"id": "d", "ja": "no list"})])
    given += "\n" + json.dumps(rows[2]) + "\n"
    done = run("align", "--batch", "-", given=given)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == ["a", "b", "line 4", "line 5", "c"]
    assert done.stderr.count("tmalign:") == 2
    for row, answer in zip(rows, [a for a in answers if "beads" in a], strict=True):
        assert [i for bead in answer["beads"] for i in bead["ja"]] == list(range(len(row["ja"])))
        assert [j for bead in answer["beads"] for j in bead["en"]] == list(range(len(row["en"])))


def test_splitting_a_file_and_rows(pair):
    answer = json.loads(run("split", pair[0], "--json").stdout)
    assert [s["text"] for s in answer["sentences"]] == JA.splitlines()
    text = "第一に、𠮷田氏が述べた。第二に、質問があった。"
    rows = run("split", "--batch", "-", "--language", "ja", given=json.dumps({"id": "x", "text": text}) + "\n").stdout
    sentences = json.loads(rows)["sentences"]
    assert [text[s["start"] : s["end"]] for s in sentences] == [s["text"] for s in sentences]
    assert len(sentences) == 2


def test_extracting_a_page(tmp_path):
    page = tmp_path / "note.en.html"
    page.write_text(
        "<title>Notice</title><nav><a href=/>Home</a></nav><h1>Notice</h1><p>May 12, 2023</p><p>1. It is over.</p>",
        encoding="utf-8",
    )
    answer = json.loads(run("extract", page, "--json").stdout)
    assert (answer["title"], answer["date"]) == ("Notice", "2023-05-12")
    assert [(b["kind"], b["text"]) for b in answer["blocks"]][-1] == ("item", "It is over.")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["align"], 2),
        (["align", "only.ja.txt"], 2),
        (["align", "--batch", "x.jsonl", "a", "b"], 2),
        (["split"], 2),
        (["extract", "missing.ja.html"], 1),
        (["align", "--batch", "missing.jsonl"], 1),
        (["nonsense"], 2),
    ],
)
def test_wrong_calls_and_missing_files_end_in_a_message(arguments, code):
    ended = run(*arguments)
    assert ended.returncode == code
    assert ended.stderr
    assert "Traceback" not in ended.stderr
