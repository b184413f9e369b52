"""What a page is encoded in, and what it says it is encoded in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora_rendering.authored import Language
    from corpora_rendering.choice import Choice


@dataclass(frozen=True, slots=True)
class Encoding:
    """`codec` is Python's name for the bytes; `declared` what the page claims, empty where it claims nothing."""

    codec: str
    declared: str
    byte_order_mark: bytes = b""


ENCODINGS = {
    "utf-8": Encoding("utf-8", "utf-8"),
    "utf-8-bom": Encoding("utf-8", "utf-8", codecs.BOM_UTF8),
    "utf-8-undeclared": Encoding("utf-8", ""),
    "utf-8-as-shift_jis": Encoding("utf-8", "Shift_JIS"),
    "utf-16": Encoding("utf-16-le", "", codecs.BOM_UTF16_LE),
    "shift_jis": Encoding("cp932", "Shift_JIS"),
    "shift_jis-undeclared": Encoding("cp932", ""),
    "euc-jp": Encoding("euc_jp", "EUC-JP"),
    "euc-jp-as-shift_jis": Encoding("euc_jp", "Shift_JIS"),
    "windows-1252": Encoding("cp1252", "windows-1252"),
    "iso-8859-1": Encoding("latin-1", "iso-8859-1"),
    # The common slip: curly quotes as Windows bytes on a page that says ISO-8859-1. Browsers read it as meant.
    "windows-1252-as-iso-8859-1": Encoding("cp1252", "iso-8859-1"),
}

_WEIGHTS: dict[tuple[Language, str], dict[str, int]] = {
    ("ja", "new"): {"utf-8": 84, "utf-8-bom": 12, "utf-8-undeclared": 4},
    ("ja", "old"): {
        "utf-8": 36,
        "shift_jis": 30,
        "euc-jp": 14,
        "shift_jis-undeclared": 8,
        "euc-jp-as-shift_jis": 6,
        "utf-8-as-shift_jis": 6,
    },
    ("ja", "text"): {"utf-8": 50, "shift_jis": 20, "utf-16": 20, "utf-8-bom": 10},
    ("en", "new"): {"utf-8": 92, "utf-8-bom": 8},
    ("en", "old"): {"utf-8": 46, "windows-1252": 20, "iso-8859-1": 20, "windows-1252-as-iso-8859-1": 14},
    ("en", "text"): {"utf-8": 65, "windows-1252": 25, "utf-8-bom": 10},
}

# Decoders disagree on these in EUC-JP (U+301C or U+FF5E, U+2212 or U+FF0D ...); as references they are safe.
_AMBIGUOUS_IN_EUC = "〜～−－‖∥¢￠£￡¬￢—―¦￤"


def choose_encoding(language: Language, era: str, choice: Choice) -> str:
    """Return a name of `ENCODINGS` fit for a page of `era` (`new`, `old` or `text`)."""
    return choice.weighted("encoding", _WEIGHTS[language, era])


def fits(text: str, encoding: Encoding) -> bool:
    """Tell whether every character of `text` can be written as it is."""
    if encoding.codec == "euc_jp" and any(char in _AMBIGUOUS_IN_EUC for char in text):
        return False
    try:
        return text.encode(encoding.codec).decode(encoding.codec) == text
    except UnicodeEncodeError:
        return False


def encode_page(markup: str, encoding: Encoding) -> bytes:
    """Return the bytes of an HTML page; characters outside the encoding become numeric references."""
    if encoding.codec == "euc_jp":
        markup = "".join(f"&#{ord(char)};" if char in _AMBIGUOUS_IN_EUC else char for char in markup)
    return encoding.byte_order_mark + markup.encode(encoding.codec, "xmlcharrefreplace")


def encode_text(text: str, encoding: Encoding) -> bytes:
    """Return the bytes of a text file. Raises `UnicodeEncodeError` where the encoding has no such character."""
    return encoding.byte_order_mark + text.encode(encoding.codec)
