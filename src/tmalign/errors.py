"""Exceptions a person can act on: each carries where, what to do, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TmalignError(Exception):
    """Base of every error this package raises on purpose.

    `code` names the reason in one stable word (reports count by it); `hint` tells what to do;
    `path` and `line` (from 1) say where. The command line ends with `exit_code`.
    """

    code = "error"
    exit_code = 1

    def __init__(
        self, message: str, *, path: Path | str | None = None, line: int | None = None, hint: str = ""
    ) -> None:
        """Keep the parts; `str()` joins place and message."""
        super().__init__(message)
        self.message = message
        self.path = None if path is None else str(path)
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        """Return `path:line: message`, with the parts that are known."""
        place = "" if self.path is None else f"{self.path}:" + (f"{self.line}:" if self.line else "") + " "
        return place + self.message


class UsageError(TmalignError):
    """The call itself is wrong: an unknown option value, a path that cannot be what was asked for."""

    code = "usage"
    exit_code = 2


class InputError(TmalignError):
    """A file cannot be used; other files are not affected."""

    code = "input"


class MissingFileError(InputError):
    """The named file is not there."""

    code = "missing"


class EmptyFileError(InputError):
    """The file has no text."""

    code = "empty"


class UnreadableFileError(InputError):
    """The operating system refuses to open or read the file."""

    code = "unreadable"


class BinaryFileError(InputError):
    """The file is not text (an image, an archive, an office document...)."""

    code = "binary"


class EncodingError(InputError):
    """The bytes fit no encoding we know, or not the one that was asked for."""

    code = "encoding"


class FileSizeError(InputError):
    """The file is larger than the limit."""

    code = "too-large"


class FormatError(InputError):
    """The file is of a known format but breaks its rules, or of a format we do not read."""

    code = "format"


class LanguageError(InputError):
    """The text is not in the language its name or the call says."""

    code = "language"


class FileNameError(InputError):
    """The file's name does not say which language and release it belongs to, or cannot be written down."""

    code = "name"


class PairError(InputError):
    """Two files cannot be a pair, or one has no partner."""

    code = "unpaired"


class DuplicateFileError(PairError):
    """More than one file claims to be the same version of a release."""

    code = "duplicate"


class LinkError(InputError):
    """A link leads to a folder that is read anyway, or round in a circle."""

    code = "link"


class StoreError(TmalignError):
    """The memory store cannot be opened or written."""

    code = "store"


class OutputError(TmalignError):
    """A result cannot be written where it was asked for."""

    code = "output"
    exit_code = 2


class WorkerError(TmalignError):
    """A worker process ended without giving its result back."""

    code = "worker"


class InterruptedRunError(TmalignError):
    """The person stopped the run; what was finished is kept."""

    code = "interrupted"
    exit_code = 130
