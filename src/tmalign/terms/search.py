"""Finding terms for a person's query: the phrase itself, phrases that hold it, near ones, ones inside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from tmalign.memory.storable import storable
from tmalign.terms import index
from tmalign.terms.entry import rendering_key, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tmalign.memory.storefile import StoreFile
    from tmalign.term_model import TermEntry

Quality = Literal["exact", "part", "inside", "fuzzy"]
QUALITIES: tuple[Quality, ...] = ("exact", "part", "inside", "fuzzy")
_ORDER: dict[Quality, int] = {"exact": 0, "part": 1, "inside": 2, "fuzzy": 2}

# Forms that hold the query are looked at by so many, the shortest and then the most used first, as long as longer ones
# might come before them; up to this, fewer of a single character or letters, which may stand in most of them.
_PARTS = 400
_MOST_PARTS = 6400
_MOST_COMMON_PARTS = 1600
# Near forms and near parts of forms, the nearest first.
_NEAREST = 200
# Terms are read so many at a time, until there are as many as are wanted.
_READ = 20
# A near form agrees with the query to this share at least (1 - edits / length of the longer one).
_NEAR = 0.6
# A part of a longer form agrees with the query to this share at least, where the query has so many characters; it
# counts for a little less than a whole form that is as near.
_NEAR_PART = 0.8
_SHORTEST_PART = {"ja": 5, "en": 8}
_PART_WEIGHT = 0.9
# Near forms may differ in this share of the query's characters, and of a long query in so many, and a tenth.
_ERRORS = 0.34
_MOST_ERRORS = 3
# A query is searched for terms inside it up to this length; a form inside it is this long at least.
_LONGEST_QUERY = 400
_LONGEST_FORM = 60
_SHORTEST_FORM = {"ja": 2, "en": 4}


class Match(NamedTuple):
    """A term that answers a query: how, how well (1 the same, 0 nothing in common), and by which folded form."""

    entry: TermEntry
    quality: Quality
    score: float
    form: str


class Candidate(NamedTuple):
    """A form by which a term answers a query, before the term is read."""

    quality: Quality
    score: float
    form: index.Form

    def rank(self) -> tuple[int, float, int, str]:
        """Return what puts candidates in order: quality, then score, then use; near and inside ones by score."""
        # Among terms that hold the query, use tells more than a few characters of length.
        score = round(self.score, 1) if self.quality == "part" else self.score
        return _ORDER[self.quality], -score, -self.form.uses, self.form.term


def search(
    store: StoreFile,
    query: str,
    entries: Callable[[list[str]], list[TermEntry]],
    *,
    qualities: Iterable[Quality] = QUALITIES,
    keep: Callable[[TermEntry], bool] = lambda _: True,
    limit: int = 10,
) -> list[Match]:
    """Return at most `limit` terms for a query in either language, best first.

    `entries` reads terms by key. Terms that are or hold the query come first; only where `keep` lets none of these
    through, terms inside the query and near ones are looked for. A term is given once, for its best reason.
    """
    wanted = frozenset(qualities)
    query = storable(query)
    keys = [key for key in dict.fromkeys((term_key(query), rendering_key(query))) if key]
    with store.reading() as connection:
        found: list[Match] = []
        for sure in _holding(connection, keys, wanted):
            found = _matches(sure, entries, keep, limit)
            if len(found) == limit:
                break
        if not found:
            nearest = (
                one for stage in ("inside", "fuzzy") if stage in wanted for one in _NEAR_STAGES[stage](connection, keys)
            )
            found = _matches(_best(nearest), entries, keep, limit)
    return found


def _best(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """Return the best candidate of each term; one of an earlier stage stays."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        known = best.get(one.form.term)
        if known is None or (known.quality == one.quality and known.score < one.score):
            best[one.form.term] = one
    return best


def _matches(
    candidates: dict[str, Candidate],
    entries: Callable[[list[str]], list[TermEntry]],
    keep: Callable[[TermEntry], bool],
    limit: int,
) -> list[Match]:
    """Read terms in order until there are as many as are wanted."""
    found: list[Match] = []
    ranked = sorted(candidates.values(), key=Candidate.rank)
    for start in range(0, len(ranked), _READ):
        for entry in entries([one.form.term for one in ranked[start : start + _READ]]):
            one = candidates.get(term_key(entry.ja))
            if one is not None and keep(entry):
                found.append(Match(entry, one.quality, one.score, one.form.text))
                if len(found) == limit:
                    return found
    return found


def _holding(
    connection: sqlite3.Connection, keys: Sequence[str], wanted: frozenset[str]
) -> Iterator[dict[str, Candidate]]:
    """Yield the terms that are or hold the query, each time more: those that nothing unread can come before."""
    exact = [
        Candidate("exact", 1.0, form) for key in keys if "exact" in wanted for form in index.exact(connection, key)
    ]
    if "part" not in wanted:
        yield _best(exact)
        return
    common = all(len(key) == 1 or key.isascii() for key in keys)
    limit, most = _PARTS, _MOST_COMMON_PARTS if common else _MOST_PARTS
    while True:
        found = [_parts(connection, key, limit) for key in keys]
        best = _best((*exact, *(one for parts, _ in found for one in parts)))
        bound = max((bound for _, bound in found), default=0.0)
        if not bound or limit >= most:
            yield best
            return
        yield {
            term: one for term, one in best.items() if one.quality == "exact" or round(one.score, 1) > round(bound, 1)
        }
        limit *= 4


def _parts(connection: sqlite3.Connection, key: str, limit: int) -> tuple[list[Candidate], float]:
    """Return forms that hold the query, or all its words in any order; whole words count for more.

    The score that no form beyond the limit is above comes with them; 0 where there is none.
    """
    forms, length = index.holding(connection, [key], limit)
    if forms or length:
        return [Candidate("part", _share(key, form.text), form) for form in forms], len(key) / length if length else 0.0
    words = key.split()
    if len(words) < 2:
        return [], 0.0
    share = 0.8 * sum(map(len, words))
    forms, length = index.holding(connection, words, limit)
    return [Candidate("part", share / len(form.text), form) for form in forms], share / length if length else 0.0


def _share(key: str, form: str) -> float:
    """Return how much of a form the query is; half of that where it cuts an English word."""
    share = len(key) / len(form)
    if key.isascii() and not re.search(rf"(?<![^\W_]){re.escape(key)}(?![^\W_])", form):
        return share / 2
    return share


def _inside(connection: sqlite3.Connection, keys: Sequence[str]) -> Iterator[Candidate]:
    """Yield the forms that stand inside the query: a person pasted a sentence. Longer ones score higher."""
    for key in keys:
        text = key[:_LONGEST_QUERY]
        # A span cuts no English word.
        edges = [place for place in range(len(text) + 1) if not _joined(text, place)]
        spans = {
            text[start:end]
            for number, start in enumerate(edges)
            for end in edges[number + 1 :]
            if min(_SHORTEST_FORM.values()) <= end - start < _LONGEST_FORM
        }
        for form in index.among(connection, sorted(spans - {key})):
            if len(form.text) >= _SHORTEST_FORM["en" if form.text.isascii() else "ja"]:
                yield Candidate("inside", len(form.text) / len(text), form)


def _joined(text: str, position: int) -> bool:
    """Tell whether an ASCII word goes on across a position."""
    if not 0 < position < len(text):
        return False
    left, right = text[position - 1], text[position]
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _fuzzy(connection: sqlite3.Connection, keys: Sequence[str]) -> Iterator[Candidate]:
    """Yield near forms, and forms a part of which is near, with their share of agreement."""
    for key in keys:
        errors = max(1, min(int(len(key) * _ERRORS), _MOST_ERRORS + len(key) // 10))
        parts = len(key) >= _SHORTEST_PART["en" if key.isascii() else "ja"]
        forms = index.near(connection, key, errors, parts=parts, share=_NEAR)
        if forms:
            yield from (Candidate("fuzzy", score, form) for form, score in _agreeing(key, forms, parts=parts))


def _agreeing(key: str, forms: Sequence[index.Form], *, parts: bool) -> list[tuple[index.Form, float]]:
    """Return the forms that agree with a query well enough, whole or in a part, and how well."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - not needed when the phrase itself is there
    from rapidfuzz.process import extract  # noqa: PLC0415 - likewise

    texts = {number: form.text for number, form in enumerate(forms)}
    near = extract(key, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=_NEAR, limit=_NEAREST)
    found = {number: float(score) for _, score, number in near}
    if parts:
        from rapidfuzz.fuzz import partial_ratio  # noqa: PLC0415 - likewise

        longer = {number: text for number, text in texts.items() if len(text) > len(key)}
        inside = extract(key, longer, scorer=partial_ratio, score_cutoff=100 * _NEAR_PART, limit=_NEAREST)
        for _, score, number in inside:
            found[number] = max(found.get(number, 0.0), _PART_WEIGHT * score / 100)
    return [(forms[number], score) for number, score in found.items()]


_NEAR_STAGES: dict[str, Callable[[sqlite3.Connection, Sequence[str]], Iterator[Candidate]]] = {
    "inside": _inside,
    "fuzzy": _fuzzy,
}
