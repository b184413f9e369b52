"""English words that share Japanese translations: what a translator may have chosen in place of the listed word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.tables import COMPILED, as_places, ranges

if TYPE_CHECKING:
    from typing import Any

    from tmalign.align.tables import WordTable

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]

if COMPILED:
    from tmalign.align import _tables

_SCALE = 2.5  # a cosine of .2 already says much
_MOST = 0.6  # but kin is less than the word itself
_LEAST = 0.05


class Kinship:
    """Links of Japanese words to English ones by way of a third: dictionary times kinship of stems.

    `kin` is a table of stem by stem over the stems of `dictionary`, compiled by scripts/compile_kinship.
    """

    def __init__(self, dictionary: WordTable, kin: WordTable) -> None:
        """Take two open tables; raises `ValueError` where they do not have the same stems."""
        if len(dictionary.stems) != len(kin.stems):
            raise ValueError("the kinship table is not of this dictionary")
        self._dictionary = dictionary
        self._kin = kin

    def links(self, ja: Hashes, en: Hashes, *, compiled: bool = COMPILED) -> tuple[Ints, Ints, Array]:
        """Return index into `ja`, index into `en` and weight in 0..1 of all pairs that are akin, each once."""
        if not compiled:
            return self._links(ja, en)
        words, kin = self._dictionary, self._kin
        rows = as_places(words.rows(ja)), as_places(kin.rows(en))
        found = _tables.akin(*_parts(words), *_parts(kin), *rows, len(words.stems), _SCALE, _MOST, _LEAST)
        row, column = (np.frombuffer(part, dtype=np.int64) for part in found[:2])
        return row, column, np.frombuffer(found[2], dtype=np.float32)

    def _links(self, ja: Hashes, en: Hashes) -> tuple[Ints, Ints, Array]:
        """Do what `links` does in NumPy."""
        word, stem, weight = _cells(self._dictionary, self._dictionary.rows(ja))
        target, near, cosine = _cells(self._kin, self._kin.rows(en))
        order = np.argsort(near, kind="stable")
        near = near[order]
        begin, end = np.searchsorted(near, stem), np.searchsorted(near, stem, side="right")
        count = end - begin
        at = order[ranges(begin, count)]
        pair = np.repeat(word, count) * max(1, len(en)) + target[at]
        cell, place = np.unique(pair, return_inverse=True)
        strength = np.bincount(place, np.repeat(weight, count) * cosine[at], len(cell))
        strength = np.minimum(_SCALE * strength, _MOST).astype(np.float32)
        keep = strength >= _LEAST
        return cell[keep] // max(1, len(en)), cell[keep] % max(1, len(en)), strength[keep]


def _parts(table: WordTable) -> tuple[Any, Any, int, Any]:
    """Return a table as compiled code takes it."""
    return table.start, table.column, table.column.itemsize, table.weights["weight"]


def _cells(table: WordTable, rows: Ints) -> tuple[Ints, Ints, Array]:
    """Return all cells of some rows: index into `rows`, column, weight in 0..1."""
    index, place = table.entries(rows)
    weight = table.weights["weight"][place].astype(np.float32) / np.float32(255)
    return index, table.column[place].astype(np.int64), weight
