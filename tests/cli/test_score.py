"""`tmalign score` and `tmalign export references` as they are called."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sacrebleu.metrics import BLEU, CHRF
from typer.testing import CliRunner

from tmalign.cli.app import app
from tmalign.errors import FormatError, LanguageError, PairError, TmalignError, UsageError
from tmalign.formats.tmx import write_tmx
from tmalign.model import Unit
from tmalign.scoring.manifest import ChangedReferenceError

# Invented for these tests.
JA = ["防衛大臣は会談を行った。", "会談は15時30分に始まった。", "政府は12億円を支出する。", "詳細は確認中である。"]
EN = [
    "The Minister of Defense held a meeting.",
    "The meeting began at 3:30 p.m.",
    "The government will spend 1.2 billion yen.",
    "The details are being confirmed.",
]
GOOD = [
    "The Defense Minister held a meeting.",
    "The meeting began at 15:30.",
    "The state will spend 1.2 billion yen.",
    EN[3],
]
POOR = [
    "The minister met.",
    "It began at three.",
    "The government will spend 12 billion yen.",
    "Details are being checked.",
]


@pytest.fixture
def files(tmp_path):
    paths = {}
    for name, lines in {"s.ja": JA, "r.en": EN, "good.en": GOOD, "poor.en": POOR}.items():
        paths[name] = tmp_path / name
        paths[name].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    units = [
        Unit(ja, en, ("x/a", "x/b")[n > 1], "x", "2024-01-01", 1.0, (), (), position=n)
        for n, (ja, en) in enumerate(zip(JA, EN, strict=True))
    ]
    paths["m.tmx"] = tmp_path / "m.tmx"
    write_tmx(paths["m.tmx"], units)
    return paths


def call(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, (TmalignError, SystemExit)), result.exception
    return result


def score(*arguments):
    result = call("score", *arguments, "--samples", "50")
    assert result.exit_code == 0, result.exception
    return result


def refused(error, *arguments):
    result = call("score", *arguments)
    assert result.stdout == ""
    assert type(result.exception) is error
    assert result.exception.hint
    return result.exception


def test_the_stable_shape_with_sacrebleus_numbers(files):
    result = score(
        "--reference", files["m.tmx"], "--hypothesis", f"A={files['poor.en']}", f"B={files['good.en']}", "--json"
    )
    rows = json.loads(result.stdout)
    assert [row["system"] for row in rows] == ["B", "A"]
    assert rows[0]["segments"] == 4
    for row, lines in zip(rows, (GOOD, POOR), strict=True):
        for found, metric in zip(row["metrics"], (BLEU(), CHRF()), strict=True):
            assert found["value"] == metric.corpus_score(lines, [EN]).score
            assert found["signature"] == str(metric.get_signature())
            assert found["low"] <= found["value"] <= found["high"]
    assert [metric["metric"] for metric in rows[0]["metrics"]] == ["BLEU", "chrF"]


def test_pairs_of_text_files(files):
    values = []
    for reference in (
        ("--reference", files["s.ja"], files["r.en"]),
        ("--reference", files["r.en"], "--source", files["s.ja"]),
        ("--reference", files["s.ja"], "--reference", files["r.en"]),
        ("--reference", files["r.en"]),
    ):
        result = score(*reference, "--hypothesis", f"A={files['good.en']}", "--json")
        values.append(json.loads(result.stdout)[0]["metrics"][0]["value"])
    assert len(set(values)) == 1


def test_the_source_of_a_pair_is_no_hypothesis(files):
    pair = ("--reference", files["s.ja"], files["r.en"], "--hypothesis", f"A={files['s.ja']}")
    assert refused(LanguageError, *pair).line == 1
    assert refused(LanguageError, *pair, "--segmentation", "document").line == 1
    assert "100.00" in score(*pair, "--direction", "en-ja").stdout


def test_into_japanese_the_tokenizer_is_named(files):
    result = score("--reference", files["m.tmx"], "--hypothesis", f"A={files['s.ja']}", "--tokenize", "char")
    assert "English to Japanese" in result.stdout
    assert "tok:char" in result.stdout
    assert "100.00" in result.stdout
    assert refused(UsageError, "-r", files["m.tmx"], f"A={files['s.ja']}", "--tokenize", "13a").exit_code == 2


def test_a_baseline_in_table_and_csv(files):
    arguments = (
        "-r",
        files["m.tmx"],
        f"A={files['poor.en']}",
        f"B={files['good.en']}",
        "--baseline",
        "A",
        "--trials",
        "50",
    )
    table = score(*arguments).stdout
    assert "A (baseline)" in table
    assert "p bootstrap" in table
    assert "p randomisation" in table
    rows = list(csv.DictReader(io.StringIO(score(*arguments, "--format", "csv", "--by", "document").stdout)))
    assert len(rows) == 2 * 2 * 3
    assert 0 < float(rows[0]["bootstrap_p"]) <= 1


def test_terms_figures_and_contamination(files, tmp_path):
    glossary = tmp_path / "terms.tsv"
    glossary.write_text("防衛大臣\tMinister of Defense\n防衛大臣\tDefense Minister\n", encoding="utf-8")
    memory = tmp_path / "seen.tmx"
    write_tmx(memory, [Unit(JA[3], EN[3], "y", "", "", 1.0, (), ())])
    arguments = (
        "-r", files["m.tmx"], f"A={files['poor.en']}", f"B={files['good.en']}", "--terms", glossary, "--figures",
        "--exclude-memory", memory,
    )  # fmt: skip
    best, worst = json.loads(score(*arguments, "--json").stdout)
    assert (best["terms"]["share"], worst["terms"]["share"]) == (1, 0)
    assert (best["figures"]["found"], worst["figures"]["found"]) == (2, 0)
    assert best["contamination"] == {
        "left_out": False,
        "segments": [{"segment": 4, "document": "x/b", "similarity": 1.0, "unit": 1}],
    }
    left = json.loads(score(*arguments, "--leave-out", "--json").stdout)[0]
    assert left["segments"] == 3
    assert left["metrics"][0]["signature"].endswith("|excluded:1")
    assert left["metrics"][0]["value"] == BLEU().corpus_score(GOOD[:3], [EN[:3]]).score
    assert "stand in the memory: 1 exactly, 0 nearly" in score(*arguments).stdout


def test_running_text_is_cut_and_the_signature_says_so(files, tmp_path):
    reference, hypothesis = tmp_path / "r.jsonl", tmp_path / "h.jsonl"
    reference.write_text(json.dumps({"id": "x", "segments": EN}), encoding="utf-8")
    hypothesis.write_text(json.dumps({"id": "x", "text": " ".join(GOOD)}), encoding="utf-8")
    arguments = ("-r", reference, f"A={hypothesis}", "--segmentation", "document", "--json")
    (row,) = json.loads(score(*arguments).stdout)
    assert row["segments"] == 4
    assert row["metrics"][0]["value"] == BLEU().corpus_score(GOOD, [EN]).score
    assert "|seg:document|cut:" in row["metrics"][0]["signature"]
    assert row["cut"]["empty"] == []
    assert "--segmentation document" in refused(UsageError, *arguments[:3]).hint


def test_what_is_refused(files, tmp_path):
    hypothesis = f"A={files['good.en']}"
    short = tmp_path / "short.en"
    short.write_text("\n".join(GOOD[:2]), encoding="utf-8")
    assert refused(PairError, "-r", files["m.tmx"], f"A={short}").line == 3
    blank = tmp_path / "blank.en"
    blank.write_text("\n".join([GOOD[0], "", *GOOD[2:]]), encoding="utf-8")
    assert refused(FormatError, "-r", files["m.tmx"], f"A={blank}").line == 2
    assert score("-r", files["m.tmx"], f"A={blank}", "--allow-empty").exit_code == 0
    swapped = refused(LanguageError, "-r", files["m.tmx"], f"A={files['s.ja']}", "--direction", "ja-en")
    assert (swapped.line, "swapped" in swapped.hint) == (1, True)
    refused(LanguageError, "-r", files["m.tmx"], hypothesis, f"B={files['s.ja']}")
    refused(LanguageError, "-r", files["s.ja"], "--source", files["r.en"], hypothesis)
    refused(LanguageError, "-r", files["s.ja"], "--source", files["r.en"], hypothesis, "--direction", "ja-en")
    for wrong in (
        [hypothesis],
        ["-r", files["m.tmx"]],
        ["-r", files["m.tmx"], "-y", "nameless"],
        ["-r", files["m.tmx"], hypothesis, hypothesis],
        ["-r", files["m.tmx"], hypothesis, "--metric", "rouge"],
        ["-r", files["m.tmx"], hypothesis, "--since", "yesterday"],
        ["-r", files["m.tmx"], hypothesis, "--baseline", "B"],
        ["-r", files["r.en"], hypothesis, "--figures"],
        ["-r", files["r.en"], files["s.ja"], files["s.ja"], hypothesis],
    ):
        assert refused(UsageError, *wrong).exit_code == 2


def test_export_then_score(files, tmp_path):
    folder = tmp_path / "out"
    result = call("export", "references", files["m.tmx"], "--out", folder, "--json")
    written = json.loads(result.stdout)
    assert (written["segments"], written["documents"]) == (4, 2)
    scored = json.loads(
        score("--reference", folder, "--hypothesis", f"A={files['good.en']}", "--by", "document", "--json").stdout
    )
    assert [part["name"] for part in scored[0]["documents"]] == ["x/a", "x/b"]
    assert score("-r", files["m.tmx"], "--manifest", folder, f"A={files['good.en']}").exit_code == 0
    refused(
        ChangedReferenceError, "-r", files["m.tmx"], "--release", "x/b", "--manifest", folder, f"A={files['good.en']}"
    )
    (folder / "reference.en.txt").write_text("\n".join(["Changed.", *EN[1:]]), encoding="utf-8")
    refused(ChangedReferenceError, "-r", folder, f"A={files['good.en']}")
    back = call(
        "export", "references", files["m.tmx"], "-o", tmp_path / "back", "--direction", "en-ja", "--release", "x/b"
    )
    assert "2 segments in 1 document" in back.stdout
    assert (tmp_path / "back" / "source.en.txt").read_text(encoding="utf-8").splitlines() == EN[2:]
    assert call("export", "references", files["m.tmx"], "-o", folder, "--since", "x").exception.exit_code == 2


def test_any_terminal_and_a_pipe(files, tmp_path):
    command = [sys.executable, "-m", "tmalign", "score", "-r", str(files["m.tmx"]), "--samples", "10"]
    environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    shown = subprocess.run(
        [*command, "系=-"], input=files["good.en"].read_bytes(), capture_output=True, env=environment, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert "系" in shown.stdout.decode()
    if Path("/dev/full").exists():
        with Path("/dev/full").open("wb") as full:
            failed = subprocess.run(
                [*command, f"A={files['good.en']}"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert failed.returncode == 2
        assert failed.stderr.startswith("tmalign: the results cannot be written")
        assert "Traceback" not in failed.stderr
    out = tmp_path / "scores.csv"
    again = call("score", "-r", files["m.tmx"], f"A={files['good.en']}", "--format", "csv", "--out", out)
    assert (again.stdout, out.read_text(encoding="utf-8").count("\n")) == ("", 3)
