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
    from collections.abc import Sequence

    from numpy.typing import NDArray

# At and above this a katakana token and a capitalised word may be taken for the same name. Chosen on NTREX: 75% of
# the katakana-capitals pairs associated by co-occurrence reach it (not all of those are names: デザイナー goes with
# Fashion) and 0.7% of random pairs.
SIMILAR = 0.7

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
        ("shi", "ji", "chi", "ji", "tsu", "zu", "fu", "ya", "yu", "yo", "wa", "i", "e", "o", "n", "vu", "ka", "ga"),
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
    """Return kana in Hepburn romanisation, long vowels as written (おおの -> oono) and ー dropped.

    Other characters are dropped: text without kana gives an empty string.
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


_Steps = tuple[tuple[re.Pattern[str], str, str], ...]


def _steps(*rules: tuple[str, str] | tuple[str, str, str]) -> _Steps:
    """Compile rules: pattern, sound, and a letter without which the pattern cannot match (most words lack it)."""
    return tuple((re.compile(pattern), sound, "".join(letter)) for pattern, sound, *letter in rules)


# One letter a sound: C = ch, S = sh. Japanese tells neither l from r, b from v, s from th, nor long from short vowels.
_KANA_STEPS = _steps(
    (r"sh(?=i)|sh", "S", "s"),
    (r"ch", "C", "c"),
    (r"ts(?=u)", "t", "u"),
    (r"m(?=[bp])", "n", "m"),
    (r"v", "b", "v"),
    (r"si", "Si", "s"),
    (r"ou|oo", "o"),
    (r"([a-zA-Z])\1+", r"\1"),
)
_ENGLISH_STEPS = _steps(
    (r"^mc", "mak", "c"),
    (r"^(?:kn|gn)", "n", "n"),
    (r"^wr", "r", "w"),
    (r"^wh", "w", "w"),
    (r"^x", "z", "x"),
    (r"oh(?=[^aeiou]|$)", "o", "h"),
    (r"[ts]ions?$", "Son", "o"),
    (r"ssia|tia\b|cia$", "Sia", "i"),
    (r"sch(?=[^aeiou]|$)|sh|sch", "S", "h"),
    (r"ch(?=ae)", "k", "h"),
    (r"[tc]?ch(?=[aeiou])|tch|cz", "C", "c"),
    (r"ch", "k", "c"),
    (r"ph", "f", "p"),
    (r"th", "s", "h"),
    (r"ck", "k", "k"),
    (r"qu", "kw", "q"),
    (r"igh", "ai", "g"),
    (r"gh(?=[aeiou])", "g", "g"),
    (r"gh", "", "g"),
    (r"dg|dj|j", "j"),
    (r"g(?=[ei])", "j", "g"),
    (r"x", "ks", "x"),
    (r"sc(?=[eiy])|c(?=[eiy])", "s", "c"),
    (r"[cq]", "k"),
    (r"tsu", "tu", "u"),
    (r"m(?=[bp])", "n", "m"),
    (r"v", "b", "v"),
    (r"(?<=[a-zA-Z])(?<![aiuoe])y(?=$|[^aiueo])", "i", "y"),
    (r"(?<=[a-zA-Z]{2})e$", "", "e"),
    (r"(?:er|or|ar|re|ir|ur)$", "a", "r"),
    (r"ee|ea|ie$", "i", "e"),
    (r"oo", "u", "o"),
    (r"ou|ow|oa|au|aw", "o"),
    (r"ai|ay|ei|ey", "e"),
    (r"[eiu]r(?=[^aiueo])", "a", "r"),
    (r"ar(?=[^aiueo])", "a", "r"),
    (r"or(?=[^aiueo])", "o", "r"),
    (r"l", "r", "l"),
    (r"s(?=i)", "S", "s"),
    (r"z(?=i)", "j", "z"),
    (r"(?<=[SCj])y(?=[aiueo])|(?<=s)y(?=[aiueo])", "", "y"),
    (r"([a-zA-Z])\1+", r"\1"),
    # The vowels Japanese puts where it cannot end or join consonants: Donald -> donarudo.
    (r"(?<=[td])(?=[^aiueoyw]|$)", "o"),
    (r"(?<=[Cj])(?=[^aiueoyw]|$)", "i"),
    (r"(?<=[kgsSfbpmrzh])(?=[^aiueoyw]|$)", "u"),
)
# Spelled as Japanese is romanised, in whichever system: then every letter has its one value (Kaito, Shigeru, Ohno).
_ROMANISED = re.compile(
    r"(?:(?:[kgsztdnhbpmrl]y?|sh|ch|ts|[ywfvj]|(?<=t)ch)?[aiueo]+|n(?![aiueo])|m(?=[bp])|(?<=[ou])h(?![aiueo])|"
    r"([kstpgdb])(?=\1)|[tc](?=ch))+"
)
_ROMANISED_STEPS = _steps(
    (r"oh(?![aiueo])|ou|oo", "o"),
    (r"uh(?![aiueo])", "u"),
    (r"sh|sy|s(?=i)", "S"),
    (r"[tc]?ch|ty", "C"),
    (r"zy|jy|z(?=i)", "j"),
    (r"ts(?=u)", "t"),
    (r"m(?=[bp])", "n"),
    (r"l", "r"),
    (r"v", "b"),
    (r"([a-zA-Z])\1+", r"\1"),
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
    """Return the phonetic key of an English word; accents and a final 's are dropped."""
    return _apply(_ENGLISH_STEPS, _letters(word))


@lru_cache(maxsize=65536)
def keys_from_english(word: str) -> tuple[str, ...]:
    """Return the keys a word may have: as English, and letter by letter where it can be romanised Japanese."""
    letters, key = _letters(word), key_from_english(word)
    if _ROMANISED.fullmatch(letters) is None:
        return (key,)
    return tuple(dict.fromkeys((key, _apply(_ROMANISED_STEPS, letters))))


def _letters(word: str) -> str:
    """Return a word's letters a-z: lower case, without accents, apostrophes or the possessive ending."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'")).removesuffix("'s")
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def _apply(steps: _Steps, text: str) -> str:
    for pattern, sound, letter in steps:
        if letter in text:
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
    """Return the similarity of every reading with every word, shape (readings, words), from 0 to 1.

    Half is the agreement of the keys, half that of their consonants; a word of two keys counts by the better.
    """
    if not kanas or not words:
        return np.zeros((len(kanas), len(words)), dtype=np.float32)
    left = [key_from_kana(kana) for kana in kanas]
    choices = [keys_from_english(word) for word in words]
    right = [key for keys in choices for key in keys]
    scores = (_agreement(left, right) + _agreement(list(map(skeleton, left)), list(map(skeleton, right)))) / np.float32(
        2
    )
    scores[[not key for key in left], :] = 0
    scores[:, [not key for key in right]] = 0
    if len(right) > len(words):
        firsts = np.cumsum([0, *(len(keys) for keys in choices[:-1])])
        scores = np.maximum.reduceat(scores, firsts, axis=1)
    return scores


def _agreement(left: list[str], right: list[str]) -> NDArray[np.float32]:
    # Names are few to a sentence: threads would cost more than they give.
    scores = cdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)
    return np.asarray(scores, dtype=np.float32)
