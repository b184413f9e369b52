"""Sentence splitting by spans: nothing is changed, nothing is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from tmalign.text import sentences_en, sentences_ja, sentences_omegat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tmalign.model import Language

SplitRules = Literal["standard", "omegat"]

# A blank line (of any newline convention), a form feed or a paragraph separator: no sentence crosses it.
_LINE_END: Final = r"(?:\r\n|[\n\r\x85\u2028])"
_PARAGRAPH_END: Final = re.compile(rf"{_LINE_END}[^\S\r\n\x85\u2028]*+{_LINE_END}\s*+|[\f\u2029]\s*+")

_CUTTERS: Final = {
    ("ja", "standard"): sentences_ja.cuts,
    ("en", "standard"): sentences_en.cuts,
    ("ja", "omegat"): sentences_omegat.cuts_ja,
    ("en", "omegat"): sentences_omegat.cuts_en,
}


def split(text: str, language: Language, *, rules: SplitRules = "standard") -> tuple[tuple[int, int], ...]:
    """Split `text` into sentences, as (start, end) character spans in order.

    Spans carry no surrounding whitespace, and only whitespace lies outside them. A single newline counts as
    a space in English and as nothing in Japanese; a blank line always ends a sentence. `omegat` cuts
    where OmegaT's default segmentation does, for memories that are to match there exactly. Raises ValueError for
    another language or other rules.
    """
    try:
        cutter = _CUTTERS[language, rules]
    except KeyError:
        raise ValueError(f"no sentence rules {rules!r} for language {language!r}") from None
    spans: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        trimmed = _trimmed(text, start, end, cutter(text, start, end))
        spans.extend(trimmed if rules == "omegat" else _joined(text, trimmed))
    return tuple(spans)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _PARAGRAPH_END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _trimmed(text: str, start: int, end: int, cuts: Iterable[int]) -> list[tuple[int, int]]:
    """Turn cut positions into spans without whitespace around them; empty ones vanish."""
    spans = []
    for cut in (*cuts, end):
        piece = text[start:cut]
        body = piece.lstrip()
        if body:
            left = start + len(piece) - len(body)
            spans.append((left, left + len(body.rstrip())))
        start = cut
    return spans


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give a span without letters or digits (a lone quote, a row of dashes) to its neighbour before or after it."""
    joined: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in spans:
        if any(map(str.isalnum, text[start:end])):
            joined.append((start if pending is None else pending, end))
            pending = None
        elif joined:
            joined[-1] = (joined[-1][0], end)
        elif pending is None:
            pending = start
    if pending is not None:
        joined.append((pending, spans[-1][1]))
    return joined
