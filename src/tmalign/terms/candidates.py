"""Candidates of one side: every recurring run of tokens with linguistically sound edges, and where it stands.

Runs of one length are told apart by rolling 64-bit hashes over the whole text at once; a run is looked at only
where both runs that are one token shorter recur (the a-priori principle of Agrawal and Srikant, 1994), so that
work grows with the text and not with the number of possible runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.terms.tokens import ALONE, BEGIN, BREAK, CASE, COPULA, END, GLUED, NAME, NOUN, RANK, VERB

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.terms.tokens import TokenisedText

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]

LONGEST = 14
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class TokenStream:
    """All tokens of one side in one row: key number, unit, flags; `starts[u]` is where unit u begins."""

    keys: tuple[str, ...]
    key: Ints
    unit: Ints
    flags: Ints
    starts: Ints


@dataclass(frozen=True, slots=True)
class Candidates:
    """Recurring runs: `length` and `verbal` have an entry a candidate, the others one an occurrence.

    Occurrences are sorted by unit, then begin, then length; `begin` counts in the stream; `units` is the
    number of units a candidate stands in, `bounds[u]:bounds[u + 1]` the occurrences of unit u. `whole` tells of an
    occurrence that it is no part of a longer compound; every candidate has one such.
    """

    length: Ints
    units: Ints
    verbal: Bools
    candidate: Ints
    begin: Ints
    bounds: Ints
    whole: Bools


def stream(texts: Sequence[TokenisedText]) -> TokenStream:
    """Lay the tokens of all units out in a row."""
    index: dict[str, int] = {}
    sizes = np.fromiter((len(t.tokens) for t in texts), dtype=np.int64, count=len(texts))
    total = int(sizes.sum())
    key = np.fromiter((index.setdefault(k.key, len(index)) for t in texts for k in t.tokens), np.int64, total)
    flags = np.fromiter((k.flags for t in texts for k in t.tokens), np.int64, total)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return TokenStream(tuple(index), key, np.repeat(np.arange(len(texts)), sizes), flags, starts)


def find(tokens: TokenStream, *, least: int = 2, longest: int = LONGEST) -> Candidates:
    """Return all runs of up to `longest` tokens with sound edges that stand in at least `least` units."""
    size = len(tokens.key)
    flags = tokens.flags
    run = np.cumsum(((flags & BREAK) > 0) | (np.diff(tokens.unit, prepend=-1) > 0))
    glued_next = np.append((flags[1:] & GLUED) > 0, [False])
    glued_next[np.flatnonzero(np.diff(run) > 0)] = False
    begins = ((flags & BEGIN) > 0) & ((flags & GLUED) == 0)
    ends = ((flags & END) > 0) & ~glued_next
    clause_end = _predicate_ends(flags, run)
    last_case, last_verb = _latest(flags, CASE), _latest(flags, VERB)
    value = tokens.key.astype(np.uint64) * _MULTIPLIER + np.uint64(1)
    code = np.zeros(size, dtype=np.uint64)
    alive = np.arange(size)
    found: list[tuple[Ints, Ints]] = []
    lengths: list[int] = []
    for length in range(1, min(longest, size) + 1):
        alive = alive[alive + length <= size]
        last = alive + length - 1
        alive = alive[run[alive] == run[last]]
        last = alive + length - 1
        code[alive] = _mix(code[alive] ^ value[last])
        _, inverse, counts = np.unique(code[alive], return_inverse=True, return_counts=True)
        frequent = counts[inverse] >= least
        alive = alive[frequent]
        if not len(alive):
            break
        inverse = inverse[frequent]
        last = alive + length - 1
        sound = begins[alive] & ends[last]
        if length > 1:
            sound &= ((flags[alive] | flags[last]) & ALONE) == 0
            # A noun phrase begins with no verb; a name with a rank is a person, no phrase.
            sound &= ((flags[last] & VERB) > 0) | ((flags[alive] & VERB) == 0)
            # 概要は以下のとおり is a clause with a nominal predicate; elsewhere は and を part what they stand between.
            clause = (last_case[last] >= alive) & (last_case[last] > last_verb[last])
            sound &= ~clause | clause_end[last]
            sound &= ((flags[last] & RANK) == 0) | ((flags[alive] & (NAME | NOUN)) != (NAME | NOUN))
        found.append((alive[sound], inverse[sound]))
        lengths.append(length)
        # A longer run can only recur where the run that begins one token later recurs too.
        recurs = np.zeros(size + 1, dtype=bool)
        recurs[alive] = True
        alive = alive[recurs[alive + 1]]
    return _only_whole(tokens, _assemble(tokens, found, lengths, least))


def _only_whole(tokens: TokenStream, found: Candidates) -> Candidates:
    """Leave out candidates that only ever are a part of a longer compound noun."""
    noun, name = (tokens.flags & NOUN) > 0, (tokens.flags & NAME) > 0
    # A compound goes on from a token to the next unless only one of the two is a name: 篠塚 | 外務大臣.
    goes_on = np.zeros(len(noun) + 1, dtype=bool)
    goes_on[1:-1] = noun[:-1] & noun[1:] & (name[:-1] == name[1:]) & ((tokens.flags[1:] & BREAK) == 0)
    goes_on[1:-1] &= tokens.unit[:-1] == tokens.unit[1:]
    end = found.begin + found.length[found.candidate]
    whole = ~goes_on[found.begin] & ~goes_on[end]
    stands = np.zeros(len(found.length), dtype=bool)
    stands[found.candidate[whole]] = True
    keep = stands[found.candidate]
    renumbered = np.cumsum(stands) - 1
    candidate, begin = renumbered[found.candidate[keep]], found.begin[keep]
    bounds = np.searchsorted(tokens.unit[begin] if len(begin) else begin, np.arange(len(tokens.starts)))
    return Candidates(
        found.length[stands], found.units[stands], found.verbal[stands], candidate, begin, bounds, whole[keep]
    )


def _latest(flags: Ints, flag: int) -> Ints:
    """Return for each place the latest place up to it that has the flag, -1 where there is none."""
    return np.maximum.accumulate(np.where((flags & flag) > 0, np.arange(len(flags)), -1))


def _predicate_ends(flags: Ints, run: Ints) -> Bools:
    """Tell of each place whether a sentence's predicate may end there: before a stop or a copula."""
    ends = np.ones(len(flags), dtype=bool)
    ends[:-1] = (run[1:] != run[:-1]) | ((flags[1:] & COPULA) > 0)
    return ends


def _mix(code: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Spread the bits of hashes, so that order matters (a step of SplitMix64)."""
    code = (code ^ (code >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    code = (code ^ (code >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return code ^ (code >> np.uint64(31))


def _assemble(
    tokens: TokenStream, found: list[tuple[Ints, Ints]], lengths: list[int], least: int
) -> Candidates:
    """Number the candidates that stand in enough units."""
    begin_parts, candidate_parts, length_parts, unit_parts = [], [], [], []
    first = 0
    for (begin, group), length in zip(found, lengths, strict=True):
        if not len(begin):
            continue
        unit = tokens.unit[begin]
        pairs = np.unique(group * (int(tokens.unit[-1]) + 1) + unit)
        groups, units = np.unique(pairs // (int(tokens.unit[-1]) + 1), return_counts=True)
        enough = groups[units >= least]
        place = np.searchsorted(enough, group)
        place[place == len(enough)] = 0
        keep = (enough[place] == group) if len(enough) else np.zeros(len(group), dtype=bool)
        begin_parts.append(begin[keep])
        candidate_parts.append(place[keep] + first)
        length_parts.append(np.full(len(enough), length))
        unit_parts.append(units[units >= least])
        first += len(enough)
    empty = np.zeros(0, dtype=np.int64)
    begin = np.concatenate([empty, *begin_parts])
    candidate = np.concatenate([empty, *candidate_parts])
    length = np.concatenate([empty, *length_parts])
    units = np.concatenate([empty, *unit_parts])
    order = np.lexsort((length[candidate], begin))
    begin, candidate = begin[order], candidate[order]
    verbal = np.zeros(len(length), dtype=bool)
    last = begin + length[candidate] - 1
    last_case, last_verb = _latest(tokens.flags, CASE), _latest(tokens.flags, VERB)
    clause = (last_case[last] >= begin) & (last_case[last] > last_verb[last])
    verbal[candidate] = ((tokens.flags[last] & VERB) > 0) | clause
    count = len(tokens.starts) - 1
    bounds = np.searchsorted(tokens.unit[begin] if len(begin) else empty, np.arange(count + 1))
    return Candidates(length, units, verbal, candidate, begin, bounds, np.ones(len(begin), dtype=bool))
