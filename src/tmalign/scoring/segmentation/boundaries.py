"""Where a text may be cut: what stands before and after each position, and how likely a segment ends there."""

from __future__ import annotations

from dataclasses import dataclass
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

_STOPS: Final = ".!?…。！？．♪～〜"
_PAUSES: Final = ",;:、，；：—–-・"
_OPENING: Final = "“‘«([{「『（【〈《"
_CLOSING: Final = "”’»)]}」』）】〉》"
_LINE_ENDS: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_LOOK_BACK: Final = 8
_CLOSED_STOP: Final = len(KINDS)


def kind(character: str) -> int:
    """Return the index in KINDS of a character."""
    for index, members in enumerate((_STOPS, _PAUSES, _OPENING, _CLOSING, "\"'")):
        if character in members:
            return index
    if character.isdigit():
        return 5
    if "\u3040" <= character <= "\u309f":
        return 6
    if "\u30a0" <= character <= "\u30ff":
        return 7
    if "\u3400" <= character <= "\u9fff":
        return 8
    if character.isupper():
        return 9
    return 10 if character.isalpha() else 11


class Kinds:
    """The kinds of many characters, each distinct one looked at once."""

    def __init__(self) -> None:
        """Begin with none known."""
        self._known: dict[str, int] = {}

    def __call__(self, characters: str) -> list[int]:
        """Return the kind of every character of a string."""
        known = self._known
        for character in set(characters) - known.keys():
            known[character] = kind(character)
        return [known[character] for character in characters]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The inner positions 1 to n - 1 of a text of n tokens, as parallel arrays of n - 1 entries.

    `before` and `after` index KINDS (`before` one more: a closing mark behind a stop), `gap` GAPS.
    `sentence` tells whether the sentence splitter cuts there.
    """

    before: Ints
    after: Ints
    gap: Ints
    sentence: Flags

    def features(self, places: Ints) -> Floats:
        """Return one row of 0 and 1 for each of the given inner positions (from 1), in the order of FEATURES."""
        at = places - 1
        rows = np.zeros((len(at), len(FEATURES)))
        line = np.arange(len(at))
        kinds = len(KINDS) + 1
        rows[line, self.before[at]] = 1.0
        rows[line, kinds + self.after[at]] = 1.0
        gapped = self.gap[at] > 0
        rows[line[gapped], kinds + len(KINDS) + self.gap[at][gapped] - 1] = 1.0
        rows[:, -2] = self.sentence[at]
        rows[:, -1] = self.sentence[at] & (self.before[at] == 0)
        return rows

    def prior(self, weights: Mapping[str, float], bias: float) -> Floats:
        """Return the log odds that a segment ends at each inner position, by a weight for each feature."""
        w = np.array([weights.get(name, 0.0) for name in FEATURES])
        kinds = len(KINDS) + 1
        gaps = np.concatenate([[0.0], w[kinds + len(KINDS) : -2]])
        score: Floats = bias + w[self.before] + w[kinds + self.after] + gaps[self.gap]
        return score + self.sentence * (w[-2] + w[-1] * (self.before == 0))


def boundaries(text: str, starts: Ints, ends: Ints, language: Language) -> Boundaries:
    """Look at every position between two tokens of a text."""
    if len(starts) < 2:
        none = np.zeros(0, dtype=np.int64)
        return Boundaries(none, none, none, np.zeros(0, dtype=np.bool_))
    left, right = ends[:-1].tolist(), starts[1:].tolist()
    kinds = Kinds()
    before = np.array(kinds("".join([text[at - 1] for at in left])), dtype=np.int64)
    after = np.array(kinds("".join([text[at] for at in right])), dtype=np.int64)
    for index in np.flatnonzero((before == 3) | (before == 4)).tolist():
        if _closes_a_stop(text, left[index]):
            before[index] = _CLOSED_STOP
    gap = np.zeros(len(left), dtype=np.int64)
    for index in np.flatnonzero(ends[:-1] < starts[1:]).tolist():
        gap[index] = _gap(text[left[index] : right[index]])
    stops = np.zeros(len(text) + 1, dtype=np.bool_)
    stops[[end for _, end in split(text, language)]] = True
    sentence = stops[ends[:-1]]
    if _wrapped(text, gap, before, sentence):
        gap[gap == 2] = 1 if language == "en" else 0
    return Boundaries(before, after, gap, sentence)


def _closes_a_stop(text: str, end: int) -> bool:
    """Tell whether the closing marks that end at `end` follow a stop."""
    for at in range(end - 1, max(-1, end - 1 - _LOOK_BACK), -1):
        if text[at] not in _CLOSING and text[at] not in "\"'":
            return text[at] in _STOPS
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
