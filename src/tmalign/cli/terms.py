"""`tmalign terms`: find, decide on, exchange the fixed phrases of a memory."""

from __future__ import annotations

import typer

from tmalign.cli.terms_mine import mine_command

terms_app = typer.Typer(no_args_is_help=True, help="Find the fixed phrases of a memory, decide on them, exchange them.")


@terms_app.callback()
def _group() -> None:
    pass


terms_app.command("mine")(mine_command)
