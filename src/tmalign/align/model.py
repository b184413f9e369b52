"""The trained model: named weights in a small JSON file, and the score of a bead as their sum over its features."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.features import FEATURES, SKIP_FEATURES
from tmalign.align.lattice import NEVER, SHAPES
from tmalign.align.pairing import PAIR_FEATURES
from tmalign.errors import FormatError, MissingFileError, UnreadableFileError

if TYPE_CHECKING:
    from typing import Any

    from tmalign.align.features import BeadFeatures

    Array = np.ndarray[Any, np.dtype[np.float64]]

_SKIP_JA, _SKIP_EN = SHAPES.index((1, 0)), SHAPES.index((0, 1))
_RATE = SKIP_FEATURES.index("skip_rate")
_USUAL_SKIP_RATE = 0.1
_RATE_SMOOTHING = 0.002


@dataclass(frozen=True, slots=True)
class Weights:
    """One set of weights, as arrays: a feature's weight is `shared`, plus `merged` in beads of three and more segments.

    `shape` is each shape's bias; `skip_ja` and `skip_en` weigh `SKIP_FEATURES` of one-sided beads.
    """

    shared: Array
    merged: Array
    shape: Array
    skip_ja: Array
    skip_en: Array

    @staticmethod
    def zeros() -> Weights:
        """Return a set of zeros."""
        f, s = len(FEATURES), len(SKIP_FEATURES)
        return Weights(np.zeros(f), np.zeros(f), np.zeros(len(SHAPES)), np.zeros(s), np.zeros(s))

    def vector(self) -> Array:
        """Return all weights as one vector."""
        return np.concatenate([self.shared, self.merged, self.shape, self.skip_ja, self.skip_en])

    @staticmethod
    def from_vector(vector: Array) -> Weights:
        """Read `vector()` back."""
        f, s = len(FEATURES), len(SKIP_FEATURES)
        cuts = np.cumsum([f, f, len(SHAPES), s])
        return Weights(*np.split(np.asarray(vector, dtype=np.float64), cuts))

    def of_shape(self, a: int, b: int) -> Array:
        """Return the feature weights that hold for a two-sided shape."""
        return self.shared + self.merged if a + b > 2 else self.shared


def rate_feature(skip_rate: float | None) -> float:
    """Return the skip-rate feature: log odds against the usual rate; 0 where the rate is not known yet."""
    return 0.0 if skip_rate is None else math.log((skip_rate + _RATE_SMOOTHING) / _USUAL_SKIP_RATE)


def bead_scores(features: BeadFeatures, weights: Weights, skip_rate: float | None = None) -> Array:
    """Return the lattice's scores [shape, i, j] of every candidate bead by where it ends."""
    n, m = features.size
    scores = np.empty((len(SHAPES), n + 1, m + 1))
    for k, (a, b) in enumerate(SHAPES):
        scores[k, :a], scores[k, :, :b] = NEVER, NEVER
        if b == 0:
            scores[k, 1:, :] = (features.skips[a, b] @ weights.skip_ja)[:, None]
        elif a == 0:
            scores[k, :, 1:] = (features.skips[a, b] @ weights.skip_en)[None, :]
        elif (a, b) in features.beads:
            table = features.beads[a, b]
            flat = weights.of_shape(a, b).astype(np.float32) @ table.reshape(len(FEATURES), -1)
            np.add(flat.reshape(table.shape[1:]), weights.shape[k], out=scores[k, a:, b:])
            continue
        scores[k, a:, b:] += weights.shape[k]
    add_skip_rate(scores, weights, skip_rate)
    return scores


def add_skip_rate(scores: Array, weights: Weights, skip_rate: float | None) -> None:
    """Add to scores of one-sided beads what the skip rate weighs."""
    rate = rate_feature(skip_rate)
    scores[_SKIP_JA, 1:, :] += rate * weights.skip_ja[_RATE]
    scores[_SKIP_EN, :, 1:] += rate * weights.skip_en[_RATE]


def scores_of_both(features: BeadFeatures, first: Weights, second: Weights) -> tuple[Array, Array]:
    """Return the scores by two sets of weights, without a skip rate; where there is a kernel, without tables."""
    if not features.compiled:
        return bead_scores(features, first), bead_scores(features, second)
    one, other = features.weighed((first.vector(), second.vector()))
    return one, other


@dataclass(frozen=True, slots=True)
class Model:
    """Weights for the first pass, where a document's skip rate is unknown, and for the second, where it is estimated.

    `pair` weighs `pairing.PAIR_FEATURES`: is this a pair of translations at all? `paragraphs` are the weights of both
    passes where segments are paragraphs: sums and counts grow with length, and what a weight says of two names it does
    not say of twelve.
    """

    first: Weights
    second: Weights
    pair: Array
    signature: str
    paragraphs: tuple[Weights, Weights] | None = None

    def at(self, fullness: float) -> tuple[Weights, Weights]:
        """Return the weights of both passes for segments between sentences (0) and paragraphs (1)."""
        if self.paragraphs is None or fullness <= 0:
            return self.first, self.second
        (a, b), (c, d) = (self.first, self.second), self.paragraphs
        return _between(a, c, fullness), _between(b, d, fullness)


def _between(one: Weights, other: Weights, share: float) -> Weights:
    return Weights.from_vector((1 - share) * one.vector() + share * other.vector())


def _finite(value: float) -> float:
    """Return a weight as a number; JSON as Python reads it may hold NaN, and numbers beyond all bounds."""
    number = float(value)
    if not np.isfinite(number):
        raise ValueError("a weight is not a finite number")
    return number


def _weights(named: dict[str, Any]) -> Weights:
    shape = {f"{a}-{b}": k for k, (a, b) in enumerate(SHAPES)}
    out = Weights.zeros()
    for target, names in ((out.shared, FEATURES), (out.merged, FEATURES)):
        group = named["shared" if target is out.shared else "merged"]
        for k, name in enumerate(names):
            target[k] = _finite(group.get(name, 0.0))
    for name, k in shape.items():
        out.shape[k] = _finite(named["shape"][name])
    for target, group in ((out.skip_ja, named["skip_ja"]), (out.skip_en, named["skip_en"])):
        for k, name in enumerate(SKIP_FEATURES):
            target[k] = _finite(group[name])
    return out


def name_weights(weights: Weights) -> dict[str, dict[str, float]]:
    """Return weights as names and rounded numbers, as the model file holds them."""

    def group(values: Array, names: tuple[str, ...]) -> dict[str, float]:
        return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}

    return {
        "shared": group(weights.shared, FEATURES),
        "merged": group(weights.merged, FEATURES),
        "shape": group(weights.shape, tuple(f"{a}-{b}" for a, b in SHAPES)),
        "skip_ja": group(weights.skip_ja, SKIP_FEATURES),
        "skip_en": group(weights.skip_en, SKIP_FEATURES),
    }


def read_model(path: Path) -> Model:
    """Read a model file; raises `MissingFileError` or `FormatError`."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        hint = "check the name of the model file; if none was named, reinstall tmalign"
        raise MissingFileError("the aligner's model is missing", path=path, hint=hint) from error
    except OSError as error:
        hint = "check the file and its rights"
        raise UnreadableFileError(error.strerror or str(error), path=path, hint=hint) from error
    try:
        named = json.loads(data)
        first, second = _weights(named["first"]), _weights(named["second"])
        pair = np.array([_finite(named["pair"][name]) for name in PAIR_FEATURES])
        signature = f"{named['name']}:{hashlib.sha256(data).hexdigest()[:8]}"
        full = named.get("paragraphs")
        paragraphs = (_weights(full["first"]), _weights(full["second"])) if full else None
        return Model(first, second, pair, signature, paragraphs)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise FormatError(
            f"not an aligner model: {error}", path=path, hint="train it again with `tmalign train`"
        ) from error


@cache
def shipped_model() -> Model:
    """Read the model that comes with the package, once a process."""
    return read_model(Path(str(files("tmalign") / "data" / "aligner.json")))
