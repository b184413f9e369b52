"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import filecmp
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tmalign.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def atomic_write(path: Path, *, keep_identical: bool = False) -> Iterator[BinaryIO]:
    """Give a stream whose bytes take the place of `path` in one step when the block ends well.

    The bytes go to a hidden file in the same folder (made where it is missing), are flushed to the disk and
    then renamed; when the block raises, that file is removed and `path` stays as it was. A link is followed,
    so that its target is replaced; a device or a pipe (/dev/null, /dev/stdout) is written to as it is. With
    `keep_identical` a file that already holds the same bytes is left alone, its time stamp included. Raises
    OutputError where the system refuses.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file() and not target.is_dir():
        # Renaming a file to /dev/null would, for root, put the file in the device's place.
        with _opened(target, path) as stream:
            yield stream
        return
    temporary = target.parent / f".tmalign-{secrets.token_hex(8)}.tmp"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Opened with the plain mode, not by tempfile: the umask then decides who may read the result.
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if not (keep_identical and _same(temporary, target)):
            temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            path=path,
            hint="choose a folder you may write to, with room for the result",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(target: Path, path: Path) -> Iterator[BinaryIO]:
    """Give a device or pipe to write to."""
    try:
        with target.open("wb") as stream:
            yield stream
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror or error}", path=path, hint="name a file") from error


def _same(left: Path, right: Path) -> bool:
    """Tell whether two files hold the same bytes; a missing one never does."""
    return right.is_file() and filecmp.cmp(left, right, shallow=False)
