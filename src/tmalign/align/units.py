"""What a segment offers to the aligner: content words, compounds, names, figures, signs, and its length.

Units are strings in one namespace a language: a word's base form or stem as it is, figures as their canonical keys
(`N:3`, `M:6`), signs that both languages write as `S:?` and the like.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tmalign.align.headwords import Headwords
from tmalign.text.figures import readings
from tmalign.text.width import normalise
from tmalign.text.words import STOP_WORDS, MorphemeReader, analysis_fields, english_words, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tmalign.text.figures import Figure, Reading

try:
    from tmalign.align import _words
    from tmalign.text import _scan

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

_CONTENT = frozenset(("名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "接尾辞", "接頭辞", "感動詞", "連体詞"))
_LIGHT_VERBS = frozenset(("為る", "居る", "有る", "成る"))
_KATAKANA = frozenset("ー" + "".join(map(chr, range(ord("ァ"), ord("ヺ") + 1))))
# A compound may hold particles (気の毒) but neither begins nor ends with one, and no sign stands inside. Of longer
# runs with a particle or an auxiliary inside the dictionary lists two in a thousand: asking took a third of the time.
_LONGEST_COMPOUND = 6
_LONGEST_PHRASE = 3
_BREAKS = frozenset(("補助記号", "空白", "記号"))
_GRAMMAR = frozenset(("助詞", "助動詞"))

# Signs that both languages write, in the order of the bits of `_scan`: what shows them in Japanese, in English.
_SIGNS = {
    "S:!": (re.compile("!"), re.compile("!")),
    "S:(": (re.compile(r"\("), re.compile(r"\(")),
    "S::": (re.compile(":"), re.compile(":")),
    "S:%": (re.compile("%|パーセント"), re.compile("%|percent|per cent")),
    "S:$": (re.compile(r"\$|ドル"), re.compile(r"\$|dollar")),
    "S:y": (re.compile("円"), re.compile("¥|yen")),
    "S:?": (re.compile(r"\?|か[。」]*$"), re.compile(r"\?")),
    'S:"': (re.compile(r"[「『\"“]"), re.compile(r"\"|^'| '")),
}
_SIGNS_OF = [tuple(sign for bit, sign in enumerate(_SIGNS) if bits >> bit & 1) for bits in range(1 << len(_SIGNS))]


def _signs(text: str, side: int, *, compiled: bool = COMPILED) -> tuple[str, ...]:
    """Return the signs of a normalised text; `side` is 1 in Japanese, 2 in English."""
    if compiled:
        return _SIGNS_OF[_scan.signs(text, side == 1)]
    return tuple(sign for sign, shown in _SIGNS.items() if shown[side - 1].search(text))


class Name(NamedTuple):
    """A Japanese unit that may be a name: the unit it stands for, its reading, and whether it is a loanword."""

    unit: str
    reading: str
    katakana: bool


class Units(NamedTuple):
    """The units of one segment.

    `words` are counted; `compounds` stand beside the words they are made of; `names` (Japanese) and `capitals`
    (English: stem, word, begins with a capital) are candidates for matching by sound; `loans` and `lemmas` map
    words to other forms of themselves. `length` counts characters without spaces (Japanese) or with (English).
    """

    words: tuple[str, ...]
    length: int
    compounds: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    capitals: tuple[tuple[str, str, bool], ...] = ()
    loans: tuple[tuple[str, str], ...] = ()
    lemmas: tuple[tuple[str, str], ...] = ()


class Facts(NamedTuple):
    """What the aligner asks of a morpheme, worked out once for each distinct one."""

    surface: str
    base: str
    unit: str  # empty where it is no content word
    starts: bool  # may begin a compound
    breaks: bool  # may not stand in one
    particle: bool
    grammar: bool  # a particle or an auxiliary: a run that holds one is a phrase
    loan: str
    lemma: str  # empty where it is the base form
    name: Name | None
    katakana: bool
    reading: str  # of a proper noun; else empty


_FACTS_LIMIT = 50_000


# Makes a named tuple of its items: their own constructors take as long as all else that is done for a morpheme.
_made = tuple.__new__


def _facts(line: str) -> Facts | None:
    fields = analysis_fields(line)
    if fields is None:
        return None
    surface, pos, subpos, base, lemma, loan, reading = fields
    content = pos in _CONTENT
    unit = ""
    number = subpos == "数詞" or surface.isdigit()
    if content and not number and not (pos == "動詞" and lemma in _LIGHT_VERBS):
        unit = surface.lower() if surface.isascii() and surface.isalnum() else base
    katakana = surface[:1] in _KATAKANA and len(surface) > 1 and _KATAKANA.issuperset(surface)
    if subpos != "固有名詞":
        reading = ""
    name = None
    if unit and (katakana or reading):
        name = _made(Name, (unit, surface if katakana else reading, katakana))
    breaks, particle, grammar = pos in _BREAKS, pos == "助詞", pos in _GRAMMAR
    other = lemma if lemma != base else ""
    facts = (surface, base, unit, content, breaks, particle, grammar, loan, other, name, katakana, reading)
    return _made(Facts, facts)


@cache
def _morphemes() -> MorphemeReader[Facts]:
    return MorphemeReader(_facts, _FACTS_LIMIT)


def open_analysis() -> None:
    """Open MeCab: what two threads must not do at once."""
    _morphemes()


class Analysed(NamedTuple):
    """A normalised Japanese text and its morphemes."""

    plain: str
    morphemes: list[Facts]


def analysed(texts: Iterable[str]) -> list[Analysed]:
    """Take Japanese texts apart; nearly all of it is MeCab's work, beside which other threads go on."""
    plain = [normalise(text) for text in texts]
    return list(map(Analysed, plain, _morphemes().of_all(plain)))


def japanese_units(text: str, known: Callable[[str], bool]) -> Units:
    """Analyse a Japanese segment; `known` tells whether a dictionary lists a compound."""
    return units_of(analysed([text])[0], known)


def units_of(segment: Analysed, known: Callable[[str], bool]) -> Units:
    """Return the units of a Japanese segment that was taken apart."""
    plain, morphemes = segment
    words, names, compounds, loans, lemmas = _content(morphemes, known)
    for figure in readings(plain, "ja"):
        first, *others = figure_units(figure)
        words.append(first)
        compounds += others  # other readings of the same figure stand beside it, as compounds do
    words += _signs(plain, 1)
    length = len(plain) - plain.count(" ") or 1
    distinct = tuple(dict.fromkeys(compounds)) if compounds else ()
    forms = tuple(loans.items()), tuple(lemmas.items())
    return _made(Units, (tuple(words), length, distinct, tuple(names), (), *forms))


def _content(
    found: list[Facts], known: Callable[[str], bool], *, compiled: bool = COMPILED
) -> tuple[list[str], list[Name], list[str], dict[str, str], dict[str, str]]:
    """Return what morphemes give: words, names, listed compounds and joined names, loans and lemmas by word."""
    if compiled and isinstance(known, Headwords):
        words, names, compounds, loans, lemmas, joined = _words.content(
            found, known.keys, _LONGEST_COMPOUND, _LONGEST_PHRASE
        )
    else:
        content = [facts for facts in found if facts.unit]
        words = [facts.unit for facts in content]
        names = [facts.name for facts in content if facts.name is not None]
        compounds = _compounds(found, known)
        loans = {facts.unit: facts.loan for facts in content if facts.loan}
        lemmas = {facts.unit: facts.lemma for facts in content if facts.lemma}
        joined = [k for k, (first, second) in enumerate(pairwise(found)) if _join(first, second)]
    for k in joined:
        name = _joined(found[k], found[k + 1])
        names.append(name)
        compounds.append(name.unit)
    return words, names, compounds, loans, lemmas


def _compounds(found: list[Facts], known: Callable[[str], bool]) -> list[str]:
    """Return every run of two to six morphemes that the dictionary lists, in its written or its base form."""
    listed: list[str] = []
    for i, first in enumerate(found):
        if not first.starts:
            continue
        surface = first.surface
        phrase = False
        for size, m in enumerate(found[i + 1 : i + _LONGEST_COMPOUND], 2):
            if m.breaks or (phrase and size > _LONGEST_PHRASE):
                break
            if m.particle:
                surface += m.surface
                phrase = True
                continue
            base = surface + m.base
            surface += m.surface
            phrase = phrase or m.grammar
            if known(surface):
                listed.append(surface)
            elif base != surface and known(base):
                listed.append(base)
    return listed


def _join(first: Facts, second: Facts) -> bool:
    """Tell whether two neighbours are parts of one name: サン + ホセ, 東 + 京."""
    return (first.katakana and second.katakana) or bool(first.reading and second.reading)


def _joined(first: Facts, second: Facts) -> Name:
    surface = first.surface + second.surface
    if first.katakana and second.katakana:
        return Name(surface, surface, katakana=True)
    return Name(surface, first.reading + second.reading, katakana=False)


def figure_units(figure: Figure | Reading) -> list[str]:
    """Return a figure's keys as units; those of weak figures begin in lower case and are never missed."""
    return [key[0].lower() + key[1:] for key in figure.keys] if figure.weak else list(figure.keys)


# What the aligner asks of an English surface form: its unit (empty for a stop word or a number), and its capital form.
_Word = tuple[str, tuple[str, str, bool] | None]
_WORDS: dict[str, _Word] = {}


def _word(surface: str) -> _Word:
    low = surface.lower()
    stemmed = stem(low)
    number = surface[0].isdigit()
    capital = (stemmed, low.removesuffix("'s"), surface[0].isupper()) if len(surface) > 2 and not number else None
    if len(_WORDS) >= _FACTS_LIMIT:
        _WORDS.clear()
    word = _WORDS[surface] = ("" if number or low in STOP_WORDS else stemmed, capital)
    return word


def _english(text: str, *, compiled: bool = COMPILED) -> tuple[list[str], dict[tuple[str, str, bool], None]]:
    """Return the units of the words of a normalised text, and their capital forms, once each."""
    if compiled:
        return _scan.english_units(text, _WORDS, _word)
    found = [_WORDS.get(surface) or _word(surface) for surface in english_words(text)]
    return [unit for unit, _ in found if unit], dict.fromkeys(capital for _, capital in found if capital)


def english_units(text: str) -> Units:
    """Analyse an English segment."""
    plain = normalise(text)
    words, capitals = _english(plain)
    words += [figure_units(figure)[0] for figure in readings(plain, "en")]
    words += _signs(plain, 2)
    return _made(Units, (tuple(words), len(plain) or 1, (), (), tuple(capitals), (), ()))
