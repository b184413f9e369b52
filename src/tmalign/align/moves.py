"""Moved text: sections that stand in another order in the two versions.

A lattice goes forward on both sides. Where sections changed places it aligns the larger ones and leaves the others
over, as runs of sentences without counterpart, one on each side. Such runs are aligned with each other by themselves
and taken where they surely translate each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tmalign.align.pairing import pair_probability
from tmalign.model import Bead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.align.aligner import Aligner
    from tmalign.align.constraints import Constraints
    from tmalign.model import Segment

_FEWEST = 3  # sentences on either side
_WEAK = 0.6  # beads less probable than this inside a run may be wrong
_MOST_RUNS = 12
_SURE = 0.5  # probability that two runs translate each other
_COVERED = 0.6  # of both runs, in sentences
_SURE_BEADS = 0.9  # mean probability of the two-sided beads


@dataclass(frozen=True, slots=True)
class Run:
    """Beads `start` to `stop` of an alignment, none of them sure; the sentences they hold on either side."""

    start: int
    stop: int
    ja: range
    en: range


def runs(beads: Sequence[Bead]) -> list[Run]:
    """Return the runs of beads that begin and end with a one-sided bead and hold no sure and no decided one."""
    found = []
    at = 0
    for is_open, same in groupby(map(_is_open, beads)):
        start, stop = at, at + sum(1 for _ in same)
        at = stop
        if not is_open:
            continue
        while start < stop and _is_paired(beads[start]):
            start += 1
        while stop > start and _is_paired(beads[stop - 1]):
            stop -= 1
        if start < stop:
            inside = beads[start:stop]
            ja = range(inside[0].ja.start, inside[-1].ja.stop)
            en = range(inside[0].en.start, inside[-1].en.stop)
            found.append(Run(start, stop, ja, en))
    return found


def _is_paired(bead: Bead) -> bool:
    return bool(bead.ja and bead.en)


def _is_open(bead: Bead) -> bool:
    return (bead.probability < _WEAK or not bead.ja or not bead.en) and bead.origin != "pin"


@dataclass(frozen=True, slots=True)
class Move:
    """A stretch of Japanese sentences whose translation stands elsewhere, with the beads between them."""

    ja: range
    en: range
    beads: tuple[Bead, ...]


def find_moves(
    aligner: Aligner,
    ja: Sequence[Segment],
    en: Sequence[Segment],
    beads: Sequence[Bead],
    constraints: Constraints,
) -> list[Move]:
    """Return moved stretches in the order of the Japanese text; each run of either side is used once."""
    open_runs = sorted(runs(beads), key=lambda run: -max(len(run.ja), len(run.en)))[:_MOST_RUNS]
    tried = []
    for first in open_runs:
        for second in open_runs:
            if first is not second and min(len(first.ja), len(second.en)) >= _FEWEST:
                move = _aligned(aligner, ja, en, first.ja, second.en)
                if move and not any(_struck(bead, constraints) for bead in move.beads):
                    tried.append((sum(_is_paired(bead) for bead in move.beads), first, second, move))
    tried.sort(key=lambda found: (-found[0], found[1].start, found[2].start))
    used_ja: set[Run] = set()
    used_en: set[Run] = set()
    moves = []
    for _, first, second, move in tried:
        if first not in used_ja and second not in used_en:
            used_ja.add(first)
            used_en.add(second)
            moves.append(move)
    return sorted(moves, key=lambda move: move.ja.start)


def _struck(bead: Bead, constraints: Constraints) -> bool:
    return ((bead.ja.start, bead.ja.stop), (bead.en.start, bead.en.stop)) in constraints.struck


def _aligned(
    aligner: Aligner, ja: Sequence[Segment], en: Sequence[Segment], first: range, second: range
) -> Move | None:
    """Align two runs by themselves; None where they do not surely translate each other."""
    sides = ja[first.start : first.stop], en[second.start : second.stop]
    local, described = aligner.align_stretch(*sides)
    paired = [bead for bead in local if _is_paired(bead)]
    covered_ja, covered_en = sum(len(b.ja) for b in paired), sum(len(b.en) for b in paired)
    sure = (
        min(covered_ja, covered_en) >= _FEWEST - 1
        and covered_ja >= _COVERED * len(first)
        and covered_en >= _COVERED * len(second)
        and sum(b.probability for b in paired) >= _SURE_BEADS * len(paired)
        and pair_probability(described, aligner.model.pair) >= _SURE
    )
    return Move(first, second, tuple(shifted(bead, first.start, second.start) for bead in local)) if sure else None


def shifted(bead: Bead, ja: int, en: int) -> Bead:
    """Return a bead of a stretch with the numbers its sentences have in the whole text."""
    return Bead(
        range(bead.ja.start + ja, bead.ja.stop + ja),
        range(bead.en.start + en, bead.en.stop + en),
        bead.probability,
        bead.origin,
    )


def with_moves(beads: Sequence[Bead], moves: Sequence[Move]) -> tuple[Bead, ...]:
    """Return beads with moved stretches aligned, in the order of the Japanese text.

    A moved bead stands where its Japanese sentences do. What else stood in the runs is left without counterpart.
    """
    if not moves:
        return tuple(beads)
    moved_ja = {k for move in moves for k in move.ja}
    moved_en = {k for move in moves for k in move.en}
    found = []
    for bead in beads:
        if moved_ja.isdisjoint(bead.ja) and moved_en.isdisjoint(bead.en):
            found.append(bead)
            continue
        found += [Bead(range(i, i + 1), range(bead.en.start, bead.en.start), 1.0) for i in bead.ja if i not in moved_ja]
        found += [Bead(range(bead.ja.stop, bead.ja.stop), range(j, j + 1), 1.0) for j in bead.en if j not in moved_en]
    for move in moves:
        at = next((k for k, bead in enumerate(found) if bead.ja.start >= move.ja.stop), len(found))
        found[at:at] = move.beads
    return tuple(found)


def moved_texts(moved: Sequence[tuple[range, range]]) -> tuple[str, ...]:
    """Say of each moved stretch where it stands, in numbers from 1."""
    return tuple(
        f"moved text: sentences {ja.start + 1}-{ja.stop} of the Japanese version stand elsewhere in the English one, "
        f"as {en.start + 1}-{en.stop}"
        for ja, en in moved
    )
