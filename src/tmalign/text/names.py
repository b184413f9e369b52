"""Do a Japanese reading and an English word sound alike? Romanisation, coarse phonetic keys, similarity."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float32]

try:
    from tmalign.text import _names, _sounds

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False

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


_Rule = tuple[str, tuple[tuple[str, str, str], ...]]
_Rules = tuple[_Rule, ...]


def _rule(sound: str, *forms: str) -> _Rule:
    """Read a rule: what is written in one of the forms `BEHIND<TEXT>AHEAD`, the first that fits, is made `sound`.

    What stands behind is `^` (the beginning), `..` (two letters), letters (one of these) or `!` and letters (another
    letter); ahead `$` (the end), letters, `!` and letters (anything else) or `~` and letters (another letter).
    A rule without forms makes one of letters that repeat.
    """
    read = []
    for form in forms:
        behind, _, rest = form.rpartition("<")
        text, _, ahead = rest.partition(">")
        read.append((behind, text, ahead))
    return sound, tuple(read)


_ONCE = _rule("")

# One letter a sound: C = ch, S = sh. Japanese tells neither l from r, b from v, s from th, nor long from short vowels.
_KANA_RULES = (
    _rule("S", "sh"),
    _rule("C", "ch"),
    _rule("t", "ts>u"),
    _rule("n", "m>bp"),
    _rule("b", "v"),
    _rule("Si", "si"),
    _rule("o", "ou", "oo"),
    _ONCE,
)
_ENGLISH_RULES = (
    _rule("mak", "^<mc"),
    _rule("n", "^<kn", "^<gn"),
    _rule("r", "^<wr"),
    _rule("w", "^<wh"),
    _rule("z", "^<x"),
    _rule("o", "oh>!aeiou"),
    _rule("Son", "tions>$", "tion>$", "sions>$", "sion>$"),
    _rule("Sia", "ssia", "tia>$", "cia>$"),
    _rule("S", "sch", "sh"),
    _rule("kae", "chae"),
    _rule("C", "tch>aeiou", "cch>aeiou", "ch>aeiou", "tch", "cz"),
    _rule("k", "ch"),
    _rule("f", "ph"),
    _rule("s", "th"),
    _rule("k", "ck"),
    _rule("kw", "qu"),
    _rule("ai", "igh"),
    _rule("g", "gh>aeiou"),
    _rule("", "gh"),
    _rule("j", "dg", "dj", "j"),
    _rule("j", "g>ei"),
    _rule("ks", "x"),
    _rule("s", "sc>eiy", "c>eiy"),
    _rule("k", "c", "q"),
    _rule("tu", "tsu"),
    _rule("n", "m>bp"),
    _rule("b", "v"),
    _rule("i", "!aiuoe<y>!aiueo"),
    _rule("", "..<e>$"),
    _rule("a", "er>$", "or>$", "ar>$", "re>$", "ir>$", "ur>$"),
    _rule("i", "ee", "ea", "ie>$"),
    _rule("u", "oo"),
    _rule("o", "ou", "ow", "oa", "au", "aw"),
    _rule("e", "ai", "ay", "ei", "ey"),
    _rule("a", "er>~aiueo", "ir>~aiueo", "ur>~aiueo"),
    _rule("a", "ar>~aiueo"),
    _rule("o", "or>~aiueo"),
    _rule("r", "l"),
    _rule("S", "s>i"),
    _rule("j", "z>i"),
    _rule("", "SCjs<y>aiueo"),
    _ONCE,
    # The vowels Japanese puts where it cannot end or join consonants: Donald -> donarudo.
    _rule("o", "td<>!aiueoyw"),
    _rule("i", "Cj<>!aiueoyw"),
    _rule("u", "kgsSfbpmrzh<>!aiueoyw"),
)
# Spelled as Japanese is romanised, in whichever system: then every letter has its one value (Kaito, Shigeru, Ohno).
_ROMANISED = re.compile(
    r"(?:(?:[kgsztdnhbpmrl]y?|sh|ch|ts|[ywfvj]|(?<=t)ch)?[aiueo]+|n(?![aiueo])|m(?=[bp])|(?<=[ou])h(?![aiueo])|"
    r"([kstpgdb])(?=\1)|[tc](?=ch))+"
)
_LAST_ROMANISED = "aiueonh"
_ROMANISED_RULES = (
    _rule("o", "oh>!aiueo", "ou", "oo"),
    _rule("u", "uh>!aiueo"),
    _rule("S", "sh", "sy", "s>i"),
    _rule("C", "tch", "cch", "ch", "ty"),
    _rule("j", "zy", "jy", "z>i"),
    _rule("t", "ts>u"),
    _rule("n", "m>bp"),
    _rule("r", "l"),
    _rule("b", "v"),
    _ONCE,
)
_SKELETON_RULES = (
    _rule("s", "S", "j", "z"),
    _rule("k", "g"),
    _rule("t", "C", "d"),
    _rule("p", "b", "f"),
    _rule("n", "m"),
    _rule("", *"aiueohyw"),
    _ONCE,
)


class Sound(NamedTuple):
    """A phonetic key, and its consonants, those that loanwords confuse made one."""

    key: str
    skeleton: str


def key_from_kana(kana: str) -> str:
    """Return the phonetic key of a reading in kana, comparable with `key_from_english`."""
    return _sounds_of_kana([kana])[0].key


def key_from_english(word: str) -> str:
    """Return the phonetic key of an English word; accents and a final 's are dropped."""
    return keys_from_english(word)[0]


def keys_from_english(word: str) -> tuple[str, ...]:
    """Return the keys a word may have: as English, and letter by letter where it can be romanised Japanese."""
    return tuple(sound.key for sound in _sounds_of_english([word])[0])


# What was worked out before: most words of a text have been asked for.
_OF_KANA: dict[str, Sound] = {}
_OF_ENGLISH: dict[str, tuple[Sound, ...]] = {}
_MOST_KEPT = 65_536


def _missing(wanted: Sequence[str], kept: dict[str, Any]) -> list[str]:
    """Return what is not kept yet, once each; make room for it."""
    if all(map(kept.get, wanted)):  # no sound is nothing
        return []
    fresh = [one for one in dict.fromkeys(wanted) if one not in kept]
    if len(kept) + len(fresh) > _MOST_KEPT:
        kept.clear()
        return list(dict.fromkeys(wanted))
    return fresh


def _sounds_of_kana(kanas: Sequence[str]) -> list[Sound]:
    fresh = _missing(kanas, _OF_KANA)
    if fresh:
        keys = _apply(_KANA_RULES, [romaji(kana) for kana in fresh])
        _OF_KANA.update(zip(fresh, map(Sound, keys, _apply(_SKELETON_RULES, keys)), strict=True))
    return list(map(_OF_KANA.__getitem__, kanas))


def _sounds_of_english(words: Sequence[str]) -> list[tuple[Sound, ...]]:
    fresh = _missing(words, _OF_ENGLISH)
    if fresh:
        letters = [_letters(word) for word in fresh]
        # Two words in three end as no romanised one does.
        romanised = [k for k, text in enumerate(letters) if text[-1:] in _LAST_ROMANISED and _ROMANISED.fullmatch(text)]
        keys = _apply(_ENGLISH_RULES, letters) + _apply(_ROMANISED_RULES, [letters[k] for k in romanised])
        sounds = list(map(Sound, keys, _apply(_SKELETON_RULES, keys)))
        _OF_ENGLISH.update((word, (sound,)) for word, sound in zip(fresh, sounds, strict=False))
        for k, sound in zip(romanised, sounds[len(fresh) :], strict=True):
            if sound != sounds[k]:
                _OF_ENGLISH[fresh[k]] = (sounds[k], sound)
    return list(map(_OF_ENGLISH.__getitem__, words))


def _letters(word: str) -> str:
    """Return a word's letters a-z: lower case, without accents, apostrophes or the possessive ending."""
    plain = word.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.replace("’", "'"))
    plain = plain.removesuffix("'s")
    if plain.isalpha() and plain.isascii():
        return plain
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def _apply(rules: _Rules, words: Sequence[str], *, compiled: bool = COMPILED) -> list[str]:
    """Apply rules to words, one rule after the other."""
    if compiled:
        return _sounds.apply(rules, words)
    # One word at a time, starting a search would take most of the time: no pattern matches a line break where it would
    # not match the end of a text.
    text = "\n".join(words)
    for pattern, sound in _patterns(rules):
        text = pattern.sub(sound, text)
    return text.split("\n") if words else []


@cache
def _patterns(rules: _Rules) -> list[tuple[re.Pattern[str], str]]:
    return [
        (
            re.compile("|".join(_pattern(*form) for form in forms) or r"([a-zA-Z])\1+", re.MULTILINE),
            sound if forms else r"\1",
        )
        for sound, forms in rules
    ]


def _pattern(behind: str, text: str, ahead: str) -> str:
    if behind.startswith("!"):
        behind = f"(?<=[a-zA-Z])(?<![{behind[1:]}])"
    elif behind != "^":
        behind = {"": "", "..": "(?<=[a-zA-Z]{2})"}.get(behind, f"(?<=[{behind}])")
    if ahead.startswith("!"):
        ahead = f"(?=[^{ahead[1:]}]|$)"
    elif ahead.startswith("~"):
        ahead = f"(?=[^{ahead[1:]}\n])"
    elif ahead not in {"", "$"}:
        ahead = f"(?=[{ahead}])"
    return behind + text + ahead


def skeleton(key: str) -> str:
    """Return the consonants of a key, those that loanwords confuse made one."""
    return _apply(_SKELETON_RULES, [key])[0]


def similarity(kana: str, word: str) -> float:
    """Return how alike a reading and a word sound, from 0 to 1. Empty on either side gives 0."""
    return float(similarities([kana], [word])[0, 0])


def similarities(kanas: Sequence[str], words: Sequence[str]) -> NDArray[np.float32]:
    """Return the similarity of every reading with every word, shape (readings, words), from 0 to 1.

    Half is the agreement of the keys, half that of their consonants; a word of two keys counts by the better.
    """
    if not kanas or not words:
        return np.zeros((len(kanas), len(words)), dtype=np.float32)
    left = _sounds_of_kana(kanas)
    choices = _sounds_of_english(words)
    right = [sound for sounds in choices for sound in sounds]
    scores = _agreement([sound.key for sound in left], [sound.key for sound in right])
    scores += _agreement([sound.skeleton for sound in left], [sound.skeleton for sound in right])
    scores /= np.float32(2)
    scores[[not sound.key for sound in left], :] = 0
    scores[:, [not sound.key for sound in right]] = 0
    if len(right) > len(words):
        firsts = np.cumsum([0, *(len(sounds) for sounds in choices[:-1])])
        scores = np.maximum.reduceat(scores, firsts, axis=1)
    return scores


def alike(
    kanas: Sequence[str], words: Sequence[str], least: float, *, compiled: bool = COMPILED
) -> tuple[Ints, Ints, Floats]:
    """Return index into `kanas`, index into `words` and similarity of the pairs at least so similar, in order.

    `least` is above 0.
    """
    if compiled:
        found = _names.alike(tuple(_sounds_of_kana(kanas)), tuple(_sounds_of_english(words)), least)
        left, right = (np.frombuffer(part, dtype=np.int64) for part in found[:2])
        return left, right, np.frombuffer(found[2], dtype=np.float32)
    scores = similarities(kanas, words)
    left, right = np.nonzero(scores >= np.float32(least))
    return left, right, scores[left, right]


def _agreement(left: list[str], right: list[str]) -> NDArray[np.float32]:
    # Names are few to a sentence: threads would cost more than they give.
    scores = cdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)
    return np.asarray(scores, dtype=np.float32)
