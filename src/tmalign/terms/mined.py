"""What mining gives: a phrase with its renderings, where it stands, and how far it is to be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["phrase", "concept", "organisation", "title", "treaty", "boilerplate"]
KINDS: tuple[Kind, ...] = ("phrase", "concept", "organisation", "title", "treaty", "boilerplate")


@dataclass(frozen=True, slots=True)
class Rendering:
    """One English rendering of a phrase: in how many units, and the first and last date (ISO 8601, may be empty).

    `variants` are the surface forms that were counted with it (`any ...`, plurals, defence/defense), most used
    first, `en` itself left out.
    """

    en: str
    count: int
    first: str = ""
    last: str = ""
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One unit in which the pair stands: both texts, and in each the characters [start, end) of the phrase."""

    ja: str
    en: str
    ja_span: tuple[int, int]
    en_span: tuple[int, int]
    release: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class MinedTerm:
    """A recurring Japanese phrase and how it was rendered, best rendering first.

    `en` is the first rendering. `count` is the number of units that hold the phrase together with one of its
    renderings, `releases` their releases in order. `score` ranks (higher is better, no unit); `confidence` is the
    probability that the pair is right. `one_context` warns that the phrase was only ever seen inside the same
    longer text, so that counts cannot tell it from its neighbours. `acronyms` are short forms tied to the English,
    `variants` other written forms of the Japanese (inflection, width), most used first.
    """

    ja: str
    en: str
    kind: Kind
    count: int
    score: float
    confidence: float
    renderings: tuple[Rendering, ...]
    releases: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    variants: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    one_context: bool = False
    examples: tuple[Example, ...] = ()
