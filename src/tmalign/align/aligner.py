"""The aligner: two lists of segments in, beads with probabilities out."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign import __version__
from tmalign.align.completeness import completeness, partial_reason
from tmalign.align.constraints import pinned, place
from tmalign.align.lattice import best_path, posteriors, skip_rate, span, surest_path
from tmalign.align.lexicon import shipped_lexicon
from tmalign.align.model import add_skip_rate, scores_of_both, shipped_model
from tmalign.align.moves import find_moves, with_moves
from tmalign.align.pairing import PairDescription, judge, pair_probability
from tmalign.align.prepared import Prepared
from tmalign.align.vectors import with_encoder
from tmalign.model import Alignment, Bead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tmalign.align.constraints import Constraints, Decision
    from tmalign.align.features import BeadFeatures
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.model import Model
    from tmalign.align.moves import Move
    from tmalign.align.tables import WordTable
    from tmalign.align.vectors import Encoder
    from tmalign.align.windows import Window
    from tmalign.model import Segment, WordPair

    Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class DecodedWindow:
    """A window's surest path, as (shape, i, j) of each bead's end in the window, and what it was found from.

    `features` is None where one side of the window is empty. `scores` and `posterior` are [shape, i, j].
    """

    window: Window
    features: BeadFeatures | None
    skip_rate: float
    scores: Array
    posterior: Array
    path: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The surest path of a pair of documents: beads over glued segments, and what the path says of the pair."""

    beads: tuple[tuple[range, range, float], ...]
    described: Array
    unmet: int = 0  # decisions that had to be given up, because with them there is no path


@dataclass(frozen=True, slots=True)
class Draft:
    """A pair of documents analysed once, to be aligned as often as the lexicon learns something."""

    release_id: str
    ja: Sequence[Segment]
    en: Sequence[Segment]
    constraints: Constraints
    prepared: Prepared | None  # None where a side is empty


class Aligner:
    """Aligns documents with a model and a lexicon; both come with the package and open on first use."""

    def __init__(
        self, model: Model | None = None, lexicon: Lexicon | None = None, encoder: Encoder | None = None
    ) -> None:
        """Take the shipped model and lexicon unless others are given; no encoder unless one is given."""
        self.model = model or shipped_model()
        self.lexicon = lexicon or shipped_lexicon()
        self.encoder = encoder
        self.signature = f"tmalign:{__version__}|{self.model.signature}|lexicon:{self.lexicon.signature}"
        if encoder is not None:
            self.model = with_encoder(self.model)
            self.signature += f"|encoder:{encoder.signature}"

    def align(
        self, release_id: str, ja: Sequence[Segment], en: Sequence[Segment], pins: Sequence[Decision] = ()
    ) -> Alignment:
        """Align one pair of documents; every segment of both sides stands in exactly one bead, in order.

        `pins` are people's decisions on pairs of texts: accepted pairs come out as beads of origin `pin`, rejected ones
        do not come out. Those that cannot be kept are named in `unmet` of the result.
        """
        return self.settle(self.draft(release_id, ja, en, pins))

    def learned(self, corpus: WordTable | None) -> Aligner:
        """Return the same aligner with a table of translation probabilities learned from the texts at hand."""
        other = copy(self)
        other.lexicon = self.lexicon.learned(corpus)
        other.signature = self.signature.replace(self.lexicon.signature, other.lexicon.signature)
        return other

    def learned_signature(self, table: str) -> str:
        """Return the signature this aligner has once it has learned from a table of this name."""
        lexicon = self.lexicon.signature
        return self.signature.replace(lexicon, f"{lexicon}+{table}")

    def draft(
        self, release_id: str, ja: Sequence[Segment], en: Sequence[Segment], pins: Sequence[Decision] = ()
    ) -> Draft:
        """Analyse one pair of documents; see `align`."""
        constraints = place(pins, ja, en)
        return Draft(release_id, ja, en, constraints, self.prepare(ja, en, constraints) if ja and en else None)

    def settle(self, draft: Draft) -> Alignment:
        """Align one pair of documents that this aligner, or one with the same dictionary, has analysed."""
        constraints, prepared = draft.constraints, draft.prepared
        unmet = tuple(_unmet(decision, why) for decision, why in constraints.unmet)
        if prepared is None:
            alone = [Bead(range(i, i + 1), range(0), 1.0) for i in range(len(draft.ja))]
            alone += [Bead(range(0), range(j, j + 1), 1.0) for j in range(len(draft.en))]
            return Alignment(
                draft.release_id, tuple(alone), 0.0, "unrelated", self.signature, "one side has no text", unmet=unmet
            )
        decoded = self.decode(prepared)
        if decoded.unmet:
            unmet += (f"{decoded.unmet} texts that must not stand alone have nothing to stand with",)
        beads = pinned(_in_text(prepared, decoded), constraints)
        probability = pair_probability(decoded.described, self.model.pair)
        verdict, reason = judge(decoded.described, probability)
        moves: list[Move] = []
        if verdict == "unrelated" and constraints.pairs:
            verdict, reason = "partial", f"{reason}, but a person accepted {len(constraints.pairs)} pairs"
        elif verdict != "unrelated":
            moves = find_moves(self, draft.ja, draft.en, beads, constraints)
            beads = with_moves(beads, moves)
            lengths = ([len(s.text) for s in side] for side in (draft.ja, draft.en))
            reason = partial_reason(completeness(beads, *lengths))
            verdict = "partial" if reason else "translation"
        return Alignment(
            draft.release_id,
            beads,
            round(probability, 6),
            verdict,
            self.signature,
            reason,
            unmet=unmet,
            moved=tuple((move.ja, move.en) for move in moves),
        )

    def words(self, draft: Draft) -> tuple[WordPair, ...]:
        """Return the words that a pair of documents pairs, for a lexicon of the whole corpus to learn from.

        Unrelated documents teach nothing, unless a person accepted a pair of their texts.
        """
        if draft.prepared is None:
            return ()
        decoded = self.decode(draft.prepared)
        verdict, _ = judge(decoded.described, pair_probability(decoded.described, self.model.pair))
        if verdict == "unrelated" and not draft.constraints.pairs:
            return ()
        return draft.prepared.words(decoded.beads)

    def align_stretch(self, ja: Sequence[Segment], en: Sequence[Segment]) -> tuple[tuple[Bead, ...], Array]:
        """Align a stretch of either side by itself; return its beads and `pairing.PAIR_FEATURES` of it."""
        prepared = self.prepare(ja, en)
        decoded = self.decode(prepared)
        return _in_text(prepared, decoded), decoded.described

    def prepare(self, ja: Sequence[Segment], en: Sequence[Segment], constraints: Constraints | None = None) -> Prepared:
        """Analyse both sides of a pair."""
        return Prepared(ja, en, self.lexicon, constraints, self.encoder)

    def decode(self, prepared: Prepared) -> Decoded:
        """Find the surest path, window by window."""
        beads: list[tuple[range, range, float]] = []
        description = PairDescription()
        unmet = 0
        for part in self.decode_windows(prepared):
            window = part.window
            if part.features is None:
                beads += [(range(i, i + 1), range(0), 1.0) for i in window.ja]
                beads += [(range(0), range(j, j + 1), 1.0) for j in window.en]
                description.add_unpaired(
                    sum(prepared.ja_units[i].length for i in window.ja),
                    sum(prepared.en_units[j].length for j in window.en),
                )
                continue
            description.add(part.features, part.path)
            posterior = part.posterior.data
            for k, i, j in part.path:
                beads.append((*span(k, i + window.ja.start, j + window.en.start), min(1.0, posterior[k, i, j])))
            unmet += prepared.constraints.unpaired(beads[-len(part.path) :])
        return Decoded(tuple(beads), description.features(), unmet)

    def decode_windows(self, prepared: Prepared) -> Iterator[DecodedWindow]:
        """Yield each window's surest path, by two passes: the first estimates how much stands alone."""
        weak, strong = self.model.at(prepared.fullness)
        for window in prepared.windows:
            if not window.ja or not window.en:
                nothing = np.zeros((0, 0, 0))
                yield DecodedWindow(window, None, 0.0, nothing, nothing, ())
                continue
            features = prepared.features(window, self.lexicon)
            first, scores = scores_of_both(features, weak, strong)
            self._constrain(first, window, prepared)
            rate = skip_rate(first)
            add_skip_rate(scores, strong, rate)
            self._constrain(scores, window, prepared)
            posterior = posteriors(scores)[1]
            path = surest_path(scores, posterior)
            yield DecodedWindow(window, features, rate, scores, posterior, tuple(path))

    @staticmethod
    def _constrain(scores: Array, window: Window, prepared: Prepared) -> None:
        """Strike out what decisions forbid."""
        if not prepared.constraints:
            return
        free = scores.copy()
        prepared.constraints.mask(scores, window)
        try:
            best_path(scores)
        except ValueError:  # so many must not stand alone that no path is left
            scores[...] = free
            prepared.constraints.mask(scores, window, lenient=True)


def _unmet(decision: Decision, why: str) -> str:
    """Return a sentence on a decision that cannot be kept."""
    return f"{decision.decision} {decision.ja or '(nothing)'} = {decision.en or '(nothing)'}: {why}"


def _in_text(prepared: Prepared, decoded: Decoded) -> tuple[Bead, ...]:
    """Return decoded beads in numbers of segments as they were given; an empty side has the place where it stands."""
    ja_groups, en_groups = prepared.ja_groups, prepared.en_groups
    found = []
    at_ja = at_en = 0
    for ja, en, probability in decoded.beads:
        from_ja, from_en = at_ja, at_en
        if ja:
            from_ja, at_ja = ja_groups[ja.start][0], ja_groups[ja.stop - 1][-1] + 1
        if en:
            from_en, at_en = en_groups[en.start][0], en_groups[en.stop - 1][-1] + 1
        found.append(Bead(range(from_ja, at_ja), range(from_en, at_en), round(probability, 6)))
    return tuple(found)
