"""What the commands on memories share: opening any format, its languages, and saying what was skipped."""

from __future__ import annotations

import atexit
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tmalign.errors import TmalignError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from tmalign.formats.conversion import Format, Markup
    from tmalign.formats.exchange import TranslationUnit, UnitStream

# The toolkit's own pair, where neither the call nor the file says anything.
SOURCE, TARGET = "ja", "en"
_STDIN = Path("-")


def tell(message: str) -> None:
    """Print a message on standard error."""
    typer.echo(f"tmalign: {message}".encode("utf-8", "backslashreplace"), err=True)


def file_of(path: Path) -> Path:
    """Return a path to read more than once: standard input (`-`) is kept in a file until the command ends."""
    if path != _STDIN:
        return path
    with tempfile.NamedTemporaryFile(prefix="tmalign-", suffix=".stdin", delete=False) as file:
        kept = Path(file.name)
        atexit.register(kept.unlink, missing_ok=True)
        while piece := sys.stdin.buffer.read(1 << 20):
            file.write(piece)
    return kept


class Memory:
    """A file of units in any format, with the languages that were asked for or that it names.

    `stream()` reads it from the start, as often as needed.
    """

    def __init__(
        self, path: Path, kind: Format | None = None, source: str = "", target: str = "", markup: Markup = "keep"
    ) -> None:
        """Look at the head of the file. Raises what its reader raises."""
        from tmalign.formats.bilingual import languages  # noqa: PLC0415 - --help stays quick
        from tmalign.formats.conversion import format_of  # noqa: PLC0415 - likewise

        self.name = str(path)
        self.kind = format_of(path, kind or ("tmx" if path == _STDIN else None))
        self.path = file_of(path)
        self._markup: Markup = markup
        self.source, self.target = source or SOURCE, target or TARGET
        stream = self.stream()
        found = languages(stream.header, next(stream.units, None))
        self.header = stream.header
        # What the call says, then what the file says, then what its first unit shows.
        self.source = source or stream.source or found[0] or SOURCE
        named = stream.target or found[1]
        self.target = target or (named if named != self.source else "") or (TARGET if self.source != TARGET else SOURCE)

    def stream(self) -> UnitStream:
        """Read from the start; errors say which file."""
        from tmalign.formats.conversion import read_units  # noqa: PLC0415 - --help stays quick

        try:
            stream = read_units(self.path, self.kind, self.source, self.target, self._markup)
        except TmalignError as error:
            error.path = self.name
            raise
        stream.units = self._located(stream.units)
        return stream

    def units(self) -> Iterator[TranslationUnit]:
        """Yield the units from the start."""
        return self.stream().units

    def _located(self, units: Iterator[TranslationUnit]) -> Iterator[TranslationUnit]:
        """Name the file in what goes wrong."""
        try:
            yield from units
        except TmalignError as error:
            error.path = self.name if error.path is None or self.name == "-" else error.path
            raise


def tell_skipped(name: str, skipped: Counter[str], warnings: list[str] | None = None) -> None:
    """Say what was skipped in reading, or left out in writing."""
    for warning in warnings or []:
        tell(f"{name}: {warning}")
    for reason, count in sorted(skipped.items()):
        tell(f"{name}: {count:,} {reason}")
