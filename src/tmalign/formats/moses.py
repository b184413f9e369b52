"""Moses pairs: two text files of the same number of lines, a segment a line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, BinaryIO, Final

from tmalign.errors import FormatError
from tmalign.formats.bilingual import all_pairs
from tmalign.formats.exchange import MemoryHeader, TranslationUnit, UnitStream, Variant, Written
from tmalign.formats.records import numbered_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_BREAKS: Final = str.maketrans(dict.fromkeys("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


def write_moses(
    streams: tuple[BinaryIO, BinaryIO], units: Iterable[TranslationUnit], source: str, target: str
) -> Written:
    """Write the visible text of each pair, a line each; line breaks in a segment become spaces and are counted."""
    written = Written()
    for _, one, other in all_pairs(units, source, target, written.left_out):
        for stream, text in zip(streams, (one.text, other.text), strict=True):
            line = text.translate(_BREAKS)
            if line != text:
                written.left_out["segments with line breaks, now spaces"] += 1
            stream.write(line.encode("utf-8", "replace") + b"\n")
        written.units += 1
    return written


def read_moses(paths: tuple[Path, Path], source: str, target: str) -> UnitStream:
    """Read pairs of lines; those with an empty side are counted and skipped.

    Raises the errors of unreadable files, and FormatError with the line at which one file ends before the other.
    """
    stream = UnitStream(MemoryHeader(), iter(()), Counter(), [], source, target)
    stream.units = _units(paths, stream)
    return stream


def _units(paths: tuple[Path, Path], stream: UnitStream) -> Iterator[TranslationUnit]:
    """Yield a unit for every pair of lines."""
    sides = (numbered_lines(paths[0]), numbered_lines(paths[1]))
    while True:
        first, second = (next(side, None) for side in sides)
        if first is None and second is None:
            return
        if first is None or second is None:
            number = (first or second or (1, ""))[0]
            raise FormatError(
                f"ends before the other file, which has a line {number}",
                path=paths[0] if first is None else paths[1],
                line=number,
                hint="give two files with the same number of lines",
            )
        if not first[1].strip() or not second[1].strip():
            stream.skipped["pairs with an empty side"] += 1
            continue
        yield TranslationUnit(
            (Variant(stream.source, (first[1],)), Variant(stream.target, (second[1],))), line=first[0]
        )
