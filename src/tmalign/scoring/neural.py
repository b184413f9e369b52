"""COMET, a metric learned from human judgements (Rei et al. 2020), by the optional package unbabel-comet.

A checkpoint is unpickled by PyTorch: load only models you trust.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import logging
import os
import re
import sys
import warnings
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tmalign.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tmalign.scoring.formulas import Floats
    from tmalign.scoring.material import References

DEFAULT_MODEL: Final = "Unbabel/wmt22-comet-da"
_DIGITS: Final = 12
_BLOCK: Final = 1 << 20
_REASON: Final = 300
_UNTYPED: Final = (LookupError, TypeError, AttributeError)  # their texts alone say nothing: 'state_dict'
_CONTROLS: Final = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x1f\x7f]+")
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
        comet, version = _package()
        self._checkpoint, shown = _checkpoint(comet, model or DEFAULT_MODEL)
        self._model = _load(str(self._checkpoint))
        self._references = references
        self._batch_size = batch_size
        # A model that estimates quality reads the source and the hypothesis alone.
        read = 1 if self._model.requires_references() else 0
        self.signature = f"model:{shown}|nrefs:{read}|version:comet-{version}"

    def statistics(self, hypotheses: Sequence[str]) -> NDArray[np.float64]:
        """Return segments x (score, 1).

        Raises ValueError where the number of segments differs, ModelError where the model gives no numbers.
        """
        rows = [
            {"src": source, "mt": hypothesis, "ref": reference}
            for source, hypothesis, reference in zip(
                self._references.sources, hypotheses, self._references.segments, strict=True
            )
        ]
        torch = importlib.import_module("torch")
        try:
            with _quiet():
                answer = self._model.predict(
                    rows,
                    batch_size=self._batch_size,
                    gpus=1 if torch.cuda.is_available() else 0,
                    progress_bar=False,
                    num_workers=0,
                )
        except RuntimeError as error:  # PyTorch's own, of a GPU whose memory is full, too
            raise ModelError(
                f"the model gives no scores: {_reason(error)}", path=self._checkpoint, hint="try a smaller --batch-size"
            ) from error
        scores = np.array(answer.scores, dtype=np.float64)
        if not np.isfinite(scores).all():
            raise ModelError(
                "the model gives scores that are no numbers", path=self._checkpoint, hint="get the checkpoint anew"
            )
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


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the package prints off standard output, and its advice and its dependencies' to itself."""
    before = logging.root.manager.disable
    logging.disable(max(before, logging.WARNING))
    try:
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _reason(error: BaseException) -> str:
    """Return what an exception says on one line: the hub's own where others were raised over it."""
    found = error
    while not type(found).__module__.startswith("huggingface_hub"):
        under = found.__cause__ or found.__context__
        if under is None:
            found = error
            break
        found = under
    text = " ".join(_CONTROLS.sub(" ", str(found)).split())
    if isinstance(found, _UNTYPED) or not text:
        text = f"{type(found).__name__}: {text}".removesuffix(": ")
    return text[:_REASON]


def _package() -> tuple[Any, str]:
    """Return the package and its version; it takes seconds to load."""
    # Its tokenizers fork nothing here, and warn of it otherwise.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        with _quiet():
            # Another package on the index is imported as comet, too: the version is of the one that is meant.
            return importlib.import_module("comet"), metadata.version("unbabel-comet")
    except ImportError as error:
        raise UsageError(f"COMET is not installed ({error})", hint=_INSTALL) from error
    except Exception as error:  # libraries that do not fit each other raise anything
        raise UsageError(f"COMET is installed but cannot be used: {_reason(error)}", hint=_INSTALL) from error


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
        # COMET looks for hparams.yaml two folders up, which a bare model.ckpt has not; links must stay as they are.
        checkpoint = Path(os.path.abspath(found[0]))  # noqa: PTH100 - resolve() would follow links
        return checkpoint, f"{path.name or checkpoint.name}-{_digest(checkpoint)}"
    if model.endswith(".ckpt") or path.is_absolute() or model.startswith("."):
        raise ModelError("there is no such model", path=path, hint="check the path, or name a model on the hub")
    try:
        with _quiet():
            found_at = Path(comet.download_model(model))
    except Exception as error:  # the hub's client raises whatever its transport does
        raise ModelError(
            f"the model {model} is neither on this machine nor to be had from the hub: {_reason(error)}",
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
    comet, _ = _package()
    _find_encoder(checkpoint)
    try:
        with _quiet():
            model = comet.load_from_checkpoint(checkpoint)
            lacking = _lacking(model, checkpoint)
    except Exception as error:  # unpickling raises anything
        raise ModelError(
            f"the model cannot be loaded: {_reason(error)}",
            path=checkpoint,
            hint="give a COMET checkpoint with its hparams.yaml",
        ) from error
    if lacking:
        raise ModelError(
            f"the checkpoint lacks {len(lacking)} of the model's weights ({lacking[0]}, ...)",
            path=checkpoint,
            hint="get the checkpoint anew, with the hparams.yaml that belongs to it",
        )
    return model


def _find_encoder(checkpoint: str) -> None:
    """Refuse a model whose encoder is nowhere.

    Its own loader tries the hub for half a minute a file, and ends on an error that names none of them. The encoder's
    name is read from hparams.yaml; where that says none, the loader decides.
    """
    yaml, transformers = importlib.import_module("yaml"), importlib.import_module("transformers")
    try:
        settings = yaml.safe_load((Path(checkpoint).parents[1] / "hparams.yaml").read_text(encoding="utf-8"))
        name = settings["pretrained_model"]
    except (OSError, ValueError, LookupError, TypeError, yaml.YAMLError):
        return
    if not isinstance(name, str) or Path(name).is_dir():
        return
    try:
        with _quiet():
            try:
                transformers.AutoConfig.from_pretrained(name, local_files_only=True)
            except OSError:
                transformers.AutoConfig.from_pretrained(name)
    except Exception as error:  # as above
        raise ModelError(
            f"the model's encoder {name} is neither on this machine nor to be had from the hub: {_reason(error)}",
            path=checkpoint,
            hint="score once where there is a network, and bring the hub's cache: HF_HOME=FOLDER",
        ) from error


def _lacking(model: Any, checkpoint: str) -> list[str]:  # noqa: ANN401 - an optional package without types
    """Return the weights that a checkpoint has none for: the loader leaves them random."""
    torch = importlib.import_module("torch")
    stored = torch.load(checkpoint, map_location="cpu", mmap=zipfile.is_zipfile(checkpoint))["state_dict"]
    return [name for name, _ in model.named_parameters() if name not in stored]
