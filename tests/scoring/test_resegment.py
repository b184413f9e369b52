"""Running text cut into reference segments: exact recovery, omissions, swaps, and texts nobody would send."""

import math
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.resegment import resegment

# Invented: a reference and another rendering of the same ten segments, some of two sentences, two without a stop.
REFERENCE = (
    "Ministers met in Wellington on Monday.",
    "Joint statement",
    "The two sides agreed to hold the exercise every year. It will begin in April.",
    "How many ships will take part?",
    "Three destroyers and one supply ship, the ministry said.",
    "Contact: press office",
    '"We welcome this," said the Prime Minister.',
    "The budget is 1.2 billion yen.",
    "Details were not given.",
    "The next meeting is planned for autumn 2026 in Nagasaki.",
)
HYPOTHESIS = (
    "On Monday the ministers held a meeting in Wellington.",
    "Common statement",
    "Both sides decided that the exercise will be held each year. The start is in April.",
    "How many vessels participate?",
    "The ministry said that three destroyers and a supply ship do.",
    "Contact address: Press Office",
    "The Prime Minister said, “We welcome this.”",
    "A budget of 1.2 billion yen is foreseen.",
    "No details were given.",
    "Nagasaki will host the next meeting, planned for the autumn of 2026.",
)
REFERENCE_JA = (
    "両大臣は月曜日に会談した。",
    "共同声明",
    "双方は、毎年訓練を実施することで一致した。訓練は４月に始まる。",
    "何隻が参加するのか？",
    "護衛艦３隻と補給艦１隻である、と防衛省は述べた。",
    "連絡先：報道室",
    "「これを歓迎する」と総理は述べた。",
    "予算は12億円である。",
    "詳細は示されなかった。",
    "次回の会談は2026年秋に長崎で行われる予定である。",
)
HYPOTHESIS_JA = (
    "月曜日、大臣たちが会談を行った。",
    "共同の声明",
    "両者は、訓練を毎年行うことに合意した。訓練は４月に開始される。",
    "参加するのは何隻ですか？",
    "防衛省によると、護衛艦３隻、補給艦１隻だという。",
    "報道室連絡先",
    "「これを歓迎する。」と総理は語った。",
    "予算として12億円を見込む。",
    "詳しいことは明らかにされなかった。",
    "長崎において2026年の秋に次の会談が予定されている。",
)
SIDES = {"en": (HYPOTHESIS, REFERENCE, " "), "ja": (HYPOTHESIS_JA, REFERENCE_JA, "")}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("joint", ["", " ", "\n", "\r\n", "\n\n", "\u2028"])
def test_another_rendering_is_cut_where_the_reference_is(language, joint):
    hypothesis, reference, usual = SIDES[language]
    found = resegment((joint or usual).join(hypothesis), reference, language)
    assert found.segments == hypothesis
    assert found.swapped == ()
    assert found.empty == ()
    assert min(found.confidence) > 0.3


def test_japanese_without_stops_is_cut_where_references_end():
    hypothesis = [text.rstrip("。？") for text in HYPOTHESIS_JA]
    found = resegment("".join(hypothesis), REFERENCE_JA, "ja")
    assert sum(map(str.__eq__, found.segments, hypothesis)) >= 8


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_reference_itself_comes_back_with_certainty(language):
    _, reference, usual = SIDES[language]
    found = resegment(usual.join(reference), reference, language)
    assert found.segments == reference
    assert min(found.confidence) > 0.95


def test_lines_broken_to_a_width_are_no_ends():
    words = " ".join(HYPOTHESIS).split(" ")
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 34:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    found = resegment("\n".join([*lines, line]), REFERENCE, "en")
    assert found.segments == HYPOTHESIS


def test_line_breaks_inside_a_segment_are_folded():
    assert resegment("On Monday\nthey met.", ["They met on Monday."], "en").segments == ("On Monday they met.",)
    assert resegment("月曜日に\n会談した。", ["月曜日に会談した。"], "ja").segments == ("月曜日に会談した。",)
    assert resegment("月曜日に ABC \n DEF した。", ["月曜日に会談した。"], "ja").segments == (
        "月曜日に ABC DEF した。",
    )


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("left_out", range(10))
def test_an_omitted_segment_is_named(language, left_out):
    hypothesis, reference, joint = SIDES[language]
    wanted = tuple("" if i == left_out else text for i, text in enumerate(hypothesis))
    found = resegment(joint.join(filter(None, wanted)), reference, language)
    assert found.segments == wanted
    assert found.empty == (left_out,)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("at", [0, 2, 4, 6, 8])
def test_swapped_neighbours_are_named(language, at):
    hypothesis, reference, joint = SIDES[language]
    order = list(hypothesis)
    order[at], order[at + 1] = order[at + 1], order[at]
    found = resegment(joint.join(order), reference, language)
    assert found.swapped == ((at, at + 1),)


def test_the_count_is_the_references():
    assert resegment("", ["A.", "B."], "en").segments == ("", "")
    assert resegment("", ["A.", "", "B."], "en").empty == (0, 2)
    assert resegment(" \n\u3000", ["A.", "B."], "en").spans == ((0, 0), (0, 3))
    assert resegment("", [], "en").segments == ()
    assert resegment("They met.", ["", "They met.", " "], "en").segments == ("", "They met.", "")
    assert resegment("Nothing alike", ["全く別", "の文"], "ja").segments.count("") <= 1


def test_what_cannot_be_cut_is_refused():
    with pytest.raises(ValueError, match="no reference segment"):
        resegment("Text", [], "en")
    with pytest.raises(ValueError, match="no reference segment"):
        resegment("Text", ["", "\u3000"], "en")
    with pytest.raises(ValueError, match="'de'"):
        resegment("Text", ["Text"], "de")


SIGNS = st.sampled_from(
    [*"aB1 .,?!\"'()\n\t。、「」？かカ漢々ａ１ｶﾞ\u3000\u200b\ufeff\x00\x1c\x85\u2028\ud800", "the ", "会談"]
)
TEXTS = st.lists(SIGNS, max_size=40).map("".join)


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=6), st.sampled_from(["ja", "en"]))
def test_nothing_is_lost_whatever_the_text(text, references, language):
    if not any(reference.strip() for reference in references):
        references = [*references, "x"]
    found = resegment(text, references, language)
    assert len(found.segments) == len(found.spans) == len(found.confidence) == len(references)
    assert "".join(text[a:b] for a, b in found.spans) == text
    assert [a for a, _ in found.spans] == [0, *[b for _, b in found.spans[:-1]]]
    assert "".join("".join(found.segments).split()) == "".join(text.split())
    assert all(len(segment.splitlines()) <= 1 and segment == segment.strip() for segment in found.segments)
    assert all(0.0 <= value <= 1.0 and math.isfinite(value) for value in found.confidence)
    assert all(
        not segment for segment, reference in zip(found.segments, references, strict=True) if not reference.strip()
    )
    assert found == resegment(text, references, language)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("a" * 100_000, ["a" * 100_000, "b"]),
        ("( " * 50_000, [") " * 50_000] * 3),
        ("w x y z " * 8_000, ["w x y z"] * 2),
        (" ".join(f"w{i}" for i in range(20_000)), [" ".join(f"w{i}" for i in range(20_000)), "end"]),
        ("No word in common. " * 400, ["完全に別の文である。"] * 400),
        ("word", ["one of very many"] * 1000),
        ('"' * 30_000, ['"'] * 30),
    ],
)
def test_texts_of_no_use_cost_little(text, references):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = resegment(text, references, "en")
    assert "".join(text[a:b] for a, b in found.spans) == text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "mt"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the systems' outputs are not here")
@pytest.mark.parametrize(("direction", "least"), [("ja-en", 0.92), ("en-ja", 0.85)])
def test_real_systems_come_back(direction, least):
    language = direction[-2:]
    joint = SIDES[language][2]

    def lines(name):
        text = (SHARED / f"wmt22.{direction}" / f"{name}.{language}").read_text(encoding="utf-8")
        return [line.strip() for line in text.split("\n")[40:80]]

    reference, right, total = lines("reference"), 0, 0
    for name in ("Online-A", "Online-W", "DLUT"):
        hypothesis = lines(f"system.{name}")
        found = resegment(joint.join(hypothesis), reference, language)
        right += sum(map(str.__eq__, found.segments, hypothesis))
        total += len(hypothesis)
    assert right / total >= least
