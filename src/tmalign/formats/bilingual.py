"""Two languages out of a unit of many: which variants make the pairs that bilingual formats hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tmalign.formats.exchange import MemoryHeader, TranslationUnit, Variant
from tmalign.text.language_tag import match, normal, primary

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

Pair = tuple[Variant, Variant]


def pairs(unit: TranslationUnit, source: str, target: str) -> list[Pair]:
    """Return the pairs of a unit in two languages; empty where one is missing.

    The closest tag serves: for `en` first `en`, then `en-US`. Several variants with that same tag give several pairs.
    """
    tags = [variant.language for variant in unit.variants]
    sources = _closest(tags, source, set())
    targets = _closest(tags, target, set(sources))
    return [(unit.variants[one], unit.variants[other]) for one in sources for other in targets]


def _closest(tags: list[str], wanted: str, taken: set[int]) -> list[int]:
    """Return the positions of the variants in the tag that is closest to the wanted one."""
    found = [index for index in match(tags, wanted) if index not in taken]
    return [index for index in found if normal(tags[index]) == normal(tags[found[0]])]


def all_pairs(
    units: Iterable[TranslationUnit], source: str, target: str, left_out: Counter[str]
) -> Iterator[tuple[TranslationUnit, Variant, Variant]]:
    """Yield each unit with its source and target; units without both and further variants are counted."""
    for unit in units:
        found = pairs(unit, source, target)
        if not found:
            left_out[f"units without {source} and {target}"] += 1
            continue
        if others := len(unit.variants) - len({id(variant) for pair in found for variant in pair}):
            left_out["variants in other languages"] += others
        for one, other in found:
            yield unit, one, other


def languages(header: MemoryHeader, first: TranslationUnit | None) -> tuple[str, str]:
    """Return a memory's source and target language: its header's, else those of its first unit; empty if unknown."""
    tags = [variant.language for variant in first.variants if variant.language] if first else []
    named = header.attribute("srclang")
    source = named if named and named.lower() not in {"*all*", "all"} else next(iter(tags), "")
    target = next((tag for tag in tags if primary(tag) != primary(source)), "")
    return source, target or next((tag for tag in tags if normal(tag) != normal(source)), "")
