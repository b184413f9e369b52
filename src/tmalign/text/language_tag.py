"""Language tags as tools write them: `ja`, `ja-JP`, `JA`, `ja_JP`, `jpn`, and which of them mean the same.

BCP 47 (RFC 5646) is the standard; underscores and three-letter codes are common in files all the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# ISO 639-2 and country codes that stand where a language should, for languages that have a two-letter code.
_SHORT: Final = {
    "jpn": "ja",
    "jp": "ja",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "zho": "zh",
    "chi": "zh",
    "cn": "zh",
    "kor": "ko",
    "kr": "ko",
    "rus": "ru",
    "por": "pt",
    "ita": "it",
    "nld": "nl",
    "dut": "nl",
}
_REGION_LENGTH: Final = 2
_SCRIPT_LENGTH: Final = 4


@lru_cache(maxsize=4096)
def normal(tag: str) -> str:
    """Return a tag in the standard's casing, with hyphens and the shortest language code: `jpn_jp` is `ja-JP`."""
    parts = [part for part in tag.strip().replace("_", "-").split("-") if part]
    if not parts:
        return ""
    first = parts[0].lower()
    return "-".join([_SHORT.get(first, first), *map(_cased, parts[1:])])


def _cased(part: str) -> str:
    """Return a part after the first in its casing; what is no part of any tag stays, for ß has no single capital."""
    if not part.isascii():
        return part
    if len(part) == _REGION_LENGTH:
        return part.upper()
    return part.title() if len(part) == _SCRIPT_LENGTH else part.lower()


@lru_cache(maxsize=4096)
def primary(tag: str) -> str:
    """Return the language alone, in lower case: `EN_us` is `en`."""
    return normal(tag).partition("-")[0]


def match(tags: Sequence[str], wanted: str) -> list[int]:
    """Return the positions of the tags that serve for a wanted one, the closest first.

    All tags of the same language serve, whatever their region: first those that are equal, then those without a
    region or script, then the others; among equals the order of the file. (RFC 4647 lookup, and back.)
    """
    goal, language = normal(wanted), primary(wanted)
    found = [(_distance(normal(tag), goal), index) for index, tag in enumerate(tags) if primary(tag) == language]
    return [index for _, index in sorted(found)]


def _distance(tag: str, goal: str) -> int:
    """Rank a tag of the right language: 0 equal, 1 one begins the other, 2 another region."""
    if tag == goal:
        return 0
    return 1 if goal.startswith(f"{tag}-") or tag.startswith(f"{goal}-") else 2
