"""Terms as a person sees them: what mining found with what people decided laid over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tmalign.formats.term_rows import as_row
from tmalign.term_model import TermEntry, TermRendering, TermStatus
from tmalign.text.width import folded

try:
    # hashlib takes it from there, too, but loads OpenSSL first, which a look-up would wait for.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What a term of unknown kind is taken for.
DEFAULT_KIND = "phrase"

# In the order in which renderings are shown.
_RANK = {
    TermStatus.APPROVED: 0,
    TermStatus.CANDIDATE: 1,
    TermStatus.DEPRECATED: 2,
    TermStatus.FORBIDDEN: 3,
    TermStatus.REJECTED: 4,
}


@dataclass(frozen=True, slots=True)
class TermDecision:
    """All that people decided on one Japanese phrase.

    `kind` is empty where mining's stands. `rejected`: no term, never to be offered again. `variants` are forms whose
    mined entries belong here. `renderings` carry status, preference, note, validity and variants; their counts and
    dates are not kept here. `uses` is what an imported file told of them; it counts as long as mining has nothing.
    """

    ja: str
    kind: str = ""
    rejected: bool = False
    note: str = ""
    variants: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    renderings: tuple[TermRendering, ...] = ()
    uses: TermEntry | None = None


def term_key(ja: str) -> str:
    """Return what a Japanese phrase is known by: one width, one kana, one case, single spaces."""
    return " ".join(folded(ja, kana=True).split())


def rendering_key(en: str) -> str:
    """Return what an English rendering is known by: one width and case, single spaces."""
    return " ".join(folded(en).split())


def entry_id(ja: str) -> str:
    """Return the lasting id of a phrase: `t` and 16 hexadecimal digits of a hash of its key."""
    digest = blake2b(term_key(ja).encode("utf-8", "replace"), digest_size=8)
    return "t" + digest.hexdigest()


def overlay(mined: Sequence[TermEntry], decision: TermDecision | None) -> TermEntry:
    """Return one entry: the mined ones that belong to a phrase with the decision on it.

    Mined renderings that the decision names, or has among a rendering's variants, lend it their counts and dates.
    Raises ValueError where there is neither.
    """
    if decision is None:
        if not mined:
            raise ValueError("neither mined nor decided")
        base = mined[0]
        return replace(base, id=entry_id(base.ja), renderings=ranked(base.renderings))
    if not mined and decision.uses is not None:
        mined = (decision.uses,)
    claimed: dict[str, TermRendering] = {}
    owners = {rendering_key(form): r.en for r in decision.renderings for form in (*r.variants, r.en)}
    for rendering in decision.renderings:
        claimed[rendering.en] = replace(rendering, count=0, first="", last="")
    free: list[TermRendering] = []
    for rendering in (one for entry in mined for one in entry.renderings):
        owner = owners.get(rendering_key(rendering.en))
        if owner is None:
            free.append(rendering)
        else:
            claimed[owner] = _joined(claimed[owner], rendering)
    renderings = ranked((*claimed.values(), *_distinct(free)))
    return TermEntry(
        id=entry_id(decision.ja),
        ja=decision.ja,
        kind=decision.kind or (mined[0].kind if mined else DEFAULT_KIND),
        renderings=renderings,
        count=sum(entry.count for entry in mined),
        score=max((entry.score for entry in mined), default=0.0),
        confidence=_confidence(mined, decision),
        releases=tuple(dict.fromkeys(name for entry in mined for name in entry.releases)),
        first=min((entry.first for entry in mined if entry.first), default=""),
        last=max((entry.last for entry in mined), default=""),
        variants=_others(decision.ja, (*decision.variants, *(f for e in mined for f in (e.ja, *e.variants)))),
        acronyms=tuple(dict.fromkeys((*decision.acronyms, *(name for entry in mined for name in entry.acronyms)))),
        one_context=bool(mined) and all(entry.one_context for entry in mined),
        contexts=tuple(context for entry in mined for context in entry.contexts),
        note=decision.note,
        rejected=decision.rejected,
        decided=decision.rejected or any(r.status is not TermStatus.CANDIDATE for r in decision.renderings),
    )


def ranked(renderings: Iterable[TermRendering]) -> tuple[TermRendering, ...]:
    """Return renderings in the order they are shown: preferred, approved, then by use; forbidden and rejected last."""
    return tuple(sorted(renderings, key=lambda r: (not r.preferred, _RANK[r.status], -r.count)))


def _joined(own: TermRendering, other: TermRendering) -> TermRendering:
    """Add the uses of a mined rendering to a decided one."""
    return replace(
        own,
        count=own.count + other.count,
        first=min(filter(None, (own.first, other.first)), default=""),
        last=max(own.last, other.last),
        variants=_others(own.en, (*own.variants, other.en, *other.variants)),
    )


def _distinct(renderings: Iterable[TermRendering]) -> list[TermRendering]:
    """Join mined renderings that came twice, once with each of two joined phrases."""
    found: dict[str, TermRendering] = {}
    for rendering in renderings:
        key = rendering_key(rendering.en)
        found[key] = _joined(found[key], rendering) if key in found else rendering
    return list(found.values())


def _others(own: str, forms: Iterable[str]) -> tuple[str, ...]:
    """Return forms in order, each once, without `own`."""
    return tuple(form for form in dict.fromkeys(forms) if form != own)


def _confidence(mined: Sequence[TermEntry], decision: TermDecision) -> float:
    """Return 1 where a person approved, else what mining thinks."""
    if any(rendering.status is TermStatus.APPROVED for rendering in decision.renderings):
        return 1.0
    return max((entry.confidence for entry in mined), default=0.0)


def as_json(entry: TermEntry, *, contexts: int | None = None) -> dict[str, Any]:
    """Return an entry as programs get it; see `formats.term_rows.as_row`."""
    return as_row(entry, contexts=contexts)
