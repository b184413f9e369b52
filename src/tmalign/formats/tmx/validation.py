"""Whether a TMX file keeps to the standard, and whether CAT tools will take it.

The content model is that of TMX 1.4b (LISA OSCAR, 2005); the other findings are what OmegaT 3.6 and 6.1 were seen
to do with files. Streaming: memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from xml.parsers import expat

from tmalign.errors import EncodingError, FileSizeError, FormatError
from tmalign.formats.tmx.decoding import Characters, readable
from tmalign.text.language_tag import normal, primary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Level = Literal["error", "warning"]

_SEGMENT_TYPES: Final = frozenset({"block", "paragraph", "sentence", "phrase"})
_HISTORY: Final = (
    "o-encoding datatype usagecount lastusagedate creationtool creationtoolversion creationdate creationid changedate "
    "changeid o-tmf"
)
_CONTENT: Final = frozenset({"bpt", "ept", "ph", "it", "hi", "ut"})


@dataclass(frozen=True, slots=True)
class _Model:
    """What an element may hold: child elements, text, and which attributes it must and may have."""

    children: frozenset[str] = frozenset()
    text: bool = False
    required: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()


def _model(children: str = "", *, text: bool = False, required: str = "", allowed: str = "") -> _Model:
    needed = tuple(required.split())
    return _Model(frozenset(children.split()), text, needed, frozenset(needed) | frozenset(allowed.split()))


_INLINE: Final = " ".join(sorted(_CONTENT))
MODEL: Final = {
    "tmx": _model("header body", required="version"),
    "header": _model(
        "note prop ude",
        required="creationtool creationtoolversion segtype o-tmf adminlang srclang datatype",
        allowed="o-encoding creationdate creationid changedate changeid",
    ),
    "body": _model("tu"),
    "note": _model(text=True, allowed="o-encoding xml:lang lang"),
    "prop": _model(text=True, required="type", allowed="o-encoding xml:lang lang"),
    "ude": _model("map", required="name", allowed="base"),
    "map": _model(required="unicode", allowed="code ent subst"),
    "tu": _model("note prop tuv", allowed=f"{_HISTORY} tuid segtype srclang"),
    "tuv": _model("note prop seg", allowed=f"{_HISTORY} xml:lang lang"),
    "seg": _model(_INLINE, text=True),
    "bpt": _model("sub", text=True, required="i", allowed="x type"),
    "ept": _model("sub", text=True, required="i"),
    "it": _model("sub", text=True, required="pos", allowed="x type"),
    "ph": _model("sub", text=True, allowed="x assoc type"),
    "ut": _model("sub", text=True, allowed="x"),
    "hi": _model(_INLINE, text=True, allowed="x type"),
    "sub": _model(_INLINE, text=True, allowed="datatype type"),
}
_ORDERED: Final = {"tmx": ("header", "body"), "tu": ("note prop", "tuv"), "tuv": ("note prop", "seg")}
_DATE: Final = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])[0-5]\d[0-5]\dZ")
_MOST_TEXTS: Final = 100
_DATES: Final = ("creationdate", "changedate", "lastusagedate")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (`error`) or that some tool trips over (`warning`). `code` is a stable word."""

    level: Level
    code: str
    line: int
    message: str


def validate(path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a file, in its order.

    A file that is not well-formed ends with the finding `broken-xml`, `encoding`, ... at the line where reading ended.
    Raises MissingFileError, UnreadableFileError and EmptyFileError, for which there is no file to speak of.
    """
    with readable(path) as stream:
        checker = _Checker()
        try:
            characters = Characters(stream, path)
            if characters.warnings:
                yield from (Finding("warning", "odd-encoding", 1, warning) for warning in characters.warnings)
            for piece in characters:
                yield from checker.feed(piece)
            yield from checker.feed("", last=True)
        except (FormatError, EncodingError, FileSizeError) as error:
            yield from checker.findings
            code = "broken-xml" if error.code == "format" else error.code
            yield Finding("error", code, error.line or 1, error.message.removeprefix("broken XML: "))
        except expat.ExpatError as error:
            yield from checker.findings
            yield Finding("error", "broken-xml", error.lineno, expat.ErrorString(error.code) or "not XML")


@dataclass(slots=True)
class _Open:
    """An element that is open, and what came in it so far."""

    name: str
    line: int
    seen: Counter[str]
    stage: int = 0


class _Checker:
    """Follows the elements of a file and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._foreign = 0
        self._source = ""
        self._unit_source = ""
        self._languages: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        self._text: list[str] = []
        self._tagged = False
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.DefaultHandler = lambda _data: None

    def feed(self, text: str, *, last: bool = False) -> list[Finding]:
        """Take the next piece and return what was found in it."""
        self._parser.Parse(text.encode(), last)
        found, self.findings = self.findings, []
        return found

    def _say(self, level: Level, code: str, message: str, line: int = 0) -> None:
        self.findings.append(Finding(level, code, line or self._parser.CurrentLineNumber, message))

    def _entity(self, name: str, *_: object) -> None:
        self._say("warning", "entity", f"declares the entity {name}; readers that are careful do not expand it")

    def _start(self, name: str, flat: list[str]) -> None:
        attributes = dict(zip(flat[::2], flat[1::2], strict=True))
        parent = self._open[-1] if self._open else None
        if self._foreign:
            self._foreign += 1
            return
        if parent is None and name != "tmx":
            raise FormatError(f"the root element is {name[:40]}, not tmx", line=self._parser.CurrentLineNumber)
        model = MODEL.get(name)
        if model is None or (parent is not None and name not in MODEL[parent.name].children):
            where = f" in {parent.name}" if parent else ""
            self._say("error", "element", f"{name[:40]} may not stand{where}")
            if model is None or name in {"tmx", "body", "header", "tu", "tuv", "seg"}:
                self._foreign = 1
                return
        if parent is not None:
            self._order(parent, name)
            self._tagged = self._tagged or parent.name == "seg"
        self._attributes(name, attributes, model)
        self._open.append(_Open(name, self._parser.CurrentLineNumber, Counter()))
        self._enter(name, attributes)

    def _order(self, parent: _Open, name: str) -> None:
        """Say where an element stands behind one that it should stand before."""
        parent.seen[name] += 1
        for stage, names in enumerate(_ORDERED.get(parent.name, ())):
            if name in names.split():
                if stage < parent.stage:
                    self._say("error", "order", f"{name} stands too late in {parent.name}")
                parent.stage = max(stage, parent.stage)
        if parent.name in {"tmx", "tuv"} and name in {"header", "body", "seg"} and parent.seen[name] > 1:
            self._say("error", "repeated", f"{parent.name} has more than one {name}")

    def _attributes(self, name: str, attributes: dict[str, str], model: _Model) -> None:
        """Check names and values of attributes."""
        for wanted in model.required:
            if wanted not in attributes:
                self._say("error", "attribute-missing", f"{name} has no {wanted}")
        for given, value in attributes.items():
            if given not in model.allowed and given != "xmlns" and not given.startswith(("xmlns:", "xml:")):
                self._say("error", "attribute", f"{name} may not have {given[:40]}")
            if given == "xmlns":
                self._say("warning", "namespace", "declares a namespace, which OmegaT does not expect")
            if given in _DATES and not _DATE.fullmatch(value):
                self._say("warning", "date", f"{given} is {value[:40]!r}, not YYYYMMDDThhmmssZ")
        if "segtype" in attributes and attributes["segtype"] not in _SEGMENT_TYPES:
            self._say("error", "attribute-value", f"segtype is {attributes['segtype'][:40]!r}")
        if name == "it" and attributes.get("pos", "begin") not in {"begin", "end"}:
            self._say("error", "attribute-value", f"pos is {attributes['pos'][:40]!r}")

    def _enter(self, name: str, attributes: dict[str, str]) -> None:  # noqa: C901, PLR0912 - a branch an element
        """Check what an element says of itself."""
        match name:
            case "tmx":
                if attributes.get("version", "1.4") != "1.4":
                    self._say("warning", "version", f"version is {attributes['version'][:20]!r}, not 1.4")
            case "header":
                self._source = attributes.get("srclang", "")
                if attributes.get("creationtool", "").lower() == "omegat":
                    self._say(
                        "warning", "omegat-tool", "says that OmegaT made it, which makes OmegaT read it otherwise"
                    )
                if not self._source:
                    self._say("error", "omegat-srclang", "the header has no srclang: OmegaT loads nothing of the file")
            case "tu":
                self._unit_source = attributes.get("srclang", self._source)
                self._languages.clear()
            case "tuv":
                self._language(attributes)
            case "seg":
                self._pairs.clear()
                self._text.clear()
                self._tagged = False
            case "prop":
                if attributes.get("type") == "file" and len(self._open) > 1 and self._open[-2].name == "tu":
                    self._say("warning", "omegat-file", "a prop of type file binds the unit to one file in OmegaT")
            case "bpt" | "ept":
                self._pair(name, attributes.get("i", ""))
            case "ut":
                self._say("warning", "deprecated", "ut is deprecated since 1.4")
            case "hi":
                self._say("warning", "omegat-hi", "OmegaT drops the text inside hi")

    def _pair(self, name: str, number: str) -> None:
        """Count begins and ends of paired tags."""
        if name == "bpt":
            self._pairs[number] += 1
            if self._pairs[number] > 1:
                self._say("error", "pair", f"a second bpt with i={number!r} in one segment")
        else:
            self._pairs[number] -= 1
            if self._pairs[number] < 0:
                self._say("error", "pair", f"an ept with i={number!r} ends nothing")

    def _language(self, attributes: dict[str, str]) -> None:
        """Check the language of a variant."""
        tag = attributes.get("xml:lang")
        if tag is None and "lang" in attributes:
            tag = attributes["lang"]
            self._say("warning", "lang", "lang was given up for xml:lang in 1.3")
        if not tag:
            self._say("error", "language-missing", "a tuv does not say its language")
            return
        self._languages[normal(tag)] += 1
        if self._languages[normal(tag)] > 1:
            self._say("warning", "language-twice", f"two variants in {tag[:40]}; tools take one of them")
        if "_" in tag or primary(tag) != re.split("[-_]", tag.strip())[0].lower():
            self._say(
                "warning", "omegat-language", f"OmegaT does not know the language {tag[:40]!r}; write {normal(tag)}"
            )

    def _end(self, name: str) -> None:  # noqa: C901 - a branch an element
        if self._foreign:
            self._foreign -= 1
            return
        element = self._open.pop()
        match name:
            case "tmx":
                for wanted in ("header", "body"):
                    if not element.seen[wanted]:
                        self._say("error", "element-missing", f"tmx has no {wanted}")
            case "ude":
                if not element.seen["map"]:
                    self._say("error", "element-missing", "ude has no map", element.line)
            case "tu":
                self._close_unit(element)
            case "tuv":
                if not element.seen["seg"]:
                    self._say("error", "element-missing", "tuv has no seg", element.line)
            case "seg":
                self._close_segment(element)

    def _close_unit(self, element: _Open) -> None:
        """Check the languages of a unit."""
        if not element.seen["tuv"]:
            self._say("error", "element-missing", "tu has no tuv", element.line)
        elif element.seen["tuv"] == 1:
            self._say("warning", "one-variant", "only one variant: nothing to translate to", element.line)
        source = self._unit_source
        if self._languages and source and source.lower() != "*all*":
            known = {primary(tag) for tag in self._languages}
            if primary(source) not in known:
                self._say(
                    "warning",
                    "omegat-source-missing",
                    f"no variant in {source[:40]}, the source language: OmegaT leaves the unit out",
                    element.line,
                )

    def _close_segment(self, element: _Open) -> None:
        """Check the text of a segment."""
        for number, count in sorted(self._pairs.items()):
            if count > 0:
                self._say("error", "pair", f"the bpt with i={number!r} is never ended", element.line)
        text = "".join(self._text)
        if not text.strip():
            self._say("warning", "empty", "a segment without text", element.line)
        elif text != text.strip() and not self._tagged:
            self._say("warning", "edges", "white space at the edge of a segment spoils exact matches", element.line)

    def _characters(self, text: str) -> None:
        if self._foreign or not self._open:
            return
        name = self._open[-1].name
        if not MODEL[name].text:
            if text.strip():
                self._say("error", "text", f"text directly in {name}")
        elif name in {"seg", "hi"}:
            # Enough to tell whether it is empty and how it begins and ends; a segment may be of any length.
            if len(self._text) < _MOST_TEXTS:
                self._text.append(text)
            else:
                self._text[-1] = text
