"""Where English sentences end: one pass over the stops, each decided by what stands before and after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tmalign.text import abbreviations as known
from tmalign.text.enclosures import BRACKETS, Walk, enclosures

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run of stops with the closing marks that belong to it. Possessive: each character is read once.
# A mark that stands alone between spaces closes too (news agencies' files have many).
_STOP: Final = re.compile(r"[.!?…。！？]++[\"”’'»)\]}」』）]*+(?:[ ][\"”'’](?=\s|$))?+")
_SPACE: Final = re.compile(r"\s*+")
_NEXT_WORD: Final = re.compile(r"[\"“‘'«(\[]{0,3}([^\W_]+(?:['’.-][^\W_]+)*)?", re.ASCII)
_WORD_REACH: Final = 24
_EAST_ASIAN: Final = "\u2e80"  # kana, kanji and full-width forms stand behind this
_MARKER_REACH: Final = 12
_ATTRIBUTION_REACH: Final = 80
_CLOSERS: Final = "\"”’'»)]}」』） "
_LIST_MARKER: Final = re.compile(r"(?:[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)\]]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)$")
_INITIALS: Final = re.compile(r"[A-Z](?:\.[A-Z])*")
_NUMBER: Final = re.compile(r"\d|[IVXLC]+\b|[A-Z]\b")
# In lower case, even in a bracket or quotes, but not iPhone; or punctuation that only stands inside a sentence.
_GOES_ON: Final = re.compile(r"[\"“‘'(\[]?(?![a-z]{1,2}[A-Z])[a-zß-öø-ÿ]|[,;:.!?…)\]}%&/]")
_GLUED: Final = re.compile(r"[“\"]?(?:[A-Z][a-z]+|A|I)(?=[\s,'’])")
# After a name, glued: the name is no abbreviation, and the sentence shows itself as one (not Node.Js, Console.In).
_NAME_BEFORE: Final = re.compile(r"[A-Z][a-z]{3,}|[A-Z]{3,}")
_OPENS: Final = re.compile(r"[“\"]?([A-Z][a-z]+|A|I)\s+[a-z]{2,}")
_NAMED_ZONE: Final = re.compile(r"(?:[A-Z][a-z]+\s){1,2}time\b")
# A time with nothing said yet: At 6 p.m. Minister Sato left.
_AT_A_TIME: Final = re.compile(
    r"(?:At|By|From|Until|Since|Before|After|Around)\s(?:about\s|around\s|approximately\s)?\d{1,2}(?::\d\d)?\s[ap]\.m"
)
_ATTRIBUTION: Final = re.compile(
    r"(?:[A-Z][\w.'’-]*\s){1,3}(?:said|says|asked|asks|added|wrote|replied|told|exclaimed|cried|tweeted|reported)[.,]"
)

# A line that begins like this begins an item, if the line before it has come to an end.
_ITEM_LINE: Final = re.compile(
    r"(?:[.!?:;。…][\"”’')\]]*[^\S\n]*\n[^\S\n]*(?=(?:\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]|[-–—*])\s)|\n[^\S\n]*(?=[•・●■◆○◦▪※]))"
)

# Longer stretches than these are not held together: a long speech is cut like other text, and an opening mark whose
# partner is lost must not swallow what follows.
_LONGEST_QUOTE: Final = 300
_LONGEST_BRACKET: Final = 500


def cuts(text: str, start: int, end: int) -> list[int]:
    """Return the positions in `text[start:end]` after which a sentence ends, in order; `end` itself is implied."""
    items = [match.end() for match in _ITEM_LINE.finditer(text, start, end)]
    found: list[int] = []
    begin = start
    for item in (*items, end):
        found.extend(_Line(text, begin, item).cuts())
        found.append(item)
        begin = item
    return found


class _Line:
    """One stretch of running text, and the sentence we are in."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.end = end
        self.quotes = _quotes(text, start, end)
        self.brackets = [
            pair for pair in enclosures(text, start, end, longest=_LONGEST_BRACKET) if text[pair[0]] in BRACKETS
        ]
        self.enter(start)

    def enter(self, begin: int) -> None:
        """Begin a sentence; `first` is its first visible character."""
        self.begin = begin
        self.first = _skip_space(self.text, begin, self.end)

    def cuts(self) -> Iterator[int]:
        quotes, brackets = Walk(self.quotes), Walk(self.brackets)
        for match in _STOP.finditer(self.text, self.begin, self.end):
            at, after = match.start(), match.end()
            quote, bracket = quotes.around(at), brackets.around(at)
            if quote and after < quote[1] and self.holds(quote):
                continue
            if bracket and (after < bracket[1] or bracket[0] != self.first):
                continue
            if self.ends(at, after):
                self.enter(after)
                yield after

    def holds(self, quote: tuple[int, int]) -> bool:
        """Tell whether a quotation is part of a longer sentence, so that stops inside it are not its end."""
        if quote[0] != self.first or self.text[quote[1] - 2] == ",":
            return True
        behind = _skip_space(self.text, quote[1], self.end)
        follower = self.text[behind : behind + 1]
        return follower.islower() or follower in tuple(",;") or _attributed(self.text, behind, self.end)

    def ends(self, at: int, after: int) -> bool:
        """Decide whether the stops at `at`, closed at `after`, end the sentence."""
        text = self.text
        next_at = _skip_space(text, after, self.end)
        if next_at >= self.end:
            return False  # the end of the stretch is a cut anyway
        if next_at == after:
            return self.glued(at, after)
        return not _GOES_ON.match(text, next_at, self.end) and decide(text, self.first, at, after, next_at)

    def glued(self, at: int, after: int) -> bool:
        """Decide on a stop without a space after it: `force.The`, but not `example.com` or `No.3`."""
        word = word_before(self.text, at, self.begin)
        match = _GLUED.match(self.text, after, self.end)
        if match is None or len(word) < 2 or "." in word:
            return False
        if not (word.islower() or word.isdigit()):
            return bool(_NAME_BEFORE.fullmatch(word)) and self.opens(after)
        if self.text[at - len(word) - 1 : at - len(word)] in tuple("@/\\=&_#"):
            return False
        follower = match[0].lstrip('“"').lower()
        if word in known.NAME_PART | known.LINKS | known.BEFORE_NUMBER:
            return follower in known.OPENERS
        return follower not in known.SUFFIXES

    def opens(self, at: int) -> bool:
        """Tell whether a word that opens sentences, and then one in lower case, stand at `at`: `Japan.The summary`."""
        match = _OPENS.match(self.text, at, self.end)
        return match is not None and match[1].lower() in known.OPENERS


def word_before(text: str, at: int, begin: int) -> str:
    """Return the word in Latin letters or digits that ends at `at`, with its inner full stops: `p.m`, `U.S`, `Bush`."""
    left = at
    floor = max(begin, at - _WORD_REACH)
    while left > floor and _in_word(text[left - 1]):
        left -= 1
    return text[left:at].lstrip(".'’")


def _in_word(character: str) -> bool:
    return character in ".'’" or (character.isalnum() and (character < _EAST_ASIAN or "０" <= character <= "ｚ"))


def decide(text: str, begin: int, at: int, after: int, next_at: int) -> bool:
    """Decide whether stops at `at`, closed at `after`, end the sentence begun at `begin`.

    `next_at` is where the next word stands, after white space; it does not begin in lower case.
    """
    stops = text[at:after].rstrip(_CLOSERS)
    word = word_before(text, at, begin)
    if "?" in stops or "!" in stops:
        if word.lower() in known.EXCLAIMING:
            return False
        return after - at == len(stops) or not _attributed(text, next_at, len(text))
    if stops != ".":
        return True
    if at - begin < _MARKER_REACH and _LIST_MARKER.fullmatch(text, begin, at + 1):
        return False
    if word.lower() in known.CLOCK and _AT_A_TIME.fullmatch(text, begin, at):
        return False
    return not word or _ends_after(word, text, next_at)


def _ends_after(word: str, text: str, next_at: int) -> bool:
    """Decide by the word before the stop and the one after it."""
    low, capital = word.lower(), word[0].isupper()
    match = _NEXT_WORD.match(text, next_at, next_at + _WORD_REACH)
    follower = (match and match[1]) or ""
    if low in known.LINKS or (capital and low in known.TITLES):
        return False
    if low in known.CLOCK:
        return not (
            text[next_at] in "(["
            or text[next_at] > _EAST_ASIAN
            or follower.lower() in known.CLOCK_NEXT
            or _NAMED_ZONE.match(text, next_at, next_at + 2 * _WORD_REACH)
        )
    if capital and low in known.CALENDAR:
        return not (text[next_at].isdigit() or follower.lower() in known.MONTHS)
    if _INITIALS.fullmatch(word) or low in known.NAME_PART or (capital and low in known.CAPITAL_NAME_PART):
        return follower.lower() in known.OPENERS and not text.startswith(".", next_at + len(follower))
    return low not in known.BEFORE_NUMBER or not _NUMBER.match(text, next_at)


def _attributed(text: str, at: int, end: int) -> bool:
    """Tell whether `Smith said.` stands at `at`."""
    return bool(_ATTRIBUTION.match(text, at, min(end, at + _ATTRIBUTION_REACH)))


def _skip_space(text: str, at: int, end: int) -> int:
    match = _SPACE.match(text, at, end)
    return match.end() if match else at


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
