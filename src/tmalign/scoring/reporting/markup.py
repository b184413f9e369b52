"""HTML and SVG elements from plain values: whatever is not markup already is escaped, so no text can become any."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Characters that HTML forbids or that would end a file early; half a surrogate pair cannot be written as UTF-8.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_VOID: Final = frozenset({"meta", "br", "hr", "col", "circle", "line", "rect", "path", "polyline", "polygon"})


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """Return a text as HTML that shows it, in quotes too; characters that cannot be shown become U+FFFD."""
    return Markup(html.escape(_FORBIDDEN.sub("\ufffd", text), quote=True))


def join(children: Iterable[object]) -> Markup:
    """Return children side by side: markup as it is, None as nothing, lists flattened, everything else escaped."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, (list, tuple)):
            parts.append(join(child))
        else:
            parts.append(escape(str(child)))
    return Markup("".join(parts))


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """Return an element. `class_` is the attribute class, `_` in a name a hyphen; None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>" if name in {"meta", "br", "hr", "col"} else f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def table(caption: object, head: Iterable[object], rows: Iterable[Iterable[object]], **attributes: object) -> Markup:
    """Return a table whose first column heads its rows. Numbers stand right, by class."""
    heads = tag("tr", [tag("th", cell, scope="col") for cell in head])
    body = [
        tag("tr", [tag("th", cell, scope="row") if at == 0 else _cell(cell) for at, cell in enumerate(row)])
        for row in rows
    ]
    inner = tag("table", tag("caption", caption), tag("thead", heads), tag("tbody", body), **attributes)
    return tag("div", inner, class_="wide", tabindex="0", role="region", aria_label="table")


def _cell(value: object) -> Markup:
    number = isinstance(value, str) and not isinstance(value, Markup) and bool(_NUMBER.fullmatch(value))
    return tag("td", value, class_="n" if number else None)


_NUMBER: Final = re.compile(r"[-+−±<]?\s?[\d.,]+\s?%?(?: ?\([^)]*\))?|–|")


def details(summary: str, *children: object, opened: bool = False) -> Markup:
    """Return a part that can be folded away; in print it is always open."""
    inner = join([tag("summary", summary), *children])
    return Markup(f"<details{' open' if opened else ''}>{inner}</details>")


def bidi(text: str, language: str) -> Markup:
    """Return text in its language, kept from turning the direction of what stands around it."""
    return tag("bdi", text, lang=language)
