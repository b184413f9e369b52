"""Results as JSON of a stable shape, as CSV, and as a table for a person."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from tmalign.scoring.checks import NAMES
from tmalign.scoring.results import SIGNIFICANT, decimals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tmalign.scoring.results import Accuracy, PartScore, Results, Score, SystemResult

PARTS: Final = ("document", "collection")
_HEADS: Final = ("system", "part", "name", "segments", "metric", "value", "low", "high", "baseline", "bootstrap_p")
_LAST_HEADS: Final = ("randomisation_p", "signature")
_SHOWN: Final = 20


def as_rows(results: Results, parts: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return one object a system, best first: `system`, `metrics`, `segments` always; the rest where asked for."""
    return [_system(system, results, parts) for system in results.systems]


def _system(system: SystemResult, results: Results, parts: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "system": system.system,
        "metrics": [_score(score) for score in system.scores],
        "segments": len(results.references.segments),
        "direction": f"{results.references.source_language}-{results.references.target}",
        "segmentation": results.segmentation,
    }
    if results.samples:
        row["bootstrap"] = {"samples": results.samples, "seed": results.seed}
    if results.baseline:
        row["baseline"] = results.baseline
        row["comparisons"] = [
            {
                "metric": one.metric,
                "test": one.test,
                "difference": one.difference,
                "p_value": one.p_value,
                "samples": one.samples,
            }
            for one in system.comparisons
        ]
    for part, found in (("document", system.documents), ("collection", system.collections)):
        if part in parts:
            row[f"{part}s"] = [{"name": one.name, "segments": one.segments, "metrics": one.values} for one in found]
    for key, accuracy, own in (
        ("terms", system.terms, results.reference_terms),
        ("figures", system.figures, results.reference_figures),
    ):
        if accuracy is not None:
            row[key] = _accuracy(accuracy, own, system)
    if cut := system.hypothesis.cut:
        row["cut"] = {
            "signature": cut.signature,
            "empty": [number + 1 for number in cut.empty],
            "swapped": [[left + 1, right + 1] for left, right in cut.swapped],
            "doubtful": [number + 1 for number in cut.doubtful],
        }
    if results.overlaps:
        row["contamination"] = {
            "left_out": bool(results.excluded),
            "segments": [
                {"segment": one.segment + 1, "document": one.document, "similarity": one.similarity, "unit": one.line}
                for one in results.overlaps
            ],
        }
    if notes := (*results.notes, *system.hypothesis.notes):
        row["notes"] = list(notes)
    return row


def _score(score: Score) -> dict[str, Any]:
    return {
        "metric": score.metric,
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "signature": score.signature,
    }


def _number(system: SystemResult, segment: int) -> int:
    """Return a segment's line in the hypothesis, which holds when segments were left out; else its number."""
    lines = system.hypothesis.lines
    return lines[segment] if lines else segment + 1


def _accuracy(accuracy: Accuracy, own: Accuracy | None, system: SystemResult) -> dict[str, Any]:
    row: dict[str, Any] = {
        "found": accuracy.found,
        "total": accuracy.total,
        "share": accuracy.share,
        "reference_share": own.share if own else None,
        "misses": [
            {
                "segment": _number(system, miss.segment),
                "document": miss.document,
                "source": miss.source,
                "expected": list(miss.expected),
            }
            for miss in accuracy.misses
        ],
    }
    if accuracy.tallies:
        row["by_term"] = [
            {"source": one.source, "expected": list(one.expected), "found": one.found, "total": one.total}
            for one in accuracy.tallies
        ]
    return row


def as_csv(results: Results, parts: Sequence[str] = ()) -> str:
    """Return a row a system, part and metric; full precision, empty where nothing was computed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_HEADS, *_LAST_HEADS))
    for system in results.systems:
        for score in system.scores:
            tests = {one.test: repr(one.p_value) for one in system.comparisons if one.metric == score.metric}
            writer.writerow(
                (
                    system.system,
                    "all",
                    "",
                    len(results.references.segments),
                    score.metric,
                    repr(score.value),
                    "" if score.low is None else repr(score.low),
                    "" if score.high is None else repr(score.high),
                    results.baseline,
                    tests.get("bootstrap", ""),
                    tests.get("randomisation", ""),
                    score.signature,
                )
            )
        for part, found in (("document", system.documents), ("collection", system.collections)):
            if part in parts:
                writer.writerows(_csv_parts(system, part, found))
    return out.getvalue()


def _csv_parts(system: SystemResult, part: str, found: Sequence[PartScore]) -> Iterator[tuple[object, ...]]:
    signatures = {score.metric: score.signature for score in system.scores}
    for one in found:
        for metric, value in one.values.items():
            empty = ("",) * (len(_HEADS) + len(_LAST_HEADS) - 7)
            yield (system.system, part, one.name, one.segments, metric, repr(value), *empty, signatures[metric])


def as_text(results: Results, parts: Sequence[str] = ()) -> str:
    """Return the ranked table, then what was asked for beside it, then the signatures."""
    lines = [*_ranking(results)]
    for part in parts:
        lines += ["", *_breakdown(results, part)]
    for key in ("terms", "figures"):
        if any(getattr(system, key) is not None for system in results.systems):
            lines += ["", *_content(results, key)]
    if results.overlaps:
        lines += ["", *_contamination(results)]
    lines += ["", *_signatures(results)]
    return "\n".join(lines) + "\n"


def _ranking(results: Results) -> Iterator[str]:
    """Yield the table: a system a line, each metric with its interval and p-values."""
    heads = ["", "system"]
    tests = list(dict.fromkeys(one.test for system in results.systems for one in system.comparisons))
    for metric in results.metrics:
        heads += [metric, *(["95% interval"] if results.samples else []), *(f"p {test}" for test in tests)]
    rows = [heads]
    for rank, system in enumerate(results.systems, 1):
        name = system.system + (" (baseline)" if system.system == results.baseline else "")
        row = [str(rank), name]
        for score in system.scores:
            digits = decimals(score.metric)
            row.append(f"{score.value:.{digits}f}")
            if score.low is not None and score.high is not None:
                row.append(f"{score.low:.{digits}f}-{score.high:.{digits}f}")
            for test in tests:
                found = [one for one in system.comparisons if (one.metric, one.test) == (score.metric, test)]
                row += [f"{one.p_value:.4f}{'*' if one.significant else ' '}" for one in found] or [""]
        rows.append(row)
    yield from aligned(rows, left={1})


def aligned(rows: Sequence[Sequence[str]], left: set[int]) -> Iterator[str]:
    """Yield rows with their columns below each other; wide characters count two."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = []
        for column, cell in enumerate(row):
            space = " " * (widths[column] - _width(cell))
            cells.append(cell + space if column in left else space + cell)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    from unicodedata import east_asian_width  # noqa: PLC0415 - tables only

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _breakdown(results: Results, part: str) -> Iterator[str]:
    """Yield the first metric by part, a system a column."""
    metric = results.metrics[0]
    columns = [system.documents if part == "document" else system.collections for system in results.systems]
    if not columns[0]:
        yield f"no {part} is named in the reference"
        return
    yield f"{metric} by {part}"
    digits = decimals(metric)
    rows = [[part, "segments", *(system.system for system in results.systems)]]
    for number, one in enumerate(columns[0]):
        name = one.name or "(none)"
        rows.append([name, str(one.segments), *(f"{column[number].values[metric]:.{digits}f}" for column in columns)])
    yield from aligned(rows, left={0})


def _content(results: Results, key: str) -> Iterator[str]:
    """Yield the share of terms or figures by system, then what was missed most."""
    own: Accuracy | None = getattr(results, f"reference_{key}")
    rows = [[key, "right", "of", "share"]]
    found = [(system, getattr(system, key)) for system in results.systems]
    for name, accuracy in [*((one.system, had) for one, had in found), ("(the reference itself)", own)]:
        if accuracy is not None:
            share = "-" if accuracy.share is None else f"{100 * accuracy.share:.1f}%"
            rows.append([name, str(accuracy.found), str(accuracy.total), share])
    yield from aligned(rows, left={0})
    for system, accuracy in found:
        if not accuracy.misses:
            continue
        yield ""
        yield f"{key} {system.system} missed"
        if accuracy.tallies:
            for tally in [one for one in accuracy.tallies if one.found < one.total][:_SHOWN]:
                yield f"  {tally.total - tally.found} of {tally.total}  {tally.source} = {' | '.join(tally.expected)}"
        else:
            for miss in accuracy.misses[:_SHOWN]:
                yield f"  segment {_number(system, miss.segment)} ({miss.document}): {miss.source}"
        yield "  --json lists every one by segment"


def _contamination(results: Results) -> Iterator[str]:
    """Yield how much of the reference stands in the memory, and the first of it."""
    exact = sum(one.similarity == 1 for one in results.overlaps)
    fuzzy = len(results.overlaps) - exact
    done = "left out" if results.excluded else "counted all the same: --leave-out leaves them out"
    yield f"reference segments that stand in the memory: {exact} exactly, {fuzzy} nearly; {done}"
    for one in results.overlaps[:_SHOWN]:
        yield f"  {int(100 * one.similarity)}%  segment {one.segment + 1} ({one.document}): {one.reference}"
    if len(results.overlaps) > _SHOWN:
        yield f"  ... and {len(results.overlaps) - _SHOWN} more"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _signatures(results: Results) -> Iterator[str]:
    """Yield what was scored and how: direction, sizes, resampling, a signature a metric."""
    references = results.references
    sides = f"{NAMES[references.source_language]} to {NAMES[references.target]}"
    documents = len({document.id for document in references.documents})
    yield f"{sides}, {_count(len(references.segments), 'segment')} in {_count(documents, 'document')}"
    if results.samples:
        yield f"intervals: 95%, {results.samples} bootstrap resamples, seed {results.seed}"
    if results.baseline:
        yield f"p: that the difference to {results.baseline} is chance; * below {SIGNIFICANT}"
    for number, metric in enumerate(results.metrics):
        for signature in dict.fromkeys(system.scores[number].signature for system in results.systems):
            yield f"{metric}: {signature}"
