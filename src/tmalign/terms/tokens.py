"""Tokens for mining: both sides of a unit as keys that inflection, width and spelling do not change.

A Japanese key is the morpheme's base form, an English one the stem of the American spelling. What may begin or end a
phrase is written beside each token as flags.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

# CONTENT takes part in word links. BEGIN and END may stand at a phrase's edges; nothing with ALONE stands there
# beside other words. BREAK: the text is cut before this token, no phrase crosses. GLUED belongs to the token before
# it. VERB ends a formula; PREDICATE also marks nouns that する makes verbs. NOUN, NAME and RANK tell of compounds,
# CASE of particles that part a clause, ABSORBED of auxiliaries that a formula takes up, COPULA of those that end a
# nominal clause.
CONTENT, BEGIN, END, ALONE, BREAK, GLUED, VERB, PREDICATE, NOUN, NAME, RANK, PARTICLE, CASE, ABSORBED, COPULA = (
    1 << bit for bit in range(15)
)


class Token(NamedTuple):
    """A token: its key, the characters [start, end) of the folded text, and its flags."""

    key: str
    start: int
    end: int
    flags: int


@dataclass(frozen=True, slots=True)
class TokenisedText:
    """One side of a unit: the text with its width folded (case kept), a way back, and the tokens."""

    source: str
    text: str
    tokens: tuple[Token, ...]
    offsets: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the source behind characters of `text`."""
        if not self.offsets or start >= end:
            return start, end
        return self.offsets[start][0], self.offsets[end - 1][1]
