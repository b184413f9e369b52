"""Tokens that hypothesis and reference are compared by, as numbers, with the way back to the characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.scoring.segmentation.grams import Grams
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
_TOKEN: Final = re.compile(rf"([{_CJK}]|[^\W_{_CJK}]+(?:[.,'’-][^\W_{_CJK}]+)*|\S)")


@dataclass(frozen=True, slots=True)
class Material:
    """A hypothesis and its reference segments, as token numbers.

    `starts` and `ends` are the character span of every token of `text`; `words` its number below `size`.
    `references[i]` are the numbers of segment i; all of them stand in `joined`, a paragraph each, with the spans
    `joined_starts` and `joined_ends`. `rarity` runs from 0 to 1, by number.
    """

    text: str
    language: Language
    starts: Ints
    ends: Ints
    words: Ints
    references: tuple[Ints, ...]
    reference_texts: tuple[str, ...]
    joined: str
    joined_starts: Ints
    joined_ends: Ints
    grams: Grams
    size: int
    share: Floats
    rarity: Floats

    def __len__(self) -> int:
        """Return how many tokens the hypothesis has: it can be cut at positions 0 to this."""
        return len(self.words)


def spans(text: str) -> tuple[Ints, Ints]:
    """Return where the tokens of a text start and end; white space lies between them."""
    return tokenised(text)[1:]


def tokenised(text: str) -> tuple[list[str], Ints, Ints]:
    """Return the tokens of a text with their spans."""
    # Gaps and tokens by turns: lengths that sum to the places, at half the time that matches take.
    parts = _TOKEN.split(text)
    lengths = np.fromiter(map(len, parts), np.int64, len(parts))
    at = np.cumsum(lengths)
    return parts[1::2], at[:-1:2], at[1::2]


class _Numbers(dict[str, int]):
    """Numbers of tokens; what differs only in width, case or English ending has one number."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.keys_of: dict[str, int] = {}
        self.language = language

    def __missing__(self, surface: str) -> int:
        key = normalise(surface).casefold()
        if self.language == "en" and key.isalpha():
            key = stem(key)
        found = self[surface] = self.keys_of.setdefault(key, len(self.keys_of))
        return found

    def of(self, tokens: list[str]) -> Ints:
        """Return the number of each token."""
        return np.array([self[token] for token in tokens], dtype=np.int64)


def material(text: str, references: Sequence[str], language: Language) -> Material:
    """Give the tokens of both sides numbers; what differs only in width, case or English ending has one number."""
    numbers = _Numbers(language)
    surfaces, starts, ends = tokenised(text)
    words = numbers.of(surfaces)
    # White space around each, so that no token reaches from one into the next.
    joined = "\n\n".join(references)
    surfaces, joined_starts, joined_ends = tokenised(joined)
    begins = np.cumsum([0, *(len(reference) + 2 for reference in references)])
    theirs = np.split(numbers.of(surfaces), np.searchsorted(joined_starts, begins[1:-1]))[: len(references)]
    size = len(numbers.keys_of)
    count: Floats = np.bincount(np.concatenate([words, *theirs]), minlength=size).astype(np.float64) + 0.5
    total = float(count.sum()) + 2.0
    return Material(
        text=text,
        language=language,
        starts=starts,
        ends=ends,
        words=words,
        references=tuple(theirs),
        reference_texts=tuple(references),
        joined=joined,
        joined_starts=joined_starts,
        joined_ends=joined_ends,
        grams=Grams.of(theirs, words, size),
        size=size,
        share=count / total,
        rarity=np.log(total / count) / float(np.log(total)),
    )
