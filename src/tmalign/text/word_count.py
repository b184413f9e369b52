"""How much text there is, as CAT tools and word processors count it."""

from __future__ import annotations

import re
from typing import Final

# A kana or kanji is a word to a word count, as in CAT tools and word processors; elsewhere what stands between
# white space is, if there is a letter or figure in it.
_WORD: Final = re.compile(
    "[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003ffff]"
)


def word_count(text: str) -> tuple[int, int]:
    """Return the numbers of words and of characters, white space left out."""
    pieces = text.split()
    characters = sum(map(len, pieces))
    if text.isascii():
        return sum(any(map(str.isalnum, piece)) for piece in pieces), characters
    rest, single = _WORD.subn(" ", text)
    return single + sum(any(map(str.isalnum, piece)) for piece in rest.split()), characters
