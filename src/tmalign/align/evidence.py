"""Everything known of one pair of documents before beads are scored: lengths, words, links between them, structure."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from tmalign.align.association import linked, vocabulary, with_bitext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.align.association import Associations, Links, Vocabulary
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.structure import Structure
    from tmalign.align.units import Units

    Array = np.ndarray[Any, np.dtype[np.float32]]

_EXPECTED_RATIO = 2.4  # English characters for one Japanese


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over the whole of a text, however many windows it is aligned in: words, and lengths."""

    ja: Counter[str]
    en: Counter[str]
    ja_words: int
    en_words: int
    ratio: float  # English characters for one Japanese

    @staticmethod
    def of(ja: Sequence[Units], en: Sequence[Units]) -> Statistics:
        """Count both sides."""
        ja_lengths, en_lengths = sum(s.length for s in ja), sum(s.length for s in en)
        ratio = (en_lengths + _EXPECTED_RATIO * 50) / (ja_lengths + 50)
        if abs(math.log(ratio / _EXPECTED_RATIO)) > 0.5:
            ratio = (ratio + _EXPECTED_RATIO) / 2
        ja_words = Counter(chain.from_iterable(s.words for s in ja))
        total = ja_words.total()
        ja_words.update(chain.from_iterable(s.compounds for s in ja))
        en_words = Counter(chain.from_iterable(s.words for s in en))
        return Statistics(ja_words, en_words, total, en_words.total(), ratio)

    def shares(self, ja: Vocabulary, en: Vocabulary) -> tuple[Array, Array]:
        """Return the smoothed share of each unit of two vocabularies among all words of its side."""
        return (
            _share(self.ja, ja.index, self.ja_words + 1),
            _share(self.en, en.index, self.en_words),
        )


def _share(counter: Counter[str], units: Iterable[str], total: int) -> Array:
    counts = np.array([counter[unit] for unit in units] or [0], dtype=np.float32)
    return (counts + np.float32(0.5)) / np.float32(total + 0.5 * max(1, len(counter)))


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """Everything known of one pair of documents, or of a window of it, before beads are scored."""

    ja_lengths: Array
    en_lengths: Array
    ja: Vocabulary
    en: Vocabulary
    associations: Associations
    statistics: Statistics
    ja_names: Array
    en_names: Array
    structure: Structure | None = None
    links: Links | None = None  # what `associations` were made from, before bitext
    layout: list[Any] = field(default_factory=list)  # what the kernel keeps of both sides, whatever is learned

    @property
    def size(self) -> tuple[int, int]:
        """Return the number of segments on either side."""
        return len(self.ja_lengths), len(self.en_lengths)

    def relearned(self, lexicon: Lexicon) -> DocumentEvidence:
        """Return the same evidence with what another lexicon has learned from bitext; its dictionary is the same."""
        if self.links is None:
            raise ValueError("evidence that was not gathered from units cannot be learned anew")
        return replace(self, associations=with_bitext(self.links, self.ja, self.en, lexicon))


def gather(
    ja: Sequence[Units],
    en: Sequence[Units],
    lexicon: Lexicon,
    structure: Structure | None = None,
    statistics: Statistics | None = None,
) -> DocumentEvidence:
    """Collect the evidence of one pair of documents; `statistics` are those of the whole where this is a window."""
    ja_vocabulary, en_vocabulary = vocabulary(ja), vocabulary(en)
    links = linked(ja_vocabulary, en_vocabulary, ja, en, lexicon)
    return DocumentEvidence(
        np.array([s.length for s in ja], dtype=np.float32),
        np.array([s.length for s in en], dtype=np.float32),
        ja_vocabulary,
        en_vocabulary,
        with_bitext(links, ja_vocabulary, en_vocabulary, lexicon),
        statistics or Statistics.of(ja, en),
        _flags(ja_vocabulary, {name.unit for s in ja for name in s.names}),
        _flags(en_vocabulary, {stem for s in en for stem, word, capital in s.capitals[1:] if capital}),
        structure,
        links,
    )


def _flags(vocabulary: Vocabulary, units: set[str]) -> Array:
    return np.array([unit in units for unit in vocabulary.index] or [False], dtype=np.float32)
