"""The aligner's lexicon: the dictionary, and word-translation probabilities learned from bitext."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.tables import WordTable, word_hash, word_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.association import Vocabulary

    Array = np.ndarray[Any, np.dtype[np.float32]]

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

    def mark(
        self,
        weight: Array,
        words: Sequence[str],
        en: Vocabulary,
        scale: Array,
        rows: np.ndarray[Any, np.dtype[np.int64]] | None = None,
    ) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Raise `weight[row, column]` to the dictionary's weight times `scale`; return which words are listed."""
        table = self._dictionary
        at = table.rows(word_hashes(words))
        row, column, place = table.cells(at, table.columns(word_hashes(en.index)))
        value = table.weights["weight"][place].astype(np.float32) / 255 * scale[row]
        np.maximum.at(weight, (row if rows is None else rows[row], column), value)
        return at >= 0

    def links(
        self, ja: np.ndarray[Any, np.dtype[np.uint64]], en: np.ndarray[Any, np.dtype[np.uint64]]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], Array]:
        """Return every dictionary entry between two lists of words: row, column, weight."""
        table = self._dictionary
        row, column, place = table.cells(table.rows(ja), table.columns(en))
        return row, column, table.weights["weight"][place].astype(np.float32) / 255

    def probabilities(
        self,
        ja: np.ndarray[Any, np.dtype[np.uint64]],
        en: np.ndarray[Any, np.dtype[np.uint64]],
        shape: tuple[int, int],
    ) -> tuple[Array, Array]:
        """Return p(en | ja) and p(ja | en) for all pairs of units, [ja, en]."""
        to_en, to_ja = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
        row, column, forward, backward = self.probability_cells(ja, en)
        to_en[row, column], to_ja[row, column] = forward, backward
        return to_en, to_ja

    def probability_cells(
        self, ja: np.ndarray[Any, np.dtype[np.uint64]], en: np.ndarray[Any, np.dtype[np.uint64]]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], Array, Array]:
        """Return every background entry between two lists of words: row, column, p(en | ja), p(ja | en)."""
        table = self._background
        row, column, place = table.cells(table.rows(ja), table.columns(en))
        # Stored as square roots: eight bits then still tell .01 from .012.
        forward = (table.weights["to_en"][place].astype(np.float32) / 255) ** 2
        backward = (table.weights["to_ja"][place].astype(np.float32) / 255) ** 2
        return row, column, forward, backward


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
