"""How alike two texts are, in per cent as CAT tools count it, and where they differ.

Percent = 100 x (longer - distance) / longer, rounded down, with the Levenshtein distance and the lengths in characters
of the texts as they are (Levenshtein 1966; the formula is OmegaT's, which counts words instead). 100 means the same
text to the last character: width, case and punctuation count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is marked as changed in one piece: a word, a number, or a character that stands for itself (kana, kanji).
_PIECES: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+(?:['’][A-Za-z]+)?|[0-9０-９]+|\s+|.", re.DOTALL)

Kind = Literal["equal", "replace", "delete", "insert"]
_KINDS: Final[dict[str, Kind]] = {"equal": "equal", "replace": "replace", "delete": "delete", "insert": "insert"}


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of both texts: `query[query_start:query_end]` stands where `text[text_start:text_end]` does.

    `delete`: in the query only; `insert`: in the text only.
    """

    kind: Kind
    query_start: int
    query_end: int
    text_start: int
    text_end: int


def most_distance(first: int, second: int, threshold: int) -> int:
    """Return the greatest distance at which texts of these lengths are alike by `threshold` per cent."""
    return max(first, second) * (100 - threshold) // 100


def percent(distance: int, first: int, second: int) -> int:
    """Return how alike two texts of these lengths are at this distance; two empty ones are the same."""
    longer = max(first, second)
    return 100 * (longer - distance) // longer if longer else 100


def similarity(first: str, second: str) -> int:
    """Return how alike two texts are, 0 to 100."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - the command line starts without it

    return percent(Levenshtein.distance(first, second), len(first), len(second))


def changes(query: str, text: str) -> tuple[Change, ...]:
    """Return what makes the text of the query, in whole words, numbers or single characters, all of both texts."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - see above

    ours, theirs = _PIECES.findall(query), _PIECES.findall(text)
    at, there = _starts(ours), _starts(theirs)
    found: list[Change] = []
    for step in Levenshtein.opcodes(ours, theirs):
        span = (at[step.src_start], at[step.src_end], there[step.dest_start], there[step.dest_end])
        found.append(Change(_KINDS[step.tag], *span))
    return tuple(_tidy(found))


def _starts(pieces: list[str]) -> list[int]:
    """Return where each piece begins, and the end."""
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    return starts


def _tidy(found: list[Change]) -> Iterator[Change]:
    """Join neighbours of which none is equal into one."""
    pending: Change | None = None
    for change in found:
        if change.kind == "equal":
            if pending is not None:
                yield pending
                pending = None
            yield change
        elif pending is None:
            pending = change
        else:
            pending = _joined(pending, change)
    if pending is not None:
        yield pending


def _joined(first: Change, second: Change) -> Change:
    """Return two neighbouring changes as one."""
    span = (first.query_start, second.query_end, first.text_start, second.text_end)
    kind: Kind = "replace"
    if span[0] == span[1]:
        kind = "insert"
    elif span[2] == span[3]:
        kind = "delete"
    return Change(kind, *span)
