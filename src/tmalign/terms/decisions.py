"""What a person's word changes: each function takes a term with its decision and returns the new decision."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tmalign.errors import UsageError
from tmalign.formats.term_rows import is_date
from tmalign.term_model import KINDS, TermRendering, TermStatus
from tmalign.terms.entry import TermDecision, rendering_key, term_key

if TYPE_CHECKING:
    from tmalign.term_model import TermEntry
    from tmalign.terms.termbase import Termbase


@dataclass(frozen=True, slots=True)
class RenderingChange:
    """What to change on a rendering; None leaves a thing as it is."""

    status: TermStatus | None = None
    preferred: bool | None = None
    note: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    variants: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class TermChange:
    """What to change on a whole term; None leaves a thing as it is. `variants` and `acronyms` are added."""

    ja: str | None = None
    kind: str | None = None
    note: str | None = None
    rejected: bool | None = None
    variants: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()


def resolve(base: Termbase, term: str) -> TermEntry:
    """Return the term a person names, by its id, its Japanese form or one of its variants.

    Raises UsageError where there is none.
    """
    entry = base.entry(term)
    if entry is None and re.fullmatch(r"t[0-9a-f]{16}", term):
        entry = next((one for one in base.entries() if one.id == term), None)
    if entry is None:
        raise UsageError(
            f"no term {term}", hint='name it by id or Japanese form: `tmalign term "PART OF IT"` shows both'
        )
    return entry


def change_rendering(base: Termbase, entry: TermEntry, en: str, change: RenderingChange) -> TermDecision:
    """Return the decision with one rendering changed; a rendering that is not there yet is added."""
    known = find_rendering(entry, en)
    own = known.en if known is not None else en.strip()
    before = _decision(base, entry)
    kept = [r for r in before.renderings if rendering_key(r.en) != rendering_key(own)]
    was = next((r for r in before.renderings if rendering_key(r.en) == rendering_key(own)), TermRendering(own))
    now = TermRendering(
        was.en,
        variants=was.variants if change.variants is None else _distinct((*was.variants, *change.variants), was.en),
        status=was.status if change.status is None else change.status,
        preferred=was.preferred if change.preferred is None else change.preferred,
        note=was.note if change.note is None else change.note,
        valid_from=was.valid_from if change.valid_from is None else checked_date(change.valid_from),
        valid_until=was.valid_until if change.valid_until is None else checked_date(change.valid_until),
    )
    if now.valid_from and now.valid_until and now.valid_from > now.valid_until:
        raise UsageError(f"{own}: valid from {now.valid_from} until {now.valid_until}", hint="give the earlier first")
    if now.preferred and now.status is not TermStatus.APPROVED:
        if change.preferred:
            raise UsageError(f"{own}: only an approved rendering can be preferred", hint="approve it, too")
        now = replace(now, preferred=False)
    if now.preferred:
        kept = [replace(r, preferred=False) for r in kept]
    return replace(before, renderings=(*kept, now))


def accept(base: Termbase, entry: TermEntry, en: str = "", change: RenderingChange | None = None) -> TermDecision:
    """Approve a rendering, the first one where none is named; it is preferred where no other one is.

    Raises UsageError where the term has no rendering to approve.
    """
    chosen = en or entry.en
    if not chosen:
        raise UsageError(f"{entry.ja} has no rendering to accept", hint="name one")
    change = replace(change or RenderingChange(), status=TermStatus.APPROVED)
    own = rendering_key(chosen)
    if change.preferred is None and not any(r.preferred and rendering_key(r.en) != own for r in entry.renderings):
        change = replace(change, preferred=True)
    return replace(change_rendering(base, entry, chosen, change), rejected=False)


def change_term(base: Termbase, entry: TermEntry, change: TermChange) -> TermDecision:
    """Return the decision with the whole term changed; a new Japanese form keeps the old one as its variant.

    Where the new form has another key, the caller withdraws the decision on the old one.

    Raises UsageError for an unknown kind, an empty form, or a form that another term has.
    """
    if change.kind is not None and change.kind not in KINDS:
        raise UsageError(f"no kind {change.kind}", hint=f"one of {', '.join(KINDS)}")
    before = _decision(base, entry)
    ja = before.ja if change.ja is None else change.ja.strip()
    if not term_key(ja):
        raise UsageError("the Japanese form is empty", hint="give the phrase")
    moved = term_key(ja) != term_key(entry.ja)
    if moved:
        other = base.entry(ja)
        if other is not None and other.id != entry.id:
            raise UsageError(f"{ja} is a term already", hint=f"name the old form as its variant: --variant {entry.ja}")
    variants = (*before.variants, *((entry.ja,) if moved else ()), *change.variants)
    return replace(
        before,
        ja=ja,
        kind=before.kind if change.kind is None else change.kind,
        note=before.note if change.note is None else change.note,
        rejected=before.rejected if change.rejected is None else change.rejected,
        variants=_distinct(variants, ja),
        acronyms=_distinct((*before.acronyms, *change.acronyms), ""),
    )


def rename_rendering(base: Termbase, entry: TermEntry, old: str, new: str) -> TermDecision:
    """Return the decision with a rendering written in another way; the old form counts as its variant.

    Raises UsageError where there is no such rendering, or another one has the new form already.
    """
    known = find_rendering(entry, old)
    if known is None:
        raise UsageError(f"{entry.ja} has no rendering {old}", hint="`tmalign term` shows its renderings")
    other = find_rendering(entry, new)
    if not new.strip() or (other is not None and other.en != known.en):
        raise UsageError(f"{entry.ja} has a rendering {new} already", hint="give another form, or reject one of them")
    before = _decision(base, entry)
    renderings: list[TermRendering] = []
    for was in (*before.renderings, TermRendering(known.en)):
        if rendering_key(was.en) == rendering_key(known.en) and not any(r.en == new.strip() for r in renderings):
            renderings.append(replace(was, en=new.strip(), variants=_distinct((*was.variants, known.en), new.strip())))
        elif was in before.renderings:
            renderings.append(was)
    return replace(before, renderings=tuple(renderings))


def find_rendering(entry: TermEntry, en: str) -> TermRendering | None:
    """Return the rendering of an entry that has this form, case and width aside; None where there is none."""
    key = rendering_key(en)
    own = (r for r in entry.renderings if rendering_key(r.en) == key)
    forms = (r for r in entry.renderings if key in map(rendering_key, r.variants))
    return next(own, None) or next(forms, None)


def checked_date(text: str) -> str:
    """Return an ISO 8601 date or the empty string. Raises UsageError for anything else."""
    if text and not is_date(text):
        raise UsageError(f"{text}: not a date", hint="write YYYY-MM-DD")
    return text


def _decision(base: Termbase, entry: TermEntry) -> TermDecision:
    """Return what was decided on a term, or the decision of nothing."""
    return base.decision(entry.ja) or TermDecision(entry.ja)


def _distinct(forms: tuple[str, ...], own: str) -> tuple[str, ...]:
    """Return forms once each in order, without empty ones and without `own`."""
    return tuple(form for form in dict.fromkeys(text.strip() for text in forms) if form and form != own)
