"""`tmalign memory`: work on the store."""

from __future__ import annotations

import typer

from tmalign.cli.memory_content import export_command, import_command, list_command, stats_command
from tmalign.cli.memory_review import (
    approve_command,
    backup_command,
    edit_command,
    log_command,
    reject_command,
    restore_command,
    undo_command,
)

memory_app = typer.Typer(
    no_args_is_help=True,
    help="""Work on the store: TMX files in and out, decisions on units, changes and how to take them back, copies.

    The store is memory.sqlite in the current folder, or what --store or TMALIGN_STORE names.
    """,
)

memory_app.command("import")(import_command)
memory_app.command("export")(export_command)
memory_app.command("stats")(stats_command)
memory_app.command("list")(list_command)
memory_app.command("approve")(approve_command)
memory_app.command("edit")(edit_command)
memory_app.command("reject")(reject_command)
memory_app.command("log")(log_command)
memory_app.command("undo")(undo_command)
memory_app.command("backup")(backup_command)
memory_app.command("restore")(restore_command)
