"""`tmalign terms import, export`: terms from files and into files."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tmalign.cli.options import Kind, Status, StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.stores import DEFAULT_STORE, open_store
from tmalign.errors import UsageError
from tmalign.term_model import TermStatus

if TYPE_CHECKING:
    from tmalign.formats.termfile import TermsRead
    from tmalign.term_model import TermEntry
    from tmalign.terms.exchange import Joined

Format = Literal["tbx", "tbx-dct", "tbx-2008", "utx", "omegat", "csv", "xlsx", "jsonl"]
Source = Annotated[Literal["ja", "en"], typer.Option("--source", help="First column of an OmegaT glossary.")]

# So many refused rows are shown; the counts are always complete.
_SHOWN = 20


def import_command(
    file: Annotated[Path, typer.Argument(help='A file of terms; "-" reads standard input (with --format).')],
    *,
    store: StoreOption = DEFAULT_STORE,
    file_format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Where the name does not tell.", show_default=False)
    ] = None,
    status: Annotated[
        Status, typer.Option(help="For renderings of which the file says nothing and nothing was decided.")
    ] = "candidate",
    source: Source = "ja",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Bring terms from a file into the termbase: TBX, UTX, OmegaT glossary, CSV, XLSX, JSON Lines.

    What the file says wins over earlier decisions, what it leaves unsaid stays. Rows that are no terms are refused
    and named; what the termbase has no place for is counted. A store that is missing is made. All or nothing goes in.

    Exit code: 0 all went in, 1 rows were refused, 2 the call is wrong.
    """
    from tmalign.terms.exchange import Joined, format_of, join, read_terms  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    read = read_terms(file, file_format or format_of(file), source)
    joined = Joined()
    with open_store(store, create=not dry_run) as opened:
        base = Termbase(opened)
        decisions = list(join(base, read.entries, TermStatus(status), joined))
        if not dry_run:
            base.decide(decisions)
    _report(read, joined, as_json=as_json)
    raise typer.Exit(1 if read.refused else 0)


def _report(read: TermsRead, joined: Joined, *, as_json: bool) -> None:
    """Print the counts, and on standard error what did not go in."""
    for skip in read.refused[:_SHOWN]:
        typer.echo(f"tmalign: {skip.path}: {skip.message}", err=True)
    if len(read.refused) > _SHOWN:
        typer.echo(f"tmalign: and {len(read.refused) - _SHOWN} more", err=True)
    if read.refused:
        typer.echo(f"  {read.refused[0].hint}", err=True)
    unheld = dict(read.ignored)
    if joined.kinds:
        unheld["kinds of other termbases"] = sum(joined.kinds.values())
    if unheld:
        typer.echo("tmalign: no place in the termbase for: " + _counted(unheld), err=True)
    counts = {
        "read": len(read.entries),
        "new": joined.new,
        "changed": joined.changed,
        "unchanged": joined.unchanged,
        "refused": len(read.refused),
    }
    typer.echo(json.dumps(counts) if as_json else _counted(counts))


def export_command(  # noqa: PLR0913 - a parameter an option
    *,
    store: StoreOption = DEFAULT_STORE,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.")
    ] = None,
    file_format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Where the name does not tell.", show_default=False)
    ] = None,
    status: Annotated[
        list[TermStatus] | None,
        typer.Option(help="Only terms of this status; can be repeated. All but rejected ones.", show_default=False),
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only terms of this kind.", show_default=False)] = None,
    min_count: Annotated[int, typer.Option(min=0, help="Only terms found in so many units, or decided on.")] = 0,
    source: Source = "ja",
    title: Annotated[str, typer.Option(help="Title in the TBX header.")] = "tmalign termbase",
    date: Annotated[
        str,
        typer.Option(metavar="DATE", help="Date in the UTX header; else SOURCE_DATE_EPOCH, else that of the last use."),
    ] = "",
) -> None:
    """Write the terms to a file that other tools open. What the format has no place for is counted and said.

    tbx: ISO 30042:2019, TBX-Basic, data categories as attributes; tbx-dct: as tags; tbx-2008: for OmegaT and other
    older tools. utx: UTX 1.20. omegat: glossary, only renderings that may be used. csv and xlsx: a row a rendering.
    jsonl: everything, a term a line.
    """
    from tmalign.terms.exchange import format_of, write_terms  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    if out is None and file_format is None:
        raise UsageError("which format?", hint="--format tbx, or --out terms.tbx")
    chosen = file_format or (format_of(out) if out else "jsonl")
    with open_store(store) as opened:
        entries = [
            entry
            for entry in Termbase(opened).entries()
            if (entry.status in status if status else entry.status != "rejected")
            and kind in {None, entry.kind}
            and (entry.count >= min_count or entry.decided)
        ]
    day = _day(date, entries)
    if out is None:
        written = write_terms(sys.stdout.buffer, entries, chosen, source=source, date=day, title=title)
    else:
        from tmalign.formats.files import atomic_write  # noqa: PLC0415 - --help stays quick

        with atomic_write(out, keep_identical=True) as stream:
            written = write_terms(stream, entries, chosen, source=source, date=day, title=title)
    typer.echo(f"{written.terms} terms, {written.renderings} renderings", err=True)
    if written.lost:
        typer.echo(f"tmalign: {chosen} has no place for: {_counted(written.lost)}", err=True)


def _day(asked: str, entries: list[TermEntry]) -> str:
    """Return the date for a header: asked for, from the environment, or that of the last use; never from the clock."""
    from tmalign.formats.term_rows import is_date  # noqa: PLC0415 - --help stays quick

    if asked:
        if not is_date(asked):
            raise UsageError(f"--date {asked}: not a date", hint="write YYYY-MM-DD")
        return asked
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdecimal() and len(epoch) < 12:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    return max((entry.last for entry in entries if is_date(entry.last)), default="1970-01-01")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
