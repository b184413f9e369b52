"""What an imported unit holds beyond its two texts, as JSON: nothing of the file is lost on the way through the store.

A unit is a list [attributes, properties, notes, variants], a header [version, attributes, properties, notes, maps].
Attributes are a list of pairs; a property [type, text, attributes]; a note [text, attributes]; a variant [language,
segment, attributes, properties, notes]; a segment a list of texts and tags [name, attributes, kind], or null where
it is the text in the unit's own column. Empty lists at the end are left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tmalign.formats.exchange import CharacterMap, MemoryHeader, Note, Property, Tag, TranslationUnit, Variant
from tmalign.text.language_tag import primary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tmalign.formats.exchange import Attributes, Runs


def packed_unit(unit: TranslationUnit, texts: Mapping[int | None, str]) -> str:
    """Return a unit as JSON; `texts` are what the store keeps in columns, by the number of the variant."""
    variants = [_variant_out(variant, texts.get(number)) for number, variant in enumerate(unit.variants)]
    return _packed([unit.attributes, _properties_out(unit.properties), _notes_out(unit.notes), variants])


def unpacked_unit(content: str, ja: str, en: str) -> TranslationUnit:
    """Return the unit that `packed_unit` made JSON of; `ja` and `en` are the texts in columns."""
    attributes, properties, notes, variants = json.loads(content)
    return TranslationUnit(
        tuple(_variant_in(variant, ja if primary(variant[0]) == "ja" else en) for variant in variants),
        _attributes_in(attributes),
        _properties_in(properties),
        _notes_in(notes),
    )


def packed_header(header: MemoryHeader) -> str:
    """Return a header as JSON."""
    maps = [[entry.attributes, entry.maps] for entry in header.character_maps]
    parts = [header.version, header.attributes, _properties_out(header.properties), _notes_out(header.notes), maps]
    return _packed(parts)


def unpacked_header(content: str) -> MemoryHeader:
    """Return the header that `packed_header` made JSON of."""
    version, attributes, properties, notes, maps = json.loads(content)
    return MemoryHeader(
        version,
        _attributes_in(attributes),
        _properties_in(properties),
        _notes_in(notes),
        tuple(CharacterMap(_attributes_in(own), tuple(map(_attributes_in, inner))) for own, inner in maps),
    )


# Made once: a call of json.dumps with options makes one each time.
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _packed(parts: list[Any]) -> str:
    # A lone surrogate has no place in UTF-8: escaped, all of JSON is ASCII where there is one.
    text = _ENCODE(parts)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(parts, separators=(",", ":"))
    return text


def _variant_out(variant: Variant, text: str | None) -> list[Any]:
    if variant.segment == (text,) and not (variant.attributes or variant.properties or variant.notes):
        return [variant.language, None]
    segment = None if variant.segment == (text,) or (text == "" and not variant.segment) else _runs_out(variant.segment)
    parts = [
        variant.language,
        segment,
        variant.attributes,
        _properties_out(variant.properties),
        _notes_out(variant.notes),
    ]
    while not parts[-1] and len(parts) > 2:
        parts.pop()
    return parts


def _variant_in(parts: Sequence[Any], text: str) -> Variant:
    language, segment, *rest = parts
    attributes, properties, notes = [*rest, [], [], []][:3]
    runs: Runs = ((text,) if text else ()) if segment is None else _runs_in(segment)
    return Variant(language, runs, _attributes_in(attributes), _properties_in(properties), _notes_in(notes))


def _runs_out(runs: Runs) -> list[Any]:
    return [run if isinstance(run, str) else [run.name, run.attributes, run.kind] for run in runs]


def _runs_in(parts: Sequence[Any]) -> Runs:
    return tuple(part if isinstance(part, str) else Tag(part[0], _attributes_in(part[1]), part[2]) for part in parts)


def _attributes_in(parts: Sequence[Sequence[str]]) -> Attributes:
    return tuple((name, value) for name, value in parts)


def _properties_out(properties: Sequence[Property]) -> list[Any]:
    return [[item.type, item.text, item.attributes] for item in properties] if properties else []


def _properties_in(parts: Sequence[Any]) -> tuple[Property, ...]:
    return tuple(Property(kind, text, _attributes_in(attributes)) for kind, text, attributes in parts)


def _notes_out(notes: Sequence[Note]) -> list[Any]:
    return [[note.text, note.attributes] for note in notes] if notes else []


def _notes_in(parts: Sequence[Any]) -> tuple[Note, ...]:
    return tuple(Note(text, _attributes_in(attributes)) for text, attributes in parts)
