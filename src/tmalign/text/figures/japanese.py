"""Figures in Japanese text, by rules alone: digits always count, kanji numerals where their surroundings say so."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from tmalign.text.figures import notation
from tmalign.text.figures.figure import Draft, FigureKind, number_key, percent_keys, time_keys, year_keys
from tmalign.text.figures.numerals import ARABIC, KANJI_DIGITS, KANJI_SCALES, kanji_scale, kanji_value, plain
from tmalign.text.width import COMPILED

if COMPILED:
    from tmalign.text import _scan

if TYPE_CHECKING:
    from tmalign.text.figures.figure import Value

# 第3四半期: the 四 belongs to the word for a quarter of a year.
_KANJI = r"(?:[〇零一二三五六七八九十百千万億兆京]|四(?!半期))"
# Some writers set spaces around digits: 1 億 4 千万.
_SPACE = r"\s(?:(?<=\d\s)(?=[十百千万億兆])|(?<=[万億兆]\s)(?=\d+\s?[十百千万億]))"
# Atomic and bounded: nothing that must follow a numeral begins like one, and a long run has too many ways to be cut.
_NUMERAL = rf"(?>(?:{ARABIC}|{_KANJI}|{_SPACE}){{1,40}})"
_RUN = r"[\d〇零一二三四五六七八九十百千万億兆京,.\s]*+"  # no numeral goes further
_DECIMAL = (
    r"[〇一二三四五六七八九十\d]{1,40}+・[〇一二三四五六七八九\d]{1,40}+"
    r"(?=[倍割度%点歳㎞]|パーセント|ポイント|キロ|メートル|センチ|ミリ|トン|ヘクタール|平方|円|ドル|ユーロ|[万億兆])"
)

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_LETTERS = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}

_MONEY = r"円|(?:米|豪|加)?ドル|ユーロ|ポンド|人民元|ウォン|ルーブル|ルピー|フラン|セント|バーツ|ペソ"
_PERCENT = r"%|パーセント"
# What a kanji numeral counts; digits need none of these.
_COUNTER = (
    r"(?:[かカヵヶケ箇ヵ個][国月所年条]|国間|者|回|年|月|日|人|点|件|つ|名|隻|機|分野|度目|度|倍|個|枚|台|匹|頭|羽|冊|組|軒|校|"
    r"歳|才|番目|番|位|号|世紀|週|秒|票|議席|種類|段階|階|県|地域|都市|世代|世|人組|部作|周年|期目|連[勝敗覇]|"
    r"時間|キロ|メートル|センチ|ミリ|トン|グラム|ポイント|カラット|ヘクタール|平方|立方|億|強|弱|以上|余り|余|超|近く|前後|程度|"
    r"試合|得点|打席|安打|失点|勝|敗|泊|便|艘|艦|門|発|両|社|箱|品|本(?![部人来当社能質気格名土堂松木])|通り|つの)"
)
_SUFFIX = (
    rf"(?P<suffix>年度|年代|年(?!間)|[かカヵヶケ箇ヵ]月間?|月(?!間)|日(?!間|本|経)|{_PERCENT}|割(?![り当合振])(?:{_NUMERAL}分)?|"
    rf"世紀|代(?![表理替])|歳|才|{_MONEY}|番目|位|回目|度目|{_COUNTER})"
)
# Every form but plain numbers. What begins like a number is asked first whether it goes on like one of the forms.
_FORMS = re.compile(
    rf"""
    (?=[^\d〇零一二三四五六七八九十百千万億兆京第]|\d++[./:-]\d|{_RUN}(?:時|分の))(?:
    (?P<era>{"|".join(ERAS)})(?P<era_year>元|{_NUMERAL})年(?P<era_kind>度|代)?
      (?:\((?P<era_western>\d{{4}})年?度?\))?
  | (?<![A-Za-z])(?P<letter>[MTSHR])(?P<letter_year>\d{{1,2}})[./]
      (?P<letter_month>\d{{1,2}})[./](?P<letter_day>\d{{1,2}})(?![\d.])
  | {notation.SHARED}
  | (?P<half>午前|午後)?(?={_RUN}時)
      (?:(?P<hour>{_NUMERAL})\s?時(?![間代点期速])
      (?:\s?(?P<minute>{_NUMERAL})\s?分(?!の)|(?P<thirty>半))?)
  | (?P<clock_half>午前|午後)?(?<![\d:])(?P<clock_hour>\d{{1,2}}):(?P<clock_minute>\d{{2}})(?::\d{{2}})?(?![\d:])
  | (?P<noon>正午)
  | (?={_RUN}分の)(?P<whole>{_NUMERAL})分の(?P<part>{_NUMERAL})
  | [数何幾](?P<approximate>[十百千万億兆]+)
  | (?P<halved>半分|半数|半額|半世紀|半年|半減)
  | (?P<weekday>[月火水木金土日])(?:曜日?|(?<=\(.)(?=(?:曜)?[・)]))
  | (?P<zero>ゼロ(?!・)))
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(
    rf"""
    (?P<prefix>第)?{notation.CURRENCY_BEFORE}(?P<number>\d{{1,40}}+(?![\d〇零一二三四五六七八九十百千万億兆京,.・\s])|{_DECIMAL}|{_NUMERAL})
      (?:(?:(?<=\d)\s)?{_SUFFIX})?(?P<and_half>半(?![分額径]))?
    """,
    re.VERBOSE,
)
# Where a token may begin. Letters and the characters of common words (大統領, 平和, 半島) are asked here for what
# follows: that is cheaper than to try the token.
_CANDIDATE = re.compile(
    r"[\d〇零一二三四五六七八九十百千万億兆京第$¥€£₩₹]|[数何幾](?=[十百千万億兆])|午(?=[前後])|正(?=午)|半(?=[分数額世年減])|"
    r"明(?=治)|大(?=正)|昭(?=和)|平(?=成)|令(?=和)|ゼ(?=ロ)|[月火水木金土日](?=曜|[)・])|"
    r"(?<![A-Za-z])(?=[A-Z][A-Za-z]*+(?:-?\d|\$)|(?:FY|JPY|USD|EUR|GBP|AUD|CNY|KRW|[IVX]{2,4})(?![A-Za-z]))[A-Z]"
)
_MONEY_SUFFIX = re.compile(_MONEY)
_DIGITS = re.compile(r"\d")
_CJK = re.compile(r"[\u4e00-\u9fff々]")
_UNIT = re.compile("[十百千万億兆京]")
# Names and words that look like a numeral and a counter.
_WORDS = re.compile(
    r"八百[屋長万]|五十嵐|三十三間|九十九里|四六時中|四国(?!間)|六本木|[一二三四五六七八九]本[松木]|[四五八十]日市|十日町|三日月|"
    r"五月雨|五月病|五月蠅|三人称|七五三|二人三脚|千日手|百人一首|[千百]代|一人称|千秋|万里|"
    r"一[般部時定層方致緒番体連覧切員環生歩目言気家流律挙向種角帯行杯括斉旦切瞬面過貫蹴息掃概応存様翼因端線](?!目)|"
    r"十分(?![間後前以ほ程遅お])|[五七]分[五三]分|一日中|一人前|一年中|一点張|一人ひとり|二度と|一人一人|一つ一つ|一回り|一段階?|一国一"
)
# A kanji before that makes a lone digit part of its own word: 統一, 唯一.
_WORD_BEFORE = re.compile(r"[統唯均画同単随逐択専純無万真健浩雄]$")


def scan(text: str) -> list[Draft]:
    """Return the figures of a normalised text as drafts, in order."""
    drafts: list[Draft] = []
    position = 0
    while (start := next_candidate(text, position)) >= 0:
        if (match := _FORMS.match(text, start)) is not None:
            position = match.end()
            if not notation.read(match, drafts):
                _special(match, text, drafts)
        elif (match := _NUMBER.match(text, start)) is not None:
            position = _number(match, text, drafts)
        else:
            position = start + 1
    return drafts


def search_candidate(text: str, position: int) -> int:
    """Return where in a normalised text a figure may begin next, -1 where none does."""
    match = _CANDIDATE.search(text, position)
    return -1 if match is None else match.start()


next_candidate = _scan.japanese_figure if COMPILED else search_candidate


def _special(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read every form but plain numbers."""
    group = match.group
    start, end = match.span()
    if group("era"):
        _era(match, drafts)
    elif group("letter"):
        _short_era(match, drafts)
    elif group("hour"):
        _time(match, text, drafts)
    elif group("clock_hour"):
        hour = int(group("clock_hour"))
        keys = time_keys(hour, int(group("clock_minute")), _half(group("clock_half")))
        drafts.append(Draft(FigureKind.TIME, keys, start, end, value=hour))
    elif group("whole"):
        whole, part = kanji_value(group("whole")), kanji_value(group("part"))
        if whole and part is not None:
            drafts.append(Draft(FigureKind.FRACTION, (number_key(Fraction(part) / Fraction(whole)),), start, end))
    else:
        _word(match, drafts)


def _word(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read the words that hold a figure without a numeral: 正午, 数十, 半分, 金曜, ゼロ."""
    group = match.group
    start, end = match.span()
    if group("noon"):
        drafts.append(Draft(FigureKind.TIME, ("T:12:00",), start, end, value=12))
    elif group("approximate"):
        value = kanji_value("一" + group("approximate"))
        if value is not None:
            drafts.append(Draft(FigureKind.APPROXIMATE, (f"Q:{value}",), start, end, weak=True))
    elif group("halved"):
        keys = ("N:0.5", "N:6") if group("halved") == "半年" else ("N:0.5", "P:50")
        drafts.append(Draft(FigureKind.FRACTION, keys, start, end, weak=True))
    elif group("weekday"):
        day = "月火水木金土日".index(group("weekday")) + 1
        drafts.append(Draft(FigureKind.WEEKDAY, (f"W:{day}",), start, end))
    else:
        drafts.append(Draft(FigureKind.NUMBER, ("N:0",), start, end, weak=True))


def _half(word: str | None) -> str:
    return {"午前": "am", "午後": "pm"}.get(word or "", "")


def _era(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read 令和3年, with the western year that may follow in brackets."""
    year = 1 if match["era_year"] == "元" else kanji_value(match["era_year"])
    if year is None:
        return
    kind = {"度": FigureKind.FISCAL_YEAR, "代": FigureKind.DECADE}.get(match["era_kind"], FigureKind.YEAR)
    western = ERAS[match["era"]] + year
    drafts.append(Draft(kind, (number_key(western), number_key(year)), match.start(), match.end(), value=western))


def _short_era(match: re.Match[str], drafts: list[Draft]) -> None:
    """Read R3.6.25."""
    year, month, day = (int(match[name]) for name in ("letter_year", "letter_month", "letter_day"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return
    western = _ERA_LETTERS[match["letter"]] + year
    spans = [match.span(name) for name in ("letter_year", "letter_month", "letter_day")]
    drafts.append(Draft(FigureKind.YEAR, (number_key(western), number_key(year)), match.start(), spans[0][1]))
    drafts.append(Draft(FigureKind.MONTH, (f"M:{month}",), *spans[1]))
    drafts.append(Draft(FigureKind.DAY, (number_key(day),), *spans[2]))


def _time(match: re.Match[str], text: str, drafts: list[Draft]) -> None:
    """Read 15時30分, 午後3時半; 一時 alone means 'for a while' and 2時間 is a duration."""
    hour = kanji_value(match["hour"])
    minute = 30 if match["thirty"] else kanji_value(match["minute"] or "0")
    sure = match["half"] or match["minute"] or match["thirty"]
    if not isinstance(hour, int) or not isinstance(minute, int) or (match["hour"] in {"一", "零"} and not sure):
        return
    if not sure and not _DIGITS.search(match["hour"]) and _WORD_BEFORE.search(text, 0, match.start()):
        return
    keys = time_keys(hour, minute, _half(match["half"]))
    if len(keys) > 1 and not minute:
        keys = (*keys, number_key(hour))
    drafts.append(Draft(FigureKind.TIME, keys, *match.span(), value=hour))


def _number(match: re.Match[str], text: str, drafts: list[Draft]) -> int:
    """Read a numeral with what stands around it; return where to go on."""
    written, suffix, prefix, before, half = match.group("number", "suffix", "prefix", "before", "and_half")
    start, end = match.span("number")
    numeral, value, digits, scale = _well_formed(written)
    if not written[0].isdecimal() and _WORDS.match(text, start):
        return start + 1
    if len(numeral) < len(written):
        suffix, end = None, start + len(numeral)
    if value is None or not (digits or prefix or _fires(numeral, suffix or "", text, start, end)):
        return max(end, start + 1)
    if half and suffix:
        value = Fraction(value) + Fraction(1, 2)
    kind, keys = _meaning(value, suffix or "", numeral)
    if before:
        kind = FigureKind.MONEY
    elif prefix:
        kind = FigureKind.ORDINAL
    # English says 'a week' or 'another' for most counts of one.
    weak = value == 1 and (kind is FigureKind.NUMBER or not digits)
    draft = Draft(kind, keys, match.start(), match.end() if suffix else end, weak, value, scale)
    drafts.append(draft)
    return max(draft.end, start + 1)


@lru_cache(maxsize=8192)
def _well_formed(numeral: str) -> tuple[str, Value | None, bool, int]:
    """Return a numeral as far as it is well formed, its value, whether it has digits, and the large unit it ends in.

    10一部: 10 is read, and the rest is scanned again.
    """
    value = _value(numeral)
    while numeral and value is None:
        numeral = numeral[:-1].rstrip(",. ")
        value = _value(numeral) if numeral else None
    return numeral, value, _DIGITS.search(numeral) is not None, kanji_scale(numeral)


def _value(numeral: str) -> Value | None:
    """Return a numeral's value, 一・五 included."""
    if "・" not in numeral:
        return kanji_value("".join(numeral.split()))
    whole = kanji_value(numeral[: numeral.index("・")])
    decimals = "".join(str(KANJI_DIGITS.get(character, character)) for character in numeral[numeral.index("・") + 1 :])
    return None if whole is None else whole + Fraction(int(decimals), 10 ** len(decimals))


def _fires(numeral: str, suffix: str, text: str, start: int, end: int) -> bool:
    """Tell whether kanji digits are a number here and not a part of a word."""
    if _WORD_BEFORE.search(text, 0, start) and numeral[0] in "一二三":
        return False
    positional = _UNIT.search(numeral) is None
    if positional and len(numeral) == 2 and KANJI_DIGITS[numeral[1]] == KANJI_DIGITS[numeral[0]] + 1:
        return False  # 二三人: two or three
    if suffix:
        return len(numeral) > 1 or numeral not in KANJI_SCALES
    if positional:
        return len(numeral) >= 4 or (len(numeral) >= 2 and numeral[0] not in "〇零" and "〇" in numeral)
    return len(numeral) >= 3 or (len(numeral) == 2 and _CJK.match(text, end) is None)


_KINDS = {
    "日": FigureKind.DAY,
    "年度": FigureKind.FISCAL_YEAR,
    "年代": FigureKind.DECADE,
    "代": FigureKind.DECADE,
    "世紀": FigureKind.CENTURY,
    "歳": FigureKind.AGE,
    "才": FigureKind.AGE,
    "位": FigureKind.ORDINAL,
    "番目": FigureKind.ORDINAL,
    "回目": FigureKind.ORDINAL,
    "度目": FigureKind.ORDINAL,
}


@lru_cache(maxsize=8192)
def _meaning(value: Value, suffix: str, numeral: str) -> tuple[FigureKind, tuple[str, ...]]:
    """Return kind and keys of a number by what follows it."""
    bare = (number_key(value),)
    digits = len(numeral) if numeral.isdigit() else 4
    if suffix == "年":
        return FigureKind.YEAR if value >= 1000 or digits == 2 else FigureKind.NUMBER, year_keys(value, digits)
    if suffix == "月" and value in range(1, 13):
        return FigureKind.MONTH, (f"M:{value}",)
    if suffix in _KINDS:
        return _KINDS[suffix], year_keys(value, digits) if suffix in {"年度", "年代"} else bare
    if suffix in {"%", "パーセント"}:
        return FigureKind.PERCENT, percent_keys(value)
    if suffix.startswith("割"):
        parts = kanji_value(suffix[1:-1]) if suffix != "割" else 0
        return FigureKind.PERCENT, percent_keys(plain(Fraction(value) * 10 + Fraction(parts or 0)))
    return FigureKind.MONEY if _MONEY_SUFFIX.fullmatch(suffix) else FigureKind.NUMBER, bare
