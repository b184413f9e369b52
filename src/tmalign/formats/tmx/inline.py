"""A segment as the XML inside `seg`, and back: for formats that have nothing but text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tmalign.errors import FormatError
from tmalign.formats.exchange import MemoryHeader, Runs, TranslationUnit, Variant, is_plain, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEFORE = "<tmx><body><tu><tuv><seg>"
_AFTER = "</seg></tuv></tu></body></tmx>"


def marked_text(units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Yield units whose segments hold their XML as text: `Press &lt;b&gt;` and `<ph x="1"/>` alike."""
    from tmalign.formats.tmx.writing import UnitWriter  # noqa: PLC0415 - one of two directions

    writer = UnitWriter(MemoryHeader())
    for unit in units:
        yield _with(unit, [(writer.segment(variant.segment),) for variant in unit.variants])


def unmarked_text(units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Yield units whose texts are taken for XML and read as such. Raises FormatError with the line."""
    from tmalign.formats.tmx.parsing import EventParser  # noqa: PLC0415 - one of two directions

    for unit in units:
        segments: list[Runs] = []
        for variant in unit.variants:
            try:
                parser = EventParser("", Counter())
                found = parser.feed(_BEFORE + plain_text(variant.segment) + _AFTER, last=True)
            except (FormatError, UnicodeEncodeError) as error:
                raise FormatError(
                    f"a text that is not XML: {error}", line=unit.line, hint="read it with --markup drop"
                ) from error
            segments.append(found[0].variants[0].segment if found and found[0].variants else ())
        yield _with(unit, segments)


def without_markup(units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Yield units whose segments are what a reader sees."""
    for unit in units:
        if all(is_plain(variant.segment) for variant in unit.variants):
            yield unit
        else:
            yield _with(unit, [(variant.text,) for variant in unit.variants])


def _with(unit: TranslationUnit, segments: list[Runs]) -> TranslationUnit:
    """Return a unit with other segments."""
    variants = tuple(
        Variant(variant.language, segment if segment != ("",) else (), *variant[2:])
        for variant, segment in zip(unit.variants, segments, strict=True)
    )
    return TranslationUnit(variants, unit.attributes, unit.properties, unit.notes, unit.line)
