"""A folder of releases: which files are pages, which of them are the two versions of one release.

`NAME.ja.html` and `NAME.en.html` beside each other are a pair; the type may be html, htm, xhtml or txt, on
each side its own, in capitals or not. Folders are collections. Only names are read here, but for two files
of equal length, which are compared.
"""

from __future__ import annotations

import filecmp
import os
import re
import stat
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.errors import (
    DuplicateFileError,
    FileNameError,
    LanguageError,
    LinkError,
    MissingFileError,
    PairError,
    TmalignError,
    UnreadableFileError,
    UsageError,
)
from tmalign.model import Language, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = re.compile(r"(?P<name>.+)\.(?P<language>ja|en)\.(?:html|htm|xhtml|txt)", re.IGNORECASE | re.DOTALL)
_PAGE_TYPE = re.compile(r"(?P<name>.+)(?P<type>\.(?:html|htm|xhtml|txt))", re.IGNORECASE | re.DOTALL)
_LANGUAGES: tuple[Language, Language] = ("ja", "en")
_NAMES = {"ja": "Japanese", "en": "English"}


@dataclass(frozen=True, slots=True)
class PairFiles:
    """The two files of a release. `ja_source` and `en_source` are their paths relative to the corpus, with slashes."""

    id: str
    collection: str
    ja: Path
    en: Path
    ja_source: str
    en_source: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds, each part in order of paths. `ignored` counts what is hidden or no page."""

    pairs: tuple[PairFiles, ...] = ()
    unpaired: tuple[Skipped, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class _Page:
    """A file that may be one version of a release."""

    path: Path
    source: str


@dataclass(slots=True)
class _Walk:
    """What the walk through the folders has found so far."""

    root: Path
    exclude: Path | None
    pages: dict[str, dict[Language, list[_Page]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    skipped: list[Skipped] = field(default_factory=list)
    links: list[Path] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)
    ignored: int = 0


def scan(folder: Path, *, exclude: Path | None = None) -> Listing:
    """List the pairs in a folder and the folders below it, and say of every other page why it is none.

    Nothing under `exclude` (the output folder) is looked at. Links to folders are followed once. Names are
    compared in Unicode form NFC. Raises UsageError where `folder` is no folder that can be read.
    """
    if not folder.is_dir():
        problem = "is not a folder" if folder.exists() else "there is no such folder"
        raise UsageError(problem, path=folder, hint="give the folder that holds NAME.ja.html and NAME.en.html files")
    walk = _Walk(folder, None if exclude is None else Path(os.path.realpath(exclude)))
    try:
        below = _visit(walk, folder)
    except OSError as error:
        raise UsageError(
            f"the folder cannot be read: {error.strerror or error}", path=folder, hint="check its permissions"
        ) from error
    _walk_below(walk, below)
    pairs: list[PairFiles] = []
    unpaired: list[Skipped] = []
    for name in sorted(walk.pages):
        try:
            pairs.append(_pair(name, walk.pages[name]))
        except DuplicateFileError as error:
            walk.skipped += _duplicates(walk.pages[name])
            unpaired += [report(error, page.source) for page in _single(walk.pages[name])]
        except PairError as error:
            unpaired.append(report(error))
        except TmalignError as error:
            walk.skipped.append(report(error))
    return Listing(tuple(pairs), _sorted(unpaired), _sorted(walk.skipped), walk.ignored)


def report(error: TmalignError, source: str = "") -> Skipped:
    """Return an error as an entry of a report, under the path relative to the corpus where one is given."""
    return Skipped(source or error.path or "", error.code, error.message, error.hint)


def _sorted(entries: list[Skipped]) -> tuple[Skipped, ...]:
    """Return entries by path."""
    return tuple(sorted(entries, key=lambda entry: (entry.path, entry.code, entry.message)))


def _walk_below(walk: _Walk, folders: list[Path]) -> None:
    """Visit folders and all below them; then the folders that links lead to, so that real places come first."""
    while folders:
        folder = folders.pop()
        try:
            folders += _visit(walk, folder)
        except LinkError as error:
            walk.skipped.append(report(error, _source(walk, folder)))
        except OSError as error:
            walk.skipped.append(_unreadable(_source(walk, folder), error))
        if not folders:
            # Popped from the end: the first in order is visited first.
            folders, walk.links = sorted(walk.links, reverse=True), []


def _visit(walk: _Walk, folder: Path) -> list[Path]:
    """Take in the files of one folder, each folder once; return the folders in it."""
    state = folder.stat()
    if (state.st_dev, state.st_ino) in walk.seen:
        raise LinkError("leads to a folder that was read already", hint="remove the link, or do not mind")
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    walk.seen.add((state.st_dev, state.st_ino))
    below = []
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            walk.ignored += 1
        elif entry.is_dir(follow_symlinks=False):
            if walk.exclude is None or Path(os.path.realpath(path)) != walk.exclude:
                below.append(path)
        elif _is_folder(entry):
            walk.links.append(path)
        else:
            _take(walk, path)
    return below


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether a link leads to a folder; one that leads nowhere or in a circle does not."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _take(walk: _Walk, path: Path) -> None:
    """Sort a file in by its name."""
    if not _PAGE_TYPE.fullmatch(path.name):
        walk.ignored += 1
        return
    source = _source(walk, path)
    try:
        _check_name(path.relative_to(walk.root))
        _check_kind(path)
    except TmalignError as error:
        walk.skipped.append(report(error, source))
        return
    except OSError as error:
        walk.skipped.append(_unreadable(source, error))
        return
    match = _PAGE.fullmatch(source.rpartition("/")[2])
    if match:
        name = source[: len(source) - len(match[0])] + match["name"]
        language: Language = "ja" if match["language"].lower() == "ja" else "en"
        walk.pages[name][language].append(_Page(path, source))


def _check_name(path: Path) -> None:
    """Refuse a name that cannot be written down or does not name its language."""
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileNameError("the path is not valid UTF-8", hint="rename the file or its folder") from error
    if not _PAGE.fullmatch(path.name):
        match = _PAGE_TYPE.fullmatch(path.name)
        name, kind = (match["name"], match["type"]) if match else (path.name, "")
        raise FileNameError(
            "the name does not say which language the page is in",
            hint=f"rename it to {name}.ja{kind} or {name}.en{kind}",
        )


def _check_kind(path: Path) -> None:
    """Refuse pipes, devices and links that lead nowhere: opening them may wait for ever."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise MissingFileError("the link leads to no file", hint="mend or remove the link") from error
    if not stat.S_ISREG(mode):
        raise UnreadableFileError("is not an ordinary file", hint="put a file in its place")


def _pair(name: str, pages: dict[Language, list[_Page]]) -> PairFiles:
    """Return the pair of one name, or raise why there is none."""
    if any(len(candidates) > 1 for candidates in pages.values()):
        raise DuplicateFileError(
            "its partner is not clear: several files claim to be the other version",
            hint="keep one file a language",
        )
    for present, absent in (_LANGUAGES, _LANGUAGES[::-1]):
        if not pages[absent]:
            raise PairError(
                f"there is no {_NAMES[absent]} version beside it",
                path=pages[present][0].source,
                hint=f"add {name.rpartition('/')[2]}.{absent}.html or .txt to the same folder",
            )
    ja, en = pages["ja"][0], pages["en"][0]
    if _same_bytes(ja.path, en.path):
        raise LanguageError(
            f"holds the same bytes as {en.source}: one of the two is not the version its name says",
            path=ja.source,
            hint="put the right page in place of the wrong one",
        )
    return PairFiles(name, name.rpartition("/")[0], ja.path, en.path, ja.source, en.source)


def _same_bytes(ja: Path, en: Path) -> bool:
    """Tell whether both files hold the same; two empty ones are a matter of their own."""
    try:
        size = ja.stat().st_size
        return size > 0 and size == en.stat().st_size and filecmp.cmp(ja, en, shallow=False)
    except OSError:
        # Reading them for good will say what is wrong.
        return False


def _duplicates(pages: dict[Language, list[_Page]]) -> Iterator[Skipped]:
    """Yield an entry for each of several files that claim to be one version."""
    for language in _LANGUAGES:
        for page in pages[language] if len(pages[language]) > 1 else ():
            others = ", ".join(other.source for other in pages[language] if other is not page)
            error = DuplicateFileError(
                f"claims to be the {_NAMES[language]} version, and so does {others}",
                hint="keep one of them and move the others out of the corpus",
            )
            yield report(error, page.source)


def _single(pages: dict[Language, list[_Page]]) -> list[_Page]:
    """Return the page whose partner has several candidates."""
    return [pages[language][0] for language in _LANGUAGES if len(pages[language]) == 1]


def _unreadable(source: str, error: OSError) -> Skipped:
    """Return the entry for what the system refuses to open."""
    problem = UnreadableFileError(f"cannot be read: {error.strerror or error}", hint="check its permissions")
    return report(problem, source)


def _source(walk: _Walk, path: Path) -> str:
    """Return the path relative to the corpus, in NFC, with slashes; bytes that are no UTF-8 stand as escapes."""
    text = path.relative_to(walk.root).as_posix()
    return unicodedata.normalize("NFC", text.encode("utf-8", "backslashreplace").decode("utf-8"))
