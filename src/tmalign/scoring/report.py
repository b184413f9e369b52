"""The HTML report: one file that needs nothing else, for a person to read, print and pass on."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from tmalign.scoring.reporting import content, overview
from tmalign.scoring.reporting.contrasts import contrasts
from tmalign.scoring.reporting.markup import Markup, join, tag

if TYPE_CHECKING:
    from tmalign.scoring.results import Results


def write_report(results: Results) -> str:
    """Return the results as one HTML page without script or anything from elsewhere; same results, same page.

    Charts are inline SVG with a table beside each. Raises ValueError where there is no system to report on.
    """
    if not results.systems:
        raise ValueError("there is no system to report on")
    sections = _sections(results)
    number = len(results.systems)
    languages = overview.LANGUAGES
    source, target = languages[results.references.source_language], languages[results.references.target]
    title = f"{'One system' if number == 1 else f'{number} systems'}, {source} to {target}"
    style = files("tmalign").joinpath("data", "report.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        tag("title", f"{title}: translation scores"),
        tag("style", Markup(style)),
    )
    contents = tag("nav", tag("ul", [tag("li", tag("a", name, href=f"#{key}")) for key, name, _ in sections]))
    body = tag(
        "body",
        tag("header", tag("h1", title), overview.facts(results), contents),
        tag("main", [tag("section", tag("h2", name), part, id=key) for key, name, part in sections]),
    )
    return "<!DOCTYPE html>\n" + join([tag("html", head, body, lang="en")]) + "\n"


def _sections(results: Results) -> list[tuple[str, str, Markup]]:
    """Return (anchor, heading, content) of what there is to show."""
    systems = results.systems
    wanted = [
        ("ranking", "Scores", overview.ranking(results), True),
        ("intervals", "Scores with intervals", overview.intervals(results), True),
        ("documents", "By document", overview.documents(results), any(len(one.documents) > 1 for one in systems)),
        ("lengths", "By sentence length", overview.lengths(results), any(one.sentences for one in systems)),
        ("sentences", "Where two systems differ most", contrasts(results), len(systems) > 1),
        ("terms", "Terms", content.terms(results), any(one.terms for one in systems)),
        ("figures", "Figures", content.figures(results), any(one.figures for one in systems)),
        ("running", "Running text", overview.running(results), any(one.hypothesis.cut for one in systems)),
        ("memory", "Seen in training", content.contamination(results), bool(results.overlaps)),
    ]
    return [(key, name, part) for key, name, part, there in wanted if there]
