"""Which figures of two texts say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.text.figures.figure import Figure


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """Figures paired by meaning, and those of either side without a partner, all in text order."""

    matched: tuple[tuple[Figure, Figure], ...]
    only_ja: tuple[Figure, ...]
    only_en: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        """Return whether no figure is left over, weak ones aside."""
        return all(figure.weak for figure in (*self.only_ja, *self.only_en))


def compare(ja: Sequence[Figure], en: Sequence[Figure]) -> FigureComparison:
    """Pair each figure with at most one of the other side: by first key, then by any key they share."""
    partner: dict[int, int] = {}
    free = set(range(len(en)))
    for position, figure in enumerate(ja):
        _pair(position, figure.keys[:1], en, partner, free, first_only=True)
    for position, figure in enumerate(ja):
        if position not in partner:
            _pair(position, figure.keys, en, partner, free, first_only=False)
    return FigureComparison(
        tuple((ja[position], en[partner[position]]) for position in sorted(partner)),
        tuple(figure for position, figure in enumerate(ja) if position not in partner),
        tuple(en[position] for position in sorted(free)),
    )


def _pair(
    position: int,
    keys: tuple[str, ...],
    en: Sequence[Figure],
    partner: dict[int, int],
    free: set[int],
    *,
    first_only: bool,
) -> None:
    """Give the Japanese figure at `position` the first free English one that has one of the keys."""
    for other in sorted(free):
        theirs = en[other].keys[:1] if first_only else en[other].keys
        if not set(keys).isdisjoint(theirs):
            partner[position] = other
            free.discard(other)
            return
