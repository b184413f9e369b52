"""`tmalign memory import|export|stats|list`: what is in the store - in, out, counted, listed."""

from __future__ import annotations

import dataclasses
import sys
from contextlib import closing, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tmalign.cli.memory_options import JsonOption, PersonOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.options import StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import print_json, print_line
from tmalign.cli.stores import DEFAULT_STORE, open_store
from tmalign.errors import InterruptedRunError, StoreError, TmalignError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tmalign.memory.entries import Entry
    from tmalign.memory.imports import ImportReport
    from tmalign.memory.inventory import Inventory

_LISTED = 20


class StatusChoice(StrEnum):
    """What people said of a unit."""

    UNREVIEWED = "unreviewed"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"


def import_command(
    files: Annotated[
        list[Path], typer.Argument(help='TMX files of any tool, .gz and .zip too; "-" is standard input.')
    ],
    *,
    store: StoreOption = DEFAULT_STORE,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="File the units under this name; the file's if not given.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put aside what was imported from other files of the same name.")
    ] = False,
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Bring TMX files into the store; it is made where there is none.

    The same file again changes nothing. An import that was broken off goes on where it was when it is run again. Of a
    file that turns out broken nothing stays. Units keep their notes, properties, dates, users and inline markup.

    Exit code: 0 all are in, 1 a file was refused (the others are in), 2 the call cannot work, 130 interrupted.
    """
    from tmalign.memory.imports import ImportOptions, import_tmx  # noqa: PLC0415 - --help stays quick

    code = 0
    with open_store(store, create=True) as opened:
        for file in files:
            try:
                with _spooled() if str(file) == "-" else nullcontext(file) as path:
                    name = "standard-input.tmx" if str(file) == "-" else ""
                    report = import_tmx(opened, path, ImportOptions(name, collection, person, replace))
            except KeyboardInterrupt as error:
                raise InterruptedRunError(
                    f"stopped while {file} came in; what is finished is kept",
                    hint="run the same command again to go on from there",
                ) from error
            except TmalignError as error:
                # A store that cannot be used is no fault of the file.
                if isinstance(error, StoreError) or error.exit_code != 1:
                    raise
                typer.echo(f"tmalign: {error}\n  {error.hint}", err=True)
                code = 1
                if as_json:
                    print_json({"file": str(file), "error": error.message, "line": error.line}, indent=None)
                continue
            if as_json:
                print_json({"file": str(file), **dataclasses.asdict(report)}, indent=None)
            else:
                _show_import(report)
    raise typer.Exit(code)


class _spooled:  # noqa: N801 - used like a function
    """Standard input as a file, for as long as it is needed."""

    def __enter__(self) -> Path:
        import shutil  # noqa: PLC0415 - --help stays quick
        import tempfile  # noqa: PLC0415 - likewise

        self._folder = tempfile.TemporaryDirectory(prefix="tmalign-")
        path = Path(self._folder.name) / "standard-input.tmx"
        with path.open("wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _show_import(report: ImportReport) -> None:
    """Print what an import did."""
    outcome = {"shown": "shown again", "unchanged": "in already, nothing done"}.get(report.outcome, report.outcome)
    pairs = f"{report.units} units, {report.pairs} with Japanese and English, in collection {report.collection}"
    print_line(f"{report.name}: {outcome}: {pairs}")
    for reason, number in report.counts.items():
        print_line(f"  {number} {reason}")
    for warning in report.warnings:
        typer.echo(f"tmalign: {report.name}: {warning}", err=True)
    if report.replaced:
        print_line(f"  put aside: {len(report.replaced)} of the same name")
    elif report.earlier and report.outcome != "unchanged":
        print_line(f"  {len(report.earlier)} of the same name stay, too; --replace puts them aside")


def export_command(  # noqa: PLR0913 - a parameter an option
    *,
    store: StoreOption = DEFAULT_STORE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The TMX file; standard output if not given.")] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Only this collection and those below it.")
    ] = None,
    memory: Annotated[str | None, typer.Option("--memory", "-m", help="Only this imported file, by its name.")] = None,
    min_probability: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave less probable units out, unless someone approved them.")
    ] = 0.0,
    status: Annotated[
        list[StatusChoice] | None,
        typer.Option("--status", help="Only units of this status; can be given more than once. Else all but rejected."),
    ] = None,
    source: Annotated[Literal["ja", "en"], typer.Option(help="The source language that the header names.")] = "ja",
    as_json: JsonOption = False,
) -> None:
    """Write the store as TMX 1.4b: releases first, then imported files, as people left them.

    What was imported comes out with its notes, properties and inline markup. --json prints {"units", "aligned",
    "characters_removed"} and needs --out.
    """
    from tmalign.memory.export import ExportOptions, export_tmx  # noqa: PLC0415 - --help stays quick

    if as_json and out is None:
        raise UsageError("--json and the TMX cannot both go to standard output", hint="give --out FILE.tmx")
    options = ExportOptions(
        collection, memory, min_probability, frozenset(choice.value for choice in status or ()), source
    )
    with open_store(store) as opened:
        done = export_tmx(opened, sys.stdout.buffer if out is None else out, options)
    if as_json:
        print_json(dataclasses.asdict(done))
    elif out is not None:
        print_line(f"{done.units} units written to {out}, {done.aligned} of them from releases")
    if done.characters_removed:
        typer.echo(f"tmalign: {done.characters_removed} characters that XML forbids were removed", err=True)


def stats_command(*, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """Count what the store holds."""
    from tmalign.memory.inventory import inventory  # noqa: PLC0415 - --help stays quick

    with open_store(store) as opened:
        found = inventory(opened)
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    for name, number, remark in _rows(found):
        print_line(f"{name:24} {number:>9}  {remark}".rstrip())


def _rows(found: Inventory) -> Iterator[tuple[str, int, str]]:
    """Yield what, how many, and more about it."""
    yield "units", found.entries, f"{found.one_sided} with one side only"
    yield "releases", found.releases, f"corpus {found.corpus}" if found.corpus else ""
    for title, counts in (("origin", found.by_origin), ("status", found.by_status), ("collection", found.collections)):
        for name, number in counts.items():
            yield f"units by {title}", number, name or "(none)"
    for memory in found.memories:
        remark = "" if memory.finished else ", not finished: import it again"
        remark = ", undone" if memory.hidden else remark
        yield "imported units", memory.units, f"{memory.name} ({memory.imported[:10]}, {memory.tool or '?'}{remark})"
    for verdict, number in found.decisions.items():
        yield "decisions", number, verdict
    if found.waiting:
        yield "decisions", found.waiting, "whose unit is not there now; they apply when it comes back"
    yield "changes", found.changes, "tmalign memory log shows them"
    yield "bytes", found.bytes, ""


def list_command(
    *,
    store: StoreOption = DEFAULT_STORE,
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Only this and those below it.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this release or imported file.")] = None,
    status: Annotated[StatusChoice | None, typer.Option("--status", help="Only these.")] = None,
    max_probability: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Only units this probable or less: those worth a look.")
    ] = 1.0,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="So many at most; 0 is all.")] = _LISTED,
    as_json: JsonOption = False,
) -> None:
    """List units by number: number, status, probability, RELEASE:POSITION, Japanese, English.

    --json prints an object a line: id, ja, en, collection, date, probability, status, origin, source, position and
    revision.
    """
    shown = 0
    with open_store(store) as opened, closing(_entries(opened.entries())) as entries:
        for entry in entries:
            if collection is not None and not f"{entry.collection}/".startswith(f"{collection}/"):
                continue
            if source not in {None, entry.source} or (status is not None and status.value != entry.status):
                continue
            if entry.probability > max_probability:
                continue
            if limit and shown == limit:
                typer.echo(f"tmalign: there are more than {limit}; --limit 0 lists all", err=True)
                break
            shown += 1
            if as_json:
                print_json(dataclasses.asdict(entry), indent=None)
            else:
                print_line("\t".join(_cells(entry)))


def _entries(found: Iterator[Entry]) -> Any:  # noqa: ANN401 - a generator, to be closed
    yield from found


def _cells(entry: Entry) -> Iterator[str]:
    """Yield the columns of a listed unit; no text breaks them."""
    place = f"{entry.source}:{entry.position}"
    for cell in (str(entry.id), entry.status, f"{entry.probability:.4f}", place, entry.ja, entry.en):
        yield " ".join(cell.split("\t")).replace("\n", " ")
