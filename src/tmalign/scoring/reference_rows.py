"""References as JSON Lines: a document a row, with both languages by name, or a source and its segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tmalign.errors import EmptyFileError, FormatError, LanguageError, PairError
from tmalign.scoring.checks import other, told_language
from tmalign.scoring.lines import id_of, read_rows, text_of, texts_of
from tmalign.scoring.references import Bilingual, Passage, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tmalign.model import Language

_SHAPE: Final = '{"id": "a", "ja": ["..."], "en": ["..."]} or {"id": "a", "source": ["..."], "segments": ["..."]}'
_TARGET_KEYS: Final = ("segments", "reference", "references", "text")


def read_reference_rows(path: Path) -> Bilingual:
    """Read rows {"id", "ja", "en"} or {"id", "source", "segments"}. Raises InputError of the fitting kind, by line."""
    passages: list[Passage] = []
    rows = read_rows(path, _SHAPE)
    target = _json_target(rows, path)
    for line, row in rows:
        document = id_of(row, path, line) if "id" in row else path.stem
        collection = text_of(row, "collection", path, line) if "collection" in row else ""
        sides = _json_sides(row, target, path, line)
        if sides["ja"] is not None and sides["en"] is not None and len(sides["ja"]) != len(sides["en"]):
            raise PairError(
                f"{len(sides['ja'])} Japanese and {len(sides['en'])} English segments",
                path=path,
                line=line,
                hint="give as many segments on both sides",
            )
        for position in range(len(sides["ja"] if sides["ja"] is not None else sides["en"] or ())):
            texts = {language: None if side is None else one_line(side[position]) for language, side in sides.items()}
            passages.append(Passage(document, texts["ja"], texts["en"], collection, line))
    if not passages:
        raise EmptyFileError("the rows hold no segments", path=path, hint=f"a row is {_SHAPE}")
    return Bilingual(str(path), tuple(passages), "row", target=target)


def _json_target(rows: Sequence[tuple[int, dict[str, Any]]], path: Path) -> Language | None:
    """Return the language of the rows' segments, told by all of them together; None where rows name ja and en."""
    texts: list[str] = []
    for line, row in rows:
        key = next((key for key in _TARGET_KEYS if key in row), None)
        if "ja" in row or "en" in row:
            continue
        if key is None:
            raise FormatError("the row has no segments", path=path, line=line, hint=f"a row is {_SHAPE}")
        texts.extend(texts_of(row, key, path, line))
    if not texts:
        return None
    told = told_language(texts)
    if told is None:
        raise LanguageError(
            "neither Japanese nor English as far as the script tells",
            path=path,
            line=rows[0][0],
            hint='use the keys "ja" and "en"',
        )
    return told


def _json_sides(
    row: dict[str, Any], target: Language | None, path: Path, line: int
) -> dict[Language, tuple[str, ...] | None]:
    """Return both sides of a row, None for one that it lacks."""
    if "ja" in row or "en" in row or target is None:
        return {
            "ja": texts_of(row, "ja", path, line) if "ja" in row else None,
            "en": texts_of(row, "en", path, line) if "en" in row else None,
        }
    key = next(key for key in _TARGET_KEYS if key in row)
    source_key = next((key for key in ("source", "sources") if key in row), None)
    return {
        target: texts_of(row, key, path, line),
        other(target): texts_of(row, source_key, path, line) if source_key else None,
    }
