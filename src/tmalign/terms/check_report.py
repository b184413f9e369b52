"""What a check found, for people and programs: text, JSON, SARIF 2.1.0, one page of HTML."""

from __future__ import annotations

import html
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tmalign import __version__
from tmalign.terms.check import CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.formats.draft import DraftUnit
    from tmalign.terms.check import Issue


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that was checked: its name, its units, what was found in them."""

    path: str
    units: Sequence[DraftUnit]
    issues: Sequence[Issue]

    def place(self, issue: Issue) -> str:
        """Return where an issue stands: path, line where it is known, unit."""
        unit = self.units[issue.unit]
        line = f":{unit.line}" if unit.line else ""
        return f"{self.path}{line}: unit {unit.name or issue.unit + 1}"


def as_text(drafts: Sequence[Checked]) -> str:
    """Return an issue a paragraph: place, severity, code, reason; the two texts; what to do."""
    lines = []
    for draft in drafts:
        for issue in draft.issues:
            unit = draft.units[issue.unit]
            lines.append(f"{_shown(draft.place(issue))}: {issue.severity}: {_shown(issue.reason)} [{issue.code}]")
            sides = ((unit.ja, issue.ja_span), (unit.en, issue.en_span))
            lines.extend("    " + _marked(text, span) for text, span in sides if text.strip())
            if issue.suggestion:
                lines.append("    > " + _shown(issue.suggestion))
    return "".join(line + "\n" for line in lines)


def _marked(text: str, span: tuple[int, int], window: int = 50) -> str:
    """Return a text around a place, the place in double brackets; its start where there is none."""
    start, end = span
    if start >= end:
        return _shown(text[: 2 * window]) + ("…" if len(text) > 2 * window else "")
    left, right = max(0, start - window), min(len(text), end + window)
    middle = _shown(text[left:start]) + "[[" + _shown(text[start:end]) + "]]" + _shown(text[end:right])
    return ("…" if left else "") + middle + ("…" if right < len(text) else "")


def _shown(text: str) -> str:
    """Return text with nothing in it that a terminal obeys."""
    return "".join(character if character.isprintable() else " " for character in text)


def counts(drafts: Sequence[Checked]) -> dict[str, int]:
    """Return the number of issues by code, every code named."""
    found = Counter(issue.code for draft in drafts for issue in draft.issues)
    return {code: found[code] for code in CODES}


def as_json(drafts: Sequence[Checked]) -> str:
    """Return {"files", "units", "counts", "issues"}; an issue has place, code, severity, reason, texts and spans."""
    rows = [_row(draft, issue) for draft in drafts for issue in draft.issues]
    report = {
        "files": [draft.path for draft in drafts],
        "units": sum(len(draft.units) for draft in drafts),
        "counts": counts(drafts),
        "issues": rows,
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _row(draft: Checked, issue: Issue) -> dict[str, Any]:
    unit = draft.units[issue.unit]
    return {
        "path": draft.path,
        "line": unit.line,
        "unit": issue.unit + 1,
        "name": unit.name,
        "code": issue.code,
        "severity": issue.severity,
        "reason": issue.reason,
        "suggestion": issue.suggestion,
        "term": issue.term,
        "ja": unit.ja,
        "en": unit.en,
        "ja_span": list(issue.ja_span),
        "en_span": list(issue.en_span),
    }


def as_sarif(drafts: Sequence[Checked]) -> str:
    """Return a log of the Static Analysis Results Interchange Format (OASIS, 2.1.0), which CI systems show."""
    rules = [
        {"id": code, "shortDescription": {"text": text}, "defaultConfiguration": {"level": severity}}
        for code, (severity, text) in CODES.items()
    ]
    run = {
        "tool": {"driver": {"name": "tmalign", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(draft, issue) for draft in drafts for issue in draft.issues],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _result(draft: Checked, issue: Issue) -> dict[str, Any]:
    unit = draft.units[issue.unit]
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(draft.path)}}
    if unit.line:
        physical["region"] = {"startLine": unit.line, "snippet": {"text": f"{unit.ja}\n{unit.en}"}}
    text = issue.reason + (f"; {issue.suggestion}" if issue.suggestion else "")
    return {
        "ruleId": issue.code,
        "ruleIndex": list(CODES).index(issue.code),
        "level": issue.severity,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"name": unit.name or str(issue.unit + 1), "kind": "element"}],
            }
        ],
    }


def _uri(path: str) -> str:
    """Return a path as a reference that a URI may be."""
    from urllib.parse import quote  # noqa: PLC0415 - one format of four needs it

    return quote(path.replace("\\", "/").encode("utf-8", "replace"), safe="/")


_STYLE = """
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
body { color: #1c1c1c; background: #fff }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin-top: 2rem }
td { padding: .15rem .8rem .15rem 0 }
article { border-left: .3rem solid #b3261e; padding: .2rem 0 .2rem 1rem; margin: 1rem 0 }
article.warning { border-color: #8a6100 }
.place { color: #555; font-size: .9rem } p { margin: .2rem 0 } mark { background: #ffe08a } .do { color: #0b5a2a }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee } .place { color: #aaa } mark { background: #6b5200; color: #fff }
  .do { color: #7ddc9a }
}
"""


def as_html(drafts: Sequence[Checked]) -> str:
    """Return one page that needs nothing beside it: counts, then the issues of each draft with the places marked."""
    units = sum(len(draft.units) for draft in drafts)
    found = sum(len(draft.issues) for draft in drafts)
    rows = "".join(
        f"<tr><td>{number}</td><td>{html.escape(CODES[code][1])}</td></tr>"
        for code, number in zip(CODES, counts(drafts).values(), strict=True)
        if number
    )
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Check: {found} issues</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{found} issues in {units} units</h1>\n<table>{rows}</table>\n"
    )
    parts = [head]
    for draft in drafts:
        parts.append(f"<h2>{_escaped(draft.path)}</h2>\n")
        parts.extend(_article(draft, issue) for issue in draft.issues)
        if not draft.issues:
            parts.append("<p>Nothing was found.</p>\n")
    return "".join(parts) + "</body>\n</html>\n"


def _article(draft: Checked, issue: Issue) -> str:
    unit = draft.units[issue.unit]
    line = f", line {unit.line}" if unit.line else ""
    name = _escaped(unit.name or str(issue.unit + 1))
    advice = f'<p class="do">{_escaped(issue.suggestion)}</p>\n' if issue.suggestion else ""
    return (
        f'<article class="{issue.severity}">\n'
        f'<p class="place">unit {name}{line} · {issue.severity} · {issue.code}</p>\n'
        f"<p><strong>{_escaped(issue.reason)}</strong></p>\n{advice}"
        f'<p lang="ja">{_highlighted(unit.ja, issue.ja_span)}</p>\n'
        f"<p>{_highlighted(unit.en, issue.en_span)}</p>\n</article>\n"
    )


def _highlighted(text: str, span: tuple[int, int]) -> str:
    start, end = span
    if start >= end:
        return _escaped(text)
    return f"{_escaped(text[:start])}<mark>{_escaped(text[start:end])}</mark>{_escaped(text[end:])}"


def _escaped(text: str) -> str:
    return html.escape(_shown(text))
