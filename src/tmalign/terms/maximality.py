"""Which of two nested runs is the phrase: the longer one, where the shorter never meets the partner without it.

Word links alone cut `Japan International Cooperation Agency` to the words that have a clear translation. But a word
that stands beside the shorter run wherever the partner stands, and that has no better home, belongs to the phrase.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from tmalign.terms.association import Pairs
    from tmalign.terms.candidates import Candidates, TokenStream

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]

_SAME_PLACES = 0.8  # the part of the shorter pair's units that the longer one must keep
_SAME_PLACES_JA = 0.99  # of the Japanese, nearly all: what stands alone once is a phrase of its own
_CUT = 0.2  # how much more of it, where the shorter one is a part of a longer English name
_SLACK = 0.85  # how much agreement the longer pair may lose
_SLACK_OF_TWO = 0.92  # with two units, a word may stand in both by chance


def candidate_keys(tokens: TokenStream, found: Candidates) -> list[str]:
    """Return the keys of each candidate as a string, a character a key: containment is then a search in C."""
    first = np.zeros(len(found.length), dtype=np.int64)
    first[found.candidate[::-1]] = found.begin[::-1]
    keys = tokens.key.tolist()
    return ["".join(map(chr, keys[b : b + n])) for b, n in zip(first.tolist(), found.length.tolist(), strict=True)]


def dominated(pairs: Pairs, ja_keys: list[str], en_keys: list[str], verbal: Bools, verbs: frozenset[int]) -> Bools:
    """Tell of each pair whether a longer run on one side, with the same partner on the other, takes its place.

    `verbal` tells which Japanese candidates are formulas, `verbs` holds the English keys that translate verbs.
    """
    answer = np.zeros(len(pairs.ja), dtype=bool)
    barred = frozenset(map(chr, verbs))
    # A noun phrase does not lose its place to a formula around it, nor to an English verb before its partner.
    en_and_class = pairs.en * 2 + verbal[pairs.ja]
    for fixed, free, keys, of_en in ((pairs.ja, pairs.en, en_keys, True), (en_and_class, pairs.ja, ja_keys, False)):
        order = np.argsort(fixed, kind="stable")
        starts = np.concatenate(([0], np.flatnonzero(np.diff(fixed[order])) + 1, [len(order)])).tolist()
        places = order.tolist()
        slack = np.where(pairs.together > 2, _SLACK, _SLACK_OF_TWO) * (1 - _CUT * pairs.cut if of_en else 1.0)
        kept = _SAME_PLACES if of_en else _SAME_PLACES_JA
        rows = list(
            zip(
                (keys[k] for k in free[order].tolist()),
                pairs.together[order].tolist(),
                pairs.agreement[order].tolist(),
                (kept * pairs.together[order]).tolist(),
                (slack * pairs.agreement)[order].tolist(),
                strict=True,
            )
        )
        formula = verbal[pairs.ja[order]].tolist()
        for begin, end in pairwise(starts):
            if end - begin > 1:
                kept_out = barred if of_en and not formula[begin] else frozenset[str]()
                for k in _losers(rows[begin:end], kept_out):
                    answer[places[begin + k]] = True
    return answer


def _losers(rows: list[tuple[str, int, float, float, float]], barred: frozenset[str]) -> list[int]:
    """Return which rows of one partner lose their place to a longer one.

    A row has keys, units, agreement, and how many units and how much agreement the longer one must have. A run that
    adds a barred key in front takes no place.
    """
    order = sorted(range(len(rows)), key=lambda k: -len(rows[k][0]))
    found = []
    for place, k in enumerate(order):
        key, _, _, enough, least = rows[k]
        for other in order[:place]:
            longer, there, fit, _, _ = rows[other]
            if (
                there >= enough
                and fit >= least
                and key in longer
                and key != longer
                and not (longer[0] in barred and key[0] != longer[0])
            ):
                found.append(k)
                break
    return found
