"""Terms and figures of the source that a translation carries over, and those it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tmalign.scoring.checks import other
from tmalign.scoring.occurrences import FormIndex, Occurrence, leftmost_longest
from tmalign.scoring.results import Accuracy, Miss, Tally
from tmalign.text.figures import compare, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language
    from tmalign.scoring.glossary import GlossaryTerm
    from tmalign.scoring.material import References


class Terminology:
    """Counts a source's terms whose accepted renderings stand in its translation.

    A term counts once in a segment. In source and translation alike the longest form wins and a stretch of text serves
    one term only: the `defense` of `Defense Minister` renders 防衛大臣, not 防衛 as well.
    """

    def __init__(self, terms: Sequence[GlossaryTerm], target: Language) -> None:
        """Index both sides of the terms."""
        self._sources = [term.en if target == "ja" else term.ja for term in terms]
        self._renderings = [term.ja if target == "ja" else term.en for term in terms]
        self._source_owners = [number for number, forms in enumerate(self._sources) for _ in forms]
        self._rendering_owners = [number for number, forms in enumerate(self._renderings) for _ in forms]
        self._source_index = FormIndex([form for forms in self._sources for form in forms], other(target))
        self._rendering_index = FormIndex([form for forms in self._renderings for form in forms], target)

    def accuracy(self, references: References, hypotheses: Sequence[str]) -> Accuracy:
        """Return how many terms of the sources the hypotheses render. Raises ValueError where numbers differ."""
        names = [document.id for document in references.documents for _ in document.references]
        counts: dict[tuple[int, ...], list[int]] = {}
        misses: list[Miss] = []
        for segment, (source, hypothesis, name) in enumerate(zip(references.sources, hypotheses, names, strict=True)):
            terms = self._source_terms(source)
            rendered = self._rendered(terms, hypothesis)
            for term in terms:
                count = counts.setdefault(term, [0, 0])
                count[0] += term in rendered
                count[1] += 1
                if term not in rendered:
                    misses.append(Miss(segment, name, self._name(term), self._expected(term)))
        tallies = [Tally(self._name(term), self._expected(term), *count) for term, count in counts.items()]
        tallies.sort(key=lambda tally: (tally.found - tally.total, -tally.total, tally.source))
        return Accuracy(
            sum(tally.found for tally in tallies), sum(tally.total for tally in tallies), tuple(misses), tuple(tallies)
        )

    def _source_terms(self, source: str) -> list[tuple[int, ...]]:
        """Return the terms of a source in text order, each once. Entries that share a form are one term."""
        spans: dict[tuple[int, int], set[int]] = {}
        for one in leftmost_longest(self._source_index.find(source)):
            spans.setdefault((one.start, one.end), set()).add(self._source_owners[one.form])
        return list(dict.fromkeys(tuple(sorted(owners)) for owners in spans.values()))

    def _rendered(self, terms: list[tuple[int, ...]], hypothesis: str) -> set[tuple[int, ...]]:
        """Return which of the terms have a rendering of their own in the hypothesis."""
        if not terms:
            return set()
        wanted: dict[int, list[tuple[int, ...]]] = {}
        for term in terms:
            for owner in term:
                wanted.setdefault(owner, []).append(term)
        found = [one for one in self._rendering_index.find(hypothesis) if self._rendering_owners[one.form] in wanted]
        options: dict[tuple[int, ...], list[Occurrence]] = {term: [] for term in terms}
        for one in found:
            for term in wanted[self._rendering_owners[one.form]]:
                options[term].append(one)
        return _assigned(options)

    def _name(self, term: tuple[int, ...]) -> str:
        return self._sources[term[0]][0]

    def _expected(self, term: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(form for owner in term for form in self._renderings[owner]))


def _assigned(options: dict[tuple[int, ...], list[Occurrence]]) -> set[tuple[int, ...]]:
    """Give terms places that do not overlap: the longest place first, at one place the term with the fewest others."""
    taken: list[Occurrence] = []
    served: set[tuple[int, ...]] = set()
    places = sorted(
        ((one, term) for term, found in options.items() for one in found),
        key=lambda pair: (pair[0].start - pair[0].end, len(options[pair[1]]), pair[0].start),
    )
    for one, term in places:
        if term not in served and all(one.end <= used.start or used.end <= one.start for used in taken):
            taken.append(one)
            served.add(term)
    return served


def figure_accuracy(references: References, hypotheses: Sequence[str]) -> Accuracy:
    """Return how many figures of the sources (numbers, dates, times, amounts) stand in the hypotheses with their value.

    Figures that the other language often leaves unsaid (one, 一つ) do not count. Raises ValueError where numbers
    differ.
    """
    names = [document.id for document in references.documents for _ in document.references]
    found = total = 0
    misses: list[Miss] = []
    for segment, (source, hypothesis, name) in enumerate(zip(references.sources, hypotheses, names, strict=True)):
        mine, theirs = figures(source, references.source_language), figures(hypothesis, references.target)
        if references.target == "en":
            compared = compare(mine, theirs)
            matched, lost = [pair[0] for pair in compared.matched], compared.only_ja
        else:
            compared = compare(theirs, mine)
            matched, lost = [pair[1] for pair in compared.matched], compared.only_en
        missed = [figure for figure in lost if not figure.weak]
        right = sum(not figure.weak for figure in matched)
        found += right
        total += right + len(missed)
        misses += [Miss(segment, name, figure.text, figure.keys) for figure in missed]
    return Accuracy(found, total, tuple(misses))
