"""Terms and figures that were lost, and references that a training memory holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tmalign.scoring.reporting.markup import Markup, bidi, details, join, table, tag
from tmalign.scoring.reporting.overview import place

if TYPE_CHECKING:
    from tmalign.scoring.results import Accuracy, Results, SystemResult

_MOST_ROWS: Final = 40


def terms(results: Results) -> Markup:
    """List, for each system, the terms it misses most and where."""
    parts = [
        tag(
            "p",
            "A term counts once a segment; its approved rendering or an accepted variant must stand in the hypothesis.",
        )
    ]
    for system in results.systems:
        if system.terms is None:
            continue
        tallies = [one for one in system.terms.tallies if one.found < one.total]
        rows = [
            [_source(results, one.source), _target(results, one.expected), f"{one.found}/{one.total}"]
            for one in tallies[:_MOST_ROWS]
        ]
        listed = table(_first(len(tallies), "term"), ["Term", "Accepted", "Found"], rows)
        parts.append(
            details(_summary(system, system.terms, "terms"), listed, _misses(results, system, system.terms, "Term"))
        )
    return join(parts)


def figures(results: Results) -> Markup:
    """List, for each system, the numbers, dates and amounts that were not carried over."""
    parts = [tag("p", "Numbers, dates, times and amounts of the source: the same value must stand in the hypothesis.")]
    for system in results.systems:
        if system.figures is not None:
            listed = _misses(results, system, system.figures, "Figure")
            parts.append(details(_summary(system, system.figures, "figures"), listed))
    return join(parts)


def contamination(results: Results) -> Markup:
    """List reference segments that also stand in a training memory."""
    rows = [
        [
            place(results, one.segment) if not results.excluded else f"{one.document} ({one.segment + 1})",
            f"{int(100 * one.similarity)}%",
            bidi(one.reference, results.references.target),
            bidi(one.memory, results.references.target),
        ]
        for one in results.overlaps[:_MOST_ROWS]
    ]
    left = " They were left out." if results.excluded else " They were scored with the others."
    return join(
        [
            tag("p", f"{len(results.overlaps):,} reference segments also stand in the training memory.{left}"),
            table(_first(len(results.overlaps), "segment"), ["Segment", "Similarity", "Reference", "Memory"], rows),
        ]
    )


def _misses(results: Results, system: SystemResult, accuracy: Accuracy, noun: str) -> Markup:
    """List what is missing and what stands there instead. Terms that stand above say what would have been right."""
    rows = [
        [
            place(results, miss.segment),
            _source(results, miss.source),
            bidi(system.hypothesis.segments[miss.segment], results.references.target),
        ]
        for miss in accuracy.misses[:_MOST_ROWS]
    ]
    return table(_first(len(accuracy.misses), "miss"), ["Segment", noun, "Hypothesis"], rows)


def _summary(system: SystemResult, accuracy: Accuracy, noun: str) -> str:
    share = "none in the source" if accuracy.share is None else f"{100 * accuracy.share:.1f}%"
    return f"{system.system}: {share}, {accuracy.found} of {accuracy.total} {noun}"


def _first(number: int, noun: str) -> str:
    plural = {"miss": "misses"}.get(noun, f"{noun}s")
    if number <= _MOST_ROWS:
        return f"{number} {noun if number == 1 else plural}"
    return f"The first {_MOST_ROWS} of {number:,} {plural}"


def _source(results: Results, text: str) -> Markup:
    return bidi(text, results.references.source_language)


def _target(results: Results, texts: tuple[str, ...]) -> Markup:
    return bidi(" | ".join(texts), results.references.target)
