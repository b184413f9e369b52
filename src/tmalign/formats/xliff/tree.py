"""XLIFF files (1.2 and 2.x) as they are: their segments as texts without codes, and matches put beside them.

The file is held as a tree, so that all of it comes out again with what was added. For pairs with their codes, as a
stream, there is `reading`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from tmalign.errors import FileSizeError, FormatError
from tmalign.formats.termfile import read_bytes
from tmalign.formats.tmx.markup import Escaper
from tmalign.formats.xliff.matches import SPACES
from tmalign.formats.xliff.vocabulary import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from tmalign.formats.xliff.matches import Draft

MOST_BYTES: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class XliffSegment:
    """A segment to be translated: its texts without codes, and the elements it stands in (one and the same in 1.2).

    `target` is empty where there is none, `languages` are those of source and target as written, `name` is the
    segment's id in the file, `line` where it begins (0: unknown).
    """

    text: str
    target: str
    languages: tuple[str, str]
    name: str
    line: int
    unit: Any
    segment: Any


class XliffTree:
    """An XLIFF file. `source_language` and `target_language` are as written; empty where they are missing."""

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """Read the file, or its bytes; entities are not expanded and nothing outside it is opened.

        Raises MissingFileError, UnreadableFileError, EmptyFileError, FileSizeError or FormatError (with the line).
        """
        self.path = path
        self.removed = 0
        self._tree = _parsed(path, read_bytes(path) if data is None else data)
        root = self._tree.getroot()
        if _local(root) != "xliff":
            raise FormatError(
                f"not XLIFF: the root element is {_local(root)}", path=path, line=1, hint="give an .xlf file"
            )
        self._root = root
        self._modern = (root.get("version") or "").startswith("2")
        first = next((e for e in root.iter() if _local(e) == "file"), root)
        self.source_language, self.target_language = self._languages(first)

    def segments(self) -> Iterator[XliffSegment]:
        """Yield the segments that are to be translated, in order.

        Left out are units that say `translate="no"` or stand in what does, and segments without text.
        """
        for unit in self._root.iter("{*}unit" if self._modern else "{*}trans-unit"):
            if _untranslatable(unit):
                continue
            languages = self._languages(next(unit.iterancestors("{*}file"), self._root))
            for segment in [e for e in unit if _local(e) == "segment"] if self._modern else [unit]:
                source, target = _child(segment, "source"), _child(segment, "target")
                if source is not None and (text := _text(source).strip()):
                    translation = "" if target is None else _text(target).strip()
                    line = segment.sourceline if isinstance(segment.sourceline, int) else 0
                    yield XliffSegment(text, translation, languages, _name(unit, segment), line, unit, segment)

    def _languages(self, file: etree._Element) -> tuple[str, str]:
        """Return the languages of source and target that a `file` has: of its own in 1.2, the root's in 2.x."""
        if self._modern:
            return self._root.get("srcLang") or "", self._root.get("trgLang") or ""
        return file.get("source-language") or "", file.get("target-language") or ""

    def propose(self, segment: XliffSegment, draft: Draft) -> None:
        """Put the proposals beside the segment, and the target into it where it has none."""
        if draft.proposals:
            (self._propose_20 if self._modern else self._propose_12)(segment, draft)
        target = _child(segment.segment, "target")
        if not draft.target or (target is not None and (_text(target).strip() or len(target))):
            return
        if target is None:
            target = segment.segment.makeelement(self._name(segment, "target"))
            # 1.2 wants the target after source and seg-source, before all else.
            before = _child(segment.segment, "seg-source")
            (before if before is not None else _child(segment.segment, "source")).addnext(target)
        target.text = self._allowed(draft.target)
        if self._modern:
            if draft.exact:
                segment.segment.set("state", "translated")
        else:
            target.set("state", "translated" if draft.exact else "needs-review-translation")
            target.set("state-qualifier", "exact-match" if draft.exact else "fuzzy-match")

    def _propose_12(self, segment: XliffSegment, draft: Draft) -> None:
        """Append `alt-trans` elements to the unit, after its last own element: other tools' come behind."""
        space = _space(segment.unit)
        own = [e for e in segment.unit if _local(e) and _space(e) == space]
        after = own[-1]
        for proposal in draft.proposals:
            match = segment.unit.makeelement(self._name(segment, "alt-trans"))
            match.set("match-quality", f"{proposal.percent}%")
            self._fill(segment, match, proposal.source, proposal.target, proposal.origin)
            after.addnext(match)
            after = match

    def _propose_20(self, segment: XliffSegment, draft: Draft) -> None:
        """Put `mtc:match` elements into the unit's `mtc:matches`, for a marker around the segment's source."""
        unit, reference = segment.unit, self._marked(segment)
        matches = next((e for e in unit if e.tag == f"{{{SPACES['matches']}}}matches"), None)
        if matches is None:
            matches = unit.makeelement(f"{{{SPACES['matches']}}}matches", nsmap={"mtc": SPACES["matches"]})
            # Elements of modules come first in a unit.
            unit.insert(0, matches)
        for proposal in draft.proposals:
            match = matches.makeelement(f"{{{SPACES['matches']}}}match")
            match.set("ref", f"#{reference}")
            match.set("similarity", f"{proposal.percent}.0")
            match.set("type", "tm")
            self._fill(segment, match, proposal.source, proposal.target, proposal.origin)
            matches.append(match)

    def _fill(self, segment: XliffSegment, match: Any, source: str, target: str, origin: str) -> None:  # noqa: ANN401 - an lxml element; what a match has
        """Put the texts and the origin into a match."""
        if origin:
            match.set("origin", self._allowed(origin))
        for name, text in (("source", source), ("target", target)):
            child = match.makeelement(self._name(segment, name))
            child.text = self._allowed(text)
            match.append(child)

    def _marked(self, segment: XliffSegment) -> str:
        """Return the id of a marker around the whole source of a segment of 2.x, made if there is none."""
        element = _child(segment.segment, "source")
        only = element[0] if len(element) == 1 else None
        if only is not None and _local(only) == "mrk" and only.get("id") and not (element.text or only.tail):
            return str(only.get("id"))
        taken = {e.get("id") for e in segment.unit.iter()}
        number = next(n for n in range(1, len(taken) + 2) if f"m{n}" not in taken)
        marker = element.makeelement(self._name(segment, "mrk"))
        marker.set("id", f"m{number}")
        marker.set("type", "mtc:match")
        marker.text, element.text = element.text, None
        for child in list(element):
            marker.append(child)
        element.append(marker)
        return f"m{number}"

    def _name(self, segment: XliffSegment, name: str) -> str:
        """Return a name in the file's own namespace, if it has one."""
        space = _space(segment.unit)
        return f"{{{space}}}{name}" if space else name

    def _allowed(self, text: str) -> str:
        """Return text without the characters that XML forbids; they are counted."""
        escaper = Escaper()
        kept = escaper.allowed(text)
        self.removed += escaper.removed
        return kept

    def write(self, stream: BinaryIO) -> None:
        """Write the file as UTF-8."""
        self._tree.write(stream, encoding="UTF-8", xml_declaration=True)
        stream.write(b"\n")


def _parsed(path: Path, data: bytes) -> Any:  # noqa: ANN401 - lxml's stubs have no name for a tree of any root
    """Return the tree of a file."""
    from lxml import etree  # noqa: PLC0415 - the command line starts without it

    if len(data) > MOST_BYTES:
        raise FileSizeError(f"larger than {MOST_BYTES:,} bytes", path=path, hint="split the job")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.parse(io.BytesIO(data), parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"broken XML: {error.msg}", path=path, line=error.lineno, hint="export the job again"
        ) from error


def _local(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _space(element: etree._Element) -> str:
    """Return an element's namespace."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def _child(element: Any, name: str) -> Any:  # noqa: ANN401 - an lxml element or None
    """Return the first child of a name."""
    return next((child for child in element if _local(child) == name), None)


def _name(unit: etree._Element, segment: etree._Element) -> str:
    """Return the id of a segment in its file: in 2.x, where ids of segments are the unit's own, unit/segment."""
    ids = [element.get("id") or "" for element in dict.fromkeys((unit, segment))]
    return "/".join(filter(None, ids))


def _untranslatable(unit: etree._Element) -> bool:
    """Tell whether a unit, or what it stands in, is not to be translated; what is nearest counts."""
    told = (element.get("translate") for element in (unit, *unit.iterancestors()))
    return next(filter(None, told), "yes") == "no"


def _text(element: Any) -> str:  # noqa: ANN401 - an lxml element
    """Return the text a reader sees, without codes; entities, which are never expanded, stand as they are written."""
    from lxml import etree  # noqa: PLC0415 - loaded already

    parts: list[str] = [element.text or ""]
    # Without recursion: nesting has no limit in a file that anyone may have made. Strings on the stack are tails.
    pending: list[Any] = list(reversed(element))
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        pending.append(item.tail or "")
        if item.tag is etree.Entity:
            parts.append(item.text or "")
        elif _local(item) and _local(item) not in CODES:
            pending.extend(reversed(item))
            pending.append(item.text or "")
    return "".join(parts)
