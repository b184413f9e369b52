"""Which word of a unit translates which: a lexicon fitted to the units, and links between the tokens of each.

The fit is IBM model 1 (Brown et al., 1993) in both directions by expectation maximisation, with links that lie off a
unit's diagonal held down (Dyer et al., 2013), started from what the dictionary and the background table say and held
near it: with a handful of units a word has no other evidence. Where units are many, the fit reads an even sample of
them; links are then made a few thousand units at a time, so that memory does not grow with the square of sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.align.tables import word_hashes
from tmalign.terms.tokens import BREAK, CONTENT, NAME, NOUN, PREDICATE
from tmalign.text.names import SIMILAR, similarities
from tmalign.text.words import morphemes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.terms.candidates import TokenStream

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float32]]

_ROUNDS = 5
_PRIOR = 1.0  # how many sightings the dictionary and the background table are worth
_DICTIONARY = 0.6
_COMPOUND = 0.2  # the same for what it says of a compound, given to each word of it
_LONGEST_COMPOUND = 4
_UNSEEN = 0.01  # the prior of a pair of words that no table lists
_NOTHING = 0.15  # how readily a word is left unlinked, in sightings a word
_UNLINKED = 0.1  # the probability that a word comes from nothing on the other side
_DIAGONAL = 1.0  # how fast links lose by lying off the diagonal of their unit
_FITTED = 3_000_000  # pairs of tokens that the fit reads at most
_ALONE = 0.3  # the company of a link whose neighbours are not linked at all
_REACH = 2  # how many words of content on either side keep a link company
_STANDS_AS = 0.8  # what standing as a verb weighs beside translating one
_AT_ONCE = 1_000_000  # pairs of tokens that are linked at a time


@dataclass(frozen=True, slots=True)
class WordLinks:
    """Links of the units from `first` on: a link joins token `ja` with token `en` (places in the streams).

    `to_en` is the probability that the Japanese token is rendered by that English one, `to_ja` the reverse. All pairs
    of content tokens of a unit are there, in rows of Japanese tokens; `bounds[k]:bounds[k + 1]` are those of unit
    `first + k`.
    """

    first: int
    ja: Ints
    en: Ints
    to_en: Floats
    to_ja: Floats
    bounds: Ints


class LinkModel:
    """Word-translation probabilities fitted to the units of two streams."""

    def __init__(self, ja: TokenStream, en: TokenStream, lexicon: Lexicon) -> None:
        """Fit the lexicon to all units, or to an even sample of them."""
        self._ja, self._en = ja, en
        self._sides = _content(ja), _content(en)
        sizes = np.diff(self._sides[0][1]) * np.diff(self._sides[1][1])
        self._ends = np.cumsum(sizes)
        self._priors = _Priors(ja, en, lexicon)
        total = int(self._ends[-1]) if len(sizes) else 0
        step = max(1, -(-total // _FITTED))
        rows, columns, _ = self._grid(np.arange(0, len(sizes), step))
        width = max(1, len(en.keys))
        self._cells, cell = np.unique(ja.key[rows] * width + en.key[columns], return_inverse=True)
        prior_en, prior_ja = self._priors.of(self._cells)
        alike = _alike(self._cells, ja, en)
        prior_en, prior_ja = np.maximum(prior_en, alike), np.maximum(prior_ja, alike)
        near = _nearness(ja, en, rows, columns)
        cell_ja, cell_en = self._cells // width, self._cells % width
        self._to_en = _estimate(cell, cell_ja, columns, len(en.key), prior_en, len(ja.keys), near)
        self._to_ja = _estimate(cell, cell_en, rows, len(ja.key), prior_ja, len(en.keys), near)

    def links(self) -> Iterator[WordLinks]:
        """Yield the links of all units, a part at a time."""
        first, units = 0, len(self._ends)
        while first < units:
            done = int(self._ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(self._ends, done + _AT_ONCE, side="right")))
            yield self._link(first, min(last, units))
            first = last

    def _link(self, first: int, last: int) -> WordLinks:
        """Return the links of units `first` to `last`: how a token's probability spreads over the other side."""
        rows, columns, bounds = self._grid(np.arange(first, last))
        to_en, to_ja = self._look_up(self._ja.key[rows] * max(1, len(self._en.keys)) + self._en.key[columns])
        near = _nearness(self._ja, self._en, rows, columns)
        forward, backward = _posterior(to_ja * near, rows), _posterior(to_en * near, columns)
        near *= _company(np.sqrt(forward * backward), bounds, np.diff(self._sides[1][1])[first:last])
        forward, backward = _posterior(to_ja * near, rows), _posterior(to_en * near, columns)
        return WordLinks(first, rows, columns, forward, backward, bounds)

    def _look_up(self, wanted: Ints) -> tuple[Floats, Floats]:
        """Return both probabilities of pairs of keys; a pair outside the sample has what the tables say of it."""
        if not len(self._cells):
            return self._priors.of(wanted)
        place = np.minimum(np.searchsorted(self._cells, wanted), len(self._cells) - 1)
        to_en, to_ja = self._to_en[place], self._to_ja[place]
        missing = np.flatnonzero(self._cells[place] != wanted)
        if len(missing):
            cells, back = np.unique(wanted[missing], return_inverse=True)
            prior_en, prior_ja = self._priors.of(cells)
            to_en[missing], to_ja[missing] = prior_en[back], prior_ja[back]
        return to_en, to_ja

    def _grid(self, units: Ints) -> tuple[Ints, Ints, Ints]:
        """Return every pair of content tokens of each of these units, and the bounds of units."""
        (ja_places, ja_starts), (en_places, en_starts) = self._sides
        m, n = np.diff(ja_starts)[units], np.diff(en_starts)[units]
        bounds = np.concatenate(([0], np.cumsum(m * n)))
        number = np.repeat(np.arange(len(units)), m * n)
        within = np.arange(int(bounds[-1])) - bounds[number]
        width = np.maximum(n[number], 1)
        unit = units[number]
        return ja_places[ja_starts[unit] + within // width], en_places[en_starts[unit] + within % width], bounds


def _content(tokens: TokenStream) -> tuple[Ints, Ints]:
    """Return the places of content tokens, and where each unit's begin among them."""
    places = np.flatnonzero((tokens.flags & CONTENT) > 0)
    return places, np.searchsorted(places, tokens.starts)


def _nearness(ja: TokenStream, en: TokenStream, rows: Ints, columns: Ints) -> Floats:
    """Return for each pair of tokens how near they lie to the diagonal of their unit, at most 1."""
    sizes_ja, sizes_en = np.diff(ja.starts), np.diff(en.starts)
    unit = ja.unit[rows]
    left = (rows - ja.starts[unit] + 0.5) / sizes_ja[unit]
    right = (columns - en.starts[unit] + 0.5) / sizes_en[unit]
    result: Floats = np.exp(-_DIAGONAL * np.abs(left - right)).astype(np.float32)
    return result


def _alike(cells: Ints, ja: TokenStream, en: TokenStream) -> Floats:
    """Return how alike two names sound, 0 for cells of other words."""
    answer = np.zeros(len(cells), dtype=np.float32)
    width = max(1, len(en.keys))
    name_ja, name_en = (
        2 * np.bincount(side.key, (side.flags & NAME) > 0, len(side.keys))
        > np.bincount(side.key, minlength=len(side.keys))
        for side in (ja, en)
    )
    left, right = cells // width, cells % width
    wanted = np.flatnonzero(name_ja[left] & name_en[right])
    if not len(wanted):
        return answer
    starts = np.flatnonzero(np.diff(left[wanted], prepend=-1))
    for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(wanted)], strict=True):
        places = wanted[begin:end]
        reading = "".join(m.reading for m in morphemes(ja.keys[int(left[places[0]])]))
        found = similarities([reading], [en.keys[k] for k in right[places].tolist()])[0]
        answer[places] = np.where(found >= SIMILAR, found, 0)
    return answer


class _Priors:
    """What the dictionary, the background table and equal spelling say of pairs of keys."""

    def __init__(self, ja: TokenStream, en: TokenStream, lexicon: Lexicon) -> None:
        """Look all keys up once."""
        width = max(1, len(en.keys))
        ja_hash, en_hash = word_hashes(ja.keys), word_hashes(en.keys)
        compounds, parts = _compounds(ja)
        compound_hash = word_hashes(compounds)
        cells, forward, backward = [], [], []
        for spelt in (en_hash, word_hashes([_british(key) for key in en.keys])):
            row, column, weight, _ = lexicon.links(ja_hash, spelt)
            cells.append(row * width + column)
            forward.append(weight * _DICTIONARY)
            backward.append(weight * _DICTIONARY)
            row, column, p, q = lexicon.probabilities(ja_hash, spelt)
            cells.append(row * width + column)
            forward.append(p)
            backward.append(q)
            row, column, weight, _ = lexicon.links(compound_hash, spelt)
            for part in range(_LONGEST_COMPOUND):
                held = parts[row, part] >= 0
                cells.append(parts[row[held], part] * width + column[held])
                forward.append(weight[held] * _COMPOUND)
                backward.append(weight[held] * _COMPOUND)
        same = {key: k for k, key in enumerate(en.keys)}
        equal = [k * width + same[key] for k, key in enumerate(ja.keys) if key.isascii() and key in same]
        cells.append(np.array(equal, dtype=np.int64))
        forward.append(np.ones(len(equal), dtype=np.float32))
        backward.append(np.ones(len(equal), dtype=np.float32))
        every = np.concatenate(cells)
        self._cells, back = np.unique(every, return_inverse=True)
        self._values = np.zeros((2, len(self._cells)), dtype=np.float32)
        np.maximum.at(self._values[0], back, np.concatenate(forward).astype(np.float32))
        np.maximum.at(self._values[1], back, np.concatenate(backward).astype(np.float32))

    def of(self, cells: Ints) -> tuple[Floats, Floats]:
        """Return p(en | ja) and p(ja | en) as far as the tables tell, at least a small number."""
        to_en = np.full(len(cells), _UNSEEN, dtype=np.float32)
        to_ja = np.full(len(cells), _UNSEEN, dtype=np.float32)
        if len(self._cells):
            place = np.minimum(np.searchsorted(self._cells, cells), len(self._cells) - 1)
            listed = self._cells[place] == cells
            to_en[listed] = np.maximum(self._values[0, place[listed]], _UNSEEN)
            to_ja[listed] = np.maximum(self._values[1, place[listed]], _UNSEEN)
        return to_en, to_ja


def _compounds(ja: TokenStream) -> tuple[list[str], Ints]:
    """Return the runs of two to four nouns as words, and the keys of their parts, -1 where there are fewer."""
    noun = (ja.flags & NOUN) > 0
    found: dict[tuple[int, ...], None] = {}
    keys = ja.key.tolist()
    together = noun[1:] & noun[:-1] & (ja.unit[1:] == ja.unit[:-1]) & ((ja.flags[1:] & BREAK) == 0)
    reach = together.tolist()
    for begin in np.flatnonzero(together).tolist():
        end = begin + 1
        while end - begin < _LONGEST_COMPOUND and end - 1 < len(reach) and reach[end - 1]:
            end += 1
            found[tuple(keys[begin:end])] = None
    words = ["".join(ja.keys[k] for k in run) for run in found]
    parts = np.full((len(found), _LONGEST_COMPOUND), -1, dtype=np.int64)
    for row, run in enumerate(found):
        parts[row, : len(run)] = run
    return words, parts


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


def _estimate(cell: Ints, given: Ints, explained: Ints, tokens: int, prior: Floats, size: int, near: Floats) -> Floats:
    """Return p(explained | given) a cell. `explained` is the token each entry of the grid explains."""
    table = prior / np.bincount(given, prior, size)[given]
    pseudo = prior * _PRIOR
    for _ in range(_ROUNDS):
        share = table[cell] * near
        share = share / (np.bincount(explained, share, tokens)[explained] + 1e-9)
        count = np.bincount(cell, share, len(given)) + pseudo
        table = count / (np.bincount(given, count, size)[given] + _NOTHING)
    result: Floats = table.astype(np.float32)
    return result


def _posterior(weight: Floats, token: Ints) -> Floats:
    """Return the part of each token's probability that a link has, some of it left for no link at all."""
    if not len(token):
        return weight
    origin = int(token.min())
    total = np.bincount(token - origin, weight) + _UNLINKED
    result: Floats = (weight / total[token - origin]).astype(np.float32)
    return result


def _company(mass: Floats, bounds: Ints, widths: Ints) -> Floats:
    """Return for each pair of tokens how well the words around the two are linked to each other.

    Which of several equal words a word translates is told by its neighbours: 外務大臣 goes with the `Minister` beside
    `Foreign Affairs`. `mass` is that of all pairs, `widths` how many English tokens each unit has.
    """
    sizes = np.diff(bounds)
    width = np.repeat(widths, sizes)
    begin = np.repeat(bounds[:-1], sizes)
    end = np.repeat(bounds[1:], sizes)
    place = np.arange(len(mass))
    column = (place - begin) % np.maximum(width, 1)
    total = np.full(len(mass), _ALONE, dtype=np.float32)
    for down in range(-_REACH, _REACH + 1):
        for right in range(-_REACH, _REACH + 1):
            if not down or not right:
                continue
            other = place + down * width + right
            good = (other >= begin) & (other < end) & (column + right >= 0) & (column + right < width)
            total[good] += mass[other[good]] / max(abs(down), abs(right))
    return total


class Verbality:
    """How far English keys are verbs: the part of their links that goes to verbs, counted part by part, or of uses."""

    def __init__(self, ja: TokenStream, en: TokenStream) -> None:
        """Begin with nothing."""
        self._ja, self._en = ja, en
        self._all = np.zeros(len(en.keys))
        self._verbs = np.zeros(len(en.keys))

    def add(self, links: WordLinks) -> None:
        """Count the links of some units."""
        key = self._en.key[links.en]
        verb = (self._ja.flags[links.ja] & PREDICATE) > 0
        self._all += np.bincount(key, links.to_ja, len(self._all))
        self._verbs += np.bincount(key[verb], links.to_ja[verb], len(self._all))

    def above(self, least: float) -> frozenset[int]:
        """Return the keys that go to verbs, or stand as verbs, so often."""
        en = self._en
        uses = np.bincount(en.key, minlength=len(en.keys))
        as_verb = np.bincount(en.key, (en.flags & PREDICATE) > 0, len(en.keys))
        share = np.maximum(self._verbs / (self._all + 0.5), _STANDS_AS * as_verb / (uses + 0.5))
        return frozenset(np.flatnonzero(share > least).tolist())
