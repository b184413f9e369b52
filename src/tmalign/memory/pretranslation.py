"""A source with what the memory has for it, as XLIFF for a CAT tool."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final

from tmalign.errors import LanguageError
from tmalign.formats.xliff.matches import Draft, Proposal, Version, write_drafts
from tmalign.memory.lookup import THRESHOLD, Filter
from tmalign.memory.sources import is_xliff, known_language, read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tmalign.memory.lookup import Lookup
    from tmalign.model import Language
    from tmalign.text.sentences import SplitRules

# A target is only put in where the memory has the very text.
FILL: Final = 100


@dataclass(frozen=True, slots=True)
class PretranslationOptions:
    """How to pretranslate: so many proposals a segment, from this threshold on; targets filled in from `fill` on.

    `fill` above 100 fills none. `version` is that of the XLIFF for a source that is none.
    """

    threshold: int = THRESHOLD
    proposals: int = 3
    fill: int = FILL
    version: Version = "1.2"
    language: Language | None = None
    rules: SplitRules = "standard"
    where: Filter | None = None


@dataclass(frozen=True, slots=True)
class Pretranslation:
    """What was done, in segments: all, with an exact match, with only fuzzy ones, with a target filled in."""

    segments: int
    exact: int
    fuzzy: int
    filled: int
    characters_removed: int


class _Drafter:
    """Makes drafts from lookups, each text once, and counts."""

    def __init__(self, lookup: Lookup, language: Language, options: PretranslationOptions) -> None:
        """Begin with nothing."""
        self.lookup, self.language, self.options = lookup, language, options
        self.segments = self.exact = self.fuzzy = self.filled = 0
        self._known: dict[str, tuple[Proposal, ...]] = {}

    def draft(self, text: str) -> Draft:
        """Return what the memory has for a segment."""
        if text not in self._known:
            self._known[text] = tuple(self._proposals(text))
        proposals = self._known[text]
        self.segments += 1
        if not proposals:
            return Draft(text)
        best = proposals[0]
        self.exact += best.percent == 100
        self.fuzzy += best.percent < 100
        target = best.target if best.percent >= self.options.fill else ""
        self.filled += bool(target)
        return Draft(text, proposals, target)

    def _proposals(self, text: str) -> Iterator[Proposal]:
        """Yield the best matches that have a translation, each pair of texts once."""
        seen: set[tuple[str, str]] = set()
        where = replace(self.options.where or Filter(), translated=True)
        for match in self.lookup.fuzzy(text, self.language, threshold=self.options.threshold, where=where):
            pair = (match.text, match.translation)
            if pair not in seen:
                seen.add(pair)
                yield Proposal(match.percent, *pair, match.entry.source)
                if len(seen) == self.options.proposals:
                    return


def pretranslate(
    path: Path,
    stream: BinaryIO,
    lookup: Lookup,
    options: PretranslationOptions,
    progress: Callable[[], None] = lambda: None,
) -> Pretranslation:
    """Write the source as XLIFF with the memory's proposals; `progress` is called after every segment.

    An XLIFF source comes out as it is with proposals added (and targets where it has none); of any other source the
    segments do. Raises what reading the source, and what the memory raises.
    """
    if is_xliff(path):
        return _annotate(path, stream, lookup, options, progress)
    source = read_source(path, options.language, rules=options.rules)
    drafter = _Drafter(lookup, source.language, options)

    def drafts() -> Iterator[Draft]:
        for text in source.segments:
            yield drafter.draft(text)
            progress()

    languages = ("ja", "en") if source.language == "ja" else ("en", "ja")
    removed = write_drafts(stream, drafts(), languages, original=path.name, version=options.version)
    return Pretranslation(drafter.segments, drafter.exact, drafter.fuzzy, drafter.filled, removed)


def _annotate(
    path: Path, stream: BinaryIO, lookup: Lookup, options: PretranslationOptions, progress: Callable[[], None]
) -> Pretranslation:
    """Write an XLIFF file with proposals added."""
    from tmalign.formats.xliff.tree import XliffTree  # noqa: PLC0415 - not for other sources

    tree = XliffTree(path)
    language = options.language or known_language(tree.source_language, path)
    if tree.target_language and known_language(tree.target_language, path) == language:
        raise LanguageError(
            "source and target are the same language", path=path, hint="set the target language of the job"
        )
    drafter = _Drafter(lookup, language, options)
    # Listed first: proposals hold sources, too, which are none to be translated.
    for segment in list(tree.segments()):
        tree.propose(segment, drafter.draft(segment.text))
        progress()
    tree.write(stream)
    return Pretranslation(drafter.segments, drafter.exact, drafter.fuzzy, drafter.filled, tree.removed)
