"""Where a text may be cut: what stands before and after each position, and how likely a segment ends there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.text.sentences import split

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tmalign.model import Language

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]

KINDS: Final = (
    "stop",
    "pause",
    "opening",
    "closing",
    "quote",
    "digit",
    "hiragana",
    "katakana",
    "kanji",
    "capital",
    "letter",
    "sign",
)
GAPS: Final = ("none", "space", "line", "paragraph")
# What stands before may also be a closing mark behind a stop: …。」 and ….”
FEATURES: Final = (
    *(f"after {kind}" for kind in (*KINDS, "closed stop")),
    *(f"before {kind}" for kind in KINDS),
    *(f"gap {gap}" for gap in GAPS[1:]),
    "sentence end",
    "sentence end at a stop",
)

STOPS: Final = ".!?…。｡！？．♪～〜"
_PAUSES: Final = ",;:、､，；：—–-・"
OPENING: Final = "“‘«([{「｢『（【〈《"
CLOSING: Final = "”’»)]}」｣』）】〉》"
_MARKS: Final = {"stop": STOPS, "pause": _PAUSES, "opening": OPENING, "closing": CLOSING, "quote": "\"'"}
_SCRIPTS: Final = (
    ("hiragana", "\u3040", "\u309f"),
    ("katakana", "\u30a0", "\u30ff"),
    ("kanji", "\u3400", "\u9fff"),
)
_BEGIN: Final = re.compile(rf"[{re.escape(STOPS)}][{re.escape(CLOSING)}\"']*\s+[{re.escape(OPENING)}\"']*([^\W\d_])")
_RARE: Final = 0.005  # of a text without capitals may be some all the same; of English some 3% are
_LINE_ENDS: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_LOOK_BACK: Final = 8
_CLOSED_STOP: Final = len(KINDS)
# Kinds before a position that a stop may stand in: itself, or behind closing marks and quotes.
MAY_STOP: Final = (*map(KINDS.index, ("stop", "closing", "quote")), _CLOSED_STOP)


@lru_cache(maxsize=65_536)
def kind(character: str) -> int:
    """Return the index in KINDS of a character."""
    if character.isdigit():
        return KINDS.index("digit")
    for name, members in _MARKS.items():
        if character in members:
            return KINDS.index(name)
    for name, first, last in _SCRIPTS:
        if first <= character <= last:
            return KINDS.index(name)
    return KINDS.index("capital" if character.isupper() else "letter" if character.isalpha() else "sign")


def kinds(characters: str) -> Ints:
    """Return the kind of every character of a string."""
    codes = np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    by_code = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.int64)
    for character in set(characters):
        by_code[ord(character)] = kind(character)
    found: Ints = by_code[codes]
    return found


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The inner positions 1 to n - 1 of a text of n tokens, as parallel arrays of n - 1 entries.

    `before` and `after` index KINDS (`before` one more: a closing mark behind a stop), `gap` GAPS.
    `sentence` tells whether the sentence splitter cuts there. `told` has log odds that the references add (endings.py).
    """

    before: Ints
    after: Ints
    gap: Ints
    sentence: Flags
    told: Floats

    def features(self, places: Ints) -> Floats:
        """Return one row of 0 and 1 for each of the given inner positions (from 1), in the order of FEATURES."""
        at = places - 1
        rows = np.zeros((len(at), len(FEATURES)))
        line = np.arange(len(at))
        behind = len(KINDS) + 1
        rows[line, self.before[at]] = 1.0
        rows[line, behind + self.after[at]] = 1.0
        gapped = self.gap[at] > 0
        rows[line[gapped], behind + len(KINDS) + self.gap[at][gapped] - 1] = 1.0
        rows[:, -2] = self.sentence[at]
        rows[:, -1] = self.sentence[at] & (self.before[at] == 0)
        return rows

    def prior(self, weights: Mapping[str, float], bias: float) -> Floats:
        """Return the log odds that a segment ends at each inner position, by a weight for each feature."""
        w = np.array([weights.get(name, 0.0) for name in FEATURES])
        behind = len(KINDS) + 1
        gaps = np.concatenate([[0.0], w[behind + len(KINDS) : -2]])
        split = np.where(self.sentence, w[-2] + np.where(self.before == 0, w[-1], 0.0), 0.0)
        score: Floats = bias + w[self.before] + w[behind + self.after] + gaps[self.gap] + split + self.told
        return score


def boundaries(text: str, starts: Ints, ends: Ints, language: Language) -> Boundaries:
    """Look at every position between two tokens of a text."""
    if len(starts) < 2:
        none = np.zeros(0, dtype=np.int64)
        return Boundaries(none, none, none, np.zeros(0, dtype=np.bool_), np.zeros(0))
    if language == "en":
        text = _capitalised(text)
    left, right = ends[:-1].tolist(), starts[1:].tolist()
    every = kinds(text)
    before, after = every[ends[:-1] - 1], every[starts[1:]]
    for index in np.flatnonzero((before == 3) | (before == 4)).tolist():
        if _closes_a_stop(text, left[index]):
            before[index] = _CLOSED_STOP
    gap = (ends[:-1] < starts[1:]).astype(np.int64)
    for index in np.flatnonzero(gap).tolist():
        between = text[left[index] : right[index]]
        if between != " ":
            gap[index] = _gap(between)
    stops = np.zeros(len(text) + 1, dtype=np.bool_)
    stops[[end for _, end in split(text, language)]] = True
    sentence = stops[ends[:-1]]
    if _wrapped(text, gap, before, sentence):
        gap[gap == 2] = 1 if language == "en" else 0
    return Boundaries(before, after, gap, sentence, np.zeros(len(gap)))


def _capitalised(text: str) -> str:
    """Begin sentences with capitals where a text has none: else hardly any stop would look like an end."""
    if sum(map(str.isupper, text)) > _RARE * len(text):
        return text
    letters = list(text)
    for match in _BEGIN.finditer(text):
        capital = match[1].upper()
        letters[match.start(1)] = capital if len(capital) == 1 else match[1]
    return "".join(letters)


def _closes_a_stop(text: str, end: int) -> bool:
    """Tell whether the closing marks that end at `end` follow a stop."""
    for at in range(end - 1, max(-1, end - 1 - _LOOK_BACK), -1):
        if text[at] not in CLOSING and text[at] not in "\"'":
            return text[at] in STOPS
    return False


def _gap(between: str) -> int:
    lines = len(between.splitlines()) - 1 if between[-1] not in _LINE_ENDS else len(between.splitlines())
    return 1 if lines == 0 else 2 if lines == 1 else 3


def _wrapped(text: str, gap: Ints, before: Ints, sentence: Flags) -> bool:
    """Tell whether lines are broken to a width, as in e-mail: most end inside a sentence, and at about one length."""
    broken = gap == 2
    if broken.sum() < 4 or (broken & ~sentence & (before != 0)).sum() <= broken.sum() / 2:
        return False
    lengths = np.array([len(line) for line in text.splitlines() if line.strip()])
    return bool((lengths > 0.75 * np.quantile(lengths, 0.95)).mean() > 0.6)
