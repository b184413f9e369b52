"""Tokens that hypothesis and reference are compared by, as numbers, with the way back to the characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.text.width import normalise
from tmalign.text.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.model import Language

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

# A Japanese character is a token (no analysis to disagree about), a run of other letters and digits is one,
# and so is every sign: a cut never falls inside a word or a number.
_CJK: Final = "々〆\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_TOKEN: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[.,'’-][^\W_{_CJK}]+)*|\S")


@dataclass(frozen=True, slots=True)
class Material:
    """A hypothesis and its reference segments, as token numbers.

    `starts` and `ends` are the character span of every token of `text`; `words` its number below `size`.
    `references[i]` are the numbers of segment i. `rarity` runs from 0 to 1, by number.
    """

    text: str
    language: Language
    starts: Ints
    ends: Ints
    words: Ints
    references: tuple[Ints, ...]
    reference_texts: tuple[str, ...]
    size: int
    share: Floats
    rarity: Floats

    def __len__(self) -> int:
        """Return how many tokens the hypothesis has: it can be cut at positions 0 to this."""
        return len(self.words)


def spans(text: str) -> tuple[Ints, Ints]:
    """Return where the tokens of a text start and end; white space lies between them."""
    found = np.array([match.span() for match in _TOKEN.finditer(text)], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def material(text: str, references: Sequence[str], language: Language) -> Material:
    """Give the tokens of both sides numbers; what differs only in width, case or English ending has one number."""
    numbers: dict[str, int] = {}
    known: dict[str, int] = {}

    def number(surface: str) -> int:
        found = known.get(surface)
        if found is None:
            key = normalise(surface).casefold()
            if language == "en" and key.isalpha():
                key = stem(key)
            found = known[surface] = numbers.setdefault(key, len(numbers))
        return found

    def numbered(piece: str, starts: Ints, ends: Ints) -> Ints:
        places = zip(starts.tolist(), ends.tolist(), strict=True)
        return np.array([number(piece[a:b]) for a, b in places], dtype=np.int64)

    starts, ends = spans(text)
    words = numbered(text, starts, ends)
    theirs = tuple(numbered(reference, *spans(reference)) for reference in references)
    count: Floats = np.bincount(np.concatenate([words, *theirs]), minlength=len(numbers)).astype(np.float64) + 0.5
    total = float(count.sum()) + 2.0
    rarity: Floats = np.log(total / count) / float(np.log(total))
    return Material(text, language, starts, ends, words, theirs, tuple(references), len(numbers), count / total, rarity)
