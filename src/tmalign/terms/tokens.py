"""Tokens for mining: both sides of a unit as keys that inflection, width and spelling do not change.

A Japanese key is the morpheme's base form, an English one the stem of the American spelling. What may begin or end a
phrase is written beside each token as flags.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, overload

from tmalign.text.width import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# CONTENT takes part in word links. BEGIN and END may stand at a phrase's edges; nothing with ALONE stands there
# beside other words. BREAK: the text is cut before this token, no phrase crosses. GLUED belongs to the token before
# it. VERB ends a formula; PREDICATE also marks nouns that する makes verbs, and English words that stand as verbs.
# NOUN, NAME and RANK tell of compounds, CASE of particles that part a clause, COMMA of an English comma before the
# token, ABSORBED of auxiliaries that a formula takes up, COPULA of those that end a nominal clause.
CONTENT, BEGIN, END, ALONE, BREAK, GLUED, VERB, PREDICATE, NOUN, NAME, RANK, PARTICLE, CASE, ABSORBED, COPULA, COMMA = (
    1 << bit for bit in range(16)
)


class Token(NamedTuple):
    """A token: its key, the characters [start, end) of the folded text, and its flags."""

    key: str
    start: int
    end: int
    flags: int


class Tokens(Sequence[Token]):
    """The tokens of a text, read from keys and numbers."""

    def __init__(self, keys: tuple[str, ...], numbers: array[int]) -> None:
        """Look at the arrays of a text."""
        self._keys = keys
        self._numbers = numbers

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> list[Token]: ...
    def __getitem__(self, place: int | slice) -> Token | list[Token]:
        """Return one token, or those of a slice."""
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self._keys)))]
        key = self._keys[place]
        at = 3 * (place % len(self._keys))
        return Token(key, *self._numbers[at : at + 3])


@dataclass(frozen=True, slots=True)
class TokenisedText:
    """One side of a unit: the text with its width folded (case kept), a way back, and the tokens.

    Tokens are kept as keys and one array of numbers (start, end, flags of each): objects for the tokens of a large
    memory would take ten times the room.
    """

    source: str
    text: str
    keys: tuple[str, ...]
    numbers: array[int] = field(repr=False)
    offsets: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    @property
    def tokens(self) -> Tokens:
        """Return the tokens as objects, made when they are asked for."""
        return Tokens(self.keys, self.numbers)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the source behind characters of `text`."""
        if not self.offsets or start >= end:
            return start, end
        return self.offsets[start][0], self.offsets[end - 1][1]


_KEYS: dict[str, str] = {}
_KEYS_LIMIT = 1_000_000


def tokenised(source: str, tokens: Iterable[Token]) -> TokenisedText:
    """Lay out the tokens of a text; equal keys share one string."""
    folded = fold(source, case=False)
    if len(_KEYS) > _KEYS_LIMIT:
        _KEYS.clear()
    keys: list[str] = []
    numbers = array("i")
    for token in tokens:
        keys.append(_KEYS.setdefault(token.key, token.key))
        numbers.extend(token[1:])
    return TokenisedText(source, folded.text, tuple(keys), numbers, folded.offsets)
