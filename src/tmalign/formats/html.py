"""HTML pages to blocks: the text of a release as a reader sees it, without the site around it.

The tree is walked once, without recursion, into lines; a second pass turns lines into blocks by their element, their
looks and their words. Measured against content-extraction libraries in docs/decisions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree, html

from tmalign.errors import EmptyFileError, FormatError
from tmalign.formats import furniture
from tmalign.formats.lines import Line, Walker
from tmalign.formats.pageblocks import blocks_of
from tmalign.text.width import normalise

if TYPE_CHECKING:
    from lxml.etree import _Element

    from tmalign.model import Block, Language

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NUL = re.compile(r"[\x00\x0b\x0c]")
_SITE = re.compile(r"\s*(?:[|｜:：]|\s[-–—/]\s)\s*")
_MOST_OF_PAGE = 0.4
_META_DATES = re.compile(r"date|published|issued|dcterms", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")


def read_html(text: str, language: Language) -> tuple[str, str, tuple[Block, ...]]:
    """Return title, ISO date (or empty) and blocks of a page, given as decoded text.

    Raises `EmptyFileError` where nothing is left once the site's furniture is gone, `FormatError` where the markup
    cannot be parsed in full.
    """
    root = _parse(text)
    declared_title, declared_date = _head_title(root), _head_date(root)
    body = root.find("body") if root.tag == "html" else root
    if body is None:
        body = root
    _remove_furniture(body)
    lines = [line for line in Walker(language).lines(body) if not _is_noise(line)]
    title, date, blocks = blocks_of(_without_related(lines), declared_title, language)
    if not blocks:
        raise EmptyFileError(
            "the page has no text", hint="a page that scripts fill in must be saved from the browser as it is shown"
        )
    return title, date or declared_date, blocks


def _parse(text: str) -> _Element:
    # A document type may define entities: none is ever needed in HTML, so none is offered to the parser.
    source = re.sub(r"<!DOCTYPE[^\[>]*\[.*?\]\s*>", "", _DECLARATION.sub("", text, count=1), count=1, flags=re.DOTALL)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_NUL.sub(" ", source), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if not re.sub(r"<[^>]*>", "", source).strip():
            raise EmptyFileError("the page has no text", hint="save the page again") from error
        raise FormatError(f"not HTML that can be read: {error}", hint="save the page again from a browser") from error
    for entry in parser.error_log:
        if "depth" in entry.message.lower() or entry.type_name == "ERR_DOCUMENT_TOO_DEEP":
            raise FormatError(
                "elements are nested too deep to be a page", line=entry.line, hint="save the page again from a browser"
            )
    return root


def _head_title(root: _Element) -> str:
    """Return the page's <title> without the site's name before or behind it."""
    found = root.find(".//title")
    whole = " ".join((found.text or "").split()) if found is not None else ""
    parts = [part for part in _SITE.split(whole) if part]
    return max(parts, key=len) if parts else ""


def _head_date(root: _Element) -> str:
    for meta in root.iter("meta"):
        name = f"{meta.get('name') or ''} {meta.get('property') or ''} {meta.get('itemprop') or ''}"
        if _META_DATES.search(name) and "modif" not in name.lower() and "update" not in name.lower():
            found = _ISO.search(meta.get("content") or "")
            if found:
                return found[0]
    return ""


def _size(element: _Element) -> int:
    """Return how much visible prose an element holds, in characters outside links."""
    total = 0
    inside: list[_Element] = [element]
    while inside:
        e = inside.pop()
        if furniture.is_unseen(e):
            continue
        total += len((e.text or "").strip())
        for child in e:
            total += len((child.tail or "").strip())
            if child.tag != "a":
                inside.append(child)
    return total


def _remove_furniture(body: _Element) -> None:
    """Take out what is not the release; alt texts are noted first, since captions may repeat them."""
    alternatives = {normalise(e.get("alt") or "").strip() for e in body.iter("img")} - {""}
    whole = max(1, _size(body))
    for element in [e for e in body.iter() if e is not body]:
        if not _attached(element, body):
            continue
        drop = furniture.is_unseen(element)
        if not drop and (furniture.is_landmark(element) or furniture.is_named_furniture(element)):
            drop = _size(element) < whole * _MOST_OF_PAGE and element.tag not in {"main", "article", "html"}
        if not drop and element.tag in {"figcaption", "caption", "p", "div", "span", "td", "small"} and len(element) <= 1:
            caption = normalise("".join(element.itertext())).strip()
            drop = bool(caption) and caption in alternatives and len(caption) > 1
        if drop:
            _drop(element)


def _attached(element: _Element, body: _Element) -> bool:
    """Tell whether an element still stands in the tree (an ancestor may have been dropped)."""
    while element is not body:
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return True


def _drop(element: _Element) -> None:
    """Remove an element but keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _is_noise(line: Line) -> bool:
    if not line.text.strip():
        return True
    if line.heading:
        return furniture.is_furniture_line(line.text) and not furniture.is_related_heading(line.text)
    if furniture.is_related_heading(line.text):
        return False  # it still has to take its links with it
    if furniture.is_furniture_line(line.text) or furniture.is_breadcrumb(line.text, line.links):
        return True
    return line.link_share > 0.9 and not furniture.ends_sentence(line.text) and line.links >= 2  # noqa: PLR2004 - a menu


def _without_related(lines: list[Line]) -> list[Line]:
    """Drop headings that announce links, with the links that follow."""
    kept: list[Line] = []
    related = False
    for line in lines:
        if furniture.is_related_heading(line.text):
            related = True
            continue
        if related and line.link_share > 0.5 and not line.heading:  # noqa: PLR2004 - mostly link
            continue
        related = False
        kept.append(line)
    return kept
