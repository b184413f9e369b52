"""Blocks to plain text files: one paragraph a line, or lines of fixed width as e-mailed releases had them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from corpora_rendering.body import level, runs_on
from corpora_rendering.inline import joined, marker_prefix, may_break, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora_rendering.authored import Block, Language
    from corpora_rendering.choice import Choice

LAYOUTS = ("open", "filled", "indented")
_COLUMNS = {"ja": 70, "en": 72}


def write_text(blocks: Sequence[Block], layout: str, speakers: str, language: Language, choice: Choice) -> str:
    """Return the file's text with plain line feeds.

    `layout`: open (a block a line, blank lines between), filled (lines of fixed width, blank lines between),
    indented (likewise, but paragraphs follow each other without blank lines and begin with an indent).
    `speakers` `colon` puts a label before its paragraph, anything else on its own line.
    """
    lines: list[str] = []
    label = ""
    previous = ""
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        text = label + marker_prefix(block.marker, language, choice) + joined(block.sentences, language)
        gap = "" if language == "ja" else " "
        if block.kind == "speaker" and speakers == "colon" and following is not None and runs_on(following):
            label = text + gap
            continue
        paragraph = block.kind == "p" and not label
        indent = {"ja": "　", "en": "    "}[language] if paragraph and (layout != "open" or language == "ja") else ""
        if block.kind == "item" and layout != "indented" and language == "ja":
            indent = "　" * level(block.marker)
        close = layout == "indented" and paragraph and previous == "p"
        if lines and not close:
            lines.append("")
        lines += [indent + text] if layout == "open" else filled(indent + text, language)
        previous = "p" if paragraph else block.kind
        label = ""
    return "\n".join(lines) + "\n"


def filled(text: str, language: Language) -> list[str]:
    """Return `text` as lines of at most the usual width, broken at spaces or between Japanese characters."""
    lines: list[str] = []
    line, cut = "", 0
    for char in text:
        if line.strip("　 ") and (line[-1] == " " if language == "en" else may_break(line[-1], char)):
            cut = len(line)
        line += char
        if cut and sum(map(width, line)) > _COLUMNS[language]:
            lines.append(line[:cut].rstrip(" "))
            line, cut = line[cut:], 0
    return [*lines, line]
