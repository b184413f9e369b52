"""Texts spelt in few classes, so that lower bounds of their distance come cheap.

A text is a sequence of Unicode code points. Each has a class of 16 (four bits; what the packed texts hold) and another
of 32 (whose numbers in a text are its counters). Classes only ever make characters equal that differ: the distance
of two spellings, or of their counters, never exceeds the distance of the texts. Characters that a fold of
width, case or kana makes equal share their classes, so that a concordance can sift by them, too.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tmalign.text.width import fold

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

COUNTERS: Final = 32
# Counted to this and no further; a bound from such counters is still a bound.
MOST: Final = 255

# Letters that share one of the 16 classes, about equally frequent in English; what is missing shares by its number.
_SHARED: Final = (
    " ",
    "e",
    "t",
    "a",
    "o",
    "n",
    "i",
    "s",
    "r",
    "hwx",
    "dgb",
    "lfv",
    "cyk",
    "upj",
    "mqz0123456789",
    ",.'-",
)
_CLASS_OF: Final = {character: number for number, shared in enumerate(_SHARED) for character in shared}
# Letters have a counter each, and the space; all else shares the others and theirs by its number.
_COUNTER_OF: Final = {character: number for number, character in enumerate("abcdefghijklmnopqrstuvwxyz ")}


@lru_cache(maxsize=1 << 16)
def classes_of(character: str) -> tuple[int, int]:
    """Return the two classes of a character: of 16, of 32."""
    folded = fold(character, kana=True).text
    character = folded if len(folded) == 1 else character
    code = ord(character)
    few = _CLASS_OF.get(character, (code * 0x9E3779B1 & 0xFFFFFFFF) >> 28)
    if code < 128:
        return few, _COUNTER_OF.get(character, 27 + code % 5)
    return few, (code * 0x85EBCA6B & 0xFFFFFFFF) >> 27


@lru_cache(maxsize=1 << 16)
def is_odd(character: str) -> bool:
    """Tell whether a fold changes more than this one character: it expands, vanishes or joins the one before."""
    folded = fold(character, kana=True).text
    if len(folded) != 1:
        return True
    first = unicodedata.normalize("NFKD", folded)[0]
    return unicodedata.category(first).startswith("M") or "\u1100" <= first <= "\u11ff"


def spell(text: str) -> tuple[bytes, bytes]:
    """Return a text's classes, a byte a character, and its 32 counters."""
    pairs = [classes_of(character) for character in text]
    counts = [0] * COUNTERS
    for _, counter in pairs:
        counts[counter] += 1
    return bytes(few for few, _ in pairs), bytes(min(count, MOST) for count in counts)


class Speller:
    """Spells many texts at once, with NumPy."""

    def __init__(self) -> None:
        """Make the tables; a character's classes are filled in where it is first met."""
        import numpy as np  # noqa: PLC0415 - not needed for reading an index

        self._np = np
        self._known = np.zeros(0x110000, dtype=bool)
        self._few = np.zeros(0x110000, dtype=np.uint8)
        self._counter = np.zeros(0x110000, dtype=np.uint8)
        self._odd = np.zeros(0x110000, dtype=bool)

    def spell(self, texts: list[str]) -> tuple[Array, Array, Array, Array]:
        """Return lengths (int64), classes (uint8, all texts one after another), counters (uint8, [texts, 32]), oddness.

        A text is odd where a character of it is (bool, [texts]).
        """
        np = self._np
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._meet(codes)
        rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
        counts = np.bincount(rows * COUNTERS + self._counter[codes], minlength=len(texts) * COUNTERS)
        counters = np.minimum(counts, MOST).astype(np.uint8).reshape(len(texts), COUNTERS)
        odd = np.zeros(len(texts), dtype=bool)
        odd[rows[self._odd[codes]]] = True
        return lengths, self._few[codes], counters, odd

    def _meet(self, codes: Array) -> None:
        """Fill in characters not met before."""
        np = self._np
        for code in np.unique(codes[~self._known[codes]]).tolist():
            self._few[code], self._counter[code] = classes_of(chr(code))
            self._odd[code] = is_odd(chr(code))
            self._known[code] = True
