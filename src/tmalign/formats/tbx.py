"""TBX, the exchange format of termbases: ISO 30042:2019 in both styles, and TBX-Basic of 2008 for older tools.

The dialect is TBX-Basic throughout. A candidate carries no administrative status; `deprecated` is a superseded
term, `forbidden` a deprecated one, in the standard's words. Variants of a rendering follow it with the term type
`variant`; contexts stand with the first term of each language, in the same order on both sides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Literal

from tmalign.formats.termfile import Tally, TermsWritten
from tmalign.formats.tmx.markup import FORBIDDEN
from tmalign.term_model import TermStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tmalign.term_model import TermContext, TermEntry, TermRendering

Dialect = Literal["dca", "dct", "2008"]

CORE = "urn:iso:std:iso:30042:ed-2"
MODULES = {"min": "http://www.tbxinfo.net/ns/min", "basic": "http://www.tbxinfo.net/ns/basic"}
# The module of TBX-Basic that each data category used here belongs to.
CATEGORIES = {
    "administrativeStatus": "min",
    "subjectField": "min",
    "partOfSpeech": "min",
    "context": "basic",
    "source": "basic",
    "termType": "basic",
}
STATUSES = {
    TermStatus.APPROVED: "admittedTerm-admn-sts",
    TermStatus.DEPRECATED: "supersededTerm-admn-sts",
    TermStatus.FORBIDDEN: "deprecatedTerm-admn-sts",
}
PREFERRED = "preferredTerm-admn-sts"
_NOT_HELD_ENTRY = ("count", "score", "first", "confidence", "one_context", "rejected")
_NOT_HELD_RENDERING = ("count", "first", "valid_from", "valid_until")

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def write_tbx(
    stream: BinaryIO, entries: Iterable[TermEntry], dialect: Dialect = "dca", title: str = "tmalign termbase"
) -> TermsWritten:
    """Write terms in the order they come, one at a time; rejected renderings are counted and left out."""
    writer = _Writer(dialect)
    stream.write(writer.head(title).encode())
    stream.writelines(writer.entry(entry).encode() for entry in entries)
    stream.write(writer.foot().encode())
    return writer.tally.written()


class _Writer:
    """Turns terms into the elements of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        """Start the counts at nothing."""
        self.dialect = dialect
        old = dialect == "2008"
        self.concept, self.language, self.section = (
            ("termEntry", "langSet", "tig") if old else ("conceptEntry", "langSec", "termSec")
        )
        self.tally = Tally()
        self.ids: set[str] = set()

    def head(self, title: str) -> str:
        """Return everything before the first concept."""
        about = (
            "    <fileDesc>\n"
            f"      <titleStmt>\n        <title>{self._text(title)}</title>\n      </titleStmt>\n"
            "      <sourceDesc>\n        <p>Japanese and English terms, exported by tmalign</p>\n      </sourceDesc>\n"
            "    </fileDesc>\n"
        )
        if self.dialect == "2008":
            return (
                '<?xml version="1.0" encoding="UTF-8"?>\n<martif type="TBX-Basic" xml:lang="en">\n  <martifHeader>\n'
                f"{about}    <encodingDesc>\n"
                '      <p type="XCSURI">TBXBasicXCSV02.xcs</p>\n    </encodingDesc>\n  </martifHeader>\n'
                "  <text>\n    <body>\n"
            )
        spaces = f' xmlns="{CORE}"'
        if self.dialect == "dct":
            spaces += "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in MODULES.items())
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<tbx type="TBX-Basic" style="{self.dialect}" xml:lang="en"{spaces}>\n'
            f"  <tbxHeader>\n{about}  </tbxHeader>\n  <text>\n    <body>\n"
        )

    def foot(self) -> str:
        """Return everything after the last concept."""
        return f"    </body>\n  </text>\n</{'martif' if self.dialect == '2008' else 'tbx'}>\n"

    def entry(self, entry: TermEntry) -> str:
        """Return one concept; nothing where it has no rendering to show."""
        kept = [r for r in entry.renderings if r.status is not TermStatus.REJECTED]
        self.tally.lost["rejections"] += len(entry.renderings) - len(kept)
        texts = len(kept)
        kept = [rendering for rendering in kept if _visible(rendering.en)]
        self.tally.lost["terms without text"] += texts - len(kept)
        if not kept or not _visible(entry.ja):
            self.tally.lost["terms without a rendering"] += 1
            return ""
        self.tally.lose_entry(entry, _NOT_HELD_ENTRY)
        self.tally.terms += 1
        self.tally.renderings += len(kept)
        lines = [f'      <{self.concept} id="{self._id(entry.id)}">']
        if entry.kind:
            lines.append("        " + self._category("descrip", "subjectField", entry.kind))
        lines.extend("        " + self._category("admin", "source", name) for name in entry.releases if name.strip())
        lines.extend("        " + line for line in self._note(entry.note))
        lines.extend(self._language("ja", self._japanese(entry)))
        lines.extend(self._language("en", self._english(entry, kept)))
        return "\n".join([*lines, f"      </{self.concept}>\n"])

    def _japanese(self, entry: TermEntry) -> Iterator[list[str]]:
        """Yield the lines of each Japanese term."""
        contexts = [self._context(context, context.ja) for context in entry.contexts]
        yield self._term(entry.ja, [], contexts)
        for variant in entry.variants:
            yield self._term(variant, [("termType", "variant")])

    def _english(self, entry: TermEntry, kept: list[TermRendering]) -> Iterator[list[str]]:
        """Yield the lines of each English term."""
        contexts = [self._context(context, context.en) for context in entry.contexts]
        for rendering in kept:
            self.tally.lose_rendering(rendering, _NOT_HELD_RENDERING)
            status = PREFERRED if rendering.preferred else STATUSES.get(rendering.status, "")
            notes = [("administrativeStatus", status)] if status else []
            more = [*contexts, self._note(rendering.note)]
            yield self._term(rendering.en, notes, more)
            contexts = []
            for variant in rendering.variants:
                yield self._term(variant, [("termType", "variant")])
        for acronym in entry.acronyms:
            yield self._term(acronym, [("termType", "acronym")])

    def _language(self, language: str, terms: Iterable[list[str]]) -> list[str]:
        """Return a language section; nothing where it has no term."""
        lines = ["          " + line for term in terms for line in term]
        if not lines:
            return []
        return [f'        <{self.language} xml:lang="{language}">', *lines, f"        </{self.language}>"]

    def _term(self, text: str, notes: list[tuple[str, str]], more: Iterable[list[str]] = ()) -> list[str]:
        """Return a term section, a line an element; nothing where no text is left."""
        term = self._text(text)
        if not term:
            self.tally.lost["terms without text"] += 1
            return []
        lines = [f"<term>{term}</term>"]
        lines.extend(self._category("termNote", name, value) for name, value in notes)
        lines.extend(line for group in more for line in group)
        return [f"<{self.section}>", *("  " + line for line in lines), f"</{self.section}>"]

    def _context(self, context: TermContext, text: str) -> list[str]:
        """Return a context with where it stands."""
        place = f"{context.release} ({context.date})" if context.date else context.release
        return [
            "<descripGrp>",
            "  " + self._category("descrip", "context", text),
            *(["  " + self._category("admin", "source", place)] if place.strip() else []),
            "</descripGrp>",
        ]

    def _note(self, text: str) -> list[str]:
        """Return a note; nothing where no text is left, which is counted if there was any."""
        note = self._text(text)
        return [f"<note>{note}</note>"] if note else []

    def _category(self, element: str, name: str, value: str) -> str:
        """Return a data category: as an attribute's value, or as an element of its module."""
        text = self._text(value)
        if self.dialect == "dct":
            tag = f"{CATEGORIES[name]}:{name}"
            return f"<{tag}>{text}</{tag}>"
        return f'<{element} type="{name}">{text}</{element}>'

    def _id(self, wanted: str) -> str:
        """Return an id that XML allows and no other concept has."""
        name = wanted if _NAME.fullmatch(wanted) else f"c{len(self.ids) + 1}"
        while name in self.ids:
            name += "_"
        self.ids.add(name)
        return name

    def _text(self, text: str) -> str:
        """Return text for element content; characters that XML forbids are counted and left out."""
        kept, count = FORBIDDEN.subn("", text)
        self.tally.lost["control characters"] += count
        # Readers take a run of white space, which may be an editor's, for one space.
        spaced = " ".join(kept.split())
        self.tally.lost["white space"] += spaced != kept
        return spaced.translate(_ESCAPES)


def _visible(text: str) -> bool:
    """Tell whether anything of a text can be written."""
    return bool(FORBIDDEN.sub("", text).strip())
