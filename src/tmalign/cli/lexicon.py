"""`tmalign lexicon`: word lists of one's own as evidence for the aligner."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tmalign.cli.output import print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 5
_MOST_MORPHEMES = 6  # longer runs are not looked up (units.py)

lexicon_app = typer.Typer(no_args_is_help=True, help="Compile word lists of your own for --lexicon.")


@lexicon_app.callback()
def _group() -> None:
    pass


@lexicon_app.command("import")
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Glossaries (tab, comma), TBX, EDICT or JMdict files; .gz is unpacked.", show_default=False
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The table to write, for --lexicon.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Compile word lists into a table that `align`, `build`, `evaluate` and `train` use beside the dictionary.

    A glossary has a Japanese and an English term side by side in each row, in either order; a head, notes and lines
    with # are passed over. Every content word of an English term is linked to the Japanese one, the fewer the surer.

    Rows that cannot be read are counted and named; exit code 1 tells that there were some.
    """
    from tmalign.align.dictionary import compile_entries  # noqa: PLC0415 - --help stays quick
    from tmalign.align.tables import pack_table  # noqa: PLC0415 - likewise
    from tmalign.formats.files import atomic_write  # noqa: PLC0415 - likewise
    from tmalign.formats.wordlists import read_wordlist  # noqa: PLC0415 - likewise

    lists = [read_wordlist(path) for path in files]
    compiled = compile_entries(entry for found in lists for entry in found.entries)
    kinds = "+".join(dict.fromkeys(found.kind for found in lists))
    with atomic_write(out) as file:
        pack_table(file, compiled.cells, ("weight",), {"name": out.stem, "user": True, "source": kinds})
    refused = [skipped for found in lists for skipped in found.refused]
    for skipped in refused[:_SHOWN]:
        typer.echo(f"tmalign: {skipped.path}: {skipped.message}", err=True)
    if len(refused) > _SHOWN:
        typer.echo(f"tmalign: ... and {len(refused) - _SHOWN} more rows that could not be read", err=True)
    counts = {
        "kind": kinds,
        "entries": compiled.entries,
        "words": len(compiled.cells),
        "links": sum(map(len, compiled.cells.values())),
        "unusable": compiled.unusable,
        "too_long": _too_long(compiled.cells),
        "refused": len(refused),
        "out": str(out),
    }
    if as_json:
        print_json(counts, indent=None)
    else:
        typer.echo(
            f"{out}: {counts['words']} Japanese words, {counts['links']} links, "
            f"from {counts['entries']} entries ({kinds})\n"
            f"not used: {counts['unusable']} English terms of no content word or more than eight, "
            f"{counts['too_long']} Japanese terms of more than six words, {counts['refused']} rows not read"
        )
    raise typer.Exit(1 if refused else 0)


def _too_long(words: Iterable[str]) -> int:
    """Count Japanese terms that the aligner will not look up, because they are of too many words."""
    from tmalign.text.words import morphemes  # noqa: PLC0415 - the analyser loads a dictionary

    # Six words have at least six characters: most terms need no analysis.
    return sum(len(word) > _MOST_MORPHEMES and len(morphemes(word)) > _MOST_MORPHEMES for word in words)
