"""Where English sentences end: one pass over the stops, each decided by what stands before and after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tmalign.text import abbreviations as known
from tmalign.text.enclosures import Walk, enclosures

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run of stops with the closing marks that belong to it. Possessive: each character is read once.
_STOP: Final = re.compile(r"[.!?…。！？]++[\"”’'»)\]}」』）]*+")
_SPACE: Final = re.compile(r"\s*+")
_NEXT_WORD: Final = re.compile(r"[\"“‘'«(\[]{0,3}([^\W_]+(?:['’.-][^\W_]+)*)?", re.ASCII)
_WORD_REACH: Final = 24
_LIST_MARKER: Final = re.compile(r"(?:[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)\]]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)$")
_INITIALS: Final = re.compile(r"[A-Z](?:\.[A-Z])*")
_NUMBER: Final = re.compile(r"\d|[IVXLC]+\b|[A-Z]\b")
_MIXED_CASE: Final = re.compile(r"[a-z]{1,2}[A-Z]")
_GLUED: Final = re.compile(r"[“\"]?(?:[A-Z][a-z]+|A|I)(?=[\s,'’])")
_NAMED_ZONE: Final = re.compile(r"(?:[A-Z][a-z]+\s){1,2}time\b")
_ATTRIBUTION: Final = re.compile(
    r"(?:[A-Z][\w.'’-]*\s){1,3}(?:said|says|asked|asks|added|wrote|replied|told|exclaimed|cried|tweeted|reported)[.,]"
)

# A line that begins like this begins an item, if the line before it has come to an end.
_ITEM_LINE: Final = re.compile(
    r"(?:[.!?:;。…][\"”’')\]]*[^\S\n]*\n[^\S\n]*(?=(?:\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]|[-–—*])\s)|\n[^\S\n]*(?=[•・●■◆○◦▪※]))"
)

# Longer stretches than these are not held together: an opening mark there has lost its partner.
_LONGEST_QUOTE: Final = 700
_LONGEST_BRACKET: Final = 500


def cuts(text: str, start: int, end: int) -> list[int]:
    """Return the positions in `text[start:end]` after which a sentence ends, in order; `end` itself is implied."""
    items = [match.end() for match in _ITEM_LINE.finditer(text, start, end)]
    found: list[int] = []
    begin = start
    for item in (*items, end):
        for cut in _Line(text, begin, item).cuts():
            found.append(cut)
        found.append(item)
        begin = item
    return found


class _Line:
    """One stretch of running text, and the sentence we are in."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.end = end
        self.begin = start
        self.quotes = _quotes(text, start, end)
        self.brackets = [
            pair
            for pair in enclosures(text, start, end, longest=_LONGEST_BRACKET)
            if text[pair[0]] in "([（「『【" and text[pair[0] + 1 : pair[1]].strip()
        ]

    def cuts(self) -> Iterator[int]:
        quotes, brackets = Walk(self.quotes), Walk(self.brackets)
        for match in _STOP.finditer(self.text, self.begin, self.end):
            at, after = match.start(), match.end()
            quote, bracket = quotes.around(at), brackets.around(at)
            if quote and after < quote[1] and self.holds(quote):
                continue
            if bracket and (after < bracket[1] or not self.alone(bracket)):
                continue
            if self.ends(at, after):
                self.begin = after
                yield after

    def alone(self, pair: tuple[int, int]) -> bool:
        return not self.text[self.begin : pair[0]].strip()

    def holds(self, quote: tuple[int, int]) -> bool:
        """Tell whether a quotation is part of a longer sentence, so that stops inside it are not its end."""
        if not self.alone(quote):
            return True
        after = _SPACE.match(self.text, quote[1], self.end).end()  # type: ignore[union-attr]
        return self.text[after : after + 1].islower() or bool(_ATTRIBUTION.match(self.text, after, self.end))

    def ends(self, at: int, after: int) -> bool:
        """Decide whether the stops at `at`, closed at `after`, end the sentence."""
        text = self.text
        space = _SPACE.match(text, after, self.end)
        next_at = space.end() if space else after
        if next_at >= self.end:
            return False  # the end of the stretch is a cut anyway
        first = text[next_at]
        if first.islower() and not _MIXED_CASE.match(text, next_at):
            return False
        if first in ",;:.!?…)]}%":
            return False
        if next_at == after:
            return self.glued(at, after)
        return decide(text, self.begin, at, after, next_at)

    def glued(self, at: int, after: int) -> bool:
        """Decide on a stop without a space after it: `force.The`, but not `example.com` or `No.3`."""
        word = word_before(self.text, at, self.begin)
        match = _GLUED.match(self.text, after, self.end)
        if match is None or len(word) < 2 or not (word.islower() or word.isdigit()) or "." in word:
            return False
        if self.text[at - len(word) - 1 : at - len(word)] in tuple("@/\\=&_#"):
            return False
        follower = match[0].lstrip("“\"").lower()
        return follower not in known.SUFFIXES and not (_abbreviates(word) and follower not in known.OPENERS)


def word_before(text: str, at: int, begin: int) -> str:
    """Return the word that ends at `at`, with its inner full stops: `p.m`, `U.S`, `Bush`."""
    left = at
    floor = max(begin, at - _WORD_REACH)
    while left > floor and (text[left - 1].isalnum() or text[left - 1] in ".'’"):
        left -= 1
    return text[left:at].lstrip(".'’")


def decide(text: str, begin: int, at: int, after: int, next_at: int) -> bool:
    """Decide whether stops at `at`, closed at `after`, end the sentence begun at `begin`.

    `next_at` is where the next word stands; it does not begin in lower case.
    """
    stops = text[at:after].rstrip("\"”’'»)]}」』）")
    word = word_before(text, at, begin)
    if "?" in stops or "!" in stops:
        if word.lower() in known.EXCLAIMING:
            return False
        return after - at == len(stops) or not _ATTRIBUTION.match(text, next_at, next_at + 80)
    if stops != ".":
        return True
    if _LIST_MARKER.fullmatch(text[begin : at + 1].strip()):
        return False
    match = _NEXT_WORD.match(text, next_at)
    follower = (match and match[1]) or ""
    return _ends_after(word, text, next_at, follower)


def _abbreviates(word: str) -> bool:
    low = word.lower()
    return (
        low in known.ALWAYS_INSIDE
        or low in known.NAME_PART
        or low in known.CLOCK
        or low in known.LIST_END
        or low in known.BEFORE_NUMBER
    )


def _ends_after(word: str, text: str, next_at: int, follower: str) -> bool:
    """Decide by the word before the stop and the one after it."""
    low = word.lower()
    opens = follower.lower() in known.OPENERS and not text.startswith(".", next_at + len(follower))
    if not word:
        return True
    if low in known.ALWAYS_INSIDE:
        return False
    if low in known.BEFORE_NUMBER:
        return not _NUMBER.match(text, next_at) or (follower in {"A", "I"} and word in {"no", "No"})
    if low in known.CLOCK and "." in low:
        return follower.lower() not in known.CLOCK_NEXT and not _NAMED_ZONE.match(text, next_at)
    if low in known.LIST_END:
        return True
    if low in known.CALENDAR and word[0].isupper():
        return not (text[next_at].isdigit() or follower.lower() in known.MONTHS)
    if low in known.NAME_PART or _INITIALS.fullmatch(word):
        return opens
    return True


def _quotes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Find the double-quoted stretches, outermost and in order: (opening mark, after the closing mark).

    A straight mark opens where a word begins and closes where one ends. A second opening mark without a closing one
    between them means that the first was never closed (each paragraph of a long quotation opens anew).
    """
    pairs: list[tuple[int, int]] = []
    opened = -1
    for match in _DOUBLE.finditer(text, start, end):
        at = match.start()
        mark = text[at]
        before = text[at - 1] if at > start else " "
        behind = text[at + 1] if at + 1 < end else " "
        opening = mark == "“" or (mark == '"' and (before.isspace() or before in "([—–-‘'") and not behind.isspace())
        if opening:
            opened = at
        elif opened >= 0:
            if at + 1 - opened <= _LONGEST_QUOTE:
                pairs.append((opened, at + 1))
            opened = -1
    return pairs


_DOUBLE: Final = re.compile('["“”]')
