"""Where terms stand in a text: Japanese phrases by their forms, English renderings by their words.

A rendering is found in any width, case, spelling (defence, defense) and inflection (attempt, attempts); articles and
other words without content do not count, so `a change of the status quo` holds `change to the status quo`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.terms.english_tokens import english_key
from tmalign.terms.entry import term_key
from tmalign.text.width import fold
from tmalign.text.words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tmalign.term_model import TermEntry

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:'[^\W\d_]+)?")
_KANJI = re.compile("[㐀-䶿一-鿿豈-﫿々〆ヶ]")
# What follows such a word in a rendering is no longer its head: the Ministry, of Foreign Affairs.
_AFTER_HEAD = re.compile(r"\b(?:of|for|on|to|in|with|between|against|concerning|regarding)\b", re.IGNORECASE)
_POINTER = re.compile(r"\b(?:the|this|these|those|such|its|our|their|said)\s+$", re.IGNORECASE)
# So short a phrase is often but a part of another word: 大使 in 大使館.
_SHORT = 3
# A rendering of so many words of content may have one more word inside.
_LONG = 4


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term in a Japanese text: characters `start` to `end`."""

    entry: TermEntry
    start: int
    end: int


class TermFinder:
    """Finds the longest terms in Japanese text, from left to right, none inside another."""

    def __init__(self, entries: Iterable[TermEntry]) -> None:
        """Take the terms to look for; where two have one form, the first one has it."""
        self._forms: dict[str, dict[str, TermEntry]] = {}
        for entry in entries:
            for form in (entry.ja, *entry.variants):
                key = term_key(form)
                if len(key) > 1:
                    self._forms.setdefault(key[:2], {}).setdefault(key, entry)
        self._ordered = {start: sorted(forms, key=len, reverse=True) for start, forms in self._forms.items()}

    def find(self, text: str) -> list[TermHit]:
        """Return the terms of a text in reading order."""
        folded = fold(text, kana=True)
        here, hits, position = folded.text, [], 0
        while position < len(here) - 1:
            form = self._at(here, position)
            if form is None:
                position += 1
                continue
            entry = self._forms[form[:2]][form]
            hits.append(TermHit(entry, *folded.source_span(position, position + len(form))))
            position += len(form)
        return hits

    def _at(self, text: str, position: int) -> str | None:
        """Return the longest form that stands here."""
        for form in self._ordered.get(text[position : position + 2], ()):
            end = position + len(form)
            if text.startswith(form, position) and _apart(
                text, position, end, named=self._forms[form[:2]][form].kind == "organisation"
            ):
                return form
        return None


def _apart(text: str, start: int, end: int, *, named: bool) -> bool:
    """Tell whether a phrase stands by itself: no katakana or Latin word is cut, no short kanji word inside a longer."""
    before, after = text[start - 1 : start], text[end : end + 1]
    first, last = text[start], text[end - 1]
    if _same_word(before, first) or _same_word(last, after):
        return False
    if end - start > _SHORT:
        return True
    if _KANJI.match(first) and _KANJI.match(before):
        return False
    # An organisation's part begins with its name: 防衛省大臣官房.
    return named or not (_KANJI.match(last) and _KANJI.match(after))


def _same_word(left: str, right: str) -> bool:
    """Tell whether two neighbours belong to one katakana or Latin word."""
    if not left or not right:
        return False
    latin = left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
    # Folded text has katakana for hiragana, so particles look the same: only the long mark binds for sure.
    return latin or right == "ー"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of an English text: its key, and characters `start` to `end` of the text as it was given."""

    key: str
    start: int
    end: int


class EnglishText:
    """An English text, analysed once, in which renderings are looked for."""

    def __init__(self, text: str) -> None:
        """Analyse the text."""
        self.text = text
        self._words = _words(text)
        self._keys = [word.key for word in self._words]
        self._starts: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            self._starts.setdefault(key, []).append(number)

    def spans(self, rendering: str) -> list[tuple[int, int]]:
        """Return the places of a rendering, characters [start, end), in reading order."""
        wanted = list(content(rendering))
        if not wanted:
            # Nothing but words without content: they must stand as they are.
            return self._plain(rendering)
        found = []
        for start in self._starts.get(wanted[0], ()):
            last = self._follow(start, wanted)
            if last is not None:
                found.append((self._words[start].start, self._words[last].end))
        return found

    @property
    def size(self) -> int:
        """Return how many words of content the text has."""
        return len(self._words)

    def takes_up(self, rendering: str, *, named_before: bool) -> bool:
        """Tell whether the text refers to a rendering in short: `the Ministry`, if named before `such capabilities`.

        Without an earlier mention the short form must be a name, with a capital.
        """
        head = content(_AFTER_HEAD.split(rendering)[0])[-1:]
        return len(content(rendering)) > 1 and any(
            word.key in head
            and (named_before or self.text[word.start].isupper())
            and _POINTER.search(self.text[: word.start])
            for word in self._words
        )

    def holds(self, rendering: str) -> bool:
        """Tell whether a rendering stands in the text."""
        return bool(self.spans(rendering))

    def _follow(self, start: int, wanted: list[str]) -> int | None:
        """Return the word with which the rendering that begins at `start` ends; None where it does not stand there."""
        position, spare = start, 1 if len(wanted) >= _LONG else 0
        for key in wanted[1:]:
            position += 1
            if position < len(self._keys) and self._keys[position] != key and spare:
                spare -= 1
                position += 1
            if position >= len(self._keys) or self._keys[position] != key:
                return None
        return position

    def _plain(self, rendering: str) -> list[tuple[int, int]]:
        """Find a rendering letter by letter, case and width aside, on word borders."""
        folded = fold(self.text)
        key = fold(rendering).text.strip()
        if not key:
            return []
        pattern = rf"(?<![^\W_]){re.escape(key)}(?![^\W_])"
        return [folded.source_span(*match.span()) for match in re.finditer(pattern, folded.text)]


_RENDERINGS: dict[str, tuple[str, ...]] = {}
_RENDERINGS_LIMIT = 400_000


def content(rendering: str) -> tuple[str, ...]:
    """Return the keys of a rendering's words of content, analysed once."""
    known = _RENDERINGS.get(rendering)
    if known is None:
        if len(_RENDERINGS) >= _RENDERINGS_LIMIT:
            _RENDERINGS.clear()
        known = _RENDERINGS[rendering] = tuple(word.key for word in _words(rendering))
    return known


def _words(text: str) -> list[_Word]:
    """Return the words of content of a text."""
    folded = fold(text, case=False)
    words = []
    for match in _WORD.finditer(folded.text):
        word = match.group()
        low = word.lower().removesuffix("'s")
        if low in STOP_WORDS and not (word.isupper() and len(word) > 1):
            continue
        words.append(_Word(english_key(word), *folded.source_span(*match.span())))
    return words


def is_short(rendering: str) -> bool:
    """Tell whether a rendering is or holds a short form in capitals: UNCLOS, IUU fishing, UN Security Council."""
    return any(sum(map(str.isupper, word)) > 1 for word in rendering.split())
