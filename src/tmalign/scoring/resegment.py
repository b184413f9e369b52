"""Running text cut into the segments of a reference, so that it can be scored segment by segment.

After Matusov et al. (2005), "Evaluating Machine Translation Output with Automatic Sentence Segmentation", but not by
edit distance: a coarse lattice proposes positions for each boundary, and a small conditional random field over pieces
(shared words, lengths, stops, sentence ends) chooses among them. Figures: docs/resegmentation.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from tmalign.scoring.segmentation.boundaries import boundaries
from tmalign.scoring.segmentation.chain import best_path, posteriors
from tmalign.scoring.segmentation.corridor import corridor
from tmalign.scoring.segmentation.endings import endings, lacks_stops, without_stop
from tmalign.scoring.segmentation.evidence import Evidence, between
from tmalign.scoring.segmentation.lattice import candidates
from tmalign.scoring.segmentation.scores import Scores
from tmalign.scoring.segmentation.swaps import swapped
from tmalign.scoring.segmentation.tokens import material
from tmalign.scoring.segmentation.weights import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.model import Language

    Ints = np.ndarray[Any, np.dtype[np.int64]]

SIGNATURE: Final = "cut:lattice.2"

_BREAK: Final = re.compile(r"[^\S\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\s*")


@dataclass(frozen=True, slots=True)
class Resegmentation:
    """A hypothesis in the reference's segments.

    `segments` has one text a reference segment, trimmed, in one line each. `spans` are the same as contiguous
    character spans of the hypothesis, from 0 to its length. `confidence` is the posterior probability that exactly
    this piece belongs here. `swapped` are neighbours (i, i + 1) whose pieces look exchanged; they are reported, not
    put right. `empty` are references that have text but got none. Indices count from 0.
    """

    segments: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    confidence: tuple[float, ...]
    swapped: tuple[tuple[int, int], ...]
    empty: tuple[int, ...]


def resegment(hypothesis: str, references: Sequence[str], language: Language) -> Resegmentation:
    """Cut one document's hypothesis into exactly as many pieces as there are reference segments.

    `language` is that of hypothesis and references. Line breaks in the hypothesis are taken for likely ends, unless
    its lines are broken to a width. A reference without text gets none. Raises ValueError for another language, and
    where there is text but no reference to cut it for.
    """
    if language not in ("ja", "en"):
        raise ValueError(f"no weights to cut {language!r} with")
    live = [index for index, reference in enumerate(references) if reference.strip()]
    if not live and hypothesis.strip():
        raise ValueError("there is text but no reference segment to cut it for")
    wanted = [references[index] for index in live]
    stopless = lacks_stops(hypothesis, wanted)
    found = material(hypothesis, list(map(without_stop, wanted)) if stopless else wanted, language)
    if not len(found):
        return _without_text(hypothesis, references)
    weights = load(language)
    edges = boundaries(hypothesis, found.starts, found.ends, language)
    if stopless and language == "ja":
        edges = replace(edges, told=endings(found))
    prior = edges.prior(weights.boundary, weights.bias)
    places = candidates(found, prior, *corridor(found))
    pieces = Scores(Evidence(found, edges, weights), weights.piece)
    scores = pieces.of(between(places))
    path = best_path(scores)
    sure = posteriors(scores)[1]
    cuts = [int(place[index]) for place, index in zip(places.places, path, strict=True)]
    confidence = [float(sure[i][path[i], path[i + 1]]) for i in range(len(live))]
    ends = np.zeros(len(references) + 1, dtype=np.int64)
    certain = np.ones(len(references))
    for index, cut, value in zip(live, cuts[1:], confidence, strict=True):
        ends[index + 1] = cut
        certain[index] = value
    exchanged = tuple((live[i], live[k]) for i, k in swapped(pieces, prior, cuts))
    return _result(hypothesis, references, found.starts, np.maximum.accumulate(ends), certain.tolist(), exchanged)


def _without_text(hypothesis: str, references: Sequence[str]) -> Resegmentation:
    """Give every reference nothing, and white space to the last."""
    count = len(references)
    spans = [(0, 0)] * count
    if count:
        spans[-1] = (0, len(hypothesis))
    empty = tuple(index for index, reference in enumerate(references) if reference.strip())
    return Resegmentation(("",) * count, tuple(spans), (1.0,) * count, (), empty)


def _result(
    hypothesis: str,
    references: Sequence[str],
    starts: Ints,
    ends: Ints,
    confidence: list[float],
    exchanged: tuple[tuple[int, int], ...],
) -> Resegmentation:
    """Turn token positions into spans of the text; white space belongs to the piece before it."""
    offset = [0, *starts[1:].tolist(), len(hypothesis)]
    at = [offset[end] for end in ends.tolist()]
    at[-1] = len(hypothesis)
    spans = tuple(pairwise(at))
    segments = tuple(_one_line(hypothesis[a:b]) for a, b in spans)
    empty = tuple(i for i, text in enumerate(segments) if not text and references[i].strip())
    return Resegmentation(segments, spans, tuple(confidence), exchanged, empty)


def _one_line(text: str) -> str:
    """Trim, and join lines: by nothing between Japanese characters, by a space elsewhere."""
    text = text.strip()

    def joint(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1], text[match.end()]
        return "" if before > "\u2e7f" and after > "\u2e7f" else " "

    return _BREAK.sub(joint, text)
