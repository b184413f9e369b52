"""The `tmalign` command: its groups and its version."""

from __future__ import annotations

from typing import Annotated

import typer

from tmalign import __version__
from tmalign.cli.align import align_command
from tmalign.cli.build import build_command
from tmalign.cli.check import check_command
from tmalign.cli.ending import run
from tmalign.cli.evaluate import evaluate_app
from tmalign.cli.export import export_app
from tmalign.cli.extract import extract_command
from tmalign.cli.leverage import leverage_command
from tmalign.cli.lexicon import lexicon_app
from tmalign.cli.memory import memory_app
from tmalign.cli.pretranslate import pretranslate_command
from tmalign.cli.score import score_command
from tmalign.cli.search import search_command
from tmalign.cli.split import split_command
from tmalign.cli.term import term_command
from tmalign.cli.terms import terms_app
from tmalign.cli.tmx import tmx_app
from tmalign.cli.train import train_command

app = typer.Typer(
    name="tmalign",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Turn Japanese and English versions of official releases into translation memory.

    A folder of pages becomes a TMX file that CAT tools open:

        tmalign build corpora --out out

    The steps can be run on their own: [bold]extract[/bold] shows what a page holds, [bold]split[/bold] its
    sentences, [bold]align[/bold] pairs the sentences of two files. Results go to standard output, progress and
    messages to standard error; a dash stands for standard input.

    Exit codes: 0 all went well, 1 something was skipped or refused (the message says what to do), 2 the call itself is
    wrong, 130 interrupted (run the same command again to go on).
    """,
    rich_markup_mode="rich",
)


def _version(wanted: bool) -> None:
    if wanted:
        from tmalign.align.lattice import COMPILED  # noqa: PLC0415 - NumPy is not needed for --help

        typer.echo(f"tmalign {__version__} (lattice kernel: {'compiled' if COMPILED else 'NumPy'})")
        raise typer.Exit


@app.callback()
def _root(
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


app.command("build")(build_command)
app.command("align")(align_command)
app.command("split")(split_command)
app.command("extract")(extract_command)
app.command("term")(term_command)
app.command("check")(check_command)
app.add_typer(evaluate_app, name="evaluate")
app.command("search")(search_command)
app.command("leverage")(leverage_command)
app.command("pretranslate")(pretranslate_command)
app.command("train")(train_command)
app.add_typer(lexicon_app, name="lexicon")
app.add_typer(terms_app, name="terms")
app.add_typer(tmx_app, name="tmx")
app.command("score")(score_command)
app.add_typer(export_app, name="export")
app.add_typer(memory_app, name="memory")


def main() -> None:
    """Run the command line; every deliberate error ends in a message and its exit code."""
    run(app)


if __name__ == "__main__":
    main()
