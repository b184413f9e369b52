"""Which of two nested runs is the phrase: the longer one, unless the words it adds have their home elsewhere.

Word links alone cut `Japan International Cooperation Agency` to the words that have a clear translation. But a word
that stands beside the shorter run wherever the partner stands, and whose links do not lead out of the pair, belongs to
the phrase. Where they do lead out, as those of `by North Korea` do from 弾道ミサイルの発射, the shorter run is it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.terms.association import Pairs
    from tmalign.terms.candidates import Candidates, TokenStream

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]

_SAME_PLACES = 0.8  # the part of the shorter pair's units that the longer one must keep
_SAME_PLACES_JA = 0.99  # of the Japanese, nearly all: what stands alone once is a phrase of its own
_SAME_WORDS = 0.8  # the same where the longer run adds no word of content: 一環として
_FORMULA = 0.5  # the same of a noun phrase that is rendered by a verb, within a formula: 意見交換を行った
# The part of the added words' link mass that must stay in the pair; with two units, a word may stand in both by chance.
_STAYS = 0.25
_STAYS_OF_TWO = 0.3
_STAYS_IN_NAME = 0.1  # where the shorter run is a part of a longer English name
_LEAVES = 0.15  # where less of it stays, the shorter run takes the place of the longer one
_HOME = 0.8  # link mass outside the pair that shows a better home
_VERB = 0.5  # a run that stands as a verb in so many of its places begins with one
_VERB_AT_TIMES = 0.25  # the same for a word that translates verbs


class _Row(NamedTuple):
    """One pair of a group with a partner in common: the free side's keys, and what was counted of the pair."""

    keys: str
    together: int
    cut: float
    mass: float
    inside: float
    formula: bool
    words: int


def candidate_keys(tokens: TokenStream, found: Candidates) -> list[str]:
    """Return the keys of each candidate as a string, a character a key: containment is then a search in C."""
    first = np.zeros(len(found.length), dtype=np.int64)
    first[found.candidate[::-1]] = found.begin[::-1]
    keys = tokens.key.tolist()
    return ["".join(map(chr, keys[b : b + n])) for b, n in zip(first.tolist(), found.length.tolist(), strict=True)]


def verb_first(pairs: Pairs, en_keys: Sequence[str], verbs: frozenset[int]) -> Bools:
    """Tell of each pair whether its English begins with a verb, by its places and by what its first word translates."""
    barred = frozenset(map(chr, verbs))
    translates = np.array([key[0] in barred for key in en_keys], dtype=bool)[pairs.en]
    answer: Bools = (pairs.verb_first >= _VERB) | (translates & (pairs.verb_first >= _VERB_AT_TIMES))
    return answer


def dominated(pairs: Pairs, ja_keys: list[str], en_keys: list[str], formula: Bools, verbs: frozenset[int]) -> Bools:
    """Tell of each pair whether a longer or shorter run on one side, with the same partner, takes its place.

    `formula` tells which Japanese candidates are formulas, `verbs` holds the English keys that translate verbs.
    """
    answer = np.zeros(len(pairs.ja), dtype=bool)
    barred = frozenset(map(chr, verbs))
    inside = pairs.coverage * pairs.words
    mass = 2 * inside / np.maximum(pairs.agreement, 1e-6)
    formulas = formula[pairs.ja]
    # A noun phrase loses its place to a formula around it only where its partner begins with a verb.
    apart = pairs.en * 2 + (formulas & ~verb_first(pairs, en_keys, verbs))
    for fixed, free, keys, of_en in ((pairs.ja, pairs.en, en_keys, True), (apart, pairs.ja, ja_keys, False)):
        order = np.argsort(fixed, kind="stable")
        starts = np.concatenate(([0], np.flatnonzero(np.diff(fixed[order])) + 1, [len(order)])).tolist()
        columns = (pairs.together, pairs.cut, mass, inside, formulas, pairs.words)
        for begin, end in pairwise(starts):
            if end - begin > 1:
                places = order[begin:end]
                counted = zip(free[places].tolist(), *(c[places].tolist() for c in columns), strict=True)
                rows = [_Row(keys[number], *rest) for number, *rest in counted]
                answer[places[_losers(rows, barred, of_en=of_en)]] = True
    return answer


def _losers(rows: list[_Row], verbs: frozenset[str], *, of_en: bool) -> list[int]:
    """Return which rows of one partner lose their place to a longer one, or, of the Japanese, to a shorter one.

    A longer run that stands in less than half of the units decides nothing.
    """
    order = sorted(range(len(rows)), key=lambda k: -len(rows[k].keys))
    found = []
    for place, k in enumerate(order):
        short = rows[k]
        for other in order[:place]:
            long = rows[other]
            if 2 * long.together >= short.together and short.keys in long.keys and short.keys != long.keys:
                loser = _english_loser(short, long, verbs) if of_en else _japanese_loser(short, long)
                if loser is short:
                    found.append(k)
                    break
                if loser is long and not of_en:
                    found.append(other)
    return found


def _english_loser(short: _Row, long: _Row, verbs: frozenset[str]) -> _Row | None:
    """Return which of two nested English runs with one Japanese partner is not the phrase."""
    adds_verb = long.keys[0] in verbs and short.keys[0] != long.keys[0]
    if adds_verb and not short.formula:
        return None  # the verb before a noun phrase is no part of it
    asked = _STAYS if short.together > 2 else _STAYS_OF_TWO
    asked = asked * (1 - short.cut) + _STAYS_IN_NAME * short.cut
    if adds_verb and not verbs.intersection(short.keys):
        asked = 0.0  # a formula has a verb
    return _by_links(short, long, asked, _SAME_PLACES)


def _japanese_loser(short: _Row, long: _Row) -> _Row | None:
    """Return which of two nested Japanese runs with one English partner is not the phrase."""
    if long.formula and not short.formula:
        outside = long.mass - short.mass - (long.inside - short.inside)
        return short if long.together >= _FORMULA * short.together and outside < _HOME else None
    return _by_links(short, long, _STAYS if short.together > 2 else _STAYS_OF_TWO, _SAME_PLACES_JA)


def _by_links(short: _Row, long: _Row, asked: float, places: float) -> _Row | None:
    """Decide by where the links of the added words lead."""
    if short.words == long.words:
        return short if long.together >= _SAME_WORDS * short.together else long
    added = long.mass - short.mass
    stays = (long.inside - short.inside) / max(added, 1e-3) if added > 0 else 1.0
    if long.together >= places * short.together and stays >= asked:
        return short
    return long if stays < _LEAVES and short.cut <= long.cut else None
