"""XLIFF 1.2 and 2.x as a stream of units, through lxml's pull parser.

Only units with a target are pairs; the others are counted. Entities are not expanded, nothing outside is opened.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

from tmalign.errors import FormatError
from tmalign.formats.exchange import (
    Attributes,
    MemoryHeader,
    Note,
    Property,
    Runs,
    Tag,
    TranslationUnit,
    UnitStream,
    Variant,
    joined,
)
from tmalign.formats.tmx.decoding import Characters, readable
from tmalign.formats.xliff.vocabulary import ATTRIBUTES, OWN

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from lxml import etree

_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
# Our own numbering says nothing of a unit.
_NUMBERED: Final = re.compile("u[0-9]+")
_POSITIONS: Final = {"open": "begin", "close": "end"}


def read_xliff(path: Path) -> UnitStream:
    """Read the units of an XLIFF file that have a target, one at a time.

    Raises MissingFileError, UnreadableFileError, EmptyFileError, EncodingError or FormatError with the line.
    """
    reader = _Reader(path)
    parts = reader.read()
    stream = next(parts)
    if not isinstance(stream, UnitStream):
        raise TypeError(type(stream))
    stream.units = cast("Iterator[TranslationUnit]", parts)
    return stream


class _Reader:
    """Turns the elements of a file into units."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stream = UnitStream(MemoryHeader(), iter(()), Counter())

    def read(self) -> Generator[UnitStream | TranslationUnit, None, None]:
        """Yield the stream's head once the languages are known, then the units."""
        from lxml import etree  # noqa: PLC0415 - --help does without

        told = False
        with readable(self.path, member=".xlf") as file:
            parser = etree.XMLPullParser(
                events=("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
            )
            characters = Characters(file, self.path)
            try:
                for piece in characters:
                    parser.feed(piece.encode())
                    for unit in self._units(parser):
                        if not told:
                            told = True
                            yield self.stream
                        yield unit
                parser.close()
            except etree.XMLSyntaxError as error:
                raise FormatError(
                    f"broken XML: {error.msg}", path=self.path, line=error.lineno, hint="export the file again"
                ) from error
        if not told:
            yield self.stream

    def _units(self, parser: Any) -> Iterator[TranslationUnit]:  # noqa: ANN401 - lxml's stubs lack the pull parser
        """Yield the units that are finished."""
        for event, element in parser.read_events():
            name = _local(element)
            if event == "start":
                self._enter(name, element)
            elif name in {"trans-unit", "unit"}:
                yield from self._unit(element) if name == "trans-unit" else self._unit_20(element)
                _forget(element)

    def _enter(self, name: str, element: etree._Element) -> None:
        if element.getparent() is None and name != "xliff":
            raise FormatError(
                f"not XLIFF: the root element is {name[:40]}", path=self.path, line=1, hint="give an .xlf file"
            )
        if name == "xliff":
            self._languages(element.get("srcLang"), element.get("trgLang"))
            self.stream.header = MemoryHeader(element.get("version", ""))
        elif name == "file":
            self._languages(element.get("source-language"), element.get("target-language"))

    def _languages(self, source: str | None, target: str | None) -> None:
        if source:
            self.stream.source = source
        if target:
            self.stream.target = target

    def _unit(self, element: etree._Element) -> Iterator[TranslationUnit]:
        """Yield the unit of a `trans-unit`."""
        parts = {_local(child): child for child in reversed(element) if isinstance(child.tag, str)}
        source, target = parts.get("source"), parts.get("target")
        if source is None or target is None:
            self.stream.skipped["units without a target"] += 1
            return
        attributes = _own(element)
        name = element.get("resname") or element.get("id") or ""
        if not attributes and name and not _NUMBERED.fullmatch(name):
            attributes = (("tuid", name),)
        if "alt-trans" in parts:
            self.stream.skipped["alternative translations"] += 1
        properties = tuple(
            Property(item.get("prop-type", ""), item.text or "")
            for group in element
            if _local(group) == "prop-group"
            for item in group
            if _local(item) == "prop"
        )
        notes = tuple(Note(child.text or "") for child in element if _local(child) == "note")
        yield self._made(_runs_12(source), _runs_12(target), source, target, (attributes, properties, notes))

    def _unit_20(self, element: etree._Element) -> Iterator[TranslationUnit]:
        """Yield a unit for every `segment` of a `unit`."""
        attributes: list[tuple[str, str]] = []
        properties: list[Property] = []
        notes: list[Note] = []
        data: dict[str, str] = {}
        for child in element.iter():
            name = _local(child)
            if name == "metaGroup":
                entries = [(item.get("type", ""), item.text or "") for item in child if _local(item) == "meta"]
                if child.get("category") == ATTRIBUTES:
                    attributes += entries
                else:
                    properties += [Property(*entry) for entry in entries]
            elif name == "note":
                notes.append(Note(child.text or ""))
            elif name == "data":
                data[child.get("id", "")] = _characters(child)
        name = element.get("name") or element.get("id") or ""
        if not attributes and name and not _NUMBERED.fullmatch(name):
            attributes.append(("tuid", name))
        segments = [child for child in element if _local(child) == "segment"]
        for segment in segments:
            parts = {_local(child): child for child in segment}
            source, target = parts.get("source"), parts.get("target")
            if source is None or target is None:
                self.stream.skipped["units without a target"] += 1
                continue
            about = (tuple(attributes), tuple(properties), tuple(notes))
            yield self._made(_runs_20(source, data), _runs_20(target, data), source, target, about)

    def _made(
        self,
        one: Runs,
        other: Runs,
        source: etree._Element,
        target: etree._Element,
        about: tuple[Attributes, tuple[Property, ...], tuple[Note, ...]],
    ) -> TranslationUnit:
        """Return a unit of two variants."""
        return TranslationUnit(
            (
                Variant(source.get(_XML_LANG) or self.stream.source or "und", one),
                Variant(target.get(_XML_LANG) or self.stream.target or "und", other),
            ),
            *about,
            line=source.sourceline if isinstance(source.sourceline, int) else 0,
        )


def _local(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Drop a finished element and its finished neighbours, so that memory stays level."""
    parent = element.getparent()
    tail = element.getprevious() is not None
    element.clear()
    while tail and parent is not None and element.getprevious() is not None:
        del parent[0]


def _own(element: etree._Element) -> Attributes:
    """Return the attributes in our own namespace."""
    start = f"{{{OWN}}}"
    return tuple(
        (str(name)[len(start) :], str(value)) for name, value in element.attrib.items() if str(name).startswith(start)
    )


def _events(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield (start or end, element) below an element, and (text, element), (tail, element), without recursion."""
    from lxml import etree  # noqa: PLC0415 - loaded already, by the parser

    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if node is element:
            if event == "start":
                yield "text", node
            continue
        if event == "start":
            yield "start", node
            yield "text", node
        elif event == "end":
            yield "end", node
            yield "tail", node
        else:
            yield "tail", node


def _characters(element: etree._Element) -> str:
    """Return the text of a `data`, `cp` elements resolved."""
    parts = [element.text or ""]
    for child in element:
        if _local(child) == "cp":
            parts.append(_code_point(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _code_point(element: etree._Element) -> str:
    """Return the character a `cp` stands for."""
    try:
        return chr(int(element.get("hex", ""), 16))
    except (ValueError, OverflowError):
        return ""


def _runs_12(element: etree._Element) -> Runs:
    """Return the runs of a `source` or `target` of XLIFF 1.2."""
    runs: list[str | Tag] = []
    for event, node in _events(element):
        if event == "text":
            runs.append(node.text or "")
        elif event == "tail":
            runs.append(node.tail or "")
        else:
            runs += _tag_12(_local(node), node, event)
    return _emptied(joined(runs))


def _tag_12(name: str, node: etree._Element, event: str) -> list[str | Tag]:  # noqa: C901 - a branch an element
    """Return the tags that an inline element of XLIFF 1.2 begins or ends with."""
    own = _own(node)
    number = node.get("rid") or node.get("id") or "1"
    if name == "g":
        return [Tag("bpt" if event == "start" else "ept", (("i", number),), "empty")]
    if name in {"x", "bx", "ex"}:
        if event == "end":
            return []
        if name == "x":
            return [Tag("ph", own or (("x", number),), "empty")]
        return [Tag("bpt" if name == "bx" else "ept", own or (("i", number),), "empty")]
    kept = dict(own)
    tag = kept.pop("tag", "") or {"mrk": "hi"}.get(name, name)
    if tag not in {"bpt", "ept", "ph", "it", "hi", "sub", "ut"}:
        tag = "hi"
    if event == "end":
        return [Tag(tag, (), "end")]
    attributes = tuple(kept.items())
    if not attributes:
        if tag in {"bpt", "ept"}:
            attributes = (("i", number),)
        elif tag == "it":
            attributes = (("pos", _POSITIONS.get(node.get("pos", ""), "begin")),)
        elif tag == "hi" and node.get("mtype", "x-hi") != "x-hi":
            attributes = (("type", node.get("mtype", "")),)
    return [Tag(tag, attributes)]


def _emptied(runs: Runs) -> Runs:
    """Make a start tag and the end tag right after it one empty tag."""
    found: list[str | Tag] = []
    for run in runs:
        last = found[-1] if found else ""
        if isinstance(run, Tag) and run.kind == "end" and isinstance(last, Tag) and last.kind == "start":
            found[-1] = Tag(last.name, last.attributes, "empty")
        else:
            found.append(run)
    return tuple(found)


def _runs_20(element: etree._Element, data: dict[str, str]) -> Runs:
    """Return the runs of a `source` or `target` of XLIFF 2.x."""
    runs: list[str | Tag] = []
    for event, node in _events(element):
        if event == "text":
            runs.append(node.text or "")
        elif event == "tail":
            runs.append(node.tail or "")
        else:
            runs += _tag_20(_local(node), node, event, data)
    return joined(runs)


def _tag_20(name: str, node: etree._Element, event: str, data: dict[str, str]) -> list[str | Tag]:  # noqa: PLR0911 - a return an element
    """Return the tags that an inline element of XLIFF 2.x begins or ends with."""
    key = (node.get("id") or "").removeprefix("c")
    if name == "pc":
        tag = "bpt" if event == "start" else "ept"
        content = data.get(node.get("dataRefStart" if event == "start" else "dataRefEnd", ""), "")
        return _code(tag, (("i", key),), content)
    if name in {"mrk", "sm", "em"}:
        if name == "mrk":
            return [Tag("hi", (), "start" if event == "start" else "end")]
        return []
    if event == "end":
        return []
    content = data.get(node.get("dataRef", ""), "")
    if name == "cp":
        return [_code_point(node)]
    if name in {"sc", "ec"}:
        if node.get("isolated") == "yes":
            return _code("it", (("pos", "begin" if name == "sc" else "end"),), content)
        number = (node.get("startRef") or "").removeprefix("c") if name == "ec" else key
        return _code("bpt" if name == "sc" else "ept", (("i", number),), content)
    number = (node.get("id") or "").removeprefix("p")
    return _code("ph", (("x", number),) if number.isdigit() else (), content)


def _code(name: str, attributes: Attributes, content: str) -> list[str | Tag]:
    """Return the runs of a code with its content."""
    if not content:
        return [Tag(name, attributes, "empty")]
    return [Tag(name, attributes), content, Tag(name, (), "end")]
