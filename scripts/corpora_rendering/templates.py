"""The templates by name: a shell, the manner of its body text, and the age of site it imitates."""

# ruff: noqa: E501 - markup keeps the lines it has on the page
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora_rendering import newer_templates as newer
from corpora_rendering import older_templates as older
from corpora_rendering.body import BodyStyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpora_rendering.choice import Choice
    from corpora_rendering.page import Page


@dataclass(frozen=True, slots=True)
class Template:
    """`era` (`new` or `old`) decides the encodings that fit; `items` and `speakers` list the manners it may take."""

    shell: Callable[[Page], str]
    era: str
    style: BodyStyle
    items: tuple[str, ...]
    speakers: tuple[str, ...]

    def body_style(self, choice: Choice) -> BodyStyle:
        """Return the style with this page's manner of lists and speaker labels settled."""
        changes = {"items": choice.pick("items", self.items), "speakers": choice.pick("speakers", self.speakers)}
        fields = {name: getattr(self.style, name) for name in self.style.__dataclass_fields__}
        return BodyStyle(**(fields | changes))


TEMPLATES = {
    "article": Template(
        newer.article,
        "new",
        BodyStyle(
            dateline='<p class="date"><time>{}</time></p>',
            note='<p class="note"><small>{}</small></p>',
            inline={"ruby": 2, "strong": 2, "link": 2, "lang": 4},
        ),
        ("numbered", "list"),
        ("definition", "line"),
    ),
    "sections": Template(
        newer.sections,
        "new",
        BodyStyle(
            title='<h1 class="title">{}</h1>',
            heading="<h2>{}</h2>",
            item='<p class="num">{}</p>',
            note='<div class="notes"><p>{}</p></div>',
            inline={"strong": 1, "link": 2, "comment": 2},
            wrap=88,
            margin="    ",
        ),
        ("paragraphs", "list"),
        ("bold", "line"),
    ),
    "weblog": Template(
        newer.weblog,
        "new",
        BodyStyle(
            title='<h1 class="entry-title">{}</h1>',
            dateline='<div class="posted-on">{}</div>',
            heading='<h3 class="wp-block-heading">{}</h3>',
            subheading="<h4>{}</h4>",
            note='<p class="has-background has-small-font-size">{}</p>',
            speaker='<p class="has-text-weight"><strong>{}</strong></p>',
            table='<table class="wp-block-table">',
            inline={"link": 3, "strong": 3, "ruby": 1},
            named_entities=True,
        ),
        ("numbered", "paragraphs"),
        ("colon", "bold"),
    ),
    "columns": Template(
        newer.columns,
        "new",
        BodyStyle(
            title='<div class="ttl">{}</div>',
            dateline='<div class="day">{}</div>',
            heading='<div class="midashi"><h3>{}</h3></div>',
            subheading='<div class="midashi2"><h4>{}</h4></div>',
            paragraph='<div class="txt">{}</div>',
            item='<div class="txt kajo">{}</div>',
            note='<div class="chu">{}</div>',
            speaker='<div class="hatsugen"><b>{}</b></div>',
            table='<table class="tbl">',
            indent="　",
            inline={"lang": 3, "link": 1},
        ),
        ("paragraphs", "definition"),
        ("line", "definition", "colon"),
    ),
    "speech": Template(
        newer.speech,
        "new",
        BodyStyle(
            speaker='<p class="name">{}</p>',
            heading="<h2>{}</h2>",
            indent="　",
            note="<p><small>{}</small></p>",
            inline={"ruby": 3},
            wrap=76,
        ),
        ("list", "paragraphs"),
        ("line", "bold"),
    ),
    "xhtml": Template(
        older.xhtml,
        "old",
        BodyStyle(
            title="<h2>{}</h2>",
            heading="<h3>{}</h3>",
            subheading="<h4>{}</h4>",
            note='<p class="chu">{}</p>',
            table='<table class="data" border="1" cellspacing="0">',
            inline={"link": 1, "strong": 1},
            wrap=72,
            margin="      ",
        ),
        ("numbered", "definition", "list"),
        ("definition", "bold"),
    ),
    "table-columns": Template(
        older.table_columns,
        "old",
        BodyStyle(
            title='<div align="center"><font size="+2"><b>{}</b></font></div>',
            dateline='<div align="right"><font size="2">{}</font></div>',
            heading='<p><font size="+1" color="#003366"><b>{}</b></font></p>',
            subheading="<p><b>{}</b></p>",
            item='<p class="item">{}</p>',
            speaker='<p><b><font color="#990000">{}</font></b></p>',
            note='<p><font size="2">{}</font></p>',
            table='<table border="1" cellpadding="4">',
            indent="　",
            named_entities=True,
        ),
        ("rows", "paragraphs"),
        ("line", "colon"),
    ),
    "table-nested": Template(
        older.table_nested,
        "old",
        BodyStyle(
            title='<h2 align="center">{}</h2>',
            dateline='<p align="right">{}</p>',
            heading="<p><b>{}</b></p>",
            subheading="<p><b>{}</b></p>",
            note='<p class="small">{}</p>',
            table='<table border="1" cellspacing="0">',
            indent="&nbsp;&nbsp;",
            wrap=64,
            hard_spaces=True,
        ),
        ("paragraphs", "rows"),
        ("bold", "line"),
    ),
    "line-breaks": Template(
        older.line_breaks,
        "old",
        BodyStyle(
            title='<center><font size="5">{}</font></center>',
            dateline='<div align="right">{}</div>',
            heading="<br>\n<b>{}</b><br>",
            subheading="<b>{}</b><br>",
            paragraph="{}<br><br>",
            item="{}<br>",
            speaker="<b>{}</b><br>",
            note="<font size=2>{}</font><br>",
            table='<table border="1">',
            indent="　",
            wrap=70,
        ),
        ("paragraphs",),
        ("line", "colon"),
    ),
    "block-quotes": Template(
        older.block_quotes,
        "old",
        BodyStyle(
            title="<h3>{}</h3>",
            dateline="<p><i>{}</i></p>",
            heading='<p><font size="4"><strong>{}</strong></font></p>',
            subheading="<p><strong>{}</strong></p>",
            item="<p>{}</p>",
            table='<table border="1">',
            indent="　",
            wrap=60,
            named_entities=True,
        ),
        ("definition", "paragraphs", "numbered"),
        ("line", "bold"),
    ),
    "word-processor": Template(
        older.word_processor,
        "old",
        BodyStyle(
            title='<p class="MsoTitle" align="center"><b><span style="font-size:14.0pt">{}</span></b></p>',
            dateline='<p class="MsoNormal" align="right" style="text-align:right"><span>{}</span></p>',
            heading='<p class="MsoNormal"><b><span style="font-size:12.0pt">{}</span></b></p>',
            subheading='<p class="MsoNormal"><b>{}</b></p>',
            paragraph='<p class="MsoNormal" style="text-indent:10.5pt"><span style="font-family:Century">{}<o:p></o:p></span></p>',
            item='<p class="MsoNormal" style="margin-left:21.0pt">{}<o:p></o:p></p>',
            speaker='<p class="MsoNormal"><b>{}<o:p></o:p></b></p>',
            note='<p class="MsoNormal"><span style="font-size:9.0pt">{}</span></p>',
            table='<table class="MsoTableGrid" border="1">',
            inline={"lang": 99},
            wrap=74,
            hard_spaces=True,
        ),
        ("paragraphs",),
        ("line", "bold"),
    ),
    "print-view": Template(
        older.print_view,
        "old",
        BodyStyle(
            title="<h1>{}</h1>",
            heading="<p><strong>{}</strong></p>",
            subheading="<p><strong>{}</strong></p>",
            item="<p>{}</p>",
            note="<p>{}</p>",
            table='<table border="1">',
            indent="　",
        ),
        ("list", "paragraphs", "numbered"),
        ("definition", "colon"),
    ),
}

# What a collection's pages usually look like; every template stays possible for defence, foreign and the rest.
SUITED = {
    "speeches": ("speech", "article", "line-breaks", "block-quotes", "word-processor", "weblog", "xhtml"),
    "pressers": ("xhtml", "print-view", "sections", "columns", "weblog", "table-columns", "article", "line-breaks"),
}


def choose_template(collection: str, choice: Choice) -> str:
    """Return a name of `TEMPLATES` for a page of `collection`."""
    return choice.pick("template", SUITED.get(collection, tuple(TEMPLATES)))
