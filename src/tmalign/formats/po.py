"""Gettext PO: a message and its translation, with the comments and flags of each.

The context and the comments become properties (`x-context`, `x-reference`, `x-flags`) and notes, and go back.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from tmalign.errors import FormatError
from tmalign.formats.bilingual import all_pairs
from tmalign.formats.exchange import MemoryHeader, Note, Property, TranslationUnit, UnitStream, Variant, Written
from tmalign.formats.records import numbered_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_KEYWORD: Final = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,2})\])?)\s*(".*)')
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*')
_ESCAPE: Final = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{2}|.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def _quoted(text: str) -> str:
    """Return text as PO strings, a line each."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    text = _CONTROLS.sub(lambda found: f"\\{ord(found[0]):03o}", text)
    lines = text.split("\n")
    if len(lines) == 1:
        return f'"{text}"'
    parts = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return '""\n' + "\n".join(parts)


def write_po(stream: BinaryIO, units: Iterable[TranslationUnit], source: str, target: str) -> Written:
    """Write a message a pair; PO allows a message once in a context, so a second one is counted and left out."""
    written = Written()
    seen: set[tuple[str, str]] = set()
    head = f"Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nLanguage: {target}\n"
    stream.write(f'msgid ""\nmsgstr {_quoted(head)}\n'.encode())
    for unit, one, other in all_pairs(units, source, target, written.left_out):
        context = unit.property("x-context")
        key = (context, one.text)
        if not one.text or key in seen:
            written.left_out["messages without text" if not one.text else "messages that stand there already"] += 1
            continue
        seen.add(key)
        lines = [""]
        lines += [f"# {line}" for note in unit.notes for line in note.text.splitlines()]
        lines += [f"#: {item.text}" for item in unit.properties if item.type == "x-reference"]
        if flags := unit.property("x-flags"):
            lines.append(f"#, {flags}")
        if context:
            lines.append(f"msgctxt {_quoted(context)}")
        lines += [f"msgid {_quoted(one.text)}", f"msgstr {_quoted(other.text)}", ""]
        stream.write("\n".join(lines).encode("utf-8", "replace"))
        written.units += 1
    return written


@dataclass(slots=True)
class _Entry:
    """A message being read."""

    line: int = 0
    strings: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def read_po(path: Path, source: str, target: str) -> UnitStream:
    """Read the messages that are translated; untranslated and obsolete ones are counted.

    A message with plural forms gives a unit for the singular and one for the plural. Raises the errors of an
    unreadable file, and FormatError with the line.
    """
    stream = UnitStream(MemoryHeader(), iter(()), Counter(), [], source, target)
    stream.units = _units(path, stream)
    return stream


def _units(path: Path, stream: UnitStream) -> Iterator[TranslationUnit]:
    """Yield the units of a file."""
    for entry in _entries(path, stream):
        if not entry.strings.get("msgid"):
            continue
        forms = [(entry.strings["msgid"], entry.strings.get("msgstr") or entry.strings.get("msgstr[0]", ""))]
        if "msgid_plural" in entry.strings:
            last = max((name for name in entry.strings if name.startswith("msgstr[")), default="")
            forms.append((entry.strings["msgid_plural"], entry.strings.get(last, "")))
        properties = [Property("x-context", entry.strings["msgctxt"])] if "msgctxt" in entry.strings else []
        properties += [Property("x-reference", text) for text in entry.references]
        if entry.flags:
            properties.append(Property("x-flags", ", ".join(entry.flags)))
        notes = (Note("\n".join(entry.comments)),) if entry.comments else ()
        for one, other in forms:
            if not other:
                stream.skipped["untranslated messages"] += 1
                continue
            variants = (Variant(stream.source, (one,)), Variant(stream.target, (other,)))
            yield TranslationUnit(variants, (), tuple(properties), notes, entry.line)


def _entries(path: Path, stream: UnitStream) -> Iterator[_Entry]:
    """Yield the messages of a file, the header among them."""
    entry, keyword = _Entry(), ""
    for number, raw in numbered_lines(path):
        line = raw.strip()
        if not line or line.startswith("#"):
            if entry.strings:
                yield entry
                entry = _Entry()
            keyword = ""
            _comment(entry, line, stream)
            continue
        if found := _KEYWORD.fullmatch(line):
            name = found[1]
            if name in {"msgctxt", "msgid"} and ("msgid" in entry.strings or name in entry.strings):
                yield entry
                entry = _Entry()
            if name in entry.strings:
                raise _broken(f"a second {name} in one message", path, number)
            entry.line = entry.line or number
            keyword, line = name, found[3]
            entry.strings[keyword] = ""
        elif not line.startswith('"') or not keyword:
            raise _broken(f"neither a comment nor a string: {line[:40]}", path, number)
        text = _STRING.fullmatch(line)
        if text is None:
            raise _broken("a string that does not end", path, number)
        entry.strings[keyword] += _ESCAPE.sub(_unescaped, text[1])
    if entry.strings:
        yield entry


def _comment(entry: _Entry, line: str, stream: UnitStream) -> None:
    """Keep what a comment says."""
    if line.startswith("#~"):
        stream.skipped["obsolete lines"] += 1
    elif line.startswith("#:"):
        entry.references.append(line[2:].strip())
    elif line.startswith("#,"):
        entry.flags += [flag.strip() for flag in line[2:].split(",") if flag.strip()]
    elif line.startswith("#|"):
        stream.skipped["previous messages"] += 1
    elif line:
        entry.comments.append(line[2:].strip() if line.startswith("#.") else line[1:].strip())


def _unescaped(found: re.Match[str]) -> str:
    """Return the character an escape stands for."""
    code = found[1]
    if code[0] in "01234567":
        return chr(int(code, 8))
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code, code)


def _broken(message: str, path: Path, line: int) -> FormatError:
    return FormatError(message, path=path, line=line, hint="check the file with msgfmt --check")
