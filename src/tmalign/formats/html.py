"""Reading HTML pages: what a release says, as blocks, without what the site puts around it.

The parser is lxml's, with its limits on depth and size in force; a page that breaks them is refused and not read
in part. Nothing is fetched and no entity of the page's own is expanded. The text goes through five rooms:
`html_walk` collects the lines, `furniture` and `surroundings` tell what is not the release, by elements and by lines,
`labels` and `markers` cut lines into blocks, and this file puts them in order and finds title and date.

Choices a reader of the output should know:

- An item of an `ol` without a marker of its own gets the computed one (`1.`, `a.`); items of a `ul` get none.
- A cell of a table is kept if it has letters, or if its row has some: bare numbers need a label to mean anything.
- A marker alone in a cell or a `dt` becomes the marker of the next one.
- A `br` after a stop or before a marker ends a block, two of them a paragraph; inside running prose they join.
- A speaker's label keeps the brackets and the colon it has on the page.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml import html as lxml_html

from tmalign.errors import FormatError
from tmalign.formats import furniture, labels, lines, markers, plain
from tmalign.formats.dates import find_date, is_dateline
from tmalign.formats.html_walk import Row, Walker, fold
from tmalign.formats.surroundings import without_site_lines, without_site_names
from tmalign.formats.titles import bare_title, title_row
from tmalign.model import Block, BlockKind

if TYPE_CHECKING:
    from pathlib import Path

    from tmalign.model import Language

_MOST_TAGS: Final = 500_000
_LONGEST_TITLE: Final = 2_000
_MOST_ATTRIBUTES: Final = 1_000  # the parser takes time that grows with their square
_TAG: Final = re.compile(r"<[a-zA-Z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")
_ATTRIBUTE: Final = re.compile(r"\"[^\"]*+\"|'[^']*+'|(?<=[\s/])[^\s/=>\"']++")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PROLOG: Final = re.compile(r"^\s*<\?xml[^>]*>")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_SELF_CLOSED: Final = re.compile(
    r"<(script|style|title|textarea|iframe|a|div|span|p|td|th|li|b|i|em|strong|font)((?:\s[^<>]*?)?)/>", re.IGNORECASE
)
_INLINE_TAGS: Final = re.compile(
    r"</?(?:font|span|b|i|u|em|strong|small|big|center|tt|nobr)(?:\s[^<>]{0,500})?>", re.IGNORECASE
)
_META_DATES: Final = (
    "article:published_time",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "date",
    "pubdate",
    "publishdate",
    "datepublished",
    "creationdate",
)


def read_html(text: str, language: Language, *, path: Path | str | None = None) -> plain.Reading:
    """Read a decoded page into title, date and blocks.

    Raises FormatError for a page that the parser's limits do not let through whole: nested too deep, too many
    elements, a text too long.
    """
    root = parse(text, path)
    if root is None:
        return plain.Reading("", "", ())
    whole_title = _head_title(root, language)[:_LONGEST_TITLE]
    head_title = bare_title(whole_title)
    page = furniture.Page(root, head_title)
    start = root if page.main is None else page.main
    walk = Walker(page, language).walk(start)
    rows = without_site_lines(walk.rows, walk.pictured)
    if start is not root and not any(row.level == 1 for row in rows):
        rows = _title_outside(root, start, head_title, language) + rows
    rows = without_site_names(rows, whole_title, language)
    chosen = title_row(rows, head_title)
    blocks = _blocks(rows, chosen, language)
    shown = next((block.text for block in blocks if block.kind is BlockKind.TITLE), "")
    title = shown or head_title
    return plain.Reading(title, _date(root, rows), tuple(blocks))


def parse(text: str, path: Path | str | None = None) -> etree._Element | None:
    """Parse a page into elements; None where it has none."""
    if text.count("<") > _MOST_TAGS:
        raise FormatError(
            f"the page has more than {_MOST_TAGS:,} tags",
            path=path,
            hint="give a page of one release, not an archive of many",
        )
    crowded = next((tag for tag in _TAG.finditer(text) if _attributes(tag[0]) > _MOST_ATTRIBUTES), None)
    if crowded:
        line = text.count("\n", 0, crowded.start()) + 1
        raise FormatError(
            f"an element has more than {_MOST_ATTRIBUTES:,} attributes",
            path=path,
            line=line,
            hint="save the page again",
        )
    prepared = _prepare(text)
    if not prepared.strip():
        return None
    root, complaint = _parse(prepared)
    if "depth" in complaint:
        root, complaint = _parse(_INLINE_TAGS.sub("", prepared))
    if complaint:
        raise FormatError(
            f"the page breaks the parser's limits: {complaint}",
            path=path,
            hint="save the text of the page as .txt, or take the surplus elements out",
        )
    return root


def _attributes(tag: str) -> int:
    """Count a tag's attributes, roughly; 0 where it is too short to have many."""
    if len(tag) <= 2 * _MOST_ATTRIBUTES:
        return 0
    return sum(match[0][0] not in "\"'" for match in _ATTRIBUTE.finditer(tag))


def _prepare(text: str) -> str:
    """Take out what the HTML parser would misread: controls, DOCTYPE with entities, CDATA, XHTML's short tags."""
    xhtml = text.lstrip()[:5].lower() == "<?xml" or "xmlns=" in text[:2000]
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _PROLOG.sub("", text, count=1)
    doctype = _DOCTYPE.search(text[:200_000])
    if doctype:
        text = text[: doctype.start()] + "\n" * doctype[0].count("\n") + text[doctype.end() :]
    text = _CDATA.sub(lambda match: entities.escape(match[1], quote=False), text) if "<![CDATA[" in text else text
    return _SELF_CLOSED.sub(r"<\1\2></\1>", text) if xhtml else text


def _parse(text: str) -> tuple[etree._Element | None, str]:
    """Parse, and say which of the parser's limits was broken: '' if none was."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False, no_network=True, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.ParserError:
        return None, ""
    except etree.XMLSyntaxError as error:
        return None, str(error)
    fatal = [
        entry.message
        for entry in parser.error_log
        if entry.type_name == "ERR_RESOURCE_LIMIT" or entry.level_name == "FATAL"
    ]
    return root, fatal[0] if fatal else ""


def frame_sources(text: str) -> list[str]:
    """Return the addresses that a page of frames is put together from."""
    return [
        entities.unescape(source)
        for source in re.findall(r"<i?frame[^>]{0,500}?\ssrc\s*=\s*[\"']?([^\"'\s>]+)", text[:200_000], re.IGNORECASE)
    ]


def declared_language(text: str) -> str:
    """Return the language code of the html element, lower case; empty where it has none."""
    match = re.search(r"<html[^>]{0,500}?\slang\s*=\s*[\"']?([a-zA-Z]{2})", text[:20_000], re.IGNORECASE)
    return match[1].lower() if match else ""


def _head_title(root: etree._Element, language: Language) -> str:
    element = next(root.iter("title"), None)
    return fold("".join(map(str, element.itertext())), language) if element is not None else ""


def _title_outside(root: etree._Element, main: etree._Element, head_title: str, language: Language) -> list[Row]:
    """Return the title's row where the page puts its h1 before the main element."""
    for heading in root.iter("h1"):
        if main in set(heading.iterancestors()) or furniture.is_hidden(heading):
            continue
        text = fold("".join(map(str, heading.itertext())), language)
        if furniture.same_title(furniture.flat(text), furniture.flat(head_title)):
            line = heading.sourceline if isinstance(heading.sourceline, int) else 0
            return [Row(text, BlockKind.HEADING, line, level=1)]
    return []


def _blocks(rows: list[Row], title: int | None, language: Language) -> list[Block]:
    blocks: list[Block] = []
    open_ends: set[int] = set()
    asked = False
    for index, row in enumerate(rows):
        if index == title:
            blocks.append(Block(BlockKind.TITLE, "", row.text, row.line))
        elif row.pre:
            blocks += _preformatted(row, language)
        else:
            if not row.listed:
                open_ends.add(len(blocks))
            lead, head = title is None or index < title + 4, title is not None and index < title
            blocks += _cut(row, lead=lead, head=head, asked=asked)
            asked = asked or any(labels.is_question(block.text) for block in blocks[-2:])
    if title is None and any(row.pre for row in rows):
        return list(plain.arrange(blocks).blocks)
    for index in open_ends:
        # Short lines without a marker stay paragraphs in HTML, which has elements for headings.
        if blocks[index].kind is BlockKind.ITEM and plain.heads(blocks, index):
            blocks[index] = replace(blocks[index], kind=BlockKind.HEADING)
    return blocks


def _cut(row: Row, *, lead: bool, head: bool, asked: bool) -> list[Block]:
    """Cut a line into blocks; `lead`: one of the first, `head`: above the title, where no table is one of data."""
    kind = BlockKind.PARAGRAPH if head and row.kind is BlockKind.CELL else row.kind
    if kind is BlockKind.HEADING and is_dateline(row.text):
        kind = BlockKind.DATELINE
    elif (
        kind is BlockKind.HEADING and row.level == 6 and not labels.is_heading(row.text) and lines.is_sentence(row.text)
    ):
        kind = BlockKind.PARAGRAPH
    elif kind is BlockKind.HEADING and labels.is_speaker(row.text) and row.level >= 3:
        kind = BlockKind.SPEAKER
    elif kind is BlockKind.PARAGRAPH and lead and labels.is_issuer(row.text):
        kind = BlockKind.DATELINE
    elif kind is BlockKind.PARAGRAPH and lead and labels.is_signature(row.text):
        kind = BlockKind.SPEAKER
    elif (kind is BlockKind.PARAGRAPH and lead and labels.is_release_label(row.text)) or (
        kind in {BlockKind.PARAGRAPH, BlockKind.ITEM}
        and row.bold >= len(row.text)
        and labels.is_heading(row.text)
        and not labels.is_speaker(row.text)
    ):
        kind = BlockKind.HEADING
    if kind is BlockKind.SPEAKER:
        return [Block(kind, "", row.text, row.line)]
    blocks = [
        Block(span.kind, span.marker, row.text[span.start : span.end], row.line)
        for span in labels.cut(row.text, kind, listed=row.listed, bold=row.bold, asked=asked)
    ]
    first = blocks[0]
    if row.marker and not first.marker and first.kind is not BlockKind.SPEAKER:
        kind = BlockKind.NOTE if markers.is_note(row.marker) else first.kind
        blocks[0] = Block(kind, row.marker, first.text, first.line)
    return blocks


def _preformatted(row: Row, language: Language) -> list[Block]:
    """Read what stands in a pre element by the rules of plain text, with lines of the page and no runs."""
    reading = plain.read_plain(row.text, language)
    return [
        Block(block.kind, block.marker, block.text, row.line + block.line - 1 if row.line else 0)
        for block in reading.blocks
    ]


def _date(root: etree._Element, rows: list[Row]) -> str:
    """Find the date: a dateline near the top, what meta elements say, a time element, a dateline anywhere."""
    datelines = [find_date(row.text) for row in rows[:12] if is_dateline(row.text)]
    named = {
        (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower(): meta.get("content") or ""
        for meta in root.iter("meta")
    }
    datelines += [find_date(named.get(name, "")[:10]) for name in _META_DATES]
    datelines += [find_date((time.get("datetime") or "")[:10]) for time in root.iter("time")]
    datelines += [find_date(row.text) for row in rows if is_dateline(row.text)]
    for row in rows:
        if row.pre:
            datelines += [find_date(line) for line in row.text.splitlines() if is_dateline(line.strip(lines.EDGES))]
    return next((date for date in datelines if date), "")
