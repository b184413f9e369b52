"""`tmalign tmx`: translation memories of any tool, checked, counted, converted, merged, compared, cleaned, split."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tmalign.cli.memories import Memory, file_of, tell, tell_skipped
from tmalign.cli.output import print_json, print_line
from tmalign.errors import TmalignError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tmalign.formats.exchange import MemoryHeader, TranslationUnit
    from tmalign.memory.merge import Difference

tmx_app = typer.Typer(
    name="tmx",
    no_args_is_help=True,
    help="""Read anyone's translation memory: check, count, convert, merge, compare, clean and split it.

    TMX 1.1 to 1.4b is read in any encoding, gzip and ZIP unpacked, as a stream; what is skipped is counted on standard
    error. The other formats go by the suffix of the file: .xlf, .tsv, .csv, .jsonl, .xlsx, .parquet, .po.
    """,
)

Source = Annotated[
    str,
    typer.Option("--source", "-s", help="Source language; the file's own, else ja, if not given.", show_default=False),
]
Target = Annotated[
    str,
    typer.Option("--target", "-t", help="Target language; the file's own, else en, if not given.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Out = Annotated[
    Path, typer.Option("--out", "-o", help='The file to write; "-" is standard output.', show_default=False)
]
FormatName = Literal["tmx", "xliff12", "xliff21", "tsv", "csv", "jsonl", "xlsx", "parquet", "moses", "po"]
MarkupName = Literal["keep", "drop", "xml"]
_MOST_FILES = 500
_SHOWN = 20


@tmx_app.command("validate")
def validate_command(
    files: Annotated[list[Path], typer.Argument(help='TMX files; "-" is standard input.', show_default=False)],
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings decide the exit code, too.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Show so many findings of each kind; 0 shows all.")] = _SHOWN,
    as_json: AsJson = False,
) -> None:
    """Check files against the content model of TMX 1.4b and against what OmegaT and others accept.

    Errors break the standard or lose units in OmegaT; warnings are what some tool trips over. A finding a line:
    FILE:LINE: error or warning, a stable word, what is wrong.

    Exit code: 0 no errors, 1 errors (with --strict: or warnings) or an unreadable file.
    """
    from tmalign.formats.tmx.validation import validate  # noqa: PLC0415 - --help stays quick

    failed = False
    reports: list[dict[str, Any]] = []
    for path in files:
        counts: Counter[tuple[str, str]] = Counter()
        shown: list[dict[str, Any]] = []
        try:
            for finding in validate(file_of(path)):
                counts[finding.level, finding.code] += 1
                if limit and counts[finding.level, finding.code] > limit:
                    continue
                if as_json:
                    shown.append(dataclasses.asdict(finding))
                else:
                    print_line(f"{path}:{finding.line}: {finding.level}: {finding.code}: {finding.message}")
        except TmalignError as error:
            counts["error", error.code] += 1
            shown.append({"level": "error", "code": error.code, "line": error.line or 0, "message": error.message})
            tell(f"{path}: {error.message}")
        failed = failed or any(level == "error" or strict for level, _ in counts)
        reports.append({"file": str(path), "counts": _nested(counts), "findings": shown})
        if not as_json:
            _tell_counts(path, counts)
    if as_json:
        print_json(reports)
    raise typer.Exit(1 if failed else 0)


def _nested(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return counts by level, then by code."""
    found: dict[str, dict[str, int]] = {"error": {}, "warning": {}}
    for (level, code), count in sorted(counts.items()):
        found[level][code] = count
    return found


def _tell_counts(path: Path, counts: Counter[tuple[str, str]]) -> None:
    levels = Counter[str]()
    for (level, _), count in counts.items():
        levels[level] += count
    tell(f"{path}: {levels['error']:,} errors, {levels['warning']:,} warnings")


@tmx_app.command("stats")
def stats_command(
    files: Annotated[list[Path], typer.Argument(help='Memories in any format; "-" is a TMX on standard input.')],
    *,
    as_json: AsJson = False,
) -> None:
    """Count what memories hold: units, languages, characters and words, tags, properties, notes, dates."""
    from tmalign.memory.statistics import statistics  # noqa: PLC0415 - --help stays quick

    reports = []
    for path in files:
        stream = Memory(path).stream()
        found = _row(statistics(stream.units))
        header = {"version": stream.header.version, **dict(stream.header.attributes)}
        reports.append({"file": str(path), "header": header, **found, "skipped": dict(stream.skipped)})
        if not as_json:
            print_line(f"{path}")
            for name, value in {"header": header, **found}.items():
                label = name.replace("_", " ")
                print_line(f"  {label:18}{_counted(value)}" if value not in ({}, "") else f"  {label:18}none")
        tell_skipped(str(path), stream.skipped, stream.warnings)
    if as_json:
        print_json(reports)


def _row(counts: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass of counts
    """Return a dataclass of counts as JSON, the most frequent first."""
    values = {field.name: getattr(counts, field.name) for field in dataclasses.fields(counts)}
    return {name: dict(value.most_common()) if isinstance(value, Counter) else value for name, value in values.items()}


def _counted(value: object) -> str:
    """Return a count, or several, for a line."""
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {count:,}" if isinstance(count, int) else f"{name}={count}" for name, count in value.items()
        )
    return f"{value:,}" if isinstance(value, int) else str(value)


@tmx_app.command("convert")
def convert_command(
    file: Annotated[Path, typer.Argument(help='What to read; "-" is standard input.', show_default=False)],
    out_file: Annotated[Path, typer.Argument(metavar="OUT", help='What to write; "-" is standard output.')],
    source: Source = "",
    target: Target = "",
    from_format: Annotated[FormatName | None, typer.Option("--from", help="Format, if the name does not tell.")] = None,
    to_format: Annotated[FormatName | None, typer.Option("--to", help="Format, if the name does not tell.")] = None,
    markup: Annotated[
        MarkupName,
        typer.Option(
            help="Tags: `keep` where the format has them, `drop` everywhere, `xml` as text where it has none."
        ),
    ] = "keep",
) -> None:
    """Convert a memory to and from TMX, XLIFF 1.2 and 2.1, TSV, CSV, JSONL, XLSX, Parquet, PO and Moses pairs.

    Formats of two languages take the pair of --source and --target; what cannot go in is counted on standard error.
    Moses pairs are two files: OUT.ja and OUT.en. TMX to TMX brings any version to a valid 1.4.
    """
    from tmalign.formats.conversion import format_of, header_for, write_units_as  # noqa: PLC0415 - --help stays quick

    kind = format_of(out_file, to_format)
    memory = Memory(file, from_format, source, target, markup)
    stream = memory.stream()
    written = write_units_as(
        sys.stdout.buffer if str(out_file) == "-" else out_file,
        stream.units,
        kind,
        source=memory.source,
        target=memory.target,
        header=header_for(stream, memory.kind, memory.source),
        markup=markup,
    )
    tell_skipped(str(file), stream.skipped, stream.warnings)
    tell_skipped(str(out_file), written.left_out)
    tell(f"{out_file}: {written.units:,} units")


def _write(path: Path, units: Iterator[TranslationUnit], header: MemoryHeader) -> int:
    """Write a TMX to a file or to standard output."""
    from tmalign.formats.tmx.writing import write_units  # noqa: PLC0415 - --help stays quick

    return write_units(sys.stdout.buffer if str(path) == "-" else path, units, header).units


@tmx_app.command("merge")
def merge_command(
    files: Annotated[list[Path], typer.Argument(help="Memories in any format.", show_default=False)], out_file: Out
) -> None:
    """Make several memories one: every unit once, in the order of first appearance.

    Units are the same if their texts and tags are the same in the same languages. The one changed last gives the
    attributes, the earliest creation date stays, properties and notes of all are kept. The first file gives the header.
    """
    from tmalign.memory.merge import MergeReport, merge  # noqa: PLC0415 - --help stays quick

    memories = [Memory(path) for path in files]
    report = MergeReport()
    _write(out_file, merge([memory.units for memory in memories], report), memories[0].header)
    tell(
        f"{out_file}: {report.written:,} units of {report.read:,}; {report.repeated:,} were there already, "
        f"{report.metadata_joined:,} of them with other attributes, properties or notes, which were joined"
    )


@tmx_app.command("diff")
def diff_command(
    before: Annotated[Path, typer.Argument(help="The old memory.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="The new memory.", show_default=False)],
    source: Source = "",
    target: Target = "",
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            help="An attribute or type of property that does not count: changedate, x-signature...", show_default=False
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a difference.")] = False,
) -> None:
    """Compare two memories by meaning: added, removed, changed renderings, changed metadata.

    The order of units and the way the files are written do not count.

    Exit code: 0 they say the same, 1 they differ.
    """
    import json  # noqa: PLC0415 - for one option

    from tmalign.memory.merge import diff  # noqa: PLC0415 - --help stays quick

    old, new = Memory(before, None, source, target), Memory(after, None, source, target)
    counts: Counter[str] = Counter()
    for difference in diff(old.units, new.units, old.source, old.target, ignore or ()):
        counts[difference.change] += 1
        if as_json:
            print_line(json.dumps(_difference_row(difference), ensure_ascii=False))
        else:
            _show_difference(difference, old.source, old.target)
    names = {"added": "added", "removed": "removed", "rendering": "changed renderings", "metadata": "changed metadata"}
    tell(", ".join(f"{counts[change]:,} {name}" for change, name in names.items()))
    raise typer.Exit(1 if counts else 0)


def _difference_row(difference: Difference) -> dict[str, Any]:
    from tmalign.formats.jsonl import row  # noqa: PLC0415 - --help stays quick

    return {
        "change": difference.change,
        "source": difference.source,
        "before": [{"line": unit.line, **row(unit)} for unit in difference.before],
        "after": [{"line": unit.line, **row(unit)} for unit in difference.after],
    }


def _show_difference(difference: Difference, source: str, target: str) -> None:
    from tmalign.formats.bilingual import pairs  # noqa: PLC0415 - --help stays quick

    print_line(f"{difference.change}: {difference.source}")
    for sign, units in (("-", difference.before), ("+", difference.after)):
        for unit in units:
            for _, other in pairs(unit, source, target):
                about = [f"{name}={value}" for name, value in unit.attributes]
                about += [f"{item.type}={item.text}" for item in unit.properties]
                about += [f"note={note.text}" for note in unit.notes]
                shown = f"  [{', '.join(about)}]" if difference.change == "metadata" else ""
                print_line(f"  {sign} {other.text}{shown}")


@tmx_app.command("clean")
def clean_command(  # noqa: PLR0913, PLR0917 - a parameter an option
    file: Annotated[
        Path, typer.Argument(help="The memory to clean; with --restore, the cleaned one.", show_default=False)
    ],
    out_file: Out,
    removed: Annotated[
        Path | None, typer.Option(help="TMX for the units taken out, with reasons.", show_default=False)
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run this check only; repeatable.", show_default=False)] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Run all checks but this; repeatable.", show_default=False)
    ] = None,
    source: Source = "",
    target: Target = "",
    restore: Annotated[
        Path | None, typer.Option(help="A file that --removed wrote: put its units back.", show_default=False)
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Take out units that are likely no translations, and keep what was taken out.

    Checks: empty, mojibake, untranslated, language, length, figures, markup, duplicate, near-duplicate. The file of
    --removed has every unit that was taken out, with the checks it failed and why as properties; --restore puts them
    back in their places: tmalign tmx clean CLEANED --restore REMOVED --out ALL.
    """
    if restore is not None:
        _restore(file, restore, out_file)
        return
    if removed is None:
        raise UsageError("name a file for what is taken out", hint="add --removed REMOVED.tmx; nothing is thrown away")
    from tmalign.memory.merge import CleanReport  # noqa: PLC0415 - --help stays quick
    from tmalign.memory.quality import CHECKS, Inspector  # noqa: PLC0415 - likewise

    names = [name for name in only or CHECKS if name not in (without or [])]
    for name in without or []:
        Inspector([name], "", "")  # an unknown name is refused
    memory = Memory(file, None, source, target)
    report = CleanReport()
    _clean(memory, Inspector(names, memory.source, memory.target), report, out_file, removed)
    if as_json:
        print_json(_row(report))
    else:
        for name, count in sorted(report.by_check.items()):
            tell(f"{count:,} units failed {name}")
        tell(f"{out_file}: {report.kept:,} units; {removed}: {report.removed:,}")


def _clean(memory: Memory, inspector: Any, report: Any, out_file: Path, removed: Path) -> None:  # noqa: ANN401 - lazily imported types
    """Send each unit to the one file or the other; both appear only when all went well."""
    from tmalign.formats.files import atomic_write  # noqa: PLC0415 - --help stays quick
    from tmalign.formats.tmx.writing import UnitWriter  # noqa: PLC0415 - likewise
    from tmalign.memory.merge import clean  # noqa: PLC0415 - likewise

    stream = memory.stream()
    with contextlib.ExitStack() as stack:
        aside = stack.enter_context(UnitWriter(memory.header).into(stack.enter_context(atomic_write(removed))))
        if str(out_file) == "-":
            kept = stack.enter_context(UnitWriter(memory.header).into(sys.stdout.buffer))
        else:
            kept = stack.enter_context(UnitWriter(memory.header).into(stack.enter_context(atomic_write(out_file))))
        for unit, fine in clean(stream.units, inspector, report):
            (kept if fine else aside)(unit)
    tell_skipped(memory.name, stream.skipped, stream.warnings)


def _restore(file: Path, removed: Path, out_file: Path) -> None:
    from tmalign.memory.merge import restore  # noqa: PLC0415 - --help stays quick

    kept, aside = Memory(file), Memory(removed)
    written = _write(out_file, restore(kept.units(), aside.units()), kept.header)
    tell(f"{out_file}: {written:,} units")


@tmx_app.command("split")
def split_memory_command(
    file: Annotated[Path, typer.Argument(help="The memory to split.", show_default=False)],
    out_folder: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the parts.")],
    units: Annotated[int | None, typer.Option(min=1, help="So many units a file.", show_default=False)] = None,
    by: Annotated[
        str | None, typer.Option(help="A file for each value of this property or attribute.", show_default=False)
    ] = None,
) -> None:
    """Split a memory into files of so many units, or by the value of a property: --by x-collection.

    Units without the property go to NAME.none.tmx. Every part has the header of the whole.
    """
    if (units is None) == (by is None):
        raise UsageError("say how: --units N or --by PROPERTY", hint="tmalign tmx split A.tmx --out DIR --units 10000")
    memory = Memory(file)
    stem = re.sub(r"\.(tmx|gz|zip)", "", file.name, flags=re.IGNORECASE) or "memory"
    if units is not None:
        _split_by_count(memory, out_folder, stem, units)
    elif by is not None:
        _split_by_value(memory, out_folder, stem, by)


def _split_by_count(memory: Memory, folder: Path, stem: str, size: int) -> None:
    rest = memory.units()
    for number in itertools.count(1):
        first = next(rest, None)
        if first is None:
            return
        path = folder / f"{stem}.{number:04}.tmx"
        written = _write(path, itertools.chain([first], itertools.islice(rest, size - 1)), memory.header)
        print_line(f"{path}\t{written}")


def _split_by_value(memory: Memory, folder: Path, stem: str, name: str) -> None:
    from tmalign.formats.files import atomic_write  # noqa: PLC0415 - --help stays quick
    from tmalign.formats.tmx.writing import UnitWriter  # noqa: PLC0415 - likewise

    counts = Counter(_file_part(unit, name) for unit in memory.units())
    if len(counts) > _MOST_FILES:
        raise UsageError(
            f"{name} has {len(counts):,} values, more than {_MOST_FILES} files", hint="split by another property"
        )
    with contextlib.ExitStack() as stack:
        parts = {
            value: stack.enter_context(
                UnitWriter(memory.header).into(stack.enter_context(atomic_write(folder / f"{stem}.{value}.tmx")))
            )
            for value in counts
        }
        for unit in memory.units():
            parts[_file_part(unit, name)](unit)
    for value, count in sorted(counts.items()):
        print_line(f"{folder / f'{stem}.{value}.tmx'}\t{count}")


def _file_part(unit: TranslationUnit, name: str) -> str:
    """Return a property's or attribute's value as part of a file name; different values stay different."""
    value = unit.property(name) or unit.attribute(name)
    if not value:
        return "none"
    safe = re.sub(r"[^\w.-]", lambda found: f"%{ord(found[0]):02X}", value)
    if len(safe.encode()) > 100 or safe.startswith(".") or safe == "none":
        import hashlib  # noqa: PLC0415 - for odd values only

        safe = f"{safe[:20].lstrip('.')}-{hashlib.blake2b(value.encode(), digest_size=6).hexdigest()}"
    return safe
