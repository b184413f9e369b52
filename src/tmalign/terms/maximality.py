"""Which of two nested runs is the phrase: the longer one, where the shorter never meets the partner without it.

Word links alone cut `Japan International Cooperation Agency` to the words that have a clear translation. But a word
that stands beside the shorter run wherever the partner stands, and that has no better home, belongs to the phrase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from tmalign.terms.association import Pairs
    from tmalign.terms.candidates import Candidates, TokenStream

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]

_SAME_PLACES = 0.8  # the part of the shorter pair's units that the longer one must keep
_SLACK = 0.85  # how much agreement the longer pair may lose
_SLACK_OF_TWO = 0.92  # with two units, a word may stand in both by chance


def candidate_keys(tokens: TokenStream, found: Candidates) -> list[tuple[int, ...]]:
    """Return the key numbers of each candidate."""
    first = np.zeros(len(found.length), dtype=np.int64)
    first[found.candidate[::-1]] = found.begin[::-1]
    keys = tokens.key.tolist()
    return [tuple(keys[b : b + n]) for b, n in zip(first.tolist(), found.length.tolist(), strict=True)]


def dominated(
    pairs: Pairs, ja_keys: list[tuple[int, ...]], en_keys: list[tuple[int, ...]], verbal: Bools, verbs: frozenset[int]
) -> Bools:
    """Tell of each pair whether a longer run on one side, with the same partner on the other, takes its place.

    `verbal` tells which Japanese candidates are formulas, `verbs` holds the English keys that translate verbs.
    """
    answer = np.zeros(len(pairs.ja), dtype=bool)
    # A noun phrase does not lose its place to a formula around it.
    en_and_class = pairs.en * 2 + verbal[pairs.ja]
    for fixed, free, keys, barred in (
        (pairs.ja, pairs.en, en_keys, verbs),
        (en_and_class, pairs.ja, ja_keys, frozenset[int]()),
    ):
        order = np.argsort(fixed, kind="stable")
        cuts = np.flatnonzero(np.diff(fixed[order])) + 1
        for group in np.split(order, cuts):
            if len(group) > 1:
                kept_out = barred if not verbal[pairs.ja[group[0]]] else frozenset[int]()
                _mark(answer, group, free, keys, pairs, kept_out)
    return answer


def _mark(
    answer: Bools, group: Ints, free: Ints, keys: list[tuple[int, ...]], pairs: Pairs, barred: frozenset[int]
) -> None:
    """Mark the dominated pairs of one fixed partner; a run that only adds a barred key in front takes no place."""
    rows = [(keys[free[k]], int(pairs.together[k]), float(pairs.agreement[k]), int(k)) for k in group]
    rows.sort(key=lambda row: -len(row[0]))
    for place, (key, together, agreement, k) in enumerate(rows):
        slack = _SLACK if together > 2 else _SLACK_OF_TWO
        for longer, there, fit, _ in rows[:place]:
            if (
                len(longer) > len(key)
                and there >= _SAME_PLACES * together
                and fit >= slack * agreement
                and _contains(longer, key)
                and not (longer[0] in barred and key[0] != longer[0])
            ):
                answer[k] = True
                break


def _contains(longer: tuple[int, ...], key: tuple[int, ...]) -> bool:
    size = len(key)
    return any(longer[i : i + size] == key for i in range(len(longer) - size + 1))
