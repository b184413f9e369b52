"""`tmalign align` on input that is not what it should be."""

from __future__ import annotations

import json

import pytest

from tmalign.align.aligner import Aligner
from tmalign.align.corpus_words import align_all
from tmalign.formats.tmx import read_tmx
from tmalign.model import Segment

JA = "両大臣は、会談を行った。\nまた、地域情勢について意見交換を行った。\n"
EN = "The two Ministers held a meeting.\nThey also exchanged views on the regional situation.\n"


@pytest.fixture
def files(tmp_path):
    """Give a function that writes a pair of files and returns their paths."""

    def write(ja=JA, en=EN):
        paths = tmp_path / "a.ja.txt", tmp_path / "a.en.txt"
        for path, content in zip(paths, (ja, en), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return paths

    return write


def rows(*sides):
    return "".join(json.dumps({"id": str(k), "ja": ja, "en": en}) + "\n" for k, (ja, en) in enumerate(sides)).encode()


@pytest.mark.parametrize("file_format", ["tsv", "jsonl", "tmx"])
def test_every_format_is_utf8_in_any_locale(tmalign_command, files, file_format):
    pair = files()
    plain = tmalign_command("align", *pair, "--format", file_format)
    assert plain.code == 0
    assert "両大臣は" in plain.out.decode("utf-8")
    assert tmalign_command("align", *pair, "--format", file_format, encoding="ascii") == plain


def test_hostile_sentences_are_aligned_and_none_is_lost(tmalign_command):
    hostile = ["", " ", "\x00", "\ud800", "😀" * 50, "a" * 20_000, "１" * 2_000, "（" * 300, "\n", "\u200b\ufeff"]
    sides = [(hostile, hostile), (hostile, ["One."]), (["一。"], hostile), ([], []), ([""], [])]
    ended = tmalign_command("align", "--batch", "-", given=rows(*sides))
    assert (ended.code, ended.err) == (0, "")
    assert len(ended.lines) == len(sides)
    for (ja, en), line in zip(sides, ended.lines, strict=True):
        beads = json.loads(line)["beads"]
        assert [i for bead in beads for i in bead["ja"]] == list(range(len(ja)))
        assert [j for bead in beads for j in bead["en"]] == list(range(len(en)))
        assert all(0 <= bead["probability"] <= 1 for bead in beads)


def test_surrogates_in_presplit_files_come_out_as_escapes(tmalign_command, files):
    pair = files("両大臣は、会談を行った。\\ud800\n", EN)
    ended = tmalign_command("align", *pair, "--pre-split", "--force", "-f", "jsonl")
    assert ended.code == 0
    assert all(json.loads(line) for line in ended.lines)


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        (b"", EN),
        (JA, b""),
        (b"\xef\xbb\xbf", EN),
        (b"   \n\n", EN),
        (bytes(range(256)) * 8, EN),
        (b"\x00" * 100, EN),
        (EN, JA),
    ],
)
def test_what_cannot_be_a_pair_ends_in_a_message(tmalign_command, files, ja, en):
    ended = tmalign_command("align", *files(ja, en))
    assert (ended.code, ended.out) == (1, b"")
    assert ended.err.startswith("tmalign: ")


def test_byte_order_marks_are_no_text(tmalign_command, files):
    plain = tmalign_command("align", *files())
    marked = tmalign_command("align", *files(JA.encode("utf-8-sig"), EN.encode("utf-8-sig")))
    assert marked.out == plain.out


def test_folders_and_missing_files_are_named(tmalign_command, files, tmp_path):
    ja, en = files()
    for pair in [(tmp_path, en), (ja, tmp_path), (ja, tmp_path / "none.en.txt")]:
        for options in [[], ["--pre-split"]]:
            ended = tmalign_command("align", *pair, *options)
            assert (ended.code, ended.out) == (1, b"")
            assert ended.err.startswith("tmalign: ")


def test_an_output_that_cannot_be_written_is_named(tmalign_command, files, tmp_path):
    for file_format in ("tsv", "tmx"):
        ended = tmalign_command("align", *files(), "-f", file_format, "--out", tmp_path / "a.ja.txt" / "out")
        assert ended.code == 2
        assert "tmalign: " in ended.err


def test_tmx_on_standard_output_is_a_whole_file(tmalign_command, files, tmp_path):
    path = tmp_path / "out.tmx"
    path.write_bytes(tmalign_command("align", *files(), "-f", "tmx").out)
    assert [unit.ja for unit in read_tmx(path)] == JA.split()


def pin_file(tmp_path, *pins):
    path = tmp_path / "pins.jsonl"
    path.write_text("".join(json.dumps(pin) + "\n" for pin in pins), encoding="utf-8")
    return path


def test_decisions_are_kept_and_what_cannot_be_is_named(tmalign_command, files, tmp_path):
    ja, en = JA.split(), EN.splitlines()
    pins = [
        {"ja": "".join(ja), "en": en[0], "note": "more keys do no harm"},
        {"ja": ja[0], "en": en[1], "decision": "approved"},
        {"ja": ja[0], "en": "x", "decision": "reject", "release": "another"},
    ]
    ended = tmalign_command("align", *files(), "--json", "--pins", pin_file(tmp_path, *pins))
    rows = [json.loads(line) for line in ended.lines]
    assert ended.code == 0
    assert [(row["ja"], row["en"], row["origin"]) for row in rows] == [([0, 1], [0], "pin"), ([], [1], "machine")]
    assert "decision not kept: accept" in ended.err
    assert "1 decisions are about other releases than a" in ended.err


def test_decisions_in_a_batch(tmalign_command, tmp_path):
    ja, en = JA.split(), EN.splitlines()
    path = pin_file(tmp_path, {"ja": ja[0], "en": en[0], "decision": "rejected", "release": "1"})
    ended = tmalign_command("align", "--batch", "-", "--pins", path, given=rows((ja, en), (ja, en)))
    first, second = (json.loads(line)["beads"] for line in ended.lines)
    assert (first[0]["ja"], first[0]["en"]) == ([0], [0])
    assert (second[0]["ja"], second[0]["en"]) != ([0], [0])


@pytest.mark.parametrize(
    "row", [{}, {"ja": "a"}, {"ja": "a", "en": 3}, {"ja": " ", "en": ""}, {"ja": "a", "en": "b", "decision": "perhaps"}]
)
def test_a_decision_that_cannot_be_read_is_refused(tmalign_command, files, tmp_path, row):
    ended = tmalign_command("align", *files(), "--pins", pin_file(tmp_path, {"ja": "a", "en": "b"}, row))
    assert (ended.code, ended.out) == (1, b"")
    assert "pins.jsonl:2:" in ended.err
    assert tmalign_command("align", *files(), "--pins", tmp_path / "none").code == 1


def test_reasons_as_text_and_as_json(tmalign_command, files):
    text = tmalign_command("align", *files(), "--explain", encoding="ascii")
    assert text.code == 0
    assert [line for line in text.lines if line.startswith("    words: ")]
    assert [line for line in text.lines if line.startswith("      coverage ")]
    for line in tmalign_command("align", *files(), "--explain", "--json").lines:
        reason = json.loads(line)["explanation"]
        assert sum(part["added"] for part in reason["features"]) == pytest.approx(reason["score"])
    given = rows((JA.split(), EN.splitlines()), ([], ["One."]))
    first, second = tmalign_command("align", "--batch", "-", "--explain", given=given).lines
    assert json.loads(first)["beads"][0]["explanation"]["matches"]
    assert json.loads(second)["beads"][0]["explanation"]["features"] == []
    assert tmalign_command("align", *files(), "--explain", "--format", "tmx").code == 2


def talks(number):
    """Return rows of invented releases that share a word no dictionary lists, with a bad line among them."""
    lines = [
        json.dumps(
            {
                "id": f"r{k}",
                "ja": [f"第{k}回マリナリ会合を行った。", "双方はマリナリについて議論した。"],
                "en": [f"They held the Mallinary talks no. {k}.", "Both sides discussed the Mallinary."],
            }
        )
        for k in range(1, number + 1)
    ]
    lines.insert(1, '{"id": 3}')
    return ("\n".join(lines) + "\n").encode()


def test_a_batch_is_aligned_in_two_passes_and_answers_in_order(tmalign_command):
    two = tmalign_command("align", "--batch", "-", given=talks(4))
    one = tmalign_command("align", "--batch", "-", "--one-pass", given=talks(4))
    for ended in (one, two):
        assert ended.code == 1
        assert [json.loads(line)["id"] for line in ended.lines] == ["r1", "line 2", "r2", "r3", "r4"]
    assert one.lines != two.lines  # other probabilities
    aligner = Aligner()
    answered = [json.loads(line) for line in talks(4).splitlines() if b'"ja"' in line]
    drafts = [aligner.draft(r["id"], [*map(Segment, r["ja"])], [*map(Segment, r["en"])]) for r in answered]
    for ended, alignments in ((one, map(aligner.settle, drafts)), (two, align_all(aligner, drafts))):
        beads = [row["beads"] for row in map(json.loads, ended.lines) if "beads" in row]
        assert beads == [
            [{"ja": list(b.ja), "en": list(b.en), "probability": b.probability} for b in a.beads] for a in alignments
        ]


def test_explanations_of_a_batch_are_those_of_the_second_pass(tmalign_command):
    def scores(*options):
        ended = tmalign_command("align", "--batch", "-", "--explain", *options, given=talks(5))
        reasons = [bead["explanation"] for line in ended.lines for bead in json.loads(line).get("beads", [])]
        for reason in reasons:
            assert sum(part["added"] for part in reason["features"]) == pytest.approx(reason["score"], abs=0.01)
        return [reason["score"] for reason in reasons]

    assert scores() != scores("--one-pass")
