"""Bilingual drafts: TMX, XLIFF 1.2 and 2.x, and tab-separated pairs as units with their line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.errors import FormatError, LanguageError
from tmalign.formats.charset import decode
from tmalign.formats.termfile import read_bytes
from tmalign.text.language import identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_XLIFF = frozenset({".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".mxliff"})
_HINT = "give TMX, XLIFF 1.2 or 2.x, tab-separated pairs, or two pages to align (--align JA EN)"


@dataclass(frozen=True, slots=True)
class DraftUnit:
    """A source segment with its translation. `name` is its id in the file, `line` where it stands (0: unknown)."""

    ja: str
    en: str
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A bilingual file: its units in order, whether Japanese is the source, and how many units have no pair."""

    units: tuple[DraftUnit, ...]
    from_japanese: bool = True
    passed_over: int = 0


def read_draft(path: Path) -> Draft:
    """Read a draft by its name or, where that does not tell, by its first characters.

    Raises FormatError, LanguageError (not Japanese and English) and what `read_bytes`, `decode` and `TmxReader` raise.
    """
    suffix = path.suffix.lower()
    if suffix in {".tmx", ".gz", ".zip"}:
        return _gathered(_tmx(path), path)
    data = read_bytes(path)
    if suffix in _XLIFF or (suffix not in {".tsv", ".txt", ".tab"} and _is_xml(data)):
        return _gathered(_tmx(path), path) if b"<tmx" in data[:1000] else _gathered(_xliff(path, data), path)
    return _read_rows(decode(data, path=path).text.removeprefix("\ufeff"), path)


def _is_xml(data: bytes) -> bool:
    head = data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<")


def _read_rows(text: str, path: Path) -> Draft:
    """Read rows of source, tab, translation; a first row that names languages is passed over."""
    rows = [line.split("\t") for line in re.split("\r\n|\r|\n", text)]
    pairs = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not pairs or all(len(row) < 2 for _, row in pairs):
        raise FormatError("no pairs of texts", path=path, hint=_HINT)
    named = [re.split("[-_]", cell.strip().lower())[0] for cell in pairs[0][1][:2]]
    if sorted(named) in (["en", "ja"], ["english", "japanese"]):
        japanese_first = named[0].startswith("ja")
        pairs = pairs[1:]
    else:
        japanese_first = _japanese_first([row for _, row in pairs if len(row) > 1], path)
    units = []
    for number, row in pairs:
        source, target = row[0].strip(), row[1].strip() if len(row) > 1 else ""
        ja, en = (source, target) if japanese_first else (target, source)
        units.append(DraftUnit(ja, en, str(number), number))
    return Draft(tuple(units), japanese_first)


def _japanese_first(rows: list[list[str]], path: Path) -> bool:
    """Tell the order of the languages from the first column."""
    left = identify(" ".join(row[0] for row in rows[:200]))
    right = identify(" ".join(row[1] for row in rows[:200]))
    if left == "ja":
        return True
    if left == "en" and right != "en":
        return False
    raise LanguageError("the first two columns are not Japanese and English", path=path, hint=_HINT)


def _gathered(found: Iterable[tuple[str, int, dict[str, str]]], path: Path) -> Draft:
    """Return the draft of units given as name, line and texts by language, the source first."""
    units: list[DraftUnit] = []
    passed = 0
    directions: list[bool] = []
    for name, line, texts in found:
        if set(texts) >= {"ja", "en"}:
            directions.append(next(iter(texts)) == "ja")
            units.append(DraftUnit(texts["ja"], texts["en"], name, line))
        else:
            passed += 1
    if not units and passed:
        raise LanguageError("no unit is in Japanese and English", path=path, hint=_HINT)
    return Draft(tuple(units), directions.count(True) * 2 >= len(directions), passed)


def _language(tag: str) -> str:
    return re.split("[-_]", tag.strip())[0].lower()


def _tmx(path: Path) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield name, line and texts by language, the source first."""
    from tmalign.formats.tmx.reading import TmxReader  # noqa: PLC0415 - one format of three needs it

    with TmxReader(path) as reader:
        source = _language(reader.header.attribute("srclang"))
        for number, unit in enumerate(reader, 1):
            texts: dict[str, str] = {}
            for variant in unit.variants:
                texts.setdefault(_language(variant.language), variant.text.strip())
            own = _language(unit.attribute("srclang")) or source
            ordered = dict(sorted(texts.items(), key=lambda item: item[0] != own))
            yield unit.attribute("tuid") or str(number), unit.line, ordered


def _xliff(path: Path, data: bytes) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield name, line and texts by language, the source first; an untranslated segment has an empty target."""
    from tmalign.formats.xliff.tree import XliffTree  # noqa: PLC0415 - one format of three needs it

    for segment in XliffTree(path, data).segments():
        source, target = map(_language, segment.languages)
        yield segment.name, segment.line, {source: segment.text, target: segment.target}
