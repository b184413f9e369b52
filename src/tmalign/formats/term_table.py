r"""Terms as a table, a row a rendering: CSV for memoQ, MultiTerm and others, XLSX with filters and a frozen header.

A cell that holds several things joins them with ` | ` (a bar or backslash inside is written `\|` or `\\`). Columns
are found by their names, in any order; unknown ones are counted and passed over.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from tmalign.errors import FormatError
from tmalign.formats.charset import decode
from tmalign.formats.term_rows import from_row
from tmalign.formats.termfile import MOST_BYTES, Tally, TermsRead, TermsWritten, read_bytes
from tmalign.formats.tmx.markup import FORBIDDEN
from tmalign.model import Skipped
from tmalign.term_model import TermEntry, TermRendering, TermStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Column title, field; the fields of a term stand in each of its rows.
_RENDERING = (
    ("English", "en"),
    ("Status", "status"),
    ("Preferred", "preferred"),
    ("Count", "count"),
    ("First used", "first"),
    ("Last used", "last"),
    ("Note", "note"),
    ("Valid from", "valid_from"),
    ("Valid until", "valid_until"),
    ("English variants", "variants"),
)
_ENTRY = (
    ("Japanese variants", "variants"),
    ("Acronyms", "acronyms"),
    ("Term note", "note"),
    ("Term count", "count"),
    ("Term first used", "first"),
    ("Term last used", "last"),
    ("Score", "score"),
    ("Confidence", "confidence"),
    ("One context", "one_context"),
    ("Rejected", "rejected"),
    ("Releases", "releases"),
)
_CONTEXT = (
    ("Contexts (Japanese)", "ja"),
    ("Contexts (English)", "en"),
    ("Context releases", "release"),
    ("Context dates", "date"),
)
TITLES = ("ID", "Japanese", *(t for t, _ in _RENDERING), "Kind", *(t for t, _ in _ENTRY), *(t for t, _ in _CONTEXT))
_NUMBERS = frozenset({"count", "score", "confidence"})
_FLAGS = frozenset({"preferred", "one_context", "rejected"})
_LISTS = frozenset({"variants", "acronyms", "releases"})
_OTHER_NAMES = {
    "ja": "japanese", "ja-jp": "japanese", "日本語": "japanese", "source": "japanese", "src": "japanese",
    "en": "english", "en-us": "english", "en-gb": "english", "英語": "english", "target": "english", "tgt": "english",
    "comment": "note", "備考": "note", "注": "note", "状態": "status", "種別": "kind", "type": "kind",
}  # fmt: skip
_HINT = "a row needs Japanese and English; `tmalign terms export --format csv` shows all columns"
# Excel takes no more.
_LONGEST_CELL = 32_767
# The widths of the first columns, in characters; the file looks the same on every machine.
_WIDTHS = {"Japanese": 36, "English": 48, "Note": 24, "Contexts (Japanese)": 40, "Contexts (English)": 40}


def write_csv(stream: BinaryIO, entries: Iterable[TermEntry]) -> TermsWritten:
    """Write RFC 4180 CSV in UTF-8 with a byte order mark, by which spreadsheets know the encoding."""
    tally = Tally()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(TITLES)
    for row in _rows(entries, tally):
        cells = [_without_returns(tally.storable(cell), tally) for cell in row]
        tally.lost["control characters"] += sum(cell.count("\x00") for cell in cells)
        writer.writerow([cell.replace("\x00", "") for cell in cells])
    stream.write(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace"))
    return tally.written()


def write_xlsx(stream: BinaryIO, entries: Iterable[TermEntry]) -> TermsWritten:
    """Write a workbook with one sheet, filters on every column and a header that stays in view."""
    import polars as pl  # noqa: PLC0415 - nothing heavy at import
    from xlsxwriter import Workbook  # noqa: PLC0415 - likewise

    tally = Tally()
    rows = [[_cell(cell, tally) for cell in row] for row in _rows(entries, tally)]
    columns = dict(zip(TITLES, zip(*rows, strict=True) if rows else ([] for _ in TITLES), strict=True))
    frame = pl.DataFrame(
        {name: list(cells) for name, cells in columns.items()}, schema=dict.fromkeys(TITLES, pl.String)
    )
    # Cells stay text: what begins with = is no formula, what looks like an address no link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    workbook = Workbook(stream, options)
    # The same terms give the same bytes: no clock.
    workbook.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC), "title": "Terms"})
    frame.write_excel(
        workbook,
        "Terms",
        autofilter=True,
        freeze_panes=(1, 2),
        column_widths={name: _WIDTHS.get(name, 14) * 7 for name in TITLES},
        table_style="Table Style Light 1",
    )
    workbook.close()
    return tally.written()


def _without_returns(text: str, tally: Tally) -> str:
    """Return text with its lines ended by line feeds: quoted or not, a carriage return does not come through."""
    tally.lost["control characters"] += text.count("\r")
    return re.sub("\r\n?", "\n", text)


def _cell(text: str, tally: Tally) -> str:
    """Return text that a workbook can hold; what it cannot is counted."""
    kept, count = FORBIDDEN.subn("", _without_returns(text, tally))
    tally.lost["control characters"] += count
    if len(kept) > _LONGEST_CELL:
        tally.lost[f"characters beyond {_LONGEST_CELL} in a cell"] += len(kept) - _LONGEST_CELL
    return kept[:_LONGEST_CELL]


def _rows(entries: Iterable[TermEntry], tally: Tally) -> Iterator[list[str]]:
    """Yield the rows of all terms; a term without a rendering has one with that part empty."""
    for entry in entries:
        tally.terms += 1
        tally.renderings += len(entry.renderings)
        if any(any(context.ja_span + context.en_span) for context in entry.contexts):
            tally.lost["places of the phrase in its contexts"] += len(entry.contexts)
        if not entry.ja.strip() or not entry.renderings:
            tally.lost["terms without text" if entry.renderings else "terms without a rendering"] += 1
        _trim(entry, tally)
        whole = [_written(getattr(entry, name)) for _, name in _ENTRY]
        uses = [_joined([getattr(context, name) for context in entry.contexts]) for _, name in _CONTEXT]
        for rendering in entry.renderings or (None,):
            own = [_written(getattr(rendering, name)) if rendering else "" for _, name in _RENDERING]
            yield [entry.id, entry.ja, *own, entry.kind, *whole, *uses]


def _trim(entry: TermEntry, tally: Tally) -> None:
    """Count the texts of a term that come back without the white space about them, or not at all."""
    texts = [entry.id, entry.ja, entry.note, *entry.variants, *entry.acronyms, *entry.releases]
    texts += [text for one in entry.contexts for text in (one.ja, one.en, one.release)]
    for rendering in entry.renderings:
        texts += [rendering.en, rendering.note, *rendering.variants]
        tally.lost["terms without text"] += not rendering.en.strip()
    for text in texts:
        tally.trimmed(text)
    lists = (entry.variants, entry.acronyms, entry.releases, *(rendering.variants for rendering in entry.renderings))
    tally.lost["empty forms"] += sum(not text.strip() for texts in lists for text in texts)


def _written(value: object) -> str:
    """Return a value as a cell."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        return _joined(value)
    return str(value)


def _joined(values: Iterable[str]) -> str:
    """Join texts to one cell."""
    return " | ".join(re.sub(r"([\\|])", r"\\\1", value) for value in values)


def _parted(cell: str) -> list[str]:
    """Return the texts of such a cell."""
    parts = re.split(r"(?<!\\)\|", cell) if cell else []
    return [re.sub(r"\\([\\|])", r"\1", part.strip()) for part in parts]


def read_csv(path: Path) -> TermsRead:
    """Read a table whose cells are parted by commas, semicolons or tabs, in any encoding we know.

    Raises FormatError where no column is Japanese or none English, and what `read_bytes` and `decode` raise.
    """
    text = decode(read_bytes(path), path=path).text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    # A field of a hostile file may be of any length; ours has a bound of its own.
    csv.field_size_limit(MOST_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FormatError(
            f"broken CSV: {error}", path=path, hint="close every quote; export the table again"
        ) from error
    return _terms(rows, path)


def read_xlsx(path: Path) -> TermsRead:
    """Read the first sheet of a workbook.

    Raises FormatError where it is no workbook, would unpack to more than 512 MB, or has not the columns, and what
    `read_bytes` raises.
    """
    import polars as pl  # noqa: PLC0415 - nothing heavy at import

    data = read_bytes(path)
    hint = "save it as .xlsx again, or as CSV"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise FormatError(f"no workbook: {error}", path=path, hint=hint) from error
    if unpacked > MOST_BYTES:
        raise FormatError(f"would unpack to {unpacked:,} bytes", path=path, hint="split the table")
    try:
        frame = pl.read_excel(
            io.BytesIO(data), sheet_id=1, engine="openpyxl", has_header=False, infer_schema_length=0,
            drop_empty_rows=False, drop_empty_cols=False, raise_if_empty=False,
        )  # fmt: skip
    except Exception as error:
        raise FormatError(f"no workbook that can be read: {type(error).__name__}", path=path, hint=hint) from error
    return _terms([["" if cell is None else str(cell) for cell in row] for row in frame.iter_rows()], path)


def _terms(rows: list[list[str]], path: Path) -> TermsRead:
    """Return the terms of a table whose first row names the columns; rows of one phrase are joined."""
    names = [name.strip().lower() for name in rows[0]] if rows else []
    names = [_OTHER_NAMES.get(name, name) for name in names]
    if "japanese" not in names or "english" not in names:
        raise FormatError("no columns Japanese and English", path=path, line=1, hint=_HINT)
    known = {title.lower() for title in TITLES}
    ignored: Counter[str] = Counter()
    refused: list[Skipped] = []
    groups: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}
        if not cells:
            continue
        ignored.update(name or "column without a title" for name in cells if name not in known)
        try:
            fields = _fields(cells)
            entry = from_row(fields)
        except ValueError as error:
            refused.append(Skipped(f"{path}:{number}", FormatError.code, str(error), _HINT))
            continue
        group = groups.setdefault(entry.ja, fields | {"renderings": {}})
        for rendering in entry.renderings:
            earlier = group["renderings"].setdefault(rendering.en, rendering)
            if earlier.status is TermStatus.CANDIDATE:
                # It says nothing yet: what a later row says counts.
                group["renderings"][rendering.en] = rendering
            elif rendering.status not in {TermStatus.CANDIDATE, earlier.status}:
                reason = f"an earlier row says {earlier.status} of this rendering, this one {rendering.status}"
                refused.append(Skipped(f"{path}:{number}", FormatError.code, reason, "keep one of the two rows"))
            elif rendering.preferred and any(r.preferred and r is not rendering for r in group["renderings"].values()):
                ignored["second preferred rendering of a phrase"] += 1
    return TermsRead(tuple(map(_entry, groups.values())), tuple(refused), dict(sorted(ignored.items())))


def _fields(cells: dict[str, str]) -> dict[str, Any]:
    """Return a row in the shape of `term_rows`. Raises ValueError."""
    rendering = _read(cells, _RENDERING)
    fields = {"id": cells.get("id", ""), "ja": cells.get("japanese", ""), "kind": cells.get("kind", "").lower()}
    fields |= _read(cells, _ENTRY)
    sides = {name: _parted(cells.get(title.lower(), "")) for title, name in _CONTEXT}
    count = max(map(len, sides.values()))
    padded = {name: [*texts, *[""] * (count - len(texts))] for name, texts in sides.items()}
    contexts = [{name: padded[name][n] for name in padded} for n in range(count)]
    return fields | {"contexts": contexts} | ({"renderings": [rendering]} if rendering.get("en") else {})


def _read(cells: dict[str, str], columns: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the fields of these columns. Raises ValueError."""
    fields: dict[str, Any] = {}
    for title, name in columns:
        cell = cells.get(title.lower(), "")
        if not cell:
            continue
        if name in _NUMBERS:
            number = float(cell)
            fields[name] = int(number) if number.is_integer() else number
        elif name in _FLAGS:
            fields[name] = cell.lower() in {"yes", "true", "1", "x", "はい", "○"}
        else:
            fields[name] = _parted(cell) if name in _LISTS else cell.lower() if name == "status" else cell
    return fields


def _entry(fields: dict[str, Any]) -> TermEntry:
    """Return the term of a group of rows."""
    renderings: dict[str, TermRendering] = fields.pop("renderings")
    entry = from_row(fields | {"renderings": [], "rejected": True})
    return TermEntry(
        id=entry.id,
        ja=entry.ja,
        kind=entry.kind,
        renderings=tuple(renderings.values()),
        count=entry.count,
        score=entry.score,
        confidence=entry.confidence,
        releases=entry.releases,
        first=entry.first,
        last=entry.last,
        variants=entry.variants,
        acronyms=entry.acronyms,
        one_context=entry.one_context,
        contexts=entry.contexts,
        note=entry.note,
        rejected=bool(fields.get("rejected")),
    )
