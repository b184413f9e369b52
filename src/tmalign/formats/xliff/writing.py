"""Units as XLIFF 1.2 or 2.1, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from tmalign.formats.bilingual import all_pairs
from tmalign.formats.exchange import CODES, Attributes, Runs, Tag, TranslationUnit, Variant, Written
from tmalign.formats.tmx.markup import Escaper
from tmalign.formats.xliff.vocabulary import ATTRIBUTES, METADATA, OWN, PROPERTIES, XLIFF_12, XLIFF_20
from tmalign.text.language_tag import normal

if TYPE_CHECKING:
    from collections.abc import Iterable

Version = Literal["1.2", "2.1"]
_POSITIONS: Final = {"begin": "open", "end": "close"}


def write_xliff(
    stream: BinaryIO, units: Iterable[TranslationUnit], source: str, target: str, version: Version = "1.2"
) -> Written:
    """Write a unit a pair of texts. Units without both languages are counted and left out."""
    written = Written()
    writer = _Writer12() if version == "1.2" else _Writer21()
    source, target = normal(source), normal(target)
    stream.write(writer.head(source, target).encode())
    for unit, one, other in all_pairs(units, source, target, written.left_out):
        written.units += 1
        stream.write(writer.unit(written.units, unit, one, other).encode())
    stream.write(writer.tail.encode())
    if writer.flattened:
        written.left_out["tags that lost their type"] = writer.flattened
    if writer.escaper.removed:
        written.left_out["characters that XML forbids"] = writer.escaper.removed
    return written


class _Writer12:
    """XLIFF 1.2: codes keep their content between the tags, as in TMX."""

    flattened = 0  # nothing is lost

    tail = "    </body>\n  </file>\n</xliff>\n"

    def __init__(self) -> None:
        self.escaper = Escaper()

    def head(self, source: str, target: str) -> str:
        """Return everything before the first unit."""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="{XLIFF_12}" xmlns:tmx="{OWN}">\n'
            f'  <file original="memory" source-language="{self.escaper.attribute(source)}" '
            f'target-language="{self.escaper.attribute(target)}" datatype="plaintext">\n    <body>\n'
        )

    def unit(self, number: int, unit: TranslationUnit, one: Variant, other: Variant) -> str:
        """Return one `trans-unit`."""
        escape = self.escaper
        own = "".join(f' tmx:{name}="{escape.attribute(value)}"' for name, value in _plain(unit.attributes))
        lines = [
            f'      <trans-unit id="u{number}"{own} xml:space="preserve">',
            f"        <source>{self._inline(one.segment)}</source>",
            f"        <target>{self._inline(other.segment)}</target>",
        ]
        if unit.properties:
            items = "".join(
                f'<prop prop-type="{escape.attribute(item.type)}">{escape.text(item.text)}</prop>'
                for item in unit.properties
            )
            lines.append(f"        <prop-group>{items}</prop-group>")
        lines += [f"        <note>{escape.text(note.text)}</note>" for note in unit.notes]
        return "\n".join([*lines, "      </trans-unit>\n"])

    def _inline(self, runs: Runs) -> str:
        """Return a segment's content."""
        parts: list[str] = []
        number = 0
        for run in runs:
            if not isinstance(run, Tag):
                parts.append(self.escaper.text(run))
                continue
            name = {"hi": "mrk", "ut": "ph"}.get(run.name, run.name)
            if name not in {"bpt", "ept", "ph", "it", "mrk", "sub"}:
                name = "ph"
            if run.kind == "end":
                parts.append(f"</{name}>")
                continue
            number += 1
            parts.append(f"<{name}{self._code(name, run, number)}{'/' if run.kind == 'empty' else ''}>")
        return "".join(parts)

    def _code(self, name: str, tag: Tag, number: int) -> str:
        """Return the attributes of an inline element."""
        given = dict(tag.attributes)
        attributes: dict[str, str] = {}
        if name in {"bpt", "ept"}:
            attributes = {"id": str(number), "rid": given.get("i", str(number))}
        elif name in {"ph", "it"}:
            attributes = {"id": str(number)}
            if name == "it":
                attributes["pos"] = _POSITIONS.get(given.get("pos", ""), "open")
        elif name == "mrk":
            attributes = {"mtype": "x-hi"}
        if tag.name not in {name, "hi"}:
            attributes["tmx:tag"] = tag.name
        attributes |= {f"tmx:{key}": value for key, value in _plain(tag.attributes)}
        return "".join(f' {key}="{self.escaper.attribute(value)}"' for key, value in attributes.items())


class _Writer21:
    """XLIFF 2.1: codes are empty, and what they stood for is the unit's original data."""

    tail = "  </file>\n</xliff>\n"

    def __init__(self) -> None:
        self.escaper = Escaper()
        self.flattened = 0

    def head(self, source: str, target: str) -> str:
        """Return everything before the first unit."""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="2.1" xmlns="{XLIFF_20}" xmlns:mda="{METADATA}" '
            f'srcLang="{self.escaper.attribute(source)}" trgLang="{self.escaper.attribute(target)}">\n'
            '  <file id="f1">\n'
        )

    def unit(self, number: int, unit: TranslationUnit, one: Variant, other: Variant) -> str:
        """Return one `unit`."""
        escape = self.escaper
        data: dict[str, str] = {}
        source, target = self._inline(one.segment, data, "s"), self._inline(other.segment, data, "t")
        lines = [f'    <unit id="u{number}" xml:space="preserve">']
        groups = [
            (ATTRIBUTES, [(name, value) for name, value in unit.attributes]),
            (PROPERTIES, [(item.type, item.text) for item in unit.properties]),
        ]
        if any(entries for _, entries in groups):
            lines.append("      <mda:metadata>")
            for category, entries in groups:
                if entries:
                    metas = "".join(
                        f'<mda:meta type="{escape.attribute(kind)}">{escape.text(text)}</mda:meta>'
                        for kind, text in entries
                    )
                    lines.append(f'        <mda:metaGroup category="{category}">{metas}</mda:metaGroup>')
            lines.append("      </mda:metadata>")
        if unit.notes:
            notes = "".join(f"<note>{escape.text(note.text)}</note>" for note in unit.notes)
            lines.append(f"      <notes>{notes}</notes>")
        if data:
            originals = "".join(f'<data id="{key}">{escape.text(text)}</data>' for key, text in data.items())
            lines.append(f"      <originalData>{originals}</originalData>")
        lines += [
            "      <segment>",
            f"        <source>{source}</source>",
            f"        <target>{target}</target>",
            "      </segment>",
            "    </unit>\n",
        ]
        return "\n".join(lines)

    def _inline(self, runs: Runs, data: dict[str, str], side: str) -> str:
        """Return a segment's content; the content of codes goes into `data`."""
        parts: list[str] = []
        opened: list[Tag] = []
        inside: list[str] = []
        number = 0
        for run in runs:
            depth = sum(tag.name in CODES for tag in opened)
            if not isinstance(run, Tag):
                (inside if depth else parts).append(run if depth else self.escaper.text(run))
            elif run.kind == "end":
                tag = opened.pop()
                if tag.name in CODES and depth == 1:
                    number += 1
                    parts.append(self._code(tag, "".join(inside), data, f"{side}{number}"))
                    inside.clear()
                elif not depth:
                    parts.append("</mrk>" if tag.name == "hi" else "")
            elif run.kind == "empty":
                if not depth and run.name in CODES:
                    number += 1
                    parts.append(self._code(run, "", data, f"{side}{number}"))
            else:
                if not depth and run.name == "hi":
                    number += 1
                    parts.append(f'<mrk id="{side}{number}" type="tmx:hi">')
                opened.append(run)
        return "".join(parts)

    def _code(self, tag: Tag, content: str, data: dict[str, str], key: str) -> str:
        """Return an empty element for a code."""
        reference = ""
        if content:
            data[f"d{key}"] = content
            reference = f' dataRef="d{key}"'
        given = dict(tag.attributes)
        self.flattened += bool(given.keys() - {"i", "pos"})
        number = self.escaper.attribute(given.get("i", ""))
        if tag.name == "bpt":
            return f'<sc id="c{number or key}"{reference}/>'
        if tag.name == "ept":
            return (
                f'<ec startRef="c{number}"{reference}/>' if number else f'<ec id="c{key}" isolated="yes"{reference}/>'
            )
        if tag.name == "it":
            name = "ec" if given.get("pos") == "end" else "sc"
            return f'<{name} id="i{key}" isolated="yes"{reference}/>'
        return f'<ph id="p{self.escaper.attribute(given.get("x", "")) or key}"{reference}/>'


def _plain(attributes: Attributes) -> Attributes:
    """Return the attributes that can stand in a namespace of their own."""
    return tuple((name, value) for name, value in attributes if ":" not in name)
