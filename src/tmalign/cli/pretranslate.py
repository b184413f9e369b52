"""`tmalign pretranslate`: a source with the memory's matches, as XLIFF."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated, Literal

import typer

from tmalign.cli import lookup_options as options  # noqa: TC001 - typer reads the annotations
from tmalign.cli.lookups import filter_of, open_lookup
from tmalign.cli.options import SplitRulesOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.stores import DEFAULT_STORE


def pretranslate_command(  # noqa: PLR0913 - a parameter an option
    file: Annotated[Path, typer.Argument(help="The text to translate: text, HTML, XLIFF or TMX.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The XLIFF file to write; - is standard output.")],
    *,
    store: options.MemoryOption = DEFAULT_STORE,
    xliff: Annotated[
        Literal["1.2", "2.1"], typer.Option("--xliff", help="Version to write. An XLIFF source keeps its own.")
    ] = "1.2",
    threshold: Annotated[
        int, typer.Option("--threshold", "-t", min=1, max=100, help="Least likeness in per cent.")
    ] = 70,
    proposals: Annotated[int, typer.Option("--matches", "-n", min=1, help="So many matches a segment at most.")] = 3,
    fill: Annotated[
        int,
        typer.Option(
            "--fill", min=1, max=101, help="Put the best match in as the target from this likeness; 101: never."
        ),
    ] = 100,
    language: options.SourceLanguageOption = None,
    rules: SplitRulesOption = "standard",
    collection: options.CollectionOption = None,
    since: options.SinceOption = "",
    until: options.UntilOption = "",
    status: options.StatusOption = None,
    min_probability: options.ProbabilityOption = 0.0,
) -> None:
    """Write XLIFF in which every segment has the memory's matches with their percentages.

    XLIFF 1.2: `alt-trans` with `match-quality`; 2.1: the Translation Candidates module, with `similarity`. An XLIFF
    file comes out as it is with matches added; targets that are there stay.
    """
    from tmalign.formats.files import atomic_write  # noqa: PLC0415 - --help stays quick
    from tmalign.memory.pretranslation import PretranslationOptions, pretranslate  # noqa: PLC0415 - likewise

    options = PretranslationOptions(
        threshold=threshold,
        proposals=proposals,
        fill=fill,
        version=xliff,
        language=language,
        rules=rules,
        where=filter_of(collection, since, until, status, min_probability),
    )
    with open_lookup(store) as lookup:
        if str(out) == "-":
            done = pretranslate(file, sys.stdout.buffer, lookup, options)
        else:
            with atomic_write(out, keep_identical=True) as stream:
                done = pretranslate(file, stream, lookup, options)
    rest = done.segments - done.exact - done.fuzzy
    typer.echo(
        f"{done.segments} segments: {done.exact} with an exact match, {done.fuzzy} with a fuzzy one, {rest} with none;"
        f" {done.filled} targets filled in",
        err=True,
    )
    if done.characters_removed:
        typer.echo(f"tmalign: {done.characters_removed} characters that XML forbids were left out", err=True)
