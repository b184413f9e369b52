"""A file becomes a document, or an error that names the file and says what to do."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.errors import (
    BinaryFileError,
    EmptyFileError,
    EncodingError,
    FileSizeError,
    FormatError,
    LanguageError,
    MissingFileError,
    TmalignError,
    UnreadableFileError,
)
from tmalign.formats.documents import read_document

JAPANESE = "川の大臣会談\n\n令和５年５月１２日\n\n両大臣は、橋の計画について話し合った。\n"
ENGLISH = "Talks on the River\n\nMay 12, 2023\n\nBoth Ministers talked about the plans of the bridge.\n"
PAGE = "<html lang='{}'><head><meta charset='{}'><title>{}</title></head><body><h1>{}</h1><p>{}</p></body></html>"


def _page(language="ja", charset="utf-8", body="両大臣は、橋の計画について話し合った。"):
    return PAGE.format(language, charset, "川の大臣会談", "川の大臣会談", body)


def _written(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_text_is_read_with_where_it_came_from(tmp_path):
    path = _written(tmp_path, "2023-05-12-river.ja.txt", JAPANESE)
    document = read_document(path)
    assert (document.id, document.language, document.title) == ("2023-05-12-river", "ja", "川の大臣会談")
    assert (document.date, document.source, document.encoding) == ("2023-05-12", str(path), "utf-8")
    assert document.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.blocks[-1].text == "両大臣は、橋の計画について話し合った。"


@pytest.mark.parametrize(
    ("name", "data", "language", "identity"),
    [
        ("a.ja.txt", JAPANESE, "ja", "a"),
        ("a.EN.TXT", ENGLISH, "en", "a"),
        ("a.b.en.md", ENGLISH, "en", "a.b"),
        ("a.txt", JAPANESE, "ja", "a"),
        ("a.text", ENGLISH, "en", "a"),
        ("a.fr.txt", ENGLISH, "en", "a.fr"),
        ("a.ja.html", _page("en"), "ja", "a"),
        ("a.htm", _page("en"), "en", "a"),
        ("a.xhtml", _page("fr"), "ja", "a"),
    ],
)
def test_the_language_comes_from_the_name_then_the_page_then_the_script(tmp_path, name, data, language, identity):
    document = read_document(_written(tmp_path, name, data))
    assert (document.language, document.id) == (language, identity)


def test_the_call_says_the_language_before_the_name(tmp_path):
    assert read_document(_written(tmp_path, "a.ja.txt", ENGLISH), "en").language == "en"


@pytest.mark.parametrize("declared", ["utf-8", "Shift_JIS", "EUC-JP"])
@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "utf-16"])
def test_a_page_is_read_whatever_it_declares(tmp_path, declared, codec):
    document = read_document(_written(tmp_path, "a.ja.html", _page(charset=declared).encode(codec)))
    assert document.title == "川の大臣会談"
    assert document.blocks[-1].text == "両大臣は、橋の計画について話し合った。"
    known = {"utf-8": "utf-8", "Shift_JIS": "cp932", "EUC-JP": "euc_jp"}
    assert bool(document.warnings) == (known[declared] != codec and codec != "utf-16")


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.ja.txt", b"", EmptyFileError, "0 bytes"),
        ("a.ja.txt", " \n　\n", EmptyFileError, "no text"),
        ("a.txt", "\n\n", EmptyFileError, "no text"),
        ("a.ja.txt", b"\xef\xbb\xbf", EmptyFileError, "no text"),
        ("a.ja.html", "<html><body><nav><a href='x'>ホーム</a></nav></body></html>", EmptyFileError, "no text is left"),
        ("a.ja.html", b"%PDF-1.7 ...", BinaryFileError, "PDF"),
        ("a.ja.txt", b"PK\x03\x04....", BinaryFileError, "ZIP"),
        ("a.ja.docx", b"PK\x03\x04....", BinaryFileError, "ZIP"),
        ("a.ja.txt", bytes(range(256)) * 4, BinaryFileError, "control characters"),
        ("a.ja.txt", bytes(range(0x81, 0x100)) * 3, EncodingError, "not readable"),
        ("a.ja.rst", JAPANESE, FormatError, ".rst"),
        ("a", JAPANESE, FormatError, "not read"),
        ("a.txt", "Это слова о реке и мосте.\n", LanguageError, "neither Japanese nor English"),
    ],
)
def test_a_bad_file_is_named_with_what_to_do(tmp_path, name, data, error, words):
    path = _written(tmp_path, name, data)
    with pytest.raises(error, match=words) as caught:
        read_document(path)
    assert caught.value.path == str(path)
    assert caught.value.hint


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(MissingFileError):
        read_document(tmp_path / "a.ja.txt")
    (tmp_path / "b.ja.txt").mkdir()
    with pytest.raises(UnreadableFileError, match="folder"):
        read_document(tmp_path / "b.ja.txt")
    with pytest.raises(UnreadableFileError):
        read_document(tmp_path / "a\0b.ja.txt")


def test_a_file_one_may_not_read(ordinary_user):
    path = _written(ordinary_user, "a.ja.txt", JAPANESE)
    path.chmod(0)
    with pytest.raises(UnreadableFileError, match="denied"):
        read_document(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.ja.txt")
    with pytest.raises(UnreadableFileError, match="ordinary"):
        read_document(tmp_path / "a.ja.txt")


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "a.ja.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(FileSizeError, match="20,000,000"):
        read_document(path)
    small = _written(tmp_path, "b.ja.txt", JAPANESE)
    size = small.stat().st_size
    assert read_document(small, max_bytes=size).blocks
    with pytest.raises(FileSizeError):
        read_document(small, max_bytes=size - 1)


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.text(alphabet="<>/!-&;[]pdivah1 川\n").map(str.encode),
    st.sampled_from(["a.ja.txt", "a.en.html", "a.html", "a.txt"]),
)
def test_any_bytes_give_a_document_or_one_of_our_errors(data, name):
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder), name, data)
        try:
            held = bool(read_document(path).blocks)
        except TmalignError as error:
            held = bool(error.hint)
        assert held
