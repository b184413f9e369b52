"""Putting lines together: which line ends on a page are only the width of a column, and which end a block."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tmalign.formats.dates import is_dateline
from tmalign.formats.labels import speaker_end
from tmalign.formats.markers import split_marker
from tmalign.formats.sitelines import begins_copyright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language

# What HTML and plain text show as a space that may be broken or folded; the full-width space is a character.
BLANKS: Final = " \t\r\n\f\v\xa0\x85\u2028\u2029\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
EDGES: Final = BLANKS + "　"
INVISIBLE: Final = "\u00ad\u200b\u2060\ufeff"

_STOP: Final = re.compile(r"""[。！？．.!?…：:][」』）)\]］】”’"'〉》]*$""")
_FINAL: Final = re.compile(r"""[。！？.!?][」』）)\]］】”’"'〉》]*$""")
_UNFINISHED_JA: Final = re.compile(
    r"(?:[、，,・「『（(]|[はがをにのとでもへや]|及び|並びに|または|また|から|まで|より|した|する|ため|など)$"
)
_UNFINISHED_EN: Final = re.compile(
    r"(?:[,;(“–—-]|\b(?:the|a|an|of|and|or|to|in|on|for|with|by|at|from|as|that|which|between|including|its|their|is|are|was|were))$",
    re.IGNORECASE,
)
_CONTINUES_JA: Final = re.compile(r"^[、。，．）」』ぁ-ん]")
_CONTINUES_EN: Final = re.compile(r"^[a-z,.;)”’]")
# A stop that ends a word and no sentence; a line may well end after it.
_ABBREVIATED: Final = re.compile(r"(?:^|[\s(.])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Adm|Amb|No|St|H\.E)\.$")
# Columns (a kanji takes two) from which on a line may have been broken by its width and not by hand.
_LEAST_WIDTH: Final = 44


@lru_cache(maxsize=4096)
def is_wide(character: str) -> bool:
    """Whether a character is set in a full square: kana, kanji, full-width forms."""
    return unicodedata.east_asian_width(character) in "WF"


def width(text: str) -> int:
    """Return the columns that `text` takes, wide characters counting two."""
    return sum(2 if is_wide(character) else 1 for character in text)


def has_stop(text: str) -> bool:
    """Whether a line ends as a sentence does, or with the colon before a list."""
    return bool(_STOP.search(text))


def is_sentence(text: str) -> bool:
    """Whether a line ends with a full stop, question or exclamation mark."""
    return bool(_FINAL.search(text))


def joint(before: str, after: str, language: Language) -> str:
    """Return what stands where a line end between two characters is taken away: nothing or a space.

    Japanese joins with nothing, in words too; two Latin words get a space. A hyphen between letters at a line end
    keeps the word together and stays, for nobody can tell `well-known` from a divided word.
    """
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    if language == "ja":
        if _squared(left) or _squared(right) or (left.isdigit() and right.isdigit()):
            return ""
    elif is_wide(left) and is_wide(right):
        return ""
    if left in "-‐" and right.isalpha() and before[-2:-1].isalpha():
        return ""
    return " "


def _squared(character: str) -> bool:
    return is_wide(character) or unicodedata.east_asian_width(character) == "A"


def groups(lines: Sequence[str], language: Language) -> list[list[int]]:
    """Group the lines of one paragraph into blocks: indices of lines that belong together, in order.

    `lines` are trimmed at the right; a full-width indentation at the left is read as the sign of a new paragraph.
    """
    wrap = max((width(line) for line in lines), default=0)
    wrapped = any(_wrapped(lines[i], lines[i + 1], wrap) and not _ends(lines[i]) for i in range(len(lines) - 1))
    base = min(map(_inset, lines), default=0)
    grouped: list[list[int]] = []
    for index, line in enumerate(lines):
        before = lines[index - 1].strip(EDGES) if index else ""
        if (
            index
            and not (_ends(before) and _begins(line, lines[grouped[-1][0]], base))
            and _joins(lines[index - 1], line, language, wrap if wrapped else 0)
        ):
            grouped[-1].append(index)
        else:
            grouped.append([index])
    return grouped


def _wrapped(line: str, following: str, wrap: int) -> bool:
    """Whether `line` was broken because nothing more fitted into `wrap` columns."""
    if wrap < _LEAST_WIDTH:
        return False
    follower = following.strip(EDGES)
    if not follower:
        return False
    word = follower.split(maxsplit=1)[0]
    need = 4 if is_wide(follower[0]) else 1 + width(word[:20])
    return width(line) + need > wrap - 2


def _ends(line: str) -> bool:
    """Whether a line ends as a sentence does, and not with an initial or a title (`Ms. R.`)."""
    return has_stop(line) and not _ABBREVIATED.search(line)


def _begins(following: str, head: str, base: int) -> bool:
    """Whether a line begins a paragraph by standing further in than `base`, the least inset of its neighbours.

    What hangs under the marker of an item, whose first line is `head`, goes on with it.
    """
    if following.startswith("　"):
        return True
    return _inset(following) > base and not split_marker(head.strip(EDGES))[0]


def _inset(line: str) -> int:
    """Count the blanks before a line."""
    return len(line) - len(line.lstrip(" \t"))


def _joins(line: str, following: str, language: Language, wrap: int) -> bool:  # noqa: PLR0911 - one a rule
    """Whether `following` goes on with the sentence or the paragraph of `line`; `wrap` 0: not set to a width."""
    start = following.strip(EDGES)
    bare = line.strip(EDGES)
    if not start or not bare:
        return False
    if split_marker(start)[0] and not _CONTINUES_EN.match(start):
        return False
    if speaker_end(start)[0] or is_dateline(bare) or is_dateline(start) or begins_copyright(start):
        return False
    full = bool(wrap) and _wrapped(line, following, wrap)
    if _ends(bare):
        return full
    if full:
        return True
    if language == "ja" or is_wide(bare[-1]):
        return bool(_UNFINISHED_JA.search(bare) or _CONTINUES_JA.match(start))
    return bool(_UNFINISHED_EN.search(bare) or _CONTINUES_EN.match(start))
