"""References from a TMX, our store, a pair of text files, JSON Lines or an exported folder, in either direction."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from tmalign.errors import EmptyFileError, LanguageError, MissingFileError, UsageError
from tmalign.memory.location import STORE_NAME, in_folder, is_database
from tmalign.scoring.checks import NAMES, check_filled, check_language, check_length, other, told_language
from tmalign.scoring.lines import JSON_SUFFIXES, read_segments
from tmalign.scoring.material import ReferenceDocument, References

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tmalign.model import Language, Unit

_SUFFIX_LANGUAGES: Final[dict[str, Language]] = {"ja": "ja", "jp": "ja", "jpn": "ja", "en": "en", "eng": "en"}
_SHOWN: Final = 5
# What a person approved has no floor, as in the store's exports.
_DECIDED: Final = ("approved", "edited")
_LACKING: Final = "without Japanese or English"
_BREAK: Final = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which references to take: of a collection (and those below it), dated from `since` on, of named releases.

    `since` is YYYY-MM-DD. Units below `min_probability` are left out unless a person approved or edited them.
    """

    collection: str = ""
    since: str = ""
    releases: tuple[str, ...] = ()
    min_probability: float = 0.5

    @staticmethod
    def of(collection: str, since: str, releases: Iterable[str] | None, min_probability: float) -> Selection:
        """Return what a person asked for; raises UsageError where `since` is no date."""
        try:
            day = date.fromisoformat(since).isoformat() if since else ""
        except ValueError:
            raise UsageError(f"{since!r} is no date", hint="--since 2024-04-01") from None
        return Selection(collection, day, tuple(releases or ()), min_probability)

    @property
    def narrows(self) -> bool:
        """Return whether anything but the probability is asked for."""
        return bool(self.collection or self.since or self.releases)

    def takes(self, unit: Unit) -> bool:
        """Tell whether a unit is among those asked for, its probability aside."""
        if self.collection and not (unit.collection + "/").startswith(self.collection.rstrip("/") + "/"):
            return False
        if self.since and not unit.date >= self.since:
            return False
        return not self.releases or unit.release in self.releases


@dataclass(frozen=True, slots=True)
class Passage:
    """A reference segment before a direction is chosen; a text is None where the file has no such side."""

    document: str
    ja: str | None
    en: str | None
    collection: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bilingual:
    """What a reference file holds. `counted` names what `line` counts (`line`, `row`, `unit`), empty for a store.

    `target` is the language of what was named the reference, None where either side may be it. `first` is the language
    of the first of two files, which counts as the source where nothing else tells.
    """

    path: str
    passages: tuple[Passage, ...]
    counted: str = "line"
    notes: tuple[str, ...] = ()
    target: Language | None = None
    first: Language | None = None

    def sides(self) -> tuple[Language, ...]:
        """Return the languages every passage has."""
        ja = all(passage.ja is not None for passage in self.passages)
        en = all(passage.en is not None for passage in self.passages)
        both: tuple[tuple[Language, bool], ...] = (("ja", ja), ("en", en))
        return tuple(language for language, has in both if has)

    def side(self, language: Language) -> tuple[str, ...]:
        """Return the texts in one language, empty where a passage has none."""
        return tuple((passage.ja if language == "ja" else passage.en) or "" for passage in self.passages)


def read_references(paths: Sequence[Path], selection: Selection, source: Path | None = None) -> Bilingual:
    """Read references of any kind; two paths are a pair of text files, in either order.

    `source` is the source's text file where `paths` names the target's alone. Raises InputError, StoreError or
    UsageError.
    """
    if not paths:
        raise UsageError("no reference", hint="--reference FILE")
    files = [*paths, source] if source is not None else list(paths)
    if len(files) > 2:
        raise UsageError("too many reference files", hint="name one file, or a pair of text files")
    path = files[0]
    kind = _kind(path)
    if kind == "text":
        from tmalign.scoring.manifest import exported_folder, read_exported  # noqa: PLC0415 - it builds on this module

        folder = exported_folder(files)
        if folder is not None and len(files) == 2:
            return read_exported(folder, selection)
    if len(files) == 2:
        _refuse_selection(selection, str(path))
        pair = _pair(path, files[1])
        return pair if source is None else replace(pair, target=_language(path, read_segments(path)))
    if kind == "store":
        return _from_units(path, _stored(path, selection), selection, counted="")
    if kind == "tmx":
        return _from_units(path, _memory(path), selection, counted="unit")
    if kind == "folder":
        from tmalign.scoring.manifest import read_exported  # noqa: PLC0415 - it builds on this module

        return read_exported(path, selection)
    _refuse_selection(selection, str(path))
    return _json(path) if kind == "json" else _single(path)


def _kind(path: Path) -> str:
    """Tell what a path holds, from its name and first bytes."""
    if path.is_dir():
        if (path / "manifest.json").exists():
            return "folder"
        if (path / STORE_NAME).exists():
            return "store"
        raise MissingFileError(
            f"the folder holds no {STORE_NAME} and no manifest.json", path=path, hint="name a file, or such a folder"
        )
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if ".tmx" in suffixes[-2:]:
        return "tmx"
    if suffixes[-1:] and suffixes[-1] in JSON_SUFFIXES:
        return "json"
    if is_database(path):
        return "store"
    if suffixes[-1:] == [".sqlite"] and not path.is_file():
        raise MissingFileError(
            "there is no such store", path=path, hint="make one with: tmalign build CORPUS --out DIR"
        )
    return "text"


def _refuse_selection(selection: Selection, path: str) -> None:
    if selection.narrows:
        raise UsageError(
            f"{path} does not say which collection, date or release its lines belong to",
            hint="--collection, --since and --release need a store or a TMX",
        )


def _memory(path: Path) -> Iterator[Unit | None]:
    """Yield every unit of a TMX in order, None in place of one that lacks a language."""
    from tmalign.formats.tmx.own import own_unit  # noqa: PLC0415 - only where there is one
    from tmalign.formats.tmx.reading import TmxReader  # noqa: PLC0415 - likewise

    with TmxReader(path) as reader:
        for position, unit in enumerate(reader):
            yield own_unit(unit, position)


def _stored(path: Path, selection: Selection) -> Iterator[Unit]:
    from tmalign.memory.store import Store  # noqa: PLC0415 - only where there is one

    with Store(in_folder(path), create=False) as store:
        found = False
        for unit in store.units(0.0, selection.collection or None):
            found = True
            yield unit
        if not found:
            # None of them will be taken; the message can then say which collections there are.
            yield from store.units(0.0)


def _from_units(path: Path, units: Iterable[Unit | None], selection: Selection, *, counted: str) -> Bilingual:
    """Take the selected units with both texts, in the order they come."""
    passages: list[Passage] = []
    left_out: dict[str, int] = {}
    undated = 0
    releases: dict[str, None] = {}
    collections: dict[str, None] = {}
    for number, unit in enumerate(units, 1):
        if unit is None:
            left_out[_LACKING] = left_out.get(_LACKING, 0) + 1
            continue
        releases[unit.release] = collections[unit.collection] = None
        if not selection.takes(unit):
            undated += bool(selection.since and not unit.date)
            continue
        reason = (
            "with text on one side only"
            if not (unit.ja.strip() and unit.en.strip())
            else "rejected by a person"
            if unit.status == "rejected"
            else f"less probable than {selection.min_probability:g}"
            if unit.probability < selection.min_probability and unit.status not in _DECIDED
            else ""
        )
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
            continue
        passages.append(
            Passage(unit.release or path.stem, one_line(unit.ja), one_line(unit.en), unit.collection, number)
        )
    if missing := [name for name in selection.releases if name not in releases]:
        raise UsageError(f"{path} has no release {missing[0]}{_of(selection)}", hint=_known("releases", releases))
    if not passages:
        if selection.collection and not (selection.since or selection.releases):
            raise EmptyFileError(
                f"no unit is left to score against in the collection {selection.collection}",
                path=path,
                hint=_known("collections", collections),
            )
        raise EmptyFileError(
            "no unit is left to score against", path=path, hint="check --collection, --since and --release"
        )
    notes = [f"{_units(count)} {reason} left out" for reason, count in left_out.items()]
    if undated:
        notes.append(f"{_units(undated)} without a date left out by --since")
    return Bilingual(str(path), tuple(passages), counted, tuple(notes))


def _units(count: int) -> str:
    return f"{count:,} unit" + "s" * (count != 1)


def _of(selection: Selection) -> str:
    return f" in the collection {selection.collection}" if selection.collection else ""


def _known(what: str, names: Iterable[str]) -> str:
    """Return a hint of what there is to choose from."""
    known = [name for name in names if name]
    return (
        f"it has these {what}: {', '.join(known[:_SHOWN])}" + ", ..." * (len(known) > _SHOWN)
        if known
        else (f"it names no {what}")
    )


def _json(path: Path) -> Bilingual:
    from tmalign.scoring.reference_rows import read_reference_rows  # noqa: PLC0415 - it builds on this module

    return read_reference_rows(path)


def _single(path: Path) -> Bilingual:
    lines = read_segments(path)
    language = _language(path, lines)
    return Bilingual(
        str(path),
        tuple(
            Passage(path.stem, text if language == "ja" else None, text if language == "en" else None, line=number)
            for number, text in enumerate(lines, 1)
        ),
    )


def _pair(first: Path, second: Path) -> Bilingual:
    """Read two text files with a segment a line, one in each language."""
    for path in (first, second):
        if (kind := _kind(path)) != "text":
            raise UsageError(f"{path} is a {kind} and stands alone", hint="a pair of references is two text files")
    sides = {path: read_segments(path) for path in (first, second)}
    languages = {path: _language(path, lines) for path, lines in sides.items()}
    if len(sides) < 2 or languages[first] == languages[second]:
        raise LanguageError(
            f"both files of the pair are {NAMES[languages[first]]}",
            path=second,
            line=1,
            hint="give one in each language",
        )
    ja, en = (first, second) if languages[first] == "ja" else (second, first)
    check_length(sides[en], len(sides[ja]), str(en), of=f"other file, {ja.name}")
    return Bilingual(
        f"{first},{second}",
        tuple(
            Passage(first.stem, left, right, line=number)
            for number, (left, right) in enumerate(zip(sides[ja], sides[en], strict=True), 1)
        ),
        first=languages[first],
    )


def _language(path: Path, lines: Sequence[str]) -> Language:
    """Return a text file's language: what its name says, which the text must bear out, else what the text says."""
    named = next(
        (_SUFFIX_LANGUAGES[part] for part in reversed(path.name.lower().split(".")[1:]) if part in _SUFFIX_LANGUAGES),
        None,
    )
    told = told_language(lines)
    if named is None:
        if told is None:
            raise LanguageError(
                "neither Japanese nor English as far as the script tells", path=path, hint="name it NAME.ja or NAME.en"
            )
        return told
    check_language(lines, range(1, len(lines) + 1), named, str(path))
    return named


def orient(bilingual: Bilingual, target: Language, *, allow_empty: bool = False) -> References:
    """Choose the direction and check both sides. Raises FormatError or LanguageError with the line (or unit)."""
    if bilingual.target not in (None, target):
        raise LanguageError(
            f"the reference is {NAMES[other(target)]}, not {NAMES[target]}",
            path=bilingual.path,
            line=bilingual.passages[0].line or None,
            hint="source and target are swapped: check --direction, --reference and --source",
        )
    if target not in bilingual.sides():
        raise UsageError(
            f"{bilingual.path} has no {NAMES[target]} side to score against", hint="check --direction and --reference"
        )
    lines = [passage.line for passage in bilingual.passages]
    has_source = other(target) in bilingual.sides()
    notes = bilingual.notes
    for language in (target, other(target)) if has_source else (target,):
        texts = bilingual.side(language)
        where = bilingual.path if bilingual.counted else f"{bilingual.path} (unit by number)"
        side = f"{NAMES[language]} side"
        found = check_filled(texts, lines, where, allowed=allow_empty, what=side)
        found += check_language(texts, lines, language, where)
        notes += tuple(f"the reference's {side}: {note}" for note in found)
    documents: list[list[Passage]] = []
    for passage in bilingual.passages:
        if not documents or documents[-1][-1].document != passage.document:
            documents.append([])
        documents[-1].append(passage)
    made = tuple(
        ReferenceDocument(
            run[0].document,
            tuple(_side(passage, target) for passage in run),
            tuple(_side(passage, other(target)) for passage in run) if has_source else (),
            run[0].collection,
            tuple(passage.line for passage in run),
        )
        for run in documents
    )
    return References(bilingual.path, target, made, digest_of(made), notes)


def _side(passage: Passage, language: Language) -> str:
    return (passage.ja if language == "ja" else passage.en) or ""


def one_line(text: str) -> str:
    """Return the text on one line, as files with a segment a line need it and the tokenizers expect it."""
    return _BREAK.sub(" ", text).rstrip()


def digest_of(documents: Iterable[ReferenceDocument]) -> str:
    """Return the SHA-256 over ids, sources and references in order, hexadecimal."""
    total = hashlib.sha256()
    for document in documents:
        row = [document.id, list(document.sources), list(document.references)]
        total.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return total.hexdigest()
