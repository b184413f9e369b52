"""COMET, a metric learned from human judgements (Rei et al. 2020), by the optional package unbabel-comet.

A checkpoint is unpickled by PyTorch: load only models you trust.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tmalign.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tmalign.scoring.formulas import Floats
    from tmalign.scoring.material import References

DEFAULT_MODEL: Final = "Unbabel/wmt22-comet-da"
_DIGITS: Final = 12
_BLOCK: Final = 1 << 20
_INSTALL: Final = "pip install 'tmalign[comet]'"


class ModelError(InputError):
    """A neural model is not there, or is none we can load."""

    code = "model"


class Comet:
    """COMET over one set of references. Statistics are the score and 1 for each segment; a score is the mean."""

    name: str = "COMET"
    higher_is_better: bool = True

    def __init__(self, model: str, references: References, batch_size: int = 8) -> None:
        """Load the model: a checkpoint, a folder that holds one, or a name on the hub (wmt22-comet-da if empty).

        Raises UsageError where the package is missing or the reference has no sources, ModelError where the model is.
        """
        if not references.sources:
            raise UsageError("COMET reads the source, which this reference lacks", hint="add --source FILE")
        comet = _package()
        checkpoint, shown = _checkpoint(comet, model or DEFAULT_MODEL)
        self._model = _load(str(checkpoint))
        self._references = references
        self._batch_size = batch_size
        self.signature = f"model:{shown}|nrefs:1|version:comet-{metadata.version('unbabel-comet')}"

    def statistics(self, hypotheses: Sequence[str]) -> NDArray[np.float64]:
        """Return segments x (score, 1). Raises ValueError where the number of segments differs."""
        rows = [
            {"src": source, "mt": hypothesis, "ref": reference}
            for source, hypothesis, reference in zip(
                self._references.sources, hypotheses, self._references.segments, strict=True
            )
        ]
        torch = importlib.import_module("torch")
        with contextlib.redirect_stdout(sys.stderr):
            answer = self._model.predict(
                rows,
                batch_size=self._batch_size,
                gpus=1 if torch.cuda.is_available() else 0,
                progress_bar=False,
                num_workers=0,
            )
        scores = np.array(answer.scores, dtype=np.float64)
        return np.stack([scores, np.ones_like(scores)], axis=1)

    def value(self, statistics: NDArray[np.float64]) -> float:
        """Return the mean of the segments' scores."""
        return float(_mean(statistics.sum(axis=0, keepdims=True))[0])

    def sentences(self, statistics: NDArray[np.float64]) -> Floats:
        """Return the segments' scores."""
        return statistics[:, 0]

    @property
    def formula(self) -> Callable[[Floats], Floats]:
        """Return the mean of summed statistics."""
        return _mean


def _mean(sums: Floats) -> Floats:
    return sums[:, 0] / sums[:, 1]


def _package() -> Any:  # noqa: ANN401 - an optional package without types
    """Return the package; it takes seconds to load."""
    # Its tokenizers fork nothing here, and warn of it otherwise.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return importlib.import_module("comet")
    except ImportError as error:
        raise UsageError(f"COMET is not installed ({error})", hint=_INSTALL) from error


def _checkpoint(comet: Any, model: str) -> tuple[Path, str]:  # noqa: ANN401 - an optional package without types
    """Return the checkpoint's path and the name that stands in the signature."""
    path = Path(model)
    if path.exists():
        found = sorted(path.glob("checkpoints/*.ckpt")) if path.is_dir() else [path]
        if len(found) != 1:
            raise ModelError(
                f"the folder holds {len(found)} checkpoints",
                path=path,
                hint="name the one: FOLDER/checkpoints/model.ckpt",
            )
        return found[0], f"{path.name}-{_digest(found[0])}"
    if model.endswith(".ckpt") or path.is_absolute() or model.startswith("."):
        raise ModelError("there is no such model", path=path, hint="check the path, or name a model on the hub")
    try:
        found_at = Path(comet.download_model(model))
    except Exception as error:  # the hub's client raises whatever its transport does
        reason = " ".join(str(error).split())[:200]
        raise ModelError(
            f"the model {model} is neither on this machine nor to be had from the hub: {reason}",
            hint="download it where there is a network, then: --model FOLDER",
        ) from error
    parts = found_at.parts
    revision = parts[parts.index("snapshots") + 1][:_DIGITS] if "snapshots" in parts else _digest(found_at)
    return found_at, f"{model}-{revision}"


def _digest(path: Path) -> str:
    """Return the beginning of a file's SHA-256."""
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                total.update(block)
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", path=path, hint="check the file's permissions") from error
    return total.hexdigest()[:_DIGITS]


@cache
def _load(checkpoint: str) -> Any:  # noqa: ANN401 - an optional package without types
    """Load a model once a process; what its encoder needs must be on this machine, or on the hub."""
    comet = _package()
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return comet.load_from_checkpoint(checkpoint)
    except Exception as error:  # unpickling raises anything
        reason = " ".join(str(error).split())[:200]
        raise ModelError(
            f"the model cannot be loaded: {reason}",
            path=checkpoint,
            hint="give a COMET checkpoint with its hparams.yaml",
        ) from error
