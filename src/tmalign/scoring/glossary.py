"""The terms a translation is held to: from a glossary file or a store's termbase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tmalign.errors import EmptyFileError, FormatError
from tmalign.memory.location import in_folder, is_database
from tmalign.scoring.lines import JSON_SUFFIXES, read_rows, read_segments, text_of, texts_of
from tmalign.text.language import identify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SHAPE: Final = '{"ja": "防衛大臣", "en": "Minister of Defense", "variants": ["Defense Minister"]}'
# What people decided against; a row without a status is taken for approved, as glossaries hold what is to be used.
_REFUSED: Final = frozenset({"forbidden", "rejected", "deprecated", "non-standard", "obsolete"})
_UNDECIDED: Final = frozenset({"candidate", "provisional"})
_HEADS: Final = {"ja": "ja", "japanese": "ja", "en": "en", "english": "en", "status": "status", "term status": "status"}
# Several renderings in one cell.
_SEVERAL: Final = re.compile(r"\s*[|｜]\s*")


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """One term: its Japanese forms and its accepted English renderings, the preferred one first on each side."""

    ja: tuple[str, ...]
    en: tuple[str, ...]


def read_glossary(path: Path, *, candidates: bool = False) -> tuple[GlossaryTerm, ...]:
    """Read the terms of a TSV, UTX or JSON Lines glossary, or of a store; Japanese forms that come again are joined.

    Only renderings that are approved, or have no status, count; with `candidates` those nobody decided on do, too.
    Raises InputError of the fitting kind with the line, StoreError, or UsageError.
    """
    path = in_folder(path)
    rows = (
        _store_rows(path, candidates=candidates)
        if is_database(path)
        else _json_rows(path, candidates=candidates)
        if path.suffix.lower() in JSON_SUFFIXES
        else _table_rows(path, candidates=candidates)
    )
    joined: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for ja, en in rows:
        if ja and en:
            forms, renderings = joined.setdefault(ja[0], ({}, {}))
            forms.update(dict.fromkeys(ja))
            renderings.update(dict.fromkeys(en))
    if not joined:
        hint = (
            "approve some with: tmalign terms review; or count those nobody decided on: --candidates"
            if is_database(path)
            else f"a row is JA<TAB>EN, or {_SHAPE}"
        )
        raise EmptyFileError("no approved term in the glossary", path=path, hint=hint)
    return tuple(GlossaryTerm(tuple(forms), tuple(renderings)) for forms, renderings in joined.values())


def _accepted(status: str, *, candidates: bool) -> bool:
    status = status.strip().lower()
    return status not in _REFUSED and (candidates or status not in _UNDECIDED)


def _table_rows(path: Path, *, candidates: bool) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the rows of a table: two columns or more between tabs, a head or none, `#` before a comment."""
    columns: dict[str, int] | None = None
    for number, line in enumerate(read_segments(path), 1):
        if not line.strip() or (line.startswith("#") and not line.lower().startswith("#src\t")):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 2:
            raise FormatError("no tab in the row", path=path, line=number, hint="a row is JA<TAB>EN")
        if columns is None:
            columns = _columns(cells, path, number)
            heads = {cell.lower() for cell in cells}
            if heads & {"ja", "japanese", "#src"}:
                continue
        if max(columns["ja"], columns["en"]) >= len(cells):
            raise FormatError("the row has too few columns", path=path, line=number, hint="a row is JA<TAB>EN")
        status = cells[columns["status"]] if columns.get("status", len(cells)) < len(cells) else ""
        if _accepted(status, candidates=candidates):
            yield _split(cells[columns["ja"]]), _split(cells[columns["en"]])


def _columns(cells: list[str], path: Path, line: int) -> dict[str, int]:
    """Tell the columns by their heads, else by their script."""
    found = {_HEADS[cell.lower()]: n for n, cell in enumerate(cells) if cell.lower() in _HEADS}
    if cells[0].lower() == "#src":
        # UTX names the sides in its first line only; Japanese is the source of ours.
        found |= {"ja": 0, "en": 1}
        status = [n for n, cell in enumerate(cells) if cell.lower() == "term status"]
        found |= {"status": status[0]} if status else {}
    if "ja" in found and "en" in found:
        return found
    told = [identify(cell) for cell in cells[:2]]
    if told[0] != told[1] and "ja" in told:
        ja = told.index("ja")
        return {"ja": ja, "en": 1 - ja}
    if told[0] == "en" and told[1] is None:
        return {"ja": 1, "en": 0}
    raise FormatError(
        "which column is Japanese cannot be told", path=path, line=line, hint="begin with a row of heads: ja<TAB>en"
    )


def _split(cell: str) -> list[str]:
    return [form for form in _SEVERAL.split(cell.strip()) if form]


def _json_rows(path: Path, *, candidates: bool) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield rows {"ja", "en", "variants"} or the termbase's own {"ja", "variants", "renderings": [...]}."""
    for line, row in read_rows(path, _SHAPE):
        ja = texts_of(row, "ja", path, line)
        if "renderings" in row:
            yield (*ja, *_optional(row, "variants", path, line)), _renderings(row, path, line, candidates=candidates)
        elif _accepted(text_of(row, "status", path, line) if "status" in row else "", candidates=candidates):
            yield ja, (*texts_of(row, "en", path, line), *_optional(row, "variants", path, line))


def _renderings(row: dict[str, Any], path: Path, line: int, *, candidates: bool) -> list[str]:
    """Return the accepted renderings of a termbase row, and the acronyms where there are any."""
    found: list[str] = []
    if not isinstance(row["renderings"], list):
        raise FormatError("'renderings' is not a list", path=path, line=line, hint=f"a row is {_SHAPE}")
    for rendering in row["renderings"]:
        if not isinstance(rendering, dict):
            raise FormatError(
                "a rendering is not an object", path=path, line=line, hint='{"en": "...", "status": "..."}'
            )
        if _accepted(str(rendering.get("status", "")), candidates=candidates):
            found += [text_of(rendering, "en", path, line), *_optional(rendering, "variants", path, line)]
    return found + list(_optional(row, "acronyms", path, line)) if found else []


def _optional(row: dict[str, Any], key: str, path: Path, line: int) -> tuple[str, ...]:
    return texts_of(row, key, path, line) if row.get(key) else ()


def _store_rows(path: Path, *, candidates: bool) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the terms of a store's termbase with the renderings people approved."""
    from tmalign.memory.store import Store  # noqa: PLC0415 - only where there is one
    from tmalign.terms.termbase import Termbase  # noqa: PLC0415 - likewise

    with Store(path, create=False) as store:
        for entry in Termbase(store).entries():
            accepted = [
                form
                for rendering in entry.renderings
                if _accepted(str(rendering.status), candidates=candidates)
                for form in (rendering.en, *rendering.variants)
            ]
            if accepted and not entry.rejected:
                yield (entry.ja, *entry.variants), (*accepted, *entry.acronyms)
