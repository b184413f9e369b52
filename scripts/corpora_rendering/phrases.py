"""The sheet of fixed phrases (corpora/phrases.tsv) and where the releases use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpora_rendering.authored import AuthoredRelease

COLUMNS = ("kind", "ja", "en", "variants_ja", "variants_en")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fixed phrase with its English; the first form of each side is the main one."""

    kind: str
    ja: tuple[str, ...]
    en: tuple[str, ...]


def read_phrases(path: Path) -> list[Phrase]:
    """Read the sheet: tab-separated, variants parted by `|`. Raises `ValueError` with path and line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise ValueError(f"{path}:1: the columns must be {', '.join(COLUMNS)}")
    phrases = []
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or not all(cells[:3]):
            raise ValueError(f"{path}:{number}: expected {len(COLUMNS)} cells, the first three filled")
        kind, ja, en, more_ja, more_en = cells
        phrases.append(Phrase(kind, (ja, *filter(None, more_ja.split("|"))), (en, *filter(None, more_en.split("|")))))
    return phrases


def phrase_releases(phrases: Sequence[Phrase], releases: Sequence[AuthoredRelease]) -> list[list[str]]:
    """Return for each phrase the ids of the releases in which one bead has it on both sides, in any form and case."""
    beads = [
        (release.id, "".join(ja[i] for i in ja_range), " ".join(en[i] for i in en_range).casefold())
        for release in releases
        for ja, en in [(release.sentences("ja"), release.sentences("en"))]
        for ja_range, en_range in release.beads
    ]
    found = []
    for phrase in phrases:
        english = [form.casefold() for form in phrase.en]
        ids = {
            identifier
            for identifier, ja, en in beads
            if any(form in ja for form in phrase.ja) and any(form in en for form in english)
        }
        found.append(sorted(ids))
    return found
