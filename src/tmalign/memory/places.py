"""Where a decision belongs: two texts without what pages and tools change in passing."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
# A line end in a Japanese sentence stands for nothing, in an English one for a space: neither may count.
_BETWEEN = "\x1f"


def place(ja: str, en: str) -> str:
    """Return what two texts have in common with versions of them in other widths and with other white space."""
    return _folded(ja) + _BETWEEN + _folded(en)


def _folded(text: str) -> str:
    """Return text in Unicode form NFKC without white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).replace(_BETWEEN, "")


def exact_place(ja: str, en: str) -> str:
    """Return the two texts as they are, in one."""
    return ja + _BETWEEN + en
