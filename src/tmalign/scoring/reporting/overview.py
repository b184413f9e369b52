"""What the report begins with: what was scored, the ranked table, and the charts of scores."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tmalign.scoring.reporting.charts import Interval, Series, dot_chart, interval_chart, line_chart
from tmalign.scoring.reporting.markup import Markup, details, join, table, tag
from tmalign.scoring.results import SIGNIFICANT, decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.scoring.results import Accuracy, PartScore, Results, SystemResult

LANGUAGES: Final = {"ja": "Japanese", "en": "English"}
LOWER_IS_BETTER: Final = frozenset({"TER"})
MOST_SERIES: Final = 6  # systems in one chart; more cannot be told apart
_MOST_DOCUMENTS: Final = 60
_BOUNDS: Final = {"en": (0, 5, 10, 20, 30, 45), "ja": (0, 10, 20, 40, 60, 90)}
_LENGTHS: Final = {"en": "words", "ja": "characters"}


def facts(results: Results) -> Markup:
    """Say what was compared with what."""
    references = results.references
    target = LANGUAGES[references.target]
    entries = [
        ("Reference", references.path),
        ("Direction", f"{LANGUAGES[references.source_language]} to {target}"),
        ("Segments", f"{len(references.segments):,} in {_counted(len(references.documents), 'document')}"),
        ("Segmentation", _SEGMENTATION[results.segmentation]),
        (
            "Intervals",
            f"95%, {results.samples:,} bootstrap samples, seed {results.seed}" if results.samples else "none",
        ),
        ("Baseline", results.baseline or "none named"),
    ]
    if results.excluded:
        entries.append(("Left out", f"{_counted(results.excluded, 'segment')} that a training memory holds"))
    notes = [*results.notes, *(f"{one.system}: {note}" for one in results.systems for note in one.hypothesis.notes)]
    parts = [tag("dl", [[tag("dt", name), tag("dd", value)] for name, value in entries], class_="facts")]
    if notes:
        parts.append(details(_counted(len(notes), "note"), tag("ul", [tag("li", note) for note in notes]), opened=True))
    return join(parts)


_SEGMENTATION: Final = {
    "segment": "hypotheses as given, a segment each",
    "document": "hypotheses were running text, cut into the reference's segments",
}


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def ranking(results: Results) -> Markup:
    """Return the table of systems, best first by the first metric."""
    terms = any(system.terms for system in results.systems)
    figures = any(system.figures for system in results.systems)
    head = ["System", *results.metrics, *(["Terms"] if terms else []), *(["Figures"] if figures else [])]
    rows: list[list[object]] = []
    for system in results.systems:
        name = [system.system, tag("small", " baseline")] if system.system == results.baseline else system.system
        row: list[object] = [name, *(_score(system, metric) for metric in results.metrics)]
        row += [share(system.terms)] * terms + [share(system.figures)] * figures
        rows.append(row)
    if results.reference_terms or results.reference_figures:
        row = [tag("em", "the reference itself"), *[""] * len(results.metrics)]
        rows.append([*row, *[share(results.reference_terms)] * terms, *[share(results.reference_figures)] * figures])
    best = f"Best first by {results.metrics[0]}."
    if any(metric in LOWER_IS_BETTER for metric in results.metrics):
        best += " Of TER, less is better."
    tests = list(dict.fromkeys(one.test for system in results.systems for one in system.comparisons))
    if tests:
        named = " and of ".join(f"paired {_TESTS[test]}" for test in tests)
        best += " Below each score: its 95% interval," if results.samples else " Below each score:"
        best += f" the difference to {results.baseline} and the p-value of {named}; * is below {SIGNIFICANT}."
    elif results.samples:
        best += " Below each score: its 95% interval."
    signatures = {score.metric: score.signature for system in results.systems for score in system.scores}
    return join(
        [
            table(best, head, rows),
            tag("h3", "Signatures"),
            tag(
                "dl",
                [[tag("dt", metric), tag("dd", tag("code", text))] for metric, text in signatures.items()],
                class_="facts",
            ),
        ]
    )


_TESTS: Final = {"bootstrap": "bootstrap resampling", "randomisation": "approximate randomisation"}
_SHORT: Final = {"bootstrap": "bootstrap", "randomisation": "random."}


def _score(system: SystemResult, metric: str) -> Markup:
    """Return a value, its interval, and how it compares with the baseline."""
    score = next((one for one in system.scores if one.metric == metric), None)
    if score is None:
        return tag("span", "–")
    digits = decimals(metric)
    lines = []
    if score.low is not None and score.high is not None:
        lines.append(f"{score.low:.{digits}f} – {score.high:.{digits}f}")
    tests = [one for one in system.comparisons if one.metric == metric]
    if tests:
        lines.append(f"{tests[0].difference:+.{digits}f} to the baseline")
    lines += [f"p {one.p_value:.4f}{'*' if one.significant else ''} {_SHORT[one.test]}" for one in tests]
    return tag(
        "span", [tag("strong", f"{score.value:.{digits}f}"), *(tag("small", line, class_="line") for line in lines)]
    )


def share(accuracy: Accuracy | None) -> str:
    """Return a share in percent with its counts."""
    if accuracy is None or accuracy.share is None:
        return "–"
    return f"{100 * accuracy.share:.1f}% ({accuracy.found}/{accuracy.total})"


def intervals(results: Results) -> Markup:
    """Draw each metric's scores with their intervals."""
    charts = []
    for metric in results.metrics:
        rows = [
            Interval(system.system, score.value, score.low, score.high)
            for system in results.systems
            for score in system.scores
            if score.metric == metric
        ]
        if rows:
            base = next((row.value for row in rows if row.name == results.baseline), None)
            text = "Points and 95% intervals." if results.samples else "Points."
            text += " The dashed line is the baseline." if base is not None else ""
            text += " Less is better." if metric in LOWER_IS_BETTER else ""
            charts.append(interval_chart(metric, text, rows, base))
    return join(charts)


def chosen(results: Results) -> list[tuple[int, SystemResult]]:
    """Return the systems that charts show, with their places among all: the best ones, and the baseline."""
    numbered = list(enumerate(results.systems))
    first = numbered[:MOST_SERIES]
    base = [pair for pair in numbered[MOST_SERIES:] if pair[1].system == results.baseline]
    return [*first[: MOST_SERIES - len(base)], *base]


def _who(results: Results) -> str:
    shown = len(chosen(results))
    if shown == len(results.systems):
        return ""
    return f" {shown} of {len(results.systems)} systems: the best{' and the baseline' if results.baseline else ''}."


def documents(results: Results) -> Markup:
    """Draw and list each document's scores in every metric."""
    parts = [_by_part(results, "documents", metric, opened=at == 0) for at, metric in enumerate(results.metrics)]
    if len({part.name for system in results.systems for part in system.collections}) > 1:
        parts.append(tag("h3", "By collection"))
        parts += [_by_part(results, "collections", metric, opened=at == 0) for at, metric in enumerate(results.metrics)]
    return join(parts)


def _by_part(results: Results, kind: str, metric: str, *, opened: bool) -> Markup:
    tables: list[tuple[PartScore, ...]] = [getattr(system, kind) for system in results.systems]
    if not tables or not tables[0]:
        return join([])
    order = list(range(len(tables[0])))
    drawn = order
    note = ""
    if len(order) > _MOST_DOCUMENTS:
        spread = [_spread([one[k].values.get(metric) for one in tables]) for k in order]
        drawn = sorted(sorted(order, key=lambda k: (-spread[k], k))[:_MOST_DOCUMENTS])
        note = f" The {_MOST_DOCUMENTS} of {len(order)} {kind} on which systems differ most."
    series = [
        Series(system.system, number, tuple(tables[at][k].values.get(metric) for k in drawn))
        for number, (at, system) in enumerate(chosen(results))
    ]
    chart = dot_chart(
        f"{metric} by {kind[:-1]}.", note.strip() + _who(results), [tables[0][k].name for k in drawn], series
    )
    rows = [
        [tables[0][k].name, str(tables[0][k].segments), *(_value(one[k].values.get(metric)) for one in tables)]
        for k in order
    ]
    listed = table(f"{metric} of every system", [kind[:-1].capitalize(), "Segments", *_names(results)], rows)
    return details(f"{metric} by {kind[:-1]}", chart, details("As a table", listed), opened=opened)


def _names(results: Results) -> list[str]:
    return [system.system for system in results.systems]


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _spread(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return max(known) - min(known) if known else 0.0


def lengths(results: Results) -> Markup:
    """Draw the mean sentence score by the reference segment's length."""
    target = results.references.target
    unit = _LENGTHS[target]
    sizes = [
        len(text.split()) if target == "en" else len("".join(text.split())) for text in results.references.segments
    ]
    bounds = [*_BOUNDS[target], max([*sizes, 0]) + 1]
    bins = [(low, high) for low, high in pairwise(sorted(set(bounds))) if any(low < size <= high for size in sizes)]
    members = [[k for k, size in enumerate(sizes) if low < size <= high] for low, high in bins]
    last = bins[-1][1] if bins else 0
    names = [
        f"{f'over {low}' if high == last and low else f'{low + 1}–{high}'} {unit}\n{_counted(len(found), 'segment')}"
        for (low, high), found in zip(bins, members, strict=True)
    ]
    charts = []
    for metric in results.metrics:
        series = [
            Series(system.system, number, tuple(sum(points[k] for k in found) / len(found) for found in members))
            for number, (_, system) in enumerate(chosen(results))
            if (points := (system.sentences or {}).get(metric)) and len(points) == len(sizes)
        ]
        if series and bins:
            text = f"Mean {metric} of single segments by the length of the reference.{_who(results)}"
            charts.append(line_chart(f"{metric} by length.", text, names, series))
    return join(charts)


def running(results: Results) -> Markup:
    """List what cutting running text met with: omissions, exchanged neighbours, doubtful cuts."""
    systems = [(system.system, system.hypothesis.cut) for system in results.systems if system.hypothesis.cut]
    rows = [
        [name, str(len(cut.empty)), str(len(cut.swapped)), str(len(cut.doubtful)), _places(results, cut.swapped)]
        for name, cut in systems
    ]
    head = ["System", "Omitted", "Exchanged", "Doubtful", "Exchanged neighbours"]
    caption = (
        "Segments that got no text, neighbours whose translations stand in each other's place, "
        "and segments cut with a probability below one half."
    )
    return table(caption, head, rows)


def _places(results: Results, pairs: Sequence[tuple[int, int]]) -> Markup:
    # Without references that were left out the numbers no longer lead to a document.
    first = [str(one + 1) if results.excluded else place(results, one) for one, _ in pairs[:20]]
    last = [str(two + 1) if results.excluded else place(results, two).rsplit(" ", 1)[-1] for _, two in pairs[:20]]
    where = [f"{one} and {two}" for one, two in zip(first, last, strict=True)]
    return tag("span", "; ".join(where) + (f"; and {len(pairs) - 20} more" if len(pairs) > 20 else ""))


def place(results: Results, segment: int) -> str:
    """Return where a segment stands: its document and its number in it, from 1."""
    for document in results.references.documents:
        if segment < len(document.references):
            return f"{document.id} {segment + 1}"
        segment -= len(document.references)
    return str(segment + 1)
