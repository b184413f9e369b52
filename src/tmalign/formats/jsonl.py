"""Units as JSON Lines: one object a line that holds everything a unit does."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, BinaryIO

from tmalign.errors import FormatError
from tmalign.formats.exchange import (
    Attributes,
    MemoryHeader,
    Note,
    Property,
    Runs,
    Tag,
    TranslationUnit,
    UnitStream,
    Variant,
    Written,
    is_plain,
)
from tmalign.formats.records import numbered_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SHAPE = '{"variants": [{"language": "ja", "text": "..."}, ...]}'


def row(unit: TranslationUnit) -> dict[str, Any]:
    """Return a unit as JSON: `variants` of `language` and `text`, and what else there is.

    A segment with markup has `runs` beside its text: strings, and tags as `[name, kind, {attributes}]`.
    """
    found: dict[str, Any] = {"variants": [_variant_row(variant) for variant in unit.variants]}
    return found | _remarks_row(unit.attributes, unit.properties, unit.notes)


def _variant_row(variant: Variant) -> dict[str, Any]:
    found: dict[str, Any] = {"language": variant.language, "text": variant.text}
    if not is_plain(variant.segment):
        found["runs"] = [
            [run.name, run.kind, dict(run.attributes)] if isinstance(run, Tag) else run for run in variant.segment
        ]
    return found | _remarks_row(variant.attributes, variant.properties, variant.notes)


def _remarks_row(attributes: Attributes, properties: tuple[Property, ...], notes: tuple[Note, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if attributes:
        found["attributes"] = dict(attributes)
    if properties:
        found["properties"] = [[item.type, item.text, dict(item.attributes)] for item in properties]
    if notes:
        found["notes"] = [[note.text, dict(note.attributes)] for note in notes]
    return found


def unit(found: dict[str, Any]) -> TranslationUnit:
    """Return the unit a row holds. Raises ValueError, TypeError or KeyError where it is none."""
    return TranslationUnit(tuple(_variant(item) for item in _list(found["variants"])), *_remarks(found))


def _variant(found: dict[str, Any]) -> Variant:
    text = _string(found["text"])
    segment: Runs = (text,) if text else ()
    if "runs" in found:
        segment = tuple(_run(item) for item in _list(found["runs"]))
        opened = 0
        for item in segment:
            if isinstance(item, Tag):
                opened += {"start": 1, "end": -1, "empty": 0}[item.kind]
                if opened < 0:
                    raise ValueError("an end tag ends nothing")
        if opened:
            raise ValueError("a tag is never ended")
    return Variant(_string(found["language"]), segment, *_remarks(found))


def _run(found: object) -> str | Tag:
    if isinstance(found, str):
        return found
    name, kind, attributes = _list(found)
    if kind not in {"start", "end", "empty"}:
        raise ValueError("a tag is start, end or empty")
    return Tag(_name(name), _attributes(attributes), kind)


def _remarks(found: dict[str, Any]) -> tuple[Attributes, tuple[Property, ...], tuple[Note, ...]]:
    properties = tuple(
        Property(_string(kind), _string(text), _attributes(others))
        for kind, text, others in _list(found.get("properties", []))
    )
    notes = tuple(Note(_string(text), _attributes(others)) for text, others in _list(found.get("notes", [])))
    return _attributes(found.get("attributes", {})), properties, notes


def _attributes(found: dict[str, Any]) -> Attributes:
    return tuple((_name(name), _string(value)) for name, value in found.items())


def _name(found: object) -> str:
    """Return a string that XML takes for a name."""
    text = _string(found)
    if (
        not text.replace(":", "").replace("-", "").replace(".", "").replace("_", "").isalnum()
        or text[0] in "-.0123456789"
    ):
        raise ValueError(f"not a name: {text[:40]!r}")
    return text


def _string(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("a string was expected")
    return found


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError("a list was expected")
    return found


def write_jsonl(stream: BinaryIO, units: Iterable[TranslationUnit]) -> Written:
    """Write a row a unit; lone surrogates stand as JSON escapes."""
    written = Written()
    for item in units:
        text = json.dumps(row(item), ensure_ascii=False, separators=(",", ":"))
        try:
            data = text.encode()
        except UnicodeEncodeError:
            data = json.dumps(row(item), separators=(",", ":")).encode()
        stream.write(data + b"\n")
        written.units += 1
    return written


def read_jsonl(path: Path) -> UnitStream:
    """Read units back. Raises the errors of an unreadable file, and FormatError with the line of a bad row."""

    def units() -> Iterator[TranslationUnit]:
        for number, line in numbered_lines(path):
            if not line.strip():
                continue
            try:
                found = unit(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                raise FormatError(f"not a unit: {error}", path=path, line=number, hint=f"a row is {_SHAPE}") from error
            yield TranslationUnit(found.variants, found.attributes, found.properties, found.notes, number)

    return UnitStream(MemoryHeader(), units(), Counter())
