"""Which word of a unit translates which: a lexicon fitted to the units, and links between the tokens of each.

The fit is IBM model 1 (Brown et al., 1993) in both directions by expectation maximisation, started from what the
dictionary and the background table say and held near it: with a handful of units a word has no other evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.tables import word_hashes
from tmalign.terms.tokens import CONTENT, PREDICATE

if TYPE_CHECKING:
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.terms.candidates import TokenStream

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float32]]

_ROUNDS = 5
_PRIOR = 1.0  # how many sightings the dictionary and the background table are worth
_DICTIONARY = 0.6
_BACKGROUND = 1.0
_UNSEEN = 0.01  # the prior of a pair of words that no table lists
_NOTHING = 0.15  # how readily a word is left unlinked, in sightings a word
_UNLINKED = 0.1  # the probability that a word comes from nothing on the other side
_DIAGONAL = 1.0  # how fast links lose by lying off the diagonal of their unit (as in Dyer et al., 2013)


@dataclass(frozen=True, slots=True)
class WordLinks:
    """Links of all units: a link joins token `ja` with token `en` (places in the streams of the two sides).

    `to_en` is the probability that the Japanese token is rendered by that English one, `to_ja` the reverse.
    Links are sorted by unit; `bounds[u]:bounds[u + 1]` are those of unit u.
    """

    ja: Ints
    en: Ints
    to_en: Floats
    to_ja: Floats
    bounds: Ints


def _content(tokens: TokenStream) -> tuple[Ints, Ints]:
    """Return the places of content tokens, and where each unit's begin among them."""
    places = np.flatnonzero((tokens.flags & CONTENT) > 0)
    return places, np.searchsorted(places, tokens.starts)


def fit(ja: TokenStream, en: TokenStream, lexicon: Lexicon) -> WordLinks:
    """Fit the lexicon to all units and link their tokens."""
    rows, columns, bounds = _grid(ja, en)
    if not len(rows):
        nothing = np.zeros(0, dtype=np.float32)
        return WordLinks(rows, columns, nothing, nothing, bounds)
    cells, cell = np.unique(ja.key[rows] * len(en.keys) + en.key[columns], return_inverse=True)
    cell_ja, cell_en = cells // len(en.keys), cells % len(en.keys)
    prior_en, prior_ja = _priors(ja, en, cell_ja, cell_en, lexicon)
    near = _nearness(ja, en, rows, columns)
    to_en = _estimate(cell, cell_ja, columns, len(en.key), prior_en, len(ja.keys), near)
    to_ja = _estimate(cell, cell_en, rows, len(ja.key), prior_ja, len(en.keys), near)
    # A posterior a token: how its probability spreads over the tokens of the other side.
    forward = _posterior(to_ja[cell] * near, rows, len(ja.key))
    backward = _posterior(to_en[cell] * near, columns, len(en.key))
    # forward: for a Japanese token, over English ones (who explains it); backward likewise.
    return WordLinks(rows, columns, forward, backward, bounds)


def verbality(ja: TokenStream, en: TokenStream, links: WordLinks) -> Floats:
    """Return for each English key how far it translates verbs, from 0 to 1: the part of its links that go to them."""
    key = en.key[links.en]
    verb = (ja.flags[links.ja] & PREDICATE) > 0
    total = np.bincount(key, links.to_ja, len(en.keys))
    result: Floats = (np.bincount(key[verb], links.to_ja[verb], len(en.keys)) / (total + 0.5)).astype(np.float32)
    return result


def _grid(ja: TokenStream, en: TokenStream) -> tuple[Ints, Ints, Ints]:
    """Return every pair of content tokens of one unit, sorted by unit, and the bounds of units."""
    ja_places, ja_starts = _content(ja)
    en_places, en_starts = _content(en)
    m, n = np.diff(ja_starts), np.diff(en_starts)
    sizes = m * n
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    unit = np.repeat(np.arange(len(m)), sizes)
    within = np.arange(int(bounds[-1])) - bounds[unit]
    width = n[unit]
    rows = ja_places[ja_starts[unit] + within // np.maximum(width, 1)]
    columns = en_places[en_starts[unit] + within % np.maximum(width, 1)]
    return rows, columns, bounds


def _nearness(ja: TokenStream, en: TokenStream, rows: Ints, columns: Ints) -> Floats:
    """Return for each pair of tokens how near they lie to the diagonal of their unit, at most 1."""
    sizes_ja, sizes_en = np.diff(ja.starts), np.diff(en.starts)
    unit = ja.unit[rows]
    left = (rows - ja.starts[unit] + 0.5) / sizes_ja[unit]
    right = (columns - en.starts[unit] + 0.5) / sizes_en[unit]
    result: Floats = np.exp(-_DIAGONAL * np.abs(left - right)).astype(np.float32)
    return result


def _priors(ja: TokenStream, en: TokenStream, cell_ja: Ints, cell_en: Ints, lexicon: Lexicon) -> tuple[Floats, Floats]:
    """Return what the tables say of each cell: as p(en | ja) and as p(ja | en)."""
    shape = (len(ja.keys), len(en.keys))
    order = cell_ja * shape[1] + cell_en
    ja_hash, en_hash = word_hashes(ja.keys), word_hashes(en.keys)
    to_en = np.full(len(order), _UNSEEN, dtype=np.float32)
    to_ja = np.full(len(order), _UNSEEN, dtype=np.float32)
    british = word_hashes([_british(key) for key in en.keys])
    for spelt in (en_hash, british):
        row, column, weight, _ = lexicon.links(ja_hash, spelt)
        _raise(to_en, order, row * shape[1] + column, weight * _DICTIONARY)
        _raise(to_ja, order, row * shape[1] + column, weight * _DICTIONARY)
        row, column, p, q = lexicon.probabilities(ja_hash, spelt)
        _raise(to_en, order, row * shape[1] + column, p * _BACKGROUND)
        _raise(to_ja, order, row * shape[1] + column, q * _BACKGROUND)
    same = {key: k for k, key in enumerate(en.keys)}
    equal = np.array([(k, same[key]) for k, key in enumerate(ja.keys) if key.isascii() and key in same], dtype=np.int64)
    if len(equal):
        _raise(to_en, order, equal[:, 0] * shape[1] + equal[:, 1], np.ones(len(equal), dtype=np.float32))
        _raise(to_ja, order, equal[:, 0] * shape[1] + equal[:, 1], np.ones(len(equal), dtype=np.float32))
    return to_en, to_ja


_BRITISH = (
    (re.compile(r"iz$"), "is"),
    (re.compile(r"(?<=[a-z]{2})or$"), "our"),
    (re.compile(r"^(def|off)ens"), r"\1enc"),
)


def _british(key: str) -> str:
    """Return the British spelling of a stem: the tables hold either."""
    for pattern, spelling in _BRITISH:
        key = pattern.sub(spelling, key)
    return key


def _raise(values: Floats, order: Ints, cells: Ints, weights: Floats) -> None:
    """Raise the values at some cells to at least the weights; cells that never meet in a unit are passed over."""
    place = np.searchsorted(order, cells)
    place[place == len(order)] = 0
    keep = order[place] == cells
    np.maximum.at(values, place[keep], weights[keep].astype(np.float32))


def _estimate(cell: Ints, given: Ints, explained: Ints, tokens: int, prior: Floats, size: int, near: Floats) -> Floats:
    """Return p(explained | given) a cell. `explained` is the token each grid entry explains."""
    table = prior / np.bincount(given, prior, size)[given]
    pseudo = prior * _PRIOR
    for _ in range(_ROUNDS):
        share = table[cell] * near
        share = share / (np.bincount(explained, share, tokens)[explained] + 1e-9)
        count = np.bincount(cell, share, len(given)) + pseudo
        table = count / (np.bincount(given, count, size)[given] + _NOTHING)
    result: Floats = table.astype(np.float32)
    return result


def _posterior(weight: Floats, token: Ints, tokens: int) -> Floats:
    total = np.bincount(token, weight, tokens) + _UNLINKED
    result: Floats = (weight / total[token]).astype(np.float32)
    return result
