"""Speaker labels of press conferences and speeches: 記者, （大臣）, Q:, Minister Kishi:."""

from __future__ import annotations

import re

_JA_ROLE = (
    r"(?:記者|質問者?|回答者?|大臣|総理(?:大臣)?|長官|(?:外務)?報道官|副大臣|政務官|事務?次官|局長|課長|幕僚長|司会者?|進行|議長|幹事社?|問|答|大使|共同通信|時事通信|事務方|一同)"
)
_EN_ROLE = (
    r"(?:Q(?:uestion)?|A(?:nswer)?|(?:The )?(?:Reporter|Journalist|Moderator|Interpreter|MC|Chair(?:man|person)?|Host|Press Secretary|"
    r"(?:Vice-|Parliamentary Vice-|Deputy |State |Prime |Foreign |Defen[cs]e )*Minister|Spokes(?:person|man|woman)|Ambassador|President|Secretary|Director-General|General|Admiral|Chief of Staff)"
    r"(?: (?:of|for) [A-Z]\w+(?: [A-Z]\w+)?)?(?: [A-Z][\w'-]+){0,3})"
)
_NAMED = r"[^\s:：。、（）()【】「」]{1,14}?[ \u3000]?"
_LABEL = re.compile(
    rf"""(?P<label>
        [○●◯〇◆■・]?\s*[【〔\[［]\s*(?:{_NAMED})?(?:{_JA_ROLE}|{_EN_ROLE})\s*[】〕\]］]\s*[:：]?
      | [○●◯〇◆■・]?\s*[（(]\s*(?:{_NAMED})?(?:{_JA_ROLE}|{_EN_ROLE})\s*[）)]\s*[:：]?
      | [○●◯〇◆]?\s*(?:{_NAMED})?{_JA_ROLE}\s*[:：]
      | [ＱＡQA]\s*\d{{0,2}}\s*[:：．.](?=\s|[^\x00-\x7f]|$)
      | {_EN_ROLE}\s*[:：]
    )[ \u3000]*(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(rf"(?:[○●◯〇◆]\s*)?(?:(?:{_NAMED})?{_JA_ROLE}|{_EN_ROLE}|[ＱＡ問答])")
_BARE_LEAD = re.compile(rf"(?P<label>[○●◯〇◆]\s*(?:{_NAMED})?{_JA_ROLE})[ \u3000]+(?P<rest>.*)", re.DOTALL)
_ANY_LABEL = re.compile(r"([^\s:：。．.][^:：。]{0,30}[:：])\s*\S")
_LONGEST_BARE = 32


def label_of(text: str) -> str:
    """Return what stands before a colon at the head of a line, if it is short enough to name a speaker."""
    found = _ANY_LABEL.match(text)
    return found[1] if found else ""


def split_speaker(text: str, repeated: set[str], *, bold: bool) -> tuple[str, str]:
    """Return (label, rest) where a line begins with a speaker's label, else two empty strings.

    `repeated` holds labels that lead several lines of the page; `bold` tells that the line is a label by its looks.
    """
    found = _LABEL.fullmatch(text) or _BARE_LEAD.fullmatch(text)
    if found:
        return found["label"].strip(), found["rest"].strip()
    if len(text) <= _LONGEST_BARE and _BARE.fullmatch(text) and (bold or not text.isascii() or len(text) > 1):
        return text, ""
    label = label_of(text)
    if label and label in repeated and bold:
        return label, text[len(label) :].strip()
    return "", ""
