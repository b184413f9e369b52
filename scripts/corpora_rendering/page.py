"""One page to be: its text, its dress, and the pieces of markup that every template needs."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora_rendering.furniture import LABELS, WORDS, Site, Words
from corpora_rendering.inline import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora_rendering.authored import Block, Language
    from corpora_rendering.body import BodyWriter
    from corpora_rendering.choice import Choice


@dataclass(slots=True)
class Page:
    """All a template reads. `declared` is the charset the page claims, empty for none; `day` is ISO 8601."""

    name: str
    language: Language
    collection: str
    day: str
    site: Site
    blocks: Sequence[Block]
    choice: Choice
    writer: BodyWriter
    declared: str

    @property
    def words(self) -> Words:
        """Return the furniture words in the page's language."""
        return WORDS[self.language]

    @property
    def section(self) -> str:
        """Return the name of the site's section the page stands in."""
        return self.words.section(self.collection)

    @property
    def site_name(self) -> str:
        """Return the office's name in the page's language."""
        return self.site.name(self.language)

    @property
    def address(self) -> str:
        """Return the office's address in the page's language."""
        return self.site.address(self.language)

    @property
    def contact_line(self) -> str:
        """Return whom to ask."""
        return self.words.contact

    @property
    def copyright(self) -> str:
        """Return the copyright line."""
        return f"Copyright &copy; {self.day[:4]} {self.site.holder}. All Rights Reserved."

    @property
    def title(self) -> str:
        """Return the release's title, escaped."""
        block = next(block for block in self.blocks if block.kind == "title")
        return html.escape(joined(block.sentences, self.language), quote=False)

    @property
    def other(self) -> str:
        """Return the file name of the other language version."""
        return f"{self.name}.{'en' if self.language == 'ja' else 'ja'}.html"

    @property
    def caption(self) -> str:
        """Return a photo caption; the image's alternative text says the same."""
        return self.choice.pick("caption", self.words.captions)

    @property
    def comment(self) -> str:
        """Return the comment that labels the page as invented."""
        return f"<!-- {LABELS[self.language]} -->"

    def head(self, *, html5: bool, slash: str = "") -> str:
        """Return charset, label and title elements; `slash` closes empty elements (XHTML)."""
        lines = []
        if self.declared and html5:
            lines.append(f'<meta charset="{self.declared}">')
        elif self.declared:
            lines.append(f'<meta http-equiv="Content-Type" content="text/html; charset={self.declared}"{slash}>')
        lines += [
            f'<meta name="description" content="{LABELS[self.language]}"{slash}>',
            f"<title>{self.title}{self.choice.pick('title bar', [' | ', '：', ' - '])}{self.site_name}</title>",
        ]
        return "\n".join(lines)

    def lead(self) -> str:
        """Return the markup of the title and datelines at the top of the page."""
        return self.writer.write(self.blocks[: self.lead_length])

    def rest(self) -> str:
        """Return the markup of all blocks after the lead."""
        return self.writer.write(self.blocks[self.lead_length :])

    @property
    def lead_length(self) -> int:
        """Count the title and dateline blocks before the text proper."""
        count = 0
        while count < len(self.blocks) and self.blocks[count].kind in {"title", "dateline"}:
            count += 1
        return count
