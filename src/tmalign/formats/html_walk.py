"""Walking a page's elements: which characters stand in one line, and what kind of line it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lxml import etree

from tmalign.formats import lines
from tmalign.formats.furniture import Page, never_text
from tmalign.formats.markers import is_marker
from tmalign.formats.tags import INLINE
from tmalign.model import BlockKind

if TYPE_CHECKING:
    from tmalign.model import Language

# Signs for what markup says inside a line; the parser lets none of them through from the page itself.
_BREAK: Final = "\x01"
_BOLD: Final = "\x02"
_UNBOLD: Final = "\x03"
_SIGNS: Final = re.compile("[\x01-\x03]")

_BLANK_RUN: Final = re.compile(f"([{re.escape(lines.BLANKS)}]+)")

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption", "summary"})
_HEADING_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:midashi|heading|headline|sub-?title|sub-?heading|ttl|title|h[1-5])(?:[\s_-]|\d|$)", re.IGNORECASE
)
_NOTE_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:notes?|annotation|chu(?:ki|shaku)?|footnotes?)(?:[\s_-]|\d|$)", re.IGNORECASE
)
_SPEAKER_NAMES: Final = re.compile(r"(?:^|[\s_-])(?:speaker|hatsugen(?:sha)?)(?:[\s_-]|$)", re.IGNORECASE)
_LETTER: Final = re.compile(r"[A-Za-zÀ-ɏぁ-ヿ㐀-鿿Ａ-Ｚａ-ｚｦ-ﾟ]")
_LAST_SURE_LINE: Final = 65_534  # libxml2 counts no further


@dataclass(slots=True)
class Row:
    """A line as it stands on the page, before it is cut into blocks."""

    text: str
    kind: BlockKind
    line: int
    marker: str = ""
    level: int = 0
    linked: float = 0.0
    bold: int = 0
    cell: int = 0
    pre: bool = False
    figure: bool = False
    listed: bool = False


@dataclass(slots=True)
class _Level:
    """What an open element means for the lines inside it."""

    element: etree._Element
    kind: BlockKind | None = None
    level: int = 0
    inline: bool = False
    data_table: bool = False
    counter: int = 0
    step: int = 1
    style: str = ""
    row_start: int = 0


@dataclass(slots=True)
class Walk:
    """The rows of a page in reading order, and the texts that its images stand for."""

    rows: list[Row] = field(default_factory=list)
    pictured: set[str] = field(default_factory=set)


class Walker:
    """Walks once over a page and collects its rows."""

    def __init__(self, page: Page, language: Language) -> None:
        """Read the elements of `page` by the rules of `language`."""
        self._page = page
        self._language = language
        self._walk = Walk()
        self._stack: list[_Level] = []
        self._buffer: list[str] = []
        self._line = 1
        self._buffer_line = 1
        self._linked = 0
        self._in_link = 0
        self._bold = 0
        self._pre = 0
        self._figure = 0
        self._cell = 0
        self._marker = ""

    def walk(self, root: etree._Element) -> Walk:
        """Collect the rows below `root`."""
        steps = etree.iterwalk(root, events=("start", "end"))
        skipped: set[etree._Element] = set()
        for event, element in steps:
            if event == "start":
                if isinstance(element.tag, str) and element.sourceline:
                    self._line = element.sourceline
                if element is not root and self._page.drops(element):
                    skipped.add(element)
                    if element.tag not in INLINE and not _rides(element):
                        self._flush()
                    steps.skip_subtree()
                    continue
                self._open(element)
                self._say(element.text)
                continue
            if element in skipped:
                skipped.discard(element)
                self._line += _newlines_within(element)
            else:
                self._close(element)
            if element is not root:
                self._say(element.tail)
        self._flush()
        return self._walk

    # Elements -------------------------------------------------------------------------------------------------

    def _open(self, element: etree._Element) -> None:
        tag = str(element.tag)
        level = _Level(element, inline=_is_inline(element))
        if level.inline:
            self._open_inline(element, tag)
            self._stack.append(level)
            return
        self._flush()
        self._pre += tag in {"pre", "listing", "xmp"}
        self._figure += tag in {"figure", "figcaption"}
        level.kind = self._kind_of(element, tag)
        if level.kind is BlockKind.HEADING:
            level.level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else _integer(element.get("aria-level"), 6)
        if tag == "ol":
            self._number(level)
        elif tag == "li":
            self._marker = self._computed_marker(element)
        elif tag == "table":
            level.data_table = _is_data(element, self._page)
        elif tag == "tr":
            level.row_start = len(self._walk.rows)
        elif tag in {"td", "th", "dt", "dd"}:
            self._cell += 1
            if tag == "dt":
                level.row_start = len(self._walk.rows)
        self._stack.append(level)

    def _open_inline(self, element: etree._Element, tag: str) -> None:
        if tag == "br":
            self._put(_BREAK)
        elif tag == "a" and element.get("href") is not None:
            self._in_link += 1
        elif tag in {"b", "strong", "u"}:
            self._bold += 1
            if self._bold == 1:
                self._put(_BOLD)
        elif tag == "q":
            self._put("「" if self._language == "ja" else "“")
        elif tag == "img":
            self._picture(element)

    def _picture(self, element: etree._Element) -> None:
        text = (element.get("alt") or "").strip()
        if not text:
            return
        heading = next(element.iterancestors("h1", "h2", "h3"), None)
        if heading is not None and not "".join(map(str, heading.itertext())).strip():
            self._put(text)  # the heading is a picture of its words
        else:
            self._walk.pictured.add(text)

    def _close(self, element: etree._Element) -> None:
        level = self._stack.pop()
        tag = str(element.tag)
        if level.inline:
            if tag == "a" and element.get("href") is not None:
                self._in_link -= 1
            elif tag in {"b", "strong", "u"}:
                self._bold -= 1
                if self._bold == 0:
                    self._put(_UNBOLD)
            elif tag == "q":
                self._put("」" if self._language == "ja" else "”")
            return
        self._stack.append(level)
        self._flush()
        self._stack.pop()
        self._pre -= tag in {"pre", "listing", "xmp"}
        self._figure -= tag in {"figure", "figcaption"}
        if tag == "tr":
            self._settle_row(level)
        elif tag == "li":
            self._marker = ""
        elif tag == "dd":
            self._settle_pair()

    def _kind_of(self, element: etree._Element, tag: str) -> BlockKind | None:  # noqa: PLR0911 - one a kind
        if tag in _HEADINGS or (element.get("role") or "").lower() == "heading":
            return BlockKind.HEADING
        if tag in {"td", "th"}:
            table = next((level for level in reversed(self._stack) if level.element.tag == "table"), None)
            return BlockKind.CELL if table is not None and table.data_table else BlockKind.PARAGRAPH
        if tag == "li":
            return BlockKind.ITEM
        if tag == "dt":
            return BlockKind.HEADING
        if tag == "dd":
            return BlockKind.PARAGRAPH
        names = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
        if tag in {"p", "div", "span"} and names != " " and not _holds_blocks(element):
            if _SPEAKER_NAMES.search(names):
                return BlockKind.SPEAKER
            if _NOTE_NAMES.search(names):
                return BlockKind.NOTE
            if _HEADING_NAMES.search(names):
                return BlockKind.HEADING
        return None

    def _number(self, level: _Level) -> None:
        element = level.element
        if "list-style" in (element.get("style") or "") and "none" in (element.get("style") or ""):
            return
        level.style = element.get("type") or "1"
        level.step = -1 if "reversed" in element.attrib else 1
        first = len(element.findall("li")) if level.step < 0 else 1
        level.counter = _integer(element.get("start"), first) - level.step

    def _computed_marker(self, element: etree._Element) -> str:
        parent = next((level for level in reversed(self._stack) if not level.inline), None)
        if parent is None or not parent.style:
            return ""
        parent.counter = _integer(element.get("value"), parent.counter + parent.step)
        return _numeral(parent.counter, parent.style) + "."

    # Text -----------------------------------------------------------------------------------------------------

    def _say(self, text: str | None) -> None:
        if not text:
            return
        self._put(text)
        if self._in_link:
            self._linked += len(text.strip())
        self._line += text.count("\n")

    def _put(self, text: str) -> None:
        if not self._buffer:
            self._buffer_line = self._line
        self._buffer.append(text)

    def _flush(self) -> None:
        if not self._buffer:
            return
        raw = "".join(self._buffer)
        self._buffer.clear()
        linked, self._linked = self._linked, 0
        line = self._buffer_line if self._buffer_line < _LAST_SURE_LINE else 0
        if self._bold and _BOLD not in raw:
            raw = _BOLD + raw
        bare = _SIGNS.sub("", raw).strip(lines.EDGES + lines.INVISIBLE)
        if not bare:
            return
        kind, level = self._context()
        share = min(1.0, linked / len(bare))
        if self._pre:
            self._add(raw, Row(_SIGNS.sub("", raw.replace(_BREAK, "\n")), kind, line, pre=True))
            return
        if kind in {BlockKind.HEADING, BlockKind.SPEAKER}:
            whole = Row(fold(raw.replace(_BREAK, "\n"), self._language), kind, line, level=level, linked=share)
            self._add(raw, whole)
            return
        at, counted = line, 0
        for text, offset in _broken(raw, self._language):
            at, counted = at + raw.count("\n", counted, offset) if line else 0, offset
            self._add(
                text, Row(fold(text, self._language), kind, at, linked=share, bold=_bold_length(text, self._language))
            )

    def _add(self, raw: str, row: Row) -> None:
        if not row.text.strip(lines.EDGES):
            return
        if row.line:
            lead = len(raw) - len(raw.lstrip(lines.EDGES + lines.INVISIBLE + "\x01\x02\x03"))
            row.line += raw.count("\n", 0, lead)
        row.cell = self._cell
        row.figure = self._figure > 0
        row.marker, self._marker = self._marker, ""
        row.listed = row.kind is BlockKind.ITEM
        self._walk.rows.append(row)

    def _context(self) -> tuple[BlockKind, int]:
        for level in reversed(self._stack):
            if level.kind is not None:
                return level.kind, level.level
        return BlockKind.PARAGRAPH, 0

    # Rows of tables -------------------------------------------------------------------------------------------

    def _settle_row(self, level: _Level) -> None:
        """Keep a table row's cells if one of them has letters; give a marker in a cell of its own to the next."""
        rows = self._walk.rows[level.row_start :]
        if rows and not any(_LETTER.search(row.text) for row in rows):
            del self._walk.rows[level.row_start :]
            return
        cells = sum(child.tag in {"td", "th"} for child in level.element)
        if cells == 2 and len(rows) >= 2 and rows[1].cell != rows[0].cell and is_marker(rows[0].text):
            self._give_marker(level.row_start)

    def _settle_pair(self) -> None:
        """Give a marker that stands alone in a dt to the dd after it."""
        rows = self._walk.rows
        index = next((i for i in range(len(rows) - 1, -1, -1) if rows[i].cell != self._cell), -1)
        if 0 <= index < len(rows) - 1 and rows[index].cell == self._cell - 1 and is_marker(rows[index].text):
            self._give_marker(index)

    def _give_marker(self, index: int) -> None:
        rows = self._walk.rows
        if not rows[index + 1].marker:
            rows[index + 1].marker = rows[index].text
            rows[index + 1].listed = True
            if rows[index + 1].kind in {BlockKind.PARAGRAPH, BlockKind.CELL}:
                rows[index + 1].kind = BlockKind.ITEM
            del rows[index]


def fold(raw: str, language: Language) -> str:
    """Return a line's text as it is shown: signs and invisible characters gone, blanks folded, ends trimmed.

    A line end in the source is no space in Japanese and one in English (see `lines.joint`).
    """
    text = _SIGNS.sub("", raw).strip(lines.EDGES + lines.INVISIBLE)
    text = re.sub(r"\u00ad[ \t\r\n]*\n[ \t]*|[\u00ad\u200b\u2060\ufeff]", "", text)
    parts = _BLANK_RUN.split(text)
    folded = [parts[0]]
    for blank, part in zip(parts[1::2], parts[2::2], strict=True):
        if "\n" in blank or "\r" in blank or "\x85" in blank or "\u2028" in blank:
            before = folded[-1] or (folded[-2] if len(folded) > 1 else "")
            folded.append(lines.joint(before[-2:], part[:1], language))
        else:
            folded.append(" ")
        folded.append(part)
    return "".join(folded)


def _broken(raw: str, language: Language) -> list[tuple[str, int]]:
    """Split a line at its br elements: with its offset in `raw`, every part that is a block of its own."""
    if _BREAK not in raw:
        return [(raw, 0)]
    found: list[tuple[str, int]] = []
    for paragraph in re.finditer(r"(?:(?!\x01[\s\xa0\u3000\x02\x03]*\x01).)+", raw.replace("\r", "\n"), re.DOTALL):
        pieces = [(match[0], paragraph.start() + match.start()) for match in re.finditer("[^\x01]+", paragraph[0])]
        pieces = [piece for piece in pieces if _SIGNS.sub("", piece[0]).strip(lines.EDGES + lines.INVISIBLE)]
        shown = [_indented(text, language) for text, _ in pieces]
        for group in lines.groups(shown, language):
            start = pieces[group[0]][1]
            text = (
                "\n".join(pieces[index][0].strip(" \t\r\n") for index in group)
                if len(group) > 1
                else pieces[group[0]][0]
            )
            found.append((text, start))
    return found


def _indented(text: str, language: Language) -> str:
    return ("　" if _SIGNS.sub("", text).lstrip(lines.BLANKS).startswith("　") else "") + fold(text, language)


def _bold_length(text: str, language: Language) -> int:
    """Return how many characters at the beginning of a line's text stand in bold type."""
    bare = text.lstrip(lines.EDGES)
    if not bare.startswith(_BOLD):
        return 0
    return len(fold(bare.split(_UNBOLD, 1)[0], language))


def _is_inline(element: etree._Element) -> bool:
    if element.tag not in INLINE:
        return False
    return "block" not in (element.get("style") or "") or "inline" in (element.get("style") or "")


def _rides(element: etree._Element) -> bool:
    """Whether a dropped element stands inside running text without parting it: scripts, ruby readings."""
    return never_text(element) and element.tag not in {"nav", "frameset", "dialog"}


def _holds_blocks(element: etree._Element) -> bool:
    return any(isinstance(child.tag, str) and child.tag not in INLINE for child in element.iterdescendants())


def _newlines_within(element: etree._Element) -> int:
    return sum(str(text).count("\n") for text in element.itertext(with_tail=False))


def _is_data(table: etree._Element, page: Page) -> bool:
    """Whether a table holds data, and not the layout of the page."""
    if (table.get("role") or "").lower() in {"presentation", "none"}:
        return False
    if next((inner for inner in table.iterdescendants("table", "h1", "h2", "h3", "main", "article")), None) is not None:
        return False
    rows = list(table.iterdescendants("tr"))
    columns = max((sum(child.tag in {"td", "th"} for child in row) for row in rows), default=0)
    if next(table.iterdescendants("th", "caption"), None) is not None and columns > 1:
        return True
    if columns < 2 or any(page.prose_share(cell) > 0.5 for cell in table.iterdescendants("td")):
        return False
    return not (columns == 2 and rows and all(_numbers_its_row(row) for row in rows))


def _numbers_its_row(row: etree._Element) -> bool:
    first = next((child for child in row if child.tag in {"td", "th"}), None)
    text = "" if first is None else "".join(map(str, first.itertext())).strip(lines.EDGES)
    return not text or is_marker(text)


def _integer(text: str | None, otherwise: int) -> int:
    if text is not None and re.fullmatch(r"\s*-?[0-9]{1,6}\s*", text):
        return int(text)
    return otherwise


def _numeral(number: int, style: str) -> str:
    """Return a list number in the style of an `ol` element's type: 1, a, A, i, I."""
    if style in {"a", "A"} and 1 <= number <= 26:
        return chr(ord(style) + number - 1)
    if style in {"i", "I"} and 1 <= number <= 39:
        roman = "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        return roman if style == "i" else roman.upper()
    return str(number)
