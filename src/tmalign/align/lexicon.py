"""The aligner's lexicon: the dictionary with its kin, and word-translation probabilities learned from bitext."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.headwords import Headwords
from tmalign.align.kinship import Kinship
from tmalign.align.tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Lexicon:
    """Look-ups in the dictionary, in its kinship, and in tables of translation probabilities."""

    def __init__(
        self,
        dictionary: WordTable,
        background: WordTable,
        kinship: Kinship | None = None,
        corpus: WordTable | None = None,
        *,
        known: Headwords | None = None,
    ) -> None:
        """Take open tables: `weight` in the first, `to_en` and `to_ja` in the others.

        `background` is learned from bitext at large, `corpus` from the texts at hand; where both know a pair, the
        second holds. `known` tells whether the dictionary lists a Japanese word.
        """
        self._dictionary = dictionary
        self._background = background
        self._kinship = kinship
        self._corpus = corpus
        self.known = known or Headwords(dictionary.keys)
        self.signature = f"{dictionary.name}:{dictionary.meta.get('release', '')}+{background.name}"
        if corpus is not None:
            self.signature += f"+{corpus.name}"

    def learned(self, corpus: WordTable | None) -> Lexicon:
        """Return this lexicon with another corpus's table, or without one."""
        return Lexicon(self._dictionary, self._background, self._kinship, corpus, known=self.known)

    def links(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Flags]:
        """Return every dictionary entry between two lists of words, and which Japanese words are listed at all.

        Result: index into `ja`, index into `en`, weight in 0..1 of each entry; and a flag for each of `ja`.
        """
        table = self._dictionary
        at = table.rows(ja)
        row, column, place = table.cells(at, table.columns(en))
        return row, column, table.weights["weight"][place].astype(np.float32) / 255, at >= 0

    def akin(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array]:
        """Return index into `ja`, index into `en` and weight of the pairs that are akin to dictionary entries."""
        if self._kinship is None:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, np.zeros(0, dtype=np.float32)
        return self._kinship.links(ja, en)

    def probabilities(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Array]:
        """Return index into `ja`, index into `en`, p(en | ja), p(ja | en) of all pairs that bitext knows, each once."""
        background, corpus = self.background(ja, en), self.corpus(ja, en)
        if corpus is None:
            return background
        row, column = (np.concatenate([corpus[k], background[k]]) for k in (0, 1))
        to_en, to_ja = (np.concatenate([corpus[k], background[k]]) for k in (2, 3))
        # `unique` takes the first of equals: the corpus's.
        _, first = np.unique(row * max(1, len(en)) + column, return_index=True)
        return row[first], column[first], to_en[first], to_ja[first]

    def background(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Array]:
        """Return what `probabilities` does, of bitext at large alone; in the order of `ja`."""
        return _probabilities(self._background, ja, en)

    def corpus(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Array] | None:
        """Return what `probabilities` does, of the texts at hand alone; None where nothing was learned from them."""
        return None if self._corpus is None else _probabilities(self._corpus, ja, en)


def _probabilities(table: WordTable, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Array]:
    row, column, place = table.cells(table.rows(ja), table.columns(en))
    # Stored as square roots: eight bits then still tell .01 from .012.
    to_en = (table.weights["to_en"][place].astype(np.float32) / 255) ** 2
    to_ja = (table.weights["to_ja"][place].astype(np.float32) / 255) ** 2
    return row, column, to_en, to_ja


def _data(name: str) -> Path:
    return Path(str(files("tmalign") / "data" / name))


def _shipped() -> tuple[WordTable, WordTable, Kinship]:
    dictionary = WordTable(_data("edict.table"))
    return dictionary, WordTable(_data("tanaka.table")), Kinship(dictionary, WordTable(_data("kinship.table")))


@cache
def shipped_lexicon() -> Lexicon:
    """Open the tables that come with the package, once a process."""
    return Lexicon(*_shipped())


def lexicon_with(tables: Sequence[Path]) -> Lexicon:
    """Open the tables that come with the package with the user's own laid over the dictionary, in their order."""
    dictionary, background, kinship = _shipped()
    for path in tables:
        dictionary = dictionary.overlaid(WordTable(path))
    return Lexicon(dictionary, background, kinship)


def open_dictionary() -> Lexicon:
    """Open the dictionary alone: what learning the background table starts from."""
    dictionary = WordTable(_data("edict.table"))
    return Lexicon(dictionary, dictionary)
