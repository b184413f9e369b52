"""Our own units as TMX 1.4b, with where they come from as properties.

Written so that the strictest reader takes it: all seven header attributes, hyphenated `xml:lang`, `note` and
`prop` before the texts, no namespace, no byte order mark, no character that XML 1.0 forbids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from tmalign import __version__
from tmalign.formats.exchange import Property, TranslationUnit, Variant
from tmalign.formats.files import atomic_write
from tmalign.formats.tmx.markup import FORBIDDEN, Escaper
from tmalign.model import Language, Sentence, Status, Unit
from tmalign.text.language_tag import primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# What no text begins or ends with: white space of every width, and characters of no width, which spoil exact matches
# without being seen.
_EDGES = (
    " \t\n\r\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_STATUSES: frozenset[Status] = frozenset({"approved", "edited", "rejected"})
_SPAN = re.compile("([0-9]{1,18}):([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class TmxHeader:
    """What stands at the head of the file. `properties` are pairs of name (`x-...`) and value."""

    source: Language = "ja"
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TmxWritten:
    """What went into the file: units, characters XML forbids that were removed, units left out as one-sided."""

    units: int
    characters_removed: int
    one_sided: int = 0


def write_tmx(target: Path | BinaryIO, units: Iterable[Unit], header: TmxHeader | None = None) -> TmxWritten:
    """Write the units in the order they come, one at a time; a path is replaced atomically, and only if changed.

    A unit with an empty side is counted and left out. Nothing depends on the clock, so the same units give the
    same bytes. Raises OutputError where the path cannot be written.
    """
    writer = _Writer(header or TmxHeader())
    if isinstance(target, Path):
        with atomic_write(target, keep_identical=True) as stream:
            return writer.write(stream, units)
    return writer.write(target, units)


class _Writer:
    """Turns units into lines of TMX and counts what it leaves out."""

    def __init__(self, header: TmxHeader) -> None:
        """Start the counts at nothing."""
        self.header = header
        self._escaper = Escaper()

    def write(self, stream: BinaryIO, units: Iterable[Unit]) -> TmxWritten:
        """Write the whole file."""
        written = one_sided = 0
        stream.write(self._head().encode())
        for unit in units:
            # Trimmed after the removal: what stood behind a control character may be white space.
            ja, en = self._escaper.allowed(unit.ja).strip(_EDGES), self._escaper.allowed(unit.en).strip(_EDGES)
            if ja and en:
                stream.write(self._unit(unit, ja, en).encode())
                written += 1
            else:
                one_sided += 1
        stream.write(b"  </body>\n</tmx>\n")
        return TmxWritten(written, self._escaper.removed, one_sided)

    def _head(self) -> str:
        """Return everything before the first unit."""
        properties = "".join(f"    {self._property(name, value)}\n" for name, value in self.header.properties)
        attributes = (
            f'creationtool="tmalign" creationtoolversion="{self._escaper.attribute(__version__)}" segtype="sentence" '
            f'o-tmf="tmalign" adminlang="en" srclang="{self.header.source}" datatype="plaintext"'
        )
        header = f"  <header {attributes}>\n{properties}  </header>\n" if properties else f"  <header {attributes}/>\n"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
            f'<tmx version="1.4">\n{header}  <body>\n'
        )

    def _unit(self, unit: Unit, ja: str, en: str) -> str:
        """Return one `tu` with these texts, which hold no forbidden character."""
        attributes = "".join(f' {name}="{self._escaper.attribute(value)}"' for name, value in _attributes(unit))
        texts = (("ja", ja), ("en", en)) if self.header.source == "ja" else (("en", en), ("ja", ja))
        lines = [
            f"    <tu{attributes}>",
            *(f"      {self._property(name, value)}" for name, value in _properties(unit) if value),
            *(
                f'      <tuv xml:lang="{language}"><seg>{self._escaper.text(text)}</seg></tuv>'
                for language, text in texts
            ),
            "    </tu>\n",
        ]
        return "\n".join(lines)

    def _property(self, name: str, value: str) -> str:
        """Return one `prop`."""
        return f'<prop type="{self._escaper.attribute(name)}">{self._escaper.text(value)}</prop>'


def exchange_unit(unit: Unit, source: Language = "ja") -> TranslationUnit | None:
    """Return a unit as `write_tmx` writes it, for files that hold units of other tools, too; None if one-sided."""
    ja, en = FORBIDDEN.sub("", unit.ja).strip(_EDGES), FORBIDDEN.sub("", unit.en).strip(_EDGES)
    if not (ja and en):
        return None
    sides = (Variant("ja", (ja,)), Variant("en", (en,)))
    return TranslationUnit(
        sides if source == "ja" else sides[::-1],
        tuple(_attributes(unit)),
        tuple(Property(name, value) for name, value in _properties(unit) if value),
    )


def _attributes(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a unit's element."""
    # `tuid` may hold no white space; the percent sign goes with it so that two ids never become one.
    yield "tuid", re.sub(r"[\s%]", lambda found: quote(found[0]), unit.release) + f":{unit.position}"
    if date := _DATE.fullmatch(unit.date):
        stamp = "".join(date.groups()) + "T000000Z"
        yield "creationdate", stamp
        yield "changedate", stamp
    if len(unit.ja_spans) > 1 or len(unit.en_spans) > 1:
        # The standard's word for a stretch that is neither one sentence nor one paragraph.
        yield "segtype", "block"


def _properties(unit: Unit) -> tuple[tuple[str, str], ...]:
    """Return where a unit comes from, in a fixed order."""
    return (
        ("x-release", unit.release),
        ("x-collection", unit.collection),
        ("x-bead", unit.shape),
        ("x-probability", f"{unit.probability:.4f}"),
        ("x-origin", unit.origin),
        ("x-status", "" if unit.status == "unreviewed" else unit.status),
        ("x-ja-source", unit.ja_source),
        ("x-en-source", unit.en_source),
        ("x-ja-span", _written_spans(unit.ja_spans)),
        ("x-en-span", _written_spans(unit.en_spans)),
        ("x-signature", unit.signature),
    )


def _written_spans(spans: Iterable[Sentence]) -> str:
    """Return spans as `block:start-end;...`."""
    return ";".join(f"{span.block}:{span.start}-{span.end}" for span in spans)


def _read_spans(text: str) -> tuple[Sentence, ...]:
    """Return the spans that `_written_spans` wrote; what is not one is passed over."""
    found = (_SPAN.fullmatch(part) for part in text.split(";"))
    return tuple(Sentence(*map(int, match.groups())) for match in found if match)


def read_tmx(path: Path) -> Iterator[Unit]:
    """Read the units that have both a Japanese and an English text, one at a time.

    Units of other tools come with the origin `tmx`, probability 1 and no spans; units without one of the two
    languages are passed over. Entities are never expanded and nothing outside the file is opened.
    Raises MissingFileError, UnreadableFileError, EmptyFileError or FormatError (with the line).
    """
    from tmalign.formats.tmx.reading import TmxReader  # noqa: PLC0415 - its patterns take a while to compile

    with TmxReader(path) as reader:
        for position, unit in enumerate(reader):
            if found := own_unit(unit, position):
                yield found


def own_unit(unit: TranslationUnit, position: int = 0) -> Unit | None:
    """Return the Japanese and English of a unit; None where one is missing. The first text of a language counts.

    `position` stands in for the number that our own `tuid` ends in, where there is none.
    """
    texts: dict[str, str] = {}
    for variant in unit.variants:
        texts.setdefault(primary(variant.language), variant.text.strip())
    if not (texts.get("ja") and texts.get("en")):
        return None
    properties = {item.type: item.text for item in unit.properties}
    tail = unit.attribute("tuid").rpartition(":")[2]
    return Unit(
        ja=texts["ja"],
        en=texts["en"],
        release=properties.get("x-release", ""),
        collection=properties.get("x-collection", ""),
        date=re.sub(r"^(\d{4})(\d{2})(\d{2})(T.*)?$", r"\1-\2-\3", unit.attribute("creationdate")),
        probability=_probability(properties.get("x-probability", "")),
        ja_spans=_read_spans(properties.get("x-ja-span", "")),
        en_spans=_read_spans(properties.get("x-en-span", "")),
        origin=properties.get("x-origin", "tmx"),
        signature=properties.get("x-signature", ""),
        ja_source=properties.get("x-ja-source", ""),
        en_source=properties.get("x-en-source", ""),
        status=_status(properties.get("x-status", "")),
        position=int(tail) if "x-release" in properties and re.fullmatch("[0-9]{1,18}", tail) else position,
    )


def _status(text: str) -> Status:
    """Return what people said of a unit; unreviewed where nothing is written, or nothing we know."""
    return text if text in _STATUSES else "unreviewed"


def _probability(text: str) -> float:
    """Return the number written, or 1 where none is."""
    return float(text) if re.fullmatch(r"0(\.[0-9]{1,17})?|1(\.0{1,17})?", text) else 1.0
