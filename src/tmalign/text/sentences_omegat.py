"""Where OmegaT's default segmentation rules cut, for translation memories that must match there.

Those rules (defaultRules.srx, SRX 2.0) are a list for each language, followed by one for all; at each place the first
one that fits decides. Compared with OmegaT 3.6 itself by scripts/check_clients.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Java's \s: neither the ideographic nor the no-break space is white space there.
_SPACE: Final = " \t\n\x0b\f\r"
# Japanese: after every stop, unless a round bracket closes right there. Quotes do not hold a stop back.
_JAPANESE: Final = re.compile(r"[。．？！](?![）)])")
# All languages: after stops before white space...
_STOPS: Final = re.compile(rf"(?<![.?!])[.?!]++(?=[{_SPACE}])")
# ...and after a number at the beginning, before a capital.
_NUMBER: Final = re.compile(rf"[{_SPACE}]*+\d++(?:[\d.)\]]++|(?<=\d\d))[{_SPACE}]++")
# English: what may stand before a stop that ends no sentence. It is looked for at the end of so many characters.
_REACH: Final = 8
_ABBREVIATION: Final = re.compile(
    rf"(?:(?:Dr|U\.K|M|Mrs?|Ms|Prof|resp|St|Mt|[Aa]pprox|(?i:e\.g|i\.e|fig))|[{_SPACE}](?:tel|[A-Z]|[vV][sS]?)"
    rf"|\d[{_SPACE}](?:mi?n|sec))\.\Z"
)
_TIME: Final = re.compile(r"[apAP]\.?[mM]\.\Z")


def cuts_ja(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the positions in `text[start:end]` after which OmegaT's Japanese rules cut."""
    found = {match.end() for match in _JAPANESE.finditer(text, start, end)}
    yield from sorted(found.union(_everywhere(text, start, end)))


def cuts_en(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the positions in `text[start:end]` after which OmegaT's English rules cut."""
    for cut in _everywhere(text, start, end):
        if not _held(text[max(start, cut - _REACH) : cut], text, cut, end):
            yield cut


def _everywhere(text: str, start: int, end: int) -> list[int]:
    """Return where the rules for all languages cut."""
    found = []
    number = _NUMBER.match(text, start, end)
    if number and number.end() < end and unicodedata.category(text[number.end()]) == "Lu":
        found.append(number.end())
    found += [
        match.end()
        for match in _STOPS.finditer(text, start, end)
        if not (match[0].endswith("...") and _goes_on(text, match.end(), end))
    ]
    return sorted(found)


def _held(before: str, text: str, cut: int, end: int) -> bool:
    """Tell whether what stands before a cut is an abbreviation that holds it back."""
    if _ABBREVIATION.search(before):
        return True
    if before.endswith("etc."):
        return _goes_on(text, cut, end)
    after = text[cut + 1 : min(cut + 2, end)]
    if before.endswith("No."):
        return after.isdecimal()
    return bool(_TIME.search(before)) and after.isascii() and after.islower()


def _goes_on(text: str, cut: int, end: int) -> bool:
    """Tell whether white space and then anything but a capital follows; of several spaces the second is no capital."""
    after = text[cut + 1 : min(cut + 2, end)]
    return bool(after) and unicodedata.category(after) != "Lu"
