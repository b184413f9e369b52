"""References that a system may have seen: those that also stand in a training memory, exactly or nearly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tmalign.scoring.references import digest_of
from tmalign.scoring.results import Overlap
from tmalign.text.width import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.model import Language, Unit
    from tmalign.scoring.material import ReferenceDocument, References

# At this similarity and above a segment counts as seen.
THRESHOLD: Final = 0.9
# Shorter texts (greetings, headings) are alike by chance; only exact ones count.
_LEAST_FUZZY: Final = 10
# Cells of the matrix of similarities at a time.
_CELLS: Final = 8_000_000
# References of lengths up to this much apart are compared together.
_SPREAD: Final = 1.1


def find_overlaps(references: References, units: Iterable[Unit], threshold: float = THRESHOLD) -> tuple[Overlap, ...]:
    """Return the reference segments that stand in a memory: source or target alike, at `threshold` (0-1] or above.

    Texts are compared in one width and case, white space and punctuation at their ends aside; similarity is one minus
    the normalised edit distance with insertions and deletions (rapidfuzz's ratio). The closest unit is named; `line` is
    its number in the memory from 1.
    """
    memory: dict[Language, dict[str, int]] = {"ja": {}, "en": {}}
    texts: list[tuple[str, str]] = []
    for number, unit in enumerate(units):
        texts.append((unit.ja, unit.en))
        memory["ja"].setdefault(_key(unit.ja), number)
        memory["en"].setdefault(_key(unit.en), number)
    best: dict[int, tuple[float, int]] = {}
    sides = [(references.target, references.segments), (references.source_language, references.sources)]
    for language, segments in sides:
        for segment, (similarity, number) in _matches(segments, memory[language], threshold).items():
            if similarity > best.get(segment, (0.0, 0))[0]:
                best[segment] = (similarity, number)
    names = [document.id for document in references.documents for _ in document.references]
    shown = 0 if references.target == "ja" else 1
    return tuple(
        Overlap(segment, names[segment], similarity, references.segments[segment], texts[number][shown], number + 1)
        for segment, (similarity, number) in sorted(best.items())
    )


def _key(text: str) -> str:
    """Return what makes two texts the same to a person."""
    return " ".join(fold(text).text.split()).strip(" .,;:!?。、．，！？")


def _matches(segments: Sequence[str], memory: dict[str, int], threshold: float) -> dict[int, tuple[float, int]]:
    """Return for each segment that has one the closest text of the memory: similarity and unit."""
    found: dict[int, tuple[float, int]] = {}
    fuzzy: list[tuple[int, str]] = []
    for segment, text in enumerate(segments):
        key = _key(text)
        if key and key in memory:
            found[segment] = (1.0, memory[key])
        elif len(key) >= _LEAST_FUZZY and threshold < 1:
            fuzzy.append((segment, key))
    choices = [key for key in memory if len(key) >= _LEAST_FUZZY]
    if fuzzy and choices:
        closest = _closest([key for _, key in fuzzy], choices, threshold)
        for (segment, _), (similarity, choice) in zip(fuzzy, closest, strict=True):
            if similarity >= threshold:
                found[segment] = (similarity, memory[choices[choice]])
    return found


def _closest(queries: Sequence[str], choices: Sequence[str], threshold: float) -> list[tuple[float, int]]:
    """Return for each query the similarity and number of the closest choice; 0 where none reaches the threshold."""
    import numpy as np  # noqa: PLC0415 - only where a memory is given
    from rapidfuzz import process  # noqa: PLC0415 - likewise
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - likewise

    found = [(0.0, 0)] * len(queries)
    by_length = sorted(range(len(choices)), key=lambda number: len(choices[number]))
    sorted_choices = [choices[number] for number in by_length]
    lengths = np.array([len(choice) for choice in sorted_choices])
    wanted = sorted(range(len(queries)), key=lambda number: len(queries[number]))
    # Texts of too different lengths cannot be that similar: 2 min / (a + b) bounds the similarity.
    ratio = threshold / (2 - threshold)
    start = 0
    while start < len(wanted):
        shortest = len(queries[wanted[start]])
        stop = next((n for n in range(start, len(wanted)) if len(queries[wanted[n]]) > shortest * _SPREAD), len(wanted))
        low = int(np.searchsorted(lengths, int(shortest * ratio), "left"))
        high = int(np.searchsorted(lengths, len(queries[wanted[stop - 1]]) / ratio + 1, "right"))
        stop = min(stop, start + max(1, _CELLS // max(1, high - low)))
        block = wanted[start:stop]
        if high > low:
            table = process.cdist(
                [queries[number] for number in block],
                sorted_choices[low:high],
                scorer=Indel.normalized_similarity,
                score_cutoff=threshold,
                dtype=np.float64,
            )
            for number, row in zip(block, table, strict=True):
                best = int(row.argmax())
                found[number] = (float(row[best]), by_length[low + best])
        start = stop
    return found


def leave_out(references: References, segments: set[int]) -> References:
    """Return the references without these segments; documents that become empty go too."""
    documents: list[ReferenceDocument] = []
    position = 0
    for document in references.documents:
        kept = [n for n in range(len(document.references)) if position + n not in segments]
        position += len(document.references)
        if kept:
            documents.append(
                replace(
                    document,
                    references=tuple(document.references[n] for n in kept),
                    sources=tuple(document.sources[n] for n in kept) if document.sources else (),
                    lines=tuple(document.lines[n] for n in kept) if document.lines else (),
                )
            )
    return replace(references, documents=tuple(documents), digest=digest_of(documents))
