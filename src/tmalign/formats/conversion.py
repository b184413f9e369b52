"""Any exchange format as a stream of units, and a stream of units as any of them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, cast, get_args

from tmalign.errors import UsageError
from tmalign.formats.exchange import MemoryHeader, TranslationUnit, UnitStream, Written
from tmalign.formats.files import atomic_write
from tmalign.formats.tmx.inline import marked_text, unmarked_text, without_markup
from tmalign.text.language_tag import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Format = Literal["tmx", "xliff12", "xliff21", "tsv", "csv", "jsonl", "xlsx", "parquet", "moses", "po"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_SUFFIXES: Final[dict[str, Format]] = {
    ".tmx": "tmx",
    ".xlf": "xliff12",
    ".xliff": "xliff12",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".po": "po",
    ".pot": "po",
}
# These hold tags; the others only text.
WITH_MARKUP: Final = frozenset({"tmx", "xliff12", "xliff21", "jsonl"})
Markup = Literal["keep", "drop", "xml"]


def format_of(path: Path, given: str | None = None) -> Format:
    """Return the format that is named, or that a file's suffix tells; `.gz` and `.zip` around it do not count.

    Raises UsageError where neither tells.
    """
    if given is not None:
        if given not in FORMATS:
            raise UsageError(f"there is no format {given!r}", hint=f"the formats are {', '.join(FORMATS)}")
        return given
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in {".gz", ".zip"}]
    found = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    if found is None:
        raise UsageError(
            f"the name does not say which format {path} is in", hint=f"name it: one of {', '.join(FORMATS)}"
        )
    return found


def moses_paths(path: Path, source: str, target: str) -> tuple[Path, Path]:
    """Return the two files of Moses pairs: PATH.ja and PATH.en."""
    return path.with_name(f"{path.name}.{source}"), path.with_name(f"{path.name}.{target}")


def read_units(path: Path, kind: Format, source: str, target: str, markup: Markup = "keep") -> UnitStream:
    """Read a file of any format. `source` and `target` are the languages where the format names none.

    `markup`: `keep` the tags of formats that have them, `drop` them, or take the texts of formats that have none for
    `xml`. Raises what the format's reader raises.
    """
    if kind == "tmx":
        from tmalign.formats.tmx.reading import TmxReader  # noqa: PLC0415 - patterns take a while to compile

        reader = TmxReader(path)
        stream = UnitStream(reader.header, iter(reader), reader.skipped, reader.warnings)
        stream.source = named if (named := reader.header.attribute("srclang")).lower() not in {"*all*", "all"} else ""
    elif kind in {"xliff12", "xliff21"}:
        from tmalign.formats.xliff import read_xliff  # noqa: PLC0415 - one of many

        stream = read_xliff(path)
    elif kind == "jsonl":
        from tmalign.formats.jsonl import read_jsonl  # noqa: PLC0415 - one of many

        stream = read_jsonl(path)
    elif kind == "po":
        from tmalign.formats.po import read_po  # noqa: PLC0415 - one of many

        stream = read_po(path, source, target)
    elif kind == "moses":
        from tmalign.formats.moses import read_moses  # noqa: PLC0415 - one of many

        stream = read_moses(moses_paths(path, source, target), source, target)
    else:
        from tmalign.formats.table import Kind, read_table  # noqa: PLC0415 - one of many

        stream = read_table(path, source, target, cast("Kind", kind))
    if markup == "drop":
        stream.units = without_markup(stream.units)
    elif markup == "xml" and kind not in WITH_MARKUP:
        stream.units = unmarked_text(stream.units)
    return stream


def write_units_as(
    path: Path | BinaryIO,
    units: Iterable[TranslationUnit],
    kind: Format,
    *,
    source: str,
    target: str,
    header: MemoryHeader | None = None,
    markup: Markup = "keep",
) -> Written:
    """Write a file of any format; a path is replaced atomically. With `markup` `xml`, tags stand in plain text as XML.

    Formats of two languages take the pair `source`, `target`. Raises OutputError where a path cannot be written and
    UsageError where a language is missing.
    """
    if kind not in {"tmx", "jsonl"} and not (source and target):
        raise UsageError(f"{kind} holds two languages, and the memory does not say which", hint="name both languages")
    if markup == "xml" and kind not in WITH_MARKUP:
        units = marked_text(units)
    if kind == "moses":
        return _write_moses(path, units, source, target)
    write = _writer(kind, source, target, header or MemoryHeader())
    if isinstance(path, Path):
        with atomic_write(path, keep_identical=True) as stream:
            return write(stream, units)
    return write(path, units)


def _write_moses(path: Path | BinaryIO, units: Iterable[TranslationUnit], source: str, target: str) -> Written:
    from tmalign.formats.moses import write_moses  # noqa: PLC0415 - one of many

    if not isinstance(path, Path):
        raise UsageError("Moses pairs are two files", hint="name the files' common beginning")
    one, other = moses_paths(path, source, target)
    with contextlib.ExitStack() as stack:
        streams = stack.enter_context(atomic_write(one)), stack.enter_context(atomic_write(other))
        return write_moses(streams, units, source, target)


def _writer(
    kind: Format, source: str, target: str, header: MemoryHeader
) -> Callable[[BinaryIO, Iterable[TranslationUnit]], Written]:
    """Return what writes a format to a stream."""
    if kind == "tmx":
        from tmalign.formats.tmx.writing import write_units  # noqa: PLC0415 - one of many

        def write_tmx(stream: BinaryIO, units: Iterable[TranslationUnit]) -> Written:
            done = write_units(stream, units, header)
            written = Written(done.units)
            if done.without_text:
                written.left_out["units without any text"] = done.without_text
            if done.characters_removed:
                written.left_out["characters that XML forbids"] = done.characters_removed
            return written

        return write_tmx
    if kind in {"xliff12", "xliff21"}:
        from tmalign.formats.xliff import write_xliff  # noqa: PLC0415 - one of many

        version: Literal["1.2", "2.1"] = "1.2" if kind == "xliff12" else "2.1"
        return lambda stream, units: write_xliff(stream, units, source, target, version)
    if kind == "jsonl":
        from tmalign.formats.jsonl import write_jsonl  # noqa: PLC0415 - one of many

        return write_jsonl
    if kind == "po":
        from tmalign.formats.po import write_po  # noqa: PLC0415 - one of many

        return lambda stream, units: write_po(stream, units, source, target)
    from tmalign.formats.table import Kind, write_table  # noqa: PLC0415 - one of many

    return lambda stream, units: write_table(stream, units, source, target, cast("Kind", kind))


def header_for(stream: UnitStream, kind: Format, source: str) -> MemoryHeader:
    """Return the header of a TMX made from a stream: its own where it was TMX, else one that names the source."""
    if stream.header.attributes or kind == "tmx":
        return stream.header
    return MemoryHeader(attributes=(("srclang", normal(source) or "*all*"),))
