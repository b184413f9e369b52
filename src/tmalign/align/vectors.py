"""Optional neural evidence: sentence vectors of a bilingual encoder, and how well a bead's two sides agree in them.

Encoders are large or need packages of their own, so none comes with the package. What a bead gets is a margin: the
cosine of its two sides, less half of what each side agrees with the other text on average (as in Artetxe & Schwenk,
2019), so that a sentence that is close to everything gains nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tmalign.align.features import FEATURES
from tmalign.errors import FormatError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tmalign.align.features import BeadFeatures
    from tmalign.align.model import Model, Weights

    Array = np.ndarray[Any, np.dtype[np.float32]]

COLUMN = FEATURES.index("encoder")
# Of a model that was trained without an encoder: small beside the dictionary's. `tmalign train --encoder` learns it.
DEFAULT_WEIGHT = 3.0
_PROBE = ("日本国政府", "The Government of Japan", "会談は１５時に始まった。", "The talks began at 3 p.m.")
_PACKAGES = ("model2vec", "sentence_transformers")


class Encoder(Protocol):
    """Turns sentences of either language into vectors of one space; `signature` names it and what it gives."""

    signature: str

    def encode(self, texts: Sequence[str]) -> Array:
        """Return [text, dimension]; rows need not have length 1."""
        ...


class LoadedEncoder:
    """An encoder of a package, with its vectors checked."""

    def __init__(self, name: str, encode: Callable[[list[str]], Any]) -> None:
        """Probe the encoder; raises `FormatError` where it gives no vectors."""
        self._encode = encode
        self.signature = ""
        probe = np.round(_directions(self.encode(_PROBE)), 2) + 0.0  # no minus zero
        self.signature = f"{Path(name).name}:{hashlib.sha256(probe.astype('<f4').tobytes()).hexdigest()[:8]}"

    def encode(self, texts: Sequence[str]) -> Array:
        """Return [text, dimension]; raises `FormatError` for anything but finite numbers."""
        # A lone surrogate is no text to a tokenizer.
        found = np.asarray(self._encode([t.encode("utf-8", "replace").decode() for t in texts]), dtype=np.float32)
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
            raise FormatError(
                f"the encoder gave no vector a sentence (shape {found.shape})", hint="choose a sentence encoder"
            )
        return found


def open_encoder(name: str) -> Encoder:
    """Load a model2vec or sentence-transformers model from a folder or by its name on the model hub.

    Raises `UsageError` where the package is not installed, or the model cannot be found or loaded.
    """
    have = {package for package in _PACKAGES if importlib.util.find_spec(package)}
    if not have:
        raise UsageError(
            "--encoder needs a package that is not installed",
            hint="pip install 'tmalign[encoder]' (model2vec), or pip install sentence-transformers",
        )
    package = _package_of(Path(name), have)
    if package not in have:
        raise UsageError(
            f"{name} is a {package.replace('_', '-')} model, and that package is not installed",
            hint=f"pip install {package.replace('_', '-')}",
        )
    try:
        return LoadedEncoder(name, _loaded(package, name))
    except (FormatError, KeyboardInterrupt):
        raise
    except Exception as error:
        said = next(iter(str(error).splitlines()), type(error).__name__)
        raise UsageError(
            f"the encoder {name} cannot be loaded: {said}",
            hint="give the folder of a model2vec or sentence-transformers model, or its name on the hub",
        ) from error


def _package_of(path: Path, have: set[str]) -> str:
    """Tell which package a model is for: a folder says so by its files, a name by what is installed."""
    if not path.is_dir():
        return "sentence_transformers" if "sentence_transformers" in have else "model2vec"
    try:
        modules = (path / "modules.json").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "model2vec"
    # A table of static vectors, which either package reads.
    is_static = "StaticEmbedding" in modules
    return "model2vec" if is_static and "model2vec" in have else "sentence_transformers"


def _loaded(package: str, name: str) -> Callable[[list[str]], Any]:
    if package == "model2vec":
        from model2vec import StaticModel  # noqa: PLC0415 - optional, and heavy

        static = StaticModel.from_pretrained(name, force_download=False)
        return lambda texts: static.encode(texts, show_progress_bar=False, use_multiprocessing=False)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - likewise

    model = SentenceTransformer(name)
    return lambda texts: model.encode(texts, show_progress_bar=False, convert_to_numpy=True)


def _directions(vectors: Array) -> Array:
    """Return vectors of length 1; one of length 0 stays as it is."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, np.where(length > 0, length, 1), dtype=np.float32)


def margins(ja: Array, en: Array, a: int, b: int) -> Array:
    """Return [i, j]: the margin of every bead of `a` and `b` segments that begins with segments i and j, in -2..2.

    A merged side has the sum of its segments' directions.
    """
    ja, en = _directions(ja), _directions(en)
    first, second = (
        _directions(np.add.reduce([side[k : len(side) - size + 1 + k] for k in range(size)]))
        for side, size in ((ja, a), (en, b))
    )
    cosine = first @ second.T
    usual = (first @ en.T).mean(1)[:, None] + (ja @ second.T).mean(0)[None, :]
    found: Array = (cosine - usual / 2).astype(np.float32)
    return found


def add_margins(features: BeadFeatures, ja: Array, en: Array) -> None:
    """Fill the column `encoder` of every candidate bead from the segments' vectors."""
    for a, b in features.shapes:
        features.put(COLUMN, a, b, margins(ja, en, a, b))


def with_encoder(model: Model) -> Model:
    """Return a model that weighs the encoder: as it is where it was trained with one, else by the default weight."""

    def weighed(weights: Weights) -> Weights:
        if weights.shared[COLUMN]:
            return weights
        shared = weights.shared.copy()
        shared[COLUMN] = DEFAULT_WEIGHT
        return replace(weights, shared=shared)

    full = model.paragraphs and (weighed(model.paragraphs[0]), weighed(model.paragraphs[1]))
    return replace(model, first=weighed(model.first), second=weighed(model.second), paragraphs=full)
