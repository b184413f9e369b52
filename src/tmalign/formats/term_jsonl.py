"""JSON Lines files of terms: a row a term, nothing lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tmalign.errors import EncodingError, FormatError
from tmalign.formats.term_rows import as_row, from_row
from tmalign.formats.termfile import Tally, TermsRead, TermsWritten, read_bytes
from tmalign.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO

    from tmalign.term_model import TermEntry

_HINT = 'a row is {"ja": "...", "en": "..."} or what `tmalign terms export --format jsonl` writes'


def write_jsonl(stream: BinaryIO, entries: Iterable[TermEntry]) -> TermsWritten:
    """Write a row a term, contexts included: nothing is lost."""
    tally = Tally()
    for entry in entries:
        kept = tuple(rendering for rendering in entry.renderings if rendering.en.strip())
        tally.lost["terms without text"] += len(entry.renderings) - len(kept)
        if not entry.ja.strip():
            tally.lost["terms without text"] += 1
            continue
        for form in (entry.ja, *(rendering.en for rendering in kept)):
            tally.trimmed(form)
        row = json.dumps(as_row(replace(entry, renderings=kept), contexts=len(entry.contexts)), ensure_ascii=False)
        # A lone surrogate stands as the escape that JSON has for it.
        stream.write(row.encode("utf-8", "backslashreplace") + b"\n")
        tally.terms += 1
        tally.renderings += len(kept)
    return tally.written()


def read_jsonl(path: Path) -> TermsRead:
    """Read such rows; a row that is none is refused with its line.

    Raises EncodingError where the file is not UTF-8, and what `read_bytes` raises.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError("not UTF-8", path=path, hint="JSON Lines files are UTF-8") from error
    entries: list[TermEntry] = []
    refused: list[Skipped] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entries.append(from_row(json.loads(line)))
        except (ValueError, RecursionError) as error:
            reason = f"not JSON: {error}" if isinstance(error, json.JSONDecodeError) else str(error)
            refused.append(Skipped(f"{path}:{number}", FormatError.code, reason, _HINT))
    return TermsRead(tuple(entries), tuple(refused))
