"""English text as tokens for mining.

Articles and possessives are no tokens of their own: `promotion of the mutual understanding` and `promotion of mutual
understanding` have the same keys, and no phrase begins with `any`.
"""

from __future__ import annotations

import re

from tmalign.terms.english_verbs import stands_as_verb
from tmalign.terms.tokens import (
    ALONE,
    BEGIN,
    BREAK,
    COMMA,
    CONTENT,
    END,
    GLUED,
    NAME,
    PARTICLE,
    PREDICATE,
    Token,
    TokenisedText,
    tokenised,
)
from tmalign.text.width import fold
from tmalign.text.words import STOP_WORDS, stem

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z][A-Za-z]*-?\d+(?![^\W_])|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:'[^\W\d_]+)?|&"
)
_ARTICLES = frozenset("the a an any his her its their our my your this these such".split())  # noqa: SIM905 - reads best
# Words without content that a verb or a noun governs: they may close a formula.
_GOVERNED = frozenset(
    """that of from to on by for in with as at into against toward towards upon over about between through under among
    within during since until without""".split()  # noqa: SIM905 - likewise
)
_STOP = (STOP_WORDS - {"further"}) | _GOVERNED | {"per", "via", "&", "each", "both", "across"}
_TITLES = frozenset(("mr", "ms", "mrs", "dr", "h.e."))
_AMERICAN = (
    (re.compile(r"(?<=[a-z]{2})isation(s?)$"), r"ization\1"),
    (re.compile(r"(?<=[a-z]{3})is(e|ed|es|ing)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|ably|hood)?$"), r"or\1"),
    (re.compile(r"^(def|off)ence"), r"\1ense"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^centre(s?)$"), r"center\1"),
    (re.compile(r"lling$"), "ling"),
    (re.compile(r"lled$"), "led"),
)

# Nouns that are half of a preposition: in light of, as part of.
_COMPLEX_PREPOSITION = re.compile(
    r"\b(?:in|on|by|with|as|at|for)\s+(?:the\s+)?"
    r"(light|view|accordance|terms|regard|respect|behalf|part|spite|addition|response|line|face|lieu|place|means|"
    r"virtue|basis|wake|case|event|order|relation|connection|conjunction|course|result|reference|sake|purpose|time|"
    r"occasion)"
    r"\s+(?:of|to|with|from)\b",
    re.IGNORECASE,
)

_KEYS: dict[str, str] = {}
_KEYS_LIMIT = 400_000


def english_key(word: str) -> str:
    """Return the stem of a word's American spelling; dots of abbreviations are dropped."""
    known = _KEYS.get(word)
    if known is None:
        if len(_KEYS) >= _KEYS_LIMIT:
            _KEYS.clear()
        low = word.lower().replace(".", "").removesuffix("'s").removesuffix("'")
        for pattern, american in _AMERICAN:
            low = pattern.sub(american, low)
        known = _KEYS[word] = stem(low)
    return known


def tokenise_english(source: str) -> TokenisedText:
    """Analyse the English side."""
    text = fold(source, case=False).text
    tokens: list[Token] = []
    end = 0
    broken = False
    comma = 0
    before = ""
    in_prepositions = {match.start(1) for match in _COMPLEX_PREPOSITION.finditer(text)}
    for match in _TOKEN.finditer(text):
        word = match.group()
        low = word.lower()
        gap = text[end : match.start()]
        end = match.end()
        glued = gap in {"-", "/", "'"}
        comma |= COMMA if "," in gap else 0
        broken = broken or not (glued or gap.strip() in {"", ","})
        calls = "" if gap.strip() and not glued else before
        if not low.endswith("ly"):
            before = low
        if word[0].isdigit():
            broken = True
            continue
        if low in _ARTICLES and not glued:
            continue
        flags = _flags(word, low) | comma | (GLUED if glued else 0) | (BREAK if broken else 0)
        flags |= (PREDICATE if stands_as_verb(low, calls) else 0) | (ALONE if match.start() in in_prepositions else 0)
        broken = False
        comma = 0
        tokens.append(Token(english_key(word), match.start(), match.end(), flags))
    return tokenised(source, tokens)


def _flags(word: str, low: str) -> int:
    """Return what a word may do."""
    if low in _STOP:
        return PARTICLE if low in _GOVERNED else 0
    if low in _TITLES:
        return NAME
    return CONTENT | BEGIN | END | (NAME if word[0].isupper() else 0)
