"""Which lines of a page are not the release: by what they say, and by where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tmalign.formats import furniture, labels, lines, sitelines
from tmalign.formats.dates import is_dateline
from tmalign.formats.titles import bare_title, title_pieces, title_row
from tmalign.model import BlockKind

_NUMBER: Final = re.compile(r"\bNo\. ?\d|第\s?[0-9０-９]+\s?号|[号：:]\s?[0-9０-９]{1,4}[-－/][0-9０-９]")

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from tmalign.formats.html_walk import Row
    from tmalign.model import Language


def without_site_lines(rows: Sequence[Row], pictured: AbstractSet[str]) -> list[Row]:
    """Drop the lines that every page has, link lists under a heading of their own, and what trails the body.

    `pictured` are the texts that the page's images stand for: lines that repeat them are captions.
    """
    captions = {furniture.flat(text) for text in pictured}
    kept = _without_sections(_without_noise(rows, captions))
    body = [index for index, row in enumerate(kept) if _is_prose(row, 0.9)]
    if not body:
        return [row for row in kept if not (row.linked >= 0.9 and sitelines.is_attachment(row.text))]
    first, last = body[0], body[-1]
    return [row for index, row in enumerate(kept) if first <= index <= last or _stays_outside(row, after=index > last)]


def without_site_names(rows: list[Row], title_element: str, language: Language) -> list[Row]:
    """Drop the names of site and section above the title and below the body; between them they tell who issued it.

    Above an h1 that the title element confirms, nothing stays that does not say what release this is, of whom and when.

    Names are what the page's title element says beside the title, and in Japanese an office in Latin letters.
    """
    title = title_row(rows, bare_title(title_element))
    shown = furniture.flat(bare_title(title_element) if title is None else rows[title].text)
    names = {name for name in map(furniture.flat, title_pieces(title_element)) if name and name not in shown}
    wanted = furniture.flat(bare_title(title_element))
    sure = rows[title] if title is not None and rows[title].level == 1 and furniture.same_title(shown, wanted) else None
    body = [index for index, row in enumerate(rows) if _is_prose(row, 0.9)]
    first = title if title is not None else min(body, default=0)
    last = max(body, default=len(rows))
    rows = [row for index, row in enumerate(rows) if first <= index <= last or not _is_site_name(row, names, language)]
    if title is None or sure is None:
        return rows
    at = rows.index(sure)
    return [row for row in rows[:at] if _leads(row)] + rows[at:]


def _leads(row: Row) -> bool:
    """Whether a line above the title belongs to the release: date, office, number, that it is a release."""
    return (
        row.pre
        or is_dateline(row.text)
        or labels.is_issuer(row.text)
        or labels.is_release_label(row.text)
        or bool(_NUMBER.search(row.text))
    )


def _is_site_name(row: Row, names: AbstractSet[str], language: Language) -> bool:
    if row.pre:
        return False
    foreign = language == "ja" and row.text.isascii() and labels.is_issuer(row.text)
    return foreign or furniture.flat(row.text) in names


def _is_prose(row: Row, linked: float) -> bool:
    return lines.is_sentence(row.text) and row.linked < linked and not sitelines.is_address(row.text)


def _without_noise(rows: Sequence[Row], captions: AbstractSet[str]) -> list[Row]:
    """Drop lines by what they say, and a heading that had nothing but such lines under it."""
    noise = [_is_noise(row, captions) for row in rows]
    kept: list[Row] = []
    follower: Row | None = None
    for index in range(len(rows) - 1, -1, -1):
        row = rows[index]
        bereft = (
            row.kind is BlockKind.HEADING
            and row.level > 1
            and index + 1 < len(rows)
            and noise[index + 1]
            and sitelines.is_attachment(rows[index + 1].text)
            and (follower is None or follower.kind is BlockKind.HEADING)
        )
        if not noise[index]:
            follower = row
        if not noise[index] and not bereft:
            kept.append(row)
    return kept[::-1]


def _is_noise(row: Row, captions: AbstractSet[str]) -> bool:  # noqa: PLR0911 - one a reason
    if row.pre:
        return False
    if sitelines.is_closing(row.text):
        return True
    # A cell or a heading may well say English or Access; a heading outside the body is looked at again.
    own = row.kind in {BlockKind.CELL, BlockKind.HEADING} and row.linked < 0.3
    if not own and (sitelines.is_phrase(row.text) or (row.linked > 0.3 and sitelines.is_breadcrumb(row.text))):
        return True
    if row.linked >= 0.9 and sitelines.is_attachment(row.text) and not lines.is_sentence(row.text):
        return True
    if row.linked > 0.3 and sitelines.is_filed(row.text):
        return True
    if not own and sitelines.is_breadcrumb(row.text) and row.kind is not BlockKind.HEADING:
        return True
    return _is_caption(row, captions)


def _is_caption(row: Row, captions: AbstractSet[str]) -> bool:
    key = furniture.flat(sitelines.bare_caption(row.text))
    if len(key) < 4 or key not in captions:
        return False
    return row.figure or not (lines.is_sentence(row.text) or row.kind is BlockKind.HEADING)


def _without_sections(rows: list[Row]) -> list[Row]:
    kept: list[Row] = []
    dropping, level = False, 9
    for row in rows:
        if sitelines.is_related(row.text) and not row.pre:
            dropping, level = True, row.level or 9
            continue
        if dropping and (_is_prose(row, 0.5) or (row.level and row.level <= level)):
            dropping = False
        if not dropping:
            kept.append(row)
    return kept


def _stays_outside(row: Row, *, after: bool) -> bool:
    """Whether a line before the first or after the last sentence belongs to the release."""
    if row.linked >= 0.9 and row.kind is not BlockKind.HEADING:
        return False
    if row.kind is BlockKind.HEADING and sitelines.is_phrase(row.text):
        return False
    return not (after and (sitelines.is_address(row.text) or sitelines.is_update(row.text)))
