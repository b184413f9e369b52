"""What the commands that look things up share: the memory, which of its units count, how text is shown.

Without typer, for commands that must start at once.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Final, get_args

from tmalign.cli.output import print_message
from tmalign.errors import UsageError
from tmalign.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tmalign.memory.entries import Entry
    from tmalign.memory.lookup import Filter, Lookup

_DATE: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
# What a terminal would obey: shown as a picture of itself, line ends too.
_CONTROLS: Final = (
    {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
)
_TMX: Final = (".tmx", ".tmx.gz")


@contextlib.contextmanager
def open_lookup(path: Path) -> Iterator[Lookup]:
    """Open a memory for lookup: a store with the index beside it, or a TMX file.

    Raises MissingFileError where there is none, StoreError, or what reading TMX raises.
    """
    from tmalign.memory.lookup import Lookup  # noqa: PLC0415 - --help stays quick

    if path.name.lower().endswith(_TMX):
        from tmalign.formats.tmx import read_tmx  # noqa: PLC0415 - likewise
        from tmalign.memory.listing import ListedMemory  # noqa: PLC0415 - likewise

        yield Lookup(ListedMemory(read_tmx(path), path.name))
        return
    from tmalign.cli.stores import open_store  # noqa: PLC0415 - likewise

    with open_store(path) as store:
        lookup = Lookup.of(store)
        yield lookup
        if lookup.index.unwritten is not None:
            print_message(f"tmalign: {lookup.index.unwritten}\n  {lookup.index.unwritten.hint}")


def filter_of(
    collection: str | None, since: str, until: str, statuses: list[str] | None, min_probability: float
) -> Filter:
    """Return which units count. Raises UsageError for what is no date or status."""
    from tmalign.memory.lookup import Filter  # noqa: PLC0415 - --help stays quick

    for given in (since, until):
        if given and not _DATE.fullmatch(given):
            raise UsageError(f"not a date: {given}", hint="write 2023, 2023-05 or 2023-05-17")
    for status in statuses or ():
        if status not in get_args(Status):
            raise UsageError(f"no such status: {status}", hint=f"one of {', '.join(get_args(Status))}")
    chosen: frozenset[Status] = frozenset(known for known in get_args(Status) if known in (statuses or ()))
    # A year or month ends with its last day; dates are compared as text.
    last = until + {4: "-12-31", 7: "-31"}.get(len(until), "")
    return Filter(collection, since, last, chosen, min_probability)


def visible(text: str) -> str:
    """Return text with pictures in place of control characters, so that it fits a line and steers no terminal."""
    return text.translate(_CONTROLS)


def entry_row(entry: Entry) -> dict[str, object]:
    """Return a unit for JSON."""
    return {
        "id": entry.id,
        "ja": entry.ja,
        "en": entry.en,
        "collection": entry.collection,
        "date": entry.date,
        "probability": entry.probability,
        "status": entry.status,
        "origin": entry.origin,
        "source": entry.source,
        "position": entry.position,
    }
