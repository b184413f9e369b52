"""Explanations of beads as `--explain` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tmalign.align.explanation import Explanation

_NAMES = {"figure": "figures", "sign": "signs", "latin": "letters", "word": "words", "name": "names"}


def explanation_lines(reason: Explanation) -> list[str]:
    """Return an explanation as lines: matches by kind, figures without counterpart, then the sum of features."""
    lines = []
    for kind, name in (*_NAMES.items(), ("learned", "learned from bitext")):
        found = [f"{m.ja} = {m.en} ({m.weight:.2f})" for m in reason.matches if m.kind == kind]
        if found:
            lines.append(f"{name}: {', '.join(found)}")
    missed = [*reason.missed_ja, *reason.missed_en]
    if missed:
        lines.append(f"figures without counterpart: {', '.join(missed)}")
    if reason.bead.origin == "pin":
        lines.append("decided by a person")
    lines.append(f"score {reason.score:+.3f}, the sum of:")
    width = max((len(part.feature) for part in reason.parts), default=0)
    lines += [
        f"  {part.feature:{width}}  {part.added:+8.3f}  = {part.value:.3f} x {part.weight:.4f}"
        for part in sorted(reason.parts, key=lambda part: -abs(part.added))
    ]
    return lines


def explanation_row(reason: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON holds it."""
    return {
        "score": reason.score,
        "matches": [{"kind": m.kind, "ja": m.ja, "en": m.en, "weight": m.weight} for m in reason.matches],
        "missed": {"ja": list(reason.missed_ja), "en": list(reason.missed_en)},
        "features": [
            {"feature": part.feature, "value": part.value, "weight": part.weight, "added": part.added}
            for part in reason.parts
        ],
    }
