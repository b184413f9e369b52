"""`tmalign search`: its options; the work is in `search_answer`, which `start` reaches without this module."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tmalign.cli import lookup_options as options  # noqa: TC001 - typer reads the annotations
from tmalign.cli.stores import DEFAULT_STORE


def search_command(  # noqa: PLR0913 - a parameter an option
    text: Annotated[str, typer.Argument(help="The text or phrase; - reads standard input, a query a line.")],
    *,
    store: options.MemoryOption = DEFAULT_STORE,
    exact: Annotated[bool, typer.Option("--exact", help="Only units with this very text.")] = False,
    fuzzy: Annotated[bool, typer.Option("--fuzzy", help="Only units whose whole text is like this one.")] = False,
    concordance: Annotated[
        bool, typer.Option("--concordance", help="Units that hold this phrase; width, case and kana do not count.")
    ] = False,
    language: Annotated[
        Literal["ja", "en"] | None,
        typer.Option("--language", "-l", help="The text's language; told from it if not given."),
    ] = None,
    threshold: Annotated[
        int, typer.Option("--threshold", "-t", min=1, max=100, help="Fuzzy: least likeness in per cent.")
    ] = 70,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Show so many units at most; 0 shows all.")] = 10,
    collection: options.CollectionOption = None,
    since: options.SinceOption = "",
    until: options.UntilOption = "",
    status: options.StatusOption = None,
    min_probability: options.ProbabilityOption = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a query.")] = False,
) -> None:
    """Look a text up in a memory, from either language: exact, fuzzy, or as a phrase inside units.

    Without --exact, --fuzzy or --concordance: fuzzy, and where nothing is alike enough, concordance. Per cent is
    100 x (longer - distance) / longer, in characters. Fuzzy lookup returns all that reach the threshold, the most alike
    first; what differs is marked, on a terminal in colour, elsewhere in brackets: minus what only TEXT has, plus what
    only the unit has.

    Exit code: 0 also where nothing is found (standard error says so).
    """
    from tmalign.cli.search_answer import SearchQuestion, answer  # noqa: PLC0415 - --help stays quick

    answer(
        SearchQuestion(
            text,
            store,
            exact=exact,
            fuzzy=fuzzy,
            concordance=concordance,
            language=language,
            threshold=threshold,
            limit=limit,
            collection=collection,
            since=since,
            until=until,
            statuses=tuple(status or ()),
            min_probability=min_probability,
            as_json=as_json,
        )
    )
