"""`tmalign term`: its options; the work is in `term_answer`, which `start` reaches without this module."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tmalign.cli.options import Kind, StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.stores import DEFAULT_STORE


def term_command(  # noqa: PLR0913 - a parameter an option
    query: Annotated[str, typer.Argument(help="Japanese or English; a part is enough.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    context: Annotated[int, typer.Option("--context", "-c", min=0, help="Concordance lines a term.")] = 2,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Terms at most.")] = 10,
    since: Annotated[str, typer.Option(metavar="DATE", help="Only uses since then: 2024, 2024-06, 2024-06-30.")] = "",
    kind: Annotated[Kind | None, typer.Option(help="Only terms of this kind.", show_default=False)] = None,
    match: Annotated[
        Literal["auto", "exact", "part", "fuzzy"],
        typer.Option(help="auto: the phrase or phrases that hold it, and only failing these, near ones."),
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of entries.")] = False,
) -> None:
    """Show how a phrase has been rendered: renderings by use, their dates, and where they stand.

    Width, kana (ひらがな or カタカナ) and case do not matter. Where nothing holds the query, the nearest terms are
    shown, terms inside it (paste a sentence), and where it stands in the memory.

    Exit code: 0 something was found, 1 nothing.
    """
    from tmalign.cli.term_answer import TermQuestion, answer  # noqa: PLC0415 - --help stays quick

    question = TermQuestion(query, store, context, limit, since, kind or "", match, as_json)
    raise typer.Exit(answer(question))
