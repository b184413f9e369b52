"""`tmalign terms`: find, decide on, exchange the fixed phrases of a memory."""

from __future__ import annotations

import typer

from tmalign.cli.terms_decide import accept_command, add_command, edit_command, list_command, reject_command
from tmalign.cli.terms_exchange import export_command, import_command
from tmalign.cli.terms_mine import mine_command
from tmalign.cli.terms_review import review_command

terms_app = typer.Typer(no_args_is_help=True, help="Find the fixed phrases of a memory, decide on them, exchange them.")


@terms_app.callback()
def _group() -> None:
    pass


terms_app.command("list")(list_command)
terms_app.command("accept")(accept_command)
terms_app.command("reject")(reject_command)
terms_app.command("edit")(edit_command)
terms_app.command("add")(add_command)
terms_app.command("import")(import_command)
terms_app.command("export")(export_command)
terms_app.command("review")(review_command)
terms_app.command("mine")(mine_command)
