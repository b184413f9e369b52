"""Word associations of one pair of documents: which Japanese unit may translate which English unit, and how surely.

All evidence about words meets in one sparse matrix over the words of the two documents: figures and Latin tokens that
are equal, dictionary entries, loanwords, names that sound alike, and word-translation probabilities learned from
bitext.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tmalign.align.tables import word_hashes
from tmalign.text.names import alike
from tmalign.text.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tmalign.align.lexicon import Lexicon
    from tmalign.align.vocabulary import Vocabulary

    Array = np.ndarray[Any, np.dtype[np.float32]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]

try:
    from tmalign.align import _association

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

# How much each source is worth as evidence that two words translate each other; measured on the tuning sets.
_EXACT = 1.0
_MONTH_AS_NUMBER = 0.7
_SIGN = 0.6
_LOAN = 0.8
_LEMMA = 0.9
_LEMMA_BESIDE_WORD = 0.5
_NAME_THRESHOLD = 0.72
_NAME_FLOOR = 0.3
_NAME_IN_LOWER_CASE = 0.8

_KEPT = 32_768  # forms of words that are kept


@dataclass(frozen=True, slots=True)
class Associations:
    """Pairs of units (Japanese `row`, English `column`), each once, sorted by row and column.

    `weight` in 0..1 is what all sources but bitext say; `to_en` and `to_ja` are translation probabilities.
    """

    row: Ints
    column: Ints
    weight: Array
    to_en: Array
    to_ja: Array


class Source(NamedTuple):
    """Pairs of units that one source tells of, in any order: by weight, by both probabilities, or by all of them."""

    row: Ints
    column: Ints
    weight: Array | None
    to_en: Array | None = None
    to_ja: Array | None = None


def associate(ja: Vocabulary, en: Vocabulary, lexicon: Lexicon) -> Associations:
    """Join all sources of word evidence for one pair of documents."""
    return with_bitext(linked(ja, en, lexicon), ja, en, lexicon)


def linked(ja: Vocabulary, en: Vocabulary, lexicon: Lexicon) -> Associations:
    """Join all sources but bitext of the texts at hand."""
    sources = [*_dictionary(ja, en, lexicon), _equal(ja, en), _names(ja, en)]
    row, column, to_en, to_ja = lexicon.background(ja.hashes, en.hashes)
    return joined((*sources, Source(row, column, None, to_en, to_ja)), len(ja.index), len(en.index))


def with_bitext(known: Associations, ja: Vocabulary, en: Vocabulary, lexicon: Lexicon) -> Associations:
    """Add what bitext of the texts at hand says of the two vocabularies."""
    learned = lexicon.corpus(ja.hashes, en.hashes)
    if learned is None:
        return known
    row, column, to_en, to_ja = learned
    before = Source(known.row, known.column, known.weight, known.to_en, known.to_ja)
    return joined((before, Source(row, column, None, to_en, to_ja)), len(ja.index), len(en.index))


def joined(sources: Sequence[Source], height: int, width: int, *, compiled: bool = COMPILED) -> Associations:
    """Join sources over a vocabulary of `height` and one of `width`: the best weight, the last one's probabilities."""
    if compiled:
        found = _association.join(tuple(sources), height, width)
        row, column = (np.frombuffer(part, dtype=np.int64) for part in found[:2])
        weight, to_en, to_ja = (np.frombuffer(part, dtype=np.float32) for part in found[2:])
        return Associations(row, column, weight, to_en, to_ja)
    row, column = (np.concatenate([source[k] for source in sources]) for k in (0, 1))
    weight = np.concatenate([_values(source, source.weight) for source in sources])
    to_en = np.concatenate([_values(source, source.to_en) for source in sources])
    to_ja = np.concatenate([_values(source, source.to_ja) for source in sources])
    told = np.concatenate([np.full(len(source.row), source.to_en is not None) for source in sources])
    cell, place = np.unique(row * max(1, width) + column, return_inverse=True)
    best, given_ja, given_en = (np.zeros(len(cell), dtype=np.float32) for _ in range(3))
    np.maximum.at(best, place, weight)
    given_ja[place[told]], given_en[place[told]] = to_en[told], to_ja[told]
    return Associations(cell // max(1, width), cell % max(1, width), best, given_ja, given_en)


def _values(source: Source, values: Array | None) -> Array:
    return np.zeros(len(source.row), dtype=np.float32) if values is None else values


def _equal(ja: Vocabulary, en: Vocabulary, *, compiled: bool = COMPILED) -> Source:
    """Link figures, signs, Latin words and loanwords with what they are in English."""
    units = *ja.alike, *ja.loans
    forms = *map(_same, ja.alike), *map(_borrowed, ja.loans.values())
    if compiled:
        row, column, weight = _association.meet(units, forms, ja.index, en.index)
        places = np.frombuffer(row, dtype=np.int64), np.frombuffer(column, dtype=np.int64)
        return Source(*places, np.frombuffer(weight, dtype=np.float32))
    links = [
        (ja.index[unit], en.index[form], weight)
        for unit, several in zip(units, forms, strict=True)
        for form, weight in several
        if form in en.index
    ]
    rows, columns, weights = zip(*links, strict=True) if links else ((), (), ())
    return Source(np.array(rows, np.int64), np.array(columns, np.int64), np.array(weights, np.float32))


@lru_cache(maxsize=_KEPT)
def _same(unit: str) -> tuple[tuple[str, float], ...]:
    """Return what a figure, a sign or a Latin word may be in English, and how well each fits."""
    return tuple(equal_keys(unit)) if unit[1:2] == ":" else ((stem(unit), _EXACT),)


@lru_cache(maxsize=_KEPT)
def _borrowed(loan: str) -> tuple[tuple[str, float], ...]:
    """Return what a loanword may be in English: the words that it was borrowed from."""
    return tuple((stem(word), _LOAN) for word in loan.split())


def equal_keys(key: str) -> Iterator[tuple[str, float]]:
    """Yield the English keys that a Japanese key may stand for, and how well each fits."""
    if key[0] == "S":
        yield key, _SIGN
        return
    yield key, _EXACT
    yield key[0].swapcase() + key[1:], _EXACT
    if key[0] == "M":
        yield "N:" + key[2:], _MONTH_AS_NUMBER


def _dictionary(ja: Vocabulary, en: Vocabulary, lexicon: Lexicon) -> Iterator[Source]:
    """Yield what the dictionary links: the units themselves, their kin, and by way of their lemmas."""
    units = np.array([ja.index[unit] for unit in ja.lemmas], dtype=np.int64)
    # The lemmas stand behind the units.
    hashes = np.concatenate([ja.hashes, word_hashes(ja.lemmas.values())])
    row, column, weight, listed = lexicon.links(hashes, en.hashes)
    size = len(ja.index)
    worth = np.ones(len(hashes), dtype=np.float32)
    worth[size:] = np.where(listed[units], _LEMMA_BESIDE_WORD, _LEMMA)
    yield Source(np.concatenate([np.arange(size), units])[row], column, weight * worth[row])
    yield Source(*lexicon.akin(ja.hashes, en.hashes))


def _names(ja: Vocabulary, en: Vocabulary) -> Source:
    """Link names that sound alike; one that is no loanword needs a capital."""
    left, right, sound = alike(ja.names.sound, en.names.sound, _NAME_THRESHOLD)
    upper = en.names.sure[right]
    keep = upper | ja.names.sure[left]
    score = (sound[keep].astype(np.float64) - _NAME_THRESHOLD) / (1 - _NAME_THRESHOLD) * (1 - _NAME_FLOOR) + _NAME_FLOOR
    score[~upper[keep]] *= _NAME_IN_LOWER_CASE
    return Source(ja.names.unit[left[keep]], en.names.unit[right[keep]], score.astype(np.float32))
