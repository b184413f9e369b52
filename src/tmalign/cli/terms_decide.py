"""`tmalign terms list, accept, reject, edit, add`: looking through terms and deciding on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tmalign.cli.options import Kind, Status, StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import write_text
from tmalign.cli.stores import DEFAULT_STORE, open_store
from tmalign.errors import UsageError

if TYPE_CHECKING:
    from tmalign.term_model import TermEntry
    from tmalign.terms.decisions import RenderingChange
    from tmalign.terms.termbase import Termbase


TermName = Annotated[str, typer.Argument(metavar="TERM", help="Id, or the Japanese form, exactly.")]
Note = Annotated[str | None, typer.Option(help="A remark for people.", show_default=False)]
Preferred = Annotated[
    bool | None, typer.Option("--preferred/--not-preferred", help="The one rendering to use.", show_default=False)
]
ValidFrom = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="Valid from this day, YYYY-MM-DD.", show_default=False)
]
ValidUntil = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Valid until this day, included.", show_default=False)
]


def list_command(
    *,
    store: StoreOption = DEFAULT_STORE,
    status: Annotated[Status | None, typer.Option(help="Only terms of this status.", show_default=False)] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only terms of this kind.", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Terms at most; 0 for all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of entries.")] = False,
) -> None:
    """List terms, best score first: id, status, kind, count, Japanese, first rendering, tabs between.

    Rejected terms are listed with --status rejected only.
    """
    from tmalign.terms.entry import as_json as row_of  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    with open_store(store) as opened:
        found = [
            entry
            for entry in Termbase(opened).entries()
            if kind in {None, entry.kind} and (entry.status == status if status else not entry.rejected)
        ]
    found = found[:limit] if limit else found
    if as_json:
        rows = ",\n".join(json.dumps(row_of(entry), ensure_ascii=False) for entry in found)
        write_text(f"[{rows}]\n")
    else:
        write_text("".join(map(_line, found)))


def accept_command(
    term: TermName,
    rendering: Annotated[str, typer.Argument(help="The rendering; the first one where none is named.")] = "",
    *,
    store: StoreOption = DEFAULT_STORE,
    preferred: Preferred = None,
    note: Note = None,
    valid_from: ValidFrom = None,
    valid_until: ValidUntil = None,
) -> None:
    """Approve a rendering of a term. It becomes the preferred one where no other is."""
    from tmalign.terms.decisions import RenderingChange, accept, resolve  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    change = RenderingChange(preferred=preferred, note=note, valid_from=valid_from, valid_until=valid_until)
    with open_store(store) as opened:
        base = Termbase(opened)
        base.decide([accept(base, resolve(base, term), rendering, change)])
        _show(base, term)


def reject_command(
    term: TermName,
    rendering: Annotated[str, typer.Argument(help="Reject this rendering only.")] = "",
    *,
    store: StoreOption = DEFAULT_STORE,
    note: Note = None,
) -> None:
    """Say that a phrase is no term, or that a rendering is none of it. Later mining does not bring it back.

    A rendering that must not be used is another matter: `tmalign terms edit TERM --rendering ... --status forbidden`.
    """
    from tmalign.term_model import TermStatus  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.decisions import (  # noqa: PLC0415 - likewise
        RenderingChange,
        TermChange,
        change_rendering,
        change_term,
        find_rendering,
        resolve,
    )
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    with open_store(store) as opened:
        base = Termbase(opened)
        entry = resolve(base, term)
        if rendering:
            if find_rendering(entry, rendering) is None:
                raise UsageError(f"{entry.ja} has no rendering {rendering}", hint=f"it has: {_names(entry)}")
            change = RenderingChange(status=TermStatus.REJECTED, preferred=False, note=note)
            decision = change_rendering(base, entry, rendering, change)
        else:
            decision = change_term(base, entry, TermChange(rejected=True, note=note))
        base.decide([decision])
        _show(base, term)


def add_command(  # noqa: PLR0913 - a parameter an option
    ja: Annotated[str, typer.Argument(help="The Japanese phrase.")],
    en: Annotated[str, typer.Argument(help="Its rendering.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    status: Annotated[Status, typer.Option(help="What is decided on the rendering.")] = "approved",
    kind: Annotated[Kind | None, typer.Option(help="What the term is.", show_default=False)] = None,
    preferred: Preferred = None,
    note: Note = None,
    valid_from: ValidFrom = None,
    valid_until: ValidUntil = None,
) -> None:
    """Add a term, or another rendering to a term that is there. A store that is missing is made."""
    from tmalign.term_model import TermStatus  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.decisions import TermChange, accept, change_rendering, change_term  # noqa: PLC0415 - likewise
    from tmalign.terms.entry import DEFAULT_KIND, TermDecision, overlay, term_key  # noqa: PLC0415 - likewise
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    if not term_key(ja) or not en.strip():
        raise UsageError(
            "a term needs a Japanese and an English form", hint='tmalign terms add "地域情勢" "regional situation"'
        )
    change = _change(status, preferred, note, valid_from, valid_until)
    with open_store(store, create=True) as opened:
        base = Termbase(opened)
        entry = base.entry(ja) or overlay([], TermDecision(ja.strip(), kind=kind or DEFAULT_KIND))
        approve = change.status is TermStatus.APPROVED
        decision = accept(base, entry, en, change) if approve else change_rendering(base, entry, en, change)
        base.decide([decision])
        if kind is not None:
            base.decide([change_term(base, base.by_keys([term_key(decision.ja)])[0], TermChange(kind=kind))])
        _show(base, ja)


def edit_command(  # noqa: PLR0913 - a parameter an option
    term: TermName,
    *,
    store: StoreOption = DEFAULT_STORE,
    ja: Annotated[
        str | None, typer.Option(help="Write the phrase so; the old form stays a variant.", show_default=False)
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the term is.", show_default=False)] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="Another Japanese form of it; can be repeated.", show_default=False)
    ] = None,
    acronym: Annotated[
        list[str] | None, typer.Option(help="A short English form; can be repeated.", show_default=False)
    ] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Take a rejection of the whole term back.")] = False,
    rendering: Annotated[
        str | None, typer.Option(help="The rendering that --en, --status and so on are about.", show_default=False)
    ] = None,
    en: Annotated[
        str | None, typer.Option(help="Write the rendering so; the old form stays a variant.", show_default=False)
    ] = None,
    en_variant: Annotated[
        list[str] | None, typer.Option(help="Another form that counts as the rendering.", show_default=False)
    ] = None,
    status: Annotated[Status | None, typer.Option(help="What is decided on the rendering.", show_default=False)] = None,
    preferred: Preferred = None,
    note: Note = None,
    valid_from: ValidFrom = None,
    valid_until: ValidUntil = None,
) -> None:
    """Change a term, or with --rendering one of its renderings. --note goes to whichever of the two it is."""
    from tmalign.terms.decisions import (  # noqa: PLC0415 - --help stays quick
        TermChange,
        change_rendering,
        change_term,
        rename_rendering,
        resolve,
    )
    from tmalign.terms.entry import term_key  # noqa: PLC0415 - likewise
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    change = _change(status, preferred, note if rendering else None, valid_from, valid_until, en_variant)
    if rendering is None and (en is not None or change != _change(None, None, None, None, None)):
        raise UsageError("which rendering?", hint='name it: --rendering "unilateral attempts"')
    with open_store(store) as opened:
        base = Termbase(opened)
        entry = resolve(base, term)
        whole = TermChange(
            ja,
            kind,
            None if rendering else note,
            False if restore else None,
            tuple(variant or ()),
            tuple(acronym or ()),
        )
        if whole != TermChange():
            decision = change_term(base, entry, whole)
            moved = term_key(decision.ja) != term_key(entry.ja)
            base.decide([decision], withdrawn=[entry.ja] if moved else [])
            entry = base.by_keys([term_key(decision.ja)])[0]
        if rendering is not None:
            if en is not None:
                base.decide([rename_rendering(base, entry, rendering, en)])
                entry, rendering = base.by_keys([term_key(entry.ja)])[0], en
            base.decide([change_rendering(base, entry, rendering, change)])
        _show(base, entry.ja)


def _change(
    status: str | None,
    preferred: bool | None,
    note: str | None,
    valid_from: str | None,
    valid_until: str | None,
    variants: list[str] | None = None,
) -> RenderingChange:
    from tmalign.term_model import TermStatus  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.decisions import RenderingChange  # noqa: PLC0415 - likewise

    wanted = None if status is None else TermStatus(status)
    return RenderingChange(wanted, preferred, note, valid_from, valid_until, tuple(variants) if variants else None)


def _line(entry: TermEntry) -> str:
    cells = (entry.id, str(entry.status), entry.kind, str(entry.count), entry.ja, entry.en)
    return "\t".join(" ".join(cell.split()) for cell in cells) + "\n"


def _names(entry: TermEntry) -> str:
    return "; ".join(rendering.en for rendering in entry.renderings)


def _show(base: Termbase, term: str) -> None:
    """Print how a term stands now: the list's line, then a line a rendering."""
    from tmalign.terms.decisions import resolve  # noqa: PLC0415 - --help stays quick

    entry = resolve(base, term)
    lines = [_line(entry)]
    for rendering in entry.renderings:
        mark = " (preferred)" if rendering.preferred else ""
        lines.append(f"  {rendering.status}{mark}\t{rendering.count}\t{' '.join(rendering.en.split())}\n")
    write_text("".join(lines))
