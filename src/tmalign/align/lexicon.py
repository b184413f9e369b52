"""The aligner's lexicon: the dictionary, and word-translation probabilities learned from bitext."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.tables import WordTable, word_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]

_KNOWN_LIMIT = 1_000_000


class Lexicon:
    """Look-ups in the shipped dictionary and in the background translation table."""

    def __init__(self, dictionary: WordTable, background: WordTable) -> None:
        """Take two open tables: `weight` in the first, `to_en` and `to_ja` in the second."""
        self._dictionary = dictionary
        self._background = background
        self._known: dict[str, bool] = {}
        self.signature = f"{dictionary.name}:{dictionary.meta.get('release', '')}+{background.name}"

    def known(self, word: str) -> bool:
        """Tell whether the dictionary lists a Japanese word."""
        answer = self._known.get(word)
        if answer is None:
            if len(self._known) >= _KNOWN_LIMIT:
                self._known.clear()
            key = word_hash(word)
            keys = self._dictionary.keys
            at = int(np.searchsorted(keys, np.uint64(key)))
            answer = self._known[word] = at < len(keys) and int(keys[at]) == key
        return answer

    def links(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Flags]:
        """Return every dictionary entry between two lists of words, and which Japanese words are listed at all.

        Result: index into `ja`, index into `en`, weight in 0..1 of each entry; and a flag for each of `ja`.
        """
        table = self._dictionary
        at = table.rows(ja)
        row, column, place = table.cells(at, table.columns(en))
        return row, column, table.weights["weight"][place].astype(np.float32) / 255, at >= 0

    def probabilities(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array, Array]:
        """Return index into `ja`, index into `en`, p(en | ja) and p(ja | en) of all pairs in the background table."""
        table = self._background
        row, column, place = table.cells(table.rows(ja), table.columns(en))
        # Stored as square roots: eight bits then still tell .01 from .012.
        to_en = (table.weights["to_en"][place].astype(np.float32) / 255) ** 2
        to_ja = (table.weights["to_ja"][place].astype(np.float32) / 255) ** 2
        return row, column, to_en, to_ja


def _data(name: str) -> Path:
    return Path(str(files("tmalign") / "data" / name))


@cache
def shipped_lexicon() -> Lexicon:
    """Open the tables that come with the package, once a process."""
    return Lexicon(WordTable(_data("edict.table")), WordTable(_data("tanaka.table")))


def lexicon_with(tables: Sequence[Path]) -> Lexicon:
    """Open the tables that come with the package with the user's own laid over the dictionary, in their order."""
    dictionary = WordTable(_data("edict.table"))
    for path in tables:
        dictionary = dictionary.overlaid(WordTable(path))
    return Lexicon(dictionary, WordTable(_data("tanaka.table")))


def open_dictionary() -> Lexicon:
    """Open the dictionary alone: what learning the background table starts from."""
    dictionary = WordTable(_data("edict.table"))
    return Lexicon(dictionary, dictionary)
