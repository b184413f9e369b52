"""Finding terms for a person's query: the phrase itself, phrases that hold it, near ones, ones inside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from tmalign.memory.storable import storable
from tmalign.terms import index
from tmalign.terms.entry import rendering_key, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from tmalign.memory.storefile import StoreFile
    from tmalign.term_model import TermEntry

Quality = Literal["exact", "part", "inside", "fuzzy"]
QUALITIES: tuple[Quality, ...] = ("exact", "part", "inside", "fuzzy")
_ORDER: dict[Quality, int] = {"exact": 0, "part": 1, "inside": 2, "fuzzy": 2}

# Forms that hold the query are looked at up to so many, the shortest first.
_PARTS = 200
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
_BATCH = 500


class Match(NamedTuple):
    """A term that answers a query: how, how well (1 the same, 0 nothing in common), and by which folded form."""

    entry: TermEntry
    quality: Quality
    score: float
    form: str


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
    keys = dict.fromkeys(key for key in (term_key(query), rendering_key(query)) if key)
    found: list[Match] = []
    with store.reading() as connection:
        for stages in (("exact", "part"), ("inside", "fuzzy")):
            candidates: dict[str, tuple[Quality, float, str]] = {}
            for stage in stages:
                if stage in wanted:
                    for key in keys:
                        for form, score in _STAGES[stage](connection, key):
                            known = candidates.get(form.term)
                            if known is None or (known[0] == stage and known[1] < score):
                                candidates[form.term] = (stage, score, form.text)
            found = _matches(candidates, entries, keep)
            if found:
                break
    return found[:limit]


def _matches(
    candidates: dict[str, tuple[Quality, float, str]],
    entries: Callable[[list[str]], list[TermEntry]],
    keep: Callable[[TermEntry], bool],
) -> list[Match]:
    """Read the terms and put them in order: by quality, then score, then use; near and inside ones by score."""
    found = [
        Match(entry, *candidates[term_key(entry.ja)])
        for entry in entries(list(candidates))
        if term_key(entry.ja) in candidates and keep(entry)
    ]
    # Among terms that hold the query, use tells more than a few characters of length.
    return sorted(
        found,
        key=lambda m: (
            _ORDER[m.quality],
            -round(m.score, 1) if m.quality == "part" else -m.score,
            -m.entry.count,
            m.entry.ja,
        ),
    )


def _exact(connection: sqlite3.Connection, key: str) -> list[tuple[index.Form, float]]:
    return [(form, 1.0) for form in index.exact(connection, key)]


def _parts(connection: sqlite3.Connection, key: str) -> list[tuple[index.Form, float]]:
    """Return forms that hold the query, or all its words in any order; whole words count for more."""
    found = [(form, _share(key, form.text)) for form in index.holding(connection, key, _PARTS)]
    words = sorted(key.split(), key=len, reverse=True)
    if not found and len(words) > 1:
        total = sum(map(len, words))
        forms = index.holding(connection, words[0], 10 * _PARTS)
        found = [(f, 0.8 * total / len(f.text)) for f in forms if all(word in f.text for word in words)]
    return found


def _share(key: str, form: str) -> float:
    """Return how much of a form the query is; half of that where it cuts an English word."""
    share = len(key) / len(form)
    if key.isascii() and not re.search(rf"(?<![^\W_]){re.escape(key)}(?![^\W_])", form):
        return share / 2
    return share


def _inside(connection: sqlite3.Connection, key: str) -> list[tuple[index.Form, float]]:
    """Return the forms that stand inside the query: a person pasted a sentence. Longer ones score higher."""
    text = key[:_LONGEST_QUERY]
    ends = range(len(text) + 1)
    shortest = min(_SHORTEST_FORM.values())
    spans = {
        text[start:end]
        for start in ends
        for end in ends[start + shortest : start + _LONGEST_FORM]
        if _whole_words(text, start, end)
    }
    names = sorted(spans - {key})
    found: list[tuple[index.Form, float]] = []
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        query = f"SELECT term, language, form FROM term_forms WHERE form IN ({','.join('?' * len(part))})"  # noqa: S608 - marks only
        forms = (index.Form(*row) for row in connection.execute(query, part))
        found.extend((form, len(form.text) / len(text)) for form in forms if _long_enough(form))
    return found


def _long_enough(form: index.Form) -> bool:
    return len(form.text) >= _SHORTEST_FORM["en" if form.text.isascii() else "ja"]


def _whole_words(text: str, start: int, end: int) -> bool:
    """Tell whether a span cuts no English word."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, position: int) -> bool:
    """Tell whether an ASCII word goes on across a position."""
    if not 0 < position < len(text):
        return False
    left, right = text[position - 1], text[position]
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _fuzzy(connection: sqlite3.Connection, key: str) -> list[tuple[index.Form, float]]:
    """Return near forms, and forms a part of which is near, with their share of agreement."""
    errors = max(1, min(int(len(key) * _ERRORS), _MOST_ERRORS + len(key) // 10))
    parts = len(key) >= _SHORTEST_PART["en" if key.isascii() else "ja"]
    forms = index.near(connection, key, errors, parts=parts)
    if not forms:
        return []
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - not needed when the phrase itself is there
    from rapidfuzz.process import extract  # noqa: PLC0415 - likewise

    texts = {number: form.text for number, form in enumerate(forms)}
    near = extract(key, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=_NEAR, limit=_PARTS)
    found = {number: float(score) for _, score, number in near}
    if parts:
        from rapidfuzz.fuzz import partial_ratio  # noqa: PLC0415 - likewise

        longer = {number: text for number, text in texts.items() if len(text) > len(key)}
        inside = extract(key, longer, scorer=partial_ratio, score_cutoff=100 * _NEAR_PART, limit=_PARTS)
        for _, score, number in inside:
            found[number] = max(found.get(number, 0.0), _PART_WEIGHT * score / 100)
    return [(forms[number], score) for number, score in found.items()]


_STAGES: dict[str, Callable[[sqlite3.Connection, str], list[tuple[index.Form, float]]]] = {
    "exact": _exact,
    "part": _parts,
    "inside": _inside,
    "fuzzy": _fuzzy,
}
