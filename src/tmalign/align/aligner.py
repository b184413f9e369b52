"""The aligner: two lists of segments in, beads with probabilities out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from tmalign import __version__
from tmalign.align.evidence import BeadFeatures, gather
from tmalign.align.lattice import best_path, posteriors, span
from tmalign.align.learn import skip_rate
from tmalign.align.lexicon import shipped_lexicon
from tmalign.align.model import bead_scores, shipped_model
from tmalign.align.pairing import judge, pair_features, pair_probability
from tmalign.align.structure import read_structure
from tmalign.align.units import english_units, japanese_units
from tmalign.model import Alignment, Bead, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.align.model import Model

    Array = np.ndarray[Any, Any]

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
    """A pair of documents ready to be scored: glued segments, their units and features."""

    def __init__(self, ja: Sequence[Segment], en: Sequence[Segment], lexicon: Lexicon) -> None:
        """Analyse both sides and compute all features."""
        self.ja_groups, self.en_groups = glue(ja), glue(en)
        self.ja = _joined(ja, self.ja_groups, "")
        self.en = _joined(en, self.en_groups, " ")
        self.ja_units = [japanese_units(s.text, lexicon.known) for s in self.ja]
        self.en_units = [english_units(s.text) for s in self.en]
        structure = read_structure(self.ja, self.en)
        evidence = gather(self.ja_units, self.en_units, lexicon, structure)
        self.features = BeadFeatures(evidence)
        self._lengths = evidence.ja_lengths, evidence.en_lengths

    def describe(self, path: list[tuple[int, int, int]]) -> Array:
        """Return the pair features of an alignment of the two documents."""
        return pair_features(self.features, path, self._lengths)


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
            one_sided = [Bead(range(i, i + 1), range(0), 1.0) for i in range(len(ja))]
            one_sided += [Bead(range(0), range(j, j + 1), 1.0) for j in range(len(en))]
            return Alignment(release_id, tuple(one_sided), 0.0, "unrelated", self.signature, "one side has no text")
        prepared = Prepared(ja, en, self.lexicon)
        path, posterior = self.decode(prepared)
        beads = tuple(
            Bead(
                _ungroup(prepared.ja_groups, span(k, i, j)[0]),
                _ungroup(prepared.en_groups, span(k, i, j)[1]),
                round(float(np.clip(posterior[k, i, j], 0, 1)), 6),
            )
            for k, i, j in path
        )
        described = prepared.describe(path)
        probability = pair_probability(described, self.model.pair)
        verdict, reason = judge(described, probability)
        return Alignment(release_id, _close(beads), round(probability, 6), verdict, self.signature, reason)

    def decode(self, prepared: Prepared) -> tuple[list[tuple[int, int, int]], Array]:
        """Return the best path and all posteriors, by two passes: the first estimates how much stands alone."""
        _, first = posteriors(bead_scores(prepared.features, self.model.first))
        scores = bead_scores(prepared.features, self.model.second, skip_rate(first))
        _, posterior = posteriors(scores)
        return best_path(scores), posterior


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
