"""The sentences on which two systems differ most, side by side with the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tmalign.scoring.reporting.differences import compare
from tmalign.scoring.reporting.markup import Markup, details, join, tag
from tmalign.scoring.reporting.overview import LOWER_IS_BETTER, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.scoring.reporting.differences import Run
    from tmalign.scoring.results import Results, SystemResult

_EACH_WAY: Final = 8  # sentences shown for each of two systems
_MOST_PAIRS: Final = 4
_STEADY: Final = ("chrF", "chrF++", "COMET")  # metrics that mean something on one sentence, before the others


def contrasts(results: Results) -> Markup:
    """Set systems against the baseline (or the best against the next) and show where they part most."""
    metric = metric_for_sentences(results)
    if metric is None or len(results.systems) < 2:
        return tag("p", "There is one system only, or no score of single sentences.")
    parts = [
        tag(
            "p",
            f"By {metric} of single sentences. Only words that one system has and the other has not are marked: ",
            tag("mark", "in the reference", class_="right"),
            " or ",
            tag("mark", "not in it", class_="wrong"),
            "; in the reference, ",
            tag("mark", "what neither has", class_="missed"),
            ".",
        )
    ]
    for at, (first, second) in enumerate(pairs(results)):
        shown = widest(first, second, results.references.segments, metric)
        cards = [_card(results, first, second, segment, metric) for segment in shown]
        parts.append(details(f"{first.system} and {second.system}", *cards, opened=at == 0))
    return join(parts)


def metric_for_sentences(results: Results) -> str | None:
    """Return the metric that sentences are compared by: a steady one where there is one."""
    known = [name for name in results.metrics if all((s.sentences or {}).get(name) for s in results.systems)]
    return next((name for name in _STEADY if name in known), known[0] if known else None)


def pairs(results: Results) -> list[tuple[SystemResult, SystemResult]]:
    """Return the systems to compare: each of the best with the baseline, or the best with those that follow."""
    base = next((one for one in results.systems if one.system == results.baseline), results.systems[0])
    others = [one for one in results.systems if one is not base]
    found = [(one, base) if results.baseline else (base, one) for one in others]
    return found[:_MOST_PAIRS]


def widest(first: SystemResult, second: SystemResult, references: Sequence[str], metric: str) -> list[int]:
    """Return the segments on which either system is furthest ahead, the widest difference first.

    What stands in the text again with the same translations is shown once.
    """
    one, other = (first.sentences or {})[metric], (second.sentences or {})[metric]
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    texts = zip(first.hypothesis.segments, second.hypothesis.segments, references, strict=True)
    once = dict(reversed([(text, k) for k, text in enumerate(texts)])).values()
    ahead = {k: sign * (one[k] - other[k]) for k in once}
    order = sorted(ahead, key=lambda k: (-ahead[k], k))
    best = [k for k in order[:_EACH_WAY] if ahead[k] > 0]
    worst = [k for k in order[-_EACH_WAY:] if ahead[k] < 0]
    return sorted([*best, *worst], key=lambda k: (-abs(ahead[k]), k))


def _card(results: Results, first: SystemResult, second: SystemResult, segment: int, metric: str) -> Markup:
    references = results.references
    language = references.target
    texts = (first.hypothesis.segments[segment], second.hypothesis.segments[segment], references.segments[segment])
    marked = compare(*texts, language)
    points = [(system.sentences or {})[metric][segment] for system in (first, second)]
    source = None
    if references.sources:
        source = _side("Source", [references.sources[segment]], references.source_language)
    sides = [
        source,
        _side("Reference", _marked(marked[2]), language),
        _side(f"{first.system}: {points[0]:.1f}", _marked(marked[0]), language),
        _side(f"{second.system}: {points[1]:.1f}", _marked(marked[1]), language),
    ]
    head = tag("header", tag("span", place(results, segment)), tag("span", f"{points[0] - points[1]:+.1f} {metric}"))
    return tag("article", head, tag("div", sides, class_="sides"), class_="pair")


def _side(name: str, content: Sequence[object], language: str) -> Markup:
    shown = list(content) if any(content) else [tag("em", "no text")]
    return tag("div", tag("h4", name), tag("p", tag("bdi", shown), lang=language))


def _marked(runs: Sequence[Run]) -> list[object]:
    return [tag("mark", run.text, class_=run.verdict) if run.verdict else run.text for run in runs]
