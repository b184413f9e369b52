"""Candidates of one side: every recurring run of tokens with linguistically sound edges, and where it stands.

Runs of one length are told apart by rolling 64-bit hashes over the whole text at once; a run is looked at only
where both runs that are one token shorter recur (the a-priori principle of Agrawal and Srikant, 1994), so that
work grows with the text and not with the number of possible runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.terms.tokens import (
    ALONE,
    BEGIN,
    BREAK,
    CASE,
    COMMA,
    CONTENT,
    COPULA,
    END,
    GLUED,
    NAME,
    NOUN,
    PARTICLE,
    RANK,
    VERB,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.terms.tokens import TokenisedText

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]

LONGEST = 14
_LEAST_WORDS = 2  # words of content of a part of compounds that is a term of its own
_NONE = np.zeros(0, dtype=np.int64)
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
    occurrence that it is no part of a longer compound; every candidate has one such. `cut` tells that an English
    name goes on beyond it.
    """

    length: Ints
    units: Ints
    verbal: Bools
    candidate: Ints
    begin: Ints
    bounds: Ints
    whole: Bools
    cut: Bools


def stream(texts: Sequence[TokenisedText]) -> TokenStream:
    """Lay the tokens of all units out in a row."""
    index: dict[str, int] = {}
    sizes = np.fromiter((len(t.keys) for t in texts), dtype=np.int64, count=len(texts))
    total = int(sizes.sum())
    key = np.fromiter((index.setdefault(k, len(index)) for t in texts for k in t.keys), np.int64, total)
    flags = np.fromiter((n for t in texts for n in t.numbers[2::3]), np.int64, total)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return TokenStream(tuple(index), key, np.repeat(np.arange(len(texts)), sizes), flags, starts)


def find(tokens: TokenStream, *, least: int = 2, longest: int = LONGEST) -> Candidates:
    """Return all runs of up to `longest` tokens with sound edges that stand in at least `least` units."""
    size = len(tokens.key)
    edges = Edges(tokens)
    value = tokens.key.astype(np.uint64) * _MULTIPLIER + np.uint64(1)
    code = np.zeros(size, dtype=np.uint64)
    alive: Ints = np.arange(size)
    found: list[tuple[Ints, Ints]] = []
    for length in range(1, min(longest, size) + 1):
        alive = alive[alive + length <= size]
        alive = alive[edges.run[alive] == edges.run[alive + length - 1]]
        code[alive] = _mix(code[alive] ^ value[alive + length - 1])
        _, group, counts = np.unique(code[alive], return_inverse=True, return_counts=True)
        frequent = counts[group] >= least
        alive, group = alive[frequent], group[frequent]
        if not len(alive):
            break
        sound = edges.sound(alive, alive + length - 1)
        found.append((alive[sound], group[sound]))
        # A longer run can only recur where the run that begins one token later recurs too.
        recurs = np.zeros(size + 1, dtype=bool)
        recurs[alive] = True
        alive = alive[recurs[alive + 1]]
    return _assemble(tokens, edges, found, least)


class Edges:
    """What may stand at the edges of a run, for all places at once; `run` numbers the stretches without a break."""

    def __init__(self, tokens: TokenStream) -> None:
        """Read the flags."""
        flags = tokens.flags
        self.flags = flags
        self.run: Ints = np.cumsum(((flags & BREAK) > 0) | (np.diff(tokens.unit, prepend=-1) > 0))
        together = self.run[1:] == self.run[:-1]
        glued = np.zeros(len(flags), dtype=bool)
        glued[:-1] = ((flags[1:] & GLUED) > 0) & together
        self.begins: Bools = ((flags & BEGIN) > 0) & ((flags & GLUED) == 0)
        self.ends: Bools = ((flags & END) > 0) & ~glued
        # A nominal clause ends a sentence, or stands before a copula.
        self.closes: Bools = np.ones(len(flags), dtype=bool)
        self.closes[:-1] = ~together | ((flags[1:] & COPULA) > 0)
        self.last_case, self.last_verb = _latest(flags, CASE), _latest(flags, VERB)
        # A compound goes on from a token to the next unless only one of the two is a name: 篠塚 | 外務大臣.
        noun, name = (flags & NOUN) > 0, (flags & NAME) > 0
        self.goes_on: Bools = np.zeros(len(flags) + 1, dtype=bool)
        self.goes_on[1:-1] = noun[:-1] & noun[1:] & (name[:-1] == name[1:]) & together
        self.counted: Ints = np.concatenate(([0], np.cumsum((flags & CONTENT) > 0)))
        self.listed = _listed(tokens, together)
        self.named = _named(tokens, together)

    def sound(self, first: Ints, last: Ints) -> Bools:
        """Tell which runs have sound edges."""
        flags = self.flags
        answer = self.begins[first] & self.ends[last]
        one: Bools = first == last
        at_edge = flags[first] | flags[last]
        verb_ends = (flags[last] & VERB) > 0
        answer &= one | (((at_edge & ALONE) == 0) & ~self.listed[last])
        # A noun phrase begins with no verb; a name with a rank is a person, no phrase.
        answer &= one | verb_ends | ((flags[first] & VERB) == 0)
        answer &= one | ((flags[last] & RANK) == 0) | ((flags[first] & (NAME | NOUN)) != (NAME | NOUN))
        # 概要は以下のとおり is a clause with a nominal predicate; elsewhere は and を part what they stand between.
        answer &= one | ~self.clause(first, last) | self.closes[last]
        return answer

    def clause(self, first: Ints, last: Ints) -> Bools:
        """Tell which runs hold a particle of case with no verb behind it."""
        answer: Bools = (self.last_case[last] >= first) & (self.last_case[last] > self.last_verb[last])
        return answer

    def varied(self, tokens: TokenStream, first: Ints, last: Ints, group: Ints) -> Bools:
        """Tell which runs are parts of different compounds at every edge where they go on: terms of their own.

        経済安全保障 is one where 経済安全保障推進法 and 経済安全保障担当官 stand; `group` numbers equal runs.
        """
        answer: Bools = self.counted[last + 1] - self.counted[first] >= _LEAST_WORDS
        padded = np.append(tokens.key, -1)
        for on, neighbour in ((self.goes_on[first], padded[first - 1]), (self.goes_on[last + 1], padded[last + 1])):
            beside = np.where(on, neighbour, -1)
            pairs = np.unique(np.stack((group, beside)), axis=1)
            several = np.bincount(pairs[0], minlength=int(group.max(initial=0)) + 1) >= 2
            answer &= ~on | several[group]
        return answer

    def whole(self, first: Ints, last: Ints) -> Bools:
        """Tell which runs are no part of a longer compound."""
        answer: Bools = ~self.goes_on[first] & ~self.goes_on[last + 1]
        return answer


def _named(tokens: TokenStream, together: Bools) -> Bools:
    """Tell of the border before each token whether an English name goes on across it: Ministry | of | Defense."""
    name = (tokens.flags & NAME) > 0
    together = together & ((tokens.flags[1:] & COMMA) == 0)
    linking = np.isin(tokens.key, [k for k, key in enumerate(tokens.keys) if key in {"of", "for"}])
    inner = np.zeros(len(name) + 1, dtype=bool)
    inner[1:-1] = name[:-1] & name[1:] & together
    # Both borders of `of` lie inside a name that goes on behind it.
    around = name[:-2] & linking[1:-1] & name[2:] & together[:-1] & together[1:]
    inner[1:-2] |= around
    inner[2:-1] |= around
    return inner


def _listed(tokens: TokenStream, together: Bools) -> Bools:
    """Tell of each token whether it is the first of several English names that one preposition governs.

    `cooperation among Japan` is half of `cooperation among Japan, the United States and Australia`.
    """
    name, governs = (tokens.flags & NAME) > 0, (tokens.flags & PARTICLE) > 0
    joins = np.isin(tokens.key, [k for k, key in enumerate(tokens.keys) if key == "and"])
    answer = np.zeros(len(name), dtype=bool)
    follows = ((tokens.flags[1:] & COMMA) > 0) & name[1:]
    follows[:-1] |= joins[1:-1] & name[2:] & together[1:]
    answer[1:-1] = name[1:-1] & governs[:-2] & together[:-1] & follows[1:] & together[1:]
    return answer


def _latest(flags: Ints, flag: int) -> Ints:
    """Return for each place the latest place up to it that has the flag, -1 where there is none."""
    latest: Ints = np.maximum.accumulate(np.where((flags & flag) > 0, np.arange(len(flags)), -1))
    return latest


def _mix(code: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Spread the bits of hashes, so that order matters (a step of SplitMix64)."""
    code = (code ^ (code >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    code = (code ^ (code >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return code ^ (code >> np.uint64(31))


def _assemble(tokens: TokenStream, edges: Edges, found: list[tuple[Ints, Ints]], least: int) -> Candidates:
    """Give numbers to the runs that stand in enough units, and at least once as more than a part of a compound."""
    stride = len(tokens.starts)
    begins, candidates, lengths, units, wholes = [_NONE], [_NONE], [_NONE], [_NONE], [_NONE > 0]
    first = 0
    for length, (begin, group) in enumerate(found, 1):
        whole = edges.whole(begin, begin + length - 1)
        if length >= _LEAST_WORDS:
            whole |= edges.varied(tokens, begin, begin + length - 1, group)
        inside = np.unique(group * stride + tokens.unit[begin]) // stride
        names, counts = np.unique(inside, return_counts=True)
        names = np.intersect1d(names[counts >= least], group[whole])
        keep = np.isin(group, names)
        begins.append(begin[keep])
        candidates.append(np.searchsorted(names, group[keep]) + first)
        lengths.append(np.full(len(names), length))
        units.append(np.bincount(np.searchsorted(names, inside[np.isin(inside, names)]), minlength=len(names)))
        wholes.append(whole[keep])
        first += len(names)
    begin, candidate = np.concatenate(begins), np.concatenate(candidates)
    length_of: Ints = np.concatenate(lengths)
    order = np.lexsort((length_of[candidate], begin))
    begin, candidate = begin[order], candidate[order]
    last = begin + length_of[candidate] - 1
    verbal = np.zeros(len(length_of), dtype=bool)
    verbal[candidate] = ((tokens.flags[last] & VERB) > 0) | edges.clause(begin, last)
    bounds = np.searchsorted(tokens.unit[begin], np.arange(stride))
    cut = edges.named[begin] | edges.named[last + 1]
    whole_of = np.concatenate(wholes)[order]
    return Candidates(length_of, np.concatenate(units), verbal, candidate, begin, bounds, whole_of, cut)
