"""Terms as they travel between the rooms. Apart from the other types, so that a look-up loads these alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

KINDS = ("phrase", "concept", "organisation", "title", "treaty", "boilerplate")


class TermStatus(StrEnum):
    """What people decided on a rendering; `candidate`: nothing yet, `rejected`: no rendering of the phrase at all."""

    CANDIDATE = "candidate"
    APPROVED = "approved"
    DEPRECATED = "deprecated"
    FORBIDDEN = "forbidden"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TermRendering:
    """One English rendering of a phrase: how often it was used, when, and what people decided on it.

    `variants` are forms that count as this one (inflection, spelling, `any ...`). Dates are ISO 8601 or empty;
    `valid_from` and `valid_until` (inclusive) bound the decision.
    """

    en: str
    count: int = 0
    first: str = ""
    last: str = ""
    variants: tuple[str, ...] = ()
    status: TermStatus = TermStatus.CANDIDATE
    preferred: bool = False
    note: str = ""
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class TermContext:
    """A unit in which a phrase stands: both texts, and in each the characters [start, end) of the phrase."""

    ja: str
    en: str
    ja_span: tuple[int, int] = (0, 0)
    en_span: tuple[int, int] = (0, 0)
    release: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A fixed Japanese phrase with its renderings, the one to use first.

    `kind` is phrase, concept, organisation, title, treaty or boilerplate. `count` is in units, `score` ranks,
    `confidence` is the probability that the pair is right (1 where a person decided). `variants` are other written
    forms of the Japanese, `acronyms` short forms of the English; `one_context` warns that the phrase was only ever
    seen inside the same longer text. `decided` tells that a person has looked at it.
    """

    id: str
    ja: str
    kind: str
    renderings: tuple[TermRendering, ...]
    count: int = 0
    score: float = 0.0
    confidence: float = 0.0
    releases: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    variants: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    one_context: bool = False
    contexts: tuple[TermContext, ...] = ()
    note: str = ""
    rejected: bool = False
    decided: bool = False

    @property
    def en(self) -> str:
        """Return the first rendering; empty where there is none."""
        return self.renderings[0].en if self.renderings else ""

    @property
    def status(self) -> TermStatus:
        """Return the status of the whole: the friendliest one among its renderings."""
        if self.rejected:
            return TermStatus.REJECTED
        found = {rendering.status for rendering in self.renderings}
        order = (TermStatus.APPROVED, TermStatus.CANDIDATE, TermStatus.DEPRECATED, TermStatus.FORBIDDEN)
        return next((status for status in order if status in found), TermStatus.REJECTED if found else order[1])
