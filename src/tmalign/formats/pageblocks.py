"""From lines to blocks: which line is the title, a dateline, a heading, an item, a speaker, a note."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tmalign.formats.dates import find_date, is_dateline
from tmalign.formats.furniture import ends_sentence
from tmalign.formats.markers import is_marker, is_note, split_marker
from tmalign.formats.speakers import label_of, split_speaker
from tmalign.model import Block, BlockKind
from tmalign.text.width import normalise

if TYPE_CHECKING:
    from tmalign.formats.lines import Line
    from tmalign.model import Language

_LETTERS = re.compile(r"[^\W\d_]")
_HEADING_LENGTH = {"ja": 40, "en": 90}
_LABEL_LENGTH = {"ja": 40, "en": 80}
_TITLE_AMONG = 25  # a title stands among the first lines
_FINAL = tuple("。！？.!?；;")


def blocks_of(lines: list[Line], declared_title: str, language: Language) -> tuple[str, str, tuple[Block, ...]]:
    """Return title, ISO date (of the first dateline, or empty) and blocks."""
    title_at = _title_place(lines, declared_title)
    maker = _Maker(lines, title_at, language)
    for number, line in enumerate(lines):
        maker.add(number, line)
    title = lines[title_at].text if title_at is not None else declared_title
    return title, maker.date, tuple(maker.blocks)


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", normalise(text)).casefold()


def _title_place(lines: list[Line], declared: str) -> int | None:
    """Return which line is the title: the one <title> repeats, or else the first and highest heading."""
    wanted = _squeezed(declared)
    head = lines[:_TITLE_AMONG]
    if wanted:
        for number, line in enumerate(head):
            if _squeezed(line.text) == wanted:
                return number
        for number, line in enumerate(head):
            text = _squeezed(line.text)
            if len(text) >= 6 and (line.heading or line.bold) and (text in wanted or wanted in text):  # noqa: PLR2004
                return number
    headings = [(line.heading, number) for number, line in enumerate(head) if line.heading]
    if headings and (min(headings)[0] == 1 or headings[0][1] <= 3):  # noqa: PLR2004 - before any text
        return min(headings)[1] if min(headings)[0] == 1 else headings[0][1]
    return None


class _Maker:
    """Makes blocks of lines in order, with what was seen before."""

    def __init__(self, lines: list[Line], title_at: int | None, language: Language) -> None:
        self.blocks: list[Block] = []
        self.date = ""
        self._title_at = title_at
        self._language: Language = language
        self._prose = False
        self._waiting = ""  # a marker that stood alone and belongs to the next line
        self._waiting_row = 0
        labels = Counter(label for line in lines if (label := label_of(line.text)))
        self._speakers = {label for label, times in labels.items() if times > 1}

    def add(self, number: int, line: Line) -> None:
        """Turn a line into a block, or two where a speaker's label leads it."""
        if number == self._title_at:
            self._put(BlockKind.TITLE, "", line.text, line)
            return
        if is_marker(line.text) and not line.heading:
            self._waiting, self._waiting_row = line.text.strip(), line.row
            return
        if line.cell:
            if _LETTERS.search(line.text):
                self._cell(line)
            return
        if is_dateline(line.text):
            self._put(BlockKind.DATELINE, "", line.text, line)
            self.date = self.date or find_date(line.text)
            return
        label, rest = split_speaker(line.text, self._speakers, bold=line.bold or line.tag in {"dt", "th"})
        if label:
            self._put(BlockKind.SPEAKER, "", label, line)
            if rest:
                self._put(BlockKind.PARAGRAPH, "", rest, line)
            return
        self._running(line)

    def _cell(self, line: Line) -> None:
        marker, text = split_marker(line.text)
        if not marker or not text:
            marker, text = "", line.text
        if is_note(marker, text):
            self._put(BlockKind.NOTE, marker, text, line)
        else:
            self._put(BlockKind.CELL, self._take_waiting(line) or marker, text, line)

    def _take_waiting(self, line: Line) -> str:
        marker, self._waiting = self._waiting, ""
        return marker if not line.cell or self._waiting_row == line.row else ""

    def _running(self, line: Line) -> None:
        """Tell headings, items, notes, labels before the text, and paragraphs apart."""
        marker, text = split_marker(line.text)
        if not text:
            marker, text = "", line.text
        waiting = self._take_waiting(line)
        marker = marker or waiting or line.ordinal
        if is_note(marker, text):
            kind = BlockKind.NOTE
        elif line.heading or self._looks_like_heading(line, text):
            kind = BlockKind.HEADING
        elif line.tag == "li" or marker:
            kind = BlockKind.ITEM
        elif line.tag == "dt":
            kind = BlockKind.HEADING
        elif self._is_label(line):
            kind = BlockKind.DATELINE
        else:
            kind = BlockKind.PARAGRAPH
        self._put(kind, marker, text, line)

    def _looks_like_heading(self, line: Line, text: str) -> bool:
        short = len(text) <= _HEADING_LENGTH[self._language]
        return line.bold and short and not text.endswith(_FINAL) and line.tag != "li"

    def _is_label(self, line: Line) -> bool:
        """Tell whether a short line before the text names an office, a place or the kind of release."""
        if self._prose or line.tag in {"li", "dd", "dt"}:
            return False
        short = len(line.text) <= _LABEL_LENGTH[self._language] and not line.text.endswith(_FINAL)
        near = any(block.kind in {BlockKind.TITLE, BlockKind.DATELINE} for block in self.blocks) or not self.blocks
        return short and near and not ends_sentence(line.text)

    def _put(self, kind: BlockKind, marker: str, text: str, line: Line) -> None:
        if kind in {BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING, BlockKind.SPEAKER, BlockKind.CELL}:
            self._prose = self._prose or kind != BlockKind.PARAGRAPH or ends_sentence(text)
        self.blocks.append(Block(kind, marker, text, line.number))
