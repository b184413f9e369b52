"""Acronyms tied to full forms: what stands in brackets behind a phrase, where its letters fit."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BRACKETED = re.compile(r"[\s'\"”’」』]*[(（]\s*([^()（）\s]{2,14})\s*[)）]")
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9]*(?:[/&・-][A-Z][A-Za-z0-9]*)*")
_WORD = re.compile(r"[^\W\d_]+")
# Words that a short form may leave out though they have a capital: CPTPP for ... Agreement for Trans-Pacific ...
_PASSED_OVER = frozenset(("agreement", "japan", "treaty", "convention", "for", "on", "of", "the", "and"))
_CAPITAL = re.compile(r"[A-Z]")


def acronyms(full: str, places: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return the short forms of an English phrase that stand in brackets behind it, most used first.

    `places` are texts of either language with the character where the phrase ends there. A short form is one whose
    capitals are initials of the phrase's words, in order, the first and the last of them included: behind
    `Japan International Cooperation Agency` JICA is one, ODA is not.
    """
    found: Counter[str] = Counter()
    for text, end in places:
        match = _BRACKETED.match(text, end)
        if match is None:
            continue
        short = unicodedata.normalize("NFKC", match.group(1))
        if _ACRONYM.fullmatch(short) and len(_CAPITAL.findall(short)) >= 2 and _fits(short, full):
            found[short] += 1
    return tuple(sorted(found, key=lambda short: (-found[short], short)))


def _fits(short: str, full: str) -> bool:
    """Tell whether the capitals of the short form are the initials of the phrase, in order."""
    words = _WORD.findall(unicodedata.normalize("NFKC", full))
    wanted = [c for c in short if c.isupper()]
    # UNCLOS takes up the small words too: one that is passed over must be small.
    if not words or words[0][0].upper() != wanted[0]:
        return False
    at = 0
    for word in words:
        if at < len(wanted) and word[0].upper() == wanted[at]:
            at += 1
        elif word.isupper() or (word[0].isupper() and word.lower() not in _PASSED_OVER):
            return False
    return at == len(wanted)
