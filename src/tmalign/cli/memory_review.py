"""`tmalign memory approve|edit|reject|log|undo|backup|restore`: decisions, changes, copies."""

from __future__ import annotations

import dataclasses
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tmalign.cli.memory_options import JsonOption, PersonOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.options import StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import print_json, print_line
from tmalign.cli.stores import DEFAULT_STORE, open_store
from tmalign.errors import UsageError
from tmalign.memory.location import in_folder

if TYPE_CHECKING:
    from tmalign.memory.decisions import Verdict
    from tmalign.memory.history import Change
    from tmalign.memory.review import Reviewed

UnitArguments = Annotated[
    list[str], typer.Argument(help="Units by number or as RELEASE:POSITION; memory list shows both.")
]
UnitArgument = Annotated[str, typer.Argument(help="The unit, by number or as RELEASE:POSITION.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why; kept with the decision.")]
_SHOWN = 20


def approve_command(
    units: UnitArguments,
    *,
    store: StoreOption = DEFAULT_STORE,
    note: NoteOption = "",
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say that units are right: they are exported whatever their probability, and marked."""
    _decide(store, units, "approve", note=note, person=person, as_json=as_json)


def reject_command(
    units: UnitArguments,
    *,
    store: StoreOption = DEFAULT_STORE,
    note: NoteOption = "",
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say that units are wrong: no build and no export writes them from now on."""
    _decide(store, units, "reject", note=note, person=person, as_json=as_json)


def edit_command(
    unit: UnitArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    ja: Annotated[str | None, typer.Option("--ja", help="The Japanese text from now on.")] = None,
    en: Annotated[str | None, typer.Option("--en", help="The English text from now on.")] = None,
    note: NoteOption = "",
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Correct a unit: it is exported and found with the new text, and marked as edited."""
    if ja is None and en is None:
        raise UsageError("nothing to change", hint="give --ja TEXT, --en TEXT or both")
    _decide(store, [unit], "edit", ja=ja, en=en, note=note, person=person, as_json=as_json)


def _decide(  # noqa: PLR0913 - what a decision consists of
    path: Path,
    units: list[str],
    verdict: Verdict,
    *,
    ja: str | None = None,
    en: str | None = None,
    note: str,
    person: str,
    as_json: bool,
) -> None:
    from tmalign.memory.review import check_units, decide  # noqa: PLC0415 - --help stays quick

    with open_store(path) as opened:
        check_units(opened, units)
        for unit in units:
            done = decide(opened, unit, verdict, ja=ja, en=en, person=person, note=note)
            if as_json:
                print_json(dataclasses.asdict(done), indent=None)
            else:
                _show_decision(done)


def _show_decision(done: Reviewed) -> None:
    entry = done.entry
    several = f", as {done.units - 1} more with these texts" if done.units > 1 else ""
    print_line(f"change {done.change}: unit {entry.id} ({entry.source}:{entry.position}) is {entry.status}{several}")
    print_line(f"  {entry.ja}\n  {entry.en}")


def log_command(
    *,
    store: StoreOption = DEFAULT_STORE,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="So many at most; 0 is all.")] = _SHOWN,
    as_json: JsonOption = False,
) -> None:
    """List changes, the last one first: number, time, person, what was done to what.

    --json prints an object a line: id, at, person, action, subject, detail, finished, undone_by.
    """
    with open_store(store) as opened:
        changes = opened.changes(limit or None)
    for change in changes:
        if as_json:
            print_json(dataclasses.asdict(change), indent=None)
        else:
            print_line(_line(change))


def _line(change: Change) -> str:
    remark = "" if change.finished else "  (not finished)"
    if change.undone_by is not None:
        remark = f"  (taken back by {change.undone_by})"
    subject = f"change {change.detail['undoes']}, {change.subject}" if "undoes" in change.detail else change.subject
    numbers = ", ".join(
        f"{number} {name}"
        for name, number in change.detail.items()
        if isinstance(number, int) and name not in {"undoes", "memory", "unit"}
    )
    counts = f"  {numbers}" if numbers else ""
    return f"{change.id:>5}  {change.at}  {change.person or '-'}  {change.action} {subject}{counts}{remark}"


def undo_command(
    change: Annotated[int | None, typer.Argument(help="The change's number in the log; the last if not given.")] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take back a decision, an import or the last build. What an undo did can be undone by its own number.

    An import that is taken back is put out of sight, not deleted. A build that is taken back shows until the next one.
    """
    from tmalign.memory.reversal import undo  # noqa: PLC0415 - --help stays quick

    with open_store(store) as opened:
        former, done = undo(opened, change, person=person)
    if as_json:
        print_json({"undone": dataclasses.asdict(former), "change": dataclasses.asdict(done)})
    else:
        print_line(f"change {done.id}: took back change {former.id} ({former.action} {former.subject})")


def backup_command(
    file: Annotated[Path, typer.Argument(help="The copy; an older one of that name is replaced.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Copy the store into one file, as it is now; whoever works on it may go on."""
    from tmalign.memory.backup import backup  # noqa: PLC0415 - --help stays quick

    with open_store(store) as opened:
        size = backup(opened, file)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        print_line(f"{size} bytes written to {file}")


def restore_command(
    file: Annotated[Path, typer.Argument(help="A copy that memory backup made.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make the store what a copy holds. The copy is checked first, and the store as it was stays beside it."""
    from tmalign.memory.backup import restore  # noqa: PLC0415 - --help stays quick

    done = restore(in_folder(store), file, person=person)
    if as_json:
        print_json(dataclasses.asdict(done))
    else:
        print_line(f"{done.entries} units restored from {file}")
        if done.before:
            print_line(f"the store as it was: {done.before}")
