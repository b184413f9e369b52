"""`tmalign terms review`: one candidate after the other, a key a decision."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tmalign.cli.options import Kind, StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import write_text
from tmalign.cli.stores import DEFAULT_STORE, open_store

try:
    import termios
    import tty
except ImportError:  # a system without them reads whole lines
    _CBREAK = False
else:
    _CBREAK = True

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tmalign.memory.store import Store
    from tmalign.term_model import TermEntry, TermStatus
    from tmalign.terms.termbase import Termbase

_HELP = """\
  a   accept the first rendering, a2 the second: approved, and preferred where no other is
  r   reject the term: no fixed phrase; r2: reject the second rendering only
  f2  forbid the second rendering: it must not be used;  d2  deprecate it: no longer used
  e   write the first rendering in another way and accept it; e2 the second
  j   write the Japanese phrase in another way
  s   leave it for later
  q   stop; what was decided is kept, and the next review goes on from here
  On a terminal type the number first (2 a); in a pipe give a command a line (a2).
"""


def review_command(
    *,
    store: StoreOption = DEFAULT_STORE,
    kind: Annotated[Kind | None, typer.Option(help="Only terms of this kind.", show_default=False)] = None,
    min_count: Annotated[int, typer.Option(min=0, help="Only terms found in so many units.")] = 0,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Terms at most; 0 for all.")] = 0,
    context: Annotated[int, typer.Option("--context", "-c", min=0, help="Concordance lines a term.")] = 2,
    again: Annotated[bool, typer.Option("--again", help="Offer what was left for later, too.")] = False,
) -> None:
    """Decide on candidates one by one, best score first. Every decision is kept at once; stop and go on at any time.

    Keys: a accept, r reject, f forbid, d deprecate, e edit, j edit the Japanese, s later, q stop, ? help. A number
    chooses a rendering. Commands can also come from a pipe, one a line.
    """
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - --help stays quick

    with open_store(store) as opened:
        base = Termbase(opened)
        if again:
            base.forget_passed_over()
        later = base.passed_over()
        waiting = list(_waiting(base, later, kind, min_count))
        waiting = waiting[:limit] if limit else waiting
        done = 0
        keys = _Keys()
        for number, entry in enumerate(waiting):
            write_text(_card(opened, entry, f"{number + 1} of {len(waiting)}", context))
            if not _ask(base, entry, keys):
                break
            done += 1
        typer.echo(f"{done} seen, {len(waiting) - done} to go", err=True)


def _waiting(base: Termbase, later: frozenset[str], kind: str | None, min_count: int) -> Iterator[TermEntry]:
    from tmalign.terms.entry import term_key  # noqa: PLC0415 - --help stays quick

    for entry in base.entries():
        open_still = entry.status == "candidate" and term_key(entry.ja) not in later
        if open_still and entry.count >= min_count and kind in {None, entry.kind}:
            yield entry


def _card(store: Store, entry: TermEntry, place: str, count: int) -> str:
    """Return what a person needs to decide."""
    from tmalign.cli.term_answer import context_lines  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.concordance import contexts, plain  # noqa: PLC0415 - likewise

    lines = [f"\n{place}  {plain(entry.ja)}  {entry.kind}, {entry.count} units, confidence {entry.confidence:.2f}"]
    if entry.one_context:
        lines.append("  only ever seen inside the same longer text")
    if entry.variants:
        lines.append("  also: " + "、".join(map(plain, entry.variants)))
    uses = contexts(store, entry, limit=count) if count else ()
    return "\n".join(lines) + "\n" + _renderings(entry) + "".join(map(context_lines, uses))


def _renderings(entry: TermEntry) -> str:
    """Return the renderings with the numbers they are chosen by."""
    from tmalign.terms.concordance import plain  # noqa: PLC0415 - --help stays quick

    lines = []
    for number, rendering in enumerate(entry.renderings, 1):
        status = "" if rendering.status == "candidate" else f"  [{rendering.status}]"
        dates = f"{rendering.first:10s}  {rendering.last:10s}"
        lines.append(f"  {number}  {rendering.count:5d}  {dates}  {plain(rendering.en)}{status}\n")
    return "".join(lines)


def _ask(base: Termbase, entry: TermEntry, keys: _Keys) -> bool:
    """Carry out what a person says of a term; return False to stop."""
    from tmalign.errors import UsageError  # noqa: PLC0415 - --help stays quick

    left: TermEntry | None = entry
    while left is not None:
        command = keys.command()
        letter, number = command[:1], int(command[1:] or 0)
        if letter in {"q", ""}:
            return False
        if letter == "s":
            base.pass_over(left.ja)
            return True
        if letter not in _ACTIONS:
            write_text(_HELP)
        elif number > len(left.renderings):
            write_text(f"  there is no rendering {number}\n")
        else:
            try:
                left = _ACTIONS[letter](base, left, number, keys)
            except UsageError as error:
                write_text(f"  {error.message}\n")
    return True


def _accept(base: Termbase, entry: TermEntry, number: int, _: _Keys) -> TermEntry | None:
    from tmalign.terms.decisions import accept  # noqa: PLC0415 - --help stays quick

    base.decide([accept(base, entry, _named(entry, number))])
    return None


def _reject(base: Termbase, entry: TermEntry, number: int, _: _Keys) -> TermEntry | None:
    from tmalign.term_model import TermStatus  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.decisions import TermChange, change_term  # noqa: PLC0415 - likewise

    if number:
        return _set(base, entry, number, TermStatus.REJECTED)
    base.decide([change_term(base, entry, TermChange(rejected=True))])
    return None


def _forbid(base: Termbase, entry: TermEntry, number: int, _: _Keys) -> TermEntry | None:
    from tmalign.term_model import TermStatus  # noqa: PLC0415 - --help stays quick

    return _set(base, entry, number, TermStatus.FORBIDDEN)


def _deprecate(base: Termbase, entry: TermEntry, number: int, _: _Keys) -> TermEntry | None:
    from tmalign.term_model import TermStatus  # noqa: PLC0415 - --help stays quick

    return _set(base, entry, number, TermStatus.DEPRECATED)


def _set(base: Termbase, entry: TermEntry, number: int, status: TermStatus) -> TermEntry | None:
    """Give a rendering a status; return the term where other renderings still wait for a word."""
    from tmalign.terms.decisions import RenderingChange, change_rendering  # noqa: PLC0415 - --help stays quick

    change = RenderingChange(status=status, preferred=False)
    base.decide([change_rendering(base, entry, _named(entry, number), change)])
    now = _again(base, entry.ja)
    return now if any(rendering.status == "candidate" for rendering in now.renderings) else None


def _edit(base: Termbase, entry: TermEntry, number: int, keys: _Keys) -> TermEntry | None:
    from tmalign.terms.decisions import accept, rename_rendering  # noqa: PLC0415 - --help stays quick

    own = _named(entry, number)
    text = keys.line(f"  English [{own}]: ")
    if not text:
        return entry
    if text != own:
        base.decide([rename_rendering(base, entry, own, text)])
    base.decide([accept(base, _again(base, entry.ja), text)])
    return None


def _edit_japanese(base: Termbase, entry: TermEntry, _: int, keys: _Keys) -> TermEntry | None:
    from tmalign.terms.decisions import TermChange, change_term  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.entry import term_key  # noqa: PLC0415 - likewise

    text = keys.line(f"  Japanese [{entry.ja}]: ")
    if not text:
        return entry
    decision = change_term(base, entry, TermChange(ja=text))
    moved = term_key(decision.ja) != term_key(entry.ja)
    base.decide([decision], withdrawn=[entry.ja] if moved else [])
    return _again(base, decision.ja)


_ACTIONS: dict[str, Callable[[Termbase, TermEntry, int, _Keys], TermEntry | None]] = {
    "a": _accept,
    "r": _reject,
    "f": _forbid,
    "d": _deprecate,
    "e": _edit,
    "j": _edit_japanese,
}


def _named(entry: TermEntry, number: int) -> str:
    """Return the rendering a number stands for, the first where none was given."""
    from tmalign.errors import UsageError  # noqa: PLC0415 - --help stays quick

    if not entry.renderings:
        raise UsageError("the term has no rendering", hint="reject it, or add one with `tmalign terms add`")
    return entry.renderings[max(number, 1) - 1].en


def _again(base: Termbase, ja: str) -> TermEntry:
    """Read a term again after it was changed; its renderings may have another order now."""
    from tmalign.terms.entry import term_key  # noqa: PLC0415 - --help stays quick

    entry = base.by_keys([term_key(ja)])[0]
    write_text(_renderings(entry))
    return entry


class _Keys:
    """Where commands come from: single keys of a terminal, or lines of a pipe."""

    def __init__(self) -> None:
        """See what standard input is."""
        self.terminal = sys.stdin.isatty() and _CBREAK

    def command(self) -> str:
        """Return the next command, a letter and perhaps a number; empty at the end of the input."""
        while True:
            text = self._key() if self.terminal else self.line("")
            if not text:
                if text is None or self.terminal:
                    return ""
                continue
            text = "".join(text.lower().split())
            if text[:1].isdigit():
                # The number first, as on a terminal.
                text = text[-1:] + text[:-1]
            known = len(text) == 1 or (text[1:].isascii() and text[1:].isdecimal() and len(text) < 6)
            return text if known else "?"

    def _key(self) -> str:
        """Return a key, with the digits that were pressed before it."""
        write_text("> ")
        pressed = ""
        file = sys.stdin.fileno()
        before = termios.tcgetattr(file)
        try:
            # Keys pressed ahead are not thrown away.
            tty.setcbreak(file, termios.TCSADRAIN)
            while True:
                key = os.read(file, 1).decode("ascii", "replace")
                pressed += key
                if not key.isdigit():
                    break
        finally:
            termios.tcsetattr(file, termios.TCSADRAIN, before)
        write_text(pressed.strip() + "\n")
        # Ctrl-D ends, as it ends a pipe.
        return "" if pressed.endswith("\x04") or not key else pressed

    def line(self, prompt: str) -> str | None:
        """Return a line without its end, None at the end of the input."""
        if sys.stdin.isatty():
            write_text(prompt)
        data = sys.stdin.buffer.readline()
        return data.decode("utf-8", "replace").strip() if data else None
