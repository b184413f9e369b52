"""Everything known of one pair of documents before beads are scored: lengths, words, links between them, structure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tmalign.align.association import linked, with_bitext
from tmalign.align.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.align.association import Associations
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.structure import Structure
    from tmalign.align.units import Units
    from tmalign.align.vocabulary import Vocabulary

    Array = np.ndarray[Any, np.dtype[np.float32]]

_EXPECTED_RATIO = 2.4  # English characters for one Japanese


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over the whole of a text, however many windows it is aligned in: words, and lengths."""

    ja: Vocabulary
    en: Vocabulary
    ratio: float  # English characters for one Japanese

    @staticmethod
    def of(ja: Sequence[Units], en: Sequence[Units]) -> Statistics:
        """Count both sides."""
        ja_lengths, en_lengths = sum(s.length for s in ja), sum(s.length for s in en)
        ratio = (en_lengths + _EXPECTED_RATIO * 50) / (ja_lengths + 50)
        if abs(math.log(ratio / _EXPECTED_RATIO)) > 0.5:
            ratio = (ratio + _EXPECTED_RATIO) / 2
        return Statistics(vocabulary(ja), vocabulary(en), ratio)

    def shares(self, ja: Vocabulary, en: Vocabulary) -> tuple[Array, Array]:
        """Return the smoothed share of each unit of two vocabularies among all words of its side."""
        return (
            _share(self.ja, ja, int(self.ja.words.sum()) + 1),
            _share(self.en, en, int(self.en.words.sum())),
        )


def _share(whole: Vocabulary, part: Vocabulary, total: int) -> Array:
    width = max(1, len(whole.index))
    counts = np.bincount(whole.column, minlength=width).astype(np.float32)
    if part is not whole:
        counts = counts[[whole.index[unit] for unit in part.index] or [0]]
    return (counts + np.float32(0.5)) / np.float32(total + 0.5 * width)


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
    known: Associations | None = None  # what `associations` were made from, before bitext of these texts
    layout: list[Any] = field(default_factory=list)  # what the kernel keeps of both sides, whatever is learned

    @property
    def size(self) -> tuple[int, int]:
        """Return the number of segments on either side."""
        return len(self.ja_lengths), len(self.en_lengths)

    def relearned(self, lexicon: Lexicon) -> DocumentEvidence:
        """Return the same evidence with what another lexicon has learned from bitext; its dictionary is the same."""
        if self.known is None:
            raise ValueError("evidence that was not gathered from units cannot be learned anew")
        return replace(self, associations=with_bitext(self.known, self.ja, self.en, lexicon))


def gather(
    ja: Sequence[Units],
    en: Sequence[Units],
    lexicon: Lexicon,
    structure: Structure | None = None,
    statistics: Statistics | None = None,
) -> DocumentEvidence:
    """Collect the evidence of one pair of documents; `statistics` are those of the whole where this is a window."""
    whole = statistics or Statistics.of(ja, en)
    ja_vocabulary = whole.ja if whole.ja.segments == len(ja) else vocabulary(ja)
    en_vocabulary = whole.en if whole.en.segments == len(en) else vocabulary(en)
    known = linked(ja_vocabulary, en_vocabulary, lexicon)
    return DocumentEvidence(
        np.array([s.length for s in ja], dtype=np.float32),
        np.array([s.length for s in en], dtype=np.float32),
        ja_vocabulary,
        en_vocabulary,
        with_bitext(known, ja_vocabulary, en_vocabulary, lexicon),
        whole,
        ja_vocabulary.names.flag,
        en_vocabulary.names.flag,
        structure,
        known,
    )
