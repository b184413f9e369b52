"""References of every kind, in either direction, and what is refused with its line."""

import json

import pytest

from tmalign.errors import (
    EmptyFileError,
    EncodingError,
    FormatError,
    LanguageError,
    MissingFileError,
    PairError,
    StoreError,
    UsageError,
)
from tmalign.formats.tmx import write_tmx
from tmalign.memory.review import decide
from tmalign.memory.store import Store
from tmalign.scoring.references import Selection, one_line, orient, read_references

ALL = Selection()


def read(*paths, selection=ALL, target="en", source=None, **options):
    return orient(read_references(list(paths), selection, source), target, **options)


@pytest.fixture
def tmx(tmp_path, units):
    path = tmp_path / "memory.tmx"
    write_tmx(path, units)
    return path


@pytest.fixture
def pair(write, rows):
    return write("talks.ja", [row[3] for row in rows]), write("talks.en", [row[4] for row in rows])


def test_a_tmx_with_its_documents(tmx, rows):
    references = read(tmx)
    assert [document.id for document in references.documents] == ["a/one", "a/two", "b/three"]
    assert [document.collection for document in references.documents] == ["a", "a", "b"]
    assert references.segments == tuple(row[4] for row in rows)
    assert references.sources == tuple(row[3] for row in rows)
    assert references.documents[1].lines == (4, 5)


def test_either_direction(tmx, rows):
    references = read(tmx, target="ja")
    assert (references.target, references.source_language) == ("ja", "en")
    assert references.segments == tuple(row[3] for row in rows)


@pytest.mark.parametrize(
    ("selection", "documents"),
    [
        (Selection(collection="a"), ["a/one", "a/two"]),
        (Selection(collection="a/"), ["a/one", "a/two"]),
        (Selection(since="2024-01-01"), ["a/two"]),
        (Selection(releases=("b/three", "a/two")), ["a/two", "b/three"]),
        (Selection(min_probability=0.935), ["a/two", "b/three"]),
    ],
)
def test_a_selection(tmx, selection, documents):
    assert [document.id for document in read(tmx, selection=selection).documents] == documents


def test_a_collection_is_no_prefix_of_another(tmp_path, units):
    write_tmx(tmp_path / "m.tmx", units)
    with pytest.raises(EmptyFileError, match="no unit is left"):
        read(tmp_path / "m.tmx", selection=Selection(collection="aa"))


def test_what_is_left_out_is_counted(tmx):
    assert read(tmx, selection=Selection(since="2024-01-01")).notes == ("3 units without a date left out by --since",)
    assert read(tmx, selection=Selection(min_probability=0.95)).notes == ("5 units less probable than 0.95 left out",)


def test_units_without_a_language_are_counted_and_numbers_stay(tmp_path):
    path = tmp_path / "m.tmx"
    units = ["<tuv xml:lang='ja'><seg>会談した。</seg></tuv>", "", "<tuv xml:lang='ja'><seg>抗議した。</seg></tuv>"]
    body = "".join(f"<tu>{unit}<tuv xml:lang='en'><seg>They met {n}.</seg></tuv></tu>" for n, unit in enumerate(units))
    path.write_text(f"<tmx version='1.4'><header srclang='en'/><body>{body}</body></tmx>", encoding="utf-8")
    references = read(path)
    assert references.documents[0].lines == (1, 3)
    assert references.notes == ("1 unit without Japanese or English left out",)


def test_a_pair_in_either_order_or_named_apart(pair, rows):
    ja, en = pair
    wanted = tuple(row[4] for row in rows)
    for references in (read(ja, en), read(en, ja), read(en, source=ja)):
        assert references.segments == wanted
        assert references.sources == tuple(row[3] for row in rows)


def test_a_pair_whose_names_say_nothing(write, rows):
    one, two = write("1.txt", [row[3] for row in rows]), write("2.txt", [row[4] for row in rows])
    assert read(one, two, target="ja").segments == tuple(row[3] for row in rows)


def test_a_reference_alone_has_no_sources(pair):
    references = read(pair[1])
    assert references.sources == ()
    assert len(references.segments) == 8
    with pytest.raises(UsageError, match="no Japanese side"):
        read(pair[1], target="ja")


def test_json_rows_of_both_shapes(write):
    path = write(
        "r.jsonl",
        [
            json.dumps(
                {"id": "x", "collection": "c", "ja": ["会談した。", "抗議した。"], "en": ["They met.", "A protest."]}
            ),
            "",
            json.dumps({"id": "y", "source": "詳細は確認中である。", "segments": ["Details are being checked."]}),
        ],
    )
    references = read(path)
    assert [(d.id, d.collection, d.lines) for d in references.documents] == [("x", "c", (1, 1)), ("y", "", (3,))]
    assert references.segments == ("They met.", "A protest.", "Details are being checked.")
    assert read(path, target="en").sources[2] == "詳細は確認中である。"
    with pytest.raises(LanguageError, match="the reference is English, not Japanese"):
        read(path, target="ja")


def test_a_store(tmp_path, units, store_of):
    path = store_of(tmp_path / "memory.sqlite", units)
    for given in (path, tmp_path):
        references = read(given, selection=Selection(collection="a"))
        assert [document.id for document in references.documents] == ["a/one", "a/two"]
        assert references.segments == tuple(unit.en for unit in units[:5])


def test_a_name_that_is_not_there_is_refused_with_those_that_are(tmp_path, units, store_of):
    write_tmx(tmp_path / "m.tmx", units)
    path = store_of(tmp_path / "memory.sqlite", units)
    for given in (path, tmp_path / "m.tmx"):
        with pytest.raises(UsageError, match="has no release a/none") as refused:
            read(given, selection=Selection(releases=("a/one", "a/none")))
        assert "a/one, a/two" in refused.value.hint
        with pytest.raises(EmptyFileError, match="in the collection c") as refused:
            read(given, selection=Selection(collection="c"))
        assert refused.value.hint == "it has these collections: a, b"


def test_what_a_person_approved_has_no_floor(tmp_path, units, store_of):
    path = store_of(tmp_path / "memory.sqlite", units)
    with Store(path) as store:
        decide(store, "a/one:0", "approve")
        decide(store, "a/one:1", "reject")
    references = read(path, selection=Selection(min_probability=0.96))
    assert references.segments == (units[0].en, *(unit.en for unit in units[6:]))


def test_line_breaks_inside_a_segment_are_folded():
    assert one_line("two\r\n lines\n") == "two lines"


def test_the_digest_tells_texts_and_direction_apart(tmx, tmp_path, units):
    write_tmx(tmp_path / "other.tmx", units[:-1])
    digests = {read(tmx).digest, read(tmx, target="ja").digest, read(tmp_path / "other.tmx").digest}
    assert len(digests) == 3
    assert read(tmx).digest == read(tmx).digest


def test_unequal_pairs_are_refused_with_the_line(write, rows):
    ja = write("t.ja", [row[3] for row in rows])
    en = write("t.en", [row[4] for row in rows[:-2]])
    with pytest.raises(PairError, match=r"6 lines for 8 segments.*segment 7") as refused:
        read(ja, en)
    assert refused.value.line == 7


def test_blank_references_are_refused_with_the_line(write):
    ja, en = write("t.ja", ["会談した。", "抗議した。"]), write("t.en", ["They met.", " "])
    with pytest.raises(FormatError, match="empty") as refused:
        read(ja, en)
    assert refused.value.line == 2
    assert read(ja, en, allow_empty=True).segments == ("They met.", "")


def test_swapped_sides_are_refused(write, rows):
    wrong = write("t.ja", [row[4] for row in rows])
    with pytest.raises(LanguageError, match="Japanese is expected") as refused:
        read(wrong)
    assert refused.value.line == 1
    path = write("r.jsonl", [json.dumps({"id": "x", "ja": ["They held a long meeting."], "en": ["両者は会談した。"]})])
    with pytest.raises(LanguageError):
        read(path)


def test_what_was_named_the_source_is_no_reference(pair):
    ja, en = pair
    assert read(en, source=ja).target == "en"
    with pytest.raises(LanguageError, match="the reference is Japanese, not English") as refused:
        read(ja, source=en)
    assert (refused.value.line, "swapped" in refused.value.hint) == (1, True)


def test_a_document_of_numbers_has_the_language_of_the_others(write):
    path = write(
        "r.jsonl",
        [json.dumps({"id": "n", "segments": ["1", "2"]}), json.dumps({"id": "t", "segments": ["会談した。"]})],
    )
    assert read(path, target="ja").segments == ("1", "2", "会談した。")


def test_a_pair_in_one_language_is_refused(write, rows):
    one, two = write("1.txt", [row[4] for row in rows]), write("2.txt", [row[4] for row in rows])
    with pytest.raises(LanguageError, match="both files of the pair are English"):
        read(one, two)


def test_selecting_from_what_names_nothing_is_refused(pair):
    with pytest.raises(UsageError, match="does not say which collection"):
        read(*pair, selection=Selection(collection="a"))


@pytest.mark.parametrize(
    ("name", "data", "error", "line"),
    [
        ("r.jsonl", b'{"id": "x"}\n', FormatError, 1),
        ("r.jsonl", b'{"ja": ["a"], "en": ["b", "c"]}\n', PairError, 1),
        ("r.jsonl", b'\n{"segments": [1]}\n', FormatError, 2),
        ("r.jsonl", b'{"segments": ["\\ud800"]}\n', FormatError, 1),
        ("r.jsonl", b"[" * 100_000, FormatError, 1),
        ("r.jsonl", b"[1]\n", FormatError, 1),
        ("r.jsonl", b'{"segments": []}\n', EmptyFileError, None),
        ("r.jsonl", b" \n", EmptyFileError, None),
        ("r.txt", b"", EmptyFileError, None),
        ("r.txt", b"They met.\n\x93\xfa\x96{\n", EncodingError, 2),
        ("r.txt", "They met.\n".encode("utf-16"), EncodingError, 1),
        ("r.txt", b"1\n2\n", LanguageError, None),
        ("r.tmx", b"<tmx", FormatError, None),
        ("r.sqlite", b"", EmptyFileError, None),
        ("r.sqlite", b"SQLite format 3\x00 and no more", StoreError, None),
    ],
)
def test_bad_files_are_refused_by_line(tmp_path, name, data, error, line):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error) as refused:
        read(path)
    if line is not None:
        assert refused.value.line == line
    assert refused.value.hint


def test_missing_files_and_empty_folders_are_refused(tmp_path):
    for path in (tmp_path / "no.txt", tmp_path / "no.sqlite", tmp_path / "no.tmx", tmp_path):
        with pytest.raises(MissingFileError):
            read(path)
    with pytest.raises(UsageError):
        read()


def test_a_byte_order_mark_and_other_line_ends(tmp_path):
    path = tmp_path / "r.en"
    path.write_bytes("\ufeffThey met.\r\nA\u2028break inside.".encode())
    assert read(path).segments == ("They met.", "A\u2028break inside.")
