"""From a cleaned HTML tree to lines: what a reader sees as one paragraph, heading, list item or cell.

Line breaks of the source mean nothing (in Japanese not even a space); <br> breaks a line, two of them a paragraph;
one <br> inside running prose is only layout and is joined again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from tmalign.formats.markers import is_marker, split_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from tmalign.model import Language

_BLOCK_TAGS = frozenset(
    """address article blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD_TAGS = frozenset(("b", "strong"))
_DISPLAY_BLOCK = re.compile(r"display\s*:\s*(?:block|table|flex|list-item)", re.IGNORECASE)
_BREAK = "\u2028"
_WRAP = re.compile(r"[ \t\xa0]*[\r\n][ \t\r\n\xa0]*")
_SPACES = re.compile(r"[ \t\xa0\u2002-\u200a\u202f]+")
_STOPS = tuple("。！？!?.」』）)】:：;；…")
_JOINED_FROM = {"ja": 18, "en": 45}  # a shorter line before <br> is a line of its own
_LONG_CELL = 300
_EDGES = " \t\r\n\xa0\u3000\u200b\ufeff"


@dataclass(slots=True)
class Line:
    """A line of the page with what its place and looks tell.

    `tag` is the nearest block element; `heading` its level or 0; `ordinal` the number an <ol> would print before it;
    `link_share` the share of its characters inside links; `row` counts table rows, so that cells know their neighbours.
    """

    text: str
    tag: str
    number: int
    heading: int = 0
    bold: bool = False
    links: int = 0
    link_share: float = 0.0
    ordinal: str = ""
    cell: bool = False
    row: int = 0
    hint: str = ""


@dataclass(slots=True)
class _Piece:
    text: str
    bold: bool
    link: int


@dataclass(slots=True)
class _Context:
    tag: str
    number: int
    heading: int = 0
    cell: bool = False
    hint: str = ""
    ordinal: str = ""
    counter: int = 0
    numbered: bool = False
    data_table: bool = False
    preformatted: bool = False


@dataclass(slots=True)
class Walker:
    """Walks a tree once, without recursion, and yields its lines."""

    language: Language
    _pieces: list[_Piece] = field(default_factory=list)
    _contexts: list[_Context] = field(default_factory=list)
    _bold: int = 0
    _link: int = 0
    _links: int = 0
    _row: int = 0

    def lines(self, body: _Element) -> Iterator[Line]:
        """Yield the lines of an element in reading order."""
        self._contexts = [_Context("body", body.sourceline or 0)]
        for event, element in etree.iterwalk(body, events=("start", "end")):
            if event == "start":
                if element is not body:
                    yield from self._open(element)
                self._take(element.text)
            else:
                if element is not body:
                    yield from self._close(element)
                    self._take(element.tail)
        yield from self._flush()

    def _take(self, text: str | None) -> None:
        if text:
            if self._contexts[-1].preformatted:
                text = text.replace("\r\n", "\n").replace("\n", _BREAK)
            self._pieces.append(_Piece(text, self._bold > 0, self._links if self._link else 0))

    def _open(self, element: _Element) -> Iterator[Line]:
        tag = element.tag
        if tag == "br":
            self._pieces.append(_Piece(_BREAK, bold=False, link=0))
        elif tag == "a" and element.get("href"):
            self._link += 1
            self._links += 1
        elif tag in _BOLD_TAGS:
            self._bold += 1
        elif _is_block(element):
            yield from self._flush()
            self._contexts.append(self._context(element))

    def _close(self, element: _Element) -> Iterator[Line]:
        tag = element.tag
        if tag == "a" and element.get("href"):
            self._link -= 1
        elif tag in _BOLD_TAGS:
            self._bold -= 1
        elif _is_block(element):
            yield from self._flush()
            self._contexts.pop()

    def _context(self, element: _Element) -> _Context:
        parent = self._contexts[-1]
        tag = element.tag
        context = _Context(
            tag if tag not in {"div", "section", "article", "main", "center", "tbody", "thead", "span"} else parent.tag,
            element.sourceline or 0,
            heading=_HEADINGS.get(tag, parent.heading),
            cell=parent.cell,
            hint=f"{element.get('class') or ''} {element.get('align') or ''} {parent.hint}",
            data_table=parent.data_table,
            preformatted=parent.preformatted or tag == "pre",
        )
        if tag == "ol":
            context.numbered = _prints_numbers(element)
            start = element.get("start") or "1"
            context.counter = int(start) - 1 if re.fullmatch(r"-?\d{1,6}", start) else 0
        elif tag == "li" and parent.numbered:
            parent.counter += 1
            context.ordinal = f"{parent.counter}."
        elif tag == "table":
            context.data_table = _holds_data(element)
            context.cell = False
        elif tag == "tr":
            self._row += 1
        elif tag in {"td", "th"}:
            context.cell = context.data_table
        return context

    def _flush(self) -> Iterator[Line]:
        pieces, self._pieces = self._pieces, []
        if not pieces:
            return
        context = self._contexts[-1]
        for text, bold, links, share in self._joined(_split_breaks(pieces), context):
            yield Line(
                text,
                context.tag,
                context.number,
                heading=context.heading,
                bold=bold,
                links=links,
                link_share=share,
                ordinal=context.ordinal,
                cell=context.cell,
                row=self._row,
                hint=context.hint,
            )
            context.ordinal = ""

    def _joined(self, rows: list[list[_Piece]], context: _Context) -> Iterator[tuple[str, bool, int, float]]:
        """Join rows that one <br> parts inside running prose; yield text, boldness, links and share of links."""
        group: list[_Piece] = []
        last = ""
        for row in rows:
            raw = "".join(piece.text for piece in row)
            text = clean(raw, self.language)
            if group and (not text or not (context.heading or self._runs_on(last, raw, text))):
                yield self._measured(group)
                group = []
            if text:
                if group:
                    group.append(_Piece("\n", group[-1].bold, 0))
                group += row
                last = text
        if group:
            yield self._measured(group)

    def _runs_on(self, before: str, raw: str, text: str) -> bool:
        """Tell whether a line after <br> continues the sentence before it."""
        if before.endswith(_STOPS) or len(before) < _JOINED_FROM[self.language]:
            return False
        return not raw.lstrip("\r\n\t ").startswith("\u3000") and not split_marker(text)[0]

    def _measured(self, group: list[_Piece]) -> tuple[str, bool, int, float]:
        text = clean("".join(piece.text for piece in group), self.language)
        visible = [(len(piece.text.strip(_EDGES)), piece) for piece in group]
        total = max(1, sum(size for size, _ in visible))
        linked = sum(size for size, piece in visible if piece.link)
        bold = all(piece.bold for size, piece in visible if size)
        return text, bold, len({piece.link for _, piece in visible if piece.link}), linked / total


def _split_breaks(pieces: list[_Piece]) -> list[list[_Piece]]:
    rows: list[list[_Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split(_BREAK)
        if first:
            rows[-1].append(_Piece(first, piece.bold, piece.link))
        for part in others:
            rows.append([_Piece(part, piece.bold, piece.link)] if part else [])
    return rows


def clean(text: str, language: Language) -> str:
    """Undo the source's line wrapping and runs of space; trim both kinds of space at the edges."""
    if language == "ja":
        text = _WRAP.sub(_unwrap, text)
    else:
        text = _WRAP.sub(" ", text).replace("\u3000", " ")
    return _SPACES.sub(" ", text).replace("\xad", "").strip(_EDGES)


def _unwrap(wrap: re.Match[str]) -> str:
    """Join Japanese across a source line break; between two Latin words the break was a space."""
    text, start, end = wrap.string, wrap.start(), wrap.end()
    if start == 0 or end == len(text):
        return ""
    before, after = text[start - 1], text[end]
    latin = before.isascii() and after.isascii() and not before.isspace()
    return " " if latin and (before.isalnum() or before in ".,;:!?)\"'") and (after.isalnum() or after in "(\"'") else ""


def _is_block(element: _Element) -> bool:
    return element.tag in _BLOCK_TAGS or bool(_DISPLAY_BLOCK.search(element.get("style") or ""))


def _prints_numbers(ordered: _Element) -> bool:
    """Tell whether an <ol> prints numbers that its items do not carry in their text already."""
    if re.search(r"list-style(?:-type)?\s*:\s*none", ordered.get("style") or "", re.IGNORECASE):
        return False
    for item in ordered.iterchildren("li"):
        text = " ".join("".join(item.itertext()).split())
        if text:
            return not split_marker(text)[0]
    return True


def _holds_data(table: _Element) -> bool:
    """Tell a table of data from one that only lays out the page."""
    if any(e.tag in {"table", "h1", "h2", "h3", "h4", "ul", "ol", "dl"} for e in table.iterdescendants()):
        return False
    rows = [[c for c in row if c.tag in {"td", "th"}] for row in table.iterdescendants("tr")]
    rows = [row for row in rows if row]
    if any(cell.tag == "th" for row in rows for cell in row):
        return True
    if len(rows) < 2 or max(map(len, rows)) < 2:  # noqa: PLR2004 - one row or one column is layout
        return False
    texts = [["".join(cell.itertext()).strip(_EDGES) for cell in row] for row in rows]
    if any(len(text) > _LONG_CELL for row in texts for text in row):
        return False
    # Rows of a marker (or of space) and a text are a list laid out by hand.
    firsts = [row[0] for row in texts if len(row) > 1]
    return not all(not text or is_marker(text) for text in firsts)
