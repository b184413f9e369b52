"""One width for everything: compatibility forms, quotes and dashes folded, with an exact way back to the source."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

try:
    from tmalign.text import _scan

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

# Zero-width characters, marks of direction, soft hyphens and variation selectors: a reader sees none of them.
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")

# Done before NFKC, which would tear these into a space and a combining mark.
_BEFORE = {0x309B: "\u3099", 0x309C: "\u309a", 0x00B4: "'", 0x2033: '"', 0x2036: '"'}
# Done after NFKC, which turns some compatibility forms into these.
_AFTER = (
    dict.fromkeys(map(ord, "‘’‚‛′‵ʹʼ"), "'")
    | dict.fromkeys(map(ord, "“”„‟〝〞〟"), '"')
    | dict.fromkeys(
        map(ord, "\u02d7\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u2501\u2e3a\u2e3b"), "-"
    )
    # Shift_JIS converters disagree on the wave dash: 〜 and ～ are one character to a reader.
    | {0x301C: "~"}
)
_SPECIAL = re.compile("[" + "".join(map(chr, _BEFORE)) + "".join(map(chr, _AFTER)) + _INVISIBLE + "]")

# Characters that neither vanish nor join the one before. In a text of these alone, each one yields one
# character or more, so an equal total length proves that positions are unchanged.
_NOT_PLAIN = (
    "[^\u0000-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098"
    "\u309d-\u312f\u3190-\u9fff\uff01-\uff9d\uffe0-\uffee\U00020000-\U0002a6df]"
)

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def normalise(text: str, *, compiled: bool = COMPILED) -> str:
    """Return the text in one width: NFKC, ASCII quotes and dashes, ASCII spaces, nothing invisible.

    The katakana long mark ー stays itself. Applying it twice changes nothing more.
    """
    if text.isascii():
        return text
    if compiled and (narrow := _scan.narrow(text)) is not None:
        return narrow
    special = _SPECIAL.search(text) is not None
    if special:
        text = _INVISIBLE_RUN.sub("", text).translate(_BEFORE)
    elif unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", text).translate(_AFTER)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the span of the source it came from.

    `offsets` is empty where folding moved nothing: position i of `text` is then position i of the source.
    """

    text: str
    offsets: tuple[tuple[int, int], ...] = ()

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the source behind `text[start:end]`, whole characters always.

        An empty span gives an empty span. Raises ValueError where the span is not inside the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a text of {len(self.text)} characters")
        if not self.offsets:
            return start, end
        if start < end:
            return self.offsets[start][0], self.offsets[end - 1][1]
        position = self.offsets[start][0] if start < len(self.offsets) else self.offsets[-1][1]
        return position, position


def fold(text: str, *, case: bool = True, kana: bool = False) -> Folded:
    """Return the normalised text, case folded unless `case` is false, and the way back to the source.

    With `kana`, hiragana become katakana. Characters that expand (㈱, ㌔) and sequences that compose
    (か + ゛) map back to the whole of what stands in the source.
    """
    folded = _fold(text, case, kana)
    if text.isascii() or (len(folded) == len(text) and _not_plain().search(text) is None):
        return Folded(folded)
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        piece = _fold(text[start:end], case, kana)
        pieces.append(piece)
        offsets.extend([(start, end)] * len(piece))
    return Folded("".join(pieces), tuple(offsets))


@cache
def _not_plain() -> re.Pattern[str]:
    """Compile what takes longest here only when it is asked for: a look-up often does without."""
    return re.compile(_NOT_PLAIN)


def folded(text: str, *, case: bool = True, kana: bool = False) -> str:
    """Return the text of `fold` alone, for keys and indexes that need no way back."""
    return _fold(text, case, kana)


def _fold(text: str, case: bool, kana: bool) -> str:
    """Fold without offsets; done cluster by cluster it gives the same text."""
    if case and text.isascii():
        return text.lower()
    text = normalise(text)
    if case:
        text = normalise(text.casefold())
    return text.translate(_HIRAGANA_TO_KATAKANA) if kana else text


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut the text where normalisation never reaches across, invisible characters left outside where possible."""
    clusters: list[tuple[int, int]] = []
    for position, character in enumerate(text):
        link = _link(character)
        if link == "invisible":
            continue
        if link == "joins" and clusters:
            clusters[-1] = (clusters[-1][0], position + 1)
        else:
            clusters.append((position, position + 1))
    return clusters


@lru_cache(maxsize=4096)
def _link(character: str) -> str:
    """Tell how a character relates to the one before: `joins`, `invisible` or `free`."""
    if _INVISIBLE_RUN.match(character):
        return "invisible"
    first = unicodedata.normalize("NFKD", character.translate(_BEFORE))[0]
    # Marks attach to what stands before; the vowels and finals of conjoining Hangul compose though they are letters.
    joins = unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"
    return "joins" if joins else "free"
