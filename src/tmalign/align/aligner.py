"""The aligner: two lists of segments in, beads with probabilities out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign import __version__
from tmalign.align.evidence import BeadFeatures, Statistics, gather
from tmalign.align.lattice import best_path, posteriors, span
from tmalign.align.learn import skip_rate
from tmalign.align.lexicon import shipped_lexicon
from tmalign.align.model import bead_scores, shipped_model
from tmalign.align.pairing import PairDescription, judge, pair_probability
from tmalign.align.structure import read_structure
from tmalign.align.units import english_units, japanese_units
from tmalign.align.windows import Window, windows
from tmalign.model import Alignment, Bead, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import numpy as np

    from tmalign.align.lexicon import Lexicon
    from tmalign.align.model import Model

    Array = np.ndarray[Any, np.dtype[np.float64]]

_HAS_WORD = re.compile(r"[^\W_]")


def glue(segments: Sequence[Segment]) -> list[list[int]]:
    """Group segments without a letter or digit (a bracket, a row of stars) with the one before; at the top, after."""
    groups: list[list[int]] = []
    leading: list[int] = []
    for i, segment in enumerate(segments):
        if _HAS_WORD.search(segment.text):
            groups.append([*leading, i])
            leading = []
        elif groups:
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
    """A pair of documents ready to be scored: glued segments and their units, cut into windows where they are long."""

    def __init__(self, ja: Sequence[Segment], en: Sequence[Segment], lexicon: Lexicon) -> None:
        """Analyse both sides."""
        self.ja_groups, self.en_groups = glue(ja), glue(en)
        self.ja = _joined(ja, self.ja_groups, "")
        self.en = _joined(en, self.en_groups, " ")
        self.ja_units = [japanese_units(s.text, lexicon.known) for s in self.ja]
        self.en_units = [english_units(s.text) for s in self.en]
        self.windows = windows(self.ja_units, self.en_units, lexicon)
        self._lexicon = lexicon
        self._statistics = Statistics.of(self.ja_units, self.en_units)

    def features(self, window: Window) -> BeadFeatures:
        """Compute the features of every candidate bead inside a window."""
        ja, en = slice(window.ja.start, window.ja.stop), slice(window.en.start, window.en.stop)
        structure = read_structure(self.ja[ja], self.en[en])
        return BeadFeatures(gather(self.ja_units[ja], self.en_units[en], self._lexicon, structure, self._statistics))


@dataclass(frozen=True, slots=True)
class Decoded:
    """The best path of a pair of documents: beads over glued segments, and what the path says of the pair."""

    beads: tuple[tuple[range, range, float], ...]
    described: Array


class Aligner:
    """Aligns documents with a model and a lexicon; both come with the package and open on first use."""

    def __init__(self, model: Model | None = None, lexicon: Lexicon | None = None) -> None:
        """Take the shipped model and lexicon unless others are given."""
        self.model = model or shipped_model()
        self.lexicon = lexicon or shipped_lexicon()
        self.signature = f"tmalign:{__version__}|{self.model.signature}|lexicon:{self.lexicon.signature}"

    def align(self, release_id: str, ja: Sequence[Segment], en: Sequence[Segment]) -> Alignment:
        """Align one pair of documents; every segment of both sides stands in exactly one bead, in order."""
        if not ja or not en:
            alone = [Bead(range(i, i + 1), range(0), 1.0) for i in range(len(ja))]
            alone += [Bead(range(0), range(j, j + 1), 1.0) for j in range(len(en))]
            return Alignment(release_id, tuple(alone), 0.0, "unrelated", self.signature, "one side has no text")
        prepared = Prepared(ja, en, self.lexicon)
        decoded = self.decode(prepared)
        beads = tuple(
            Bead(_ungroup(prepared.ja_groups, ja_range), _ungroup(prepared.en_groups, en_range), round(probability, 6))
            for ja_range, en_range, probability in decoded.beads
        )
        probability = pair_probability(decoded.described, self.model.pair)
        verdict, reason = judge(decoded.described, probability)
        return Alignment(release_id, _close(beads), round(probability, 6), verdict, self.signature, reason)

    def decode(self, prepared: Prepared) -> Decoded:
        """Find the best path, window by window, by two passes: the first estimates how much stands alone."""
        beads: list[tuple[range, range, float]] = []
        description = PairDescription()
        for window in prepared.windows:
            ja_start, en_start = window.ja.start, window.en.start
            if not window.ja or not window.en:
                beads += [(range(i, i + 1), range(0), 1.0) for i in window.ja]
                beads += [(range(0), range(j, j + 1), 1.0) for j in window.en]
                description.add_unpaired(
                    sum(prepared.ja_units[i].length for i in window.ja),
                    sum(prepared.en_units[j].length for j in window.en),
                )
                continue
            features = prepared.features(window)
            _, first = posteriors(bead_scores(features, self.model.first))
            scores = bead_scores(features, self.model.second, skip_rate(first))
            _, posterior = posteriors(scores)
            path = best_path(scores)
            description.add(features, path)
            for k, i, j in path:
                ja, en = span(k, i + ja_start, j + en_start)
                beads.append((ja, en, min(1.0, max(0.0, float(posterior[k, i, j])))))
        return Decoded(tuple(beads), description.features())


def _ungroup(groups: list[list[int]], glued: range) -> range:
    """Return the segments that a range of glued segments stands for."""
    if not glued:
        return range(0)
    return range(groups[glued.start][0], groups[glued.stop - 1][-1] + 1)


def _close(beads: tuple[Bead, ...]) -> tuple[Bead, ...]:
    """Give empty sides the place where they stand, so that ranges touch."""
    closed = []
    at_ja = at_en = 0
    for bead in beads:
        ja = bead.ja or range(at_ja, at_ja)
        en = bead.en or range(at_en, at_en)
        closed.append(Bead(ja, en, bead.probability, bead.origin))
        at_ja, at_en = ja.stop, en.stop
    return tuple(closed)
