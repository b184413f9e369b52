"""Reading TBX of any age: `tbx` in either style, `martif`, with or without namespaces, one concept at a time."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from tmalign.errors import FormatError
from tmalign.formats.tbx import PREFERRED, STATUSES
from tmalign.formats.term_rows import is_date
from tmalign.formats.termfile import TermsRead, read_bytes
from tmalign.model import Skipped
from tmalign.term_model import TermContext, TermEntry, TermRendering, TermStatus

if TYPE_CHECKING:
    from pathlib import Path

    from lxml import etree

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CONCEPTS = frozenset({"conceptEntry", "termEntry"})
_LANGUAGES = frozenset({"langSec", "langSet"})
_SECTIONS = frozenset({"termSec", "tig", "ntig"})
# Elements that only hold others together.
_GROUPS = frozenset({"descripGrp", "adminGrp", "termNoteGrp", "termGrp"})
_CATEGORIES = frozenset({"descrip", "admin", "termNote", "transac", "xref", "ref", "date"})
_SHORT = frozenset({"acronym", "abbreviation", "initialism", "shortForm"})
_BY_NAME = {name: status for status, name in STATUSES.items()} | {PREFERRED: TermStatus.APPROVED}
# Other tools leave the suffix out.
_BY_NAME |= {name.removesuffix("-admn-sts"): status for name, status in _BY_NAME.items()}
_PLACE = re.compile(r"(.*?) ?\((\d{4}-\d{2}-\d{2})\)")
_HINT = "a concept needs a term in Japanese (ja) and one in English (en)"


@dataclass(slots=True)
class _Term:
    """A term section: its text and what was said of it."""

    text: str = ""
    status: TermStatus = TermStatus.CANDIDATE
    preferred: bool = False
    kind: str = ""
    notes: list[str] = field(default_factory=list)
    contexts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Concept:
    """A concept as it is read."""

    subject: str = ""
    notes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    terms: dict[str, list[_Term]] = field(default_factory=dict)


def read_tbx(path: Path) -> TermsRead:
    """Read the concepts that have a Japanese and an English term; what a term has no place for is counted by name.

    Entities are never expanded and nothing outside the file is opened. Raises FormatError (with the line) where
    the file is not TBX or broken, and what `read_bytes` raises.
    """
    from lxml import etree  # noqa: PLC0415 - nothing heavy at import

    reader = _Reader(path)
    events = etree.iterparse(
        io.BytesIO(read_bytes(path)),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for event, element in events:
            if event == "start":
                if element.getparent() is None and _local(element) not in {"tbx", "martif", "TBX"}:
                    raise FormatError(
                        f"not TBX: the root element is {_local(element)}", path=path, line=1, hint="give a .tbx file"
                    )
            elif _local(element) in _CONCEPTS:
                reader.concept(element)
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"broken XML: {error.msg}", path=path, line=error.lineno, hint="export the terms again"
        ) from error
    return TermsRead(tuple(reader.entries), tuple(reader.refused), dict(sorted(reader.ignored.items())))


def _forget(element: etree._Element) -> None:
    """Drop a finished element and its finished neighbours, so that memory stays level."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: etree._Element) -> str:
    """Return the text a reader sees; entities stand as they were written."""
    parts = [element.text or ""]
    for node in element.iterdescendants():
        if isinstance(node.tag, str) or (node.text or "").startswith("&"):
            parts.append(node.text or "")
        parts.append(node.tail or "")
    return " ".join("".join(parts).split())


class _Reader:
    """Turns concepts into terms and counts what it leaves out."""

    def __init__(self, path: Path) -> None:
        """Start with nothing."""
        self.path = path
        self.entries: list[TermEntry] = []
        self.refused: list[Skipped] = []
        self.ignored: Counter[str] = Counter()

    def concept(self, element: etree._Element) -> None:
        """Read one concept."""
        concept = _Concept()
        for child in element:
            if _local(child) in _LANGUAGES:
                self._language(child, concept)
            else:
                self._about(child, concept)
        ja, en = concept.terms.pop("ja", []), concept.terms.pop("en", [])
        self.ignored["terms in other languages"] += sum(map(len, concept.terms.values()))
        if not (ja and en):
            missing = "Japanese" if not ja else "English"
            place = f"{self.path}:{element.sourceline}" if element.sourceline else str(self.path)
            self.refused.append(Skipped(place, FormatError.code, f"the concept has no {missing} term", _HINT))
        else:
            self.entries.append(self._entry(concept, ja, en, element.get("id", "")))
        self.ignored = +self.ignored

    def _about(self, element: etree._Element, concept: _Concept) -> None:
        """Read what is said of a whole concept."""
        name = _local(element)
        if name in _GROUPS:
            for child in element:
                self._about(child, concept)
            return
        category = element.get("type", name) if name in _CATEGORIES else name
        if category == "subjectField":
            concept.subject = concept.subject or _text(element)
        elif category == "source":
            concept.sources.append(_text(element))
        elif category == "note":
            concept.notes.append(_text(element))
        elif category:
            self.ignored[category] += 1

    def _language(self, element: etree._Element, concept: _Concept) -> None:
        """Read the terms of one language."""
        tag = element.get(_XML_LANG) or element.get("lang") or ""
        terms = concept.terms.setdefault(re.split("[-_]", tag)[0].lower(), [])
        for child in element:
            if _local(child) in _SECTIONS:
                term = _Term()
                self._term(child, term)
                if term.text:
                    terms.append(term)
            elif _local(child) == "note":
                concept.notes.append(_text(child))
            elif _local(child):
                self.ignored[child.get("type", _local(child))] += 1

    def _term(self, section: etree._Element, term: _Term) -> None:
        """Read what a term section, or a group in it, holds."""
        source = ""
        before = len(term.contexts)
        for child in section:
            name = _local(child)
            category = child.get("type", name) if name in _CATEGORIES else name
            if name in _GROUPS:
                self._term(child, term)
            elif category == "source":
                source = _text(child)
            else:
                self._say(category, _text(child), term)
        if source and len(term.contexts) > before:
            term.contexts[before:] = [(text, source) for text, _ in term.contexts[before:]]
        elif source:
            self.ignored["source"] += 1

    def _say(self, category: str, text: str, term: _Term) -> None:
        """Keep one thing said of a term."""
        if category == "term":
            term.text = text
        elif category == "administrativeStatus" and text in _BY_NAME:
            term.status = _BY_NAME[text]
            term.preferred = text.startswith("preferred")
        elif category == "termType":
            term.kind = text
        elif category == "note":
            term.notes.append(text)
        elif category == "context":
            term.contexts.append((text, ""))
        elif category:
            self.ignored[category] += 1

    def _entry(self, concept: _Concept, ja: list[_Term], en: list[_Term], name: str) -> TermEntry:
        """Join what was read into a term."""
        head = next((term for term in ja if term.preferred), None) or next(
            (term for term in ja if term.kind not in {"variant", *_SHORT}), ja[0]
        )
        notes = [*concept.notes, *(note for term in ja for note in term.notes)]
        self.ignored["administrativeStatus of Japanese terms"] += sum(
            term.status not in {TermStatus.CANDIDATE, TermStatus.APPROVED} for term in ja
        )
        renderings, acronyms = _renderings(en)
        return TermEntry(
            id=name,
            ja=head.text,
            kind=concept.subject,
            renderings=renderings,
            releases=tuple(dict.fromkeys(concept.sources)),
            variants=tuple(term.text for term in ja if term is not head),
            acronyms=acronyms,
            contexts=_contexts(ja, en),
            note="\n".join(dict.fromkeys(notes)),
        )


def _renderings(terms: list[_Term]) -> tuple[tuple[TermRendering, ...], tuple[str, ...]]:
    """Return renderings with their variants, and acronyms; a lone acronym is a rendering."""
    found: list[TermRendering] = []
    acronyms: list[str] = []
    full = [term for term in terms if term.kind not in _SHORT]
    seen: set[str] = set()
    for term in terms:
        if term.kind in _SHORT and full:
            acronyms.append(term.text)
        elif term.kind == "variant" and found:
            last = found[-1]
            found[-1] = TermRendering(
                last.en,
                variants=(*last.variants, term.text),
                status=last.status,
                preferred=last.preferred,
                note=last.note,
            )
        elif term.text not in seen:
            seen.add(term.text)
            note = "\n".join(term.notes)
            found.append(TermRendering(term.text, status=term.status, preferred=term.preferred, note=note))
    return tuple(found), tuple(acronyms)


def _contexts(ja: list[_Term], en: list[_Term]) -> tuple[TermContext, ...]:
    """Pair the contexts of both languages by their order."""
    sides = [[context for term in terms for context in term.contexts] for terms in (ja, en)]
    found = []
    for (left, left_place), (right, right_place) in zip_longest(*sides, fillvalue=("", "")):
        place = left_place or right_place
        parts = _PLACE.fullmatch(place)
        release, date = (parts[1], parts[2]) if parts and is_date(parts[2]) else (place, "")
        found.append(TermContext(left, right, release=release, date=date))
    return tuple(found)
