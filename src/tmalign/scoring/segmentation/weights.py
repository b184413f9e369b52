"""The trained weights: of the places where a segment may end, and of the pieces between two of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tmalign.model import Language

_FILE = "resegmentation.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """One language's weights by the names of features: of boundaries, with a bias, and of pieces."""

    boundary: dict[str, float]
    bias: float
    piece: dict[str, float]


@cache
def load(language: Language) -> Weights:
    """Read the shipped weights of one language."""
    shipped = json.loads(files("tmalign").joinpath("data", _FILE).read_text(encoding="utf-8"))[language]
    boundary = dict(shipped["boundary"])
    return Weights(boundary, boundary.pop("bias"), dict(shipped["piece"]))
