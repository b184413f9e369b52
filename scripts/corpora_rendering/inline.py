"""Sentences to inline markup: entities, inline tags, and lines broken in the source as older editors left them."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpora_rendering.authored import Language
    from corpora_rendering.choice import Choice

# Readings over names (those of invented persons in the samples) and rarer words.
READINGS = {
    "浜岡": "はまおか",
    "篠塚": "しのづか",
    "三枝": "さえぐさ",
    "大槻": "おおつき",
    "佐伯": "さえき",
    "高倉": "たかくら",
    "沖津": "おきつ",
    "栗林": "くりばやし",
    "弓削": "ゆげ",
    "鳴海": "なるみ",
    "羽鳥": "はとり",
    "真壁": "まかべ",
    "柏原": "かしわばら",
    "檜山": "ひやま",
    "会談": "かいだん",
    "醸成": "じょうせい",
    "強靱": "きょうじん",
    "拉致": "らち",
    "哨戒機": "しょうかいき",
    "護衛艦": "ごえいかん",
    "寄港": "きこう",
    "練度": "れんど",
}
_STRESSED = {
    "ja": (
        "自由で開かれたインド太平洋",
        "共同訓練",
        "海洋安全保障",
        "情報共有",
        "前年度比",
        "能力構築支援",
        "相互理解",
    ),
    "en": ("Free and Open Indo-Pacific", "joint exercise", "maritime security", "increase", "cooperation", "dialogue"),
}
_LINKED = {
    "ja": re.compile(r"共同声明|覚書|共同発表|協定|白書|大綱|予算案|計画|枠組み"),
    "en": re.compile(
        r"\b(?:[Jj]oint [Ss]tatement|[Mm]emorandum|[Aa]greement|[Ww]hite [Pp]aper|[Pp]rogram|[Ff]ramework)\b"
    ),
}
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9.&'-]*(?: [A-Za-z][A-Za-z0-9.&'-]*)*")
_NEVER_FIRST = "、。，．・：」』）〕】！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_NEVER_LAST = "「『（〔【"
_TITLE_SPACE = re.compile(r"(?<=\bMr\.|\bMs\.|\bDr\.|\bNo\.) (?=\S)")
_NAMED = {
    "“": "&ldquo;",
    "”": "&rdquo;",
    "‘": "&lsquo;",
    "’": "&rsquo;",
    "–": "&ndash;",
    "—": "&mdash;",
    "…": "&hellip;",
    "é": "&eacute;",
    "ü": "&uuml;",
    "ö": "&ouml;",
    "ã": "&atilde;",
    "×": "&times;",
    "°": "&deg;",
}


@dataclass(slots=True)
class Decorator:
    """Inline habits of one page. `wrap` is the source width in columns (0: one line); budgets count down per page."""

    language: Language
    choice: Choice
    wrap: int = 0
    margin: str = ""
    named_entities: bool = False
    hard_spaces: bool = False
    budget: dict[str, int] = field(default_factory=dict)
    ruby_done: set[str] = field(default_factory=set)

    def __call__(self, text: str, *, plain: bool = False) -> str:
        """Return `text` as markup that reads as `text`; `plain` leaves out inline tags."""
        tokens = list(self.characters(text) if plain else self.decorated(text))
        return "".join(self.wrapped(tokens) if self.wrap else (source for source, _ in tokens))

    def characters(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield every character as (source, visible character)."""
        spaces = {match.start() for match in _TITLE_SPACE.finditer(text)} if self.hard_spaces else set()
        for place, char in enumerate(text):
            if place in spaces:
                yield "&nbsp;", "\u00a0"
            elif self.named_entities and char in _NAMED:
                yield _NAMED[char], char
            else:
                yield html.escape(char, quote=self.named_entities and char == '"'), char

    def decorated(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield characters and, around chosen spans, tags as (source, "")."""
        place = 0
        for start, end, before, after in self.spans(text):
            yield from self.characters(text[place:start])
            yield before, ""
            if before.startswith("<ruby"):
                # A ruby base and its reading stay on one source line.
                yield html.escape(text[start:end]) + after, text[start]
            else:
                yield from self.characters(text[start:end])
                yield after, ""
            place = end
        yield from self.characters(text[place:])

    def spans(self, text: str) -> list[tuple[int, int, str, str]]:
        """Return spans to mark up, rising and apart: (start, end, opening source, closing source)."""
        apart: list[tuple[int, int, str, str]] = []
        for span in sorted(self.candidates(text)):
            if not apart or span[0] >= apart[-1][1]:
                apart.append(span)
        return apart

    def candidates(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Yield what the page's habits would mark up in `text`, as far as the budget reaches."""
        if self.language == "ja":
            yield from self.foreign_words(text)
        for word in _STRESSED[self.language]:
            place = text.find(word)
            if place >= 0 and self.spend("strong"):
                yield place, place + len(word), "<strong>", "</strong>"
        match = _LINKED[self.language].search(text)
        if match and self.spend("link"):
            yield match.start(), match.end(), '<a href="../sample/reference.html">', "</a>"
        middle = text.find("、" if self.language == "ja" else ",") + 1
        if middle and self.spend("comment"):
            yield middle, middle, "<!-- checked -->", ""

    def foreign_words(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Yield readings over rare characters, and Latin words marked as English."""
        for word, reading in READINGS.items():
            place = text.find(word)
            if place >= 0 and word not in self.ruby_done and self.spend("ruby"):
                self.ruby_done.add(word)
                yield place, place + len(word), "<ruby>", f"<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>"
        for run in _LATIN_RUN.finditer(text):
            if self.spend("lang"):
                yield run.start(), run.end(), '<span lang="en">', "</span>"

    def spend(self, habit: str) -> bool:
        """Take one from the page's budget of `habit`; False when it is used up."""
        left = self.budget.get(habit, 0)
        self.budget[habit] = left - 1
        return left > 0

    def wrapped(self, tokens: list[tuple[str, str]]) -> Iterator[str]:
        """Yield the sources with line ends where a reader can undo them: at a space, or beside a wide character."""
        column, previous = 0, ""
        word = ""
        line_end = "\n" + self.margin
        for place, (source, visible) in enumerate(tokens):
            if not visible:
                word += source
                continue
            following = next((char for _, char in tokens[place + 1 :] if char), "")
            if visible == " ":
                over = column >= self.wrap and self.language == "en"
                yield word + (line_end if over else source)
                word, column = "", 0 if over else column + 1
            elif column >= self.wrap and may_break(previous, visible) and following:
                yield word + line_end + source
                word, column = "", width(visible)
            else:
                yield word + source
                word, column = "", column + width(visible)
            previous = visible
        yield word


def width(char: str) -> int:
    """Return the columns a character takes: 2 for wide ones."""
    return 2 if unicodedata.east_asian_width(char) in "WFA" and char not in "“”‘’–—" else 1


def may_break(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters: both Japanese, so that joining the lines leaves no trace."""
    wide = bool(before) and all(unicodedata.east_asian_width(char) in "WF" and char != "　" for char in (before, after))
    return wide and before not in _NEVER_LAST and after not in _NEVER_FIRST


def joined(sentences: Sequence[str], language: Language, *, glued: bool = False) -> str:
    """Return the text of a block; `glued` loses one space after a full stop, as careless pages do."""
    if language == "ja":
        return "".join(sentences)
    text = sentences[0]
    for sentence in sentences[1:]:
        slip = glued and re.search(r"[a-z]{4}\.$", text) and re.match(r"[A-Z][a-z]+ ", sentence)
        text += sentence if slip else " " + sentence
        glued = glued and not slip
    return text


_BARE_NUMBER = re.compile(r"[0-9]+$|[0-9]+(?:\.[0-9]+)+$|[a-zA-Z]$|[IVX]+$")


def marker_prefix(marker: str, language: Language, choice: Choice) -> str:
    """Return a marker as it stands before its text, with what parts the two; empty for no marker."""
    if not marker:
        return ""
    if language == "ja":
        if marker[-1] in "）)・、.．":
            return marker + choice.pick("marker gap", ["", "　", " "] if marker[-1] != "." else [" "])
        return marker + ("　" if marker[-1] not in "※●○■□◆◇" else choice.pick("sign gap", ["", "　", " "]))
    if _BARE_NUMBER.match(marker):
        return marker + ". "
    if re.match(r"[A-Za-z]+(?: ?\d+)?$", marker):
        return marker + ": "
    return marker + " "
