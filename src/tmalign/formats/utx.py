"""UTX 1.20, the simple term table of the Asia-Pacific Association for Machine Translation: a row a rendering.

Renderings of one phrase, and other written forms of it, share a concept ID. Of two approved renderings the first row
is the preferred one, as readers of the format take it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from tmalign.errors import FormatError
from tmalign.formats.charset import decode_utf8
from tmalign.formats.termfile import Tally, TermsRead, TermsWritten, read_bytes
from tmalign.model import Skipped
from tmalign.term_model import TermEntry, TermRendering, TermStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

VERSION = "1.20"
COLUMNS = ("src", "tgt", "src:pos", "term status", "comment", "concept ID")
STATUSES = {
    TermStatus.CANDIDATE: "provisional",
    TermStatus.APPROVED: "approved",
    TermStatus.DEPRECATED: "non-standard",
    TermStatus.FORBIDDEN: "forbidden",
}
_BY_NAME = {name: status for status, name in STATUSES.items()} | {"": TermStatus.CANDIDATE}
_POS = {"organisation": "properNoun", "treaty": "properNoun", "boilerplate": "sentence"}
_NOT_HELD_ENTRY = ("kind", "count", "score", "first", "confidence", "one_context", "rejected", "acronyms", "releases",
                   "contexts", "note")  # fmt: skip
_NOT_HELD_RENDERING = ("count", "first", "valid_from", "valid_until", "variants")
_DIRECTION = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]\w+)*\s*[/:]\s*([A-Za-z]{2,3})(?:[-_]\w+)*")
_HINT = "a row is: Japanese, tab, English, tab, and what the line that begins with #src names"


def write_utx(stream: BinaryIO, entries: Iterable[TermEntry], date: str) -> TermsWritten:
    """Write terms in the order they come; `date` (YYYY-MM-DD) is the one the header must have.

    Rejected renderings are counted and left out.
    """
    tally = Tally()
    stream.write(f"#UTX {VERSION}; ja-JP/en-US; {date}T00:00:00Z; creator: tmalign\r\n".encode())
    stream.write(("#" + "\t".join(COLUMNS) + "\r\n").encode())
    for entry in entries:
        tally.terms += 1
        tally.lose_entry(entry, _NOT_HELD_ENTRY)
        for row in _rows(entry, tally):
            cells = [tally.line(cell.replace("\ufeff", "")) for cell in row]
            cells[0] = tally.no_comment(cells[0])
            if not (cells[0] and cells[1]):
                tally.lost["terms without text"] += 1
                continue
            stream.write(("\t".join(cells) + "\r\n").encode("utf-8", "replace"))
    return tally.written()


def _rows(entry: TermEntry, tally: Tally) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a term: a row a rendering, then one for each other form of the phrase."""
    pos = _POS.get(entry.kind, "noun")
    kept = [rendering for rendering in entry.renderings if rendering.status in STATUSES]
    tally.lost["rejections"] += len(entry.renderings) - len(kept)
    # The first approved rendering is read as the preferred one; what stands before it keeps its place if it is.
    approved = [rendering for rendering in kept if rendering.preferred or rendering.status is TermStatus.APPROVED]
    if any(rendering.preferred for rendering in approved[1:]):
        kept.sort(key=lambda rendering: not rendering.preferred)
    for rendering in kept:
        tally.renderings += 1
        tally.lose_rendering(rendering, _NOT_HELD_RENDERING)
        yield entry.ja, rendering.en, pos, STATUSES[rendering.status], rendering.note, entry.id
    if not kept:
        tally.lost["terms without a rendering"] += 1
        return
    for variant in entry.variants:
        yield variant, kept[0].en, pos, STATUSES[kept[0].status], "", entry.id


def read_utx(path: Path) -> TermsRead:
    """Read UTX of any version and direction; rows of one concept ID become one term.

    Raises FormatError where it is not UTX of Japanese and English, and what `read_bytes` and `decode_utf8` raise.
    """
    text = decode_utf8(read_bytes(path), path=path).text.removeprefix("\ufeff")
    lines = re.split("\r\n|\r|\n", text)
    parts = lines[0].split(";")
    direction = _DIRECTION.match(parts[1]) if len(parts) > 1 else None
    if not re.match(r"#\s*UTX", lines[0], re.IGNORECASE) or direction is None:
        raise FormatError("not UTX", path=path, line=1, hint="the first line is: #UTX 1.20; ja-JP/en-US; date")
    languages = [tag.lower() for tag in direction.groups()]
    if sorted(languages) != ["en", "ja"]:
        raise FormatError(f"the languages are {'/'.join(languages)}", path=path, line=1, hint="give ja/en or en/ja")
    reader = _Reader(path, japanese_first=languages[0] == "ja")
    for number, line in enumerate(lines[1:], 2):
        reader.line(number, line)
    if not reader.columns:
        raise FormatError("no line names the columns", path=path, hint="a line like: #src<TAB>tgt<TAB>src:pos")
    return TermsRead(tuple(reader.terms()), tuple(reader.refused), dict(sorted(reader.ignored.items())))


class _Reader:
    """Gathers rows into terms."""

    def __init__(self, path: Path, *, japanese_first: bool) -> None:
        """Start with nothing."""
        self.path = path
        self.sides = ("src", "tgt") if japanese_first else ("tgt", "src")
        self.columns: list[str] = []
        self.groups: dict[str, list[tuple[str, TermRendering]]] = {}
        self.refused: list[Skipped] = []
        self.ignored: Counter[str] = Counter()

    def line(self, number: int, line: str) -> None:
        """Read one line after the first."""
        if line.startswith("#"):
            names = [name.strip().lower() for name in line[1:].split("\t")]
            if "src" in names and "tgt" in names and not self.columns:
                self.columns = names
            return
        if not line.strip():
            return
        cells = dict(zip(self.columns, (cell.strip() for cell in line.split("\t")), strict=False))
        ja, en = (cells.get(side, "") for side in self.sides)
        status = cells.get("term status", cells.get("status", ""))
        if not (ja and en) or status not in _BY_NAME:
            reason = f"no term status {status!r}" if ja and en else "one of the two terms is missing"
            self.refused.append(Skipped(f"{self.path}:{number}", FormatError.code, reason, _HINT))
            return
        known = {*self.sides, "term status", "status", "comment", "concept id", "src:pos"}
        self.ignored.update(name for name, cell in cells.items() if cell and name not in known)
        rendering = TermRendering(en, status=_BY_NAME[status], note=cells.get("comment", ""))
        self.groups.setdefault(cells.get("concept id") or f"ja {ja}", []).append((ja, rendering))

    def terms(self) -> Iterator[TermEntry]:
        """Yield a term a group."""
        for name, rows in self.groups.items():
            ja = rows[0][0]
            variants = dict.fromkeys(other for other, _ in rows if other != ja)
            renderings: dict[str, TermRendering] = {}
            for _, rendering in rows:
                renderings.setdefault(rendering.en, rendering)
            approved = [r.en for r in renderings.values() if r.status is TermStatus.APPROVED]
            yield TermEntry(
                id="" if name == f"ja {ja}" else name,
                ja=ja,
                kind="",
                renderings=tuple(
                    TermRendering(r.en, status=r.status, note=r.note, preferred=r.en in approved[:1])
                    for r in renderings.values()
                ),
                variants=tuple(variants),
            )
