"""Where OmegaT's default segmentation rules cut, for translation memories that must match there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Japanese: after every stop, unless a full-width round bracket closes right there. Quotes do not hold a stop back.
_JAPANESE: Final = re.compile(r"[。．？！](?!）)")
# English: after a stop before whitespace, unless one of the listed abbreviations carries it.
_ENGLISH: Final = re.compile(r"(?<![.?!])[.?!]++(?=\s)")
_ENGLISH_EXCEPTION: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|St|Jr|Sr|Messrs|Gen|Col|Sgt|Capt|Lt|Hon|Rep|Sen|Gov|Pres|etc|e\.g|i\.e|vs|cf|resp|approx"
    r"|No|Nos|Fig|Figs|Vol|pp|p|Tel|Inc|Ltd|Co|Corp|Mt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|ca|Ed|min|max"
    r"|[A-Z](?:\.[A-Z])*)\.$"
)
_EXCEPTION_REACH: Final = 16


def cuts_ja(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the positions in `text[start:end]` after which OmegaT's Japanese rules cut."""
    for match in _JAPANESE.finditer(text, start, end):
        yield match.end()


def cuts_en(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the positions in `text[start:end]` after which OmegaT's English rules cut."""
    for match in _ENGLISH.finditer(text, start, end):
        if not _ENGLISH_EXCEPTION.search(text[max(start, match.end() - _EXCEPTION_REACH) : match.end()]):
            yield match.end()
