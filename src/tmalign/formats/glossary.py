"""OmegaT's glossary: tab-separated UTF-8, source, target, comment; a line for every written form of the source.

It knows no status, so only renderings that may be used go in: what stands in a glossary is offered to the translator.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from tmalign.errors import FormatError
from tmalign.formats.charset import decode
from tmalign.formats.termfile import Tally, TermsRead, TermsWritten, read_bytes
from tmalign.model import Skipped
from tmalign.term_model import TermEntry, TermRendering, TermStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tmalign.model import Language

_USABLE = (TermStatus.APPROVED, TermStatus.CANDIDATE)
_NOT_HELD_ENTRY = ("count", "score", "first", "confidence", "one_context", "rejected", "releases", "contexts")
_NOT_HELD_RENDERING = ("count", "first", "valid_from", "valid_until")


def write_glossary(stream: BinaryIO, entries: Iterable[TermEntry], source: Language = "ja") -> TermsWritten:
    """Write a line for each pair of source form and rendering, in the order they come.

    Deprecated, forbidden and rejected renderings are counted and left out. The comment holds status and notes.
    """
    tally = Tally()
    for entry in entries:
        tally.terms += 1
        tally.lose_entry(entry, _NOT_HELD_ENTRY)
        seen: set[tuple[str, str]] = set()
        for left, right, comment in _lines(entry, source, tally):
            cells = [tally.line(cell) for cell in (left, right, comment)]
            # OmegaT takes such a line for a comment, and quotes for quotes.
            cells[0] = re.sub("^#+", lambda found: "＃" * len(found[0]), cells[0])
            if cells[0] and cells[1] and (cells[0], cells[1]) not in seen:
                seen.add((cells[0], cells[1]))
                stream.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))
    return tally.written()


def _lines(entry: TermEntry, source: Language, tally: Tally) -> Iterator[tuple[str, str, str]]:
    """Yield source, target and comment of a term."""
    for rendering in entry.renderings:
        if rendering.status not in _USABLE:
            tally.lost[f"{rendering.status} renderings"] += 1
            continue
        tally.renderings += 1
        tally.lose_rendering(rendering, _NOT_HELD_RENDERING)
        comment = _comment(entry, rendering)
        if source == "ja":
            for form in (entry.ja, *entry.variants):
                yield form, rendering.en, comment
            tally.lose_rendering(rendering, ("variants",))
        else:
            for form in (rendering.en, *rendering.variants):
                yield form, entry.ja, comment
            tally.lose_entry(entry, ("variants",))
    for acronym in entry.acronyms:
        yield (entry.ja, acronym, "acronym") if source == "ja" else (acronym, entry.ja, "acronym")


def _comment(entry: TermEntry, rendering: TermRendering) -> str:
    """Return what a translator should know."""
    status = "preferred" if rendering.preferred else str(rendering.status)
    return "; ".join(filter(None, (status, entry.kind, rendering.note, entry.note)))


def read_glossary(path: Path, source: Language = "ja") -> TermsRead:
    """Read such a file, lines of one phrase joined; the comment becomes the rendering's note.

    Raises what `read_bytes` and `decode` raise.
    """
    text = decode(read_bytes(path), path=path).text.removeprefix("\ufeff")
    groups: dict[str, dict[str, TermRendering]] = {}
    refused: list[Skipped] = []
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        left, right = (cells[0], cells[1]) if len(cells) > 1 else (cells[0], "")
        ja, en = (left, right) if source == "ja" else (right, left)
        if not (ja and en):
            hint = "a line is: source, tab, target, tab, comment"
            refused.append(Skipped(f"{path}:{number}", FormatError.code, "one of the two terms is missing", hint))
            continue
        note = cells[2] if len(cells) > 2 else ""
        groups.setdefault(ja, {}).setdefault(en, TermRendering(en, note=note))
    entries = tuple(TermEntry("", ja, "", tuple(renderings.values())) for ja, renderings in groups.items())
    return TermsRead(entries, tuple(refused))
