"""`tmalign extract`: what a page holds."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated, Any, Literal

import typer

from tmalign.cli.output import print_json


def extract_command(
    file: Annotated[Path, typer.Argument(help="The page: .html, .htm, .xhtml or .txt.", show_default=False)],
    *,
    language: Annotated[
        Literal["ja", "en"] | None,
        typer.Option("--language", "-l", help="Its language; read from NAME.ja.html or from the text if not given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what a page holds: title, date, and the blocks of text with their kinds and markers.

    Navigation, breadcrumbs, share buttons, footers and other furniture are left out.
    """
    from tmalign.formats.documents import read_document  # noqa: PLC0415 - --help stays quick

    document = read_document(file, language)
    if as_json:
        blocks: list[dict[str, Any]] = [
            {"kind": b.kind.value, "marker": b.marker, "text": b.text, "line": b.line} for b in document.blocks
        ]
        row = {
            "id": document.id,
            "language": document.language,
            "title": document.title,
            "date": document.date,
            "encoding": document.encoding,
            "source": document.source,
            "warnings": list(document.warnings),
            "blocks": blocks,
        }
        print_json(row, indent=2)
        return
    typer.echo(f"title: {document.title}\ndate: {document.date or 'not found'}")
    for block in document.blocks:
        marker = f"{block.marker} " if block.marker else ""
        typer.echo(f"[{block.kind.value}] {marker}{block.text}")
    for warning in document.warnings:
        typer.echo(f"tmalign: {file}: {warning}", err=True)
