"""What SQLite can hold of a text."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Return text with U+FFFD for lone surrogates, which UTF-8 cannot hold; every span stays true."""
    return _SURROGATE.sub("\ufffd", text)
