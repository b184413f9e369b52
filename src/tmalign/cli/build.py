"""`tmalign build`: a folder of releases becomes a translation memory."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from tmalign.build import MAX_BYTES, MIN_PROBABILITY, BuildOptions, build
from tmalign.cli.equipment import EncoderOption, LexiconOption, ModelOption, equipment
from tmalign.cli.options import OnePassOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from tmalign.model import BuildReport, Skipped

# So many entries of a kind are shown on a terminal; the report file has all.
_SHOWN = 20
# The whole corpus, the store, the report, and the first file of a single release.
_OUTPUTS = 4
_BAR_WIDTH = 30


class Rules(StrEnum):
    """How sentences are split."""

    STANDARD = "standard"
    OMEGAT = "omegat"


def build_command(  # noqa: PLR0913, PLR0917 - a parameter an option
    corpus: Annotated[Path, typer.Argument(help="Folder with NAME.ja.html and NAME.en.html (or .txt), nested or not.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the results; made if missing.")],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to align with.")] = 1,
    per_release: Annotated[
        bool, typer.Option("--per-release", help="Write a TMX for every release, too, under DIR/releases.")
    ] = False,
    min_probability: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Keep units less probable than this out of the TMX; the store has all."),
    ] = MIN_PROBABILITY,
    split_rules: Annotated[
        Rules, typer.Option(help="Where sentences end: our rules, or OmegaT's, for exact matches there.")
    ] = Rules.STANDARD,
    max_bytes: Annotated[int, typer.Option(min=1, help="Skip files larger than this.")] = MAX_BYTES,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, for programs.")] = False,
    one_pass: OnePassOption = False,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Align a folder of releases and write a translation memory that CAT tools open.

    DIR gets CORPUS.tmx (TMX 1.4b), memory.sqlite (everything that was read and aligned) and report.json.
    Run it again after files were added, changed or removed: only those are read again, and what they teach is applied
    to the others (with --one-pass, releases do not learn from each other). Ctrl-C loses nothing that was finished.
    Files that cannot be used are named in the report and never stop the others.

    Exit code: 0 all went in, 1 something was skipped or has no partner, 2 the call cannot work, 130 interrupted.
    """
    options = BuildOptions(
        jobs=jobs,
        per_release=per_release,
        min_probability=min_probability,
        split_rules=split_rules.value,
        max_bytes=max_bytes,
        one_pass=one_pass,
    )
    with _TerminalProgress(1 if one_pass else 2) as progress:
        if model or lexicon or encoder:
            report = build(corpus, out, options, progress, make_aligner=equipment(model, lexicon, encoder))
        else:
            report = build(corpus, out, options, progress)
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        show(report, Console(soft_wrap=True, highlight=False, markup=False))
    raise typer.Exit(1 if report.skipped or report.unpaired else 0)


class _TerminalProgress:
    """A bar on stderr where that is a terminal, nothing elsewhere."""

    def __init__(self, passes: int) -> None:
        """Make the bar; it appears when there is something to align."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._passes = passes
        self._pass = 0
        self._bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._bar.stop()

    def start(self, total: int) -> None:
        """Show the bar of the next pass."""
        self._pass += 1
        if self._task is not None:  # the first pass
            self._bar.remove_task(self._task)
            self._task = None
        if total:
            self._bar.start()
            self._task = self._bar.add_task(self._name(), total=total)

    def _name(self) -> str:
        return "aligning" if self._passes == 1 else f"aligning, pass {self._pass} of {self._passes}"

    def step(self, release_id: str) -> None:  # noqa: ARG002 - the bar counts
        """Move the bar on."""
        if self._task is not None:
            self._bar.advance(self._task)


def show(report: BuildReport, console: Console) -> None:
    """Print a report for a person: counts, units by bead type, probabilities, then what needs attention."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column()
    for row in _rows(report):
        table.add_row(*row)
    console.print(table)
    _show_entries(console, "skipped", report.skipped)
    _show_entries(console, "without a partner", report.unpaired)
    _show_entries(console, "not translations of each other: no units", report.rejected)
    _show_entries(console, "translations in part", report.partial)
    if report.warnings:
        console.print(f"\nread with a doubt: {len(report.warnings)}")
        for path, warning in report.warnings[:_SHOWN]:
            console.print(f"  {path}: {warning}")
        _show_rest(console, len(report.warnings))
    console.print("\nwritten:")
    for path in report.outputs[:_OUTPUTS]:
        console.print(f"  {path}")
    _show_rest(console, len(report.outputs), _OUTPUTS)


def _rows(report: BuildReport) -> Iterator[tuple[str, str, str]]:
    """Yield the lines of the table: what, how many, and more about it."""
    news = f"{report.aligned} aligned now, {report.unchanged} unchanged, {report.removed} removed"
    if report.relearned:
        news = news.replace(", ", f", {report.relearned} aligned anew with the words of others, ", 1)
    yield "releases", str(report.releases), news
    for language, name in (("ja", "Japanese"), ("en", "English")):
        yield "sentences", str(report.sentences.get(language, 0)), name
    yield (
        "units in the TMX",
        str(report.units_written),
        f"{report.units_below_floor} below the floor, in the store only",
    )
    for status, number in report.units_by_status.items():
        if status != "unreviewed":
            yield "units by decision", str(number), status
    if report.characters_removed:
        yield "characters removed", str(report.characters_removed), "XML forbids them"
    for shape, number in sorted(report.units_by_shape.items(), key=lambda item: (-item[1], item[0])):
        yield "units by sentences", str(number), f"{shape} (Japanese-English)"
    most = max(report.probability_histogram.values(), default=0)
    for name, number in report.probability_histogram.items():
        yield "units by probability", str(number), f"{name} {'█' * round(_BAR_WIDTH * number / most) if most else ''}"
    if report.decisions_not_kept:
        yield "decisions not kept", str(report.decisions_not_kept), "they contradict others, or their texts are gone"
    if report.ignored:
        yield "other files", str(report.ignored), "hidden, or no pages"


def _show_entries(console: Console, title: str, entries: tuple[Skipped, ...]) -> None:
    """Print what was left out, why, and what to do."""
    if not entries:
        return
    console.print(f"\n{title}: {len(entries)}")
    for entry in entries[:_SHOWN]:
        console.print(f"  {entry.path}: {entry.message}")
        if entry.hint:
            console.print(f"      {entry.hint}")
    _show_rest(console, len(entries))


def _show_rest(console: Console, number: int, shown: int = _SHOWN) -> None:
    """Say how many are not shown."""
    if number > shown:
        console.print(f"  ... and {number - shown} more: see report.json")
