"""Text that lacks the stops its references have: compared without them, and cut after what ends the references.

The weights were learned from text with stops, where hardly anything else tells an end. Here the references themselves
tell it: how often each run of one to three characters ends a segment of theirs (ました, です). In English that is of no
use, where a sentence ends in any word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.scoring.segmentation.boundaries import CLOSING, STOPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.scoring.segmentation.tokens import Material

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

_FEW: Final = 0.5  # of the stops a character that the references have
_FINAL: Final = re.compile(rf"[{re.escape(STOPS)}]+([{re.escape(CLOSING)}\"']*)\s*$")
_SHORTER: Final = 4.0  # times that the shorter run of tokens counts beside what is seen of the longer one


def lacks_stops(text: str, references: Sequence[str]) -> bool:
    """Tell whether a text has far fewer stops than its references, for its length."""
    ours, theirs = _stops(text), sum(map(_stops, references))
    return ours * sum(map(len, references)) < _FEW * theirs * len(text)


def _stops(text: str) -> int:
    return sum(map(text.count, STOPS))


def without_stop(reference: str) -> str:
    """Return a reference without the stop it ends in; one that is nothing else stays."""
    bare = _FINAL.sub(r"\1", reference)
    return bare if bare.strip() else reference


def endings(material: Material) -> Floats:
    """Return how much likelier, in log odds, a segment ends at each inner position than at any, by the references."""
    grams, first = material.grams, material.grams.first
    lengths = np.diff(first)
    tokens = int(first[-1])
    left = np.repeat(first[1:], lengths) - np.arange(tokens)  # in the segment, from each token on
    usual = len(lengths) / (tokens + len(lengths))
    share = np.full(len(material), usual)  # of the places behind tokens like those that end here
    for order, (numbers, runs) in enumerate(zip(grams.numbers, grams.hypothesis, strict=True)):
        size = int(numbers.max()) + 1
        seen = np.bincount(numbers[:tokens][left > order], minlength=size)
        ended = np.bincount(numbers[:tokens][left == order + 1], minlength=size)
        share[order:] = (ended[runs] + _SHORTER * share[order:]) / (seen[runs] + _SHORTER)
    found: Floats = _log_odds(share[:-1]) - _log_odds(np.array(usual))
    return found


def _log_odds(share: Floats) -> Floats:
    odds: Floats = np.log(share) - np.log1p(-share)
    return odds
