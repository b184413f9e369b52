"""Choices that look random and never change: all of them follow from a release's id."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Option = TypeVar("Option")

# Another edition gives every page another dress; chosen so that the corpus shows all encodings.
EDITION = "323"


class Choice:
    """A source of stable choices for one page: the same key and question give the same answer on every machine."""

    def __init__(self, key: str) -> None:
        """`key` names the page, for example `2023-05-12-visit/ja`."""
        self.key = key

    def number(self, question: str, below: int) -> int:
        """Return a number from 0 to `below` - 1."""
        digest = hashlib.sha256(f"{EDITION}/{self.key}/{question}".encode()).digest()
        return int.from_bytes(digest[:8]) % below

    def chance(self, question: str, percent: int) -> bool:
        """Return True in `percent` of a hundred keys."""
        return self.number(question, 100) < percent

    def pick(self, question: str, options: Sequence[Option]) -> Option:
        """Return one of `options`, all equally likely."""
        return options[self.number(question, len(options))]

    def weighted(self, question: str, weights: Mapping[str, int]) -> str:
        """Return one key of `weights`, as likely as its weight."""
        place = self.number(question, sum(weights.values()))
        for option, weight in weights.items():
            place -= weight
            if place < 0:
                return option
        raise AssertionError(question)
