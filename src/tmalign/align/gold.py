"""Gold alignments as JSON Lines: what training and measurement read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tmalign.errors import FormatError
from tmalign.model import BlockKind, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A pair of documents with the alignment people made: `beads` are pairs of index lists."""

    id: str
    ja: tuple[Segment, ...]
    en: tuple[Segment, ...]
    beads: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def segment(value: str | dict[str, Any]) -> Segment:
    """Read a sentence that is a string, or an object with `text`, `kind`, `marker` and `block`."""
    if isinstance(value, str):
        return Segment(value)
    return Segment(
        value["text"], BlockKind(value.get("kind", "paragraph")), value.get("marker", ""), value.get("block", 0)
    )


def read_gold(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a JSON Lines file; raises `FormatError` with the line."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
                yield GoldDocument(
                    row["id"],
                    tuple(map(segment, row["ja"])),
                    tuple(map(segment, row["en"])),
                    tuple((tuple(ja), tuple(en)) for ja, en in row["beads"]),
                )
            except (ValueError, KeyError, TypeError) as error:
                raise FormatError(
                    f"not a gold document: {error}",
                    path=path,
                    line=number,
                    hint='a row is {"id", "ja": [...], "en": [...], "beads": [[[0], [0]], ...]}',
                ) from error
