"""How much of a text a memory already has: the analysis that CAT tools show before a job.

Every segment counts once: as a repetition where the same text came earlier in the file; else in the band of its best
match, in the memory or, where that is better, among the earlier segments of the file (an internal fuzzy match); else
as having none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tmalign.memory.listing import ListedMemory
from tmalign.memory.lookup import Filter, Lookup
from tmalign.model import Unit
from tmalign.text.word_count import word_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tmalign.memory.sources import SourceText
    from tmalign.model import Language

# The least percentage of each band of matches, and its name.
BANDS: Final = ((100, "100"), (95, "95-99"), (85, "85-94"), (75, "75-84"), (50, "50-74"))
NONE: Final = "none"
INTERNAL: Final = tuple(name for _, name in BANDS[1:])
_LEAST: Final = BANDS[-1][0]


@dataclass(frozen=True, slots=True)
class Volume:
    """So much text. `characters` are those that are not white space."""

    segments: int = 0
    words: int = 0
    characters: int = 0

    def __add__(self, other: Volume) -> Volume:
        """Return both together."""
        return Volume(self.segments + other.segments, self.words + other.words, self.characters + other.characters)


@dataclass(frozen=True, slots=True)
class Leverage:
    """The analysis of one or more files: volumes by band of match in the memory, by band inside, and repetitions."""

    files: tuple[str, ...]
    language: Language
    memory: dict[str, Volume] = field(default_factory=dict)
    internal: dict[str, Volume] = field(default_factory=dict)
    repetitions: Volume = Volume()
    total: Volume = Volume()


def volume(text: str) -> Volume:
    """Return how much one segment is."""
    return Volume(1, *word_count(text))


def band(percent: int) -> str:
    """Return the name of the band a match is in."""
    return next((name for least, name in BANDS if percent >= least), NONE)


def best_percent(lookup: Lookup, text: str, language: Language, where: Filter | None = None) -> int:
    """Return how alike the most alike unit is, 0 where none reaches the lowest band."""
    # Higher thresholds are looked up much faster, and a good match ends the search.
    for threshold in (95, 75, _LEAST):
        if found := lookup.fuzzy(text, language, threshold=threshold, limit=1, where=where):
            return found[0].percent
    return 0


def analyse(
    sources: Iterable[SourceText],
    lookup: Lookup,
    *,
    where: Filter | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Leverage:
    """Analyse files of one language together, in their order; `progress` is called after every segment.

    Units with one text only are no match: there is nothing to use.
    Raises ValueError where there is no file, or the files are of two languages; and what the memory raises.
    """
    files = tuple(sources)
    where = replace(where or Filter(), translated=True)
    languages = {source.language for source in files}
    if len(languages) != 1:
        raise ValueError("files of one language are analysed together")
    language = languages.pop()
    numbers: dict[str, int] = {}
    for source in files:
        for text in source.segments:
            numbers.setdefault(text, len(numbers) + 1)
    inside = Lookup(ListedMemory(_unit(text, language) for text in numbers))
    result = Leverage(
        tuple(source.path for source in files),
        language,
        memory={name: Volume() for name in (*(name for _, name in BANDS), NONE)},
        internal={name: Volume() for name in INTERNAL},
    )
    seen: set[str] = set()
    repeated = total = Volume()
    for source in files:
        for text in source.segments:
            much = volume(text)
            total += much
            if text in seen:
                repeated += much
            else:
                seen.add(text)
                known = best_percent(lookup, text, language, where)
                own = 0 if known == 100 else _inside(inside, text, language, numbers[text])
                bands = result.internal if own > known else result.memory
                bands[band(max(own, known))] += much
            progress()
    return Leverage(result.files, language, result.memory, result.internal, repeated, total)


def _unit(text: str, language: Language) -> Unit:
    """Return a one-sided unit."""
    ja, en = (text, "") if language == "ja" else ("", text)
    return Unit(ja, en, release="", collection="", date="", probability=1.0, ja_spans=(), en_spans=())


def _inside(inside: Lookup, text: str, language: Language, number: int) -> int:
    """Return how alike the most alike earlier segment is, 0 where none reaches the lowest band."""
    found = inside.fuzzy(text, language, threshold=_LEAST)
    return max((match.percent for match in found if match.entry.id < number), default=0)
