"""Tables of units: TSV, CSV, XLSX and Parquet, a row a pair.

Columns: the source language, the target language, then `tuid`, `creationdate`, `changedate`, `note`, and `properties`
and `attributes` as JSON. A table read needs only the two languages, under their tags or as `source` and `target`.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

from tmalign.errors import FormatError, MissingFileError, OutputError, UnreadableFileError
from tmalign.formats.bilingual import all_pairs
from tmalign.formats.exchange import MemoryHeader, Note, Property, TranslationUnit, UnitStream, Variant, Written
from tmalign.formats.records import numbered_lines
from tmalign.text.language_tag import match, primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Kind = Literal["tsv", "csv", "xlsx", "parquet"]
ABOUT: Final = ("tuid", "creationdate", "changedate", "note", "properties", "attributes")
_PLAIN: Final = ("tuid", "creationdate", "changedate")
_MOST_ROWS: Final = 1_048_575
_MOST_CELL: Final = 32_767
_NO_BREAKS: Final = str.maketrans(dict.fromkeys("\t\n\r", " "))


def _rows(units: Iterable[TranslationUnit], source: str, target: str, written: Written) -> Iterator[list[str]]:
    """Yield the cells of each pair."""
    for unit, one, other in all_pairs(units, source, target, written.left_out):
        properties = [[item.type, item.text] for item in unit.properties]
        others = {name: value for name, value in unit.attributes if name not in _PLAIN}
        written.units += 1
        yield [
            one.text,
            other.text,
            *(unit.attribute(name) for name in _PLAIN),
            "\n".join(note.text for note in unit.notes),
            json.dumps(properties, ensure_ascii=False) if properties else "",
            json.dumps(others, ensure_ascii=False) if others else "",
        ]


def write_table(
    stream: BinaryIO, units: Iterable[TranslationUnit], source: str, target: str, kind: Kind = "tsv"
) -> Written:
    """Write the visible text of each pair and what is known of it.

    In TSV tabs and line ends inside a cell become spaces, counted; the others keep them. XLSX and Parquet are built in
    memory or a temporary file. Raises OutputError where Excel's limits are passed or a library is missing.
    """
    written = Written()
    head = [source, target, *ABOUT]
    rows = _rows(units, source, target, written)
    match kind:
        case "tsv":
            _write_tsv(stream, head, rows, written)
        case "csv":
            text = io.TextIOWrapper(stream, "utf-8", "replace", newline="")
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(head)
            writer.writerows(rows)
            text.flush()
            text.detach()
        case "xlsx":
            _write_xlsx(stream, head, rows)
        case "parquet":
            import polars as pl  # noqa: PLC0415 - takes a while to load

            columns = list(zip(*rows, strict=True)) or [()] * len(head)
            schema = dict.fromkeys(head, pl.String)
            frame = pl.DataFrame(
                {name: [_storable(cell) for cell in column] for name, column in zip(head, columns, strict=True)},
                schema=schema,
            )
            frame.write_parquet(stream)
    return written


def _storable(text: str) -> str:
    """Return text that UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode()


def _write_tsv(stream: BinaryIO, head: list[str], rows: Iterable[list[str]], written: Written) -> None:
    stream.write(("\t".join(head) + "\n").encode())
    for row in rows:
        line = [cell.translate(_NO_BREAKS) for cell in row]
        if line != row:
            written.left_out["rows with tabs or line breaks, now spaces"] += 1
        stream.write(("\t".join(line) + "\n").encode("utf-8", "replace"))


def _write_xlsx(stream: BinaryIO, head: list[str], rows: Iterable[list[str]]) -> None:
    """Write one sheet, every cell as text, so that nothing becomes a formula, a number or a date."""
    import datetime as dt  # noqa: PLC0415 - for this format only

    import xlsxwriter  # noqa: PLC0415 - for this format only

    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_urls": False})
    # The library would put the clock's time in; the same units give the same bytes.
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
    sheet = book.add_worksheet("memory")
    for column, cell in enumerate(head):
        sheet.write_string(0, column, cell)
    try:
        for number, row in enumerate(rows, 1):
            if number > _MOST_ROWS or any(len(cell) > _MOST_CELL for cell in row):
                raise OutputError(
                    f"unit {number} is more than a sheet can hold",
                    hint="Excel holds 1,048,575 rows of 32,767 characters a cell: write .csv or .parquet",
                )
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, _storable(cell))
    finally:
        book.close()


def read_table(path: Path, source: str, target: str, kind: Kind = "tsv") -> UnitStream:
    """Read rows as units; rows with an empty side are counted and skipped.

    Without a first row that names columns the first two columns are source and target. Raises the errors of an
    unreadable file, and FormatError with the line.
    """
    stream = UnitStream(MemoryHeader(), iter(()), Counter(), [], source, target)
    readers = {"tsv": _read_tsv, "csv": _read_csv, "xlsx": _read_xlsx, "parquet": _read_parquet}
    stream.units = _units(readers[kind](path), stream, path)
    return stream


def _read_tsv(path: Path) -> Iterator[tuple[int, list[str]]]:
    for number, line in numbered_lines(path):
        yield number, line.split("\t")


def _read_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    # A segment may be longer than the library's own limit; lines are limited already.
    csv.field_size_limit(1 << 26)
    number = 1
    lines = numbered_lines(path)
    reader = csv.reader((f"{line}\n" for _, line in lines), strict=True)
    try:
        for row in reader:
            yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"broken CSV: {error}", path=path, line=reader.line_num, hint="check the quotes of this line"
        ) from error


def _read_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # noqa: PLC0415 - for this format only

    _must_exist(path)
    with path.open("rb") as file:
        try:
            # By a stream, for the library refuses names that do not end in .xlsx.
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except Exception as error:  # the library raises whatever it meets inside
            raise FormatError(f"not an XLSX file: {error}", path=path, hint="save it as .xlsx again") from error
        yield from _sheet_rows(book, path)


def _sheet_rows(book: Any, path: Path) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - no type information
    """Yield the rows of the first sheet."""
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        for number, row in enumerate(sheet.iter_rows(values_only=True) if sheet else (), 1):
            yield number, ["" if cell is None else str(cell) for cell in row]
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise FormatError(f"a broken XLSX file: {error}", path=path, hint="save it as .xlsx again") from error
    finally:
        book.close()


def _read_parquet(path: Path) -> Iterator[tuple[int, list[str]]]:
    import polars as pl  # noqa: PLC0415 - takes a while to load

    _must_exist(path)
    try:
        frame = pl.read_parquet(path)
    except Exception as error:
        raise FormatError(f"not a Parquet file: {error}", path=path, hint="write it again") from error
    yield 1, list(frame.columns)
    for number, row in enumerate(frame.iter_rows(), 2):
        yield number, ["" if cell is None else str(cell) for cell in row]


def _must_exist(path: Path) -> None:
    """Raise what the libraries would put in their own words."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError as error:
        raise MissingFileError("there is no such file", path=path, hint="check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error.strerror or error}", path=path, hint="check the file's permissions"
        ) from error


def _units(rows: Iterator[tuple[int, list[str]]], stream: UnitStream, path: Path) -> Iterator[TranslationUnit]:
    """Yield a unit for every row."""
    columns: dict[str, int] | None = None
    for number, cells in rows:
        if columns is None:
            columns = _columns(cells, stream)
            if columns:
                continue
            columns = {"source": 0, "target": 1}
        if not any(cells):
            continue
        unit = _unit(number, cells, columns, stream, path)
        if unit is None:
            stream.skipped["rows with an empty side"] += 1
        else:
            yield unit


def _columns(cells: Sequence[str], stream: UnitStream) -> dict[str, int]:
    """Return where the first row says columns are; empty where it is a row like the others."""
    names = [cell.strip() for cell in cells]
    found = {name: index for index, name in enumerate(names) if name in ABOUT}
    for side, language in (("source", stream.source), ("target", stream.target)):
        lowered = [name.lower() for name in names]
        if side in lowered:
            found[side] = lowered.index(side)
        elif positions := [index for index in match(names, language) if primary(names[index])]:
            found[side] = positions[0] if found.get("source") != positions[0] else positions[-1]
    return found if "source" in found and "target" in found else {}


def _unit(
    number: int, cells: Sequence[str], columns: dict[str, int], stream: UnitStream, path: Path
) -> TranslationUnit | None:
    """Return the unit of a row; None where a side is empty."""
    row = {name: cells[index] if index < len(cells) else "" for name, index in columns.items()}
    if not row["source"].strip() or not row["target"].strip():
        return None
    try:
        properties = tuple(Property(str(kind), str(text)) for kind, text in json.loads(row.get("properties") or "[]"))
        others = tuple((str(name), str(value)) for name, value in json.loads(row.get("attributes") or "{}").items())
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise FormatError(
            f"properties or attributes that are not JSON: {error}", path=path, line=number, hint="empty the cell"
        ) from error
    attributes = tuple((name, row[name]) for name in _PLAIN if row.get(name)) + others
    notes = (Note(row["note"]),) if row.get("note") else ()
    variants = (Variant(stream.source, (row["source"],)), Variant(stream.target, (row["target"],)))
    return TranslationUnit(variants, attributes, properties, notes, number)
