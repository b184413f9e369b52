"""Alignments made by anyone, to be measured: JSON Lines of documents with their beads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from tmalign.errors import EmptyFileError, FormatError, MissingFileError, UnreadableFileError
from tmalign.model import Bead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tmalign.align.gold import GoldDocument

_SHAPE = '{"id", "beads": [[[0], [0, 1]], ...]}, or beads as {"ja": [0], "en": [0, 1], "probability": 0.9}'


class Hypotheses(NamedTuple):
    """Beads by document id; `stated` tells whether every bead came with a probability. Unknown ids are kept apart."""

    beads: dict[str, tuple[Bead, ...]]
    stated: bool
    unknown: tuple[str, ...]


def read_hypotheses(path: Path, gold: Mapping[str, GoldDocument]) -> Hypotheses:
    """Read the beads of the documents in `gold`; two shapes of beads are read (see the hint of the error).

    Raises `MissingFileError`, `UnreadableFileError`, `EmptyFileError`, or `FormatError` with the line: for what is
    not JSON, a sentence that the document does not have, indices that are not neighbours, an id that comes twice.
    """
    found: dict[str, tuple[Bead, ...]] = {}
    unknown: list[str] = []
    stated = True
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError("there is no such file", path=path, hint="check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            error.strerror or str(error), path=path, hint="check the file and its rights"
        ) from error
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name = str(row["id"])
            if name in found:
                raise ValueError(f"the document {name!r} comes twice")  # noqa: TRY301 - one way out, with the line
            if name not in gold:
                unknown.append(name)
                continue
            document = gold[name]
            beads = [_bead(value, len(document.ja), len(document.en)) for value in row["beads"]]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise FormatError(
                f"not an alignment: {error}", path=path, line=number, hint=f"a row is {_SHAPE}"
            ) from error
        stated = stated and all(known for _, known in beads)
        found[name] = tuple(bead for bead, _ in beads)
    if not found and not unknown:
        raise EmptyFileError("no alignments", path=path, hint=f"a row is {_SHAPE}")
    return Hypotheses(found, stated, tuple(unknown))


def _bead(value: Any, n: int, m: int) -> tuple[Bead, bool]:  # noqa: ANN401 - JSON
    """Return a bead, and whether it came with a probability."""
    probability = None
    if isinstance(value, dict):
        ja, en, probability = value["ja"], value["en"], value.get("probability")
    else:
        ja, en, *_ = value
    if probability is not None and not 0 <= float(probability) <= 1:
        raise ValueError(f"{probability!r} is no probability")
    bead = Bead(_range(ja, n), _range(en, m), 1.0 if probability is None else float(probability))
    return bead, probability is not None


def _range(indices: Any, size: int) -> range:  # noqa: ANN401 - JSON
    if not isinstance(indices, list) or any(type(i) is not int for i in indices):
        raise TypeError("a side of a bead is not a list of numbers")
    rising = sorted(indices)
    if not rising:
        return range(0)
    if rising[0] < 0 or rising[-1] >= size:
        raise ValueError(f"a bead names a sentence that is not there: {indices}")
    if rising != list(range(rising[0], rising[-1] + 1)):
        raise ValueError(f"the sentences of a bead are not neighbours: {indices}")
    return range(rising[0], rising[-1] + 1)
