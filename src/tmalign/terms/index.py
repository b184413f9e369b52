"""The index over the forms of all terms: exact look-up, parts of two characters and more, and near forms.

Each form is stored in one width, kana and case. A posting list tells for every pair of neighbouring characters
which forms hold it; a form's two edges count as a character, so that single characters are found, too.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from sys import byteorder
from typing import TYPE_CHECKING, NamedTuple

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
# Above so many changed terms, making the index anew is quicker than mending it.
MENDED = 200


class Form(NamedTuple):
    """A form that was found: the key of its term, its language, and its folded text."""

    term: str
    language: str
    text: str


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
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    rows = []
    number = 0
    for key, entry in entries:
        for language, form in forms(entry):
            number += 1
            rows.append((number, key, language, form))
            for gram in grams(form):
                postings[gram].append(number)
    connection.executemany("INSERT INTO term_forms VALUES (?, ?, ?, ?)", rows)
    connection.executemany(
        "INSERT INTO term_grams VALUES (?, ?, ?)",
        ((gram, len(numbers), _packed(numbers)) for gram, numbers in sorted(postings.items())),
    )


def mend(connection: sqlite3.Connection, changed: Iterable[tuple[str, TermEntry | None]]) -> None:
    """Put the forms of these terms in place of the earlier ones; None where the term is gone."""
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM term_forms").fetchone()
    number = int(last)
    for key, entry in changed:
        connection.execute("DELETE FROM term_forms WHERE term = ?", (key,))
        for language, form in () if entry is None else forms(entry):
            number += 1
            connection.execute("INSERT INTO term_forms VALUES (?, ?, ?, ?)", (number, key, language, form))
            for gram in grams(form):
                postings[gram].append(number)
    for gram, numbers in sorted(postings.items()):
        row = connection.execute("SELECT forms FROM term_grams WHERE gram = ?", (gram,)).fetchone()
        joined = array("I", sorted({*(_unpacked(row[0]) if row else ()), *numbers}))
        connection.execute("INSERT OR REPLACE INTO term_grams VALUES (?, ?, ?)", (gram, len(joined), _packed(joined)))


def exact(connection: sqlite3.Connection, text: str) -> list[Form]:
    """Return the forms that are this folded text."""
    found = connection.execute("SELECT term, language, form FROM term_forms WHERE form = ? ORDER BY number", (text,))
    return [Form(*row) for row in found]


def holding(connection: sqlite3.Connection, text: str, limit: int) -> list[Form]:
    """Return at most `limit` forms that hold this folded text, the shortest first."""
    wanted = grams(text) - {_EDGE + text[:1], text[-1:] + _EDGE}
    if not wanted:
        # A single character: with what stands before it, in the middle, at the end or at the start.
        query = "SELECT term, language, form FROM term_forms WHERE instr(form, ?)"
        rows = connection.execute(query + " ORDER BY length(form), number LIMIT ?", (text, limit))
        return [Form(*row) for row in rows]
    lists = _rarest(connection, wanted, 4)
    if len(lists) < min(len(wanted), 4):
        return []
    numbers = set(lists[0]).intersection(*lists[1:])
    # There may be thousands: only those that are wanted become forms.
    held = [(len(row[2]), row[2], row) for row in _rows(connection, numbers) if text in row[2]]
    held.sort()
    return [Form(*row) for _, _, row in held[:limit]]


def near(connection: sqlite3.Connection, text: str, errors: int, *, parts: bool = False) -> list[Form]:
    """Return every form within so many edits of a folded text, and others that share rare pairs with it.

    With `parts`, every form, too, of which a part is within so many edits of the text.

    One edit spoils at most two pairs, so of any m pairs of the text a form within k edits shares m - 2k
    (the count filter of Ukkonen 1992, "Approximate string-matching with q-grams and maximal matches").
    """
    wanted = grams(text) - ({_EDGE + text[:1], text[-1:] + _EDGE} if parts else set())
    most = 2 * errors + 1 + _SPARE
    lists = _rarest(connection, wanted, most)
    least = max(1, min(len(wanted), most) - 2 * errors)
    shared: Counter[int] = Counter()
    # A form that is in `least` lists is in one of these, the shorter ones; the longer ones need not be counted whole.
    enough = max(0, len(lists) - least + 1)
    for numbers in lists[:enough]:
        shared.update(numbers)
    for numbers in lists[enough:]:
        shared.update(shared.keys() & numbers)
    return _read(connection, [number for number, count in shared.items() if count >= least])


def _rarest(connection: sqlite3.Connection, wanted: set[str], most: int) -> list[array[int]]:
    """Return the posting lists of the rarest of these pairs, those that occur nowhere left out."""
    names = sorted(wanted)
    counts: list[tuple[int, str]] = []
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        query = f"SELECT count, gram FROM term_grams WHERE gram IN ({','.join('?' * len(part))})"  # noqa: S608 - marks only
        counts.extend(connection.execute(query, part))
    missing = len(names) - len(counts)
    rarest = sorted(counts)[: max(0, most - missing)] if missing < most else []
    return [
        _unpacked(connection.execute("SELECT forms FROM term_grams WHERE gram = ?", (gram,)).fetchone()[0])
        for _, gram in rarest
    ]


def _read(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[Form]:
    """Return the forms of these numbers, as far as they are still there."""
    return [Form(*row) for row in _rows(connection, numbers)]


def _rows(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[tuple[str, str, str]]:
    """Return term, language and text of the forms of these numbers."""
    names: Sequence[int] = sorted(numbers)
    found: list[tuple[str, str, str]] = []
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        query = "SELECT term, language, form FROM term_forms WHERE number IN "
        found.extend(connection.execute(query + f"({','.join(map(str, part))})"))
    return found


def _packed(numbers: array[int]) -> bytes:
    """Return four bytes a number, low byte first."""
    if byteorder == "big":
        numbers = array("I", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _unpacked(data: bytes) -> array[int]:
    """Return the numbers of such bytes."""
    numbers = array("I")
    numbers.frombytes(data)
    if byteorder == "big":
        numbers.byteswap()
    return numbers
