"""Which texts of an imported unit are looked up together: each Japanese one with each English one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.text.language_tag import primary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tmalign.formats.exchange import TranslationUnit

# A unit with more pairings than this is kept whole, but only so many can be looked up.
MOST_PAIRINGS = 64


@dataclass(frozen=True, slots=True)
class Pairing:
    """A Japanese and an English text of one unit, by the numbers of their variants; None where there is none."""

    ja: int | None
    en: int | None


# What most units are.
_JA_EN = (Pairing(0, 1),)
_EN_JA = (Pairing(1, 0),)


def pairings(unit: TranslationUnit) -> tuple[Pairing, ...]:
    """Return at least one pairing; one-sided where a language is missing, empty where both are."""
    languages = [primary(variant.language) for variant in unit.variants]
    if languages == ["ja", "en"]:
        return _JA_EN
    if languages == ["en", "ja"]:
        return _EN_JA
    ja = [number for number, language in enumerate(languages) if language == "ja"]
    en = [number for number, language in enumerate(languages) if language == "en"]
    return tuple(_product(ja, en))


def _product(ja: list[int], en: list[int]) -> Iterator[Pairing]:
    number = 0
    none: list[int | None] = [None]
    for one in ja or none:
        for other in en or none:
            if number == MOST_PAIRINGS:
                return
            yield Pairing(one, other)
            number += 1
