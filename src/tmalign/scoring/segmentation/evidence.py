"""What speaks for a piece of the hypothesis being the translation that a reference segment is of the same source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.scoring.segmentation import boundaries as edges
from tmalign.scoring.segmentation.boundaries import Kinds, boundaries
from tmalign.scoring.segmentation.tokens import spans
from tmalign.text.width import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tmalign.model import Language
    from tmalign.scoring.segmentation.boundaries import Boundaries
    from tmalign.scoring.segmentation.lattice import Candidates
    from tmalign.scoring.segmentation.tokens import Material

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

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
_TAIL = 6  # characters of a text's end that its stop is read from


class Evidence:
    """The features of all candidate pieces of a text, segment by segment."""

    def __init__(self, material: Material, positions: Boundaries, prior: Floats, ends: Ends) -> None:
        """Prepare what is summed once: `prior` has the log odds of a cut at each inner position."""
        self.material = material
        self.positions = positions
        self.ends = ends
        words, size = material.words, material.size
        pairs = words[:-1] * size + words[1:]
        self.grams = (words, pairs, pairs[:-1] * size + words[2:])
        self.inside = np.concatenate([[0.0], np.cumsum(np.logaddexp(0.0, prior)), [0.0]])
        kinds = np.array(Kinds()("".join([material.text[at] for at in material.starts.tolist()])), dtype=np.int64)
        self.depth = _sums((kinds == _OPENING).astype(np.int64) - (kinds == _CLOSING))
        self.quotes = _sums(np.array([material.text[at] == '"' for at in material.starts.tolist()], dtype=np.int64))
        self.ratio = (len(material) + 1) / (sum(map(len, material.references)) + 1)

    def pieces(self, candidates: Candidates) -> Iterator[tuple[Floats, Ints]]:
        """Yield for each segment (features, length): arrays [begin, end, feature] and [begin, end].

        `begin` and `end` index the candidates of the boundary before and after the segment; a negative length is no
        piece at all.
        """
        for i in range(len(self.material.references)):
            yield self.piece(i, candidates.places[i], candidates.places[i + 1], candidates.log_probability[i + 1])

    def piece(self, segment: int, begins: Ints, ends: Ints, coarse: Floats) -> tuple[Floats, Ints]:
        """Return features and lengths of all pieces of one segment from one of `begins` to one of `ends`."""
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
        reference, size = self.material.references[segment], self.material.size
        pairs = reference[:-1] * size + reference[1:]
        triples = pairs[:-1] * size + reference[2:]
        words, found = _clipped(self.grams[0], reference, 1, begins, ends)
        rows[:, :, 0] = common = found.sum(axis=0)
        rows[:, :, 1] = np.tensordot(self.material.rarity[words], found, 1)
        rows[:, :, 2] = common_pairs = _clipped(self.grams[1], pairs, 2, begins, ends)[1].sum(axis=0)
        rows[:, :, 3] = _clipped(self.grams[2], triples, 3, begins, ends)[1].sum(axis=0)
        both = length + len(reference)
        rows[:, :, 4] = 2 * common / np.maximum(both, 1)
        rows[:, :, 5] = 2 * common_pairs / np.maximum(both - 2, 1)
        rows[:, :, 6] = np.maximum(length, 0) - common
        rows[:, :, 7] = len(reference) - common

    def _length(self, rows: Floats, segment: int, length: Ints, some: Ints) -> None:
        wanted = len(self.material.references[segment]) * self.ratio
        ratio = np.log((np.maximum(length, 0) + 1) / (wanted + 1)) * some
        rows[:, :, 8] = ratio**2
        rows[:, :, 9] = np.abs(ratio)
        rows[:, :, 10] = np.maximum(ratio, 0)

    def _edges(self, rows: Floats, segment: int, begins: Ints, ends: Ints, some: Ints) -> None:
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
        stop = self.ends.stop(self.material.reference_texts[segment])
        same = np.array([self._stop(end) == stop for end in ends.tolist()])[None, :] & some
        rows[:, :, 15 if stop else 16] = same

    def _stop(self, end: int) -> str:
        at = int(self.material.ends[end - 1]) if end else 0
        return self.ends.stop(self.material.text[max(0, at - _TAIL) : at])

    def _inner(self, rows: Floats, segment: int, begins: Ints, ends: Ints, some: Ints) -> None:
        text = self.material.reference_texts[segment]
        depth, odd, inside = self.ends.inner(text, self.material.language)
        open_here = self.depth[ends][None, :] - self.depth[begins][:, None]
        quotes = (self.quotes[ends][None, :] - self.quotes[begins][:, None]) % 2
        rows[:, :, 17] = np.abs(open_here - depth) + (quotes != odd)
        likely = (self.inside[np.maximum(ends - 1, 0)][None, :] - self.inside[begins][:, None]) * some
        rows[:, :, 18] = likely
        rows[:, :, 19] = np.abs(likely - inside) * some


class Ends:
    """What reference segments look like from outside: their last stop, open brackets, likely ends inside."""

    def __init__(self, weights: Mapping[str, float], bias: float) -> None:
        """Keep the weights of boundaries."""
        self._weights = weights
        self._bias = bias
        self._stops: dict[str, str] = {}

    def stop(self, text: str) -> str:
        """Return the stop a text ends in, closing marks aside, in one width; empty where there is none."""
        tail = text[-_TAIL:]
        found = self._stops.get(tail)
        if found is None:
            bare = tail.rstrip()
            while bare and edges.kind(bare[-1]) in (_CLOSING, _QUOTE):
                bare = bare[:-1]
            found = self._stops[tail] = normalise(bare[-1]) if bare and edges.kind(bare[-1]) == _STOP else ""
        return found

    def inner(self, text: str, language: Language) -> tuple[int, int, float]:
        """Return the depth of brackets left open, whether straight quotes are odd, and the likely ends inside."""
        kinds = Kinds()(text)
        likely = boundaries(text, *spans(text), language).prior(self._weights, self._bias)
        depth = kinds.count(_OPENING) - kinds.count(_CLOSING)
        return depth, text.count('"') % 2, float(np.logaddexp(0.0, likely).sum())


def _sums(values: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(values)])


def _at(words: Ints, places: Ints) -> Ints:
    """Return the words at places, -1 outside the text."""
    inside = (places >= 0) & (places < len(words))
    return np.where(inside, words[np.where(inside, places, 0)], -1) if len(words) else np.full(len(places), -1)


def _clipped(grams: Ints, wanted: Ints, order: int, begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Count each n-gram of the reference in every piece, but never more often than the reference has it.

    Returns the distinct n-grams and their counts [n-gram, begin, end].
    """
    kinds, most = np.unique(wanted, return_counts=True)
    low, high = int(begins[0]), max(int(ends[-1]) - order + 1, int(begins[0]))
    here = grams[low:high]
    if not len(kinds) or not len(here):
        return kinds, np.zeros((len(kinds), len(begins), len(ends)), dtype=np.int64)
    at = np.searchsorted(kinds, here)
    at[at == len(kinds)] = 0
    known = np.flatnonzero(kinds[at] == here)
    seen = np.zeros((len(kinds), len(here) + 1), dtype=np.int64)
    seen[at[known], known + 1] = 1
    np.cumsum(seen, axis=1, out=seen)
    to = seen[:, np.clip(ends - order + 1 - low, 0, len(here))]
    since = seen[:, np.clip(begins - low, 0, len(here))]
    return kinds, np.clip(to[:, None, :] - since[:, :, None], 0, most[:, None, None])
