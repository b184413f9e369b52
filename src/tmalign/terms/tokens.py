"""Tokens for mining: both sides of a unit as keys that inflection, width and spelling do not change.

A Japanese key is the morpheme's base form, an English one the stem of the American spelling. Articles and
possessives are no tokens of their own: `promotion of the mutual understanding` and `promotion of mutual
understanding` have the same keys. What may begin or end a phrase is written beside each token as flags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tmalign.text.width import fold
from tmalign.text.words import STOP_WORDS, morphemes, stem

if TYPE_CHECKING:
    from tmalign.text.words import Morpheme

# Flags of a token. CONTENT takes part in word links. Spans never cross BREAK, which stands on the token *before* which
# the text is cut. GLUED belongs to the token before it: no phrase begins here, and none ends just before.
CONTENT, BEGIN, END, VERB, BREAK, GLUED, NOUN, NAME, PARTICLE, ABSORBED, ALONE, RANK, CASE, COPULA, PREDICATE = (
    1 << bit for bit in range(15)
)


class Token(NamedTuple):
    """A token: its key, the characters [start, end) of the folded text, and its flags."""

    key: str
    start: int
    end: int
    flags: int


@dataclass(frozen=True, slots=True)
class TokenisedText:
    """One side of a unit: the text with its width folded (case kept), a way back, and the tokens."""

    source: str
    text: str
    tokens: tuple[Token, ...]
    offsets: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the source behind characters of `text`."""
        if not self.offsets or start >= end:
            return start, end
        return self.offsets[start][0], self.offsets[end - 1][1]


_INNER_SIGNS = frozenset("・&/-=＝‐–~.")
_NOMINAL = frozenset(("名詞", "接尾辞", "接頭辞", "形状詞", "記号"))
# Verbs that only carry another one: する after a noun, いく and いる after て.
_LIGHT = frozenset(("する", "いる", "いく", "くる", "まいる", "おる", "ある", "いたす", "なる", "できる", "れる", "みる"))
_VERB_MAKERS = frozenset(("する", "いたす", "できる", "致す"))
# Suffixes that any noun takes, part of no name.
_LOOSE_SUFFIXES = frozenset(("等", "など", "ら", "氏", "様", "殿", "さん"))
# Verbs that are half of a particle: について, に対し, における, による, に関する.
_PARTICLE_VERBS = frozenset(("つく", "おく", "於く", "対する", "たいする", "関する", "かんする", "よる", "依る", "つける", "際する",
                             "あたる", "当たる", "もつ", "わたる", "係る", "かかる", "とる"))
# The same with a meaning of their own: に基づき, を踏まえ. Alone they are a phrase; at the end of one they dangle.
_PARTICLE_LIKE = frozenset(("基づく", "もとづく", "踏まえる", "通じる", "通ずる", "向ける", "伴う", "巡る", "めぐる", "応じる",
                            "応ずる", "沿う", "加える", "含む", "際す", "限る", "即する", "鑑みる"))
# What ends the name of an office or a person's rank.
_RANKS = frozenset(("大臣", "首相", "大統領", "長官", "総理", "大使", "議長", "官", "次官", "長", "司令", "記者", "外相", "国王",
                    "氏", "議員", "知事", "国防相", "防衛相", "陛下", "殿下", "政務官", "報道官", "空将", "海将", "陸将", "相"))
_KATAKANA = re.compile(r"[ァ-ヺー・＝=]+")
_LOOSE_PREFIXES = frozenset(("両", "同", "各", "当", "本", "前", "元", "現", "全", "約", "第", "毎"))
_HONORIFICS = frozenset(("お", "御", "ご"))
# Nouns without a meaning of their own begin nothing and end nothing.
_FORMAL_NOUNS = frozenset(("こと", "もの", "ところ", "ため", "よう", "の", "とき", "際", "うち", "ほか", "場合", "上", "等", "とも"))
_CLOSING_NOUNS = frozenset(("とおり", "通り"))
_LINKING = frozenset(("及び", "かつ", "並びに", "又は", "または", "および", "且つ", "ならびに"))


def tokenise_japanese(source: str) -> TokenisedText:
    """Analyse the Japanese side."""
    folded = fold(source, case=False)
    found = morphemes(folded.text)
    tokens: list[Token] = []
    broken = False
    for position, m in enumerate(found):
        if m.pos in {"補助記号", "空白"} and m.surface not in _INNER_SIGNS and not _inner_comma(found, position):
            broken = True
            continue
        if m.surface[0].isdigit():
            # G7 is a name; other figures are no part of a fixed phrase.
            latin = bool(tokens) and tokens[-1].end == m.start and tokens[-1].key.isascii() and tokens[-1].key.isalpha()
            if not latin or broken:
                broken = True
                continue
            flags = GLUED | NOUN | END
        else:
            flags = _japanese_flags(m, found, position)
        if broken:
            flags |= BREAK
            broken = False
        tokens.append(Token(_japanese_key(m), m.start, m.start + len(m.surface), flags))
    return TokenisedText(source, folded.text, tuple(tokens), folded.offsets)


def _inner_comma(found: list[Morpheme], position: int) -> bool:
    """Tell whether a comma stands inside a chain of modifiers: 完全な、検証可能な、かつ、不可逆的な."""
    if found[position].surface != "、" or not 0 < position < len(found) - 1:
        return False
    before, after = found[position - 1], found[position + 1]
    return (before.pos == "助動詞" and before.surface == "な") or before.surface in _LINKING or after.surface in _LINKING


def _japanese_key(m: Morpheme) -> str:
    return m.surface.lower() if m.surface.isascii() else m.base


def _japanese_flags(m: Morpheme, found: list[Morpheme], position: int) -> int:
    """Return the flags of a morpheme."""
    pos, after = m.pos, found[position + 1] if position + 1 < len(found) else None
    if pos == "名詞" or (pos == "記号" and m.surface.isalnum()):
        flags = NOUN | (RANK if m.base in _RANKS else 0)
        if m.base in _CLOSING_NOUNS:
            return flags | CONTENT | END
        if m.base not in _FORMAL_NOUNS:
            # 強く非難 is half of 強く非難する.
            makes_verb = after is not None and after.pos == "動詞" and after.base in _VERB_MAKERS
            flags |= CONTENT | BEGIN | (PREDICATE if makes_verb else END)
        if m.subpos == "固有名詞" or (_KATAKANA.fullmatch(m.surface) and _of_person(found, position)):
            flags |= NAME
        return flags
    if pos == "形状詞":
        return CONTENT | BEGIN | NOUN | (0 if after is not None and after.pos == "助動詞" else END)
    if pos == "接尾辞":
        if m.base in _LOOSE_SUFFIXES:
            return 0
        adjectival = m.subpos == "形状詞的" and after is not None and after.pos == "助動詞"
        flags = GLUED | NOUN | (0 if m.subpos == "形状詞的" else CONTENT) | (RANK if m.base in _RANKS else 0)
        return flags | (0 if adjectival else END)
    if pos == "接頭辞":
        if m.base in _LOOSE_PREFIXES:
            return 0
        return BEGIN | NOUN | (0 if m.base in _HONORIFICS else CONTENT)
    if pos == "動詞":
        before = found[position - 1] if position else None
        governed = before is not None and before.pos == "助詞" and before.surface in {"に", "を"}
        if governed and m.base in _PARTICLE_VERBS:
            return 0
        if governed and m.base in _PARTICLE_LIKE:
            return CONTENT | BEGIN | VERB | END | ALONE | PREDICATE
        if m.base in _LIGHT:
            carried = before is not None and before.surface in {"て", "で"}
            return VERB if carried else VERB | END
        return CONTENT | BEGIN | VERB | END | PREDICATE
    if pos in {"形容詞", "副詞"}:
        return CONTENT | BEGIN
    if pos == "助動詞":
        return ABSORBED | (COPULA if m.base in {"だ", "です"} else 0)
    if pos == "助詞":
        return PARTICLE | (CASE if m.surface in {"は", "を", "が", "も"} else 0)
    return 0


def _of_person(found: list[Morpheme], position: int) -> bool:
    """Tell whether the compound that goes on from here ends with a rank: ローゼンフェルト国防大臣."""
    end = position
    while end + 1 < len(found) and found[end + 1].pos in {"名詞", "接尾辞", "接頭辞"}:
        end += 1
    return end > position and found[end].base in _RANKS


_EN_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[A-Z][A-Za-z]*-?\d+(?![^\W_])|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:'[^\W\d_]+)?|&")
# Part of the next word, not words: the key of a phrase does not change with them.
ARTICLES = frozenset(("the", "a", "an", "any", "his", "her", "its", "their", "our", "my", "your", "this", "these", "such"))
_TITLES = frozenset(("mr", "ms", "mrs", "dr"))
# Words that hold no content but that a verb or noun governs: they may close a formula.
GOVERNED = frozenset(
    ("that", "of", "from", "to", "on", "by", "for", "in", "with", "as", "at", "into", "against", "toward", "towards",
     "upon", "over", "about", "between", "through", "under", "among", "within", "during", "since", "until", "without")
)
_EN_STOP = STOP_WORDS | GOVERNED | {"between", "within", "among", "through", "per", "via", "&", "each", "both", "across"}
_AMERICAN = (
    (re.compile(r"(?<=[a-z]{2})isation(s?)$"), r"ization\1"),
    (re.compile(r"(?<=[a-z]{3})is(e|ed|es|ing)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|ably|hood)?$"), r"or\1"),
    (re.compile(r"^(def|off)ence"), r"\1ense"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^cent(?:re)(s?)$"), r"center\1"),
    (re.compile(r"lling$"), "ling"),
    (re.compile(r"lled$"), "led"),
)


def english_key(word: str) -> str:
    """Return the stem of a word's American spelling; dots of abbreviations are dropped."""
    low = word.lower().replace(".", "").removesuffix("'s").removesuffix("'")
    for pattern, american in _AMERICAN:
        low = pattern.sub(american, low)
    return stem(low)


def tokenise_english(source: str) -> TokenisedText:
    """Analyse the English side."""
    folded = fold(source, case=False)
    text = folded.text
    tokens: list[Token] = []
    end = 0
    broken = False
    for match in _EN_TOKEN.finditer(text):
        word = match.group()
        low = word.lower()
        gap = text[end : match.start()]
        end = match.end()
        glued = gap in {"-", "/", "'"}
        broken = broken or not (glued or gap.strip() in {"", ","})
        if word[0].isdigit():
            broken = True
            continue
        if low in ARTICLES and not glued:
            continue
        flags = _english_flags(word, low)
        if glued:
            flags |= GLUED
        if broken:
            flags |= BREAK
            broken = False
        tokens.append(Token(english_key(word), match.start(), match.end(), flags))
    return TokenisedText(source, text, tuple(tokens), folded.offsets)


def _english_flags(word: str, low: str) -> int:
    if low in _EN_STOP:
        return PARTICLE if low in GOVERNED else 0
    if low in _TITLES:
        return NAME
    return CONTENT | BEGIN | END | (NAME if word[0].isupper() else 0)
