"""Segments: the unchanging files that a lookup index is made of.

A segment holds one language's texts, spelt in classes (see spelling.py) and sorted by length, so that the lengths a
match can have are one stretch of rows. Little-endian; every part begins at a multiple of 8:

    header     64 bytes: magic, rows, runs, text words, odd rows, size of the file, CRC-32 of the header and the runs
    runs       [runs, 4] int64: length in characters, first row, rows, first text word
    odd        [odd rows] int64: rows with a character that folding expands, joins to its neighbour or drops
    ids        [rows] int64: numbers of units in the store
    texts      [words] uint64: sixteen classes a word, every row from a word of its own
    counters   [rows, 32] uint8

A segment is written whole under another name and then renamed, and never changed again.
"""

from __future__ import annotations

import mmap
import struct
import sys
import zlib
from array import array
from typing import TYPE_CHECKING, Any, Final

from tmalign.memory.spelling import COUNTERS, Speller

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

_MAGIC: Final = b"TMSEG01\n"
_HEADER: Final = struct.Struct("<8s5QI12x")
_SIGNED: Final = 48  # of the header: what the checksum is over
_RUN: Final = struct.Struct("<4q")
# Texts spelt at a time: bounds the memory that making a segment takes.
_AT_ONCE: Final = 20_000


class DamagedSegmentError(Exception):
    """The bytes are no whole segment; the index is to be made again."""


class Segment:
    """A segment in memory or mapped from a file.

    `runs` are (length, first row, rows, first text word) by rising length; `odd` are rows, `ids` the units' numbers by
    row; the other parts are buffers for the sieve.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Find the parts. Raises DamagedSegmentError where they do not fill the data."""
        if sys.byteorder != "little":  # pragma: no cover - none of our systems
            raise DamagedSegmentError("segments are little-endian")
        view = memoryview(data)
        try:
            magic, self.rows, count, words, odd, size, checksum = _HEADER.unpack_from(view)
        except struct.error as error:
            raise DamagedSegmentError("no header") from error
        head = _HEADER.size + count * _RUN.size
        expected = head + odd * 8 + self.rows * (8 + COUNTERS) + words * 8
        if magic != _MAGIC or not size == expected == len(view):
            raise DamagedSegmentError("not whole")
        if zlib.crc32(view[_HEADER.size : head], zlib.crc32(view[:_SIGNED])) != checksum:
            raise DamagedSegmentError("damaged")
        self.data = view
        self.runs = tuple(_RUN.iter_unpack(view[_HEADER.size : head]))
        ids = head + odd * 8
        texts = ids + self.rows * 8
        self.odd = view[head:ids].cast("q")
        self.ids = view[ids:texts].cast("q")
        self.texts = view[texts : texts + words * 8]
        self.counters = view[texts + words * 8 :]

    @classmethod
    def open(cls, path: Path) -> Segment:
        """Map a file. Raises OSError where it is not there, DamagedSegmentError where it is not whole."""
        with path.open("rb") as file:
            try:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # an empty file
                raise DamagedSegmentError("empty") from error
        return cls(data)


def make_segment(rows: Iterable[tuple[int, str]]) -> bytes:
    """Return the segment of these units: pairs of id and text; empty texts are left out."""
    import numpy as np  # noqa: PLC0415 - reading needs none

    speller = Speller()
    ids, texts = array("q"), list[str]()
    parts: list[tuple[Array, Array, Array, Array]] = []
    for number, text in rows:
        if text:
            ids.append(number)
            texts.append(text)
        if len(texts) == _AT_ONCE:
            parts.append(_spelt(speller, texts))
            texts.clear()
    if texts or not parts:
        parts.append(_spelt(speller, texts))
    lengths, words, counters, odd = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _arranged(lengths, np.array(ids, dtype=np.int64), words, counters, odd)


def _spelt(speller: Speller, texts: list[str]) -> tuple[Array, Array, Array, Array]:
    """Return lengths, packed words, counters and oddness of some texts, in their order."""
    import numpy as np  # noqa: PLC0415 - see above

    lengths, classes, counters, odd = speller.spell(texts)
    words = -(-lengths // 16)
    # Where each text begins in the padded row of classes, less where it begins in the unpadded one.
    shift = (np.cumsum(words) - words) * 16 - (np.cumsum(lengths) - lengths)
    padded = np.zeros(int(words.sum()) * 16, dtype=np.uint8)
    padded[np.arange(len(classes)) + np.repeat(shift, lengths)] = classes
    return lengths, (padded[0::2] | (padded[1::2] << 4)).view("<u8"), counters, odd


def _arranged(lengths: Array, ids: Array, texts: Array, counters: Array, odd: Array) -> bytes:
    """Return the segment of rows in any order: sorted by length, then by id."""
    import numpy as np  # noqa: PLC0415 - see above

    order = np.lexsort((ids, lengths))
    words = -(-lengths // 16)
    starts, sorted_words = (np.cumsum(words) - words)[order], words[order]
    new_starts = np.cumsum(sorted_words) - sorted_words
    gathered = texts[np.repeat(starts - new_starts, sorted_words) + np.arange(len(texts))]
    found, first, count = np.unique(lengths[order], return_index=True, return_counts=True)
    runs = np.stack([found, first, count, new_starts[first]], axis=1).astype("<i8").tobytes()
    odd_rows = np.flatnonzero(odd[order])
    size = _HEADER.size + len(runs) + (len(odd_rows) + len(ids) + len(texts)) * 8 + len(ids) * COUNTERS
    head = (_MAGIC, len(ids), len(found), len(texts), len(odd_rows), size)
    checksum = zlib.crc32(runs, zlib.crc32(_HEADER.pack(*head, 0)[:_SIGNED]))
    return b"".join(
        [
            _HEADER.pack(*head, checksum),
            runs,
            odd_rows.astype("<i8").tobytes(),
            ids[order].astype("<i8").tobytes(),
            gathered.astype("<u8").tobytes(),
            counters[order].tobytes(),
        ]
    )


def merge_segments(segments: Sequence[Segment], dropped: Iterable[int] = ()) -> bytes:
    """Return one segment of the rows of several.

    Of rows of one id those of the last segment stay; rows of the ids in `dropped` do not.
    """
    import numpy as np  # noqa: PLC0415 - see above

    gone = np.fromiter(dropped, dtype=np.int64)
    parts: list[tuple[Array, Array, Array, Array, Array]] = []
    for segment in reversed(segments):
        ids = np.frombuffer(segment.ids, dtype="<i8")
        runs = np.array(segment.runs, dtype=np.int64).reshape(-1, 4)
        lengths = np.repeat(runs[:, 0], runs[:, 2])
        words = -(-lengths // 16)
        stays = ~np.isin(ids, gone)
        odd = np.zeros(len(ids), dtype=bool)
        odd[np.frombuffer(segment.odd, dtype="<i8")] = True
        parts.append(
            (
                lengths[stays],
                ids[stays],
                np.frombuffer(segment.texts, dtype="<u8")[np.repeat(stays, words)],
                np.frombuffer(segment.counters, dtype=np.uint8).reshape(-1, COUNTERS)[stays],
                odd[stays],
            )
        )
        gone = np.union1d(gone, ids)
    return _arranged(*(np.concatenate(part) for part in zip(*parts, strict=True)))
