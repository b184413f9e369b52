"""The types that travel between the rooms: frozen, slotted, without behaviour beyond reading themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

Language = Literal["ja", "en"]


class BlockKind(StrEnum):
    """What a block of text is on its page."""

    TITLE = "title"
    DATELINE = "dateline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SPEAKER = "speaker"
    NOTE = "note"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that no sentence crosses: a paragraph, a heading, a list item, a table cell.

    `marker` holds what stood before the text (１, (1), ・, ※), without surrounding space. `line` is
    the line of the source file on which the block begins, from 1; 0 where it is unknown. `runs` maps the
    text back to the characters of the decoded source: pairs (offset in text, offset in source), rising;
    between two pairs both advance together. Empty where the source is markup.
    """

    kind: BlockKind
    marker: str
    text: str
    line: int = 0
    runs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One language version of a release, as blocks in reading order.

    `date` is ISO 8601 (YYYY-MM-DD) or empty. `source` is the path as it was given. `digest` is the
    SHA-256 of the file's bytes in hexadecimal; `encoding` the one the bytes were decoded with.
    """

    id: str
    language: Language
    title: str
    date: str
    blocks: tuple[Block, ...]
    source: str
    digest: str = ""
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of a block: characters `start` to `end` (exclusive) of `document.blocks[block].text`."""

    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence as the aligner sees it: its text and the structure it stands in."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    marker: str = ""
    block: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """The two versions of one release. `id` is its path under the corpus without suffixes, with slashes."""

    id: str
    collection: str
    ja: Document
    en: Document


@dataclass(frozen=True, slots=True)
class Bead:
    """Consecutive sentences on one side that translate consecutive sentences on the other.

    `ja` and `en` are ranges of sentence indices; one may be empty. `probability` is the posterior
    probability of exactly this bead. `origin` is `machine` or `pin` (a human decision).
    """

    ja: range
    en: range
    probability: float
    origin: Literal["machine", "pin"] = "machine"


Verdict = Literal["translation", "partial", "unrelated"]


class WordPair(NamedTuple):
    """Two sentences, or runs of them, that translate each other, as bags of words, and how sure that is."""

    ja: tuple[str, ...]
    en: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """All beads of one release, covering every sentence of both sides once, in the order of the Japanese text.

    The English side is in order, too, but for `moved`: stretches (Japanese, English sentences) that stand elsewhere.

    `pair_probability` is the probability that the two documents are translations of each other;
    `verdict` is what follows from it and from coverage: `partial` where one side is a summary or is cut short.
    `signature` names version, model, lexicon and options. `unmet` says which human decisions could not be kept.
    """

    release_id: str
    beads: tuple[Bead, ...]
    pair_probability: float
    verdict: Verdict
    signature: str
    reason: str = ""
    unmet: tuple[str, ...] = ()
    moved: tuple[tuple[range, range], ...] = ()


Status = Literal["unreviewed", "approved", "edited", "rejected"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A translation unit: the two texts of a bead and where they come from.

    `ja_spans` and `en_spans` are the sentences of the bead. One text may be empty (a one-sided bead). `status` is
    what a person said of it; the texts of an edited unit are the person's.
    """

    ja: str
    en: str
    release: str
    collection: str
    date: str
    probability: float
    ja_spans: tuple[Sentence, ...]
    en_spans: tuple[Sentence, ...]
    origin: str = "machine"
    signature: str = ""
    ja_source: str = ""
    en_source: str = ""
    position: int = 0
    status: Status = "unreviewed"

    @property
    def shape(self) -> str:
        """Return the bead type as sentence counts, Japanese first: `1-2`."""
        return f"{len(self.ja_spans)}-{len(self.en_spans)}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that was left out, and why. `code` is the error's stable word."""

    path: str
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one run of the main job did, in counts.

    `rejected` are pairs that do not translate each other (no units), `partial` ones that do so in part.
    `warnings` are pairs of file and sentence: read, but with a doubt. `ignored` counts files that are no pages.
    `units_by_status` counts the units of the releases by what people said of them. `aligned` releases were read for the
    first time or had changed; `relearned` ones were aligned anew because of what was learned from the others.
    """

    releases: int = 0
    aligned: int = 0
    relearned: int = 0
    unchanged: int = 0
    removed: int = 0
    sentences: dict[str, int] = field(default_factory=dict)
    units_by_shape: dict[str, int] = field(default_factory=dict)
    units_written: int = 0
    units_below_floor: int = 0
    probability_histogram: dict[str, int] = field(default_factory=dict)
    characters_removed: int = 0
    units_by_status: dict[str, int] = field(default_factory=dict)
    rejected: tuple[Skipped, ...] = ()
    partial: tuple[Skipped, ...] = ()
    unpaired: tuple[Skipped, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    ignored: int = 0
    warnings: tuple[tuple[str, str], ...] = ()
    decisions_not_kept: int = 0
    outputs: tuple[str, ...] = ()
    signature: str = ""
    seconds: float = 0.0
