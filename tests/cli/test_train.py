"""`tmalign train`, and its model in use."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

CORPORA = Path(__file__).parents[2] / "corpora"
GOLD = CORPORA / "defence" / "2023-05-17-norway-courtesy-call.gold.json"


def test_a_model_of_ones_own(tmalign_command, tmp_path):
    pytest.importorskip("scipy", reason="needs SciPy (the train extra)")
    out = tmp_path / "mine.json"
    ended = tmalign_command("train", GOLD, "--out", out, "--penalty", "5", "--report", GOLD, "--json", encoding="ascii")
    answer = json.loads(ended.out)
    assert ended.code == 0
    assert answer["sets"][0]["trained_on"]
    assert 0 <= answer["sets"][0]["after"] <= 1
    assert not answer["pairs_learned"]
    assert json.loads(out.read_text(encoding="utf-8"))["name"] == "mine"
    measured = json.loads(tmalign_command("evaluate", "alignment", GOLD, "--model", out, "--json").out)
    assert measured["signature"].split("|")[1].startswith("mine:")
    assert measured["strict"]["f1"] == pytest.approx(answer["sets"][0]["after"])
    text = tmalign_command("train", GOLD, "--out", out, "--penalty", "50")
    assert "strict F1  before   after" in text.lines[0]


def test_refusals(tmalign_command, tmp_path, monkeypatch):
    assert tmalign_command("train", tmp_path / "none", "--out", tmp_path / "m.json").code == 1
    for model in (tmp_path, tmp_path / "none", GOLD):
        ended = tmalign_command("align", "--batch", "-", "--model", model, given=b"{}")
        assert (ended.code, ended.out) == (1, b"")
        assert "tmalign: " in ended.err
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ended = tmalign_command("train", GOLD, "--out", tmp_path / "m.json")
    assert ended.code == 2
    assert "tmalign[train]" in ended.err
    ended = tmalign_command("align", "--batch", "-", "--encoder", "some/model", given=b"{}")
    assert (ended.code, ended.out) == (2, b"")
    assert "tmalign[encoder]" in ended.err
