"""The index over the forms of all terms: exact look-up, parts of two characters and more, and near forms.

Each form is stored in one width, kana and case. A posting list tells for every pair of neighbouring characters
which forms hold it; a form's two edges count as a character, so that single characters are found, too.

Forms are numbered the shortest first, the most used first among them, when the index is made, so that the best of
thousands that hold a query are found without reading the rest; forms that changed since then have higher numbers.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from tmalign.terms import postings
from tmalign.terms.entry import rendering_key, term_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from tmalign.term_model import TermEntry

# No text holds this: it marks where a form begins and ends.
_EDGE = "\x00"
# SQLite takes so many values a statement at least.
_BATCH = 500
# Pairs looked at beyond those that must be: each one sorts out more forms before they are read.
_SPARE = 6
# A form that holds so many of the rarest pairs of a text mostly holds the text.
_TELLING = 12
# Forms that share pairs with a text are compared with it, up to so many that may agree with it as a whole, and up to so
# many longer ones, a part of which may.
_NEAR_WHOLE = 5000
_NEAR_PARTS = 2000
# Above so many changed terms, making the index anew is quicker than mending it.
MENDED = 200
_LOOSE = 1000

_INSERT = "INSERT INTO term_forms (number, term, language, form, uses) VALUES (?, ?, ?, ?, ?)"
_FORM = "SELECT term, language, form, uses FROM term_forms"


class Form(NamedTuple):
    """A form that was found: the key of its term, its language, its folded text, and how often the term is used."""

    term: str
    language: str
    text: str
    uses: int


def forms(entry: TermEntry) -> Iterator[tuple[str, str]]:
    """Yield language and folded form of everything an entry can be found by."""
    ja = (entry.ja, *entry.variants)
    en = (*(form for r in entry.renderings for form in (r.en, *r.variants)), *entry.acronyms)
    for key in dict.fromkeys(term_key(form) for form in ja):
        yield "ja", key
    for key in dict.fromkeys(rendering_key(form) for form in en):
        yield "en", key


def grams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of a folded form, its edges included."""
    padded = _EDGE + text + _EDGE
    return {padded[n : n + 2] for n in range(len(padded) - 1)}


def rebuild(connection: sqlite3.Connection, entries: Iterable[tuple[str, TermEntry]]) -> None:
    """Make the index anew from pairs of key and entry."""
    connection.execute("DELETE FROM term_forms")
    connection.execute("DELETE FROM term_grams")
    rows = [(key, *form, entry.count) for key, entry in entries for form in forms(entry)]
    rows.sort(key=lambda row: (len(row[2]), -row[3]))
    lists: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, (_, _, form, _) in enumerate(rows, start=1):
        for gram in grams(form):
            lists[gram].append(number)
    connection.executemany(_INSERT, ((number, *row) for number, row in enumerate(rows, start=1)))
    connection.executemany(
        "INSERT INTO term_grams VALUES (?, ?, ?)",
        ((gram, len(numbers), postings.packed(numbers)) for gram, numbers in sorted(lists.items())),
    )
    connection.execute("UPDATE term_index SET ordered = ?", (len(rows),))


def mend(connection: sqlite3.Connection, changed: Iterable[tuple[str, TermEntry | None]]) -> None:
    """Put the forms of these terms in place of the earlier ones; None where the term is gone."""
    lists: defaultdict[str, set[int]] = defaultdict(set)
    # Numbers are not given anew below what is in order.
    last = "SELECT max(ordered, (SELECT coalesce(max(number), 0) FROM term_forms)) FROM term_index"
    number = int(connection.execute(last).fetchone()[0])
    for key, entry in changed:
        connection.execute("DELETE FROM term_forms WHERE term = ?", (key,))
        for language, form in () if entry is None else forms(entry):
            number += 1
            connection.execute(_INSERT, (number, key, language, form, 0 if entry is None else entry.count))
            for gram in grams(form):
                lists[gram].add(number)
    for gram, numbers in sorted(lists.items()):
        row = connection.execute("SELECT count, forms FROM term_grams WHERE gram = ?", (gram,)).fetchone()
        joined = sorted(numbers.union(postings.unpacked(*row) if row else ()))
        data = postings.packed(joined)
        connection.execute("INSERT OR REPLACE INTO term_grams VALUES (?, ?, ?)", (gram, len(joined), data))


def disordered(connection: sqlite3.Connection) -> bool:
    """Tell whether more forms changed since they were put in order than are in order, so that making it anew pays."""
    query = "SELECT count(*) > ordered + ? FROM term_index LEFT JOIN term_forms ON number > ordered"
    return bool(connection.execute(query, (_LOOSE,)).fetchone()[0])


def exact(connection: sqlite3.Connection, text: str) -> list[Form]:
    """Return the forms that are this folded text."""
    return [Form(*row) for row in connection.execute(f"{_FORM} WHERE form = ? ORDER BY number", (text,))]


def among(connection: sqlite3.Connection, texts: Sequence[str]) -> list[Form]:
    """Return the forms that are one of these folded texts."""
    found: list[Form] = []
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        query = f"{_FORM} WHERE form IN ({','.join('?' * len(part))})"
        found.extend(Form(*row) for row in connection.execute(query, part))
    return found


def holding(connection: sqlite3.Connection, parts: Sequence[str], limit: int) -> tuple[list[Form], int]:
    """Return forms that hold all of these folded texts, and the length above which others may do so, too.

    At most `limit` forms that stand in order of length are read, the shortest first, and so many of those that changed
    since they were put in order. The length is 0 where these are all there are.
    """
    (ordered,) = connection.execute("SELECT ordered FROM term_index").fetchone()
    numbers = postings.members(_holding(connection, parts))
    wanted = numbers[: bisect_right(numbers, ordered)]
    later = numbers[len(wanted) :]
    found = _read(connection, wanted[:limit])
    length = len(found[-1].text) if found and len(wanted) > limit else 0
    if len(later) > limit:
        length = max(map(len, parts))
    found.extend(_read(connection, later[:limit]))
    return [form for form in found if all(part in form.text for part in parts)], length


def _holding(connection: sqlite3.Connection, parts: Sequence[str]) -> int:
    """Return the numbers of the forms that hold the rarest pairs of each of these texts."""
    found = -1
    for part in parts:
        wanted = grams(part) - {_EDGE + part[:1], part[-1:] + _EDGE}
        if wanted:
            lists = _rarest(connection, wanted, _TELLING)
            if len(lists) < min(len(wanted), _TELLING):
                return 0
            for one in lists:
                found &= one
        else:
            # A single character stands before another one or before the end, in any form that holds it.
            query = "SELECT count, forms FROM term_grams WHERE gram BETWEEN ? AND ?"
            anywhere = 0
            for count, data in connection.execute(query, (part, part + chr(0x10FFFF))):
                anywhere |= postings.as_bits(count, data)
            found &= anywhere
    return max(found, 0)


def near(
    connection: sqlite3.Connection, text: str, errors: int, *, parts: bool = False, share: float = 0.0
) -> list[Form]:
    """Return every form within so many edits of a folded text, and others that share rare pairs with it.

    With `parts`, forms, too, of which a part is within so many edits of the text. `share` is how far the whole of a
    form must agree with the text to be near: of thousands that are, or are longer, those that share most pairs are
    given, the shortest first.

    One edit spoils at most two pairs, so of any m pairs of the text a form within k edits shares m - 2k
    (the count filter of Ukkonen 1992, "Approximate string-matching with q-grams and maximal matches").
    """
    wanted = grams(text) - ({_EDGE + text[:1], text[-1:] + _EDGE} if parts else set())
    most = 2 * errors + 1 + _SPARE
    lists = _rarest(connection, wanted, most)
    least = max(1, min(len(wanted), most) - 2 * errors)
    places = postings.counted(lists)
    (ordered,) = connection.execute("SELECT ordered FROM term_index").fetchone()
    last = _last_of_length(connection, ordered, int(len(text) / share)) if share else ordered
    whole, in_order = (1 << last + 1) - 1, (1 << ordered + 1) - 1
    numbers: list[int] = []
    # What changed since the forms were put in order may be of any length.
    for some, limit in ((whole, _NEAR_WHOLE), (in_order ^ whole, _NEAR_PARTS), (~in_order, _NEAR_WHOLE)):
        numbers.extend(_most_shared(places, some, range(len(lists), least - 1, -1), limit))
    return _read(connection, sorted(numbers))


def _most_shared(places: Sequence[int], some: int, levels: Iterable[int], limit: int) -> list[int]:
    """Return those of some numbers that were counted most often, down to the last level, and at most so many."""
    found: list[int] = []
    for level in levels:
        sharing = postings.at_least(places, level) & some
        found.extend(postings.members(sharing)[: limit - len(found)])
        if len(found) == limit:
            break
        some &= ~sharing
    return found


def _last_of_length(connection: sqlite3.Connection, high: int, length: int) -> int:
    """Return the last number, up to `high`, of a form of this length or shorter, of those in order of length."""
    low = 0
    query = "SELECT length(form) FROM term_forms WHERE number <= ? ORDER BY number DESC LIMIT 1"
    while low < high:
        middle = (low + high + 1) // 2
        found = connection.execute(query, (middle,)).fetchone()
        if found is None or found[0] <= length:
            low = middle
        else:
            high = middle - 1
    return low


def _rarest(connection: sqlite3.Connection, wanted: set[str], most: int) -> list[int]:
    """Return the posting lists of the rarest of these pairs, those that occur nowhere left out."""
    names = sorted(wanted)
    counts: list[tuple[int, str]] = []
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        query = f"SELECT count, gram FROM term_grams WHERE gram IN ({','.join('?' * len(part))})"  # noqa: S608 - marks only
        counts.extend(connection.execute(query, part))
    query = "SELECT count, forms FROM term_grams WHERE gram = ?"
    return [postings.as_bits(*connection.execute(query, (gram,)).fetchone()) for _, gram in sorted(counts)[:most]]


def _read(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[Form]:
    """Return the forms of these rising numbers, as far as they are still there, in this order."""
    found: list[Form] = []
    for start in range(0, len(numbers), _BATCH):
        part = ",".join(map(str, numbers[start : start + _BATCH]))
        found.extend(Form(*row) for row in connection.execute(f"{_FORM} WHERE number IN ({part}) ORDER BY number"))
    return found
