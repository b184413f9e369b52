"""The authored `.release` format: a strict reader that names every fault with its line."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, Language] = ("ja", "en")

# Short words for the author's hand; the gold speaks the words of tmalign.model.BlockKind.
KINDS = {
    "title": "title",
    "dateline": "dateline",
    "h": "heading",
    "p": "paragraph",
    "item": "item",
    "speaker": "speaker",
    "note": "note",
    "cell": "cell",
}
REQUIRED_HEADERS = ("id", "collection", "date", "genre")
OPTIONAL_HEADERS = ("template", "encoding", "format")

_SENTENCE = re.compile(r"(?P<side>[JE])(?:\[(?P<kind>[^\]\s]*)(?: (?P<marker>[^\]]*))?\])?(?: (?P<text>.*))?$")
_HEADER = re.compile(r"@(?P<name>[a-z]+)(?: (?P<value>.*))?$")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*$")
_DATED_ID = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-|$)")
_VISIBLE_MARKER = re.compile(r"[・※●○■□◆◇▪•①-⑳]")
_OPENING = {"「": "」", "『": "』", "（": "）", "(": ")", "［": "］", "〔": "〕", "【": "】", "“": "”"}
_JA_ENDING = re.compile(r"[。！？!?…][」』）)”】］〕]*$|[」』）)”：:]$")
_EN_ENDING = re.compile(r"[.!?:…][\"'”’)\]]*$|[\"”]$")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or item of one side. `kind` is a key of `KINDS`; `marker` may be empty."""

    kind: str
    marker: str
    sentences: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class AuthoredRelease:
    """One release as it was authored: blocks of both sides and the beads, as ranges of sentence indices."""

    path: Path
    id: str
    collection: str
    date: str
    genre: str
    options: dict[str, str]
    ja: tuple[Block, ...]
    en: tuple[Block, ...]
    beads: tuple[tuple[range, range], ...]

    def blocks(self, language: Language) -> tuple[Block, ...]:
        """Return the blocks of one side."""
        return self.ja if language == "ja" else self.en

    def sentences(self, language: Language) -> list[str]:
        """Return all sentences of one side in order."""
        return [sentence for block in self.blocks(language) for sentence in block.sentences]


class ReleaseFormatError(Exception):
    """One or more faults of a release file; `faults` are pairs of a line number (from 1) and a message."""

    def __init__(self, path: Path, faults: list[tuple[int, str]]) -> None:
        """Keep the faults; `str()` gives one `path:line: message` a line."""
        super().__init__("\n".join(f"{path}:{line}: {message}" for line, message in sorted(faults)))
        self.path = path
        self.faults = sorted(faults)


@dataclass
class _OpenBlock:
    kind: str
    marker: str
    line: int
    sentences: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass
class _Reader:
    path: Path
    faults: list[tuple[int, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    sides: dict[str, list[_OpenBlock]] = field(default_factory=lambda: {"J": [], "E": []})
    counts: dict[str, int] = field(default_factory=lambda: {"J": 0, "E": 0})
    bead: dict[str, int] = field(default_factory=lambda: {"J": 0, "E": 0})
    beads: list[tuple[range, range]] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        self.faults.append((line, message))

    def read(self, text: str) -> AuthoredRelease:
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        else:
            self.fault(len(lines), "the last line has no line end")
        in_header = True
        for number, line in enumerate(lines, 1):
            if line.startswith("@"):
                self.read_header(number, line, in_header=in_header)
            elif line == "":
                self.close_bead(number, in_header=in_header)
                in_header = False
            else:
                in_header = False
                self.read_sentence(number, line)
        if any(self.bead.values()):
            self.close_bead(len(lines), in_header=False)
        self.check_headers()
        self.check_sides(len(lines))
        if self.faults:
            raise ReleaseFormatError(self.path, self.faults)
        return self.release()

    def read_header(self, number: int, line: str, *, in_header: bool) -> None:
        match = _HEADER.match(line)
        if match is None or not (match["value"] or "").strip() or (match["value"] or "") != match["value"].strip():
            self.fault(number, "a header line is '@name value', without space at the end")
            return
        name = match["name"]
        if not in_header:
            self.fault(number, f"header @{name} stands after the first blank line")
        if name not in REQUIRED_HEADERS + OPTIONAL_HEADERS:
            self.fault(number, f"unknown header @{name}; known: {', '.join(REQUIRED_HEADERS + OPTIONAL_HEADERS)}")
        if name in self.headers:
            self.fault(number, f"header @{name} is given twice")
        self.headers[name] = match["value"]

    def read_sentence(self, number: int, line: str) -> None:
        match = _SENTENCE.match(line)
        if match is None:
            self.fault(
                number, "not a sentence line: expected 'J text', 'E text', 'J[kind] text' or 'J[kind marker] text'"
            )
            return
        side, kind, marker, text = match["side"], match["kind"], match["marker"] or "", match["text"] or ""
        if kind is not None:
            if kind not in KINDS:
                self.fault(number, f"unknown kind '{kind}'; known: {', '.join(KINDS)}")
            if marker != marker.strip():
                self.fault(number, "space at the edge of the marker")
            self.sides[side].append(_OpenBlock(kind, marker, number))
        elif not self.sides[side]:
            self.fault(number, f"sentence before a block: begin the side with {side}[title]")
            self.sides[side].append(_OpenBlock("p", "", number))
        self.check_text(number, side, text, starts_block=kind is not None)
        if side == "J" and self.bead["E"]:
            self.fault(number, "J line after an E line of the same bead: a blank line is missing")
        self.sides[side][-1].sentences.append(text)
        self.sides[side][-1].lines.append(number)
        self.bead[side] += 1

    def check_text(self, number: int, side: str, text: str, *, starts_block: bool) -> None:
        if not text.strip():
            self.fault(number, "the sentence is empty")
            return
        if text != text.strip():
            self.fault(number, "space at the edge of the sentence")
        if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in text):
            self.fault(number, "a control or invisible character stands in the sentence")
        if "  " in text or "　　" in text:
            self.fault(number, "two spaces in a row: a page would not keep them")
        if starts_block and _VISIBLE_MARKER.match(text):
            self.fault(number, f"the marker '{text[0]}' stands in the text: write it into the bracket")
        if side == "J":
            place = _inner_stop(text)
            if place:
                self.fault(number, f"two sentences in one line: '。' outside quotes before '{text[place : place + 8]}'")

    def close_bead(self, number: int, *, in_header: bool) -> None:
        if not any(self.bead.values()):
            if not in_header and (self.beads or number > 1):
                self.fault(number, "empty bead: two blank lines in a row, or a blank line at the end")
            return
        spans = []
        for side in "JE":
            spans.append(range(self.counts[side], self.counts[side] + self.bead[side]))
            self.counts[side] += self.bead[side]
            self.bead[side] = 0
        self.beads.append((spans[0], spans[1]))

    def check_headers(self) -> None:
        for name in REQUIRED_HEADERS:
            if name not in self.headers:
                self.fault(1, f"header @{name} is missing")
        identifier, date = self.headers.get("id", ""), self.headers.get("date", "")
        if identifier and not _ID.match(identifier):
            self.fault(1, f"@id '{identifier}' must be lower-case words, digits and hyphens")
        if identifier and identifier != self.path.name.removesuffix(".release"):
            self.fault(1, f"@id '{identifier}' is not the file name '{self.path.name.removesuffix('.release')}'")
        collection = self.headers.get("collection")
        if collection is not None and collection != self.path.parent.name:
            self.fault(1, f"@collection '{collection}' is not the folder '{self.path.parent.name}'")
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            self.fault(1, f"@date '{date}' is not a day written as YYYY-MM-DD")
        dated = _DATED_ID.match(identifier)
        if dated and dated[1] != date:
            self.fault(1, f"date mismatch: @id says {dated[1]}, @date says {date}")

    def check_sides(self, last: int) -> None:
        for side, ending in (("J", _JA_ENDING), ("E", _EN_ENDING)):
            blocks = self.sides[side]
            titles = [block for block in blocks if block.kind == "title"]
            if not titles:
                self.fault(last, f"title missing: no {side}[title]")
            for extra in titles[1:]:
                self.fault(extra.line, f"second {side}[title]")
            for block in blocks:
                for number, sentence in zip(block.lines[:-1], block.sentences[:-1], strict=True):
                    if not ending.search(sentence):
                        self.fault(
                            number, "another sentence follows in this block, but this one has no stop at its end"
                        )

    def release(self) -> AuthoredRelease:
        sides = {
            side: tuple(Block(block.kind, block.marker, tuple(block.sentences), block.line) for block in blocks)
            for side, blocks in self.sides.items()
        }
        options = {name: value for name, value in self.headers.items() if name in OPTIONAL_HEADERS}
        return AuthoredRelease(
            path=self.path,
            id=self.headers["id"],
            collection=self.headers["collection"],
            date=self.headers["date"],
            genre=self.headers["genre"],
            options=options,
            ja=sides["J"],
            en=sides["E"],
            beads=tuple(self.beads),
        )


def _inner_stop(text: str) -> int:
    """Return where a second Japanese sentence begins in `text` outside all brackets, or 0."""
    waiting: list[str] = []
    for place, char in enumerate(text):
        if char in _OPENING:
            waiting.append(_OPENING[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
        elif char == "。" and not waiting:
            rest = text[place + 1 :].lstrip("。」』）)”")
            if rest:
                return len(text) - len(rest)
    return 0


def read_release(path: Path) -> AuthoredRelease:
    """Read one `.release` file. Raises `ReleaseFormatError` with all its faults."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ReleaseFormatError(path, [(line, "not UTF-8")]) from error
    if "\r" in text:
        raise ReleaseFormatError(path, [(1, "carriage returns: save with plain line feeds")])
    return _Reader(path).read(text)


def read_corpora(root: Path) -> list[AuthoredRelease]:
    """Read every `COLLECTION/NAME.release` under `root`, in path order. Raises the faults of all files together."""
    releases: list[AuthoredRelease] = []
    faults: list[ReleaseFormatError] = []
    for path in sorted(root.glob("*/*.release")):
        try:
            releases.append(read_release(path))
        except ReleaseFormatError as error:
            faults.append(error)
    first: dict[str, Path] = {}
    for release in releases:
        other = first.setdefault(release.id, release.path)
        if other != release.path:
            faults.append(ReleaseFormatError(release.path, [(1, f"@id '{release.id}' is also that of {other}")]))
    if faults:
        raise ExceptionGroup("releases with faults", faults)
    return releases
