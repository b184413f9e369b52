"""The right encoding is found whatever a page declares, and what is no text is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.errors import BinaryFileError, EncodingError, TmalignError
from tmalign.formats.charset import decode, decode_utf8

JAPANESE = "本日、両大臣は会談を行い、防衛協力を進めることで一致した。\n（１）ミサイル「訓練」は～ＡＢＣ１２３\n"
SHORT = "大臣会談について\n"
KATAKANA = "ﾐｻｲﾙの発射について、大臣は述べた。\n"
ENGLISH = "It’s a “Free and Open” sea – the café in São Paulo.\n"
CLAIMS = [None, "utf-8", "Shift_JIS", "x-sjis", "EUC-JP", "iso-8859-1", "windows-31j", "UTF-16", "no-such", ""]
ENCODINGS = [
    ("utf-8", "utf-8"),
    ("utf-8-sig", "utf-8"),
    ("cp932", "cp932"),
    ("euc_jp", "euc_jp"),
    ("iso2022_jp", "iso2022_jp"),
    ("utf-16", "utf-16-le"),
    ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"),
]


def _for(encoding, text):
    return text.replace("～", "〜") if encoding in {"euc_jp", "iso2022_jp"} else text


@pytest.mark.parametrize("declared", CLAIMS)
@pytest.mark.parametrize(("codec", "encoding"), ENCODINGS)
@pytest.mark.parametrize("text", [JAPANESE, JAPANESE * 50, SHORT])
def test_japanese_in_every_encoding(codec, encoding, declared, text):
    text = _for(codec, text)
    result = decode(text.encode(codec), path=Path("a.txt"), declared=declared)
    assert (result.text, result.encoding) == (text, encoding)


@pytest.mark.parametrize("declared", CLAIMS)
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("cp1252", "cp1252"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)
@pytest.mark.parametrize("text", [ENGLISH, ENGLISH * 40, "Plain words – all of them.\n", "It’s Japan’s turn to act.\n"])
def test_english_in_every_encoding(codec, encoding, declared, text):
    result = decode(text.encode(codec), path=Path("a.txt"), declared=declared)
    assert (result.text, result.encoding) == (text, encoding)


@pytest.mark.parametrize("declared", CLAIMS)
def test_ascii_is_utf_8_and_gives_no_warning(declared):
    result = decode(b"Both met.\n", path=Path("a.txt"), declared=declared)
    assert (result.text, result.encoding, result.warnings) == ("Both met.\n", "utf-8", ())


def test_half_width_katakana_is_read_where_it_is_meant():
    assert decode(KATAKANA.encode("cp932"), path=Path("a")).text == KATAKANA
    assert decode(KATAKANA.encode("iso2022_jp_ext"), path=Path("a")).text == KATAKANA


def test_typeset_english_in_shift_jis():
    text = "The “sea” is free and open ― for all.\n"
    assert decode(text.encode("cp932"), path=Path("a")).encoding == "cp932"
    assert decode(text.encode("cp932"), path=Path("a")).text == text


def test_vendor_characters_of_euc_are_read():
    data = "参加者は、".encode("euc_jp") + b"\xad\xa1" + "大臣".encode("euc_jp")
    assert decode(data, path=Path("a")).text == "参加者は、①大臣"
    assert decode(b"\x1b$B;22C<T\x1b(B \x1b$B-!\x1b(B", path=Path("a")).text == "参加者 ①"


def test_a_wrong_declaration_is_told():
    result = decode(JAPANESE.encode("cp932"), path=Path("a"), declared="utf-8")
    assert result.warnings == ("declares utf-8, read as cp932",)
    assert decode(JAPANESE.encode("cp932"), path=Path("a"), declared="Shift_JIS").warnings == ()


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "utf-8-sig", "utf-16"])
def test_a_few_bad_bytes_are_replaced_and_counted(codec):
    text = _for(codec, JAPANESE) * 20
    bad = b"\x00\xd8" if codec == "utf-16" else b"\xff"
    data = (
        text.encode(codec) + bad + "終わり。\n".encode("utf-16-le" if codec == "utf-16" else codec.removesuffix("-sig"))
    )
    result = decode(data, path=Path("a"))
    assert result.text.startswith(text)
    assert "\ufffd" in result.text or result.encoding == "cp932"
    assert result.encoding == {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(codec, codec)
    if "\ufffd" in result.text:
        assert result.warnings[0].startswith(f"{result.text.count(chr(0xFFFD))} characters are not valid")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04" + b"word/document.xml" * 9, "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0JFIF", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office"),
        (bytes(range(256)) * 4, "control characters"),
        (b"\x00" * 100, "control characters"),
    ],
)
def test_binary_files_are_refused_by_name(data, word):
    with pytest.raises(BinaryFileError, match=word) as caught:
        decode(data, path=Path("x.txt"))
    assert caught.value.path == "x.txt"
    assert caught.value.hint


def test_bytes_that_fit_nothing_are_refused():
    with pytest.raises(EncodingError, match="not readable as"):
        decode(bytes(range(0x81, 0x100)) * 3, path=Path("x.txt"))


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF32_LE])
def test_a_mark_before_garbage_does_not_make_it_text(mark):
    with pytest.raises(EncodingError, match="announce"):
        decode(mark + bytes(range(0x81, 0x100)) * 9, path=Path("x.txt"))


def test_a_mark_alone_is_an_empty_text():
    assert decode(codecs.BOM_UTF16_LE, path=Path("a")).text == ""


@given(st.binary(max_size=300), st.sampled_from([*CLAIMS, "hex", "zlib", "idna", "utf-7", "\x00", "日本"]))
def test_random_bytes_raise_nothing_but_our_errors(data, declared):
    try:
        result = decode(data, path=Path("a"), declared=declared)
    except TmalignError:
        return
    names = {"utf-8", "cp932", "euc_jp", "iso2022_jp", "cp1252", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
    assert result.encoding in names


@given(st.text(alphabet="本日両大臣は会談を行いましたカンボジア、。「」（）１２ abc\n", min_size=12))
def test_japanese_text_survives_utf_8_and_shift_jis(text):
    assert decode(text.encode(), path=Path("a")).text == text
    if sum("ぁ" <= c <= "ん" for c in text) >= 4:
        assert decode(text.encode("cp932"), path=Path("a")).text == text


def test_replacement_characters_of_the_file_are_no_bad_bytes():
    text = "協力\ufffd" * 40
    for data in (codecs.BOM_UTF8 + text.encode(), codecs.BOM_UTF16_BE + text.encode("utf-16-be")):
        read = decode(data, path=Path("a"))
        assert (read.text, read.warnings) == (text, ())
    with pytest.raises(EncodingError):
        decode(codecs.BOM_UTF8 + "協力".encode() + b"\xff\xfe" * 40, path=Path("a"))


def test_formats_of_utf_8_are_utf_8_where_they_can_be():
    assert decode(b"\xc2\xa1\t0\n").text == "臓\t0\n"
    assert decode_utf8(b"\xc2\xa1\t0\n").text == "¡\t0\n"
    for encoding in ("cp932", "euc_jp", "iso2022_jp", "utf-16"):
        assert (
            decode_utf8("防衛協力の強化について\tdefence\n".encode(encoding)).text
            == "防衛協力の強化について\tdefence\n"
        )
    with pytest.raises(BinaryFileError):
        decode_utf8(b"PK\x03\x04\x00\x00")
