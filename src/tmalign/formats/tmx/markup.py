"""Text as XML holds it: escaped, and without the characters that XML 1.0 forbids."""

from __future__ import annotations

import re
from typing import Final

# What XML 1.0 has no place for, escaped or not: C0 controls but tab and line ends, surrogates, U+FFFE and U+FFFF.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Most strings hold nothing to remove or escape; one search tells, and saves half of the time. A set of characters
# beyond Latin-1 is searched for nine times as slowly, so ASCII has its own.
_UNSAFE: Final = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]').search
_UNSAFE_ASCII: Final = re.compile('[&<>"\x00-\x1f]').search
# A bare carriage return would come back as a line feed.
_IN_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE: Final = _IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def unsafe(text: str) -> bool:
    """Tell whether a string holds anything to escape or to remove."""
    return (_UNSAFE_ASCII(text) if text.isascii() else _UNSAFE(text)) is not None


class Escaper:
    """Escapes text for XML; `removed` counts the characters it had to leave out."""

    __slots__ = ("removed",)

    def __init__(self) -> None:
        """Start the count at nothing."""
        self.removed = 0

    def text(self, text: str) -> str:
        """Return text for element content."""
        return self.allowed(text).translate(_IN_TEXT) if unsafe(text) else text

    def attribute(self, text: str) -> str:
        """Return text for an attribute in double quotes."""
        return self.allowed(text).translate(_IN_ATTRIBUTE) if unsafe(text) else text

    def allowed(self, text: str) -> str:
        """Remove and count the characters that XML forbids."""
        kept, count = FORBIDDEN.subn("", text)
        self.removed += count
        return kept
