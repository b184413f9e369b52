"""Where Japanese sentences end: stops outside quotations and brackets, and quotations that stand alone."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from tmalign.text import sentences_en
from tmalign.text.abbreviations import EXCLAIMING
from tmalign.text.enclosures import BRACKETS, QUOTES, Walk, enclosures

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run of stops with the closing marks that belong to it, each character read once. A space may stand
# before a closing mark (tokenised text), not before a straight quote, which could open.
_STOP: Final = re.compile(r"[。｡．.！!？?‼⁇⁈⁉]++(?:[\"'’”]|[ ]?[」』）)】〉》］\]〕｝}”’｣〟〞])*+")
_STOPS: Final = frozenset("。｡．.！!？?‼⁇⁈⁉")
_WEAK: Final = frozenset("．.")
_STRONG: Final = re.compile(r"[。｡！!？?‼⁇⁈⁉]")
_FULL: Final = re.compile(r"[。｡]")
_CLOSING_QUOTES: Final = frozenset("」』”’｣〟〞\"'")
_CLOSING: Final = frozenset("」』）)】〉》")
_SPACE: Final = re.compile(r"\s*+")
_NUMBER_REACH: Final = 8
_GAP: Final = re.compile(r"[ \t\r\n]*+")

# Particles that carry a quotation on into its sentence; the words after (?!...) merely begin with the same kana.
_PARTICLES: Final = (
    r"と(?!ころ|はい|もあれ|もか|もに|くに|りわ|りあ|にか|ても|っても|うと|きど|き[、に])|って|っ"
    r"|など|なる|なの|なん|等|旨|云々|的|風|との"
    r"|の(?!ち|べ|どか)|を|へ|が(?!ん)|は(?!い|じめ|たし|じま|や|る)"
    r"|に(?!わか|もかか|ほん)|で(?!は|も|す[がの]|きる)|でした|だ(?!が|か|け|っ)"
    r"|も(?!ち|し|っ|う|は|と|の)|や(?!は|が|っ|む|る)|から|より|まで|か(?!つ|な|ね|れ|の)|ほか|、|，|,|・|／|/|＝|=|…|‥|―|—|～|〜"
)
_CARRIED_ON: Final = re.compile(_PARTICLES)
# After a bare question or exclamation (no quotes) only these go on: ですか？と尋ねた, やった！という声.
_REPORTED: Final = re.compile(
    r"と(?!ころ|はい|もあれ|もか|もに|くに|りわ|りあ|にか|ても|っても|うと|きど|き[、に])|って|など|の(?!ち|べ|どか|で)|を(?!か|い)|、|，"
)
# After a bare 。 only a verb of saying does: 行きます。と述べた.
_SAYING: Final = re.compile(
    r"と(?:の?(?:述べ|言[わいうっえ]|話し|語[りっる]|答え|応じ|発言|尋ね|書[いか]|記載|説明|強調|指摘|回答|表明|主張|訴え)"
    r"|い[うっい]|し(?:た|て|つ)|の(?:こと|見解|考え|認識|説明|発言|声|回答))"
)
# A name that is written with a stop (モーニング娘。のコンサート) goes on with の or を, never after a verb's kana.
_NAME_GOES_ON: Final = re.compile(r"の(?!ち|べ|どか|で)|を(?!か|い)")
_HIRAGANA: Final = re.compile(r"[ぁ-ゖ]")
_LATIN: Final = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")
_JAPANESE: Final = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
_HEADING_NUMBER: Final = re.compile(r"(?:第?[0-9０-９一二三四五六七八九十]{1,4}|[A-Za-zＡ-Ｚａ-ｚア-ン])")

# White space (matched once, from its beginning) before what opens a note anywhere and an item on a new line.
_OPENING: Final = re.compile(
    r"(?<!\s)\s++(?=(※)|[・●■◆○◎◇□▼▽▲△★☆①-⑳㉑-㉟⑴-⒇]|[(（][0-9０-９ア-ン]{1,2}[)）]|[0-9０-９]{1,2}[．.][^0-9０-９])"
)
# 「…。」大臣は語った。: the verb of saying behind a quotation that opens the sentence, unless it points forward.
_SAID_BEHIND: Final = re.compile(
    r"(?![^。]{0,40}(?:こう|この|次|以下|また|更に|さらに))[^。「」！？\n]{0,30}[はも][^。「」！？\n]{0,20}?"
    r"(?:語る|語った|言う|言った|述べる|述べた|話す|話した|嘆いた|加えた|答えた|叫んだ|語っている|話している|述べている)[。と]"
)

# A longer quotation is cut like other text, and an opening mark whose partner is lost must not swallow what follows.
_LONGEST: Final = 250


def cuts(text: str, start: int, end: int) -> list[int]:
    """Return the positions in `text[start:end]` after which a sentence ends, in order; `end` itself is implied."""
    pairs = enclosures(text, start, end, longest=_LONGEST)
    around = Walk(pairs).around
    openings = [
        match.end()
        for match in _OPENING.finditer(text, start, end)
        if (match[1] or "\n" in match[0]) and not around(match.end())
    ]
    running = _Running(text, pairs)
    found: list[int] = []
    for opening in (*openings, end):
        found.extend(running.cuts(start, opening))
        found.append(opening)
        start = opening
    return found


class _Running:
    """Running text and the sentence we are in; read from left to right once."""

    def __init__(self, text: str, pairs: list[tuple[int, int]]) -> None:
        self.text = text
        self.pairs = pairs
        self.walk = Walk(pairs)
        self.straight = {opened for opened, _ in pairs if text[opened] == '"'}
        self.begin = self.first = 0

    def enter(self, begin: int, end: int) -> None:
        """Begin a sentence; `first` is its first visible character."""
        self.begin = begin
        self.first = _skip_space(self.text, begin, end)

    def cuts(self, start: int, end: int) -> Iterator[int]:
        """Yield the ends of sentences between `start` and `end`, which are item or paragraph boundaries."""
        self.enter(start, end)
        for match in _STOP.finditer(self.text, start, end):
            at, after = match.start(), match.end()
            if after - 1 in self.straight:
                after -= 1
            if after >= end:
                return
            pair = self.walk.around(at)
            if pair and after < pair[1]:
                continue
            if self.ends_pair(pair, after, end) if pair else self.ends(at, after, end):
                self.enter(after, end)
                yield after

    def ends_pair(self, pair: tuple[int, int], after: int, end: int) -> bool:
        """Decide whether a quotation or bracket that closes at `after` with a stop inside ends the sentence."""
        text = self.text
        alone = pair[0] == self.first
        behind = _gap(text, after, end)
        if text[pair[0]] in BRACKETS:
            return alone and not _CARRIED_ON.match(text, behind, end)
        if text[after] == "\u3000":
            return True
        if text[behind] in _STOPS or _CARRIED_ON.match(text, behind, end):
            return False
        if self.row_goes_on(behind, end):
            return False
        if alone:
            return text[behind] in QUOTES or not _SAID_BEHIND.match(text, behind, end)
        return text[behind] not in QUOTES and bool(_HIRAGANA.search(text, pair[1] - 3, pair[1]))

    def row_goes_on(self, behind: int, end: int) -> bool:
        """Tell whether what is enclosed next leads the sentence on: 「…。」「…。」といった声, 「…。」（要旨）と."""
        text = self.text
        if text[behind] not in QUOTES and text[behind] not in BRACKETS:
            return False
        last = self.after_row(behind, end)
        if _CARRIED_ON.match(text, last, end):
            return True
        return text[behind] in BRACKETS and (last >= end or text[last] in _STOPS)

    def after_row(self, behind: int, end: int) -> int:
        """Return the position after the quotations and brackets that stand in a row from `behind`."""
        index = self.walk.index + 1
        for opened, closed in self.pairs[index : index + _ROW]:
            if opened != behind:
                break
            behind = _gap(self.text, closed, end)
        return behind

    def ends(self, at: int, after: int, end: int) -> bool:
        """Decide on a stop outside quotations and brackets."""
        behind = _gap(self.text, after, end)
        if behind >= end or self.text[behind] in _STOPS:
            return False
        if not _STRONG.search(self.text, at, after):
            return self.ends_weak(at, after, behind)
        if self.inside_name(at, after, behind):
            return False
        follower = self.text[after]
        return (follower.isspace() and follower not in "\r\n") or not self.goes_on(at, after, behind, end)

    def inside_name(self, at: int, after: int, behind: int) -> bool:
        """Tell whether the stops belong to an address or a name: example.jp/?a=b, Yahoo!ニュース."""
        text = self.text
        word = sentences_en.word_before(text, at, self.begin)
        if after - at == 1 and text[at] in "!！" and unicodedata.normalize("NFKC", word).lower() in EXCLAIMING:
            return True
        if behind > after or at == self.begin:
            return False
        before, follower = text[at - 1], text[after]
        if before.isascii() and text[at].isascii() and follower.isascii():
            return not before.isspace()
        return after - at == 1 and text[at] in "!！" and bool(_LATIN.match(before) and _JAPANESE.match(follower))

    def goes_on(self, at: int, after: int, behind: int, end: int) -> bool:
        """Tell whether the sentence goes on after its stop: …？と尋ねた, 「…。」と述べた, 娘。のコンサート."""
        text = self.text
        if text[after - 1] in _CLOSING_QUOTES and _CARRIED_ON.match(text, behind, end):
            return True
        if not _FULL.search(text, at, after):
            return bool(_REPORTED.match(text, behind, end))
        named = at > self.begin and text[at - 1] > "ゖ" and behind == after and _NAME_GOES_ON.match(text, behind, end)
        return bool(named or _SAYING.match(text, behind, end))

    def ends_weak(self, at: int, after: int, behind: int) -> bool:
        """Decide on `．` and `.`: they also stand in numbers, names, headings and addresses."""
        text = self.text
        if after - at > 1 and text[after - 1] in _WEAK:
            return False  # dots that trail off
        if at - self.first < _NUMBER_REACH and _HEADING_NUMBER.fullmatch(text, self.first, at):
            return False
        before = text[at - 1] if at > self.begin else " "
        if _JAPANESE.match(before) or before in _CLOSING:
            return text[at] == "．" or behind > after
        if behind == after or text[behind].islower():
            return False
        return sentences_en.decide(text, self.first, at, after, behind)


def _skip_space(text: str, at: int, end: int) -> int:
    match = _SPACE.match(text, at, end)
    return match.end() if match else at


def _gap(text: str, at: int, end: int) -> int:
    """Skip the white space that tokenised or hard-wrapped text has where Japanese has none."""
    match = _GAP.match(text, at, end)
    return match.end() if match else at


# So many quotations in a row are looked through for what they lead to.
_ROW: Final = 6
