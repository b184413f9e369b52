"""How a phrase is written: the text behind a run of tokens, with the endings and the government that belong to it.

A Japanese formula is shown with its inflection (一致し -> 一致した, the commonest finite form) and with the particle it
always governs (に寄与する, との認識で一致した); an English one with the preposition or `that` it always ends or
begins with (confirmed the importance of, in accordance with). Noun phrases are shown as they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmalign.terms.tokens import ABSORBED, ALONE, BREAK, CONTENT, PARTICLE, VERB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.terms.tokens import Token, TokenisedText

# A governed word is shown where it stands beside so much of the phrase's places.
_CONSTANT = 0.75
_LEADING = frozenset(("in", "as", "on", "by", "under", "with", "at", "for"))


_ANY = re.compile(r"(?<![^\W_])any $", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a phrase: the unit, its tokens [begin, end) in the unit."""

    unit: int
    begin: int
    end: int


def japanese_span(text: TokenisedText, place: Place, *, verbal: bool) -> tuple[int, int, bool]:
    """Return the characters of the folded text, the inflected ending included, and whether it may end a sentence."""
    tokens = text.tokens
    end = place.end
    finite = False
    if verbal:
        while end < len(tokens) and not tokens[end].flags & BREAK:
            token = tokens[end]
            if token.flags & ABSORBED and tokens[end - 1].end == token.start:
                finite = token.key != "だ"
            elif token.flags & PARTICLE and token.key in {"て", "で", "ば"} and tokens[end - 1].end == token.start:
                finite = False
            elif tokens[end - 1].key in {"て", "で", "ば"} and token.flags & VERB and not token.flags & CONTENT:
                finite = _ends_in_u(text, token)
            else:
                break
            end += 1
        if end == place.end:
            finite = _ends_in_u(text, tokens[end - 1])
    return tokens[place.begin].start, tokens[end - 1].end, finite


def _ends_in_u(text: TokenisedText, token: Token) -> bool:
    """Tell whether a verb stands in its dictionary form."""
    return text.text[token.start : token.end] == token.key


def show_japanese(texts: Sequence[TokenisedText], places: Sequence[Place], *, verbal: bool) -> tuple[str, list[str]]:
    """Return the form to show and all others, most used first."""
    prefix = _japanese_government(texts, places) if verbal else ""
    forms: Counter[str] = Counter()
    finite: set[str] = set()
    for place in places:
        text = texts[place.unit]
        begin, end, ends = japanese_span(text, place, verbal=verbal)
        first, last = text.source_span(begin, end)
        form = " ".join(text.source[first:last].split())
        forms[form] += 1
        if ends:
            finite.add(form)
    ranked = sorted(forms, key=lambda form: (-forms[form], len(form), form))
    particle_like = verbal and all(_token(texts, p, p.begin).flags & ALONE for p in places)
    shown = next((form for form in ranked if form in finite), ranked[0]) if verbal and not particle_like else ranked[0]
    return prefix + shown, [prefix + form for form in ranked if form != shown]


def _token(texts: Sequence[TokenisedText], place: Place, at: int) -> Token:
    return texts[place.unit].tokens[at]


def _before(texts: Sequence[TokenisedText], place: Place, back: int) -> str:
    """Return the key of the token `back` places before, empty where the text begins or breaks between."""
    tokens = texts[place.unit].tokens
    at = place.begin - back
    if at < 0 or any(tokens[k].flags & BREAK for k in range(at + 1, place.begin + 1)):
        return ""
    return tokens[at].key


def _japanese_government(texts: Sequence[TokenisedText], places: Sequence[Place]) -> str:
    """Return the particles that belong to a formula's front."""
    count = len(places)
    befores = Counter(_before(texts, p, 1) for p in places)
    particle, share = befores.most_common(1)[0]
    if particle == "の" and share >= _CONSTANT * count / 1.5:
        quoting = sum(_before(texts, p, 1) == "の" and _before(texts, p, 2) == "と" for p in places)
        return "との" if quoting >= _CONSTANT * count / 1.5 else ""
    if share < _CONSTANT * count:
        return ""
    first = _token(texts, places[0], places[0].begin)
    words = sum(bool(t.flags & CONTENT) for t in texts[places[0].unit].tokens[places[0].begin : places[0].end])
    if first.flags & ALONE:
        return particle if particle in {"に", "を"} else ""
    last = texts[places[0].unit].tokens[places[0].begin : places[0].end]
    with_to = [t.key for t in last[-2:]] == ["と", "する"] or [t.key for t in last[-3:]] == ["と", "する", "て"]
    if words == 1 and (particle == "に" or (with_to and particle == "を")):
        return particle
    return ""


def governed_ends(texts: Sequence[TokenisedText], places: Sequence[Place]) -> frozenset[str] | None:
    """Return which words may close the English of a Japanese formula at these places; None where any may.

    A preposition belongs to the pair where the Japanese shows its particle too, or hangs on a noun before it
    (...の重要性を確認した: confirmed the importance of); elsewhere it renders words outside (について: on).
    """
    befores = Counter(_before(texts, p, 1) for p in places)
    particle, share = befores.most_common(1)[0]
    if _japanese_government(texts, places) or (particle == "の" and share >= _CONSTANT * len(places) / 1.5):
        return None
    return frozenset(("that",)) if befores["に"] else frozenset(("that", "to"))


def show_english(
    texts: Sequence[TokenisedText], places: Sequence[Place], *, verbal: bool, ends: frozenset[str] | None = None
) -> tuple[str, list[str]]:
    """Return the form to show and all others, most used first. `ends` are the words that may close a formula."""
    before, after = _english_government(texts, places, ends) if verbal else (0, 0)
    starts = [(texts[p.unit], texts[p.unit].tokens[p.begin].start) for p in places]
    keep_any = sum(_with_any(text, start) < start for text, start in starts) >= _CONSTANT * len(places)
    forms: Counter[str] = Counter()
    for place in places:
        text = texts[place.unit]
        tokens = text.tokens
        begin = place.begin - before if _governs(tokens, place.begin - before, place.begin) else place.begin
        end = place.end + after if _governs(tokens, place.end - 1, place.end - 1 + after) else place.end
        start = _with_any(text, tokens[begin].start) if keep_any else tokens[begin].start
        first, last = text.source_span(start, tokens[end - 1].end)
        form = _POSSESSIVE.sub("", " ".join(text.source[first:last].split()))
        forms[_lowered(text, tokens, begin, end, form)] += 1
    ranked = sorted(forms, key=lambda form: (-forms[form], len(form), form))
    return ranked[0], ranked[1:]


def _with_any(text: TokenisedText, start: int) -> int:
    """Return where the phrase starts with an `any` before it."""
    match = _ANY.search(text.text[max(0, start - 5) : start])
    return start - 4 if match else start


def _governs(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Tell whether tokens `begin` to `end` exist and no break parts them."""
    return begin >= 0 and end < len(tokens) and not any(tokens[k].flags & BREAK for k in range(begin + 1, end + 1))


def _lowered(text: TokenisedText, tokens: Sequence[Token], begin: int, end: int, form: str) -> str:
    """Take back the capital of a sentence's first word where no other word of the phrase has one."""
    first = tokens[begin]
    at_start = begin == 0 or first.flags & BREAK
    word = text.text[first.start : first.end]
    others = text.text[first.end : tokens[end - 1].end]
    if at_start and word[1:].islower() and not any(c.isupper() for c in others):
        return form[:1].lower() + form[1:]
    return form


def _english_government(
    texts: Sequence[TokenisedText], places: Sequence[Place], allowed: frozenset[str] | None
) -> tuple[int, int]:
    """Return how many function words belong to the front (0 or 1) and to the end of a formula."""
    count = len(places)
    ends: Counter[str] = Counter()
    fronts: Counter[str] = Counter()
    for place in places:
        tokens = texts[place.unit].tokens
        after, before = place.end, place.begin - 1
        if after < len(tokens) and not tokens[after].flags & BREAK and tokens[after].flags & PARTICLE:
            ends[tokens[after].key] += 1
        if before >= 0 and not tokens[place.begin].flags & BREAK and tokens[before].key in _LEADING:
            fronts[tokens[before].key] += 1
    word, times = ends.most_common(1)[0] if ends else ("", 0)
    end = times >= _CONSTANT * count and (allowed is None or word in allowed)
    front = bool(fronts) and fronts.most_common(1)[0][1] >= _CONSTANT * count
    return int(front), int(end)
