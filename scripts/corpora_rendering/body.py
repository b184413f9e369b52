"""Blocks to body markup, in the manner one template is set to."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corpora_rendering.inline import joined, marker_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora_rendering.authored import Block, Language
    from corpora_rendering.choice import Choice
    from corpora_rendering.inline import Decorator


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """How a template writes each kind of block: patterns with one `{}`, and the form of lists, labels and tables.

    `items`: paragraphs, list (visible markers), numbered (the list element numbers where it can), definition,
    rows (a marker column). `speakers`: definition, line, bold (label and text in one paragraph), colon (likewise).
    """

    title: str = "<h1>{}</h1>"
    dateline: str = '<p class="date">{}</p>'
    heading: str = "<h2>{}</h2>"
    subheading: str = "<h3>{}</h3>"
    paragraph: str = "<p>{}</p>"
    item: str = '<p class="item">{}</p>'
    speaker: str = "<p><strong>{}</strong></p>"
    note: str = '<p class="note">{}</p>'
    items: str = "paragraphs"
    speakers: str = "line"
    table: str = '<table class="data">'
    indent: str = ""
    inline: dict[str, int] = field(default_factory=dict)
    wrap: int = 0
    margin: str = ""
    named_entities: bool = False
    hard_spaces: bool = False


_COLON: dict[Language, str] = {"ja": "：", "en": ":"}


def presented(blocks: Sequence[Block], speakers: str, language: Language) -> tuple[Block, ...]:
    """Return the blocks as a page shows them: in the `colon` manner, a speaker's label before a paragraph gets one."""
    if speakers != "colon":
        return tuple(blocks)
    shown = []
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        label = block.sentences[-1]
        if block.kind == "speaker" and following is not None and runs_on(following) and label[-1] not in ":：】":
            shown.append(replace(block, sentences=(*block.sentences[:-1], label + _COLON[language])))
        else:
            shown.append(block)
    return tuple(shown)


def runs_on(block: Block) -> bool:
    """Tell whether a speaker's label can stand in this block's paragraph."""
    return block.kind == "p"


class BodyWriter:
    """Writes one page's blocks. Consecutive items, cells and a speaker's turn form groups."""

    def __init__(self, style: BodyStyle, language: Language, choice: Choice, decorate: Decorator) -> None:
        """`decorate` keeps the page's inline budgets, so one writer serves one page."""
        self.style, self.language, self.choice, self.decorate = style, language, choice, decorate
        self.glued = language == "en" and choice.chance("glued", 20)

    def write(self, blocks: Sequence[Block]) -> str:
        """Return the markup of `blocks` in order."""
        parts: list[str] = []
        place = 0
        while place < len(blocks):
            kind = blocks[place].kind
            end = place + 1
            if kind in {"item", "cell"}:
                while end < len(blocks) and blocks[end].kind == kind:
                    end += 1
                parts.append(self.items(blocks[place:end]) if kind == "item" else self.cells(blocks[place:end]))
            elif kind == "speaker" and self.style.speakers == "definition":
                while end < len(blocks) and blocks[end].kind not in {"h", "title"}:
                    end += 1
                parts.append(self.turns(blocks[place:end]))
            elif kind == "speaker" and self.style.speakers in {"bold", "colon"} and end < len(blocks):
                end += runs_on(blocks[end])
                parts.append(self.run_in(blocks[place:end]))
            else:
                parts.append(self.single(blocks[place]))
            place = end
        return "\n".join(parts)

    def text(self, block: Block, *, plain: bool = False) -> str:
        """Return the sentences of a block as inline markup."""
        glued = self.glued and len(block.sentences) > 1
        self.glued = self.glued and not glued
        return self.decorate(joined(block.sentences, self.language, glued=glued), plain=plain)

    def marked(self, block: Block, *, plain: bool = False) -> str:
        """Return the marker, if any, and the text."""
        return marker_prefix(block.marker, self.language, self.choice) + self.text(block, plain=plain)

    def single(self, block: Block) -> str:
        """Return a block that stands alone."""
        style = self.style
        if block.kind == "h":
            pattern = style.subheading if level(block.marker) else style.heading
            return pattern.format(self.marked(block, plain=True))
        if block.kind == "p":
            indent = style.indent if self.language == "ja" or style.indent.startswith("&nbsp;") else ""
            return style.paragraph.format(indent + self.marked(block))
        pattern = {"title": style.title, "dateline": style.dateline, "speaker": style.speaker, "note": style.note}[
            block.kind
        ]
        return pattern.format(self.marked(block, plain=block.kind != "note"))

    def run_in(self, blocks: Sequence[Block]) -> str:
        """Return a speaker's label and the paragraph it runs into, if one is given."""
        if len(blocks) == 1:
            return self.single(blocks[0])
        label = self.text(blocks[0], plain=True)
        gap = "　" if self.language == "ja" and self.style.speakers == "bold" else " " if self.language == "en" else ""
        if self.style.speakers == "bold":
            label = f"<strong>{label}</strong>"
        return self.style.paragraph.format(label + gap + self.marked(blocks[1]))

    def turns(self, blocks: Sequence[Block]) -> str:
        """Return speakers and what they say as a definition list."""
        parts = ['<dl class="qa">']
        place = 0
        while place < len(blocks):
            end = place + 1
            while end < len(blocks) and blocks[end].kind != "speaker":
                end += 1
            said = blocks[place + 1 : end]
            parts.append(f"<dt>{self.text(blocks[place], plain=True)}</dt>")
            if len(said) == 1 and said[0].kind == "p":
                parts.append(f"<dd>{self.marked(said[0])}</dd>")
            elif said:
                parts.append(f"<dd>\n{self.write(said)}\n</dd>")
            place = end
        return "\n".join([*parts, "</dl>"])

    def items(self, run: Sequence[Block]) -> str:
        """Return consecutive list items in the manner of the page."""
        manner = self.style.items
        all_marked = all(block.marker for block in run)
        if manner == "numbered":
            tag = list_tag([block.marker for block in run])
            if tag:
                lines = [f"<li>{self.text(block)}</li>" for block in run]
                return "\n".join([tag, *lines, f"</{tag[1:3]}>"])
        if manner == "definition" and all_marked:
            lines = [f"<dt>{block.marker}</dt>\n<dd>{self.text(block)}</dd>" for block in run]
            return "\n".join(["<dl>", *lines, "</dl>"])
        if manner == "rows" and all_marked:
            lines = [
                f'<tr valign="top"><td width="36" nowrap>{block.marker}</td><td>{self.text(block)}</td></tr>'
                for block in run
            ]
            return "\n".join(['<table border="0" cellpadding="2">', *lines, "</table>"])
        if manner == "paragraphs" and (all_marked or "<br>" in self.style.item):
            return "\n".join(self.style.item.format(self.inset(block) + self.marked(block)) for block in run)
        lines = [f'<li class="lv{level(block.marker)}">{self.marked(block)}</li>' for block in run]
        return "\n".join(['<ul class="plain">', *lines, "</ul>"])

    def inset(self, block: Block) -> str:
        """Return the spaces before an item of a deeper level."""
        return ("　" if self.language == "ja" else "&nbsp;&nbsp;") * level(block.marker)

    def cells(self, run: Sequence[Block]) -> str:
        """Return consecutive cells as a data table."""
        columns = column_count([block.sentences[0] for block in run])
        rows = []
        for row in batches(run, columns):
            texts = [(place, self.marked(block)) for place, block in enumerate(row)]
            heads = [place == 0 and columns > 1 and row[0].sentences[-1][-1] not in "。." for place, _ in texts]
            cells = [
                f"<th>{text}</th>" if head else f"<td>{text}</td>" for head, (_, text) in zip(heads, texts, strict=True)
            ]
            rows.append("<tr>" + "".join(cells) + "</tr>")
        return "\n".join([self.style.table, *rows, "</table>"])


def column_count(texts: Sequence[str]) -> int:
    """Return into how many columns a run of cells falls: where figures stand under figures; two in case of doubt."""

    def order(columns: int) -> float:
        kinds = [[bool(re.search(r"\d", text)) for text in texts[place::columns]] for place in range(columns)]
        # The first row may be column heads, so a column counts by the majority of its cells.
        return sum(max(column.count(True), column.count(False)) for column in kinds) / len(texts)

    fitting = [columns for columns in (2, 3, 4) if len(texts) % columns == 0 and len(texts) > columns]
    if not fitting:
        return len(texts) if len(texts) in {2, 3} else 1
    return max(fitting, key=order)


def batches(run: Sequence[Block], size: int) -> list[Sequence[Block]]:
    """Cut `run` into pieces of `size`."""
    return [run[place : place + size] for place in range(0, len(run), size)]


def level(marker: str) -> int:
    """Return how deep a marker usually stands: １ 0, （１） 1, ア 2."""
    if re.match(r"[（(①-⑳・•–-]", marker):
        return 1
    return 2 if re.match(r"[ア-ンa-z][）).]?$", marker) else 0


def list_tag(markers: Sequence[str]) -> str:
    """Return the opening tag of a list element that draws these markers by itself, or an empty string."""
    if all(marker in {"", "・", "-", "•", "*"} for marker in markers):
        return "<ul>"
    numbers = [unicodedata.normalize("NFKC", marker).removesuffix(".") for marker in markers]
    if all(re.fullmatch(r"[0-9]+", number) for number in numbers):
        first = int(numbers[0])
        if [int(number) for number in numbers] == list(range(first, first + len(numbers))):
            return "<ol>" if first == 1 else f'<ol start="{first}">'
    return ""
