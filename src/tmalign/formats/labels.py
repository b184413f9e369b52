"""What a line is by its own words: a speaker's label, a dateline, a heading, a note, an item."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tmalign.formats.dates import is_dateline
from tmalign.formats.markers import is_note, split_marker
from tmalign.model import BlockKind

_JA_ROLE: Final = (
    r"記者|質問者|司会者?|幹事社?|大臣|長官|報道官|政務官|次官|総理|首相|幕僚長|[統陸海空]幕長|議長|局長|部長|課長|室長|補佐官|大使|委員長|委員|理事長?"
    r"|審議官|参事官|司令官|監察官|事務局|説明者|事務方|質問|回答|応答|問|答|教授|研究員|国務大臣|Ｑ|Ａ|[QＱ][0-9０-９]{1,2}|[AＡ][0-9０-９]{1,2}|[QA]"
)
_JA_NAME: Final = r"[^\s。、：:（）()【】「」［］\[\]はがをにでへ]{0,18}"
_EN_RANK: Final = r"(?:(?:Prime|Foreign|Defen[cs]e|State|Vice|Deputy|Assistant|Acting|Senior|Parliamentary|Administrative|Chief|Cabinet|Press) )*"
_EN_ROLE: Final = (
    rf"Reporters?|Journalist|Question(?:er)?|Answer|Q ?\d{{0,2}}|A ?\d{{0,2}}|{_EN_RANK}(?:Vice-)?(?:Minister|Secretary|Spokes(?:person|man|woman))"
    r"|Moderator|MC|M\.C\.|Interviewer|Interpreter|Ambassador|(?:Lt\. |Maj\. |Vice )?(?:General|Admiral|Gen\.|Adm\.)|President|Chair(?:man|person|woman)?"
    r"|Chief of Staff|Command(?:er|ant)|Director(?:[- ]General)?|Official|Staff|Professor|Speaker"
)
_EN_NAME: Final = r"(?: (?:Mr|Ms|Mrs|Dr)\.)?(?: (?:of (?:the )?)?[A-Z][\w’'-]*(?: (?:for|of|and) [A-Z][\w’'-]*)*){0,4}"
_EN_TITLED: Final = r"(?:H\.E\. )?(?:Mr|Ms|Mrs|Dr|Prof|Gen|Adm|Amb)\.? [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?"

_BRACKETED: Final = re.compile(
    rf"[【（(［\[〔《＜<](?:[^。、「」【】]{{0,24}}(?:{_JA_ROLE})|(?:{_EN_ROLE}){_EN_NAME}|{_EN_TITLED})[】）)］\]〕》＞>][：:]?(?=\s*\S|$)"
)
_COLON: Final = re.compile(
    rf"(?:{_JA_NAME}(?:{_JA_ROLE})(?:[（(][^。、）)]{{1,20}}[)）])?|(?:{_EN_ROLE}){_EN_NAME}(?: ?\([^()]{{1,40}}\))?"
    # Mr. Taku Hamada, Deputy Spokesperson:
    rf"|{_EN_TITLED}(?:, (?:the )?[A-Z][^:.!?]{{2,45}})?"
    # SOMA, Hokusei Broadcasting: / SAEKI Tomoko, Minister for Foreign Affairs:
    r"|[A-Z][A-Z’'-]+(?: [A-Z][\w’'-]+)?, [A-Z][^:.!?]{2,45})\s?[：:]|[QＱ][.．](?=\s)"
    # 記者） stands alone or before a space; 外務大臣）と会談 is the end of a bracket.
    r"|(?:記者|質問者|幹事社?|司会者?|(?:[一-鿿]{0,4})?(?:大臣|長官|政務官|報道官|次官)|事務方|説明者|委員)[)）](?=\s|$)"
)
_ALONE: Final = re.compile(
    rf"(?:記者|質問者|司会者?|(?:[一-鿿ァ-ヺー]{{0,8}})?(?:大臣|長官|報道官|幕僚長|政務官|次官|首相|総理)|Ｑ|Ａ|問|答|{_EN_ROLE}"
    r"|(?:(?:State|Vice|Senior|Deputy|Parliamentary|Prime) )*(?:Vice-)?Minister (?:of|for) (?:[A-Z][a-z]+ )(?:(?:and|of|[A-Z][a-z]+) ){0,4}[A-Z][A-Z’'-]+"
    r"|(?:(?:Prime|Foreign|Defen[cs]e|State|Vice|Press|Chief Cabinet) ){0,2}(?:Minister|Secretary|Ambassador)"
    r" (?!(?:Meeting|Talks?|Visit|Conference|Statement|Speech|Remarks|Address|Release|General)\b)[A-Z][\w’'-]+)"
)
# A name with its office in bold type, as before a speech: 海川大臣　沖野 譲; OKINO Yuzuru, Minister of Seas.
_SIGNED: Final = re.compile(
    r"[一-鿿ァ-ヺー・]{0,16}(?:大臣|長官|政務官|次官|総理|首相|幕僚長|幕長|議長|局長|大使|総裁|委員長)[　 ]+[一-鿿々ァ-ヺー]{1,6}(?:[　 ]?[一-鿿々ぁ-んァ-ヺー]{1,6})?"
    rf"|[A-Z][A-Z’'-]+(?: [A-Z][\w’'-]+){{1,2}}, (?:the )?(?:{_EN_ROLE})(?: (?:of|for) (?:the )?[A-Z][\w’'-]*(?: (?:of|for|and|the|[A-Z][\w’'-]*)){{0,6}})?"
)
# What is noted of the manner of speaking, behind a label: （英語にて発言）.
_REMARK: Final = re.compile(r"[（(][^（()）]{1,30}[)）]")
_ANSWER: Final = re.compile(r"([AＡ][.．])[\s　]+(?=\S)")
_VENUE: Final = re.compile(r"[（(]?於\s?[:：　 ]\s?[^。]{2,30}|[（(]?(?:Venue|Place)\s?: [^.]{2,50}")
_LONGEST_LABEL: Final = 60
_SPACE: Final = " 　\t\n\xa0"

_RELEASE_LABEL: Final = re.compile(
    r"[(（【\[＜]?\s*(?:press release|news release|for immediate release|media release|press statement|news|報道発表(?:資料)?|報道資料|プレスリリース|お知らせ"
    r"|記者発表(?:資料)?|仮訳|provisional translation|tentative translation)\s*[)）】\]＞]?",
    re.IGNORECASE,
)
_ISSUER: Final = re.compile(
    r"(?:(?:[一-鿿・　 ]{0,10}(?:防衛省|外務省|内閣府|首相官邸|財務省|経済産業省|総務省|防衛装備庁|幕僚監部|自衛隊|大使館|[一-鿿]{2,6}[省庁])"
    r"(?:[　 ・]?[一-鿿・]{0,16}(?:局|課|室|部|官房|班))?)"
    r"|(?:(?:The )?(?:Government of )?(?:Japan )?(?:Ministry|Embassy|Cabinet Office|Joint Staff|(?:Ground|Maritime|Air) Staff|Agency)"
    r"(?: (?:of|for|and|the|in|[A-Z][\w’'-]*,?)){0,9}))"
)
# A unit of an office, before the office or alone: Finance Division, Minister's Secretariat, Ministry of Defense.
_UNIT: Final = (
    r"(?:The )?(?:[A-Z][\w’'&-]* (?:(?:of|for|and|the|[A-Z][\w’'&-]*) ){0,6})?"
    r"(?:Division|Bureau|Office|Department|Secretariat|Staff|Section|Directorate|Command|Cent(?:er|re)|Agency|[Cc]onference [Rr]oom)"
)
_UNITS: Final = re.compile(rf"(?:{_UNIT}, ){{1,3}}(?:{_UNIT}|{_ISSUER.pattern})")
_FRAMED: Final = re.compile(
    r"(?:【[^】]{1,40}】|〈[^〉]{1,40}〉|＜[^＞]{1,40}＞|《[^》]{1,40}》|≪[^≫]{1,40}≫|\[[^\]]{2,40}\]|［[^］]{2,40}］)"
)
_HEADING_SIGNS: Final = "■□◆◇▼▽●"
_LONGEST_HEADING: Final = 45
_ENDS: Final = re.compile(r"""[。．.!?！？、,;；：:][」』）)\]”’"']*$""")


class Span(NamedTuple):
    """A part of a line that is a block: its kind, its marker, and where its text stands in the line."""

    kind: BlockKind
    marker: str
    start: int
    end: int


def speaker_end(text: str, bold: int = 0) -> tuple[int, int]:
    """Return where the speaker's label that begins `text` ends, and where what is said begins; (0, 0) without one.

    `bold` is the number of characters at the beginning that stand in bold type: a role in bold is a label
    without a colon too.
    """
    match = _BRACKETED.match(text) or _COLON.match(text)
    label = text[:bold].rstrip(_SPACE)
    end = match.end() if match else 0
    if not match and label and (_SIGNED.fullmatch(label) or _ALONE.fullmatch(label)):
        end = len(label)
    if not 0 < end <= _LONGEST_LABEL:
        return 0, 0
    rest = text[end:]
    said = rest.strip(_SPACE)
    remark = text[0] in "【［[〔《" and _REMARK.fullmatch(said)
    if 0 < len(said) < 12 and not remark and not _ENDS.search(rest) and "：" not in text[:3] and ":" not in text[:3]:
        return 0, 0  # 議長：山田太郎 names somebody and does not speak
    return end, end + len(rest) - len(rest.lstrip(_SPACE))


def is_speaker(text: str) -> bool:
    """Whether `text` is nothing but a speaker's label."""
    bare = text.strip(_SPACE)
    if len(bare) > _LONGEST_LABEL:
        return False
    return bool(_ALONE.fullmatch(bare) or _BRACKETED.fullmatch(bare) or _COLON.fullmatch(bare))


def is_question(text: str) -> bool:
    """Whether a label is that of a question, written with a stop."""
    return text in {"Q.", "Ｑ.", "Ｑ．", "Q．"}


def is_release_label(text: str) -> bool:
    """Whether `text` says only that this is a release: (Press Release), 報道発表."""
    return bool(_RELEASE_LABEL.fullmatch(text.strip(_SPACE)))


def is_issuer(text: str) -> bool:
    """Whether `text` is only the name of an office."""
    bare = text.strip(_SPACE)
    return len(text) <= 100 and bool(_ISSUER.fullmatch(bare) or _UNITS.fullmatch(bare))


def is_signature(text: str) -> bool:
    """Whether `text` is a person's name with the office: SAEKI Tomoko, Minister for Foreign Affairs."""
    return len(text) <= 80 and bool(_SIGNED.fullmatch(text.strip(_SPACE)))


def is_heading(text: str) -> bool:
    """Whether `text` is short enough and ends openly enough to be a heading."""
    limit = _LONGEST_HEADING * (1 if re.search(r"[぀-ヿ一-鿿]", text) else 2)
    return len(text) <= limit and not _ENDS.search(text)


def cut(text: str, kind: BlockKind, *, listed: bool = False, bold: int = 0, asked: bool = False) -> list[Span]:
    """Cut a line of kind `kind` into its blocks: a speaker's label and what is said, a marker and its text.

    `asked` says that a question marked `Q.` came before: then `A.` is a label, and not the first of a list. Together markers and spans hold every character of `text` but the space between them. Lines of kind TITLE
    and DATELINE stay whole.
    """
    if kind in {BlockKind.TITLE, BlockKind.DATELINE}:
        return [Span(kind, "", 0, len(text))]
    if kind not in {BlockKind.HEADING, BlockKind.CELL}:
        if is_speaker(text) and (kind is not BlockKind.PARAGRAPH or not is_dateline(text)):
            return [Span(BlockKind.SPEAKER, "", 0, len(text))]
        label, rest = speaker_end(text, bold)
        if asked and not label and (answer := _ANSWER.match(text)):
            label, rest = answer.end(1), answer.end()
        if label and rest < len(text):
            said = [
                Span(span.kind, span.marker, span.start + rest, span.end + rest)
                for span in cut(text[rest:], BlockKind.PARAGRAPH)
            ]
            return [Span(BlockKind.SPEAKER, "", 0, label), *said]
    marker, start = split_marker(text, listed=listed or kind in {BlockKind.HEADING, BlockKind.ITEM})
    return [Span(_kind(text[start:], kind, marker), marker, start, len(text))]


def _kind(text: str, kind: BlockKind, marker: str) -> BlockKind:
    if kind is BlockKind.HEADING:
        return kind
    if is_note(marker):
        return BlockKind.NOTE
    if kind is not BlockKind.PARAGRAPH:
        return kind
    if marker:
        return BlockKind.HEADING if marker in _HEADING_SIGNS and is_heading(text) else BlockKind.ITEM
    if is_dateline(text) or _VENUE.fullmatch(text):
        return BlockKind.DATELINE
    return BlockKind.HEADING if _FRAMED.fullmatch(text) else kind
