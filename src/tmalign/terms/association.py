"""Pairs of candidates: where two runs stand in one unit and word links hold them together, and how often.

For every unit, a table of link mass summed over rectangles (Crow, 1984) gives the mass inside any pair of spans in
constant time. The agreement of two spans is the Dice coefficient of link mass: twice what lies inside both, over all
that touches either, so that a span too wide or too narrow on one side loses on the other. Only pairs that agree in a
unit are looked at further, a handful for each candidate however large the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.terms.candidates import LONGEST, Edges
from tmalign.terms.tokens import CONTENT, PREDICATE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tmalign.terms.candidates import Candidates, TokenStream
    from tmalign.terms.links import WordLinks

    Ints = np.ndarray[Any, np.dtype[Any]]
    Floats = np.ndarray[Any, np.dtype[np.float32]]

_LEAST_AGREEMENT = 0.4
_LEAST_SINGLE = 0.6


@dataclass(frozen=True, slots=True)
class Meetings:
    """Every place where a pair of candidates agrees, sorted by pair, then unit.

    `ja` and `en` are occurrences (indices into the candidates' `begin`), `agreement` the Dice coefficient of link mass,
    `coverage` the part of content words of both spans whose links stay inside.
    """

    ja: Ints
    en: Ints
    unit: Ints
    agreement: Floats
    coverage: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs: an entry a pair; `bounds[k]:bounds[k + 1]` are the meetings of pair k.

    `together` counts units in which the two agree; `cut` is the part of them in which the English is a part of a longer
    name, `verb_first` that in which its first word stands as a verb. `words` counts words of content on both sides.
    """

    ja: Ints
    en: Ints
    together: Ints
    agreement: Floats
    coverage: Floats
    bounds: Ints
    cut: Floats
    words: Ints
    verb_first: Floats


@dataclass(frozen=True, slots=True)
class Singles:
    """The English run that agrees best with a Japanese occurrence in its unit, whether it recurs or not.

    `ja` is an occurrence, `begin` and `length` a place in the English stream.
    """

    ja: Ints
    begin: Ints
    length: Ints
    agreement: Floats
    coverage: Floats


class _Runs:
    """Every run of English tokens of a unit with sound edges."""

    def __init__(self, tokens: TokenStream) -> None:
        self._edges = Edges(tokens)
        self._starts = tokens.starts
        self._counted = np.concatenate(([0], np.cumsum((tokens.flags & CONTENT) > 0)))

    def of(self, unit: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Return begin and last token of each, and the same in content words of the unit (the last one exclusive)."""
        begin, end = int(self._starts[unit]), int(self._starts[unit + 1])
        edges = self._edges
        firsts = np.flatnonzero(edges.begins[begin:end]) + begin
        lasts = np.flatnonzero(edges.ends[begin:end]) + begin
        far = lasts[None, :] - firsts[:, None]
        a, b = np.nonzero((far >= 0) & (far < LONGEST) & (edges.run[firsts][:, None] == edges.run[lasts][None, :]))
        first, last = firsts[a], lasts[b]
        good = edges.sound(first, last)
        first, last = first[good], last[good]
        origin = int(self._counted[begin])
        return first, last, self._counted[first] - origin, self._counted[last + 1] - origin


def meet(
    ja: TokenStream, en: TokenStream, ja_found: Candidates, en_found: Candidates, links: Iterable[WordLinks]
) -> tuple[Meetings, Pairs, Singles]:
    """Return all pairs that agree in two units or more, and where, and the best run for every Japanese occurrence."""
    ja_spans, en_spans = _ContentSpans(ja, ja_found), _ContentSpans(en, en_found)
    parts: list[tuple[Ints, Ints, Floats, Floats]] = []
    runs = _Runs(en)
    none = np.zeros(0, dtype=np.int64)
    singles: list[tuple[Ints, ...]] = [(none, none, none, none.astype(np.float32), none.astype(np.float32))]
    for part in links:
        found = [_unit(part.first + k, k, ja_spans, en_spans, part, runs, singles) for k in range(len(part.bounds) - 1)]
        rows = [row for row in found if row is not None]
        if rows:
            left, right, agreement, coverage = (np.concatenate(column) for column in zip(*rows, strict=True))
            parts.append((left, right, agreement, coverage))
    empty = np.zeros(0, dtype=np.int32)
    left = np.concatenate([empty, *(p[0] for p in parts)])
    right = np.concatenate([empty, *(p[1] for p in parts)])
    agreement = np.concatenate([empty.astype(np.float32), *(p[2] for p in parts)])
    coverage = np.concatenate([empty.astype(np.float32), *(p[3] for p in parts)])
    grouped = _group(
        ja_found,
        en_found,
        ja_spans.last - ja_spans.first,
        en_spans.last - en_spans.first,
        (en.flags[en_found.begin] & PREDICATE) > 0,
        Meetings(left, right, ja.unit[ja_found.begin[left]].astype(np.int32), agreement, coverage),
    )
    return *grouped, Singles(*(np.concatenate(column) for column in zip(*singles, strict=True)))


class _ContentSpans:
    """The spans of all occurrences counted in content words of their unit."""

    def __init__(self, tokens: TokenStream, found: Candidates) -> None:
        counted = np.concatenate(([0], np.cumsum((tokens.flags & CONTENT) > 0)))
        self.sizes = np.diff(counted[tokens.starts])
        origin = counted[tokens.starts[tokens.unit[found.begin]]]
        self.first = counted[found.begin] - origin
        self.last = counted[found.begin + found.length[found.candidate]] - origin
        self.bounds = found.bounds


def _unit(
    unit: int,
    k: int,
    ja: _ContentSpans,
    en: _ContentSpans,
    links: WordLinks,
    runs: _Runs,
    singles: list[tuple[Ints, ...]],
) -> tuple[Ints, Ints, Floats, Floats] | None:
    """Return the agreeing pairs of occurrences of one unit, the k-th of these links."""
    a, b = int(ja.bounds[unit]), int(ja.bounds[unit + 1])
    c, d = int(en.bounds[unit]), int(en.bounds[unit + 1])
    m, n = int(ja.sizes[unit]), int(en.sizes[unit])
    if a == b or not n:
        return None
    here = slice(links.bounds[k], links.bounds[k + 1])
    mass = np.zeros((m + 1, n + 1), dtype=np.float32)
    mass[1:, 1:] = (links.to_en[here] + links.to_ja[here]).reshape(m, n)
    table = mass.cumsum(0).cumsum(1)
    i, j = ja.first[a:b], ja.last[a:b]
    rows = table[j] - table[i]
    begin, end, first, last = runs.of(unit)
    if len(begin):
        agreement, covered = _agreement(table, rows, j - i, first, last)
        best = agreement.argmax(axis=1)
        places = np.arange(b - a)
        good = agreement[places, best] >= _LEAST_SINGLE
        places, best = places[good], best[good]
        singles.append(
            (places + a, begin[best], end[best] - begin[best] + 1, agreement[places, best], covered[places, best])
        )
    if c == d:
        return None
    agreement, covered = _agreement(table, rows, j - i, en.first[c:d], en.last[c:d])
    left, right = np.nonzero(agreement >= _LEAST_AGREEMENT)
    return (left + a).astype(np.int32), (right + c).astype(np.int32), agreement[left, right], covered[left, right]


def _agreement(table: Floats, rows: Floats, words: Ints, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    """Return agreement and coverage of Japanese spans (`rows` of the summed table) with English ones, as tables."""
    inside = rows[:, last] - rows[:, first]
    of_en = table[-1, last] - table[-1, first]
    agreement = 2 * inside / (rows[:, -1][:, None] + of_en[None, :] + 1e-6)
    return agreement, inside / (words[:, None] + (last - first)[None, :])


def _group(
    ja_found: Candidates, en_found: Candidates, ja_words: Ints, en_words: Ints, en_verb: Ints, meetings: Meetings
) -> tuple[Meetings, Pairs]:
    """Sort meetings by pair and unit, the best of a unit first, and sum them up."""
    width = len(en_found.length)
    pair = ja_found.candidate[meetings.ja] * width + en_found.candidate[meetings.en]
    order = np.lexsort((-meetings.agreement, meetings.unit, pair))
    pair, unit = pair[order], meetings.unit[order]
    new_unit = np.ones(len(pair), dtype=bool)
    new_unit[1:] = (pair[1:] != pair[:-1]) | (unit[1:] != unit[:-1])
    names, number = np.unique(pair, return_inverse=True)
    together: Ints = np.bincount(number[new_unit], minlength=len(names))
    keep = together[number] >= 2
    order, number, new_unit = order[keep], number[keep], new_unit[keep]
    kept = np.flatnonzero(together >= 2)
    place: Ints = (np.cumsum(together >= 2) - 1)[number]
    best = order[new_unit]
    units = together[kept]
    agreement = np.bincount(place[new_unit], meetings.agreement[best], len(kept)) / np.maximum(units, 1)
    coverage = np.bincount(place[new_unit], meetings.coverage[best], len(kept)) / np.maximum(units, 1)
    bounds = np.searchsorted(place, np.arange(len(kept) + 1))
    sorted_meetings = Meetings(
        meetings.ja[order],
        meetings.en[order],
        meetings.unit[order],
        meetings.agreement[order],
        meetings.coverage[order],
    )
    pairs = Pairs(
        names[kept] // max(width, 1),
        names[kept] % max(width, 1),
        units,
        agreement.astype(np.float32),
        coverage.astype(np.float32),
        bounds,
        (np.bincount(place[new_unit], en_found.cut[meetings.en[best]], len(kept)) / np.maximum(units, 1)).astype(
            np.float32
        ),
        ja_words[sorted_meetings.ja[bounds[:-1]]] + en_words[sorted_meetings.en[bounds[:-1]]],
        (np.bincount(place[new_unit], en_verb[meetings.en[best]], len(kept)) / np.maximum(units, 1)).astype(np.float32),
    )
    return sorted_meetings, pairs
