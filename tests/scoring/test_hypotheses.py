"""Outputs a segment a line, as JSON Lines, as running text; and what is refused with its line."""

import json

import pytest

from tmalign.errors import (
    DuplicateFileError,
    EmptyFileError,
    EncodingError,
    FormatError,
    LanguageError,
    MissingFileError,
    PairError,
    UsageError,
)
from tmalign.scoring.checks import is_foreign
from tmalign.scoring.hypotheses import Allowance, parse_named, peek_language, read_running, read_segmented, repeats
from tmalign.scoring.material import ReferenceDocument, References

STRICT = Allowance()


def test_a_segment_a_line(write, references, english):
    for end in ("\n", "\r\n"):
        found = read_segmented("s", write("s.en", english["careful"], end), references, STRICT)
        assert found.segments == tuple(english["careful"])
        assert found.lines == tuple(range(1, 9))
        assert found.notes == ()


def test_json_documents_in_any_order(write, references, english):
    lines = english["careful"]
    path = write(
        "s.jsonl",
        [
            json.dumps({"id": "b/three", "segments": lines[5:]}),
            json.dumps({"id": "a/one", "segments": lines[:3]}),
            json.dumps({"id": "a/two", "segments": lines[3:5]}),
        ],
    )
    found = read_segmented("s", path, references, STRICT)
    assert found.segments == tuple(lines)
    assert found.lines == (2, 2, 2, 3, 3, 1, 1, 1)


def test_json_rows_a_segment(write, references, english):
    path = write("s.jsonl", [json.dumps({"text": text}) for text in english["hasty"]])
    assert read_segmented("s", path, references, STRICT).segments == tuple(english["hasty"])


def test_json_rows_a_segment_are_put_in_the_references_order_by_their_ids(write, references, english):
    lines = english["careful"]
    ids = ["a/one"] * 3 + ["a/two"] * 2 + ["b/three"] * 3
    given = [*zip(ids, lines, strict=True)][5:] + [*zip(ids, lines, strict=True)][:5]
    rows = [json.dumps({"id": name, "text": text}) for name, text in given]
    found = read_segmented("s", write("s.jsonl", rows), references, STRICT)
    assert found.segments == tuple(lines)
    assert found.lines == (4, 5, 6, 7, 8, 1, 2, 3)
    with pytest.raises(PairError, match="a/two has 1 rows, its reference 2 segments") as refused:
        read_segmented("s", write("s.jsonl", rows[:-1]), references, STRICT)
    assert refused.value.line == 7
    with pytest.raises(PairError, match="documents are missing"):
        read_segmented("s", write("s.jsonl", rows[3:]), references, STRICT)


def test_numbers_are_ids_and_foreign_ids_leave_the_order(write, english):
    references = References("r", "en", tuple(ReferenceDocument(str(n), (t,)) for n, t in enumerate(english["hasty"])))
    rows = [json.dumps({"id": n, "text": t}) for n, t in enumerate(english["careful"])]
    found = read_segmented("s", write("s.jsonl", rows[::-1]), references, STRICT)
    assert found.segments == tuple(english["careful"])
    rows = [json.dumps({"id": f"line {n}", "text": t}) for n, t in enumerate(english["careful"])]
    assert read_segmented("s", write("s.jsonl", rows), references, STRICT).segments == tuple(english["careful"])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a/one"}, "neither segments nor text"),
        ({"text": "They met."}, "the row has no 'id'"),
        ({"id": None, "text": "They met."}, "'id' is not a string"),
        ({"id": True, "text": "They met."}, "'id' is not a string"),
        ({"id": "a/one", "text": None}, "'text' is not a string"),
        ({"id": "a/one", "text": "They\x00met."}, "'text' holds a zero byte"),
    ],
)
def test_rows_that_lack_something_say_what(write, references, row, message):
    with pytest.raises(FormatError, match=message) as refused:
        read_running(write("s.jsonl", ["", json.dumps(row)]), references, STRICT)
    assert refused.value.line == 2


def test_a_zero_byte_is_refused_with_the_line(write, references, english):
    lines = english["careful"]
    with pytest.raises(EncodingError, match="zero byte") as refused:
        read_segmented("s", write("s.en", [*lines[:3], "The\x00end.", *lines[4:]]), references, STRICT)
    assert refused.value.line == 4


def test_a_blank_line_too_many_is_named_as_such(write, references, english):
    with pytest.raises(PairError, match="line 9 belongs to no segment and is empty"):
        read_segmented("s", write("s.en", [*english["careful"], " "]), references, STRICT)


def test_the_reference_as_hypothesis_is_noted(write, references):
    found = read_segmented("s", write("s.en", references.segments), references, STRICT)
    assert found.notes == ("8 of 8 segments are the reference's own, word for word",)


def test_a_copy_is_told_from_another_rendering(write, references, english):
    assert repeats(write("s.en", references.segments), references.segments)
    assert repeats(write("s.txt", ["".join(references.sources)]), references.sources)
    assert not repeats(write("s.en", english["careful"]), references.segments)
    assert not repeats(write("s.en", ["1"]), ["1"])


@pytest.mark.parametrize(("number", "line"), [(7, 8), (9, 9), (1, 2)])
def test_unequal_lengths_are_refused_with_the_line(write, references, english, number, line):
    lines = (english["careful"] * 2)[:number]
    with pytest.raises(PairError, match=rf"{number} lines? for 8 segments") as refused:
        read_segmented("s", write("s.en", lines), references, STRICT)
    assert refused.value.line == line
    rows = [json.dumps({"text": text}) for text in lines]
    with pytest.raises(PairError) as refused:
        read_segmented("s", write("s.jsonl", rows), references, STRICT)
    assert refused.value.line == line


def test_an_empty_hypothesis_is_refused_with_the_line(write, references, english):
    lines = [*english["careful"][:4], "  ", *english["careful"][5:]]
    path = write("s.en", lines)
    with pytest.raises(FormatError, match="the hypothesis is empty") as refused:
        read_segmented("s", path, references, STRICT)
    assert refused.value.line == 5
    found = read_segmented("s", path, references, Allowance(empty=True))
    assert found.segments[4] == ""
    assert found.notes == ("1 empty and scored as they are: line 5",)


def test_the_source_as_hypothesis_is_refused(write, references, rows):
    with pytest.raises(LanguageError, match="this is the Japanese source") as refused:
        read_segmented("s", write("s.txt", [row[3] for row in rows]), references, STRICT)
    assert refused.value.line == 1


def test_another_language_is_refused_with_the_line(write, references, english):
    lines = [*english["careful"][:5], "まったく別の訳文がここにある。", *english["careful"][6:]]
    path = write("s.en", lines)
    with pytest.raises(LanguageError, match="1 of 8 texts are Japanese") as refused:
        read_segmented("s", path, references, STRICT)
    assert refused.value.line == 6
    found = read_segmented("s", path, references, Allowance(untranslated=True))
    assert found.notes == ("1 line looks Japanese: line 6",)


def test_a_few_untranslated_lines_of_many_are_noted(references, write, english, rows):
    many = References(
        "r",
        "en",
        tuple(ReferenceDocument(str(n), d.references, d.sources) for n in range(10) for d in references.documents),
    )
    lines = english["careful"] * 10
    lines[17] = rows[1][3]
    found = read_segmented("s", write("s.en", lines), many, STRICT)
    assert found.notes == ("1 line looks Japanese: line 18",)


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("日本は抗議した。", "en", True),
        ("Japan protested strongly.", "ja", True),
        ("Japan protested.", "ja", False),  # two words may be a name
        ("iPhone 15 Pro", "ja", False),
        ("主な配送方法は Royal Mail international Signed for。", "ja", False),
        ("The word 会談 means talks.", "en", False),
        ("12,000", "en", False),
        ("", "ja", False),
    ],
)
def test_what_is_clearly_in_the_other_language(text, language, foreign):
    assert is_foreign(text, language) is foreign


def test_json_documents_that_do_not_fit_are_refused(write, references, english):
    good = [
        {"id": "a/one", "segments": english["careful"][:3]},
        {"id": "a/two", "segments": english["careful"][3:5]},
        {"id": "b/three", "segments": english["careful"][5:]},
    ]

    def refused(rows, error):
        with pytest.raises(error) as found:
            read_segmented("s", write("s.jsonl", [json.dumps(row) for row in rows]), references, STRICT)
        return found.value

    assert refused(good[:2], PairError).message.startswith("1 of 3 documents are missing")
    assert refused([*good, {"id": "other", "segments": ["x"]}], PairError).line == 4
    assert refused([*good, good[0]], DuplicateFileError).line == 4
    assert refused([good[0], {"id": "a/two", "segments": ["one"]}, good[2]], PairError).line == 2
    assert refused([good[0], {"id": "a/two", "segments": "one"}, {"id": "b/three"}], FormatError).line == 3
    assert "--segmentation document" in refused([{"id": "a/one", "text": "x"}] * 3, UsageError).hint


def test_a_document_that_stands_apart_in_the_reference_is_refused(write, references):
    apart = References("r", "en", (*references.documents, references.documents[0]))
    rows = [json.dumps({"id": document.id, "segments": ["x"]}) for document in references.documents]
    with pytest.raises(PairError, match="do not stand together"):
        read_segmented("s", write("s.jsonl", rows), apart, STRICT)


def test_running_text_by_row_folder_and_file(write, references, english, tmp_path):
    texts = [" ".join(english["careful"][a:b]) for a, b in ((0, 3), (3, 5), (5, 8))]
    ids = [document.id for document in references.documents]
    rows = write("s.jsonl", [json.dumps({"id": name, "text": text}) for name, text in zip(ids, texts, strict=True)])
    found, notes = read_running(rows, references, STRICT)
    assert [(one.id, one.text, one.line) for one in found] == list(zip(ids, texts, (1, 2, 3), strict=True))
    assert notes == ()
    write("out/a/one.txt", [texts[0]])
    write("out/a/two.en.txt", [texts[1]])
    write("out/b/three.html", ["<html><body><p>", texts[2], "</p></body></html>"])
    found, _ = read_running(tmp_path / "out", references, STRICT)
    assert [(one.id, " ".join(one.text.split())) for one in found] == list(zip(ids, texts, strict=True))
    found, _ = read_running(write("all.txt", texts), references, STRICT)
    assert [(one.id, one.text) for one in found] == [("", "\n".join(texts) + "\n")]


def test_running_text_that_does_not_fit_is_refused(write, references, english, tmp_path, rows):
    with pytest.raises(LanguageError):
        read_running(write("s.txt", ["".join(row[3] for row in rows)]), references, STRICT)
    (tmp_path / "none").mkdir()
    with pytest.raises(MissingFileError):
        read_running(tmp_path / "none", references, STRICT)
    write("out/a/one.txt", [english["careful"][0]])
    with pytest.raises(PairError, match="2 of 3 documents are missing"):
        read_running(tmp_path / "out", references, STRICT)
    write("out/a/one.en.txt", [english["careful"][0]])
    with pytest.raises(DuplicateFileError):
        read_running(tmp_path / "out", references, STRICT)
    empty = [json.dumps({"id": document.id, "text": ""}) for document in references.documents]
    with pytest.raises(FormatError) as refused:
        read_running(write("e.jsonl", empty), references, STRICT)
    assert refused.value.line == 1
    with pytest.raises(EmptyFileError):
        read_running(write("e.txt", []), references, STRICT)


def test_names_and_languages(write, rows, tmp_path):
    assert parse_named("a=b=c.txt")[0] == "a"
    assert str(parse_named("a=b=c.txt")[1]) == "b=c.txt"
    for text in ("a", "=b", "a=", " =b"):
        with pytest.raises(UsageError, match="NAME=FILE"):
            parse_named(text)
    ja = write("x/a.txt", [row[3] for row in rows])
    assert peek_language(ja) == peek_language(tmp_path / "x") == "ja"
    assert peek_language(write("n.txt", ["1", "2"])) is None
    assert peek_language(write("e.jsonl", ['{"text": "They met."}'])) == "en"


def test_a_folder_is_no_segmented_hypothesis(references, tmp_path):
    with pytest.raises(UsageError, match="folder"):
        read_segmented("s", tmp_path, references, STRICT)
