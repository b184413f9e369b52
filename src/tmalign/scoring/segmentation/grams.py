"""Words, pairs and triples of both sides, each with a number: equal ones have the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Ints = np.ndarray[Any, np.dtype[np.int64]]

ORDERS: Final = 3


@dataclass(frozen=True, slots=True)
class Grams:
    """The references one after the other, then the hypothesis; a gram stands at its first token.

    `numbers` has an array an order, all of one length: the last places, where no gram begins, hold 0. Words have
    the numbers they came with, pairs and triples numbers below that length. The tokens of reference i are those from
    `first[i]` up to `first[i + 1]`.
    """

    numbers: tuple[Ints, ...]
    first: Ints

    @classmethod
    def of(cls, references: Sequence[Ints], hypothesis: Ints, size: int) -> Grams:
        """Give the grams of both sides numbers; those of the words are below `size`."""
        words = np.concatenate([*references, hypothesis])
        found = [words]
        for order in range(1, ORDERS):
            numbers = np.zeros(len(words), dtype=np.int64)
            longer = found[-1][: max(len(words) - order, 0)] * size + words[order:]
            numbers[: len(longer)] = np.unique(longer, return_inverse=True)[1]
            found.append(numbers)
        first = np.cumsum([0, *map(len, references)], dtype=np.int64)
        return cls(tuple(found), first)

    @property
    def hypothesis(self) -> tuple[Ints, ...]:
        """The words, pairs and triples of the hypothesis."""
        begin = int(self.first[-1])
        return tuple(self._between(begin, len(self.numbers[0])))

    def reference(self, segment: int) -> tuple[Ints, ...]:
        """Return the words, pairs and triples of a reference segment."""
        return tuple(self._between(int(self.first[segment]), int(self.first[segment + 1])))

    def _between(self, begin: int, end: int) -> list[Ints]:
        return [numbers[begin : max(end - order, begin)] for order, numbers in enumerate(self.numbers)]
