"""Bilingual word lists: glossaries (tab, comma or semicolon), TBX, EDICT and JMdict, read for their words alone.

Notes, grammar and status are not needed to align by and are left out; `tmalign terms` keeps a termbase with them.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tmalign.errors import EmptyFileError, FileSizeError, FormatError, MissingFileError, UnreadableFileError
from tmalign.formats.charset import decode
from tmalign.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lxml import etree

MOST_BYTES = 512 << 20
_SAMPLE = 1 << 16
_GZIP = b"\x1f\x8b"
_EDICT = re.compile(r"^(?P<words>\S+)(?: \[(?P<readings>[^\]]+)\])? /(?P<glosses>.*)/\s*$")
_TAG = re.compile(r"\([^)]*\)")
_JAPANESE = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]|[\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]")
# Names of columns that look like terms themselves.
_HEADS = {"日本語", "和文", "原文", "原語", "用語", "english", "en", "en-us", "en-gb", "target", "term", "translation"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HINT = "give a glossary (two columns), TBX, EDICT or JMdict file"


@dataclass(frozen=True, slots=True)
class WordEntry:
    """A Japanese word with its readings and its English glosses. `usual` marks what EDICT calls priority."""

    words: tuple[str, ...]
    glosses: tuple[str, ...]
    readings: tuple[str, ...] = ()
    usual: bool = True


@dataclass(frozen=True, slots=True)
class WordList:
    """What a file held. `refused` names rows that could not be read."""

    kind: str
    entries: tuple[WordEntry, ...]
    refused: tuple[Skipped, ...] = ()


def read_wordlist(path: Path) -> WordList:
    """Read a word list of any known format, told from its content; gzip is unpacked.

    Raises `MissingFileError`, `UnreadableFileError`, `FileSizeError` above 512 MiB, `EmptyFileError` where no entry is
    found, `FormatError` where it is no word list, and what `charset.decode` raises.
    """
    data = _read(path)
    if not data.strip():
        raise EmptyFileError("the file is empty", path=path, hint=_HINT)
    head = data[:_SAMPLE].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        found = _xml(data, path)
    else:
        text = _text(data, path)
        lines = text.splitlines()
        sample = [line for line in lines[:200] if line.strip()]
        if sum(_EDICT.match(line) is not None for line in sample) * 2 > len(sample):
            found = WordList("edict", *_edict(lines, path))
        else:
            found = WordList("glossary", *_glossary(text, path))
    if not found.entries:
        first = f": {found.refused[0].path}: {found.refused[0].message}" if found.refused else ""
        raise EmptyFileError(f"no entry could be read{first}", path=path, hint=_HINT)
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if data.startswith(_GZIP):
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise MissingFileError("no such file", path=path, hint="check the name") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(f"damaged gzip: {error}", path=path, hint="fetch the file again") from error
    except OSError as error:
        raise UnreadableFileError(
            error.strerror or str(error), path=path, hint="check the file and its rights"
        ) from error
    if len(data) > MOST_BYTES:
        raise FileSizeError(f"larger than {MOST_BYTES >> 20} MiB", path=path, hint="split the list")
    return data


def _text(data: bytes, path: Path) -> str:
    """Decode by what the beginning says: weighing encodings over a whole dictionary takes long."""
    end = data.rfind(b"\n", 0, _SAMPLE) if len(data) > _SAMPLE else len(data)
    told = decode(data[: end if end > 0 else len(data)], path=path)
    if len(data) <= _SAMPLE:
        return told.text.removeprefix("\ufeff")
    return data.decode(told.encoding, "replace").removeprefix("\ufeff")


def _edict(lines: list[str], path: Path) -> tuple[tuple[WordEntry, ...], tuple[Skipped, ...]]:
    entries, refused = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip() or "？？？" in line[:8]:  # the first line of EDICT describes the file
            continue
        match = _EDICT.match(line)
        if match is None:
            refused.append(Skipped(f"{path}:{number}", FormatError.code, "not an EDICT entry"))
            continue
        words, readings = (
            tuple(_TAG.sub("", word) for word in (match[name] or "").split(";") if _TAG.sub("", word))
            for name in ("words", "readings")
        )
        glosses = tuple(g for g in match["glosses"].split("/") if g and not g.startswith("EntL") and g != "(P)")
        entries.append(WordEntry(words, glosses, readings, "(P)" in match["glosses"]))
    return tuple(entries), tuple(refused)


def _glossary(text: str, path: Path) -> tuple[tuple[WordEntry, ...], tuple[Skipped, ...]]:
    """Read two columns in either order, told a row by their script; a head and lines with `#` are passed over."""
    lines = [line if not line.startswith("#") else "" for line in re.split("\r\n|\r|\n", text)]
    sample = "\n".join(lines[:50])
    delimiter = "\t" if "\t" in sample else max(",;", key=sample.count)
    csv.field_size_limit(MOST_BYTES)
    table = io.StringIO("\n".join(lines), newline="")
    if delimiter == "\t":  # such glossaries do not quote; a lone quotation mark is text
        rows = csv.reader(table, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(table, delimiter=delimiter)
    entries: list[WordEntry] = []
    refused: list[Skipped] = []
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            pair = _columns(cells)
            if pair and not entries and {cell.casefold() for cell in pair} <= _HEADS:
                continue
            if pair:
                entries.append(WordEntry((pair[0],), (pair[1],)))
            elif entries or refused or _is_no_head(cells):
                message = "no Japanese and English term side by side"
                refused.append(Skipped(f"{path}:{rows.line_num}", FormatError.code, message))
    except csv.Error as error:
        raise FormatError(f"broken table: {error}", path=path, line=rows.line_num, hint="export it again") from error
    return tuple(entries), tuple(refused)


def _columns(cells: list[str]) -> tuple[str, str] | None:
    """Return the first two neighbouring cells of which one is Japanese and the other English."""
    for first, second in pairwise(cells):
        for ja, en in ((first, second), (second, first)):
            if _JAPANESE.search(ja) and _LATIN.search(en) and not _JAPANESE.search(en):
                return ja, en
    return None


def _is_no_head(cells: list[str]) -> bool:
    """Tell whether a first row without a pair is more than column names."""
    return len([cell for cell in cells if cell]) < 2


def _xml(data: bytes, path: Path) -> WordList:
    from lxml import etree  # noqa: PLC0415 - nothing heavy at import

    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}
    try:
        events = etree.iterparse(io.BytesIO(data), events=("end",), **options)
        kind = ""
        entries: list[WordEntry] = []
        for _, element in events:
            kind = kind or {"entry": "jmdict", "ent_seq": "jmdict"}.get(_local(element), "")
            if kind == "jmdict" and _local(element) == "entry":
                entries.append(_jmdict(element))
            elif _local(element) in {"conceptEntry", "termEntry"}:
                kind = "tbx"
                entries += _concept(element)
            else:
                continue
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise FormatError(f"broken XML: {error.msg}", path=path, line=error.lineno, hint="export it again") from error
    if not kind:
        raise FormatError("XML of a kind that holds no word list", path=path, hint=_HINT)
    return WordList(kind, tuple(entry for entry in entries if entry.words and entry.glosses))


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _texts(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(
        text
        for found in element.iter()
        if _local(found) == name and (text := " ".join("".join(map(str, found.itertext())).split()))
    )


def _jmdict(element: etree._Element) -> WordEntry:
    words, readings = _texts(element, "keb"), _texts(element, "reb")
    usual = any(_local(child) in {"ke_pri", "re_pri"} for child in element.iter())
    glosses = tuple(
        text
        for found in element.iter()
        if _local(found) == "gloss"
        and found.get(_LANG, "eng") in {"eng", "en"}
        and (text := " ".join((found.text or "").split()))
    )
    return WordEntry(words or readings, glosses, readings if words else (), usual)


def _concept(element: etree._Element) -> Iterator[WordEntry]:
    """Yield a TBX concept: every Japanese term with all English ones."""
    terms: dict[str, list[str]] = {"ja": [], "en": []}
    for section in element.iter():
        if _local(section) in {"langSec", "langSet"}:
            language = (section.get(_LANG) or section.get("lang") or "").lower().replace("_", "-").split("-")[0]
            if language in terms:
                terms[language] += _texts(section, "term")
    if terms["ja"] and terms["en"]:
        yield WordEntry(tuple(_once(terms["ja"])), tuple(_once(terms["en"])))


def _once(texts: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(texts)
