"""TMX by patterns: the plain common case, several times faster than events.

The patterns match nothing but well-formed units, so what they accept needs no other parser, and whatever they do not
match - comments inside a unit, CDATA, entities, elements we do not know, errors - goes to the event parser
from that unit on. Both give the same units; a test holds them to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tmalign.formats.exchange import Attributes, Note, Property, Tag, TranslationUnit, Variant, joined
from tmalign.formats.tmx.parsing import variant_attributes

if TYPE_CHECKING:
    from collections import Counter

_SPACE = r"[ \t\n]*+"
_NAME = r"(?:xml:)?[A-Za-z_][A-Za-z0-9_.-]*+"
_PAIRS = rf"""(?:[ \t\n]++{_NAME}{_SPACE}={_SPACE}(?:"[^"<]*+"|'[^'<]*+'))*+{_SPACE}"""
_REMARK = rf"(?:<prop{_PAIRS}>[^<]*+</prop{_SPACE}>|<note{_PAIRS}>[^<]*+</note{_SPACE}>)"
_REMARKS = rf"((?:{_SPACE}{_REMARK})*+)"
_INLINE = rf"</?(?:bpt|ept|ph|it|hi|sub|ut)(?![A-Za-z0-9_.:-]){_PAIRS}/?>"
_VARIANT = (
    rf"{_SPACE}<tuv({_PAIRS})>{_REMARKS}{_SPACE}<seg{_SPACE}>((?:[^<]++|{_INLINE})*+)"
    rf"</seg{_SPACE}>{_SPACE}</tuv{_SPACE}>"
)
_UNIT: Final = re.compile(rf"<tu({_PAIRS})>{_REMARKS}{_VARIANT}{_VARIANT}((?:{_VARIANT})*+){_SPACE}</tu{_SPACE}>")
_FEWER: Final = re.compile(rf"<tu({_PAIRS})>{_REMARKS}((?:{_VARIANT})*+){_SPACE}</tu{_SPACE}>")
_EACH_VARIANT: Final = re.compile(_VARIANT)
_EACH_REMARK: Final = re.compile(rf"<(prop|note)({_PAIRS})>([^<]*+)<")
_EACH_PAIR: Final = re.compile(rf"""({_NAME}){_SPACE}={_SPACE}(?:"([^"]*)"|'([^']*)')""")
_EACH_INLINE: Final = re.compile(rf"<(/?)([a-z]+)({_PAIRS})(/?)>")
_BETWEEN: Final = re.compile(r"(?:[ \t\n]++|<!--(?>(?:[^-]|-(?!-))*)-->)*+")
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# Attributes repeat from unit to unit (languages, tools); ids and dates do not, so the table must not grow.
_MOST_KNOWN: Final = 2000


class OddityError(Exception):
    """Something that the patterns leave to the event parser; never leaves the reader."""


def _referred(found: re.Match[str]) -> str:
    """Return the character that a reference stands for."""
    name, decimal, hexadecimal = found.groups()
    if name:
        return _NAMED[name]
    if not decimal and not hexadecimal:
        raise OddityError
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000:
        return chr(number)
    raise OddityError


def _text(raw: str) -> str:
    """Return element content with its references resolved."""
    if "]]>" in raw:
        raise OddityError
    return _REFERENCE.sub(_referred, raw) if "&" in raw else raw


class Scanner:
    """Reads units off a text at a position, and remembers attributes that come again."""

    def __init__(self, skipped: Counter[str]) -> None:
        """Start with nothing known; `skipped` counts as the event parser does."""
        self._skipped = skipped
        self._known: dict[str, Attributes] = {"": ()}
        self._languages: dict[str, tuple[str, Attributes]] = {}

    def between(self, text: str, position: int) -> int:
        """Return where the white space and comments at a position end."""
        found = _BETWEEN.match(text, position)
        return found.end() if found else position

    def unit(self, text: str, position: int, line: int) -> tuple[TranslationUnit, int] | None:
        """Return the unit that begins at a position and where it ends; None where it is odd or unfinished."""
        try:
            if found := _UNIT.match(text, position):
                attributes, remarks, a1, r1, s1, a2, r2, s2, more, *_ = found.groups()
                variants = [self._variant(a1, r1, s1), self._variant(a2, r2, s2)]
            elif found := _FEWER.match(text, position):
                attributes, remarks, more = found[1], found[2], found[3]
                variants = []
            else:
                return None
            if more:
                variants += [self._variant(*each.groups()) for each in _EACH_VARIANT.finditer(more)]
            properties, notes = self._remarks(remarks) if remarks else ((), ())
            unit = TranslationUnit(tuple(variants), self._attributes(attributes), properties, notes, line)
        except OddityError:
            return None
        for variant in variants:
            if not variant.language:
                self._skipped["variants without a language"] += 1
        return unit, found.end()

    def _variant(self, pairs: str, remarks: str, raw: str) -> Variant:
        known = self._languages.get(pairs)
        if known is None:
            known = variant_attributes(self._attributes(pairs))
            if len(self._languages) < _MOST_KNOWN:
                self._languages[pairs] = known
        if "<" in raw:
            segment = self._segment(raw)
        else:
            segment = (_text(raw),) if raw else ()
        if remarks:
            return Variant(known[0], segment, known[1], *self._remarks(remarks))
        return Variant(known[0], segment, known[1])

    def _segment(self, raw: str) -> tuple[str | Tag, ...]:
        """Return the runs of a segment with markup."""
        runs: list[str | Tag] = []
        opened: list[str] = []
        at = 0
        for found in _EACH_INLINE.finditer(raw):
            closing, name, pairs, alone = found.groups()
            if found.start() > at:
                runs.append(_text(raw[at : found.start()]))
            at = found.end()
            if closing:
                if not opened or opened.pop() != name or pairs.strip() or alone:
                    raise OddityError
                if runs and isinstance(runs[-1], Tag) and runs[-1].kind == "start":
                    runs[-1] = Tag(name, runs[-1].attributes, "empty")
                else:
                    runs.append(Tag(name, (), "end"))
            else:
                runs.append(Tag(name, self._attributes(pairs), "empty" if alone else "start"))
                if not alone:
                    opened.append(name)
        if opened:
            raise OddityError
        if at < len(raw):
            runs.append(_text(raw[at:]))
        return joined(runs)

    def _remarks(self, raw: str) -> tuple[tuple[Property, ...], tuple[Note, ...]]:
        properties, notes = [], []
        for name, pairs, text in _EACH_REMARK.findall(raw):
            attributes = self._attributes(pairs)
            if name == "note":
                notes.append(Note(_text(text), attributes))
            elif len(attributes) == 1 and attributes[0][0] == "type":
                properties.append(Property(attributes[0][1], _text(text)))
            else:
                kind = dict(attributes).get("type", "")
                others = tuple(item for item in attributes if item[0] != "type")
                properties.append(Property(kind, _text(text), others))
        return tuple(properties), tuple(notes)

    def _attributes(self, pairs: str) -> Attributes:
        known = self._known.get(pairs)
        if known is not None:
            return known
        found = _EACH_PAIR.findall(pairs)
        attributes = tuple([(name, _value(double or single)) for name, double, single in found])
        if len(attributes) > 1 and len({name for name, _ in attributes}) != len(attributes):
            raise OddityError
        if len(self._known) < _MOST_KNOWN:
            self._known[pairs] = attributes
        return attributes


def _value(raw: str) -> str:
    """Return an attribute's value: white space made spaces, then references resolved (XML 1.0, 3.3.3)."""
    if "\n" in raw or "\t" in raw:
        raw = raw.replace("\n", " ").replace("\t", " ")
    return _REFERENCE.sub(_referred, raw) if "&" in raw else raw
