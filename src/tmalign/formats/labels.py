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
_EN_ROLE: Final = (
    r"Reporters?|Journalist|Question(?:er)?|Answer|Q ?\d{0,2}|A ?\d{0,2}|(?:(?:Prime|Foreign|Defen[cs]e|State|Vice|Deputy|Parliamentary) )*"
    r"(?:Vice-)?Minister|Moderator|MC|M\.C\.|Interviewer|Interpreter|(?:Chief Cabinet |Press |Administrative |Deputy Press )?Secretary"
    r"|Spokes(?:person|man|woman)|Ambassador|(?:Lt\. |Maj\. |Vice )?(?:General|Admiral|Gen\.|Adm\.)|President|Chair(?:man|person|woman)?"
    r"|Chief of Staff|Command(?:er|ant)|Director(?:[- ]General)?|Official|Staff|Professor|Speaker"
)
_EN_NAME: Final = r"(?: (?:of (?:the )?)?[A-Z][\w’'-]*(?: (?:for|of|and) [A-Z][\w’'-]*)*){0,4}"
_EN_TITLED: Final = r"(?:H\.E\. )?(?:Mr|Ms|Mrs|Dr|Prof|Gen|Adm|Amb)\.? [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?"

_BRACKETED: Final = re.compile(
    rf"[【（(［\[〔《＜<](?:[^。、「」【】]{{0,24}}(?:{_JA_ROLE})|(?:{_EN_ROLE}){_EN_NAME}|{_EN_TITLED})[】）)］\]〕》＞>][：:]?(?=\s*\S|$)"
)
_COLON: Final = re.compile(
    rf"(?:{_JA_NAME}(?:{_JA_ROLE})(?:[（(][^。、）)]{{1,20}}[)）])?|(?:{_EN_ROLE}){_EN_NAME}(?: ?\([^()]{{1,40}}\))?|{_EN_TITLED}"
    # SOMA, Hokusei Broadcasting: / SAEKI Tomoko, Minister for Foreign Affairs:
    r"|[A-Z][A-Z’'-]+(?: [A-Z][\w’'-]+)?, [A-Z][^:.!?]{2,45})\s?[：:]|[QＱ][.．](?=\s)"
)
_ALONE: Final = re.compile(
    rf"(?:記者|質問者|司会者?|(?:[一-鿿ァ-ヺー]{{0,8}})?(?:大臣|長官|報道官|幕僚長|政務官|次官|首相|総理)|Ｑ|Ａ|問|答|{_EN_ROLE}"
    r"|(?:(?:Prime|Foreign|Defen[cs]e|State|Vice|Press|Chief Cabinet) ){0,2}(?:Minister|Secretary|Ambassador)"
    r" (?!(?:Meeting|Talks?|Visit|Conference|Statement|Speech|Remarks|Address|Release|General)\b)[A-Z][\w’'-]+)"
)
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
    if not match and bold and _ALONE.fullmatch(text[:bold].strip(_SPACE)):
        match = _ALONE.match(text)
        if match and match.end() < bold:
            match = re.compile(r".{%d}" % len(text[:bold].rstrip(_SPACE))).match(text)  # noqa: UP031
    if not match or match.end() > _LONGEST_LABEL:
        return 0, 0
    rest = text[match.end() :]
    if 0 < len(rest.strip(_SPACE)) < 12 and not _ENDS.search(rest) and "：" not in text[:3] and ":" not in text[:3]:
        return 0, 0  # 議長：山田太郎 names somebody and does not speak
    return match.end(), match.end() + len(rest) - len(rest.lstrip(_SPACE))


def is_speaker(text: str) -> bool:
    """Whether `text` is nothing but a speaker's label."""
    bare = text.strip(_SPACE)
    if len(bare) > _LONGEST_LABEL:
        return False
    return bool(_ALONE.fullmatch(bare) or _BRACKETED.fullmatch(bare) or _COLON.fullmatch(bare))


def is_release_label(text: str) -> bool:
    """Whether `text` says only that this is a release: (Press Release), 報道発表."""
    return bool(_RELEASE_LABEL.fullmatch(text.strip(_SPACE)))


def is_issuer(text: str) -> bool:
    """Whether `text` is only the name of an office."""
    return len(text) <= 80 and bool(_ISSUER.fullmatch(text.strip(_SPACE)))


def is_heading(text: str) -> bool:
    """Whether `text` is short enough and ends openly enough to be a heading."""
    limit = _LONGEST_HEADING * (1 if re.search(r"[぀-ヿ一-鿿]", text) else 2)
    return len(text) <= limit and not _ENDS.search(text)


def cut(text: str, kind: BlockKind, *, listed: bool = False, bold: int = 0) -> list[Span]:
    """Cut a line of kind `kind` into its blocks: a speaker's label and what is said, a marker and its text.

    Together markers and spans hold every character of `text` but the space between them. Lines of kind TITLE
    and DATELINE stay whole.
    """
    if kind in {BlockKind.TITLE, BlockKind.DATELINE}:
        return [Span(kind, "", 0, len(text))]
    if kind is not BlockKind.HEADING:
        if is_speaker(text) and (kind is not BlockKind.PARAGRAPH or not is_dateline(text)):
            return [Span(BlockKind.SPEAKER, "", 0, len(text))]
        label, rest = speaker_end(text, bold)
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
    if is_dateline(text):
        return BlockKind.DATELINE
    return BlockKind.HEADING if _FRAMED.fullmatch(text) else kind
