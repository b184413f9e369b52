"""Systems' outputs: a segment a line, JSON Lines, or running text a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tmalign.errors import DuplicateFileError, EmptyFileError, FormatError, MissingFileError, PairError, UsageError
from tmalign.scoring.checks import check_filled, check_language, check_length, note_copies, told_language
from tmalign.scoring.lines import JSON_SUFFIXES, id_of, read_rows, read_segments, read_utf8, text_of, texts_of
from tmalign.scoring.material import Hypothesis, RunningText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language
    from tmalign.scoring.material import References

_ROWS: Final = '{"id": "a", "segments": ["...", "..."]}, or {"text": "..."} a segment'
_DOCUMENT_ROWS: Final = '{"id": "a", "text": "..."}'
# Two renderings agree in a heading, not in most of their sentences.
_TELLING: Final = 8
_SAMPLED: Final = 500
_MOST_REPEATED: Final = 0.5
_PAGES: Final = frozenset({".html", ".htm", ".xhtml"})
_TEXTS: Final = frozenset({".txt", ".text", ".md", ".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a person lets pass: empty hypotheses, untranslated lines. Both are then counted and reported."""

    empty: bool = False
    untranslated: bool = False


def parse_named(text: str) -> tuple[str, Path]:
    """Return system and path of `NAME=FILE`. Raises UsageError where one is missing."""
    name, equals, path = text.partition("=")
    if not (equals and name.strip() and path):
        raise UsageError(f"{text!r} is not NAME=FILE", hint="--hypothesis our-system=out.en.txt")
    # Under a locale without Japanese, what the shell gave comes as escaped bytes.
    return name.strip().encode("utf-8", "surrogateescape").decode("utf-8", "replace"), Path(path)


def peek_language(path: Path) -> Language | None:
    """Return the language a hypothesis is in, to choose the direction by; None where its script does not tell."""
    return told_language(_peek(path))


def repeats(path: Path, segments: Sequence[str]) -> bool:
    """Tell whether a hypothesis has most of these segments word for word, as a copy of them has."""
    whole = "\n".join(_peek(path))
    told = [text for text in segments if len(text) >= _TELLING][:_SAMPLED]
    return sum(text in whole for text in told) > _MOST_REPEATED * len(told) if told else False


def _peek(path: Path) -> list[str]:
    """Return the texts of a hypothesis, of a folder those of its first file."""
    if path.is_dir():
        pages = (page for page in sorted(path.rglob("*")) if page.suffix.lower() in _TEXTS and page.is_file())
        first = next(pages, None)
        return [] if first is None else [read_utf8(first)]
    if path.suffix.lower() in JSON_SUFFIXES:
        return [text for line, row in read_rows(path, _ROWS) for text in _row_texts(row, path, line)]
    return read_segments(path)


def _row_texts(row: dict[str, object], path: Path, line: int) -> tuple[str, ...]:
    if "segments" in row:
        return texts_of(row, "segments", path, line)
    if "text" in row:
        return (text_of(row, "text", path, line),)
    raise FormatError("the row has neither segments nor text", path=path, line=line, hint=f"a row is {_ROWS}")


def read_segmented(system: str, path: Path, references: References, allowance: Allowance) -> Hypothesis:
    """Read a hypothesis that has the reference's segments, and check it against them.

    Text: a segment a line. JSON Lines: the documents by id with their segments, or a segment a row. Raises InputError
    of the fitting kind with the line: unequal lengths, empty or untranslated text, another language.
    """
    if path.is_dir():
        raise UsageError(
            f"{path} is a folder: one file a document", hint="score running text with --segmentation document"
        )
    if path.suffix.lower() in JSON_SUFFIXES:
        texts, lines = _json_segments(path, references)
    else:
        texts = read_segments(path)
        lines = list(range(1, len(texts) + 1))
        check_length(texts, len(references.segments), str(path))
    notes = check_filled(texts, lines, str(path), allowed=allowance.empty, what="hypothesis")
    notes += check_language(
        texts, lines, references.target, str(path), sources=references.sources, allowed=allowance.untranslated
    )
    notes += note_copies(texts, references.segments)
    return Hypothesis(system, str(path), tuple(texts), tuple(lines), notes)


def _json_segments(path: Path, references: References) -> tuple[list[str], list[int]]:
    """Return the segments in the reference's order, and the rows they stand in."""
    rows = read_rows(path, _ROWS)
    if all("segments" not in row for _, row in rows):
        return _json_texts_by_segment(rows, path, references)
    by_id: dict[str, tuple[int, tuple[str, ...]]] = {}
    for line, row in rows:
        by_id[_new_id(row, path, line, by_id)] = (line, texts_of(row, "segments", path, line))
    _check_ids(path, {name: line for name, (line, _) in by_id.items()}, references)
    texts: list[str] = []
    lines: list[int] = []
    for document in references.documents:
        line, segments = by_id[document.id]
        if len(segments) != len(document.references):
            raise PairError(
                f"{document.id} has {len(segments)} segments, its reference {len(document.references)}",
                path=path,
                line=line,
                hint="give a text a segment; for running text use --segmentation document",
            )
        texts.extend(segments)
        lines.extend([line] * len(segments))
    return texts, lines


def _json_texts_by_segment(
    rows: Sequence[tuple[int, dict[str, Any]]], path: Path, references: References
) -> tuple[list[str], list[int]]:
    """Return a text a row: by id where the ids are the reference's documents, in order within one; else in order."""
    texts = [(_row_texts(row, path, line)[0], line) for line, row in rows]
    if len(texts) == len(references.documents) != len(references.segments):
        raise UsageError(
            f"{path} has a text for each document, not for each segment", hint="add --segmentation document"
        )
    ids = [id_of(row, path, line) if "id" in row else "" for line, row in rows]
    wanted = {document.id for document in references.documents}
    if not wanted.intersection(ids):
        in_order = [text for text, _ in texts]
        check_length(in_order, len(references.segments), str(path), unit="row")
        return in_order, [line for _, line in texts]
    by_id: dict[str, list[tuple[str, int]]] = {}
    for name, text in zip(ids, texts, strict=True):
        by_id.setdefault(name, []).append(text)
    _check_ids(path, {name: found[0][1] for name, found in by_id.items()}, references)
    ordered = []
    for document in references.documents:
        found, expected = by_id[document.id], len(document.references)
        if len(found) != expected:
            raise PairError(
                f"{document.id} has {len(found)} rows, its reference {expected} segment{'s' * (expected != 1)}",
                path=path,
                line=found[min(len(found) - 1, expected)][1],
                hint="give a row a segment, each once",
            )
        ordered += found
    return [text for text, _ in ordered], [line for _, line in ordered]


def _new_id(row: dict[str, object], path: Path, line: int, seen: dict[str, tuple[int, tuple[str, ...]]]) -> str:
    """Return a row's id, which no row before it may have."""
    name = id_of(row, path, line)
    if name in seen:
        raise DuplicateFileError(
            f"the document {name} stands in line {seen[name][0]} already", path=path, line=line, hint="keep one of them"
        )
    return name


def _check_ids(path: Path, lines: dict[str, int], references: References) -> None:
    """Refuse documents that the reference lacks, missing ones, and a reference that names a document twice."""
    wanted = [document.id for document in references.documents]
    if twice := next((name for number, name in enumerate(wanted) if name in wanted[:number]), None):
        raise PairError(
            f"the segments of {twice} do not stand together in the reference",
            path=references.path,
            hint="sort the reference by document, or score against the store",
        )
    for name, line in lines.items():
        if name not in wanted:
            raise PairError(
                f"the reference has no document {name}",
                path=path,
                line=line,
                hint=f"its documents are: {_some(wanted)}",
            )
    if missing := [name for name in wanted if name not in lines]:
        raise PairError(
            f"{len(missing)} of {len(wanted)} documents are missing, the first is {missing[0]}",
            path=path,
            line=max(lines.values(), default=0) + 1 if path.suffix.lower() in JSON_SUFFIXES else None,
            hint="translate every document",
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def read_running(
    path: Path, references: References, allowance: Allowance
) -> tuple[tuple[RunningText, ...], tuple[str, ...]]:
    """Read a hypothesis as running text, by document in the reference's order, and return notes on it.

    A folder with a file a document (ID.txt, ID.en.html...), JSON Lines with a row a document, or one text or page: that
    of the only document, else of all of them together. Raises InputError of the fitting kind.
    """
    if path.is_dir():
        texts = _folder(path, references, allowance)
    elif path.suffix.lower() in JSON_SUFFIXES:
        texts = _json_texts(path, references)
    else:
        only = references.documents[0].id if len(references.documents) == 1 else ""
        texts = (RunningText(only, _page(path, references.target), 1),)
    lines = [text.line for text in texts]
    notes = check_filled([text.text for text in texts], lines, str(path), allowed=allowance.empty, what="hypothesis")
    pieces = [(piece, text.line) for text in texts for piece in text.text.split("\n") if piece.strip()]
    notes += check_language(
        [piece for piece, _ in pieces] or [""],
        [line for _, line in pieces] or [1],
        references.target,
        str(path),
        allowed=allowance.untranslated,
    )
    return texts, notes


def _folder(path: Path, references: References, allowance: Allowance) -> tuple[RunningText, ...]:
    """Read a file a document: ID.txt, ID.html, with or without the language in the name."""
    found: dict[str, Path] = {}
    for page in sorted(page for page in path.rglob("*") if page.suffix.lower() in _TEXTS and page.is_file()):
        name = page.relative_to(path).with_suffix("").as_posix().removesuffix(f".{references.target}")
        if name in found:
            raise DuplicateFileError(f"{found[name].name} and {page.name} are both {name}", path=path, hint="keep one")
        found[name] = page
    if not found:
        raise MissingFileError("no text or page in the folder", path=path, hint="name the files ID.txt or ID.html")
    _check_ids(path, dict.fromkeys(found, 0), references)
    texts = []
    for document in references.documents:
        try:
            text = _page(found[document.id], references.target)
        except EmptyFileError:
            if not allowance.empty:
                raise
            text = ""
        texts.append(RunningText(document.id, text))
    return tuple(texts)


def _json_texts(path: Path, references: References) -> tuple[RunningText, ...]:
    """Read a row a document; a row that is cut into segments is joined again."""
    glue = "" if references.target == "ja" else " "
    by_id: dict[str, tuple[int, tuple[str, ...]]] = {}
    for line, row in read_rows(path, _DOCUMENT_ROWS):
        name = _new_id(row, path, line, by_id)
        by_id[name] = (line, (glue.join(_row_texts(row, path, line)),))
    _check_ids(path, {name: line for name, (line, _) in by_id.items()}, references)
    return tuple(
        RunningText(document.id, by_id[document.id][1][0], by_id[document.id][0]) for document in references.documents
    )


def _page(path: Path, language: Language) -> str:
    """Return a text as it stands, or the main text of a page, a block a line."""
    if path.suffix.lower() not in _PAGES:
        return read_utf8(path)
    from tmalign.formats.documents import read_document  # noqa: PLC0415 - only where there is a page

    return "\n".join(block.text for block in read_document(path, language).blocks)
