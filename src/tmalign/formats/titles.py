"""Telling a release's title from the names of the site and its sections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tmalign.formats import lines
from tmalign.formats.furniture import flat, same_title
from tmalign.formats.labels import is_issuer, is_release_label
from tmalign.model import BlockKind

if TYPE_CHECKING:
    from tmalign.formats.html_walk import Row

_SEPARATOR: Final = re.compile(r"\s*(?:[|｜»≫]|\s[-–—:/／＜<]\s|[：＜]|\s::\s)\s*")
_SITE: Final = re.compile(
    r"(?:[一-鿿・/／ ]{0,14}(?:省|庁|府|自衛隊|官邸|大使館|総領事館|幕僚監部|装備庁)(?:[・/／ ][一-鿿]{1,12})?(?:ホームページ|公式サイト|ウェブサイト|公式ホームページ|（.{1,12}）)?"
    r"|報道(?:発表|資料)(?:資料)?(?:一覧)?|プレスリリース|お知らせ|記者会見|ニュース|トピックス|トップページ"
    r"|(?:the )?(?:japan(?:ese)? )?(?:ministry|cabinet|embassy|government|prime minister|joint staff|self-defense|maritime|ground|air|jmod|mofa|mod|jsdf)\b[\w ,.’'&/()-]{0,60}"
    r"|press releases?|news(?:room| releases?)?|home ?page|official (?:web)?site|press conferences?|topics|top page|index)",
    re.IGNORECASE,
)


def bare_title(text: str) -> str:
    """Return a page's title element without the names of site and section around the title itself."""
    parts = [part for part in _SEPARATOR.split(text) if part]
    if len(parts) < 2:
        return text
    kept = list(_pieces(text))
    while len(kept) > 1 and _SITE.fullmatch(kept[-1][0]):
        kept.pop()
    while len(kept) > 1 and _SITE.fullmatch(kept[0][0]):
        kept.pop(0)
    return text[kept[0][1] : kept[-1][2]].strip(lines.EDGES + "<＜")


def title_pieces(text: str) -> list[str]:
    """Return what stands between the separators of a title element: title, section, site."""
    return [piece for piece, _, _ in _pieces(text)]


def _pieces(text: str) -> list[tuple[str, int, int]]:
    found, start = [], 0
    for match in _SEPARATOR.finditer(text):
        if match.start() > start:
            found.append((text[start : match.start()].strip(lines.EDGES), start, match.start()))
        start = match.end()
    if start < len(text):
        found.append((text[start:].strip(lines.EDGES), start, len(text)))
    return found


def title_row(rows: list[Row], head_title: str) -> int | None:
    """Return the index of the row that is the title; None where the page shows none.

    An h1 that the title element confirms, any row before the body that it confirms, the only h1, else the highest
    heading before the first sentence.
    """
    wanted = flat(head_title)
    body = next((index for index, row in enumerate(rows) if _begins_body(row)), len(rows))
    able = [
        index
        for index, row in enumerate(rows)
        if not (is_issuer(row.text) or is_release_label(row.text)) and not row.pre
    ]
    first = [index for index in able if rows[index].level == 1]
    confirmed = [index for index in first if same_title(flat(rows[index].text), wanted)]
    confirmed += [index for index in able if index < body and same_title(flat(rows[index].text), wanted)]
    if confirmed:
        return confirmed[0]
    if first:
        return first[0] if len(first) == 1 else max(first, key=lambda index: len(rows[index].text))
    headings = [index for index in able if index < body and rows[index].kind is BlockKind.HEADING]
    return min(headings, key=lambda index: (rows[index].level, index)) if headings else None


def _begins_body(row: Row) -> bool:
    return lines.is_sentence(row.text) and row.kind is not BlockKind.HEADING
