"""What a segment offers to the aligner: content words, compounds, names, figures, signs, and its length.

Units are strings in one namespace a language: a word's base form or stem as it is, figures as their canonical keys
(`N:3`, `M:6`), signs that both languages write as `S:?` and the like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tmalign.text.figures import figures
from tmalign.text.width import normalise
from tmalign.text.words import STOP_WORDS, Morpheme, english_tokens, morphemes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tmalign.text.figures import Figure

_CONTENT = frozenset(("名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "接尾辞", "接頭辞", "感動詞", "連体詞"))
_LIGHT_VERBS = frozenset(("為る", "居る", "有る", "成る"))
_KATAKANA = re.compile(r"[ァ-ヺー]{2,}")
_LATIN = re.compile(r"[a-z0-9]+")
# A compound may hold particles (気の毒) but neither begins nor ends with one, and no sign stands inside.
_LONGEST_COMPOUND = 6
_BREAKS = frozenset(("補助記号", "空白", "記号"))

_JA_SIGNS = (
    ("S:?", re.compile(r"\?|か[。」]*$")),
    ("S:!", re.compile(r"!")),
    ('S:"', re.compile(r"[「『\"“]")),
    ("S:(", re.compile(r"\(")),
    ("S::", re.compile(r":")),
    ("S:%", re.compile(r"%|パーセント")),
    ("S:$", re.compile(r"\$|ドル")),
    ("S:y", re.compile(r"円")),
)
_EN_SIGNS = (
    ("S:?", re.compile(r"\?")),
    ("S:!", re.compile(r"!")),
    ('S:"', re.compile(r"\"|^'| '")),
    ("S:(", re.compile(r"\(")),
    ("S::", re.compile(r":")),
    ("S:%", re.compile(r"%|per ?cent")),
    ("S:$", re.compile(r"\$|dollar")),
    ("S:y", re.compile(r"¥|\byen\b")),
)
_ANY_SIGN = re.compile(r"[?!\"“「『(:%$¥円か]|パーセント|ドル|yen\b|dollar|per ?cent|'")


class Name(NamedTuple):
    """A Japanese unit that may be a name: the unit it stands for, its reading, and whether it is a loanword."""

    unit: str
    reading: str
    katakana: bool


@dataclass(frozen=True, slots=True)
class Units:
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


def japanese_units(text: str, known: Callable[[str], bool]) -> Units:
    """Analyse a Japanese segment; `known` tells whether a dictionary lists a compound."""
    plain = normalise(text)
    words: list[str] = []
    names: list[Name] = []
    loans: dict[str, str] = {}
    lemmas: dict[str, str] = {}
    found = morphemes(plain)
    for m in found:
        if m.pos not in _CONTENT or m.subpos == "数詞" or m.surface.isdigit():
            continue
        if m.pos == "動詞" and m.lemma in _LIGHT_VERBS:
            continue
        low = m.surface.lower()
        unit = low if _LATIN.fullmatch(low) else m.base
        words.append(unit)
        if m.loan:
            loans[unit] = m.loan
        if m.lemma != m.base:
            lemmas[unit] = m.lemma
        names += _names(m, unit)
    compounds = list(_compounds(found, known))
    for name in _joined_names(found):
        names.append(name)
        compounds.append(name.unit)
    for figure in figures(plain, "ja"):
        first, *others = figure_units(figure)
        words.append(first)
        compounds += others  # other readings of the same figure stand beside it, as compounds do
    if _ANY_SIGN.search(plain):
        words += [sign for sign, pattern in _JA_SIGNS if pattern.search(plain)]
    return Units(
        words=tuple(words),
        length=max(1, len(plain) - plain.count(" ")),
        compounds=tuple(dict.fromkeys(compounds)),
        names=tuple(names),
        loans=tuple(loans.items()),
        lemmas=tuple(lemmas.items()),
    )


def _names(m: Morpheme, unit: str) -> Iterator[Name]:
    """Yield the unit as a name where it may be one: a proper noun, or any word in katakana."""
    if _KATAKANA.fullmatch(m.surface):
        yield Name(unit, m.surface, katakana=True)
    elif m.subpos == "固有名詞" and m.reading:
        yield Name(unit, m.reading, katakana=False)


def _compounds(found: list[Morpheme], known: Callable[[str], bool]) -> Iterator[str]:
    """Yield every run of two to six morphemes that the dictionary lists, in its written or its base form."""
    for i, first in enumerate(found):
        if first.pos not in _CONTENT:
            continue
        surface = first.surface
        for m in found[i + 1 : i + _LONGEST_COMPOUND]:
            if m.pos in _BREAKS:
                break
            base = surface + m.base
            surface += m.surface
            if m.pos == "助詞":
                continue
            if known(surface):
                yield surface
            elif base != surface and known(base):
                yield base


def _joined_names(found: list[Morpheme]) -> Iterator[Name]:
    """Yield neighbouring parts of names as one: サン + ホセ, 東 + 京."""
    for first, second in pairwise(found):
        joined = first.surface + second.surface
        if _KATAKANA.fullmatch(first.surface) and _KATAKANA.fullmatch(second.surface):
            yield Name(joined, joined, katakana=True)
        elif first.subpos == second.subpos == "固有名詞" and first.reading and second.reading:
            yield Name(joined, first.reading + second.reading, katakana=False)


def figure_units(figure: Figure) -> list[str]:
    """Return a figure's keys as units; those of weak figures begin in lower case and are never missed."""
    return [key[0].lower() + key[1:] for key in figure.keys] if figure.weak else list(figure.keys)


def english_units(text: str) -> Units:
    """Analyse an English segment."""
    plain = normalise(text)
    words: list[str] = []
    capitals: dict[tuple[str, str, bool], None] = {}
    for token in english_tokens(plain):
        surface = token.surface
        if surface[0].isdigit():
            continue
        low = surface.lower()
        if low not in STOP_WORDS:
            words.append(token.stem)
        if len(surface) > 2:
            capitals[token.stem, low.removesuffix("'s"), surface[0].isupper()] = None
    words += [figure_units(figure)[0] for figure in figures(plain, "en")]
    if _ANY_SIGN.search(plain):
        words += [sign for sign, pattern in _EN_SIGNS if pattern.search(plain)]
    return Units(words=tuple(words), length=max(1, len(plain)), capitals=tuple(capitals))
