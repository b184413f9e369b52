"""TMX by patterns: the plain common case, several times faster than events.

The patterns match nothing but well-formed units, so what they accept needs no other parser, and whatever they do not
match - comments inside a unit, CDATA, entities, elements we do not know, errors - goes to the event parser
from that unit on. Both give the same units; a test holds them to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tmalign.formats.exchange import Attributes, Note, Property, Runs, Tag, TranslationUnit, Variant, joined
from tmalign.formats.tmx.parsing import variant_attributes

if TYPE_CHECKING:
    from collections import Counter

_SPACE = r"[ \t\n]*+"
_NAME = r"[A-Za-z_][A-Za-z0-9_.:-]*+"
_PAIRS = rf"""(?:[ \t\n]++{_NAME}{_SPACE}={_SPACE}(?:"[^"<]*+"|'[^'<]*+'))*+{_SPACE}"""
_REMARK = rf"(?:<prop{_PAIRS}>[^<]*+</prop{_SPACE}>|<note{_PAIRS}>[^<]*+</note{_SPACE}>)"
_REMARKS = rf"((?:{_SPACE}{_REMARK})*+)"
_INLINE = rf"</?(?:bpt|ept|ph|it|hi|sub|ut)(?![A-Za-z0-9_.:-]){_PAIRS}/?>"
_VARIANT = (
    rf"{_SPACE}<tuv({_PAIRS})>{_REMARKS}{_SPACE}<seg{_SPACE}>((?:[^<]++|{_INLINE})*+)"
    rf"</seg{_SPACE}>{_SPACE}</tuv{_SPACE}>"
)
_BETWEEN = r"(?:[ \t\n]++|<!--(?>(?:[^-]|-(?!-))*)-->)*+"
_UNIT: Final = re.compile(rf"{_BETWEEN}<tu({_PAIRS})>{_REMARKS}((?:{_VARIANT})*+){_SPACE}</tu{_SPACE}>")
_TO_NEXT: Final = re.compile(_BETWEEN)
# The most common unit of all, as programs write it: two variants, at most one property, nothing odd in attributes.
_EASY_PAIRS: Final = rf"""((?: {_NAME}="[^"<&\t\n]*+")*+)"""
_EASY_VARIANT: Final = rf"[ \n]*+<tuv{_EASY_PAIRS}>[ \n]*+<seg>((?:[^<]++|{_INLINE})*+)</seg>[ \n]*+</tuv>"
_EASY_UNIT: Final = re.compile(
    rf"""[ \n]*+<tu{_EASY_PAIRS}>[ \n]*+(?:<prop type="([^"<&\t\n]*+)">([^<]*+)</prop>)?+"""
    rf"{_EASY_VARIANT}{_EASY_VARIANT}[ \n]*+</tu>"
)
_EACH_VARIANT: Final = re.compile(_VARIANT)
_EACH_REMARK: Final = re.compile(rf"<(prop|note)({_PAIRS})>([^<]*+)<")
_EACH_PAIR: Final = re.compile(rf"""[ \t\n]({_NAME}){_SPACE}={_SPACE}(?:"([^"]*)"|'([^']*)')""")
_EACH_EASY_PAIR: Final = re.compile(r"""([^ =]+)="([^"]*)\"""")
_EACH_INLINE: Final = re.compile(rf"<(/?)([a-z]+)({_PAIRS})(/?)>")
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# Attributes repeat from unit to unit (languages, tools); ids and dates do not, so the table must not grow.
_MOST_KNOWN: Final = 2000


# Past the checks of `NamedTuple`: a third of the time it takes to make a variant.
_new = tuple.__new__


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


class Scanner:
    """Reads units off a text, and remembers attributes that come again."""

    def __init__(self, skipped: Counter[str]) -> None:
        """Start with nothing known; `skipped` counts as the event parser does."""
        self._skipped = skipped
        self._nameless = 0
        self._known: dict[str, Attributes] = {"": ()}
        self._kinds: dict[str, tuple[str, Attributes]] = {}
        self._languages: dict[str, tuple[str, Attributes]] = {}

    def units(self, text: str, position: int, line: int) -> tuple[list[TranslationUnit], int, int]:
        """Return the units from a position on, up to one that is odd or unfinished, with its position and line."""
        found: list[TranslationUnit] = []
        # `line` is that of `counted` all along.
        counted = position
        # Not allowed in text, though in attributes and comments: not worth telling apart.
        trap = "]" in text and "]]>" in text
        easy, add = _EASY_UNIT.match, self._easy_unit
        while True:
            if not trap and (match := easy(text, position)):
                make, start = add, match.start(1)
            else:
                start = self._end(text, position)
                match = _UNIT.match(text, start)
                if match is None or (trap and "]]>" in match[0]):
                    break
                make = self._any_unit
            line += text.count("\n", counted, start)
            counted = start
            try:
                found.append(make(match.groups(), line))
            except OddityError:
                self._nameless = 0
                break
            position = match.end()
        if self._nameless:
            self._skipped["variants without a language"] += self._nameless
            self._nameless = 0
        end = self._end(text, position)
        return found, end, line + text.count("\n", counted, end)

    def _easy_unit(self, groups: tuple[Any, ...], line: int) -> TranslationUnit:
        """Return the unit that `_EASY_UNIT` found."""
        pairs, kind, content, a1, s1, a2, s2 = groups
        attributes = tuple(_EACH_EASY_PAIR.findall(pairs))
        if len(dict(attributes)) != len(attributes):
            raise OddityError
        properties = (
            () if kind is None else (_new(Property, (kind, _text(content) if "&" in content else content, ())),)
        )
        variant = self._variant
        return _new(TranslationUnit, ((variant(a1, "", s1), variant(a2, "", s2)), attributes, properties, (), line))

    def _any_unit(self, groups: tuple[Any, ...], line: int) -> TranslationUnit:
        """Return the unit that `_UNIT` found."""
        pairs, remarks, raw, *_ = groups
        variants = tuple([self._variant(*parts) for parts in _EACH_VARIANT.findall(raw)])
        properties, notes = self._remarks(remarks)
        return TranslationUnit(variants, self._unit_attributes(pairs), properties, notes, line)

    @staticmethod
    def _end(text: str, position: int) -> int:
        """Return where the white space and comments at a position end."""
        found = _TO_NEXT.match(text, position)
        return found.end() if found else position

    def _variant(self, pairs: str, remarks: str, raw: str) -> Variant:
        """Return a variant from the text of its attributes, properties and notes, and segment."""
        known = self._languages.get(pairs)
        if known is None:
            known = variant_attributes(self._attributes(pairs))
            if len(self._languages) < _MOST_KNOWN:
                self._languages[pairs] = known
        if not known[0]:
            self._nameless += 1
        segment: Runs = self._segment(raw) if "<" in raw else (_text(raw) if "&" in raw else raw,) if raw else ()
        properties, notes = self._remarks(remarks) if remarks else ((), ())
        return _new(Variant, (known[0], segment, known[1], properties, notes))

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
            content = _text(text) if "&" in text else text
            if name == "note":
                notes.append(Note(content, self._attributes(pairs)))
                continue
            known = self._kinds.get(pairs)
            if known is None:
                attributes = self._attributes(pairs)
                kind = dict(attributes).get("type", "")
                known = kind, tuple(item for item in attributes if item[0] != "type")
                if len(self._kinds) < _MOST_KNOWN:
                    self._kinds[pairs] = known
            properties.append(Property(known[0], content, known[1]))
        return tuple(properties), tuple(notes)

    def _attributes(self, pairs: str) -> Attributes:
        """Return attributes that are likely to come again."""
        known = self._known.get(pairs)
        if known is None:
            known = self._unit_attributes(pairs)
            if len(self._known) < _MOST_KNOWN:
                self._known[pairs] = known
        return known

    @staticmethod
    def _unit_attributes(pairs: str) -> Attributes:
        """Return attributes that are not: ids and dates."""
        attributes = tuple([(name, _value(double or single)) for name, double, single in _EACH_PAIR.findall(pairs)])
        if len(attributes) > 1 and len(dict(attributes)) != len(attributes):
            raise OddityError
        return attributes


def _text(raw: str) -> str:
    """Return element content with its references resolved."""
    if (amps := raw.count("&")) == raw.count("&amp;"):
        return raw.replace("&amp;", "&") if amps else raw
    return _REFERENCE.sub(_referred, raw)


def _value(raw: str) -> str:
    """Return an attribute's value: white space made spaces, then references resolved (XML 1.0, 3.3.3)."""
    return _text(raw.replace("\n", " ").replace("\t", " "))
