"""Reading plain text: paragraphs, hard-wrapped lines, title, dateline, markers, each traced to its characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tmalign.formats import labels, lines
from tmalign.formats.dates import find_date
from tmalign.formats.markers import shape
from tmalign.formats.sitelines import is_closing
from tmalign.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language

_LINE_END: Final = re.compile(r"\r\n|[\r\n\f\v\x85\u2028\u2029]")
_CONTROLS: Final = "".join(map(chr, (*range(0x09), *range(0x0E, 0x20), 0x7F)))
_DROPPED: Final = re.compile("[" + re.escape(lines.INVISIBLE + _CONTROLS) + "]+")
_FOLDED: Final = re.compile(f"[{re.escape(lines.BLANKS)}]+")


_LONGEST_LEAD: Final = 8
_SEPARATORS: Final = dict.fromkeys(range(0x1C, 0x20), " ")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds: its title ('' where none is told apart), ISO date or '', and blocks."""

    title: str
    date: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source: its characters, where it begins in the source, its number from 1."""

    text: str
    offset: int
    number: int


@dataclass(frozen=True, slots=True)
class _Traced:
    """Text put together from pieces of the source, with the pairs that map it back."""

    text: str
    runs: tuple[tuple[int, int], ...]

    def cut(self, start: int, end: int) -> _Traced:
        runs: list[tuple[int, int]] = []
        for text_offset, source_offset in self.runs:
            if text_offset <= start:
                runs = [(0, source_offset + start - text_offset)]
            elif text_offset < end:
                runs.append((text_offset - start, source_offset))
        return _Traced(self.text[start:end], tuple(runs))


def read_plain(text: str, language: Language) -> Reading:
    """Read a plain text into title, date and blocks.

    Blank lines part paragraphs; inside one, lines of a set width are joined, and lines that end in stops or are
    labels are blocks of their own. `runs` maps every character of a block but joining spaces to its offset
    in `text`, `line` is the line on which it begins. Rules of dashes and a closing 以上 are left out.
    """
    # The four separators count as white space in Python and as nothing on a page: space for space, offsets stay.
    text = text.translate(_SEPARATORS)
    blocks: list[Block] = []
    asked = False
    for paragraph in _paragraphs(text):
        found = paragraph_blocks(paragraph, language, asked=asked)
        asked = asked or any(labels.is_question(block.text) for block in found)
        blocks += found
    return arrange(blocks)


def paragraph_blocks(paragraph: Sequence[Line], language: Language, *, asked: bool = False) -> list[Block]:
    """Turn the lines between two blank lines into blocks; `asked`: see `labels.cut`."""
    blocks: list[Block] = []
    for group in lines.groups([line.text.rstrip(lines.EDGES) for line in paragraph], language):
        members = [paragraph[index] for index in group]
        traced = _join(members, language)
        for span in labels.cut(traced.text, BlockKind.PARAGRAPH, asked=asked):
            part = traced.cut(span.start, span.end)
            number = _line_of(members, part.runs)
            blocks.append(Block(span.kind, span.marker, part.text, number, part.runs))
            asked = asked or labels.is_question(part.text)
    return blocks


def arrange(blocks: Sequence[Block]) -> Reading:
    """Tell title, dateline and headings by their place among the blocks."""
    arranged = list(blocks)
    lead = _lead_length(arranged)
    title = -1
    for index in range(lead):
        block = arranged[index]
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        if labels.is_issuer(block.text):
            arranged[index] = replace(block, kind=BlockKind.DATELINE)
        elif title >= 0 and labels.is_signature(block.text):
            arranged[index] = replace(block, kind=BlockKind.SPEAKER)
        elif labels.is_release_label(block.text) or title >= 0:
            arranged[index] = replace(block, kind=BlockKind.HEADING)
        else:
            title = index
            arranged[index] = replace(block, kind=BlockKind.TITLE)
    if title >= 0:
        lead = max(lead, title + 1)
    for index in range(lead, len(arranged)):
        if heads(arranged, index):
            arranged[index] = replace(arranged[index], kind=BlockKind.HEADING)
    dates = (find_date(block.text) for block in arranged if block.kind is BlockKind.DATELINE)
    return Reading(
        arranged[title].text if title >= 0 else "", next((date for date in dates if date), ""), tuple(arranged)
    )


def _lead_length(blocks: Sequence[Block]) -> int:
    """Count the blocks before the body: short lines without a stop, with a date, a name, a title among them."""
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.DATELINE and index < _LONGEST_LEAD:
            continue
        if block.marker or block.kind is BlockKind.SPEAKER or lines.is_sentence(block.text) or index >= _LONGEST_LEAD:
            return index
        if block.kind is BlockKind.PARAGRAPH and lines.width(block.text) > 240:
            return index
    return min(len(blocks), 1) if len(blocks) > 1 else 0


def heads(blocks: Sequence[Block], index: int) -> bool:
    """Whether a block in the body is the heading of what follows it.

    A paragraph is one if it is short, ends openly and prose follows. A numbered item is one if text without a
    marker or items numbered in another way follow, and it is not the last of a list of such short items.
    """
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None or following.kind is BlockKind.SPEAKER or not labels.is_heading(block.text):
        return False
    if re.search("[：:]", block.text):
        return False
    if block.kind is BlockKind.PARAGRAPH:
        return lines.has_stop(following.text)
    own = shape(block.marker)
    if block.kind is not BlockKind.ITEM or not own or following.kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
        return False
    before = blocks[index - 1] if index else None
    listed = before is not None and shape(before.marker) == own and not lines.has_stop(before.text)
    return shape(following.marker) != own and not (listed and before is not None and before.kind is BlockKind.ITEM)


def source_lines(text: str) -> list[Line]:
    """Split a text at its line ends, keeping where each line begins."""
    found, start = [], 0
    for number, match in enumerate(_LINE_END.finditer(text), start=1):
        found.append(Line(text[start : match.start()], start, number))
        start = match.end()
    found.append(Line(text[start:], start, len(found) + 1))
    return found


def _paragraphs(text: str) -> list[list[Line]]:
    found: list[list[Line]] = [[]]
    for line in source_lines(text):
        bare = _DROPPED.sub("", line.text).strip(lines.EDGES)
        if not bare or is_closing(bare):
            found.append([])
        else:
            found[-1].append(line)
    return [paragraph for paragraph in found if paragraph]


def _join(members: Sequence[Line], language: Language) -> _Traced:
    """Join the lines of a block: trimmed, blanks folded, invisible characters left out."""
    text, runs = "", list[tuple[int, int]]()
    for line in members:
        soft = text.endswith("\u00ad")
        text = text.removesuffix("\u00ad")
        pieces = list(_pieces(line))
        if text and pieces and not soft:
            text += lines.joint(text, pieces[0][0], language)
        for piece, offset in pieces:
            runs.append((len(text), offset))
            text += piece
    text = text.removesuffix("\u00ad").rstrip(lines.EDGES)
    return _Traced(text, _merged(runs, text))


def _pieces(line: Line) -> list[tuple[str, int]]:
    """Return the parts of a line that are kept, with their source offsets; a soft hyphen only at the end."""
    start = len(line.text) - len(line.text.lstrip(lines.EDGES + lines.INVISIBLE + _CONTROLS))
    bare = line.text[start:].rstrip(lines.EDGES + _CONTROLS)
    pieces: list[tuple[str, int]] = []
    at = 0
    for match in re.finditer(rf"{_DROPPED.pattern}|{_FOLDED.pattern}", bare):
        if match[0] == " ":
            continue
        if match.start() > at:
            pieces.append((bare[at : match.start()], line.offset + start + at))
        if _FOLDED.fullmatch(match[0]):
            pieces.append((" ", line.offset + start + match.start()))
        elif match.end() == len(bare) and match[0].endswith("\u00ad"):
            pieces.append(("\u00ad", line.offset + start + match.end() - 1))
        at = match.end()
    if at < len(bare):
        pieces.append((bare[at:], line.offset + start + at))
    return pieces


def _merged(runs: Sequence[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for text_offset, source_offset in runs:
        if text_offset >= len(text):
            continue
        if kept and source_offset - kept[-1][1] == text_offset - kept[-1][0]:
            continue
        kept.append((text_offset, source_offset))
    return tuple(kept)


def _line_of(members: Sequence[Line], runs: Sequence[tuple[int, int]]) -> int:
    if not runs:
        return members[0].number
    return next(line.number for line in reversed(members) if line.offset <= runs[0][1])
