"""`tmalign split`: the sentences of a page or of rows of text."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tmalign.cli.options import SplitRulesOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import print_json
from tmalign.cli.rows import run_batch
from tmalign.errors import UsageError

if TYPE_CHECKING:
    from tmalign.model import Language


def split_command(
    file: Annotated[Path | None, typer.Argument(help="The page or text file.", show_default=False)] = None,
    *,
    language: Annotated[
        Literal["ja", "en"] | None,
        typer.Option("--language", "-l", help="Its language; read from NAME.ja.html or from the text if not given."),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help='Rows {"id", "text"} as JSON Lines; "-" is standard input.', show_default=False),
    ] = None,
    rules: SplitRulesOption = "standard",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with spans.")] = False,
) -> None:
    """Split a page or text into sentences, as spans: nothing is lost or changed.

    With --json: {"id", "language", "sentences": [{"text", "block", "kind", "marker", "start", "end"}]}, where start and
    end count characters in the block's text. With --batch a row {"id", "sentences": [{"text", "start", "end"}]} for
    each row in, where they count characters in the row's text.
    """
    if (file is None) == (batch is None):
        raise UsageError("name one file, or --batch ROWS.jsonl", hint="tmalign split PAGE.ja.html --json")
    if batch is not None:
        raise typer.Exit(_batch(batch, language, rules))
    assert file is not None  # noqa: S101 - for the type checker; checked above
    _file(file, language, rules, as_json=as_json)


def _file(file: Path, language: Language | None, rules: Literal["standard", "omegat"], *, as_json: bool) -> None:
    from tmalign.formats.documents import read_document  # noqa: PLC0415 - --help stays quick
    from tmalign.text.sentences import split  # noqa: PLC0415 - likewise

    document = read_document(file, language)
    rows: list[dict[str, Any]] = []
    for number, block in enumerate(document.blocks):
        for start, end in split(block.text, document.language, rules=rules):
            rows.append(
                {
                    "text": block.text[start:end],
                    "block": number,
                    "kind": block.kind.value,
                    "marker": block.marker,
                    "start": start,
                    "end": end,
                }
            )
    if as_json:
        answer = {"id": document.id, "language": document.language, "sentences": rows}
        print_json(answer, indent=2)
    else:
        for row in rows:
            typer.echo(row["text"])


def _batch(path: Path, language: Language | None, rules: Literal["standard", "omegat"]) -> int:
    from tmalign.text.language import identify  # noqa: PLC0415 - --help stays quick
    from tmalign.text.sentences import split  # noqa: PLC0415 - likewise

    def work(row: dict[str, Any]) -> dict[str, Any]:
        text = row["text"]
        spans = split(text, language or identify(text) or "en", rules=rules)
        return {"id": row["id"], "sentences": [{"text": text[a:b], "start": a, "end": b} for a, b in spans]}

    return run_batch(path, {"id": str, "text": str}, '{"id": "a", "text": "..."}', work)
