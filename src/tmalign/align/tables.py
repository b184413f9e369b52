"""Word-translation tables in one file each: sorted 64-bit hashes and flat arrays, mapped into memory, never parsed.

Opening one costs a header of a few hundred bytes; a look-up touches only the pages it needs, which the operating
system shares between processes. Words are kept as hashes: at half a million keys the chance that any two collide is
below one in a hundred million.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
from typing import TYPE_CHECKING

import numpy as np

from tmalign.errors import FormatError, MissingFileError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any, BinaryIO

try:
    from tmalign.align import _tables, _words

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

_MAGIC = b"TMALTAB1"
_ALIGN = 64

_RECENT = 16_384  # places of keys that are remembered, a power of two

_HASHES: dict[str, int] = {}
_HASHES_LIMIT = 50_000


def fresh_hash(word: str) -> int:
    """Return the 64-bit key of a word, without keeping it; stable across machines and versions."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def word_hash(word: str) -> int:
    """Return the 64-bit key of a word, and keep it: most words of a text have been asked for before."""
    known = _HASHES.get(word)
    if known is None:
        _make_room()
        known = _HASHES[word] = fresh_hash(word)
    return known


def _make_room() -> None:
    if len(_HASHES) >= _HASHES_LIMIT:
        _HASHES.clear()


def word_hashes(words: Iterable[str], *, compiled: bool = COMPILED) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return the keys of many words, in order."""
    if compiled:
        _make_room()
        keys = _words.hashes(words, _HASHES, _HASHES_LIMIT)
        return np.frombuffer(keys, dtype="<u8").astype(np.uint64, copy=False)
    return np.fromiter(map(word_hash, words), dtype=np.uint64)


def ranges(
    first: np.ndarray[Any, np.dtype[np.int64]], counts: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the numbers of many ranges in a row: `counts[k]` of them from `first[k]` on."""
    return np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())


def starts(ordered: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return where each distinct number of a sorted array begins."""
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)


class Keys:
    """Sorted keys of a table, and where those were found that were asked for of late: most words come again."""

    def __init__(self, keys: np.ndarray[Any, np.dtype[np.uint64]]) -> None:
        """Take keys that never change."""
        self._keys = np.ascontiguousarray(keys)
        self._recent = np.zeros(2 * _RECENT if COMPILED else 0, dtype=np.uint64)

    def find(
        self, wanted: np.ndarray[Any, np.dtype[np.uint64]], *, compiled: bool = COMPILED
    ) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return where each wanted key stands, -1 where it is none of these."""
        if compiled:
            places = np.empty(len(wanted), dtype=np.int64)
            _tables.find(self._keys, np.ascontiguousarray(wanted), places, self._recent)
            return places
        keys = self._keys
        if not len(keys):
            return np.full(len(wanted), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, at, -1)


class WordTable:
    """A sparse matrix between Japanese and English words with one or more weights a cell.

    Arrays: `keys` (Japanese, sorted), `start` (row bounds, one more than keys), `column` (index into `stems`),
    `stems` (English, sorted) and one `uint8` array for each name in `weights`, where 255 stands for 1.
    """

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """Map the file, or take `data` for it; raises `MissingFileError`, `UnreadableFileError` or `FormatError`."""
        try:
            if data is None:
                with path.open("rb") as file:
                    self._map: bytes | mmap.mmap = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            else:
                self._map = data
        except FileNotFoundError as error:
            raise MissingFileError(
                "a word table is missing", path=path, hint="reinstall tmalign, or name an existing table"
            ) from error
        except OSError as error:
            raise UnreadableFileError(
                f"a word table cannot be read: {error.strerror}", path=path, hint="check its permissions"
            ) from error
        except ValueError as error:
            raise FormatError("a word table is empty", path=path, hint="build or install it again") from error
        try:
            if self._map[:8] != _MAGIC:
                raise ValueError("magic")  # noqa: TRY301 - one way out for every damage
            (size,) = struct.unpack("<I", self._map[8:12])
            self.meta: dict[str, Any] = json.loads(self._map[12 : 12 + size])
            arrays = {name: self._array(*spec) for name, spec in self.meta["arrays"].items()}
            self.keys, self.start = arrays.pop("keys"), arrays.pop("start")
            self.column, self.stems = arrays.pop("column"), arrays.pop("stems")
            cells = {len(self.column), *map(len, arrays.values())}
            if len(self.start) != len(self.keys) + 1 or cells != {int(self.start[-1])}:
                raise ValueError("lengths")  # noqa: TRY301 - likewise
        except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
            raise FormatError(
                "not a word table, or a damaged one", path=path, hint="build or install it again"
            ) from error
        self._row_keys, self._column_keys = Keys(self.keys), Keys(self.stems)
        self.weights = arrays
        self.name: str = self.meta.get("name", path.stem)
        self.digest = hashlib.sha256(self._map).hexdigest()[:8] if self.meta.get("user") else ""

    def _array(self, kind: str, length: int, offset: int) -> np.ndarray[Any, Any]:
        return np.frombuffer(self._map, dtype=np.dtype(kind), count=length, offset=offset)

    def overlaid(self, other: WordTable) -> WordTable:
        """Return this table with another one laid over it: where both have a cell, the higher weight holds."""
        return OverlaidTable(self, other)

    def rows(self, hashes: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the row of each Japanese key, -1 where the table does not have it."""
        return self._row_keys.find(hashes)

    def columns(self, hashes: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the column of each English key, -1 where the table does not have it."""
        return self._column_keys.find(hashes)

    def cells(
        self, rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return the cells where given rows and columns cross.

        Result: index into `rows`, index into `columns`, and the cell's place in the weight arrays.
        """
        if COMPILED:
            found = _tables.cross(
                self.start, self.column, self.column.itemsize, len(self.stems), as_places(rows), as_places(columns)
            )
            index, at, place = (np.frombuffer(part, dtype=np.int64) for part in found)
            return index, at, place
        return self._cells(rows, columns)

    def _cells(
        self, rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Do what `cells` does in NumPy."""
        index, place = self.entries(rows)
        local = np.full(len(self.stems) + 1, -1, dtype=np.int32)
        local[columns] = np.arange(len(columns))  # column -1 lands in the spare last place
        local[-1] = -1
        found = local[self.column[place]]
        keep = found >= 0
        return index[keep], found[keep], place[keep]

    def entries(self, rows: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return all cells of given rows: index into `rows`, and the cell's place in `column` and the weight arrays."""
        have = np.flatnonzero(rows >= 0)
        first = self.start[rows[have]].astype(np.int64)
        counts = self.start[rows[have] + 1].astype(np.int64) - first
        return np.repeat(have, counts), ranges(first, counts)


class OverlaidTable(WordTable):
    """Two tables read as one; nothing is copied but the weights (a byte a cell) and the keys."""

    def __init__(self, base: WordTable, over: WordTable) -> None:
        """Join keys and stems; raises `FormatError` where the tables do not hold the same kinds of weight."""
        if base.weights.keys() != over.weights.keys():
            raise FormatError(
                f"the table {over.name} holds {', '.join(over.weights)}, not {', '.join(base.weights)}",
                hint="compile the list with `tmalign lexicon import`",
            )
        self.keys, *row_of = _merged(base.keys, over.keys)
        self.stems, *column_of = _merged(base.stems, over.stems)
        self._row_keys, self._column_keys = Keys(self.keys), Keys(self.stems)
        self.weights = {name: np.concatenate([base.weights[name], over.weights[name]]) for name in base.weights}
        self.column = next(
            iter(self.weights.values())
        )  # only its length is asked for, where this is laid under another
        self.meta = base.meta | {"release": "+".join(filter(None, (str(base.meta.get("release", "")), over.digest)))}
        self.name = f"{base.name}+{over.name}"
        self.digest = over.digest
        self._parts = (base, over)
        self._row_of, self._column_of = row_of, column_of

    def cells(
        self, rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return the cells where given rows and columns cross, each once; see `WordTable.cells`."""
        found = []
        for part, row_of, column_of in zip(self._parts, self._row_of, self._column_of, strict=True):
            if len(row_of) and len(column_of):
                local_rows = np.where(rows >= 0, row_of[rows], -1)
                local_columns = np.where(columns >= 0, column_of[columns], -1)
                found.append(part.cells(local_rows, local_columns))
            else:
                nothing = np.zeros(0, dtype=np.int64)
                found.append((nothing, nothing, nothing))
        first, second = found
        row, column = (np.concatenate([first[k], second[k]]) for k in (0, 1))
        place = np.concatenate([first[2], second[2] + len(self._parts[0].column)])
        surest = np.lexsort((-sum(w[place].astype(np.int64) for w in self.weights.values()), column, row))
        row, column, place = row[surest], column[surest], place[surest]
        once = np.ones(len(row), dtype=bool)
        once[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
        return row[once], column[once], place[once]


def _merged(
    base: np.ndarray[Any, Any], over: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return two sorted arrays as one, and where each of its members stands in the one and the other, or -1.

    Takes time for the smaller one's members and a copy: a user's list is small beside the dictionary.
    """
    at = np.searchsorted(base, over)
    have = np.zeros(len(over), dtype=bool)
    inside = at < len(base)
    have[inside] = base[at[inside]] == over[inside]
    joined = np.insert(base, at[~have], over[~have])
    old = np.ones(len(joined), dtype=bool)
    old[at[~have] + np.arange(np.count_nonzero(~have))] = False
    of_base, of_over = (np.full(len(joined), -1, dtype=np.int64) for _ in range(2))
    of_base[old] = np.arange(len(base))
    of_over[np.searchsorted(joined, over)] = np.arange(len(over))
    return joined, of_base, of_over


def as_places(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return numbers as compiled code takes them: 64 bits, one after the other."""
    return np.ascontiguousarray(numbers, dtype=np.int64)


def pack_table(
    file: BinaryIO, cells: Mapping[str, Mapping[str, tuple[float, ...]]], weights: tuple[str, ...], meta: dict[str, Any]
) -> None:
    """Write `{japanese: {english stem: (weight, ...)}}` with weights in 0..1; rows and columns sorted by hash."""
    stems = sorted({word_hash(e) for row in cells.values() for e in row})
    place = {h: i for i, h in enumerate(stems)}
    keys = sorted((word_hash(j), j) for j in cells)
    column: list[int] = []
    values: list[list[int]] = [[] for _ in weights]
    start = [0]
    for _, word in keys:
        for stem_hash, entry in sorted((word_hash(e), w) for e, w in cells[word].items()):
            column.append(place[stem_hash])
            for series, weight in zip(values, entry, strict=True):
                series.append(max(1, min(255, round(255 * weight))))
        start.append(len(column))
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "keys": np.array([h for h, _ in keys], dtype=np.uint64),
        "stems": np.array(stems, dtype=np.uint64),
        "start": np.array(start, dtype=np.uint32),
        "column": np.array(column, dtype=np.uint16 if len(stems) < 65_536 else np.uint32),
    }
    arrays |= {name: np.array(series, dtype=np.uint8) for name, series in zip(weights, values, strict=True)}
    _pack_arrays(file, arrays, meta)


def pack_cells(
    file: BinaryIO,
    ja: np.ndarray[Any, Any],
    en: np.ndarray[Any, Any],
    weights: Mapping[str, np.ndarray[Any, Any]],
    meta: dict[str, Any],
) -> None:
    """Write a table from its cells: hashes of both words, weights in 0..1; each pair of words once."""
    keys, row = np.unique(ja, return_inverse=True)
    stems, column = np.unique(en, return_inverse=True)
    order = np.lexsort((column, row))
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "keys": keys,
        "stems": stems,
        "start": np.searchsorted(row[order], np.arange(len(keys) + 1)).astype(np.uint32),
        "column": column[order].astype(np.uint16 if len(stems) < 65_536 else np.uint32),
    }
    arrays |= {name: quantised(weight[order]) for name, weight in weights.items()}
    _pack_arrays(file, arrays, meta)


def quantised(weight: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return weights in 0..1 as tables hold them: 255 stands for 1, and none that is there becomes 0."""
    stored: np.ndarray[Any, np.dtype[np.uint8]] = np.clip(np.rint(weight * 255), 1, 255).astype(np.uint8)
    return stored


def write_table(
    path: Path, cells: Mapping[str, Mapping[str, tuple[float, ...]]], weights: tuple[str, ...], meta: dict[str, Any]
) -> None:
    """Write a table to a file of its own; see `pack_table`."""
    with path.open("wb") as file:
        pack_table(file, cells, weights, meta)


def write_arrays(path: Path, arrays: dict[str, np.ndarray[Any, Any]], meta: dict[str, Any]) -> None:
    """Write a table that is already laid out as `WordTable` reads it."""
    with path.open("wb") as file:
        _pack_arrays(file, arrays, meta)


def _pack_arrays(file: BinaryIO, arrays: dict[str, np.ndarray[Any, Any]], meta: dict[str, Any]) -> None:
    header, before = b"", -1
    specs: dict[str, tuple[str, int, int]] = {}
    while before != len(header):  # the header holds offsets that depend on its own length
        before = len(header)
        offset = 12 + before
        for name, array in arrays.items():
            offset = -(-offset // _ALIGN) * _ALIGN
            specs[name] = (array.dtype.str, len(array), offset)
            offset += array.nbytes
        header = json.dumps(meta | {"arrays": specs}, ensure_ascii=False, sort_keys=True).encode()
        header += b" " * (-len(header) % _ALIGN)
    file.write(_MAGIC + struct.pack("<I", len(header)) + header)
    for name, array in arrays.items():
        file.seek(specs[name][2])
        file.write(array.tobytes())
    file.truncate(offset)  # an empty array at the end still has its place inside the file
