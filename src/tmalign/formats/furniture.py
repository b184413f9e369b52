"""What on a page is not its text: navigation, breadcrumbs, tools, related links, footers, things nobody sees.

Elements are judged by landmark, by the words in their class and id, and by how much of them is links; lines by what
they say. An element that holds much of the page's prose is never dropped for its name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tmalign.text.width import normalise

if TYPE_CHECKING:
    from lxml.etree import _Element

# Never text, whatever they hold.
UNSEEN_TAGS = frozenset(
    """script style noscript template svg math object embed applet iframe frameset noframes canvas audio video map
    select option datalist textarea button input rt rp rtc head title meta link colgroup col""".split()
)
_LANDMARK_TAGS = frozenset(("nav", "aside", "footer", "form", "search", "menu", "dialog"))
_LANDMARK_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar", "dialog")
)
# Words of class and id names, cut at case and punctuation: "globalNavi" is global + navi.
_FURNITURE_WORDS = frozenset(
    """nav navi navigation gnav lnav snav globalnav localnav menu submenu breadcrumb breadcrumbs pankuzu topicpath
    topicspath crumb crumbs footer foot header sidebar side aside sns share sharing social twitter facebook print printer
    printbtn printing related relation kanren links linklist link search siteid sitemap lang language languages
    langnav skip skiplink cookie consent banner banners pagetop totop gotop backtotop copyright copy address fontsize
    textsize moji utility tools toolbar toollink advert ads pagination pager prevnext recommend ranking""".split()
)
# These name whole pages and wrappers as often as furniture: only small elements are dropped for them.
_HIDDEN_WORDS = frozenset(("hidden", "invisible", "hide", "noprint", "sr", "srt"))
_HIDDEN_NAMES = re.compile(r"visually-?hidden|sr-only|screen-?reader|offscreen|u-hidden", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_STOP = re.compile(r"[。！？]|[.!?](?:\s|$|[\"'”’)])")

_LINE = re.compile(
    r"""(?:
    印刷(?:用|する|用ページ|用画面|版)?(?:を?表示)? | このページを印刷(?:する)? | (?:この)?ページの?(?:先頭|トップ|上)(?:へ|に)?(?:戻る|もどる)?
    | 先頭へ(?:戻る)? | トップへ(?:戻る)? | (?:前|一覧|元)(?:のページ)?(?:へ|に)戻る | 戻る | 閉じる | 本文へ(?:移動|スキップ)?(?:する)? | 本文(?:ここ)?から | ここから本文(?:です)?。? | 本文ここまで
    | (?:ここまで)本文(?:です)?。? | 文字(?:サイズ|の大きさ).* | 標準|拡大|大|中|小 | 検索 | サイトマップ | お問い?合わ?せ | アクセス | ホーム|トップページ | 一覧へ(?:戻る)?
    | 英語版? | 日本語版? | 英文 | 和文 | 他の言語 | Other\ Languages? | (?:to\ )?(?:English|Japanese|日本語|英語)(?:\ (?:Page|Version|Here))? | シェア(?:する)? | ツイート(?:する)? | (?:X|Twitter|Facebook|LINE|はてな)(?:で)?(?:シェア|共有|投稿|ポスト)?(?:する)?
    | 共有(?:する)? | メールで(?:送る|共有) | ポスト(?:する)? | いいね！? | (?:Skip|Jump|Go)\ to\ (?:the\ )?(?:main\ )?(?:content|text|body)s? | (?:Go\ )?Back(?:\ to)?(?:\ (?:the\ )?(?:top|list|index|home))?(?:\ of\ (?:this\ )?page)?
    | (?:Page|To)\ ?top | Top\ of\ (?:this\ )?page | To\ (?:the\ )?top(?:\ of\ (?:this\ )?page)? | Print(?:\ (?:this\ )?(?:page|version|view|friendly))? | Printer[- ]friendly.* | Home | Sitemap | Site\ Map | Search | Share(?:\ on\ \w+)?(?:\ this)? | Tweet | Like | Post | Menu | Close
    | Font\ Size.* | Text\ Size.* | Small|Medium|Large | Previous|Next|List
    | (?:Copyright|\(c\)|©|All\ Rights\ Reserved).* | .*All\ Rights\ Reserved\.? | 法人番号.* | .*\(法人番号.*\)
    | (?:〒|〠)\s*\d{3}.* | (?:TEL|FAX|Tel|Fax|電話|代表)\ ?[:(（]?.{0,12}\d[\d()\- ]{6,}.{0,20}
    | 関連(?:リンク|情報|ページ|サイト|資料|記事|ファイル)(?:一覧)? | 参考リンク | Related\ (?:Links?|Information|Pages?|Sites?|Articles?|Documents?|Topics?)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_RELATED = re.compile(
    r"関連(?:リンク|情報|ページ|サイト|資料|記事|ファイル)(?:一覧)?|参考リンク|Related (?:Links?|Information|Pages?|Sites?|Articles?|Documents?|Topics?)",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"\s*(?:>|›|»|≫|→|/)\s*")
_LONGEST_CRUMB = 60
_TRIM = " \t\u3000[]［］()（）【】<>＜＞▲△▼▽→←|｜・/-*·•"


def is_unseen(element: _Element) -> bool:
    """Tell whether a browser would not show the element."""
    if element.tag in UNSEEN_TAGS or not isinstance(element.tag, str):
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_HIDDEN_NAMES.search(names))


def is_landmark(element: _Element) -> bool:
    """Tell whether the page itself declares the element to be furniture."""
    role = (element.get("role") or "").lower()
    if element.tag in _LANDMARK_TAGS or role in _LANDMARK_ROLES:
        return True
    return element.tag == "header" and not any(a.tag in {"main", "article", "section"} for a in element.iterancestors())


def is_named_furniture(element: _Element) -> bool:
    """Tell whether class or id name the element as furniture."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not names.strip():
        return False
    parts = {part.lower() for part in _NAME_PARTS.findall(names)}
    whole = {name.lower() for name in re.split(r"[\s_-]+", names)}
    return bool((parts | whole) & _FURNITURE_WORDS)


def is_furniture_line(text: str) -> bool:
    """Tell whether a whole line is a tool or a sign of the site rather than of the release."""
    plain = normalise(text).strip(_TRIM)
    return not plain or bool(_LINE.fullmatch(plain))


def is_related_heading(text: str) -> bool:
    """Tell whether a line announces links to other pages."""
    return bool(_RELATED.fullmatch(normalise(text).strip(_TRIM + ":：")))


def is_breadcrumb(text: str, links: int) -> bool:
    """Tell whether a line is a path of links: ホーム > 報道 > 会見."""
    parts = _CRUMBS.split(normalise(text).strip())
    return links >= 1 and len(parts) >= 2 and all(len(part) <= _LONGEST_CRUMB for part in parts[:-1]) and (  # noqa: PLR2004
        bool(re.match(r"\s*(?:ホーム|トップ|HOME|TOP)", normalise(text), re.IGNORECASE)) or links >= len(parts) - 1 > 0
    )


def ends_sentence(text: str) -> bool:
    """Tell whether a line has a full stop somewhere: prose, not a label."""
    return bool(_STOP.search(text))
