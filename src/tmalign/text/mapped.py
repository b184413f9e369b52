"""Pages of mapped files, given back to the system.

UniDic is mapped, not read: of its 246 MB a process holds what it touched, over 200 MB after some thousand sentences.
The system would take those pages back when memory is short, but until then they count as the process's own, and on
machines with a limit to a process they count against it. What is given back is still in the system's cache and
returns, page by page, at little cost.
"""

from __future__ import annotations

import ctypes
import mmap
from pathlib import Path

_MAPS = Path("/proc/self/maps")  # Linux only; elsewhere nothing is given back
_STATM = Path("/proc/self/statm")
_DONTNEED = 4  # MADV_DONTNEED: of a shared mapping of a file, which is read only, nothing can be lost


def mapped_ranges(folder: Path) -> list[tuple[int, int]]:
    """Return the address ranges at which files of a folder are mapped for reading; empty where that is not known."""
    try:
        lines = _MAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        # start-end permissions offset device inode path; the path may hold spaces
        fields = line.split(maxsplit=5)
        if len(fields) == 6 and fields[1].startswith("r--s") and Path(fields[5]).parent == folder:
            start, end = fields[0].split("-")
            found.append((int(start, 16), int(end, 16)))
    return found


def resident() -> int:
    """Return how many bytes of memory this process holds, pages of mapped files among them; 0 where not known."""
    try:
        pages = _STATM.read_bytes().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * mmap.PAGESIZE


def give_back(ranges: list[tuple[int, int]]) -> None:
    """Give the pages of `mapped_ranges` back; what cannot be given back stays."""
    if not ranges:
        return
    try:
        madvise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for start, end in ranges:
        madvise(start, end - start, _DONTNEED)
