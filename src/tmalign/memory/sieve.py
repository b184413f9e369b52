"""The sieve of fuzzy lookup: from a segment, the rows that may lie within a distance of the query.

Two implementations let the same rows through or nearly so (both pass every row that lies within its distance): a C
kernel, built where there was a compiler, and NumPy with RapidFuzz. `COMPILED` tells which one runs. Bounds used:
characters counted in classes (a bag distance); in the kernel, what blocks of four characters cost; and the Levenshtein
distance of the texts spelt in 16 classes (Myers 1999; Hyyro 2003).
"""

from __future__ import annotations

import os
import struct
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from tmalign.memory.spelling import COUNTERS, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tmalign.memory.segments import Segment

try:
    from tmalign.memory import _sieve

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

_RUN: Final = struct.Struct("=5q")
_LONGEST_PREFIX: Final = 256
# Unrelated texts differ in about so many of a hundred characters, spelt in 16 classes: a prefix in which that exceeds
# the distance is enough to tell them apart.
_APART: Final = 65
# Fewer rows are searched sooner than a thread begins.
_ROWS_A_THREAD: Final = 20_000
_MOST_THREADS: Final = 4

# Length, first row, rows, first text word (as a segment has them), and the distance allowed.
Run = tuple[int, int, int, int, int]


def sift(query: str, segment: Segment, distance: Callable[[int], int], *, compiled: bool = COMPILED) -> list[int]:
    """Return the ids of all units whose text lies within a distance of the query, and of some that do not.

    `distance` gives the greatest Levenshtein distance a text of so many characters may have. Raises ValueError where
    the segment's parts do not fit together.
    """
    runs = list(_possible(len(query), segment, distance))
    if not runs:
        return []
    classes, counts = spell(query)
    if compiled:
        # At the query's own length: lengths around it make up most of the rows.
        prefix = min(len(query), _LONGEST_PREFIX, -(-distance(len(query)) * 100 // _APART) or 1)
        rows = _side_by_side(
            runs,
            lambda part: _sieve.sift(classes, counts, _packed(part), segment.counters, segment.texts, prefix),
        )
    else:
        rows = _sift(classes, counts, runs, segment)
    ids = segment.ids
    return [ids[row] for row in rows]


def _packed(runs: Iterable[Run]) -> bytes:
    """Return runs as the kernel reads them."""
    return b"".join(_RUN.pack(*run) for run in runs)


def _side_by_side(runs: list[Run], search: Callable[[list[Run]], list[int]]) -> list[int]:
    """Search the runs in as many threads as there are processors and work for them; the kernel lets go of Python."""
    rows = sum(run[2] for run in runs)
    count = min(_processors(), _MOST_THREADS, rows // _ROWS_A_THREAD + 1)
    if count == 1:
        return search(runs)
    parts = _divided(runs, -(-rows // count))
    found: list[list[int]] = [[] for _ in parts]

    def work(number: int) -> None:
        found[number] = search(parts[number])

    threads = [Thread(target=work, args=(number,), daemon=True) for number in range(1, len(parts))]
    for thread in threads:
        thread.start()
    work(0)
    for thread in threads:
        thread.join()
    return [row for part in found for row in part]


def _divided(runs: list[Run], most: int) -> list[list[Run]]:
    """Cut runs into parts of so many rows; a run that does not fit is cut in two."""
    parts: list[list[Run]] = [[]]
    room = most
    for length, first, rows, word, allowed in runs:
        at = 0
        while at < rows:
            taken = min(room, rows - at)
            parts[-1].append((length, first + at, taken, word + at * -(-length // 16), allowed))
            at, room = at + taken, room - taken
            if not room:
                parts.append([])
                room = most
    return [part for part in parts if part]


def _processors() -> int:
    """Return how many processors this process may use."""
    # Not everywhere can a process be told to keep to some.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _possible(length: int, segment: Segment, distance: Callable[[int], int]) -> Iterator[Run]:
    """Yield the runs whose length alone does not rule a match out, with the distance allowed there."""
    for run in segment.runs:
        allowed = distance(run[0])
        if abs(run[0] - length) <= allowed:
            yield (*run, allowed)


def _sift(classes: bytes, counts: bytes, runs: list[Run], segment: Segment) -> list[int]:
    """Sift with NumPy: counters of all rows of a run at once, then the distance of the spelt texts."""
    import numpy as np  # noqa: PLC0415 - the kernel does without

    counters = np.frombuffer(segment.counters, dtype=np.uint8).reshape(-1, COUNTERS)
    texts = np.frombuffer(segment.texts, dtype="<u8")
    wanted = np.frombuffer(counts, dtype=np.uint8)
    found: list[int] = []
    for length, first, count, word, allowed in runs:
        rows = counters[first : first + count]
        few, many = (wanted, rows) if length >= len(classes) else (rows, wanted)
        missing = (np.maximum(few, many) - many).sum(axis=1, dtype=np.int64)
        kept = np.flatnonzero(missing <= allowed - abs(length - len(classes)))
        if len(kept):
            found += _near(classes, _unpacked(texts, word, length, kept), allowed, (kept + first).tolist())
    return found


def _unpacked(texts: Any, word: int, length: int, rows: Any) -> list[bytes]:  # noqa: ANN401 - NumPy is not loaded here
    """Return the classes of some rows of a run, a byte each."""
    import numpy as np  # noqa: PLC0415 - see above

    words = -(-length // 16)
    pairs = texts[word + rows[:, None] * words + np.arange(words)].view(np.uint8)
    spread = np.empty((len(rows), words * 16), dtype=np.uint8)
    spread[:, 0::2], spread[:, 1::2] = pairs & 15, pairs >> 4
    return [row[:length].tobytes() for row in spread]


def _near(classes: bytes, texts: list[bytes], allowed: int, rows: list[int]) -> list[int]:
    """Return those rows whose classes lie within the distance."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - see above

    return [
        row
        for row, text in zip(rows, texts, strict=True)
        if Levenshtein.distance(classes, text, score_cutoff=allowed) <= allowed
    ]


def contains(query: str, segment: Segment, *, compiled: bool = COMPILED) -> list[int]:
    """Return the ids of all units whose folded text may contain the query, itself folded (case, width and kana)."""
    classes, counts = spell(query)
    runs = [(*run, 0) for run in segment.runs if run[0] >= len(classes)]
    if not classes:
        return []
    rows: list[int] = []
    if runs and compiled:
        rows = _side_by_side(
            runs, lambda part: _sieve.contains(classes, counts, _packed(part), segment.counters, segment.texts)
        )
    elif runs:
        rows = _contains(classes, runs, segment)
    ids = segment.ids
    return [ids[row] for row in sorted({*rows, *segment.odd})]


def _contains(classes: bytes, runs: list[Run], segment: Segment) -> list[int]:
    """Search with NumPy and bytes."""
    import numpy as np  # noqa: PLC0415 - see above

    texts = np.frombuffer(segment.texts, dtype="<u8")
    found: list[int] = []
    for length, first, count, word, _ in runs:
        unpacked = _unpacked(texts, word, length, np.arange(count))
        found += [first + row for row, text in enumerate(unpacked) if classes in text]
    return found
