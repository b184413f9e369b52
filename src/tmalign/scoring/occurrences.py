"""Where terms stand in a text: Japanese by characters or lemmas, English by stems in one spelling, longest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tmalign.terms.english_tokens import english_key
from tmalign.text.width import fold
from tmalign.text.words import english_tokens, morphemes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.model import Language

_ARTICLE: Final = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)
# Short words in capitals are acronyms: US is not us, and IT is not it.
_ACRONYM: Final = re.compile(r"[A-Z][A-Z&]{0,4}")
_DOTTED: Final = re.compile(r"\b(?:[A-Za-z]\.){2,}")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A form found in a text: its number among the forms, and the span in characters (Japanese) or words (English)."""

    form: int
    start: int
    end: int


class FormIndex:
    """Finds many forms in texts of one language. Forms that no text can hold (punctuation alone) are never found."""

    def __init__(self, forms: Sequence[str], language: Language) -> None:
        """Index the forms by their first character, first lemma or first stem."""
        self.language = language
        self._characters: dict[str, list[tuple[str, int]]] = {}
        self._words: dict[str, list[tuple[Key, int]]] = {}
        self._acronyms: set[int] = set()
        for number, form in enumerate(forms):
            if language == "ja":
                self._add_japanese(form, number)
            else:
                self._add_english(form, number)

    def _add_japanese(self, form: str, number: int) -> None:
        text = fold(form.strip()).text
        if not text:
            return
        self._characters.setdefault(text[0], []).append((text, number))
        lemmas = tuple(morpheme.lemma for morpheme in morphemes(text))
        if lemmas:
            self._words.setdefault(lemmas[0], []).append((lemmas, number))

    def _add_english(self, form: str, number: int) -> None:
        text = _plain(_ARTICLE.sub("", form.strip(), count=1))
        stems = tuple(english_key(token.surface) for token in english_tokens(text))
        if stems:
            self._words.setdefault(stems[0], []).append((stems, number))
            if _ACRONYM.fullmatch(text):
                self._acronyms.add(number)

    def find(self, text: str) -> list[Occurrence]:
        """Return every place of every form, overlapping ones too, by start, longer ones first."""
        found = self._in_japanese(text) if self.language == "ja" else self._in_english(text)
        return sorted(set(found), key=lambda one: (one.start, -one.end, one.form))

    def _in_japanese(self, text: str) -> Iterator[Occurrence]:
        text = fold(text).text
        hits = [
            Occurrence(number, start, start + len(form))
            for start, character in enumerate(text)
            for form, number in self._characters.get(character, ())
            if text.startswith(form, start)
        ]
        words = morphemes(text)
        # A form that begins or ends inside a word the dictionary knows is another word's part: 京都 in 東京都.
        inside = {
            position
            for word in words
            if word.reading
            for position in range(word.start + 1, word.start + len(word.surface))
        }
        yield from (hit for hit in hits if hit.start not in inside and hit.end not in inside)
        lemmas = [word.lemma for word in words]
        for position, key, number in _runs(lemmas, self._words):
            last = words[position + len(key) - 1]
            yield Occurrence(number, words[position].start, last.start + len(last.surface))

    def _in_english(self, text: str) -> Iterator[Occurrence]:
        tokens = english_tokens(_plain(text))
        for position, key, number in _runs([english_key(token.surface) for token in tokens], self._words):
            if number not in self._acronyms or tokens[position].surface.isupper():
                yield Occurrence(number, position, position + len(key))


def _plain(text: str) -> str:
    """Return English text in one width, abbreviations without their dots: U.S. is US."""
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), fold(text, case=False).text)


def _runs(words: Sequence[str], index: dict[str, list[tuple[Key, int]]]) -> Iterator[tuple[int, Key, int]]:
    """Yield (position, key, number) wherever a key stands among the words."""
    for position, word in enumerate(words):
        for key, number in index.get(word, ()):
            if tuple(words[position : position + len(key)]) == key:
                yield position, key, number


def leftmost_longest(found: Iterable[Occurrence]) -> list[Occurrence]:
    """Choose occurrences from left to right, the longest at each place, none overlapping; all forms of one span stay.

    `found` is in the order `FormIndex.find` gives.
    """
    chosen: list[Occurrence] = []
    for one in found:
        if not chosen or one.start >= chosen[-1].end or (one.start, one.end) == (chosen[-1].start, chosen[-1].end):
            chosen.append(one)
    return chosen
