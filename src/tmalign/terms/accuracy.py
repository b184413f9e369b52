"""How well mining does against a list of phrase pairs: keys that compare phrases, recall by frequency.

Two phrases count as the same where their keys are equal: inflection, width, spelling, articles and possessives do not
count, nor do particles and auxiliaries at the edges of the Japanese, nor prepositions and `that` at those of the
English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.terms.english_tokens import tokenise_english
from tmalign.terms.japanese_tokens import tokenise_japanese
from tmalign.terms.tokens import BEGIN, CONTENT, END

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.terms.mined import MinedTerm


def japanese_phrase_key(text: str) -> tuple[str, ...]:
    """Return the base forms from the first to the last word that may stand at an edge."""
    return _key([(t.key, bool(t.flags & (CONTENT | BEGIN | END))) for t in tokenise_japanese(text).tokens])


def english_phrase_key(text: str) -> tuple[str, ...]:
    """Return the stems from the first to the last word of content."""
    return _key([(t.key, bool(t.flags & CONTENT)) for t in tokenise_english(text).tokens])


def _key(tokens: Sequence[tuple[str, bool]]) -> tuple[str, ...]:
    places = [k for k, (_, edge) in enumerate(tokens) if edge]
    if not places:
        return tuple(key for key, _ in tokens)
    return tuple(key for key, _ in tokens[places[0] : places[-1] + 1])


@dataclass(frozen=True, slots=True)
class PhrasePair:
    """A phrase pair that mining should find: its kind, all forms of each side, and where the pair stands."""

    kind: str
    ja: tuple[str, ...]
    en: tuple[str, ...]


class _Alphabet:
    """Keys as characters, so that a phrase is looked for in a text as one string in another."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def spell(self, keys: Iterable[str]) -> str:
        """Return the keys as a string, a character a key."""
        return "".join(self._letters.setdefault(key, chr(len(self._letters))) for key in keys)


@dataclass(frozen=True, slots=True)
class PhraseCount:
    """Where a pair stands: numbers of units, of those in which its Japanese stands outside longer pairs, and forms.

    `forms` maps a Japanese and an English form to the number of units that hold both; every form counts there.
    """

    units: tuple[int, ...]
    alone: tuple[int, ...]
    forms: dict[tuple[str, str], int]


def count_phrases(pairs: Sequence[PhrasePair], units: Iterable[tuple[str, str]]) -> list[PhraseCount]:
    """Count each pair in the units (Japanese, English), in any form and inflection."""
    alphabet = _Alphabet()
    texts = [
        (alphabet.spell(tokenise_japanese(ja).keys), alphabet.spell(tokenise_english(en).keys)) for ja, en in units
    ]
    ja_keys = [{form: alphabet.spell(japanese_phrase_key(form)) for form in pair.ja} for pair in pairs]
    en_keys = [{form: alphabet.spell(english_phrase_key(form)) for form in pair.en} for pair in pairs]
    every = [key for keys in ja_keys for key in keys.values()]
    found: list[PhraseCount] = []
    for left, right in zip(ja_keys, en_keys, strict=True):
        own = set(left.values())
        longer = [key for key in every if key not in own and any(short in key for short in own)]
        numbers, alone = [], []
        forms: dict[tuple[str, str], int] = {}
        for number, (ja, en) in enumerate(texts):
            here_ja = [form for form, key in left.items() if key and key in ja]
            here_en = [form for form, key in right.items() if key and key in en]
            if not here_ja or not here_en:
                continue
            numbers.append(number)
            for a in here_ja:
                for b in here_en:
                    forms[a, b] = forms.get((a, b), 0) + 1
            spans = [span for form in here_ja for span in _spans(left[form], ja)]
            covers = [span for key in longer for span in _spans(key, ja)]
            if any(not any(a <= c and d <= b for a, b in covers) for c, d in spans):
                alone.append(number)
        found.append(PhraseCount(tuple(numbers), tuple(alone), forms))
    return found


def _spans(key: str, text: str) -> list[tuple[int, int]]:
    """Return every place of a key in a text, overlapping ones too."""
    places = []
    at = text.find(key)
    while at >= 0:
        places.append((at, at + len(key)))
        at = text.find(key, at + 1)
    return places


@dataclass(frozen=True, slots=True)
class Found:
    """A listed pair that recurs, the units in which it stands, its place in the ranking or None."""

    pair: PhrasePair
    units: int
    rank: int | None


def recall(pairs: Sequence[PhrasePair], units: Sequence[tuple[str, str]], terms: Sequence[MinedTerm]) -> list[Found]:
    """Look up every listed pair that stands in two units or more: any form of one side with any of the other."""
    places: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for rank, term in enumerate(terms):
        ja_keys = {japanese_phrase_key(form) for form in (term.ja, *term.variants)}
        en_keys = {english_phrase_key(form) for r in term.renderings for form in (r.en, *r.variants)}
        for a in ja_keys:
            for b in en_keys:
                places.setdefault((a, b), rank)
    found = []
    for pair, counted in zip(pairs, count_phrases(pairs, units), strict=True):
        if len(counted.units) >= 2:
            keys = [(japanese_phrase_key(a), english_phrase_key(b)) for a in pair.ja for b in pair.en]
            ranks = [places[key] for key in keys if key in places]
            found.append(Found(pair, len(counted.units), min(ranks, default=None)))
    return found
