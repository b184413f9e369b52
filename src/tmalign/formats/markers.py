"""List markers at the beginning of a block: what numbers, letters and signs are not part of its text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIGIT: Final = r"[0-9０-９]"
_GAP: Final = r"[ 　\t\xa0]"
_COUNTER: Final = (
    r"(?:(?:時|分|秒|年|月|日|週|歳|名|人|回|件|億|万|千|百|兆|円|つ|機|隻|基|台|個|点|倍|割)(?![一-鿿])|(?:年|月|日|時|分|週|回|人)[間目前後以]|[かカヶケ箇ヵ][国所月年]"
    r"|％|%|ポイント|キロ|メートル|トン|ドル|ユーロ|[~〜～])"
)
_NOT_WORD: Final = (
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b|(?:Million|Billion|Trillion|Hours?|Days?|Years?"
    r"|Minutes?|Members?|Yen|USD|EUR|JPY|A\.?M|P\.?M)\b"
)
# 1.12月4日から: a date, not a decimal, behind the number of an item.
_DATE: Final = rf"{_DIGIT}{{1,4}}年{_DIGIT}|{_DIGIT}{{1,2}}月{_DIGIT}{{1,2}}日"
_NOTES: Final = re.compile(
    rf"""
    [(（]\s*[※＊*]\s*{_DIGIT}{{0,2}}\s*[)）]
    | [(（]\s*注\s*[:：]?\s*{_DIGIT}{{0,2}}\s*[)）]
    | [(（](?i:Notes?\s?\d{{0,2}})[)）]
    | [(（](?:参考|備考|(?i:References?))\s?{_DIGIT}{{0,2}}[)）]
    | (?:写真|参考|出典)\s?{_DIGIT}{{0,2}}(?:[:：]|(?=\u3000))
    | ※\s?{_DIGIT}{{1,2}}(?:[.．:：)）]|(?={_GAP}))
    | ※[:：]?
    | 注\s?{_DIGIT}{{0,2}}\s?(?:[)）:：.．]|(?={_GAP}))
    | (?:備考|脚注)\s?{_DIGIT}{{0,2}}\s?[:：]
    | (?:Notes?|NOTES?|N\.B\.|NB|Photos?|References?)\s?\d{{0,2}}\s?[:：.](?!\w)
    | (?:Note|NOTE)\s\d{{1,2}}(?={_GAP}+\S)
    | [*＊]{{1,3}}{_DIGIT}{{0,2}}(?=[\s　]*[^\s*＊])(?![^*＊]*[*＊])
    """,
    re.VERBOSE,
)
_ITEMS: Final = re.compile(
    rf"""
    [(（\[［〔【<＜](?:{_DIGIT}{{1,2}}|[ぁ-んァ-ン]|[一二三四五六七八九十]{{1,3}}|[a-zA-Zａ-ｚＡ-Ｚ]|[ivx]{{2,4}}|[IVX]{{2,4}}|[①-⑳])[)）\]］〕】>＞]
    | [①-⑳㉑-㉟㊱-㊿❶-❿➀-➓⑴-⒇⒈-⒛ⓐ-ⓩⒶ-Ⓩ]
    | {_DIGIT}{{1,2}}(?:[-－‐–.．]{_DIGIT}{{1,2}}){{1,3}}(?:[.．)）](?!{_DIGIT})|(?={_GAP}+(?!{_COUNTER}|{_NOT_WORD})[^\sa-z0-9０-９]))
    | {_DIGIT}{{1,2}}(?:[.．](?![0-9０-９])|[)）]|、(?![0-9０-９一二三四五六七八九十数]))(?!{_COUNTER})
    | {_DIGIT}{{1,2}}[.．](?={_DATE})
    | {_DIGIT}{{1,2}}(?=\u3000{_DIGIT}{{1,4}}(?![0-9０-９\s　]|$)[^\u3000]*$)
    | {_DIGIT}{{1,2}}(?={_GAP}+(?!{_COUNTER}|{_NOT_WORD})[^\sa-z0-9０-９(（&%$<>=+×*/.,、。:;-])
    | {_DIGIT}{{1,2}}(?={_GAP}*[(（]{_DIGIT}{{1,2}}[)）])
    | [ア-ン](?:[.．)）、]|(?={_GAP}))
    | [一二三四五六七八九十]{{1,3}}(?:[.．、)）](?![一二三四五六七八九十数])|(?={_GAP}))
    | 第[0-9０-９一二三四五六七八九十]{{1,3}}(?:[章節部条項編]|(?={_GAP}))(?=[\s　（(])
    | [Ⅰ-Ⅻⅰ-ⅻ](?:[-－]{_DIGIT}{{1,2}})?(?:[.．、)）]|(?={_GAP}))
    | [IVX]{{2,4}}(?:[.)]|(?={_GAP}+[A-Z]))(?!\S)
    | [a-zａ-ｚ][.．)）](?=[\s　])(?!\s[a-z]\.)
    | [ａ-ｚ](?=\u3000)
    | [ivx]{{2,4}}[.)](?=\s)
    | [A-ZＡ-Ｚ][)）](?=\S|\s)
    | [・･●◎■□◆◇▼▽▶►▷▸★☆•‣◦▪▫◾◽∙⚫➢➤✓✔]
    | [○〇▲△](?![0-9０-９.．])
    | [-‐−–—－ー＋+](?={_GAP}+\S)(?!{_GAP}+{_DIGIT}+\s?(?:degrees?|°|度|%|％))
    """,
    re.VERBOSE,
)
_CAPITAL: Final = re.compile(r"[A-ZＡ-Ｚ][.．](?=[\s　])")
_INNER: Final = re.compile(rf"{_GAP}*(?:[(（](?:{_DIGIT}{{1,2}}|[ア-ン])[)）]|[①-⑳])")
# （１）及び（２）については、①と②は: the text speaks of items and is none.
_MENTION: Final = re.compile(r"(?:及び|並びに|又は|または|から|と|、|～|〜)\s?(?:[(（][0-9０-９ァ-ン]{1,2}[)）]|[①-⑳])")
_BRACKETED: Final = re.compile(r"([(（\[［])([0-9０-９]{1,2}|[a-z])([)）\]］])")
_SPACE: Final = " 　\t\n\xa0"
# A number that stands alone, in a cell, counts something if it is larger.
_LARGEST: Final = 40


def split_marker(text: str, *, listed: bool = False) -> tuple[str, int]:
    """Return the marker that begins `text` and the offset at which the text proper begins.

    ('', 0) where there is none, or nothing but a marker. `listed` says that the text stands in a list or a
    heading, where a capital with a stop (`A.`) is a marker and not somebody's initial. '１５時', '1.5', '2023年',
    '3 ministers', '○○大臣' and '▲３．５％' begin with no marker.
    """
    match = _NOTES.match(text) or _ITEMS.match(text) or (_CAPITAL.match(text) if listed else None)
    if not match:
        return "", 0
    end = match.end()
    if len(match[0]) == 1 and not match[0].isalnum() and text[end : end + 1] == match[0]:
        return "", 0  # ○○大臣, ・・・, ——
    if _MENTION.match(text, end) or _enumerates(match[0], text[end:]):
        return "", 0
    if match[0][0].isdigit() and (inner := _INNER.match(text, end)):
        end = inner.end()
    marker = text[:end].rstrip(_SPACE)
    start = end + len(text[end:]) - len(text[end:].lstrip(_SPACE))
    return (marker, start) if start < len(text) else ("", 0)


def is_note(marker: str) -> bool:
    """Whether a marker is that of a note (※, 注, Note:, *)."""
    return bool(marker) and bool(_NOTES.match(marker + "\u3000x"))


def shape(marker: str) -> str:
    """Return the style of a numbering, the same for all its members: `（１）` and `（２）` give `（1）`; '' for bullets."""
    if len(marker) == 1 and not marker.isalnum() and not "①" <= marker <= "❿":
        return ""
    plain = unicodedata.normalize("NFKC", marker)
    for members, sign in (
        (r"[0-9]+", "1"),
        (r"[ァ-ヺ]", "ア"),
        (r"[一二三四五六七八九十]+", "一"),
        (r"[a-z]+", "a"),
        (r"[A-Z]+", "A"),
    ):
        plain = re.sub(members, sign, plain)
    return plain + ("①" if not marker.isascii() and "①" <= marker[0] <= "❿" else "")


def is_marker(text: str) -> bool:
    """Whether `text` is a marker and nothing else, as in the first cell of a row."""
    bare = text.strip(_SPACE)
    if bare.isdecimal() and not 0 < int(bare) <= _LARGEST:
        return False
    return 0 < len(bare) <= 8 and split_marker(bare + "　概要", listed=True) == (bare, len(bare) + 1)


def _enumerates(marker: str, rest: str) -> bool:
    """Whether `rest` goes on with the next number: then it is an enumeration inside a sentence."""
    match = _BRACKETED.fullmatch(marker)
    if not match:
        return False
    following = str(int(match[2]) + 1) if match[2].isdigit() else chr(ord(match[2]) + 1)
    wide = following.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    return any(match[1] + number + match[3] in rest for number in (following, wide))
