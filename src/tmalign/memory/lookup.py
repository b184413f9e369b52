"""Lookup in a memory, from either language: exact, fuzzy, and concordance.

Fuzzy lookup is exact above its threshold: it returns what comparing the query with every unit would. The index only
leaves out what a bound proves too far away, and what it lets through is compared as it stands in the memory now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from tmalign.memory.lookup_index import LookupIndex, Memory
from tmalign.memory.sieve import contains, sift
from tmalign.memory.similarity import most_distance, percent
from tmalign.text.language import identify
from tmalign.text.width import fold, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tmalign.memory.entries import Entry
    from tmalign.memory.store import Store
    from tmalign.model import Language, Status

THRESHOLD: Final = 70
_HUMAN: Final = ("approved", "edited")
# Entries read at a time; a concordance stops as soon as it has enough.
_AT_ONCE: Final = 900


@dataclass(frozen=True, slots=True)
class Filter:
    """Which units count. `collection` takes in those below it; dates are YYYY-MM-DD, both ends included.

    A unit without a date counts only where neither date is given. Without `statuses`, all but rejected units count;
    with `translated`, only those that have both texts.
    """

    collection: str | None = None
    since: str = ""
    until: str = ""
    statuses: frozenset[Status] = frozenset()
    min_probability: float = 0.0
    translated: bool = False

    def takes(self, entry: Entry) -> bool:
        """Tell whether the entry counts."""
        if entry.probability < self.min_probability or (self.translated and not (entry.ja and entry.en)):
            return False
        if entry.status not in self.statuses if self.statuses else entry.status == "rejected":
            return False
        if self.collection is not None and not f"{entry.collection}/".startswith(f"{self.collection.rstrip('/')}/"):
            return False
        if self.since and not entry.date >= self.since:
            return False
        return not self.until or "" < entry.date <= self.until


@dataclass(frozen=True, slots=True)
class Match:
    """A unit whose text in `language` is like the query by so many per cent."""

    entry: Entry
    language: Language
    percent: int
    distance: int

    @property
    def text(self) -> str:
        """Return the text that was compared."""
        return self.entry.ja if self.language == "ja" else self.entry.en

    @property
    def translation(self) -> str:
        """Return the other text; empty in a one-sided unit."""
        return self.entry.en if self.language == "ja" else self.entry.ja


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A unit whose text in `language` holds the query; `spans` are the places, in characters of that text."""

    entry: Entry
    language: Language
    spans: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        """Return the text that was searched."""
        return self.entry.ja if self.language == "ja" else self.entry.en

    @property
    def translation(self) -> str:
        """Return the other text; empty in a one-sided unit."""
        return self.entry.en if self.language == "ja" else self.entry.ja


def language_of(query: str) -> Language:
    """Return the language of a query; what could be either (figures, names in Latin letters) counts as English."""
    if told := identify(query):
        return told
    return "ja" if any("\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" for c in query) else "en"


class Lookup:
    """Lookup in a memory with its index; `Lookup.of(store)` keeps the index beside the store.

    Every lookup first takes in what changed in the memory. All methods raise what the memory raises.
    """

    def __init__(self, memory: Memory, index: LookupIndex | None = None) -> None:
        """Look up in this memory; without an index one is made, for this process only."""
        self.memory = memory
        self.index = index or LookupIndex(None)

    @classmethod
    def of(cls, store: Store) -> Self:
        """Look up in a store; the index is the folder NAME.lookup beside it."""
        return cls(store, LookupIndex(store.path.with_name(store.path.name + ".lookup")))

    def exact(self, query: str, language: Language | None = None, *, where: Filter | None = None) -> list[Match]:
        """Return the units that have the very text of the query, in the order of `fuzzy`."""
        return self.fuzzy(query, language, threshold=100, where=where)

    def fuzzy(
        self,
        query: str,
        language: Language | None = None,
        *,
        threshold: int = THRESHOLD,
        limit: int | None = None,
        where: Filter | None = None,
    ) -> list[Match]:
        """Return all units that are like the query by `threshold` per cent or more (1 to 100), or the best `limit`.

        White space around the query does not count. The most alike come first; then those a person approved or
        edited, then the later date, then the lower id. Raises ValueError for another threshold.
        """
        if not 1 <= threshold <= 100:
            raise ValueError(f"no threshold: {threshold}")
        query = query.strip()
        side = language or language_of(query)
        if not query:
            return []
        self.index.update(self.memory)
        ids: set[int] = set()
        for segment in self.index.segments[side]:
            ids.update(sift(query, segment, lambda length: most_distance(len(query), length, threshold)))
        where = where or Filter()
        found = [
            match for match in self._measured(query, side, ids, threshold) if match.percent and where.takes(match.entry)
        ]
        # Stable, so the last key of the order comes first.
        found.sort(key=lambda match: match.entry.id)
        found.sort(key=lambda match: match.entry.date, reverse=True)
        found.sort(key=lambda match: (-match.percent, match.distance, match.entry.status not in _HUMAN))
        return found[:limit]

    def _measured(self, query: str, language: Language, ids: set[int], threshold: int) -> Iterator[Match]:
        """Yield the units of these ids that are alike enough."""
        from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - the command line starts without it

        for entry in self.memory.entries_by_id(sorted(ids)).values():
            text = entry.ja if language == "ja" else entry.en
            most = most_distance(len(query), len(text), threshold)
            distance = Levenshtein.distance(query, text, score_cutoff=most)
            if text and distance <= most:
                yield Match(entry, language, percent(distance, len(query), len(text)), distance)

    def concordance(
        self, query: str, language: Language | None = None, *, limit: int | None = None, where: Filter | None = None
    ) -> list[Occurrence]:
        """Return the units that hold the query, the latest added first; width, case and kana do not count.

        White space around the query does not count either.
        """
        query = query.strip()
        side = language or language_of(query)
        wanted = fold(query, kana=True).text
        if not wanted:
            return []
        self.index.update(self.memory)
        where = where or Filter()
        found: list[Occurrence] = []
        ids = sorted({n for segment in self.index.segments[side] for n in contains(wanted, segment)}, reverse=True)
        for start in range(0, len(ids), _AT_ONCE):
            part = self.memory.entries_by_id(ids[start : start + _AT_ONCE])
            for number in sorted(part, reverse=True):
                entry = part[number]
                spans = _places(wanted, entry.ja if side == "ja" else entry.en)
                if spans and where.takes(entry):
                    found.append(Occurrence(entry, side, spans))
                    if len(found) == limit:
                        return found
        return found


def _places(wanted: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where a folded query stands in a text, without overlaps."""
    # The way back to the text takes many times as long, and most texts that are looked at do not hold the query.
    if wanted not in folded(text, kana=True):
        return ()
    source = fold(text, kana=True)
    spans: list[tuple[int, int]] = []
    at = source.text.find(wanted)
    while at >= 0:
        span = source.source_span(at, at + len(wanted))
        # Two finds inside one expanded character are one place.
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
        at = source.text.find(wanted, at + len(wanted))
    return tuple(spans)
