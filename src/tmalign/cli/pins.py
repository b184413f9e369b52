"""Human decisions on pairs of texts, from a file: what `--pins` reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.cli.rows import read_rows
from tmalign.errors import FormatError, InputError

if TYPE_CHECKING:
    from pathlib import Path

_SHAPE = '{"ja": "...", "en": "...", "decision": "accept"}'
# The second names are those of the store's review.
_DECISIONS = {"accept": "accept", "reject": "reject", "approved": "accept", "edited": "accept", "rejected": "reject"}


@dataclass(frozen=True, slots=True)
class FiledPin:
    """A decision as a file has it; an empty `release` means whatever is aligned."""

    ja: str
    en: str
    decision: str
    release: str = ""


def read_pins(path: Path) -> tuple[FiledPin, ...]:
    """Read decisions from JSON Lines (`-`: standard input) in their order.

    A decision must not be lost unseen: any row that cannot be read raises its error, with the line.
    """
    pins = []
    for number, row in read_rows(path, {"ja": str, "en": str}, _SHAPE):
        if isinstance(row, InputError):
            raise row
        told, release = row.get("decision", "accept"), row.get("release", "")
        wrong = ""
        if not isinstance(told, str) or told not in _DECISIONS:
            wrong = f"the decision is one of {', '.join(_DECISIONS)}, not {told!r}"
        elif not isinstance(release, str):
            wrong = "'release' is not a string"
        elif not row["ja"].strip() and not row["en"].strip():
            wrong = "both texts are empty"
        if wrong:
            raise FormatError(wrong, path=path, line=number, hint=f"a row is {_SHAPE}")
        pins.append(FiledPin(row["ja"], row["en"], _DECISIONS[told], release))
    return tuple(pins)


def pins_for(release: str, pins: tuple[FiledPin, ...]) -> tuple[FiledPin, ...]:
    """Return the decisions that are about a release, or about any."""
    return tuple(pin for pin in pins if pin.release in {"", release})
