"""Which English words stand as verbs, told by the word before them: no tagger is needed to see that much."""

from __future__ import annotations

from tmalign.text.words import STOP_WORDS, is_irregular

_BEFORE_VERBS = frozenset(
    """will would shall should can could may might must not do does did to they we he she it who which i you
    is are was were be been being has have had having""".split()  # noqa: SIM905 - words read best as words
)
_BEFORE_GERUNDS = frozenset(
    """in by of for while on at from toward towards through when before after and further""".split()  # noqa: SIM905
)
_BEFORE_NOUNS = frozenset("the a an any his her its their our my your this these such".split())  # noqa: SIM905
_IRREGULAR_NOUNS = frozenset(
    "children men women people feet lives wives better best worse worst dead".split()  # noqa: SIM905
)


def stands_as_verb(word: str, before: str) -> bool:
    """Tell whether a word in lower case stands as a verb behind another (empty where the text begins or breaks)."""
    if word in STOP_WORDS or word in _IRREGULAR_NOUNS or word.endswith("ly"):
        return False
    if before in _BEFORE_VERBS:
        return True
    if word.endswith("ing"):
        return before in _BEFORE_GERUNDS
    past = word.endswith("ed") or is_irregular(word)
    return past and bool(before) and before not in _BEFORE_NOUNS and before not in STOP_WORDS
