"""`tmalign leverage`: how much of a text the memory has."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tmalign.cli import lookup_options as options  # noqa: TC001 - typer reads the annotations
from tmalign.cli.lookups import filter_of, open_lookup, visible
from tmalign.cli.options import SplitRulesOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import write_text
from tmalign.cli.stores import DEFAULT_STORE
from tmalign.errors import LanguageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tmalign.memory.leverage import Leverage, Volume
    from tmalign.memory.sources import SourceText
    from tmalign.model import Language
    from tmalign.text.sentences import SplitRules


def leverage_command(  # noqa: PLR0913 - a parameter an option
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Text, HTML, XLIFF or TMX to translate; several count as one job."),
    ],
    *,
    store: options.MemoryOption = DEFAULT_STORE,
    language: options.SourceLanguageOption = None,
    rules: SplitRulesOption = "standard",
    collection: options.CollectionOption = None,
    since: options.SinceOption = "",
    until: options.UntilOption = "",
    status: options.StatusOption = None,
    min_probability: options.ProbabilityOption = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values with a header line.")] = False,
) -> None:
    """Analyse files against a memory: segments, words and characters by band of match, as CAT tools show before a job.

    Each segment counts once: as a repetition if its text came before; else in the band of its best match in the memory
    or, where better, among the earlier segments of the files (internal). A kana or kanji counts as a word; characters
    are those that are not white space.
    """
    from tmalign.memory.leverage import analyse  # noqa: PLC0415 - --help stays quick

    where = filter_of(collection, since, until, status, min_probability)
    sources = _sources(files, language, rules)
    with open_lookup(store) as lookup:
        result = analyse(sources, lookup, where=where)
    if as_json:
        write_text(_json(result))
    elif as_csv:
        write_text(_csv(result))
    else:
        write_text(_table(result))


def _sources(files: list[Path], language: Language | None, rules: SplitRules) -> list[SourceText]:
    """Read the files. Raises LanguageError where they are of two languages."""
    from tmalign.memory.sources import read_source  # noqa: PLC0415 - --help stays quick

    sources = [read_source(file, language, rules=rules) for file in files]
    for source in sources[1:]:
        if source.language != sources[0].language:
            raise LanguageError(
                f"the text is '{source.language}', that of {sources[0].path} '{sources[0].language}'",
                path=source.path,
                hint="analyse the files of each language on their own",
            )
    return sources


def _rows(result: Leverage) -> Iterator[tuple[str, str, Volume]]:
    """Yield the lines of the report: kind, band, volume."""
    yield "repetition", "", result.repetitions
    for band, much in result.memory.items():
        yield ("none", "", much) if band == "none" else ("memory", band, much)
    for band, much in result.internal.items():
        yield "internal", band, much
    yield "total", "", result.total


def _json(result: Leverage) -> str:
    rows: dict[str, Any] = {
        "files": list(result.files),
        "language": result.language,
        "repetitions": dataclasses.asdict(result.repetitions),
        "memory": {band: dataclasses.asdict(much) for band, much in result.memory.items()},
        "internal": {band: dataclasses.asdict(much) for band, much in result.internal.items()},
        "total": dataclasses.asdict(result.total),
    }
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _csv(result: Leverage) -> str:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(("kind", "band", "segments", "words", "characters"))
    table.writerows((kind, band, *dataclasses.astuple(much)) for kind, band, much in _rows(result))
    return stream.getvalue()


def _table(result: Leverage) -> str:
    """Return what a person reads."""
    names = {"repetition": "repetitions", "none": "no match", "total": "total"}
    lines = [f"{', '.join(map(visible, result.files))} ({'Japanese' if result.language == 'ja' else 'English'})"]
    lines.append(f"{'':18}{'segments':>10}{'words':>10}{'characters':>12}{'% of words':>12}")
    for kind, band, much in _rows(result):
        name = names.get(kind) or (f"{band} %" if kind == "memory" else f"internal {band} %")
        share = 100 * much.words / result.total.words if result.total.words else 0
        lines.append(f"{name:18}{much.segments:>10}{much.words:>10}{much.characters:>12}{share:>12.1f}")
    return "".join(f"{line}\n" for line in lines)
