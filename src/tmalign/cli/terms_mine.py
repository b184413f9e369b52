"""`tmalign terms mine`: find the recurring phrases of a memory with their renderings."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tmalign.cli.options import StoreOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.stores import DEFAULT_STORE, open_store
from tmalign.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.memory.store import Store
    from tmalign.model import Unit
    from tmalign.terms.mined import MinedTerm

_LEAST_PROBABILITY = 0.5  # a unit that is rather no translation teaches nothing
_SHOWN_RENDERINGS = 3


def mine_command(  # noqa: PLR0913 - a command's options are its arguments
    tmx: Annotated[
        list[Path] | None, typer.Argument(help="TMX files to mine in place of the store.", show_default=False)
    ] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    min_count: Annotated[int, typer.Option("--min-count", min=2, help="Units a phrase must stand in.")] = 2,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Probability that a pair is right, at least.")
    ] = 0.0,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            "-k",
            help="Only phrase, concept, organisation, title, treaty or boilerplate; may be repeated.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="Only the N best.", show_default=False)
    ] = None,
    save: Annotated[
        bool | None,
        typer.Option(
            "--save/--no-save",
            help="Keep what was found in the store's termbase. Decisions of people stay as they are. "
            "On for a store, off for TMX files.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list, best first.")] = False,
) -> None:
    """Find the recurring phrases of a memory with their renderings, best first.

    Mines the store, or the TMX files that are named. All that was found goes into the store's termbase; --kind,
    --limit and --min-confidence only choose what is printed.

    With --json a list of {"ja", "en", "kind", "count", "score", "confidence", "renderings": [{"en", "count", "first",
    "last", "variants"}], "releases": [...], "first", "last", "variants", "acronyms", "one_context", "examples": [{"ja",
    "en", "ja_span", "en_span", "release", "date"}]}.
    """
    from tmalign.terms.mine import mine  # noqa: PLC0415 - --help stays quick
    from tmalign.terms.mined import KINDS  # noqa: PLC0415 - likewise

    for name in kind or ():
        if name not in KINDS:
            raise UsageError(f"no such kind: {name}", hint=f"the kinds are {', '.join(KINDS)}")
    if tmx:
        if save:
            raise UsageError(
                "--save needs a store to save in", hint="import the TMX files into a store first, then mine the store"
            )
        terms = mine(_tmx_units(tmx), min_count=min_count)
    else:
        with open_store(store) as memory:
            terms = mine(_store_units(memory), min_count=min_count)
            if save is not False:
                _save(memory, terms)
    wanted = [t for t in terms if (not kind or t.kind in kind) and t.confidence >= min_confidence][:limit]
    if as_json:
        typer.echo(json.dumps([shape(term) for term in wanted], ensure_ascii=False, indent=1))
    else:
        _show(wanted)
    typer.echo(f"{len(wanted)} of {len(terms)} phrases", err=True)


def _tmx_units(paths: Sequence[Path]) -> Iterable[Unit]:
    """Yield the units of all files; units that name no release count under their file."""
    from dataclasses import replace  # noqa: PLC0415 - --help stays quick

    from tmalign.formats.tmx import read_tmx  # noqa: PLC0415 - likewise

    for path in paths:
        for unit in read_tmx(path):
            if unit.probability >= _LEAST_PROBABILITY:
                yield unit if unit.release else replace(unit, release=path.name)


def _store_units(store: Store) -> Iterable[Unit]:
    """Yield the two-sided units of a store, aligned and imported, but for rejected and doubtful ones."""
    from tmalign.model import Unit  # noqa: PLC0415 - --help stays quick

    for e in store.entries():
        trusted = e.probability >= _LEAST_PROBABILITY or e.status in {"approved", "edited"}
        if e.ja and e.en and trusted and e.status != "rejected":
            yield Unit(e.ja, e.en, e.source, e.collection, e.date, e.probability, (), (), position=e.position)


def _save(store: Store, terms: Sequence[MinedTerm]) -> None:
    """Put the terms in place of an earlier run's, and say how many."""
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - --help stays quick

    written = Termbase(store).replace_mined(terms)
    typer.echo(f"{written.written} terms in {store.path}", err=True)


def shape(term: MinedTerm) -> dict[str, Any]:
    """Return a term as the JSON object that programs read."""
    return {
        "ja": term.ja,
        "en": term.en,
        "kind": term.kind,
        "count": term.count,
        "score": term.score,
        "confidence": term.confidence,
        "renderings": [
            {"en": r.en, "count": r.count, "first": r.first, "last": r.last, "variants": list(r.variants)}
            for r in term.renderings
        ],
        "releases": list(term.releases),
        "first": term.first,
        "last": term.last,
        "variants": list(term.variants),
        "acronyms": list(term.acronyms),
        "one_context": term.one_context,
        "examples": [
            {
                "ja": e.ja,
                "en": e.en,
                "ja_span": list(e.ja_span),
                "en_span": list(e.en_span),
                "release": e.release,
                "date": e.date,
            }
            for e in term.examples
        ],
    }


def _show(terms: Sequence[MinedTerm]) -> None:
    """Print a table: units, confidence, kind, Japanese, renderings with counts."""
    for term in terms:
        shown = [f"{r.en} ({r.count})" for r in term.renderings[:_SHOWN_RENDERINGS]]
        more = len(term.renderings) - len(shown)
        if more > 0:
            shown.append(f"... {more} more")
        if term.acronyms:
            shown.append(f"[{', '.join(term.acronyms)}]")
        typer.echo(f"{term.count}\t{term.confidence:.2f}\t{term.kind}\t{term.ja}\t{'; '.join(shown)}")
