"""From a file to a document: which reader, which language, which encoding, and what is wrong with the file."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tmalign.errors import (
    EmptyFileError,
    FileSizeError,
    FormatError,
    LanguageError,
    MissingFileError,
    UnreadableFileError,
)
from tmalign.formats.charset import Decoded, declaration, decode
from tmalign.formats.html import declared_language, frame_sources, read_html
from tmalign.formats.plain import read_plain
from tmalign.model import Block, BlockKind, Document
from tmalign.text.language import identify

if TYPE_CHECKING:
    from tmalign.model import Language

HTML_SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml"})
TEXT_SUFFIXES: Final = frozenset({".txt", ".text", ".md"})
SUFFIXES: Final = HTML_SUFFIXES | TEXT_SUFFIXES
MOST_BYTES: Final = 20_000_000


def split_name(path: Path) -> tuple[str, Language | None]:
    """Return a file's stem without its language suffix, and that language: `a.ja.html` gives ('a', 'ja')."""
    stem = path.name[: -len(path.suffix)] if path.suffix else path.name
    base, dot, code = stem.rpartition(".")
    if dot and base and code.lower() in {"ja", "en"}:
        return base, "ja" if code.lower() == "ja" else "en"
    return stem, None


def read_document(path: Path, language: Language | None = None, *, max_bytes: int = MOST_BYTES) -> Document:
    """Read one release page or text.

    The suffix decides how: .html, .htm, .xhtml, or .txt, .text, .md. Without `language` the file's name says it
    (NAME.ja.html), else the html element, else the script of the text. Raises MissingFileError,
    UnreadableFileError, FileSizeError, EmptyFileError, BinaryFileError, EncodingError, FormatError, and LanguageError
    where the language cannot be told.
    """
    path = Path(path)
    name, named = split_name(path)
    data = _read_bytes(path, max_bytes)
    if path.suffix.lower() not in SUFFIXES:
        decode(data, path=path)  # what the file is comes before what it is called
        raise FormatError(
            f"files ending in '{path.suffix}' are not read",
            path=path,
            hint="rename the file to .html or .txt, whichever it is",
        )
    html = path.suffix.lower() in HTML_SUFFIXES
    decoded = decode(data, path=path, declared=declaration(data) if html else None)
    chosen = language or named or _told(decoded.text, path, html=html)
    reading = read_html(decoded.text, chosen, path=path) if html else read_plain(decoded.text, chosen)
    if not reading.blocks:
        raise _nothing_left(decoded, path, html=html)
    return Document(
        id=name,
        language=chosen,
        title=reading.title,
        date=reading.date,
        blocks=reading.blocks,
        source=str(path),
        digest=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


def read_lines(path: Path, language: Language, *, max_bytes: int = MOST_BYTES) -> Document:
    """Read a text that is split already, one sentence a line: one block, its text as it stands in the file.

    Raises what `read_document` raises.
    """
    data = _read_bytes(path, max_bytes)
    decoded = decode(data, path=path)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise EmptyFileError("the file has no text", path=path, hint="give one sentence a line")
    return Document(
        id=split_name(path)[0],
        language=language,
        title="",
        date="",
        blocks=(Block(BlockKind.PARAGRAPH, "", text, 1),),
        source=str(path),
        digest=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableFileError(
                "this is a folder, not a file", path=path, hint="name a file in it, or use 'build' for folders"
            )
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            # Opening a pipe would wait for ever.
            raise UnreadableFileError("this is not an ordinary file", path=path, hint="put a file in its place")
        if state.st_size > max_bytes:
            raise _too_large(path, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise MissingFileError("there is no such file", path=path, hint="check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(
            f"cannot be read: {reason}", path=path, hint="check the file's permissions"
        ) from error
    if len(data) > max_bytes:
        raise _too_large(path, max_bytes)
    if not data:
        raise EmptyFileError("the file is empty (0 bytes)", path=path, hint="fetch or save the page again")
    return data


def _too_large(path: Path, max_bytes: int) -> FileSizeError:
    return FileSizeError(
        f"larger than {max_bytes:,} bytes",
        path=path,
        hint="a release is a page; split the file, or raise the limit if it is one",
    )


def _told(text: str, path: Path, *, html: bool) -> Language:
    declared = declared_language(text) if html else ""
    if declared in {"ja", "en"}:
        return "ja" if declared == "ja" else "en"
    shown = re.sub(r"(?s)<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", text) if html else text
    told = identify(shown)
    if told is None:
        if not shown.strip():
            raise EmptyFileError("the file has no text", path=path, hint="fetch or save the page again")
        raise LanguageError(
            "the text is neither Japanese nor English as far as its script tells",
            path=path,
            hint="say which it is in the name: NAME.ja.html or NAME.en.html",
        )
    return told


def _nothing_left(decoded: Decoded, path: Path, *, html: bool) -> EmptyFileError:
    frames = frame_sources(decoded.text) if html else []
    if frames:
        return EmptyFileError(
            "the page has no text of its own, only frames", path=path, hint=f"give the page in the frame: {frames[0]}"
        )
    if html and decoded.text.strip():
        return EmptyFileError(
            "no text is left on the page without navigation, buttons and footers",
            path=path,
            hint="check that the saved page holds the release",
        )
    return EmptyFileError("the file has no text", path=path, hint="fetch or save the page again")
