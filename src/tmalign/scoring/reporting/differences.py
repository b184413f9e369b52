"""Which words two hypotheses do not share, and which of those the reference has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import LCSseq

from tmalign.text.width import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language

    Verdict = Literal["", "right", "wrong", "missed"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and what it is.

    `right`: only this hypothesis has it, and so has the reference; `wrong`: the reference lacks it; `missed`: a word
    of the reference that neither hypothesis has; empty: nothing to tell.
    """

    text: str
    verdict: Verdict = ""


def compare(
    first: str, second: str, reference: str, language: Language
) -> tuple[tuple[Run, ...], tuple[Run, ...], tuple[Run, ...]]:
    """Mark the words of two hypotheses and their reference; the runs of each are its whole text.

    Words are compared in one width and case, in order (longest common subsequence). Signs are left unmarked.
    """
    sides = [_Words(text, language) for text in (first, second, reference)]
    one, other, wanted = sides
    shared_one, shared_other = _common(one.keys, other.keys)
    one_in, in_one = _common(one.keys, wanted.keys)
    other_in, in_other = _common(other.keys, wanted.keys)
    return (
        one.runs([_verdict(k in shared_one, k in one_in) for k in range(len(one.keys))]),
        other.runs([_verdict(k in shared_other, k in other_in) for k in range(len(other.keys))]),
        wanted.runs(["" if k in in_one or k in in_other else "missed" for k in range(len(wanted.keys))]),
    )


def _verdict(shared: bool, in_reference: bool) -> Verdict:
    if shared:
        return ""
    return "right" if in_reference else "wrong"


def _common(one: Sequence[str], other: Sequence[str]) -> tuple[set[int], set[int]]:
    """Return the positions on both sides that a longest common subsequence pairs."""
    left, right = set(range(len(one))), set(range(len(other)))
    for edit in LCSseq.editops(one, other):
        if edit.tag == "delete":
            left.discard(edit.src_pos)
        else:
            right.discard(edit.dest_pos)
    return left, right


class _Words:
    """A text cut into words, each with the key it is compared by."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.spans = list(_spans(text, language))
        self.keys = [normalise(text[a:b]).casefold() for a, b in self.spans]

    def runs(self, verdicts: Sequence[Verdict]) -> tuple[Run, ...]:
        """Join the text into as few runs as its verdicts allow."""
        found: list[Run] = []
        at = 0
        for (start, end), verdict in zip(self.spans, verdicts, strict=True):
            shown: Verdict = verdict if any(map(str.isalnum, self.text[start:end])) else ""
            between = self.text[at:start]
            if found and found[-1].verdict == shown and (not between.strip() or not shown):
                found[-1] = Run(found[-1].text + between + self.text[start:end], shown)
            else:
                if between:
                    found.append(Run(between))
                found.append(Run(self.text[start:end], shown))
            at = end
        if at < len(self.text):
            found.append(Run(self.text[at:]))
        return tuple(found)


def _spans(text: str, language: Language) -> list[tuple[int, int]]:
    """Return the spans of the words: morphemes in Japanese, runs of letters and digits and single signs in English."""
    if language == "ja":
        from tmalign.text.words import morphemes  # noqa: PLC0415 - opens MeCab's dictionary

        found, at = [], 0
        for morpheme in morphemes(text):
            if morpheme.start >= at and text.startswith(morpheme.surface, morpheme.start):
                at = morpheme.start + len(morpheme.surface)
                found.append((morpheme.start, at))
        return found
    from tmalign.scoring.segmentation.tokens import spans  # noqa: PLC0415 - brings NumPy

    starts, ends = spans(text)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))
