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
_CAPITAL = re.compile(r"[A-Z]")


def acronyms(phrase: str, places: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return the short forms that follow the phrase in brackets, most used first.

    `places` are texts with the character where the phrase ends. An English phrase must hold the capitals of the short
    form in order; behind a Japanese one any Latin capitals are taken.
    """
    found: Counter[str] = Counter()
    for text, end in places:
        match = _BRACKETED.match(text, end)
        if match is None:
            continue
        short = unicodedata.normalize("NFKC", match.group(1))
        if _ACRONYM.fullmatch(short) and len(_CAPITAL.findall(short)) >= 2 and _fits(short, phrase):
            found[short] += 1
    return tuple(sorted(found, key=lambda short: (-found[short], short)))


def _fits(short: str, phrase: str) -> bool:
    """Tell whether the capitals of the short form stand in the phrase, in order, the first at its first word."""
    plain = unicodedata.normalize("NFKC", phrase)
    if not plain.isascii():
        return True
    letters = iter(plain.upper())
    wanted = [c for c in short if c.isupper()]
    return plain[:1].upper() == wanted[0] and all(c in letters for c in wanted)
