"""`tmalign check`: whether a draft keeps to the termbase, its figures agree, and all of it is translated."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tmalign.cli.options import StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import write_text
from tmalign.cli.stores import DEFAULT_STORE, open_store
from tmalign.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tmalign.formats.draft import DraftUnit
    from tmalign.term_model import TermEntry
    from tmalign.terms.check import Code, Issue
    from tmalign.terms.check_report import Checked


def check_command(  # noqa: PLR0913 - a parameter an option
    drafts: Annotated[
        list[Path],
        typer.Argument(help="TMX, XLIFF 1.2 or 2.x, tab-separated pairs; or NAME.ja.html and NAME.en.html."),
    ],
    *,
    store: StoreOption = DEFAULT_STORE,
    terms: Annotated[
        Path | None,
        typer.Option(
            "--terms", "-t", help="A file of terms in place of the store: TBX, UTX, CSV...", show_default=False
        ),
    ] = None,
    align: Annotated[
        bool,
        typer.Option("--align", help="Align two pages of any names, the Japanese one first."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CODE", help="Only this check; can be repeated.", show_default=False),
    ] = None,
    date: Annotated[
        str, typer.Option(metavar="DATE", help="The day for renderings that are valid at times only (YYYY-MM-DD).")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Report two approved renderings of one phrase in one draft, too.")
    ] = False,
    output: Annotated[
        Literal["text", "json", "sarif", "html"], typer.Option("--format", "-f", help="What to print.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.")
    ] = None,
    fail_on: Annotated[
        Literal["warning", "error", "never"], typer.Option(help="From what on the exit code is 1.")
    ] = "warning",
) -> None:
    """Check drafts: terms, figures and dates, untranslated text.

    Codes: missing-term, forbidden-term, figures, untranslated (errors); deprecated-term, two-renderings (warnings).
    Without a store only figures, repeated segments and untranslated text are checked.

    Exit code: 0 nothing found, 1 something found (see --fail-on) or a file that cannot be read, 2 the call is wrong.
    """
    codes = _codes(only)
    if date:
        from tmalign.terms.decisions import checked_date  # noqa: PLC0415 - --help stays quick

        checked_date(date)
    from tmalign.terms.check import Checker  # noqa: PLC0415 - --help stays quick

    checker = Checker(_entries(store, terms), date=date, codes=codes, strict=strict)
    checked = [_check(checker.check, name, units) for name, units in _read(drafts, align=align)]
    _write(checked, output, out)
    found = [issue.severity for draft in checked for issue in draft.issues]
    errors = found.count("error")
    typer.echo(
        f"{sum(len(draft.units) for draft in checked)} units, {errors} errors, {len(found) - errors} warnings", err=True
    )
    bad = errors if fail_on == "error" else len(found)
    raise typer.Exit(1 if bad and fail_on != "never" else 0)


def _codes(only: list[str] | None) -> tuple[Code, ...]:
    from tmalign.terms.check import CODES  # noqa: PLC0415 - --help stays quick

    for name in only or ():
        if name not in CODES:
            raise UsageError(f"--only {name}: no such check", hint=f"one of {', '.join(CODES)}")
    return tuple(code for code in CODES if not only or code in only)


def _entries(store: Path, terms: Path | None) -> list[TermEntry]:
    """Return the terms to check with."""
    if terms is not None:
        from tmalign.terms.entry import entry_id, ranked  # noqa: PLC0415 - --help stays quick
        from tmalign.terms.exchange import format_of, read_terms  # noqa: PLC0415 - likewise

        read = read_terms(terms, format_of(terms))
        if read.refused:
            typer.echo(f"tmalign: {terms}: {len(read.refused)} rows are no terms", err=True)
        from dataclasses import replace  # noqa: PLC0415 - likewise

        return [replace(e, id=e.id or entry_id(e.ja), renderings=ranked(e.renderings)) for e in read.entries]
    if store == DEFAULT_STORE and not store.exists():
        typer.echo("tmalign: no store here: checking without terms (--store or --terms names them)", err=True)
        return []
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - --help stays quick

    with open_store(store) as opened:
        return list(Termbase(opened).entries())


def _read(drafts: Sequence[Path], *, align: bool) -> list[tuple[str, Sequence[DraftUnit]]]:
    """Return name and units of every draft."""
    if align or _are_pages(drafts):
        if len(drafts) != 2:
            raise UsageError("--align takes two pages", hint="tmalign check --align A.ja.html A.en.html")
        ja, en = sorted(drafts, key=_language, reverse=True) if _are_pages(drafts) else drafts
        return [(str(en), _aligned(ja, en))]
    from tmalign.formats.draft import read_draft  # noqa: PLC0415 - --help stays quick

    found: list[tuple[str, Sequence[DraftUnit]]] = []
    for path in drafts:
        draft = read_draft(path)
        if draft.passed_over:
            typer.echo(f"tmalign: {path}: {draft.passed_over} units are not in Japanese and English", err=True)
        found.append((str(path), draft.units))
    return found


def _language(page: Path) -> str:
    """Return the language that a file's name says; empty where it says none."""
    from tmalign.formats.documents import split_name  # noqa: PLC0415 - --help stays quick

    return split_name(page)[1] or ""


def _are_pages(drafts: Sequence[Path]) -> bool:
    """Tell whether two files are by their names one text in Japanese and in English, to be aligned first."""
    return len(drafts) == 2 and sorted(map(_language, drafts)) == ["en", "ja"]


def _aligned(ja: Path, en: Path) -> list[DraftUnit]:
    """Align two pages; a sentence without a partner is a unit with an empty side."""
    from tmalign.align.aligner import Aligner  # noqa: PLC0415 - --help stays quick
    from tmalign.formats.documents import MOST_BYTES, split_name  # noqa: PLC0415 - likewise
    from tmalign.formats.draft import DraftUnit  # noqa: PLC0415 - likewise
    from tmalign.model import Release  # noqa: PLC0415 - likewise
    from tmalign.releases.alignment import align_release, read_version  # noqa: PLC0415 - likewise

    left = read_version(ja, "ja", source=str(ja), max_bytes=MOST_BYTES)
    right = read_version(en, "en", source=str(en), max_bytes=MOST_BYTES)
    aligned = align_release(Release(split_name(ja)[0], "", left, right), Aligner(), "standard")
    if aligned.alignment.verdict == "unrelated":
        from tmalign.errors import PairError  # noqa: PLC0415 - likewise

        raise PairError(
            f"{ja.name} and {en.name}: {aligned.alignment.reason}", hint="check that they are versions of one text"
        )
    return [
        DraftUnit(unit.ja, unit.en, str(number), right.blocks[unit.en_spans[0].block].line if unit.en_spans else 0)
        for number, unit in enumerate(aligned.units, 1)
    ]


def _check(check: Callable[[Sequence[DraftUnit]], Sequence[Issue]], name: str, units: Sequence[DraftUnit]) -> Checked:
    from tmalign.terms.check_report import Checked  # noqa: PLC0415 - --help stays quick

    return Checked(name, units, check(units))


def _write(checked: list[Checked], output: str, out: Path | None) -> None:
    from tmalign.terms import check_report  # noqa: PLC0415 - --help stays quick

    writers = {
        "text": check_report.as_text,
        "json": check_report.as_json,
        "sarif": check_report.as_sarif,
        "html": check_report.as_html,
    }
    write_text(writers[output](checked), out)
