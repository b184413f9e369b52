"""Whether a translation keeps to the termbase, and whether its figures agree with the source.

Each unit is looked at for a term whose approved rendering is missing, a forbidden or deprecated rendering, figures and
dates that differ, and text that was not translated; the draft as a whole for one phrase rendered in two ways.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tmalign.term_model import TermStatus
from tmalign.terms.figure_check import figure_faults
from tmalign.terms.occurrence import EnglishText, TermFinder, content, is_short
from tmalign.text.width import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tmalign.formats.draft import DraftUnit
    from tmalign.term_model import TermEntry, TermRendering
    from tmalign.terms.occurrence import TermHit

Code = Literal["missing-term", "forbidden-term", "deprecated-term", "two-renderings", "figures", "untranslated"]
Severity = Literal["error", "warning"]
CODES: dict[Code, tuple[Severity, str]] = {
    "missing-term": ("error", "the approved rendering of a term is missing"),
    "forbidden-term": ("error", "a forbidden rendering is used"),
    "deprecated-term": ("warning", "a deprecated rendering is used"),
    "two-renderings": ("warning", "one phrase is rendered in two ways"),
    "figures": ("error", "figures or dates differ"),
    "untranslated": ("error", "a segment is not translated"),
}

_JAPANESE = re.compile("[ぁ-ゖァ-ヺー㐀-䶿一-鿿豈-﫿々]")
# So many Japanese characters side by side in English are no name in brackets that was left on purpose.
_JAPANESE_RUN = re.compile("[ぁ-ゖァ-ヺー㐀-䶿一-鿿豈-﫿々、。]{2,}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
# A segment that recurs is compared only from this length on: 以上 may end in many ways.
_SEGMENT = 8
# A speaker's name before what is said has so many words at most.
_LABEL = 4
# Good style varies formulas (shared the view, concurred in the view), and a title takes a short form before a name.
_VARIED = frozenset({"boilerplate", "title"})
# A mined rendering counts as one of several from so many uses on.
_USED = 2


@dataclass(frozen=True, slots=True)
class Issue:
    """A fault of one unit. Spans are characters [start, end) of the two texts, (0, 0) where there is no place."""

    code: Code
    unit: int
    reason: str
    suggestion: str = ""
    ja_span: tuple[int, int] = (0, 0)
    en_span: tuple[int, int] = (0, 0)
    term: str = ""

    @property
    def severity(self) -> Severity:
        """Return how bad it is."""
        return CODES[self.code][0]


@dataclass(slots=True)
class _Uses:
    """Which renderings a phrase has in a draft: rendering to the units and places where it stands."""

    entry: TermEntry
    seen: bool = False
    places: defaultdict[str, list[tuple[int, tuple[int, int], tuple[int, int]]]] = field(
        default_factory=lambda: defaultdict(list)
    )


class Checker:
    """Checks drafts against the terms it was made with."""

    def __init__(
        self,
        entries: Iterable[TermEntry],
        *,
        date: str = "",
        codes: Iterable[Code] = tuple(CODES),
        strict: bool = False,
    ) -> None:
        """Take the terms; `date` (YYYY-MM-DD) chooses among renderings that are valid at times only.

        With `strict`, two approved renderings of one phrase in one draft are reported, too.
        """
        self._strict = strict
        self._date = date
        self._codes = frozenset(codes)
        self._finder = TermFinder(entry for entry in entries if not entry.rejected)

    def check(self, units: Sequence[DraftUnit]) -> list[Issue]:
        """Return the issues of a draft by unit, the worst first within one."""
        found: list[Issue] = []
        uses: dict[str, _Uses] = {}
        for number, unit in enumerate(units):
            fault = _untranslated(unit)
            if fault is not None:
                found.append(Issue("untranslated", number, *fault))
                continue
            if not unit.ja.strip():
                continue
            english = EnglishText(unit.en)
            for hit in self._finder.find(unit.ja):
                found.extend(self._term(number, hit, english, uses))
            found.extend(Issue("figures", number, *fault) for fault in figure_faults(unit.ja, unit.en))
        found.extend(_two_renderings(uses))
        found.extend(_two_segments(units))
        chosen = {issue: None for issue in found if issue.code in self._codes}
        order = list(CODES)
        return sorted(chosen, key=lambda issue: (issue.unit, order.index(issue.code), issue.ja_span, issue.reason))

    def _term(self, number: int, hit: TermHit, english: EnglishText, uses: dict[str, _Uses]) -> list[Issue]:
        """Look at one term in one unit."""
        entry, ja_span = hit.entry, (hit.start, hit.end)
        valid = [rendering for rendering in entry.renderings if _valid(rendering, self._date)]
        approved = [rendering for rendering in valid if rendering.status is TermStatus.APPROVED]
        good = [span for rendering in approved for span in _spans(rendering, entry, english)]
        issues = _unwanted(number, hit, english, valid, good)
        if good:
            uses.setdefault(entry.id, _Uses(entry)).seen = True
        elif approved and not issues and not self._short(hit, english, approved, uses):
            wanted = " or ".join(f"“{rendering.en}”" for rendering in approved[:3])
            reason = f"{entry.ja}: {wanted} is missing"
            issues.append(Issue("missing-term", number, reason, f"use: {approved[0].en}", ja_span, (0, 0), entry.id))
        for rendering in self._choices(entry, valid, approved):
            spans = _spans(rendering, entry, english, acronyms=False)
            if spans:
                kept = uses.setdefault(entry.id, _Uses(entry))
                kept.places[rendering.en].append((number, ja_span, spans[0]))
        return issues

    def _choices(
        self, entry: TermEntry, valid: list[TermRendering], approved: list[TermRendering]
    ) -> list[TermRendering]:
        """Return the renderings of which a draft should use but one: a person allowed each of several approved ones."""
        if approved:
            return approved if self._strict else []
        if entry.kind in _VARIED and not self._strict:
            return []
        return [r for r in valid if r.status is TermStatus.CANDIDATE and (r.count >= _USED or r.count == 0)]

    def _short(self, hit: TermHit, english: EnglishText, approved: list[TermRendering], uses: dict[str, _Uses]) -> bool:
        """Tell whether a term that was named in full before is taken up in short (the Ministry), or names a speaker."""
        if english.text.rstrip().endswith(":") and english.size <= _LABEL:
            return True
        seen = hit.entry.id in uses and uses[hit.entry.id].seen
        return any(english.takes_up(rendering.en, named_before=seen) for rendering in approved)


def _valid(rendering: TermRendering, date: str) -> bool:
    """Tell whether what was decided on a rendering holds on a day; without a day it does."""
    if not date:
        return True
    return rendering.valid_from <= date and (not rendering.valid_until or date <= rendering.valid_until)


def _unwanted(
    number: int, hit: TermHit, english: EnglishText, valid: list[TermRendering], good: list[tuple[int, int]]
) -> list[Issue]:
    """Return the forbidden and deprecated renderings of a term in one unit, but for parts of approved ones."""
    entry = hit.entry
    advice = next((f"use: {r.en}" for r in valid if r.status is TermStatus.APPROVED), "")
    codes: dict[TermStatus, Code] = {
        TermStatus.FORBIDDEN: "forbidden-term",
        TermStatus.DEPRECATED: "deprecated-term",
    }
    issues = []
    for rendering in valid:
        if rendering.status in codes:
            spans = _spans(rendering, entry, english, acronyms=False)
            span = next((span for span in spans if not _inside(span, good)), None)
            if span is not None:
                note = f" ({rendering.note})" if rendering.note else ""
                reason = f"{entry.ja}: “{rendering.en}” is {rendering.status}{note}"
                place = (hit.start, hit.end)
                issues.append(Issue(codes[rendering.status], number, reason, advice, place, span, entry.id))
    return issues


def _spans(
    rendering: TermRendering, entry: TermEntry, english: EnglishText, *, acronyms: bool = True
) -> list[tuple[int, int]]:
    """Return the places of a rendering in any of its forms."""
    forms = (rendering.en, *rendering.variants, *(entry.acronyms if acronyms else ()))
    return [span for form in forms for span in english.spans(form)]


def _inside(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a place lies in one of others: part of an approved rendering is no fault."""
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _untranslated(unit: DraftUnit) -> tuple[str, str] | None:
    """Return reason and suggestion where one side was not translated."""
    ja, en = normalise(unit.ja).strip(), normalise(unit.en).strip()
    if ja and not en:
        return "there is no English", "translate the segment"
    if en and not ja:
        return "there is no Japanese", "translate the segment"
    if ja == en and (_JAPANESE.search(ja) or _LETTERS.search(ja)):
        # A name or code stays as it is in both languages.
        return ("both sides are the same", "translate the segment") if _JAPANESE.search(ja) or " " in ja else None
    left = _JAPANESE_RUN.search(en)
    if left is not None:
        return f"Japanese is left in the English: {left.group()[:20]}", "translate the rest"
    if en and not _JAPANESE.search(ja) and len(_LETTERS.findall(ja)) > 3 and len(_LETTERS.findall(en)) > 3:
        return "the Japanese side has no Japanese", "translate the segment"
    return None


def _two_renderings(uses: dict[str, _Uses]) -> list[Issue]:
    """Return the places of all renderings of a phrase but the one that is preferred, or used most in the draft."""
    issues = []
    for used in uses.values():
        # Where two renderings stand in one unit, or one holds the other, nobody can tell which was meant.
        names = [name for name in used.places if not any(_covers(used, other, name) for other in used.places)]
        # An acronym after the full form is good style, and `exercises` is no other word than `exercise`.
        names = list({content(name): name for name in reversed(names) if not is_short(name)}.values())
        if len(names) < 2:
            continue
        preferred = next((r.en for r in used.entry.renderings if r.preferred and r.en in names), None)
        best = preferred or max(names, key=lambda name: (len(used.places[name]), -used.places[name][0][0]))
        for name in names:
            if name != best:
                other = used.places[best][0][0] + 1
                for number, ja_span, en_span in used.places[name]:
                    reason = f"{used.entry.ja}: “{name}” here, “{best}” in unit {other}"
                    issues.append(
                        Issue("two-renderings", number, reason, f"use: {best}", ja_span, en_span, used.entry.id)
                    )
    return issues


def _covers(used: _Uses, longer: str, shorter: str) -> bool:
    """Tell whether a rendering stands only where a longer one does, as its part."""
    if longer == shorter:
        return False
    places = {(number, end) for number, _, end in used.places[longer]}
    return all(
        any(number == other and _inside(span, [end]) and span != end for other, end in places)
        for number, _, span in used.places[shorter]
    )


def _two_segments(units: Sequence[DraftUnit]) -> list[Issue]:
    """Return the places where a segment that recurs was translated in another way than at first."""
    first: dict[str, int] = {}
    issues = []
    for number, unit in enumerate(units):
        key = "".join(normalise(unit.ja).split())
        # A speaker is introduced at length once, by name from then on.
        if len(key) < _SEGMENT or not unit.en.strip() or unit.en.rstrip().endswith(":"):
            continue
        earlier = first.setdefault(key, number)
        then = units[earlier].en
        if " ".join(normalise(then).casefold().split()) != " ".join(normalise(unit.en).casefold().split()):
            reason = f"the same Japanese was translated differently in unit {earlier + 1}"
            whole = (0, len(unit.en))
            issues.append(Issue("two-renderings", number, reason, f"use: {then.strip()}", (0, len(unit.ja)), whole))
    return issues
