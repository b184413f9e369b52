"""OmegaT's glossary: tab-separated UTF-8, source, target, comment; a line for every written form of the source.

It knows no status, so only renderings that may be used go in: what stands in a glossary is offered to the translator.
Status and kind stand in the comment as we write it, and are read from there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from tmalign.errors import FormatError
from tmalign.formats.charset import decode_utf8
from tmalign.formats.termfile import Tally, TermsRead, TermsWritten, read_bytes
from tmalign.model import Skipped
from tmalign.term_model import KINDS, TermEntry, TermRendering, TermStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tmalign.model import Language

_USABLE = (TermStatus.APPROVED, TermStatus.CANDIDATE)
_NOT_HELD_ENTRY = ("count", "score", "first", "confidence", "one_context", "rejected", "releases", "contexts")
_NOT_HELD_RENDERING = ("count", "first", "valid_from", "valid_until")
_ACRONYM = "acronym"
# The comment as it is written: status, kind, notes.
_COMMENT = re.compile(rf"(preferred|approved|candidate)(?:; ({'|'.join(KINDS)}))?(?:; (.*))?")


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
            cells[0] = tally.no_comment(cells[0])
            if not (cells[0] and cells[1]):
                tally.lost["terms without text"] += 1
            elif (cells[0], cells[1]) not in seen:
                seen.add((cells[0], cells[1]))
                stream.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))
        tally.lost["terms without a rendering"] += not seen
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
    if source == "ja":
        tally.lost["variants (they come back as terms of their own)"] += len(entry.variants)
    else:
        variants = sum(len(r.variants) for r in entry.renderings if r.status in _USABLE)
        tally.lost["variants (they come back as renderings)"] += variants
    tally.lost["notes on terms (they come back on renderings)"] += bool(entry.note)
    if not any(r.status in _USABLE and r.en.strip() for r in entry.renderings):
        tally.lost["acronyms (they come back as renderings)"] += len(entry.acronyms)
    for acronym in entry.acronyms:
        yield (entry.ja, acronym, _ACRONYM) if source == "ja" else (acronym, entry.ja, _ACRONYM)


def _comment(entry: TermEntry, rendering: TermRendering) -> str:
    """Return what a translator should know."""
    status = "preferred" if rendering.preferred else str(rendering.status)
    return "; ".join(filter(None, (status, entry.kind, rendering.note, entry.note)))


def read_glossary(path: Path, source: Language = "ja") -> TermsRead:
    """Read such a file, lines of one phrase joined; what is not ours of a comment becomes the rendering's note.

    Raises what `read_bytes` and `decode_utf8` raise.
    """
    text = decode_utf8(read_bytes(path), path=path).text.removeprefix("\ufeff")
    groups: dict[str, dict[str, tuple[TermRendering, str]]] = {}
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
        groups.setdefault(ja, {}).setdefault(en, _commented(en, cells[2] if len(cells) > 2 else ""))
    return TermsRead(tuple(_entry(ja, list(lines.values())) for ja, lines in groups.items()), tuple(refused))


def _commented(en: str, comment: str) -> tuple[TermRendering, str]:
    """Return a rendering with what its comment says, and the kind that it names."""
    ours = _COMMENT.fullmatch(comment)
    if ours is None:
        return TermRendering(en, note=comment), ""
    preferred = ours[1] == "preferred"
    status = TermStatus.APPROVED if preferred else TermStatus(ours[1])
    return TermRendering(en, status=status, preferred=preferred, note=ours[3] or ""), ours[2] or ""


def _entry(ja: str, lines: list[tuple[TermRendering, str]]) -> TermEntry:
    """Return the term of a phrase's lines; acronyms are none of its renderings, unless there is no other."""
    full = tuple(rendering for rendering, _ in lines if rendering.note != _ACRONYM)
    acronyms = tuple(rendering.en for rendering, _ in lines if rendering.note == _ACRONYM) if full else ()
    kind = next((kind for _, kind in lines if kind), "")
    return TermEntry("", ja, kind, full or tuple(rendering for rendering, _ in lines), acronyms=acronyms)
