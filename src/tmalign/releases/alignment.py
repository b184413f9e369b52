"""One release, from its two files to aligned units: read, check, split, align, join."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from tmalign.errors import LanguageError, TmalignError
from tmalign.model import Alignment, Document, Language, Release, Segment, Sentence, Skipped, Unit
from tmalign.releases.corpus import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tmalign.align.aligner import Draft
    from tmalign.align.constraints import Decision
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.tables import WordTable
    from tmalign.model import WordPair
    from tmalign.releases.corpus import PairFiles
    from tmalign.text.sentences import SplitRules

    Splitting = SplitRules | Literal["lines"]

# A line end inside a sentence is the page's, not the text's: Japanese has no space there, English one.
_LINE_END = re.compile(r"[^\S\n]*\n\s*")
# A last line without a line end counts; nothing after the last line end does not.
_LINE = re.compile(r"([^\n]*)\n|([^\n]+)\Z")
# What a warning of a document begins with where a person's decision could not be kept.
NOT_KEPT = "decision not kept: "
_BETWEEN: dict[Language, str] = {"ja": "", "en": " "}
_NAMES = {"ja": "Japanese", "en": "English"}


class Aligner(Protocol):
    """What aligns two lists of segments; `signature` changes whenever its results may."""

    signature: str

    def align(
        self, release_id: str, ja: Sequence[Segment], en: Sequence[Segment], pins: Sequence[Decision] = ()
    ) -> Alignment:
        """Return beads that cover every segment of both sides once, in order; `pins` are people's decisions."""
        ...


@runtime_checkable
class LearningAligner(Aligner, Protocol):
    """An aligner that gets better by the words of a whole corpus."""

    lexicon: Lexicon

    def draft(
        self, release_id: str, ja: Sequence[Segment], en: Sequence[Segment], pins: Sequence[Decision] = ()
    ) -> Draft:
        """Analyse two lists of segments once, for as many passes as there are."""
        ...

    def words(self, draft: Draft) -> tuple[WordPair, ...]:
        """Return the words that what was analysed teaches."""
        ...

    def settle(self, draft: Draft) -> Alignment:
        """Align what was analysed."""
        ...

    def learned(self, corpus: WordTable | None) -> LearningAligner:
        """Return the same aligner with a table learned from the corpus."""
        ...

    def learned_signature(self, table: str) -> str:
        """Return the signature this aligner has once it has learned from a table of this name."""
        ...


@dataclass(frozen=True, slots=True)
class AlignedRelease:
    """A release with all that is made of it. `units` is empty where the pair is unrelated."""

    release: Release
    sentences: dict[Language, tuple[Sentence, ...]]
    alignment: Alignment
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class ReleaseWords:
    """A release with the words that it teaches."""

    release: Release
    words: tuple[WordPair, ...]


@dataclass(frozen=True, slots=True)
class RefusedPair:
    """A pair that could not be read, with an entry for each of its files that is at fault."""

    id: str
    skipped: tuple[Skipped, ...]


def read_pair(pair: PairFiles, *, max_bytes: int) -> Release | RefusedPair:
    """Read one pair of files; what is wrong with them is returned, not raised."""
    documents: dict[Language, Document] = {}
    skipped = []
    sides: tuple[tuple[Language, Path, str], ...] = (
        ("ja", pair.ja, pair.ja_source),
        ("en", pair.en, pair.en_source),
    )
    for language, path, source in sides:
        try:
            documents[language] = read_version(path, language, source=source, max_bytes=max_bytes)
        except TmalignError as error:
            skipped.append(report(error, source))
    if skipped:
        return RefusedPair(pair.id, tuple(skipped))
    return Release(pair.id, pair.collection, documents["ja"], documents["en"])


def read_version(path: Path, language: Language, *, source: str, max_bytes: int) -> Document:
    """Read one version of a release and make sure of its language.

    Raises LanguageError where the script says the other language, and whatever the reader raises.
    """
    # Here, because readers of pages are slow to load and a run without changes needs none.
    from tmalign.formats.documents import read_document  # noqa: PLC0415
    from tmalign.text.language import identify  # noqa: PLC0415

    document = read_document(path, language, max_bytes=max_bytes)
    found = identify("\n".join(block.text for block in document.blocks))
    if found not in (None, language):
        raise LanguageError(
            f"is in {_NAMES[found]}, but its name says {_NAMES[language]}",
            path=path,
            hint="give the file its right name, or put the right page in its place",
        )
    return replace(document, id=source, language=language, source=source)


@dataclass(frozen=True, slots=True)
class SplitRelease:
    """A release with the sentences of both versions, as it is given to aligners; `draft` is what one made of them."""

    release: Release
    ja: tuple[Sentence, ...]
    en: tuple[Sentence, ...]
    rules: Splitting
    pins: Sequence[Decision] = ()
    draft: Draft | None = None

    @property
    def size(self) -> int:
        """Return the number of sentences of both versions."""
        return len(self.ja) + len(self.en)

    def drafted(self, aligner: LearningAligner) -> SplitRelease:
        """Return the same release analysed, for this aligner and for those that learn from its words."""
        ja, en = segments(self.release.ja, self.ja), segments(self.release.en, self.en)
        return replace(self, draft=aligner.draft(self.release.id, ja, en, self.pins))


def split_release(release: Release, rules: Splitting, pins: Sequence[Decision] = ()) -> SplitRelease:
    """Split both versions."""
    return SplitRelease(release, split_document(release.ja, rules), split_document(release.en, rules), rules, pins)


def align_release(
    release: Release, aligner: Aligner, rules: Splitting, *, force: bool = False, pins: Sequence[Decision] = ()
) -> AlignedRelease:
    """Split both versions, align them and make the units; of an unrelated pair only with `force`.

    What cannot be kept of `pins`, and text that was moved, stand among the warnings of the Japanese version.
    """
    return align_split(split_release(release, rules, pins), aligner, force=force)


def align_split(split: SplitRelease, aligner: Aligner, *, force: bool = False) -> AlignedRelease:
    """Align a release that is split, and analysed where it comes with a draft; see `align_release`."""
    release, pins = split.release, split.pins
    if split.draft is not None and isinstance(aligner, LearningAligner):
        alignment = aligner.settle(split.draft)
    else:
        sides = segments(release.ja, split.ja), segments(release.en, split.en)
        alignment = aligner.align(release.id, *sides, pins) if pins else aligner.align(release.id, *sides)
    alignment = replace(alignment, signature=full_signature(aligner.signature, split.rules, pins))
    news = (*(NOT_KEPT + unmet for unmet in alignment.unmet), *_moved(alignment))
    if news:
        release = replace(release, ja=replace(release.ja, warnings=(*release.ja.warnings, *news)))
    wanted = force or alignment.verdict != "unrelated"
    made = tuple(make_units(release, split.ja, split.en, alignment)) if wanted else ()
    return AlignedRelease(release, {"ja": split.ja, "en": split.en}, alignment, made)


def _moved(alignment: Alignment) -> tuple[str, ...]:
    """Say what stands in another order in the two versions."""
    if not alignment.moved:
        return ()
    from tmalign.align.moves import moved_texts  # noqa: PLC0415 - brings NumPy, which a run without changes does without

    return moved_texts(alignment.moved)


def full_signature(aligner: str, rules: Splitting, pins: Sequence[Decision] = ()) -> str:
    """Return the aligner's signature with what was decided before it."""
    if not pins:
        return f"{aligner}|split:{rules}"
    told = json.dumps([(pin.decision, pin.ja, pin.en) for pin in pins]).encode()
    return f"{aligner}|split:{rules}|pins:{hashlib.sha256(told).hexdigest()[:12]}"


def split_document(document: Document, rules: Splitting) -> tuple[Sentence, ...]:
    """Return the sentences of all blocks in reading order; by `lines`, every line is one, empty or not."""
    if rules == "lines":
        return tuple(
            Sentence(number, *match.span(match.lastindex or 0))
            for number, block in enumerate(document.blocks)
            for match in _LINE.finditer(block.text)
        )
    from tmalign.text.sentences import split  # noqa: PLC0415 - as above

    return tuple(
        Sentence(number, start, end)
        for number, block in enumerate(document.blocks)
        for start, end in split(block.text, document.language, rules=rules)
    )


def segments(document: Document, sentences: Iterable[Sentence]) -> tuple[Segment, ...]:
    """Return sentences as the aligner sees them; a marker stands before the first sentence of its block only."""
    found = []
    before = -1
    for sentence in sentences:
        block = document.blocks[sentence.block]
        marker = block.marker if sentence.block != before else ""
        found.append(Segment(joined_text(document, (sentence,)), block.kind, marker, sentence.block))
        before = sentence.block
    return tuple(found)


def make_units(
    release: Release, ja: Sequence[Sentence], en: Sequence[Sentence], alignment: Alignment
) -> Iterable[Unit]:
    """Yield a unit a bead, one-sided ones included."""
    for position, bead in enumerate(alignment.beads):
        ja_spans = tuple(ja[bead.ja.start : bead.ja.stop])
        en_spans = tuple(en[bead.en.start : bead.en.stop])
        yield Unit(
            ja=joined_text(release.ja, ja_spans),
            en=joined_text(release.en, en_spans),
            release=release.id,
            collection=release.collection,
            date=release.ja.date or release.en.date,
            probability=bead.probability,
            ja_spans=ja_spans,
            en_spans=en_spans,
            origin=bead.origin,
            signature=alignment.signature,
            ja_source=release.ja.source,
            en_source=release.en.source,
            position=position,
        )


def joined_text(document: Document, sentences: Sequence[Sentence]) -> str:
    """Return the text of neighbouring sentences as the page has it, without line ends and trimmed.

    Inside a block what stands between them stays as it is; between blocks stands nothing in Japanese, a space
    in English.
    """
    between = _BETWEEN[document.language]
    stretches: list[tuple[int, int, int]] = []
    for sentence in sentences:
        if stretches and stretches[-1][0] == sentence.block:
            stretches[-1] = (sentence.block, stretches[-1][1], sentence.end)
        else:
            stretches.append((sentence.block, sentence.start, sentence.end))
    text = between.join(document.blocks[block].text[start:end].strip() for block, start, end in stretches)
    return _LINE_END.sub(between, text).strip()
