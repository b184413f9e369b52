"""A pair of documents ready to be scored: segments glued, reduced to units, cut into windows where they are long."""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import TYPE_CHECKING

from tmalign.align.bitext import learnable
from tmalign.align.constraints import Constraints
from tmalign.align.evidence import Statistics, gather
from tmalign.align.features import BeadFeatures
from tmalign.align.structure import read_structure
from tmalign.align.units import analysed, english_units, open_analysis, units_of
from tmalign.align.vectors import add_margins
from tmalign.align.windows import windows
from tmalign.model import Segment, WordPair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from concurrent.futures import Executor, Future

    from tmalign.align.evidence import DocumentEvidence
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.units import Analysed, Units
    from tmalign.align.vectors import Array, Encoder
    from tmalign.align.windows import Window

_HAS_WORD = re.compile(r"[^\W_]")
# Where one sentence ends and another begins inside a segment: roughly, for it is only counted.
_JA_BREAK = re.compile(r"[。．！？!?](?=[^。．！？!?」』）)\"”’\s])")
_EN_BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
# Documents of sentences have up to 1.25 of them a segment by this count, in 99 of 100 cases up to 1.21 (news and
# releases); of documents in paragraphs of 1 to 10 sentences 19 of 20 have more than 1.26.
_SENTENCES, _PARAGRAPHS = 1.25, 1.6
_SURE = 0.5  # beads less probable than this teach nothing


def glue(segments: Sequence[Segment], cuts: Collection[int] = ()) -> list[list[int]]:
    """Group segments without a letter or digit (a bracket, a row of stars) with the one before; at the top, after.

    Nothing is glued over `cuts`, the numbers of segments before which a person's decision begins or ends.
    """
    groups: list[list[int]] = []
    leading: list[int] = []
    closed = 0  # groups that end before the last cut
    for i, segment in enumerate(segments):
        if i in cuts:
            if leading:
                groups.append(leading)
                leading = []
            closed = len(groups)
        if _HAS_WORD.search(segment.text):
            groups.append([*leading, i])
            leading = []
        elif len(groups) > closed:
            groups[-1].append(i)
        else:
            leading.append(i)
    if leading:
        groups.append(leading)
    return groups


def _joined(segments: Sequence[Segment], groups: list[list[int]], between: str) -> list[Segment]:
    joined = []
    for group in groups:
        first = segments[group[0]]
        if len(group) == 1:
            joined.append(first)
        else:
            text = between.join(segments[i].text for i in group)
            joined.append(Segment(text, first.kind, first.marker, first.block))
    return joined


class Prepared:
    """A pair of documents ready to be scored: glued segments and their units, cut into windows where they are long.

    Segments are glued at once; all else is worked out when it is asked for.
    """

    def __init__(
        self,
        ja: Sequence[Segment],
        en: Sequence[Segment],
        lexicon: Lexicon,
        constraints: Constraints | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Glue both sides."""
        constraints = constraints or Constraints()
        self.ja_groups, self.en_groups = glue(ja, constraints.cuts(0)), glue(en, constraints.cuts(1))
        self.constraints = constraints.glued(self.ja_groups, self.en_groups)
        self.ja = _joined(ja, self.ja_groups, "")
        self.en = _joined(en, self.en_groups, " ")
        self._lexicon = lexicon
        self._encoder = encoder
        self._evidence: dict[Window, tuple[DocumentEvidence, Lexicon]] = {}
        self._ahead: Future[list[Analysed]] | None = None

    def read_ahead(self, pool: Executor) -> None:
        """Have the Japanese side taken apart by another thread, while this one does other things."""
        if "ja_units" not in self.__dict__:
            open_analysis()
            self._ahead = pool.submit(analysed, [s.text for s in self.ja])

    @cached_property
    def ja_units(self) -> list[Units]:
        """Return the units of the Japanese side."""
        ahead, self._ahead = self._ahead, None
        found = analysed(s.text for s in self.ja) if ahead is None or ahead.cancelled() else ahead.result()
        return [units_of(segment, self._lexicon.known) for segment in found]

    @cached_property
    def en_units(self) -> list[Units]:
        """Return the units of the English side."""
        return [english_units(s.text) for s in self.en]

    @cached_property
    def windows(self) -> list[Window]:
        """Return the windows that cover both sides in order."""
        return self.constraints.fit(windows(self.ja_units, self.en_units, self._lexicon))

    @cached_property
    def fullness(self) -> float:
        """Tell whether segments are sentences (0), paragraphs (1) or between."""
        return fullness(self.ja, self.en)

    @cached_property
    def _statistics(self) -> Statistics:
        return Statistics.of(self.ja_units, self.en_units)

    @cached_property
    def _vectors(self) -> list[Array] | None:
        encoder = self._encoder
        return None if encoder is None else [encoder.encode([s.text for s in side]) for side in (self.ja, self.en)]

    def features(self, window: Window, lexicon: Lexicon | None = None) -> BeadFeatures:
        """Return the features of every candidate bead inside a window, with another lexicon's bitext if one is given.

        That lexicon has the same dictionary: what was gathered of figures, dictionary and names holds.
        """
        ja, en = slice(window.ja.start, window.ja.stop), slice(window.en.start, window.en.stop)
        lexicon = lexicon or self._lexicon
        if window not in self._evidence:
            structure = read_structure(self.ja[ja], self.en[en])
            gathered = gather(self.ja_units[ja], self.en_units[en], lexicon, structure, self._statistics)
            self._evidence[window] = gathered, lexicon
        evidence, gathered_with = self._evidence[window]
        if lexicon is not gathered_with:
            evidence = evidence.relearned(lexicon)
        features = BeadFeatures(evidence)
        if self._vectors:
            add_margins(features, self._vectors[0][ja], self._vectors[1][en])
        return features

    def words(self, beads: Iterable[tuple[range, range, float]]) -> tuple[WordPair, ...]:
        """Return the sure enough two-sided beads over glued segments as the words that can be learned."""
        ja_words, en_words = (tuple([units.words for units in side]) for side in (self.ja_units, self.en_units))
        return tuple(
            WordPair(learnable(ja_words, ja), learnable(en_words, en), round(probability, 4))
            for ja, en, probability in beads
            if ja and en and probability >= _SURE
        )


def fullness(ja: Sequence[Segment], en: Sequence[Segment]) -> float:
    """Tell whether segments are sentences (0), paragraphs (1) or between, by the mean number of sentences in one."""
    mean = math.sqrt(_sentences(ja, _JA_BREAK) * _sentences(en, _EN_BREAK))
    return min(1.0, max(0.0, (mean - _SENTENCES) / (_PARAGRAPHS - _SENTENCES)))


def _sentences(segments: Sequence[Segment], within: re.Pattern[str]) -> float:
    return 1 + sum(len(within.findall(segment.text)) for segment in segments) / len(segments)
