"""Do a Japanese reading and an English word sound alike? Romanisation, coarse phonetic keys, similarity."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# At and above this, a katakana token and a capitalised word of one NTREX bead are more often than not the same name;
# tests/text/test_names.py holds the cases, scripts and reports the measure.
SIMILAR = 0.66

_VOWELS = "aiueo"
_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
}
_IRREGULAR = dict(
    zip(
        "シジチヂツヅフヤユヨワヰヱヲンヴヵヶ",
        "shi ji chi ji tsu zu fu ya yu yo wa i e o n vu ka ga".split(),
        strict=True,
    )
)
_SMALL_VOWELS = dict(zip("ァィゥェォ", _VOWELS, strict=True))
_GLIDES = {"ャ": "a", "ュ": "u", "ョ": "o"}
# Consonants that a small vowel after these syllables leaves standing: ファ fa, ティ ti, ウィ wi.
_ONSETS = {
    "フ": "f",
    "ヴ": "v",
    "テ": "t",
    "デ": "d",
    "ト": "t",
    "ド": "d",
    "ウ": "w",
    "ツ": "ts",
    "ク": "kw",
    "グ": "gw",
    "シ": "sh",
    "ジ": "j",
    "チ": "ch",
    "ス": "s",
    "ズ": "z",
    "イ": "y",
    "ホ": "h",
}
_HEPBURN_GLIDES = {"シ": "sh", "ジ": "j", "チ": "ch", "ヂ": "j"}


def _syllables() -> dict[str, str]:
    """Return katakana syllables of one or two characters and their Hepburn romanisation."""
    table = {
        kana: consonant + vowel for consonant, row in _ROWS.items() for kana, vowel in zip(row, _VOWELS, strict=True)
    }
    table |= _IRREGULAR
    for kana, plain in list(table.items()):
        if plain.endswith("i") and len(plain) > 1:
            onset = _HEPBURN_GLIDES.get(kana, plain[:-1] + "y")
            table |= {kana + small: onset + vowel for small, vowel in _GLIDES.items()}
    for kana, onset in _ONSETS.items():
        table |= {kana + small: onset + vowel for small, vowel in _SMALL_VOWELS.items()}
    table |= {"フュ": "fyu", "テュ": "tyu", "デュ": "dyu", "ヴュ": "vyu"}
    return table | _SMALL_VOWELS | {small: "y" + vowel for small, vowel in _GLIDES.items()} | {"ヮ": "wa"}


_SYLLABLES = _syllables()
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@lru_cache(maxsize=65536)
def romaji(kana: str) -> str:
    """Return kana in Hepburn romanisation, long vowels as written (おおの -> oono), ー dropped, other characters dropped.

    Raises nothing: text without kana gives an empty string.
    """
    text = unicodedata.normalize("NFKC", kana).translate(_HIRAGANA)
    parts: list[str] = []
    doubled = False
    position = 0
    while position < len(text):
        width = 2 if text[position : position + 2] in _SYLLABLES else 1
        syllable = _SYLLABLES.get(text[position : position + width], "")
        if text[position] == "ッ":
            doubled = True
        elif syllable:
            if doubled and syllable[0] not in _VOWELS:
                parts.append("t" if syllable.startswith("ch") else syllable[0])
            parts.append(syllable)
            doubled = False
        position += width
    return "".join(parts)


# One letter a sound: C = ch, S = sh. Japanese tells neither l from r, b from v, s from th, nor long from short vowels.
_KANA_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sh(?=i)|sh", "S"),
        (r"ch", "C"),
        (r"ts(?=u)", "t"),
        (r"m(?=[bp])", "n"),
        (r"v", "b"),
        (r"si", "Si"),
        (r"ou|oo", "o"),
        (r"([a-zA-Z])\1+", r"\1"),
    )
)
_ENGLISH_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"'s$|'", ""),
        (r"[^a-z]", ""),
        (r"^mc", "mak"),
        (r"^(?:kn|gn)", "n"),
        (r"^wr", "r"),
        (r"^wh", "w"),
        (r"^x", "z"),
        (r"oh(?=[^aeiou]|$)", "o"),
        (r"[ts]ions?$", "Son"),
        (r"ssia|tia\b|cia$", "Sia"),
        (r"sch(?=[^aeiou]|$)|sh|sch", "S"),
        (r"tch|ch(?=[aeiou])|cz", "C"),
        (r"ch", "k"),
        (r"ph", "f"),
        (r"th", "s"),
        (r"ck", "k"),
        (r"qu", "kw"),
        (r"igh", "ai"),
        (r"gh(?=[aeiou])", "g"),
        (r"gh", ""),
        (r"dg|dj|j", "j"),
        (r"g(?=[ei])", "j"),
        (r"x", "ks"),
        (r"sc(?=[eiy])|c(?=[eiy])", "s"),
        (r"[cq]", "k"),
        (r"tsu", "tu"),
        (r"m(?=[bp])", "n"),
        (r"l", "r"),
        (r"v", "b"),
        (r"(?<=[a-zA-Z])(?<![aiuoe])y(?=$|[^aiueo])", "i"),
        (r"(?<=[a-zA-Z]{2})e$", ""),
        (r"(?:er|or|ar|re|ir|ur)$", "a"),
        (r"ee|ea|ie(?=[^aiueo])", "i"),
        (r"oo", "u"),
        (r"ou|ow|oa|au|aw", "o"),
        (r"ai|ay|ei|ey", "e"),
        (r"[eiu]r(?=[^aiueo])", "a"),
        (r"ar(?=[^aiueo])", "a"),
        (r"or(?=[^aiueo])", "o"),
        (r"si", "Si"),
        (r"([a-zA-Z])\1+", r"\1"),
    )
)
_SKELETON = str.maketrans(
    {"S": "s", "C": "t", "j": "s", "z": "s", "g": "k", "d": "t", "b": "p", "f": "p", "m": "n"}
    | dict.fromkeys("aiueohyw")
)
_REPEAT = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def key_from_kana(kana: str) -> str:
    """Return the phonetic key of a reading in kana, comparable with `key_from_english`."""
    return _apply(_KANA_STEPS, romaji(kana))


@lru_cache(maxsize=65536)
def key_from_english(word: str) -> str:
    """Return the phonetic key of an English word or a romanised name; accents and a final 's are dropped."""
    letters = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    return _apply(_ENGLISH_STEPS, "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _apply(steps: tuple[tuple[re.Pattern[str], str], ...], text: str) -> str:
    for pattern, sound in steps:
        text = pattern.sub(sound, text)
    return text


@lru_cache(maxsize=65536)
def skeleton(key: str) -> str:
    """Return the consonants of a key, those that loanwords confuse made one."""
    return _REPEAT.sub(r"\1", key.translate(_SKELETON))


def similarity(kana: str, word: str) -> float:
    """Return how alike a reading and a word sound, from 0 to 1. Empty on either side gives 0."""
    return float(similarities([kana], [word])[0, 0])


def similarities(kanas: Sequence[str], words: Sequence[str]) -> NDArray[np.float32]:
    """Return the similarity of every reading with every word, shape (readings, words), from 0 to 1."""
    if not kanas or not words:
        return np.zeros((len(kanas), len(words)), dtype=np.float32)
    left, right = [key_from_kana(kana) for kana in kanas], [key_from_english(word) for word in words]
    scores = cdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)
    scores += cdist(
        list(map(skeleton, left)),
        list(map(skeleton, right)),
        scorer=Indel.normalized_similarity,
        dtype=np.float32,
        workers=1,
    )
    scores *= np.float32(0.5)
    scores[[not key for key in left], :] = 0
    scores[:, [not key for key in right]] = 0
    return np.asarray(scores, dtype=np.float32)
