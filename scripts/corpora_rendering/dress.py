"""What every page will wear: its format, template and encoding, as the id or the header of its release decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora_rendering.authored import LANGUAGES
from corpora_rendering.choice import Choice
from corpora_rendering.encoding import ENCODINGS, choose_encoding
from corpora_rendering.templates import TEMPLATES, choose_template

if TYPE_CHECKING:
    from corpora_rendering.authored import AuthoredRelease, Language

FORMATS = {"html": 83, "txt": 17}


class RenderingError(Exception):
    """A header asks for something that cannot be; `str()` begins with the path."""


def release_format(release: AuthoredRelease) -> str:
    """Return `html` or `txt`."""
    return wish(release, "format", "", tuple(FORMATS)) or Choice(release.id).weighted("format", FORMATS)


def page_dress(release: AuthoredRelease, language: Language) -> tuple[str, str]:
    """Return the names of the template (`text` for a text file) and of the encoding of one side.

    Raises `RenderingError` where a header names an unknown one. A text file may still fall back to UTF-8 when the
    encoding lacks a character and no header asked for it.
    """
    choice = Choice(f"{release.id}/{language}")
    encoding = wish(release, "encoding", language, tuple(ENCODINGS))
    if release_format(release) == "txt":
        return "text", encoding or choose_encoding(language, "text", choice)
    template = wish(release, "template", language, tuple(TEMPLATES)) or choose_template(release.collection, choice)
    return template, encoding or choose_encoding(language, TEMPLATES[template].era, choice)


def wish(release: AuthoredRelease, header: str, language: str, known: tuple[str, ...]) -> str:
    """Return what an optional header asks for: `@template xhtml`, or `@template ja=xhtml en=article` by side; or ''."""
    answer = ""
    for word in release.options.get(header, "").split():
        side, _, value = word.rpartition("=")
        if value not in known or side not in {"", *LANGUAGES}:
            raise RenderingError(f"{release.path}: @{header} '{word}' is unknown; known: {', '.join(known)}")
        if side in {"", language}:
            answer = value
    return answer
