"""One authored release to its files: two pages (or two text files) and the gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora_rendering.authored import LANGUAGES, AuthoredRelease, Block, Language
from corpora_rendering.body import BodyWriter, presented
from corpora_rendering.choice import Choice
from corpora_rendering.dress import FORMATS, RenderingError, page_dress, release_format
from corpora_rendering.encoding import ENCODINGS, encode_page, encode_text, fits
from corpora_rendering.furniture import SITES
from corpora_rendering.gold import gold_json
from corpora_rendering.inline import Decorator
from corpora_rendering.page import Page
from corpora_rendering.plain import LAYOUTS, write_text
from corpora_rendering.templates import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUFFIXES = tuple(f".{language}.{form}" for language in LANGUAGES for form in FORMATS)
GOLD_SUFFIX = ".gold.json"


def render(release: AuthoredRelease) -> dict[str, bytes]:
    """Return the files of a release by name. Raises `RenderingError` for an unknown template, encoding or format."""
    form = release_format(release)
    name = release.path.name.removesuffix(".release")
    files: dict[str, bytes] = {}
    shown: dict[Language, Sequence[Block]] = {}
    for language in LANGUAGES:
        data, shown[language] = (render_page if form == "html" else render_text)(release, language)
        files[f"{name}.{language}.{form}"] = data
    files[name + GOLD_SUFFIX] = gold_json(release.id, shown, release.beads).encode()
    return files


def render_page(release: AuthoredRelease, language: Language) -> tuple[bytes, Sequence[Block]]:
    """Return the bytes of an HTML page and the blocks as it shows them."""
    choice = Choice(f"{release.id}/{language}")
    template_name, encoding_name = page_dress(release, language)
    template, encoding = TEMPLATES[template_name], ENCODINGS[encoding_name]
    style = template.body_style(choice)
    blocks = presented(release.blocks(language), style.speakers, language)
    decorate = Decorator(
        language, choice, style.wrap, style.margin, style.named_entities, style.hard_spaces, dict(style.inline)
    )
    page = Page(
        name=release.path.name.removesuffix(".release"),
        language=language,
        collection=release.collection,
        day=release.date,
        site=Choice(release.id).pick("site", SITES),
        blocks=blocks,
        choice=choice,
        writer=BodyWriter(style, language, choice, decorate),
        declared=encoding.declared,
    )
    return encode_page(template.shell(page), encoding), blocks


def render_text(release: AuthoredRelease, language: Language) -> tuple[bytes, Sequence[Block]]:
    """Return the bytes of a text file and the blocks as it shows them."""
    choice = Choice(f"{release.id}/{language}")
    speakers = choice.pick("speakers", ("colon", "line"))
    blocks = presented(release.blocks(language), speakers, language)
    text = write_text(blocks, choice.pick("layout", LAYOUTS), speakers, language, choice)
    if choice.chance("carriage returns", 30):
        text = text.replace("\n", "\r\n")
    _, encoding_name = page_dress(release, language)
    if not fits(text, ENCODINGS[encoding_name]):
        if "encoding" in release.options:
            raise RenderingError(f"{release.path}: {encoding_name} lacks a character of the {language} text")
        encoding_name = "utf-8"
    return encode_text(text, ENCODINGS[encoding_name]), blocks


def possible_files(release: AuthoredRelease) -> list[Path]:
    """Return every file a rendering of the release might write, in whatever format."""
    name = release.path.name.removesuffix(".release")
    return [release.path.with_name(name + suffix) for suffix in (*SUFFIXES, GOLD_SUFFIX)]
