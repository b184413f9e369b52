"""Mining: recurring phrases of a memory with their renderings, from units to terms.

The steps, each in a module of its own: tokens, candidates (recurring runs with sound edges), links (which word
translates which), association (pairs of runs that word links hold together), maximality (the longer run where the
shorter never stands without it), selection (the best pair first, others only where it does not explain them), singles
(renderings that do not recur), and then how the phrase is written and what kind it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.terms.acronyms import acronyms
from tmalign.terms.association import meet
from tmalign.terms.candidates import find, stream
from tmalign.terms.confidence import confidence
from tmalign.terms.english_tokens import tokenise_english
from tmalign.terms.japanese_tokens import tokenise_japanese
from tmalign.terms.kinds import kind_of
from tmalign.terms.links import LinkModel, Verbality
from tmalign.terms.maximality import candidate_keys, dominated, verb_first
from tmalign.terms.mined import Example, MinedTerm, Rendering
from tmalign.terms.selection import LEAST_UNITS, pair_score, select
from tmalign.terms.singles import select_singles
from tmalign.terms.surfaces import Place, governed_ends, japanese_span, show_english, show_japanese
from tmalign.terms.tokens import NAME, PARTICLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.model import Unit
    from tmalign.terms.association import Meetings, Pairs, Singles
    from tmalign.terms.candidates import Candidates, TokenStream
    from tmalign.terms.links import WordLinks
    from tmalign.terms.selection import Selected
    from tmalign.terms.singles import Scattered
    from tmalign.terms.tokens import TokenisedText

    Floats = np.ndarray[Any, np.dtype[np.float64]]

_VERB = 0.4  # an English word that goes to verbs so often begins no noun phrase by chance
_NO_VERB = 0.6
_VERB_BEFORE_NOUN = 0.7
_ONE_WORD = 0.5  # what the score of a single word is worth in the ranking: it stands in any dictionary
_TWO_UNITS = 0.6
_SAME_CONTEXT = 0.6
_EXAMPLES = 3
_LONGEST_TEXT = 5_000  # characters of a side; no sentence is longer, and nothing recurs in what is


@dataclass(frozen=True, slots=True)
class Side:
    """One language of all units: texts, their tokens in a row, and the recurring runs among them."""

    texts: Sequence[TokenisedText]
    tokens: TokenStream
    found: Candidates

    def place(self, occurrence: int) -> Place:
        """Return where an occurrence stands, counted in its unit."""
        return self.run(int(self.found.begin[occurrence]), int(self.found.length[self.found.candidate[occurrence]]))

    def run(self, begin: int, length: int) -> Place:
        """Return where a run of the stream stands, counted in its unit."""
        unit = int(self.tokens.unit[begin])
        first = begin - int(self.tokens.starts[unit])
        return Place(unit, first, first + length)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted pair with its places on both sides, in the order of units."""

    ja: int
    score: float
    confidence: float
    ja_places: tuple[Place, ...]
    en_places: tuple[Place, ...]


def mine(units: Iterable[Unit], *, min_count: int = 2, lexicon: Lexicon | None = None) -> list[MinedTerm]:
    """Return the recurring phrases of the units, best first.

    Units with an empty side, or with a side of more than 5,000 characters, give nothing. `min_count` is the number of
    units a phrase must stand in together with its renderings, at least 2. `lexicon` defaults to the shipped one.
    """
    if lexicon is None:
        from tmalign.align.lexicon import shipped_lexicon  # noqa: PLC0415 - opens files

        lexicon = shipped_lexicon()
    used = [u for u in units if 0 < len(u.ja) <= _LONGEST_TEXT and 0 < len(u.en) <= _LONGEST_TEXT]
    ja_texts = [tokenise_japanese(unit.ja) for unit in used]
    en_texts = [tokenise_english(unit.en) for unit in used]
    ja_tokens, en_tokens = stream(ja_texts), stream(en_texts)
    ja, en = Side(ja_texts, ja_tokens, find(ja_tokens)), Side(en_texts, en_tokens, find(en_tokens))
    verbality = Verbality(ja_tokens, en_tokens)
    links = _counted(LinkModel(ja_tokens, en_tokens, lexicon).links(), verbality)
    meetings, pairs, singles = meet(ja_tokens, en_tokens, ja.found, en.found, links)
    verbs = verbality.above(_VERB)
    ja_keys, en_keys = candidate_keys(ja_tokens, ja.found), candidate_keys(en_tokens, en.found)
    displaced = dominated(pairs, ja_keys, en_keys, ja.found.verbal, verbs)
    base = pair_score(pairs, ja.found, en.found, _verb_fit(pairs, ja.found, en_keys, verbs))
    chosen, explained = select(
        pairs, meetings, ja.found, en.found, lambda k, n: -1.0 if displaced[k] else base(k, n), least=0.0
    )
    accepted = [_accepted(s, pairs, meetings, ja, en) for s in chosen]
    known = frozenset(pair.ja for pair in accepted)
    for scattered in select_singles(singles, ja.found, en_tokens, explained, known):
        accepted += _renderings(scattered, singles, ja, en)
    terms = _terms([pair for pair in accepted if not _is_unknown_name(pair, ja, lexicon)], ja, en, used)
    return sorted((t for t in terms if t.count >= max(min_count, 2)), key=lambda t: (-t.score, -t.count, t.ja, t.en))


def _verb_fit(pairs: Pairs, ja: Candidates, en_keys: Sequence[str], verbs: frozenset[int]) -> Floats:
    """Return what a pair's score is multiplied by: less where only one of the two has a verb."""
    have = frozenset(map(chr, verbs))
    any_verb = np.array([bool(have.intersection(key)) for key in en_keys], dtype=bool)
    verbal = ja.verbal[pairs.ja]
    factor: Floats = np.where(verbal & ~any_verb[pairs.en], _NO_VERB, 1.0)
    factor[~verbal & verb_first(pairs, en_keys, verbs)] = _VERB_BEFORE_NOUN
    return factor


def _counted(links: Iterable[WordLinks], verbality: Verbality) -> Iterator[WordLinks]:
    """Pass the links on, counted."""
    for part in links:
        verbality.add(part)
        yield part


def _accepted(selected: Selected, pairs: Pairs, meetings: Meetings, ja: Side, en: Side) -> Accepted:
    """Look up where a selected pair stands."""
    k = selected.pair
    ordered = sorted(selected.meetings, key=lambda m: int(meetings.unit[m]))
    sure = confidence(
        agreement=float(pairs.agreement[k]),
        coverage=float(pairs.coverage[k]),
        units=len(ordered),
        ja_units=int(ja.found.units[pairs.ja[k]]),
        en_units=int(en.found.units[pairs.en[k]]),
    )
    return Accepted(
        int(pairs.ja[k]),
        selected.score,
        sure,
        tuple(ja.place(int(meetings.ja[m])) for m in ordered),
        tuple(en.place(int(meetings.en[m])) for m in ordered),
    )


def _renderings(scattered: Scattered, singles: Singles, ja: Side, en: Side) -> list[Accepted]:
    """Return a pair for each rendering of a phrase whose English does not recur."""
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for k in scattered.singles:
        begin = int(singles.begin[k])
        groups[tuple(en.tokens.key[begin : begin + int(singles.length[k])].tolist())].append(k)
    sure = confidence(
        agreement=scattered.agreement,
        coverage=scattered.coverage,
        units=1,
        ja_units=len(scattered.singles),
        en_units=1,
    )
    return [
        Accepted(
            scattered.ja,
            scattered.score,
            sure,
            tuple(ja.place(int(singles.ja[k])) for k in places),
            tuple(en.run(int(singles.begin[k]), int(singles.length[k])) for k in places),
        )
        for places in groups.values()
    ]


def _is_unknown_name(pair: Accepted, ja: Side, lexicon: Lexicon) -> bool:
    """Tell whether the phrase is a lone name that no dictionary lists: a person's, as a rule."""
    place = pair.ja_places[0]
    token = ja.texts[place.unit].tokens[place.begin]
    return place.end - place.begin == 1 and bool(token.flags & NAME) and not lexicon.known(token.key)


def _terms(accepted: Sequence[Accepted], ja: Side, en: Side, units: Sequence[Unit]) -> list[MinedTerm]:
    """Make one term of all renderings of a Japanese phrase."""
    groups: dict[int, list[Accepted]] = defaultdict(list)
    for pair in accepted:
        groups[pair.ja].append(pair)
    return [_term(group, ja, en, units) for group in groups.values()]


def _term(group: Sequence[Accepted], ja: Side, en: Side, units: Sequence[Unit]) -> MinedTerm:
    """Write a term out."""
    verbal = bool(ja.found.verbal[group[0].ja]) or _ends_in_particle(group[0], ja)
    ja_places = [place for pair in group for place in pair.ja_places]
    shown, others = show_japanese(ja.texts, ja_places, verbal=verbal)
    ends = governed_ends(ja.texts, ja_places) if verbal else None
    renderings: list[Rendering] = []
    for pair in group:
        form, variants = show_english(en.texts, pair.en_places, verbal=verbal, ends=ends)
        dates = sorted({units[p.unit].date for p in pair.en_places} - {""})
        renderings.append(
            Rendering(form, len(pair.en_places), dates[0] if dates else "", dates[-1] if dates else "", tuple(variants))
        )
    renderings.sort(key=lambda r: (-r.count, r.en))
    best = max(group, key=lambda pair: pair.score)
    numbers = sorted({place.unit for place in ja_places})
    dates = sorted({units[n].date for n in numbers} - {""})
    tokens = ja.texts[ja_places[0].unit].tokens[ja_places[0].begin : ja_places[0].end]
    one_context = _one_context(ja, ja_places)
    return MinedTerm(
        ja=shown,
        en=renderings[0].en,
        kind=kind_of(
            shown, renderings[0].en, verbal=verbal, has_particle=any(t.flags & PARTICLE or not t.flags for t in tokens)
        ),
        count=len(numbers),
        score=round(_ranked(best.score, units=len(numbers), words=len(tokens), one_context=one_context), 4),
        confidence=round(best.confidence, 4),
        renderings=tuple(renderings),
        releases=tuple(sorted({units[n].release for n in numbers} - {""})),
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        variants=tuple(others),
        acronyms=_acronyms(group, renderings, ja, en),
        one_context=one_context,
        examples=_examples(group, ja, en, units, verbal=verbal),
    )


def _ends_in_particle(pair: Accepted, ja: Side) -> bool:
    """Tell whether the phrase is used as a particle is: の一環として."""
    place = pair.ja_places[0]
    return bool(ja.texts[place.unit].tokens[place.end - 1].flags & PARTICLE)


def _ranked(score: float, *, units: int, words: int, one_context: bool) -> float:
    """Return the score that ranks terms: less for single words, two units, and edges that no count can tell."""
    score *= (_ONE_WORD if words == 1 else 1.0) * (_TWO_UNITS if units == LEAST_UNITS else 1.0)
    return score * (_SAME_CONTEXT if one_context else 1.0)


def _acronyms(group: Sequence[Accepted], renderings: Sequence[Rendering], ja: Side, en: Side) -> tuple[str, ...]:
    """Return the short forms behind either side."""
    en_ends = [(en.texts[p.unit].text, _end(en, p)) for pair in group for p in pair.en_places]
    ja_ends = [(ja.texts[p.unit].text, _end(ja, p)) for pair in group for p in pair.ja_places]
    return tuple(dict.fromkeys(short for r in renderings for short in acronyms(r.en, en_ends + ja_ends)))


def _end(side: Side, place: Place) -> int:
    return side.texts[place.unit].tokens[place.end - 1].end


def _one_context(ja: Side, places: Sequence[Place]) -> bool:
    """Tell whether the same words stand on both sides of the phrase wherever it stands."""
    around = set()
    for place in places:
        tokens = ja.texts[place.unit].tokens
        before = tokens[place.begin - 1].key if place.begin else ""
        after = tokens[place.end].key if place.end < len(tokens) else ""
        around.add((before, after))
    return len(around) == 1 and around != {("", "")}


def _examples(
    group: Sequence[Accepted], ja: Side, en: Side, units: Sequence[Unit], *, verbal: bool
) -> tuple[Example, ...]:
    """Return up to three places, of different renderings and releases first, short texts before long ones."""
    found: list[tuple[int, int, int, Example]] = []
    seen: set[str] = set()
    for number, pair in enumerate(group):
        for a, b in sorted(
            zip(pair.ja_places, pair.en_places, strict=True), key=lambda ab: (len(units[ab[0].unit].ja), ab[0].unit)
        ):
            unit = units[a.unit]
            begin, end, _ = japanese_span(ja.texts[a.unit], a, verbal=verbal)
            tokens = en.texts[b.unit].tokens
            example = Example(
                unit.ja,
                unit.en,
                ja.texts[a.unit].source_span(begin, end),
                en.texts[b.unit].source_span(tokens[b.begin].start, tokens[b.end - 1].end),
                unit.release,
                unit.date,
            )
            found.append((int(unit.release in seen), number, len(found), example))
            seen.add(unit.release)
    found.sort(key=lambda row: row[:3])
    return tuple(example for *_, example in found[:_EXAMPLES])
