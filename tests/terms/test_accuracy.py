"""Counting listed phrases, and how many of them mining finds."""

import subprocess
import sys
from pathlib import Path

import pytest

from tmalign.model import Unit
from tmalign.terms.accuracy import PhrasePair, count_phrases, english_phrase_key, japanese_phrase_key, recall
from tmalign.terms.mine import mine

ROOT = Path(__file__).parents[2]

# Invented.
UNITS = [
    ("海洋安全保障の重要性を確認した。", "They confirmed the importance of maritime security."),
    ("安全保障と、海洋安全保障を議論した。", "They discussed security and maritime security."),
    ("両者は、重要性を確認しました。", "Both sides have confirmed its importance."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重要性を確認した", "重要性を確認し"),
        ("との認識で一致した", "認識で一致する"),
        ("に寄与する", "寄与します"),
        ("ＡＣＳＡ", "acsa"),
    ],
)
def test_japanese_keys_that_are_equal(one, other):
    assert japanese_phrase_key(one) == japanese_phrase_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a world without nuclear weapons", "world without nuclear weapons"),
        ("any unilateral attempts", "unilateral attempt"),
        ("confirmed the importance of", "confirm the importance"),
        ("Ministry of Defence", "ministry of defense"),
    ],
)
def test_english_keys_that_are_equal(one, other):
    assert english_phrase_key(one) == english_phrase_key(other)


def test_keys_that_differ():
    assert japanese_phrase_key("重要性を確認した") != japanese_phrase_key("重要性を説明した")
    assert english_phrase_key("Minister of Defense") != english_phrase_key("Ministry of Defense")


def test_phrases_are_counted_in_any_inflection_and_alone():
    pairs = [
        PhrasePair("concept", ("海洋安全保障",), ("maritime security",)),
        PhrasePair("concept", ("安全保障",), ("security",)),
        PhrasePair("boilerplate", ("重要性を確認した",), ("confirmed the importance of",)),
    ]
    maritime, security, confirmed = count_phrases(pairs, UNITS)
    assert (maritime.units, maritime.alone) == ((0, 1), (0, 1))
    assert (security.units, security.alone) == ((0, 1), (1,))
    assert confirmed.units == (0, 2)
    assert maritime.forms == {("海洋安全保障", "maritime security"): 2}


def test_recall_tells_found_from_missed():
    pairs = [PhrasePair("concept", ("海洋安全保障",), ("maritime security",)), PhrasePair("concept", ("海",), ("sea",))]
    terms = mine(Unit(ja, en, str(n), "", "", 1.0, (), ()) for n, (ja, en) in enumerate(UNITS))
    found = recall(pairs, UNITS, terms)
    assert [(f.pair.ja[0], f.units, f.rank is not None) for f in found] == [("海洋安全保障", 2, True)]
    assert [f.rank for f in recall(pairs, UNITS, [])] == [None]


def test_the_gold_is_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "phrase_gold", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["corpora", "ntrex"])
def test_verdicts_are_well_formed(name):
    path = Path(__file__).parent / f"verdicts.{name}.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(rows) >= 100
    assert {row[2] for row in rows} <= {"right", "partial", "wrong"}
    assert all(len(row) == (3 if row[2] == "right" else 4) for row in rows)
    assert len({tuple(row[:2]) for row in rows}) == len(rows)
