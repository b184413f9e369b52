"""Hypotheses that are not cut into the reference's segments: cut, aligned, and reported on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tmalign.errors import PairError
from tmalign.scoring.checks import note_copies
from tmalign.scoring.material import Cut, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.scoring.material import References, RunningText

# A cut less probable than this is reported.
_DOUBTFUL: Final = 0.5
# Times the reference's length, or a part of it.
_FAR: Final = 2.0
_HINT: Final = "give references that have text"


def cut_hypothesis(
    system: str, path: str, texts: Sequence[RunningText], references: References, notes: tuple[str, ...] = ()
) -> Hypothesis:
    """Cut running text into the reference's segments, a document at a time where the documents are known.

    `texts` is a text for each document in order, or a single one without an id for all of them.
    """
    from tmalign.scoring.resegment import SIGNATURE, resegment  # noqa: PLC0415 - its tables are only needed here

    segments: list[str] = []
    empty: list[int] = []
    swapped: list[tuple[int, int]] = []
    doubtful: list[int] = []
    whole = len(texts) == 1 and not texts[0].id
    parts = [references.segments] if whole else [document.references for document in references.documents]
    for text, wanted in zip(texts, parts, strict=True):
        first = len(segments)
        try:
            found = resegment(text.text, wanted, references.target)
        except ValueError as error:
            raise PairError(
                f"{text.id or 'the text'}: {error}", path=path, line=text.line or None, hint=_HINT
            ) from error
        segments.extend(found.segments)
        empty.extend(first + number for number in found.empty)
        swapped.extend((first + left, first + right) for left, right in found.swapped)
        doubtful.extend(first + number for number, sure in enumerate(found.confidence) if sure < _DOUBTFUL)
    cut = Cut(SIGNATURE, tuple(empty), tuple(swapped), tuple(doubtful))
    notes += note_copies(segments, references.segments) + _note_length(texts, references.segments)
    return Hypothesis(system, path, tuple(segments), (), notes + cut_notes(cut), cut)


def _note_length(texts: Sequence[RunningText], segments: Sequence[str]) -> tuple[str, ...]:
    """Say so where a text is far longer or shorter than its reference: hardly a translation of the same."""
    given, wanted = sum(len(text.text) for text in texts), sum(map(len, segments))
    if wanted / _FAR < given < wanted * _FAR:
        return ()
    return (f"the text has {given:,} characters, the reference {wanted:,}: is it a translation of the same?",)


def cut_notes(cut: Cut) -> tuple[str, ...]:
    """Return what a person should know of the cut: sentences on omitted, swapped and doubtful segments."""
    notes = []
    if cut.empty:
        notes.append(f"{_segments(cut.empty)} got no text (omitted?): {_numbers(cut.empty)}")
    if cut.swapped:
        shown = ", ".join(f"{left + 1}/{right + 1}" for left, right in cut.swapped[:5])
        pairs = f"{len(cut.swapped):,} pair" + "s" * (len(cut.swapped) > 1)
        notes.append(
            f"{pairs} of neighbours look{'s' * (len(cut.swapped) == 1)} swapped: {shown}{_more(len(cut.swapped))}"
        )
    if cut.doubtful:
        notes.append(f"{_segments(cut.doubtful)} cut with doubt: {_numbers(cut.doubtful)}")
    return tuple(notes)


def _segments(found: Sequence[int]) -> str:
    return f"{len(found):,} segment" + "s" * (len(found) > 1)


def _numbers(segments: Sequence[int]) -> str:
    return ", ".join(str(number + 1) for number in segments[:5]) + _more(len(segments))


def _more(count: int) -> str:
    return f" and {count - 5:,} more" if count > 5 else ""
