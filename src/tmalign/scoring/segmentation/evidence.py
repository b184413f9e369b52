"""What speaks for a piece of the hypothesis being the translation that a reference segment is of the same source."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tmalign.scoring.segmentation import boundaries as edges
from tmalign.scoring.segmentation.boundaries import boundaries, kinds
from tmalign.text.width import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tmalign.scoring.segmentation.boundaries import Boundaries
    from tmalign.scoring.segmentation.lattice import Candidates
    from tmalign.scoring.segmentation.tokens import Material
    from tmalign.scoring.segmentation.weights import Weights

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Counted = tuple[Ints, Ints]
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]

# Counts are clipped as BLEU's are: a word counts as often as both sides have it.
PIECE_FEATURES: Final = (
    "shared words",
    "shared words by rarity",
    "shared pairs",
    "shared triples",
    "overlap of words",  # Dice: twice the shared over the sum of both sides
    "overlap of pairs",
    "words not in the reference",
    "reference words not found",
    "length ratio squared",  # natural log of piece over reference, after the ratio of the whole texts
    "length ratio",  # its absolute value
    "too long",  # where above 0
    "same first word",
    "same first two words",
    "same last token",
    "same last two tokens",
    "same stop",
    "no stop on either side",
    "brackets and quotes left open",
    "likely ends inside",  # of segments, expected number by the boundaries
    "likely ends inside, unlike the reference",
    "no text",
    "no text, reference length",  # log of one more than its tokens
    "coarse",  # log posterior of the end in the coarse lattice
)
FEATURES: Final = (*PIECE_FEATURES, *edges.FEATURES)

_STOP, _PAUSE, _OPENING, _CLOSING, _QUOTE = range(5)
_TAIL: Final = 6  # characters of a text's end that its stop is read from
_BATCH: Final = 4096  # n-grams counted at once, so that one endless segment does not take all memory


class Pieces(NamedTuple):
    """All pieces of one segment from one of `begins` to one of `ends`, which rise; `coarse` is of each end."""

    segment: int
    begins: Ints
    ends: Ints
    coarse: Floats


def between(candidates: Candidates) -> list[Pieces]:
    """Return the pieces of every segment between the candidates of its two boundaries."""
    sides = zip(pairwise(candidates.places), candidates.log_probability[1:], strict=True)
    return [Pieces(i, begins, ends, coarse) for i, ((begins, ends), coarse) in enumerate(sides)]


class Evidence:
    """The features of all candidate pieces of a text, segment by segment."""

    def __init__(self, material: Material, positions: Boundaries, weights: Weights) -> None:
        """Prepare what is summed once."""
        self.material = material
        self.positions = positions
        self._counted: dict[int, tuple[Counted, ...]] = {}
        likely = np.logaddexp(0.0, positions.prior(weights.boundary, weights.bias))
        self.inside = np.concatenate([[0.0], np.cumsum(likely), [0.0]])
        self.depth, self.quotes = _signs(material.text, material.starts)
        self.ratio = (len(material) + 1) / (sum(map(len, material.references)) + 1)
        self.reference_depth, self.reference_quotes, self.reference_inside = _references(material, weights)
        self.stop, self.reference_stop = _stops(material, positions)

    def pieces(self, candidates: Candidates) -> Iterator[tuple[Floats, Ints]]:
        """Yield for each segment (features, length): arrays [begin, end, feature] and [begin, end].

        `begin` and `end` index the candidates of the boundary before and after the segment; a negative length is no
        piece at all.
        """
        for pieces in between(candidates):
            yield self.rows(pieces)

    def rows(self, pieces: Pieces) -> tuple[Floats, Ints]:
        """Return features and lengths of the pieces of one segment."""
        segment, begins, ends, coarse = pieces
        length = ends[None, :] - begins[:, None]
        rows = np.zeros((*length.shape, len(FEATURES)))
        some = length > 0
        self._shared(rows, segment, begins, ends, length)
        self._length(rows, segment, length, some)
        self._edges(rows, segment, begins, ends, some)
        self._inner(rows, segment, begins, ends, some)
        rows[:, :, 20] = length == 0
        rows[:, :, 21] = (length == 0) * np.log1p(len(self.material.references[segment]))
        rows[:, :, 22] = coarse
        inner = (ends > 0) & (ends < len(self.material))
        if inner.any():
            rows[:, inner, 23:] = self.positions.features(ends[inner])[None] * some[:, inner, None]
        return rows, length

    def _shared(self, rows: Floats, segment: int, begins: Ints, ends: Ints, length: Ints) -> None:
        reference = self.material.references[segment]
        words, pairs, triples = self._wanted(segment)
        grams = self.material.grams.hypothesis
        common, rare = _clipped(grams[0], words, 1, begins, ends, self.material.rarity)
        rows[:, :, 0] = common
        rows[:, :, 1] = rare
        rows[:, :, 2] = common_pairs = _clipped(grams[1], pairs, 2, begins, ends)[0]
        rows[:, :, 3] = _clipped(grams[2], triples, 3, begins, ends)[0]
        both = length + len(reference)
        rows[:, :, 4] = 2 * common / np.maximum(both, 1)
        rows[:, :, 5] = 2 * common_pairs / np.maximum(both - 2, 1)
        rows[:, :, 6] = np.maximum(length, 0) - common
        rows[:, :, 7] = len(reference) - common

    def _wanted(self, segment: int) -> tuple[Counted, ...]:
        """Return the words, pairs and triples of a reference segment with their counts; kept, as swaps ask again."""
        found = self._counted.get(segment)
        if found is None:
            found = self._counted[segment] = tuple(counted(grams) for grams in self.material.grams.reference(segment))
        return found

    def _length(self, rows: Floats, segment: int, length: Ints, some: Flags) -> None:
        wanted = len(self.material.references[segment]) * self.ratio
        ratio = np.log((np.maximum(length, 0) + 1) / (wanted + 1)) * some
        rows[:, :, 8] = ratio**2
        rows[:, :, 9] = np.abs(ratio)
        rows[:, :, 10] = np.maximum(ratio, 0)

    def _edges(self, rows: Floats, segment: int, begins: Ints, ends: Ints, some: Flags) -> None:
        reference, words = self.material.references[segment], self.material.words
        if not len(reference):
            return
        first = _at(words, begins) == reference[0]
        last = _at(words, ends - 1) == reference[-1]
        rows[:, :, 11] = first[:, None] & some
        rows[:, :, 13] = last[None, :] & some
        if len(reference) > 1:
            rows[:, :, 12] = (first & (_at(words, begins + 1) == reference[1]))[:, None] & some
            rows[:, :, 14] = (last & (_at(words, ends - 2) == reference[-2]))[None, :] & some
        stop = self.reference_stop[segment]
        rows[:, :, 15 if stop else 16] = (self.stop[ends] == stop)[None, :] & some

    def _inner(self, rows: Floats, segment: int, begins: Ints, ends: Ints, some: Flags) -> None:
        depth, odd = self.reference_depth[segment], self.reference_quotes[segment] % 2
        open_here = self.depth[ends][None, :] - self.depth[begins][:, None]
        quotes = (self.quotes[ends][None, :] - self.quotes[begins][:, None]) % 2
        rows[:, :, 17] = np.abs(open_here - depth) + (quotes != odd)
        likely = (self.inside[np.maximum(ends - 1, 0)][None, :] - self.inside[begins][:, None]) * some
        rows[:, :, 18] = likely
        rows[:, :, 19] = np.abs(likely - self.reference_inside[segment]) * some


@lru_cache(maxsize=4096)
def _stop(tail: str) -> str:
    """Return the stop a text ends in, closing marks aside, in one width; empty where there is none."""
    bare = tail.rstrip()
    while bare and edges.kind(bare[-1]) in (_CLOSING, _QUOTE):
        bare = bare[:-1]
    return normalise(bare[-1]) if bare and edges.kind(bare[-1]) == _STOP else ""


def _stops(material: Material, positions: Boundaries) -> tuple[Ints, Ints]:
    """Return the stop in front of every position and at the end of every reference, as a number; 0 for none."""
    numbers = {"": 0}

    def number(tail: str) -> int:
        return numbers.setdefault(_stop(tail), len(numbers))

    found = np.zeros(len(material) + 1, dtype=np.int64)
    marked = np.flatnonzero(np.isin(positions.before, edges.MAY_STOP)) + 1
    for position in (*marked.tolist(), len(material)):
        at = int(material.ends[position - 1])
        found[position] = number(material.text[max(0, at - _TAIL) : at])
    theirs = [number(text.rstrip()[-_TAIL:]) for text in material.reference_texts]
    return found, np.array(theirs, dtype=np.int64)


def _signs(text: str, starts: Ints) -> tuple[Ints, Ints]:
    """Return, summed up to each token, how deep brackets are open and how many straight quotes there were."""
    signs = kinds(text)[starts]
    depth = (signs == _OPENING).astype(np.int64) - (signs == _CLOSING)
    quotes = np.zeros(len(starts), dtype=np.int64)
    for at in np.flatnonzero(signs == _QUOTE).tolist():
        quotes[at] = text[int(starts[at])] == '"'
    return _sums(depth), _sums(quotes)


def _references(material: Material, weights: Weights) -> tuple[Ints, Ints, Floats]:
    """Return of each reference the depth left open, its straight quotes, and the ends expected inside it."""
    text, starts, ends = material.joined, material.joined_starts, material.joined_ends
    first = np.cumsum([0, *map(len, material.references)])
    depth, quotes = _signs(text, starts)
    likely = boundaries(text, starts, ends, material.language).prior(weights.boundary, weights.bias)
    # A sum up to each position; those between two references (first[1:-1]) belong to neither.
    inside = np.concatenate([[0.0], np.cumsum(np.logaddexp(0.0, likely)), [0.0]])[: len(starts) + 1]
    last = np.maximum(first[1:] - 1, first[:-1])
    return np.diff(depth[first]), np.diff(quotes[first]), inside[last] - inside[first[:-1]]


def _sums(values: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(values)])


def _at(words: Ints, places: Ints) -> Ints:
    """Return the words at places, -1 outside the text."""
    inside = (places >= 0) & (places < len(words))
    return np.where(inside, words[np.where(inside, places, 0)], -1) if len(words) else np.full(len(places), -1)


def counted(numbers: Ints) -> Counted:
    """Return the distinct numbers, rising, and how often each stands there. A third of what np.unique takes for few."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered) + 1, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:-1])
    at = np.flatnonzero(first)
    return ordered[at[:-1]], at[1:] - at[:-1]


def _clipped(
    grams: Ints, wanted: Counted, order: int, begins: Ints, ends: Ints, rarity: Floats | None = None
) -> tuple[Ints, Floats]:
    """Count the n-grams of the reference in every piece [begin, end], none more often than the reference has it.

    Returns the counts, and the same weighted by `rarity` of the n-gram's number.
    """
    count = np.zeros((len(begins), len(ends)), dtype=np.int64)
    weighted = np.zeros(count.shape)
    distinct, most = wanted
    # An n-gram belongs to a piece if it starts in it, early enough.
    until = np.maximum(ends - order + 1, begins[0])
    points = counted(np.concatenate([begins, until]))[0]
    here = grams[points[0] : points[-1]]
    if not len(distinct) or not len(here):
        return count, weighted
    at = np.searchsorted(distinct, here)
    at[at == len(distinct)] = 0
    known = np.flatnonzero(distinct[at] == here)
    interval = np.searchsorted(points, known + points[0], side="right")
    width = len(points) + 1
    seen = np.bincount(at[known] * width + interval, minlength=len(distinct) * width).reshape(-1, width)
    np.cumsum(seen, axis=1, out=seen)
    to, since = np.searchsorted(points, until), np.searchsorted(points, begins)
    for some in range(0, len(distinct), _BATCH):
        rows = seen[some : some + _BATCH]
        found = np.maximum(rows[:, None, to] - rows[:, since, None], 0)
        np.minimum(found, most[some : some + _BATCH, None, None], out=found)
        count += found.sum(axis=0)
        if rarity is not None:
            weighted += np.tensordot(rarity[distinct[some : some + _BATCH]], found, 1)
    return count, weighted
