"""`tmalign export`: parts of the store in files for other programs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated, Literal

import typer

from tmalign.cli.output import print_json, print_line

export_app = typer.Typer(
    name="export", no_args_is_help=True, help="Write parts of the store as files for other programs."
)


@export_app.command("references")
def references_command(  # noqa: PLR0913 - a parameter an option
    reference: Annotated[Path, typer.Argument(metavar="REF", help="The store, the folder of a build, or a TMX.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the files; made if missing.")],
    direction: Annotated[
        Literal["ja-en", "en-ja"], typer.Option("--direction", "-d", help="From which language to which.")
    ] = "ja-en",
    collection: Annotated[str, typer.Option(help="Only this collection and those below it.")] = "",
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Only releases of this date or later.")] = "",
    release: Annotated[
        list[str] | None, typer.Option("--release", help="Only this release.", show_default=False)
    ] = None,
    min_probability: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out units less probable than this.")
    ] = 0.5,
    per_document: Annotated[
        bool, typer.Option("--per-document", help="Write every document's source as running text, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON, for programs.")] = False,
) -> None:
    """Write sources for a system to translate, and the references to score it by later.

    DIR gets source.LL.txt and reference.LL.txt (a segment a line, the same line in both), documents.tsv (id,
    collection, first and last line of each document) and manifest.json (digests). Give the source to a system, then:

        tmalign score --reference DIR --hypothesis NAME=FILE

    which refuses files that were changed in between; with --reference STORE --manifest DIR it refuses a store that was.
    The same store gives the same bytes. Exit codes: 0 written, 1 nothing to write, 2 a wrong call.
    """
    from tmalign.scoring.manifest import write_references  # noqa: PLC0415 - --help stays quick
    from tmalign.scoring.references import Selection, orient, read_references  # noqa: PLC0415 - likewise

    selection = Selection.of(collection, since, release, min_probability)
    references = orient(read_references([reference], selection), "en" if direction == "ja-en" else "ja")
    written = write_references(references, out, per_document=per_document)
    for note in references.notes:
        typer.echo(f"tmalign: {note}", err=True)
    if as_json:
        row = {
            "segments": written.segments,
            "documents": written.documents,
            "digest": references.digest,
            "files": [str(path) for path in written.files],
        }
        print_json(row)
        return
    plural = ["" if count == 1 else "s" for count in (written.segments, written.documents)]
    print_line(f"{written.segments} segment{plural[0]} in {written.documents} document{plural[1]}")
    for path in written.files:
        print_line(f"  {path}")
