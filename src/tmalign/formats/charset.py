"""Which encoding a file's bytes are in, and what they say in it.

Pages of Japanese offices come in Shift_JIS (in truth cp932), EUC-JP, ISO-2022-JP, UTF-8 and UTF-16, and what
they declare is often wrong. So a declaration is only a hint: every encoding is tried, and the one whose text
looks most like Japanese or English is taken.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tmalign.errors import BinaryFileError, EncodingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document (.docx, .xlsx, .pptx)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (.doc, .xls, .ppt)"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"RIFF", "a RIFF file (sound, video or WebP image)"),
    (b"ID3", "an MP3 sound file"),
    (b"OggS", "an Ogg sound file"),
)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABELS: Final = {
    "shiftjis": "cp932",
    "xsjis": "cp932",
    "sjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "cswindows31j": "cp932",
    "cp932": "cp932",
    "ms932": "cp932",
    "eucjp": "euc_jp",
    "xeucjp": "euc_jp",
    "ujis": "euc_jp",
    "iso2022jp": "iso2022_jp",
    "csiso2022jp": "iso2022_jp",
    "jis": "iso2022_jp",
    "utf8": "utf-8",
    "utf16": "utf-16-le",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "iso88591": "cp1252",
    "latin1": "cp1252",
    "usascii": "cp1252",
    "ascii": "cp1252",
    "windows1252": "cp1252",
    "cp1252": "cp1252",
}
_DECLARATION: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_DECLARATION_WITHIN: Final = 8192

# A file whose best reading scores below this is none of the encodings we know.
_LEAST_SCORE: Final = 0.1
_DECLARED_BONUS: Final = 0.15
_UTF8_BONUS: Final = 0.3
_SAMPLE: Final = 200_000
_MOST_CONTROLS: Final = 0.01
_MOST_BAD: Final = 0.02
_STRAY_CONTROLS: Final = 3  # in a text of one line, too, a few may have strayed in
_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte order mark, the Python name of the encoding it was in, and what was odd about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def declaration(data: bytes) -> str | None:
    """Return the encoding that a page's XML declaration or meta element names, as written; None where it names none."""
    found = _DECLARATION.search(data[:_DECLARATION_WITHIN])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def decode(data: bytes, *, path: Path | str | None = None, declared: str | None = None) -> Decoded:
    """Decode a text file's bytes.

    `declared` is what the file or its sender says the encoding is: it decides only between readings that
    are about as plausible. A few bad bytes become U+FFFD and a counted warning. Raises BinaryFileError for
    bytes that are no text and EncodingError for text in no encoding we know.
    """
    _refuse_binary(data, path)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding, "replace")
            # Such a character may stand in the file: what was no text when it was written.
            bad = max(0, text.count(_REPLACEMENT) - data.count(_REPLACEMENT.encode(encoding)))
            if bad > max(3, _MOST_BAD * len(text)):
                raise EncodingError(
                    f"{bad} of its {len(text)} characters are not valid {encoding}, which its first bytes announce",
                    path=path,
                    hint="save the file as UTF-8 and try again",
                )
            return Decoded(text, encoding, _bad_bytes(bad, encoding))
    hinted = _LABELS.get(re.sub(r"[^a-z0-9]", "", declared.lower())) if declared else None
    if data.isascii() and b"\x1b" not in data and b"\x00" not in data:
        return Decoded(data.decode("ascii"), "utf-8")
    best = max(_readings(data, hinted), key=lambda reading: reading.score)
    _refuse_controls(data, best, path)
    if best.score < _LEAST_SCORE:
        # Bytes that are UTF-8 throughout are hardly anything else, however odd the characters.
        with contextlib.suppress(UnicodeDecodeError):
            return Decoded(data.decode("utf-8"), "utf-8")
        raise EncodingError(
            "the bytes are not readable as UTF-8, UTF-16, Shift_JIS, EUC-JP, ISO-2022-JP or Windows-1252",
            path=path,
            hint="save the file as UTF-8 and try again"
            + (f" (it says it is in {declared})" if declared and not hinted else ""),
        )
    warnings = _bad_bytes(best.bad, best.encoding)
    if declared and hinted != best.encoding and best.bad == 0 and not data.isascii():
        warnings += (f"declares {declared}, read as {best.encoding}",)
    return Decoded(best.text, best.encoding, warnings)


def decode_utf8(data: bytes, *, path: Path | str | None = None) -> Decoded:
    """Decode a file of a format that is UTF-8: bytes that are UTF-8 throughout are nothing else.

    Others are decoded as `decode` does it. A few bytes can be Latin letters in UTF-8 as well as kanji in EUC-JP.
    """
    _refuse_binary(data, path)
    if b"\x1b" not in data:
        with contextlib.suppress(UnicodeDecodeError):
            return Decoded(data.decode("utf-8"), "utf-8")
    return decode(data, path=path)


def _bad_bytes(count: int, encoding: str) -> tuple[str, ...]:
    return (f"{count} characters are not valid {encoding} and were replaced by U+FFFD",) if count else ()


def _refuse_binary(data: bytes, path: Path | str | None) -> None:
    what = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    if data[4:8] == b"ftyp":
        what = "a video or an image (MP4, HEIC)"
    if what:
        hint = "give the text itself, saved as .html or .txt"
        if "PDF" in what or "office" in what or "RTF" in what:
            hint = "export the document as HTML or plain text first"
        raise BinaryFileError(f"the file is {what}, not text", path=path, hint=hint)


def _refuse_controls(data: bytes, best: _Reading, path: Path | str | None) -> None:
    if best.encoding.startswith("utf-16") and best.score >= _LEAST_SCORE:
        return
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", data))
    if controls > _STRAY_CONTROLS + _MOST_CONTROLS * len(data):
        raise BinaryFileError(
            f"the file is not text: {controls} of its {len(data)} bytes are control characters",
            path=path,
            hint="give the text itself, saved as UTF-8 .html or .txt",
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    encoding: str
    text: str
    bad: int
    score: float


def _readings(data: bytes, hinted: str | None) -> Iterator[_Reading]:
    encodings = ["utf-8", "cp932", "euc_jp", "cp1252"]
    if b"\x1b$" in data or b"\x1b(" in data:
        encodings.append("iso2022_jp")
    if b"\x00" in data or hinted in {"utf-16-le", "utf-16-be"} or _lopsided(data):
        encodings += ["utf-16-le", "utf-16-be"]
    for encoding in encodings:
        text = _decode_as(data, encoding)
        bad = text.count(_REPLACEMENT)
        if encoding == "utf-8":
            bad -= data.count(b"\xef\xbf\xbd")  # a replacement that was made before the file reached us
        score = _plausibility(text[:_SAMPLE])
        if not bad:
            score += _UTF8_BONUS if encoding == "utf-8" else 0.0
            score += _DECLARED_BONUS if encoding == hinted else 0.0
        yield _Reading(encoding, text, max(0, bad), score)


def _lopsided(data: bytes) -> bool:
    """Whether kana's and punctuation's high byte 0x30 stands at one parity, as in UTF-16 without any ASCII."""
    sample = data[:4096]
    even, odd = sample[::2].count(0x30), sample[1::2].count(0x30)
    return max(even, odd) > 0.1 * len(sample) and min(even, odd) < 0.2 * max(even, odd)


def _decode_as(data: bytes, encoding: str) -> str:
    if encoding == "euc_jp":
        return _decode_euc(data)
    if encoding == "iso2022_jp":
        return _decode_iso2022(data)
    return data.decode(encoding, "replace")


def _decode_euc(data: bytes) -> str:
    """Decode EUC-JP; the vendors' characters that Python's euc_jp lacks (①, ㈱, Ⅳ) by way of cp932."""
    return data.decode("euc_jp", "tmalign-vendor-row")


def _vendor_row(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and min(pair) >= 0xA1 and max(pair) <= 0xFE:
        row, cell = pair[0] - 0xA1, pair[1] - 0xA1
        lead = row // 2 + (0x81 if row < 62 else 0xC1)
        trail = (0x40 + cell + (cell >= 0x3F)) if row % 2 == 0 else 0x9F + cell
        try:
            return bytes((lead, trail)).decode("cp932"), error.start + 2
        except UnicodeDecodeError:
            return _REPLACEMENT, error.start + 2
    return _REPLACEMENT, error.start + 1


codecs.register_error("tmalign-vendor-row", _vendor_row)

_ESCAPE: Final = re.compile(rb"\x1b(\$\(?[@BD]|\([BJI])")


def _decode_iso2022(data: bytes) -> str:
    """Decode ISO-2022-JP piece by piece, by way of EUC, so that vendors' characters come out."""
    parts = _ESCAPE.split(data)
    text = [parts[0].decode("ascii", "replace")]
    for escape, piece in zip(parts[1::2], parts[2::2], strict=True):
        if escape.startswith(b"$"):
            lines = re.split(rb"([\r\n]+)", piece)  # a line end returns to ASCII where the escape was forgotten
            raised = lines[0].translate(_RAISE)
            text.append(_decode_euc(raised) + b"".join(lines[1:]).decode("ascii", "replace"))
        elif escape == b"(I":
            text.append(piece.translate(_RAISE).decode("cp932", "replace"))
        else:
            text.append(piece.decode("ascii", "replace"))
    return "".join(text)


_RAISE: Final = bytes(byte | 0x80 if 0x20 < byte < 0x7F else byte for byte in range(256))

_LONE_KANJI: Final = re.compile(r"(?<=[\x00-\x7f])[一-鿿](?=[\x00-\x7f])")
_LATIN_IN_WORD: Final = re.compile(r"(?<=[A-Za-z])[À-ÿŒœŠšŽž]|[À-ÿŒœŠšŽž](?=[A-Za-z])")
_KANA: Final = re.compile(r"[ぁ-ゖァ-ヺ]")


def _plausibility(text: str) -> float:
    """Score how much a text's characters beyond ASCII look like Japanese or English prose, from -5 to 1."""
    counts = Counter(text)
    beyond = sum(counts.values()) - sum(counts[chr(code)] for code in (*range(0x20, 0x7F), 9, 10, 12, 13))
    if not beyond:
        return 0.9
    total = sum(number * _weight(character) for character, number in counts.items() if character not in _PLAIN)
    if not _KANA.search(text):
        # The second byte of Windows-1252 quotes makes kanji of cp932 in the middle of English words.
        total -= 1.6 * len(_LONE_KANJI.findall(text))
    total += 1.0 * len(_LATIN_IN_WORD.findall(text))
    return total / beyond


_PLAIN: Final = frozenset(map(chr, (*range(0x20, 0x7F), 9, 10, 12, 13)))


@lru_cache(maxsize=8192)
def _weight(character: str) -> float:  # noqa: PLR0911 - a table in the shape of a function
    code = ord(character)
    if 0x3041 <= code <= 0x3096 or character in "、。「」（）・ー々　〜～":
        return 1.0
    if 0x30A1 <= code <= 0x30FA or 0xFF01 <= code <= 0xFF5E or 0x3000 <= code <= 0x303F:
        return 0.8
    if 0x4E00 <= code <= 0x9FFF:
        return _kanji_weight(character)
    if character in "‘’“”–—…•©®™°§·×\xa0€£¥":
        return 0.5
    if 0xFF61 <= code <= 0xFF9F:
        return -0.8
    if character == _REPLACEMENT:
        return -5.0
    category = unicodedata.category(character)
    if category in {"Cc", "Co", "Cs", "Cn"}:
        return -3.0
    if code < 0x250:
        return -0.5 if category[0] == "L" else -0.3
    if 0x2000 <= code <= 0x33FF:
        return 0.5  # circled numbers, units, arrows, box drawing
    return 0.2 if 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x2FFFF else -0.4


def _kanji_weight(character: str) -> float:
    """Rate kanji by the level JIS gives them: the second level is rare in prose and common in garbage."""
    try:
        lead = character.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return -0.2
    return 0.8 if 0xB0 <= lead <= 0xCF else 0.0
