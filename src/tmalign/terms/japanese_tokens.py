"""Japanese text as tokens for mining: UniDic's morphemes, and which of them a phrase may begin or end with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tmalign.terms.tokens import (
    ABSORBED,
    ALONE,
    BEGIN,
    BREAK,
    CASE,
    CONTENT,
    COPULA,
    END,
    GLUED,
    NAME,
    NOUN,
    PARTICLE,
    PREDICATE,
    RANK,
    VERB,
    Token,
    TokenisedText,
    tokenised,
)
from tmalign.text.width import fold
from tmalign.text.words import morphemes

if TYPE_CHECKING:
    from tmalign.text.words import Morpheme


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLOSED = frozenset(")）」』")
_INNER_SIGNS = frozenset("・&/-=＝‐–~.")
# Verbs that only carry another word: する after a noun, いく after て.
_LIGHT = _words("する いる いく くる まいる おる ある いたす なる できる れる みる")
_VERB_MAKERS = _words("する いたす 致す できる")
# Verbs that are half of a particle: について, に対し, における, による, に関する.
_PARTICLE_VERBS = _words(
    "つく おく 於く 対する たいする 関する かんする よる 依る つける 際する あたる 当たる もつ わたる 係る かかる とる"
)
# The same with a meaning of their own: に基づき, を踏まえ. Alone they are a phrase; at the end of one they dangle.
_PARTICLE_LIKE = _words(
    """基づく もとづく 踏まえる 通じる 通ずる 向ける 伴う 巡る めぐる 応じる 応ずる 沿う 加える 含む 際す 限る 即する
    鑑みる"""
)
# What ends the name of an office or a person's rank.
_RANKS = _words(
    """大臣 首相 大統領 長官 総理 大使 議長 官 次官 長 司令 記者 外相 国王 氏 議員 知事 国防相 防衛相 陛下 殿下 政務官
    報道官 空将 海将 陸将 相"""
)
_KATAKANA = re.compile(r"[ァ-ヺー・＝=]+")
_LOOSE_PREFIXES = _words("両 同 各 当 本 前 元 現 全 約 第 毎")
_HONORIFICS = _words("お 御 ご")
# Suffixes that any noun takes, part of no name.
_LOOSE_SUFFIXES = _words("等 など ら 氏 様 殿 さん")
# Nouns without a meaning of their own begin nothing and end nothing.
_FORMAL_NOUNS = _words("こと もの ところ ため よう の とき 際 うち ほか 場合 上 等 とも 下 もと 旨 方 方々")
# Formal nouns that close a clause: 概要は以下のとおり.
_CLOSING_NOUNS = _words("とおり 通り")
_POINTING = _words("この その あの どの こうした そうした このような そのような 当該 本 同 ある いわゆる")
_OUR = _words("わが 我が")
_DENIALS = _words("ない ぬ ん ず まい")
_CASES = _words("は を が も に へ から まで")
_LINKING = _words("及び かつ 並びに 又は または および 且つ ならびに")


def tokenise_japanese(source: str) -> TokenisedText:
    """Analyse the Japanese side."""
    found = morphemes(fold(source, case=False).text)
    tokens: list[Token] = []
    broken = False
    for position, m in enumerate(found):
        if m.pos in {"補助記号", "空白"} and m.surface not in _INNER_SIGNS and not _inner_comma(found, position):
            broken = True
            continue
        if m.surface[0].isdigit():
            # G7 is a name; other figures are no part of a fixed phrase.
            if broken or not tokens or not _latin_before(tokens[-1], m):
                broken = True
                continue
            flags = GLUED | NOUN | END
        else:
            flags = _flags(m, found, position)
            if broken and position and found[position - 1].surface[-1:].isdigit():
                flags &= ~BEGIN  # a counter, or 万 of 20万, is half of a figure
            if broken and len(m.surface) == 1 and position and found[position - 1].surface in _CLOSED:
                flags &= ~BEGIN  # 外 of 排他的経済水域（ＥＥＺ）外 is a suffix
        tokens.append(Token(_key(m), m.start, m.start + len(m.surface), flags | (BREAK if broken else 0)))
        broken = False
    return tokenised(source, tokens)


def _latin_before(token: Token, m: Morpheme) -> bool:
    return token.end == m.start and token.key.isascii() and token.key.isalpha()


def _inner_comma(found: list[Morpheme], position: int) -> bool:
    """Tell whether a comma stands inside a chain of modifiers: 完全な、検証可能な、かつ、不可逆的な."""
    if found[position].surface != "、" or not 0 < position < len(found) - 1:
        return False
    before, after = found[position - 1], found[position + 1]
    return (
        (before.pos == "助動詞" and before.surface == "な") or before.surface in _LINKING or after.surface in _LINKING
    )


def _key(m: Morpheme) -> str:
    return m.surface.lower() if m.surface.isascii() else m.base


def _flags(m: Morpheme, found: list[Morpheme], position: int) -> int:
    """Return what a morpheme may do."""
    pos = m.pos
    if pos == "名詞" or (pos == "記号" and m.surface.isalnum()):
        return _noun(m, found, position)
    if pos == "動詞":
        flags = _verb(m, found, position)
        return flags & ~END if _denied(found, position) else flags
    if pos in {"接尾辞", "接頭辞", "形状詞"}:
        after = found[position + 1] if position + 1 < len(found) else None
        return _part(m, before_auxiliary=after is not None and after.pos == "助動詞")
    if pos in {"形容詞", "副詞"} or (pos == "連体詞" and m.base not in _POINTING):
        return BEGIN | (CONTENT if m.base not in _OUR else 0)
    auxiliary = ABSORBED | (COPULA if m.base in {"だ", "です"} else 0)
    return {"助動詞": auxiliary, "助詞": _particle(m, found, position)}.get(pos, 0)


def _particle(m: Morpheme, found: list[Morpheme], position: int) -> int:
    if _as(found, position):
        return PARTICLE | END
    # への, からの and のみ join nouns; alone these particles want a verb.
    joins = position + 1 < len(found) and found[position + 1].surface == "の"
    return PARTICLE | (CASE if m.surface in _CASES and not joins else 0)


def _noun(m: Morpheme, found: list[Morpheme], position: int) -> int:
    flags = NOUN | (RANK if m.base in _RANKS else 0)
    if m.base in _CLOSING_NOUNS:
        return flags | CONTENT | END | VERB
    if m.subpos == "固有名詞" or (_KATAKANA.fullmatch(m.surface) and _of_person(found, position)):
        flags |= NAME
    if position and found[position - 1].base in _OUR:
        flags |= GLUED  # 国 of 我が国
    if m.base in _FORMAL_NOUNS:
        return flags
    after = found[position + 1] if position + 1 < len(found) else None
    # 強く非難 is half of 強く非難する.
    makes_verb = after is not None and after.pos == "動詞" and after.base in _VERB_MAKERS
    if makes_verb:
        return flags | CONTENT | BEGIN | PREDICATE
    done = [m.base for m in found[position + 1 : position + 3]] == ["を", "行う"]
    return flags | CONTENT | BEGIN | END | (PREDICATE if done else 0)


def _denied(found: list[Morpheme], position: int) -> bool:
    """Tell whether a verb is denied (忘れません): without its ending it would say the opposite."""
    for m in found[position + 1 :]:
        if m.pos != "助動詞":
            return False
        if m.base in _DENIALS:
            return True
    return False


def _as(found: list[Morpheme], position: int) -> bool:
    """Tell whether として ends here: a particle, not a form of する."""
    if not 2 <= position < len(found) or found[position].surface != "て":
        return False
    goes_on = position + 1 < len(found) and found[position + 1].pos == "動詞"
    return found[position - 1].surface == "し" and found[position - 2].surface == "と" and not goes_on


def _verb(m: Morpheme, found: list[Morpheme], position: int) -> int:
    before = found[position - 1] if position else None
    governed = before is not None and before.pos == "助詞" and before.surface in {"に", "を"}
    if governed and m.base in _PARTICLE_VERBS:
        return VERB
    if governed and m.base in _PARTICLE_LIKE:
        return CONTENT | BEGIN | VERB | END | ALONE | PREDICATE
    if before is not None and _as(found, position + 1):
        return 0
    if m.base in _LIGHT:
        carried = before is not None and before.surface in {"て", "で"}
        return VERB if carried else VERB | END
    return CONTENT | BEGIN | VERB | END | PREDICATE


def _part(m: Morpheme, *, before_auxiliary: bool) -> int:
    """Return the flags of a prefix, a suffix or an adjectival noun."""
    if m.pos == "形状詞":
        return CONTENT | BEGIN | NOUN | (0 if before_auxiliary else END)
    if m.pos == "接頭辞":
        if m.base in _LOOSE_PREFIXES:
            return 0
        return BEGIN | NOUN | (0 if m.base in _HONORIFICS else CONTENT)
    if m.base in _LOOSE_SUFFIXES:
        return 0
    adjectival = m.subpos == "形状詞的"
    flags = GLUED | NOUN | (0 if adjectival else CONTENT) | (RANK if m.base in _RANKS else 0)
    return flags | (0 if adjectival and before_auxiliary else END)


def _of_person(found: list[Morpheme], position: int) -> bool:
    """Tell whether the compound that goes on from here ends with a rank: ローゼンフェルト国防大臣."""
    end = position
    while end + 1 < len(found) and found[end + 1].pos in {"名詞", "接尾辞", "接頭辞"}:
        end += 1
    return end > position and found[end].base in _RANKS
