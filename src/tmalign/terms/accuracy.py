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


def within(key: tuple[str, ...], text: tuple[str, ...]) -> bool:
    """Tell whether the key stands in a row of keys."""
    size = len(key)
    return bool(size) and any(text[k : k + size] == key for k in range(len(text) - size + 1))


def frequencies(pairs: Sequence[PhrasePair], units: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Return for each pair the numbers of the units that hold it on both sides, in any form and inflection."""
    keyed = [
        (tuple(t.key for t in tokenise_japanese(ja).tokens), tuple(t.key for t in tokenise_english(en).tokens))
        for ja, en in units
    ]
    found: list[list[int]] = []
    for pair in pairs:
        ja_keys = [japanese_phrase_key(form) for form in pair.ja]
        en_keys = [english_phrase_key(form) for form in pair.en]
        found.append(
            [
                number
                for number, (ja, en) in enumerate(keyed)
                if any(within(key, ja) for key in ja_keys) and any(within(key, en) for key in en_keys)
            ]
        )
    return found
