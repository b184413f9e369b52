"""Batches of rows: every row answered in order, whatever it holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmalign.cli import rows
from tmalign.cli.output import json_bytes
from tmalign.cli.rows import read_rows
from tmalign.errors import EmptyFileError, InputError, MissingFileError, UnreadableFileError

REQUIRED = {"id": str, "text": str}


def read(path):
    return list(read_rows(path, REQUIRED, "{...}"))


def written(tmp_path, data):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(data)
    return path


def good(text="あ", name="a"):
    return json.dumps({"id": name, "text": text}).encode()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not JSON"),
        (b"[]", "not an object"),
        (b"3", "not an object"),
        (b"null", "not an object"),
        (b'{"id": "a"}', "no 'text'"),
        (b'{"text": "a"}', "no 'id'"),
        (b'{"id": 3, "text": "a"}', "'id' is not a string"),
        (b'{"id": "a", "text": null}', "'text' is not a string"),
        (b'{"id": "a", "text": ["x"]}', "'text' is not a string"),
        (b"\xff\xfe{", "not UTF-8"),
        ('{"id": "a", "text": "会"}'.encode("cp932"), "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": "a", "text": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"\x00\x00", "not JSON"),
        (b'{"id": "a", "text": "a"} {}', "not JSON"),
    ],
)
def test_a_bad_row_is_an_error_with_its_line_and_the_next_is_read(tmp_path, line, message):
    path = written(tmp_path, good() + b"\n\n" + line + b"\n" + good(name="b"))
    (_, first), (number, error), (_, last) = read(path)
    assert (first["id"], last["id"]) == ("a", "b")
    assert number == 3
    assert isinstance(error, InputError)
    assert message in error.message
    assert (error.path, error.line) == (str(path), 3)
    assert error.hint


def test_lists_are_checked_item_by_item(tmp_path):
    path = written(tmp_path, b'{"ja": ["a", 3]}')
    ((_, error),) = read_rows(path, {"ja": list}, "{...}")
    assert "not a string" in error.message


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_row(tmp_path):
    path = written(tmp_path, b"\xef\xbb\xbf" + good() + b"\r\n" + good(name="b") + b"\r\n")
    assert [row["id"] for _, row in read(path)] == ["a", "b"]


def test_a_line_too_long_is_refused_and_read_over(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "LONGEST_ROW", 100)
    path = written(tmp_path, good("x" * 500) + b"\n" + good(name="b") + b"\n" + good("y" * 500))
    (_, first), (_, second), (number, last) = read(path)
    assert first.code == last.code == "too-large"
    assert second["id"] == "b"
    assert number == 3


def test_what_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(MissingFileError):
        read(tmp_path / "none")
    with pytest.raises(UnreadableFileError):
        read(tmp_path)
    with pytest.raises(EmptyFileError):
        read(written(tmp_path, b""))
    with pytest.raises(EmptyFileError):
        read(written(tmp_path, b"\n \r\n"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_rows_or_errors(tmp_path, data):
    path = written(tmp_path, data + b"\n" + good())
    *_, (_, last) = read(path)
    assert last == {"id": "a", "text": "あ"}


@given(st.recursive(st.text() | st.integers() | st.none() | st.just("\ud800"), st.lists))
def test_what_is_printed_is_utf8_and_reads_back(value):
    data = json_bytes(value)
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    assert json.loads(data.decode("utf-8")) == value


def test_an_id_that_comes_twice_is_answered_and_named(tmp_path, tmalign_command):
    ended = tmalign_command("split", "--batch", written(tmp_path, good() + b"\n" + good() + b"\n" + good(name="b")))
    assert ended.code == 0
    assert [json.loads(line)["id"] for line in ended.lines] == ["a", "a", "b"]
    assert ":2: the id 'a' comes again" in ended.err
    assert ended.err.count("comes again") == 1


def test_a_locale_that_knows_no_japanese_changes_nothing(tmalign_command):
    row = json.dumps({"id": "会", "text": "会談。\ud800第二に、𠮷。\x00"}, ensure_ascii=False)
    given = row.encode("utf-8", "backslashreplace")
    plain = tmalign_command("split", "--batch", "-", given=given, encoding="ascii")
    assert plain == tmalign_command("split", "--batch", "-", given=given)
    answer = json.loads(plain.out)
    assert "".join(s["text"] for s in answer["sentences"]) == "会談。\ud800第二に、𠮷。\x00"
