"""The text to be translated, cut into segments as a CAT tool cuts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tmalign.errors import EmptyFileError, LanguageError
from tmalign.text.language_tag import primary

if TYPE_CHECKING:
    from pathlib import Path

    from tmalign.model import Language
    from tmalign.text.sentences import SplitRules

_TMX: Final = (".tmx", ".tmx.gz")
_XLIFF: Final = (".xlf", ".xliff", ".mxliff", ".sdlxliff", ".mqxliff")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's segments in order. `path` is as it was given."""

    path: str
    language: Language
    segments: tuple[str, ...]


def is_xliff(path: Path) -> bool:
    """Tell whether a file is XLIFF by its name."""
    return path.name.lower().endswith(_XLIFF)


def known_language(tag: str, path: Path) -> Language:
    """Return the language of a tag such as `ja-JP`. Raises LanguageError where it is neither of ours."""
    told = primary(tag)
    if told == "ja":
        return "ja"
    if told == "en":
        return "en"
    raise LanguageError(
        f"the file says its language is '{tag}', neither Japanese nor English" if tag else "the file names no language",
        path=path,
        hint="say which of the two to read: --language ja",
    )


def read_source(path: Path, language: Language | None = None, *, rules: SplitRules = "standard") -> SourceText:
    """Read the segments of a page or text (split into sentences), of TMX or of XLIFF (as they are there).

    Without `language` it is that of the file's name or text; of TMX and XLIFF the one they call the source.
    Raises what reading the file raises; LanguageError where its language cannot be told; EmptyFileError where
    nothing is to be translated.
    """
    if path.name.lower().endswith(_TMX):
        language, segments = _tmx(path, language)
    elif is_xliff(path):
        from tmalign.formats.xliff.tree import XliffTree  # noqa: PLC0415 - not for other files

        tree = XliffTree(path)
        language = language or known_language(tree.source_language, path)
        segments = [segment.text for segment in tree.segments()]
    else:
        language, segments = _page(path, language, rules)
    kept = tuple(text for text in (segment.strip() for segment in segments) if text)
    if not kept:
        raise EmptyFileError("there is nothing to translate", path=path, hint="give a file with text in it")
    return SourceText(str(path), language, kept)


def _page(path: Path, language: Language | None, rules: SplitRules) -> tuple[Language, list[str]]:
    """Return the sentences of a page or text."""
    from tmalign.formats.documents import read_document  # noqa: PLC0415 - not for other files
    from tmalign.text.sentences import split  # noqa: PLC0415 - likewise

    document = read_document(path, language)
    return document.language, [
        block.text[start:end]
        for block in document.blocks
        for start, end in split(block.text, document.language, rules=rules)
    ]


def _tmx(path: Path, language: Language | None) -> tuple[Language, list[str]]:
    """Return the texts of one language of a memory."""
    from tmalign.formats.tmx.reading import TmxReader  # noqa: PLC0415 - not for other files

    with TmxReader(path) as reader:
        chosen = language or known_language(reader.header.attribute("srclang"), path)
        return chosen, [
            variant.text for unit in reader for variant in unit.variants if primary(variant.language) == chosen
        ]
