"""Files of terms: what reading and writing them gives back, whatever the format."""

from __future__ import annotations

import re
import stat
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tmalign.errors import EmptyFileError, FileSizeError, MissingFileError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tmalign.model import Skipped
    from tmalign.term_model import TermEntry, TermRendering

# Larger than any termbase in use; a file beyond it is refused before it fills the memory.
MOST_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TermsRead:
    """What a file held: terms in file order, rows that were refused, and counts of what no term has a place for."""

    entries: tuple[TermEntry, ...]
    refused: tuple[Skipped, ...] = ()
    ignored: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TermsWritten:
    """What went into a file: terms, renderings, and counts of what the format has no place for."""

    terms: int
    renderings: int
    lost: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """Counts what goes into a file and what stays out while it is written."""

    terms: int = 0
    renderings: int = 0
    lost: Counter[str] = field(default_factory=Counter)

    def written(self) -> TermsWritten:
        """Return the counts, in the order of their names."""
        return TermsWritten(
            self.terms, self.renderings, {name: self.lost[name] for name in sorted(self.lost) if self.lost[name]}
        )

    def lose_entry(self, entry: TermEntry, fields: Iterable[str]) -> None:
        """Count the named fields of an entry that hold something."""
        for name in fields:
            if value := getattr(entry, name):
                self.lost[_NAMES.get(name, name)] += len(value) if isinstance(value, tuple) else 1

    def lose_rendering(self, rendering: TermRendering, fields: Iterable[str]) -> None:
        """Count the named fields of a rendering that hold something."""
        for name in fields:
            if value := getattr(rendering, name):
                self.lost[_NAMES.get(name, name)] += len(value) if isinstance(value, tuple) else 1

    def line(self, text: str) -> str:
        """Return text without line breaks, tabs and other controls, which a table in plain text has no place for."""
        plain, count = _CONTROLS.subn(" ", text)
        self.lost["control characters"] += count
        return self.trimmed(self.storable(plain))

    def no_comment(self, text: str) -> str:
        """Return text that readers do not take for a comment: a number sign in front is written wide."""
        kept, count = _COMMENT.subn(lambda found: "＃" * len(found[0]), text)
        self.lost["number signs in front (written wide)"] += count
        return kept

    def trimmed(self, text: str) -> str:
        """Return text without white space about it, which readers leave out."""
        trimmed = text.strip()
        self.lost["white space"] += trimmed != text
        return trimmed

    def storable(self, text: str) -> str:
        """Return text without lone surrogates, which UTF-8 has no place for."""
        kept, count = _SURROGATES.subn("\ufffd", text)
        self.lost["lone surrogates"] += count
        return kept


# White space goes unnoticed; a break or tab inside a cell would end it.
_CONTROLS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_COMMENT = re.compile("^#+")
_NAMES = {
    "count": "counts of use",
    "first": "dates of use",
    "last": "dates of use",
    "score": "scores",
    "confidence": "confidences",
    "note": "notes",
    "variants": "variants",
    "acronyms": "acronyms",
    "releases": "releases",
    "contexts": "contexts",
    "one_context": "one-context warnings",
    "valid_from": "validity dates",
    "valid_until": "validity dates",
    "preferred": "preferences",
    "rejected": "rejections",
    "kind": "kinds",
}


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, or those of standard input for `-`.

    Raises MissingFileError, UnreadableFileError, EmptyFileError or FileSizeError.
    """
    if str(path) == "-":
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                # Opening a pipe would wait for ever.
                raise UnreadableFileError("this is not an ordinary file", path=path, hint="name a file")
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            raise MissingFileError("there is no such file", path=path, hint="check the path") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            hint = "check the file's permissions"
            raise UnreadableFileError(f"cannot be read: {reason}", path=path, hint=hint) from error
    if len(data) > MOST_BYTES:
        raise FileSizeError(f"larger than {MOST_BYTES:,} bytes", path=path, hint="split the file")
    if not data:
        raise EmptyFileError("the file is empty (0 bytes)", path=path, hint="export it again")
    return data
