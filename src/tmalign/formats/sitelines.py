"""What a whole line says when it is the site and not the release: tools, breadcrumbs, related links, addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What whole lines say -----------------------------------------------------------------------------------------

_PHRASES: Final = re.compile(
    r"""(?:
    (?:この(?:ページ|記事)を)?印刷(?:する|用(?:ページ|画面)?|版)?(?:を開く|はこちら)? | プリント | 印刷はこちら
    | (?:この)?ページの?(?:先頭|トップ|top|上)(?:へ|に)?(?:戻る|もどる)? | トップ(?:ページ)?(?:へ|に)?(?:戻る|もどる)? | ホーム(?:へ|に)?(?:戻る)? | top | home | pagetop
    | (?:前|次)の(?:ページ|記事)?へ?(?:戻る)? | (?:一覧|目次)(?:へ|に)?(?:戻る|もどる)? | 戻る | もどる | 閉じる | 前へ | 次へ
    | (?:文字(?:の)?)?サイズ(?:変更|の変更|を変更)? | 文字(?:を)?(?:大きく|小さく)(?:する)? | 大 | 中 | 小 | 標準 | 拡大 | 縮小 | 特大
    | (?:本文|コンテンツ|メインコンテンツ|ナビゲーション)(?:へ|に|を|まで)?(?:スキップ|移動|ジャンプ|飛ばす)(?:する|します)? | 本文へ(?:ジャンプ|移動)?
    | (?:ここから|ここまで)(?:本文|サイド|フッター|メニュー)?(?:です)? | 本文(?:ここ)?(?:から|まで)(?:です)? | メニュー(?:を開く|を閉じる)? | 検索 | サイト内検索 | サイトマップ | お問い?合わ?せ
    | (?:in\s)?english(?:\s?(?:version|page|site))? | 英語(?:版)?(?:ページ|サイト)?(?:はこちら)? | 日本語(?:版)?(?:ページ|サイト)?(?:はこちら)? | japanese(?:\s?(?:version|page|site))? | 中文 | 简体中文 | 한국어
    | en | ja | jp | 和文 | 英文 | other\slanguages? | language | 言語(?:選択)?
    | シェア(?:する)? | ツイート(?:する)? | いいね!? | 共有(?:する)? | share(?:\son\s\w+|\sthis(?:\spage)?)? | tweet | like | post | ポスト(?:する)? | facebook | twitter | x | line(?:で送る)? | はてなブックマーク | (?:e-?)?mail | メールで送る
    | print(?:\s(?:this\s)?page|[- ]friendly(?:\sversion)?)? | (?:back\sto\s|return\sto\s|to\s(?:the\s)?)?(?:page\s)?top(?:\sof\s(?:the\s|this\s)?page)? | (?:back\sto\s|return\sto\s)(?:the\s)?(?:list|index|home|previous\spage|news|press\sreleases)
    | skip\s(?:to|over)\s(?:the\s)?(?:main\s?)?(?:content|navigation|text|body)s? | text\ssize | font\ssize | small | medium | large | menu | search | close | next | prev(?:ious)?(?:\spage)? | back | sitemap | site\smap | contact\sus | access | privacy\spolicy
    | (?:プライバシー|サイト)ポリシー | 利用規約 | リンク・著作権(?:等|について)? | アクセス(?:案内|マップ)?
    | read\smore | learn\smore | see\smore | view\s(?:all|more) | more(?:\snews)? | subscribe | sign\sup | follow\sus | privacy | terms(?:\sof\suse)? | printable\sversion
    | 詳細(?:はこちら|を見る|へ) | 続きを読む | もっと見る | 詳しくはこちら | (?:この)?(?:ページ|記事)(?:番号|\s?ID)\s?[:：]?\s?[0-9-]+
    | (?:adobe\s(?:acrobat\s)?reader.*) | (?:pdf(?:ファイル)?(?:を|の).*adobe.*)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"[-–—\s]*[(（［\[]?\s*(?:以\s*上|了|終わり|おわり|(?i:end|ends|end of (?:the )?(?:document|statement|text|release)))\s*[)）］\]]?[。.]?[-–—\s]*"
    r"|[#＃]{2,}|[-=_*～~─━―＝－]{3,}"
)
_SIGNS: Final = r"/|｜:：>＞»›\[\]［］()（）・、,▲△▼▽→←↑↓≫«‹●■+"
_PARTS: Final = re.compile(rf"[{_SIGNS}\s　-]+")
_BUTTONS: Final = re.compile(rf"\s*(?:[{_SIGNS}]|\s-\s)[{_SIGNS}\s　]*")
_CRUMBS: Final = re.compile(r"\s*(?:>|＞|»|›|≫|&gt;|→|::)\s*")
_SLASHES: Final = re.compile(r"\s+[/／|｜]\s+|／")
_HOME: Final = re.compile(
    r"^(?:トップ(?:ページ)?|ホーム|home|top|[^。]{0,12}(?:省|庁)?(?:トップ|ホーム)(?:ページ)?|防衛省|外務省)$",
    re.IGNORECASE,
)
_START: Final = re.compile(r"(?:トップ(?:ページ)?|ホーム(?:ページ)?|home(?:page)?|top(?:\s?page)?)", re.IGNORECASE)
# What a reader of PDF files needs, which pages say in one sentence or three.
_VIEWER: Final = re.compile(
    r"PDF.{0,60}(?:adobe|アドビ|acrobat|reader|リーダー|閲覧ソフト|ビューア)|(?:adobe|アドビ).{0,20}(?:reader|acrobat|リーダー)",
    re.IGNORECASE,
)
_COPYRIGHT: Final = re.compile(
    r"©(?!.*[^s][.。]$)|^(?:©|\(c\)|Copyright\b|著作権)|All Rights Reserved|無断転載(?:を)?禁", re.IGNORECASE
)
_RELATED: Final = re.compile(
    r"[【〔\[＜<■●◆○・\s]*(?:関連(?:リンク|情報|ページ|項目|記事|サイト|ファイル|資料)|参考リンク|外部リンク|リンク|お?問い?合わ?せ先?(?:窓口)?|本件(?:に関する)?お?問い?合わ?せ先?|この(?:ページ|記事)に関するお?問い?合わ?せ先?"
    r"|related (?:links?|information|articles?|pages?|items?|news|documents?|stories)|see also|external links?|links?|contacts?(?: us| information| details| points?)?|points? of contact|(?:(?:for |media |press |public |general ){0,2}(?:inquiries|enquiries|contacts?))"
    r"|シェアする|share this(?: page)?|よく読まれている記事|アクセスランキング|最新の(?:記事|お知らせ)|(?:latest|more|other|recent|top|breaking) (?:news|stories|articles|releases|press releases|topics)|you (?:may|might) also (?:like|be interested in)|read next|(?:subscribe|sign up)(?: (?:to|for) (?:our |the )?[a-z ]{1,30})?|(?:our )?newsletter|follow us(?: on [a-z ,]{1,30})?|(?:関連|最新|その他の|他の)(?:の)?(?:ニュース|お知らせ|新着情報|報道発表|動画|ビデオ|写真)|related (?:videos?|photos?|press releases|topics|content|pages?)|新着(?:情報|記事)?|注目(?:の)?(?:情報|記事)|あわせて読みたい|おすすめ(?:の)?(?:記事|情報)?|このページに関するお問い?合わ?せ先?|recommended|other languages?)[】〕\]＞>:：\s]*",
    re.IGNORECASE,
)
_ATTACHED: Final = re.compile(
    r"PDF|別ウィンドウ|新しいウィンドウ|別窓|opens? in (?:a )?new|Word|Excel|[0-9]\s?[KM]B\b", re.IGNORECASE
)
_FILED: Final = re.compile(
    r"(?:tags?|categor(?:y|ies)|keywords?|topics?|filed under|タグ|カテゴリー?|キーワード)\s?[:：]", re.IGNORECASE
)
_UPDATE: Final = re.compile(
    r"(?:(?:page |content )?(?:last )?(?:updated|modified|reviewed)\b|(?:最終)?更新(?:日時?)?\s?[:：]|(?:掲載|公開|作成)日\s?[:：])",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(
    r"[(（［\[【]?(?:写真|図|photo|figure|image)\s?[0-9０-９]{0,2}\s?[)）］\]】:：　]\s*", re.IGNORECASE
)
# Street, town and postal code in either order: 1-1 Chuo, Minato-ku, Tokyo 100-0000; 東京都港区中央1-1.
_STREET: Final = re.compile(
    r"(?:^|[\s:,(])[0-9]{1,4}(?:-[0-9]{1,4}){1,3}[,\s]+[A-Z][\w' -]*,.*(?:-(?:ku|shi|cho|machi|gun|ken|fu)\b|\b(?:Tokyo|Osaka|Kyoto|Prefecture|Japan)\b)"
    r"|(?:-(?:ku|shi|cho|machi|gun|ken)\b|\b(?:Tokyo|Prefecture|City)\b).{0,40}(?<![\d-])[0-9]{3}-[0-9]{4}(?![\d-])"
    r"|(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)[一-鿿ぁ-んァ-ヶ]{1,12}[市区町村郡][一-鿿ぁ-んァ-ヶ]{0,12}(?:[0-9]{1,4}(?:-[0-9]{1,4}){1,3}|[0-9]{1,3}丁目)"
)
_ADDRESS: Final = re.compile(
    r"〒\s?[0-9０-９]{3}|switchboard|(?:TEL|電話|Phone|Telephone|FAX|ファクス|ファックス|代表)(?:番号)?(?:\s?[(（]代表[)）])?\s?[:：.(（]?\s?[(+（０-９0-9]|法人番号|^E-?mail\s?[:：]|^\(?代表\)?",
    re.IGNORECASE,
)


def is_phrase(text: str) -> bool:
    """Whether a whole line is a button or a link of every page: 印刷, English, Skip to main content, ©."""
    bare = unicodedata.normalize("NFKC", text).strip(" 　[]［］()（）▲△▼▽→←↑↓≫»>«<●・|/")
    if not bare or len(bare) > 240:
        return False
    if _PHRASES.fullmatch(bare) or _COPYRIGHT.search(bare) or _VIEWER.search(bare):
        return True
    return any(
        len(parts) > 1 and all(map(_PHRASES.fullmatch, parts))
        for parts in ([part for part in cut.split(bare) if part] for cut in (_BUTTONS, _PARTS))
    )


def is_closing(text: str) -> bool:
    """Whether a line only says that the release ends here: 以上, (END)."""
    return bool(_CLOSING.fullmatch(text.strip()))


def is_breadcrumb(text: str) -> bool:
    """Whether a line is a path of pages: ホーム > 報道 > 2023年, Home / Press / 2023."""
    path = [part.strip() for part in _SLASHES.split(text.strip())]
    if len(path) > 1 and _START.fullmatch(path[0]) and all(len(part) <= 80 for part in path):
        return not text.endswith("。")
    parts = _CRUMBS.split(unicodedata.normalize("NFC", text).strip())
    if len(parts) < 2 or any(len(part) > 80 for part in parts) or text.endswith("。"):
        return False
    return bool(_HOME.match(parts[0])) or (len(parts) >= 3 and all(0 < len(part) <= 40 for part in parts))


def begins_copyright(text: str) -> bool:
    """Whether a line begins as a notice of copyright does."""
    return bool(_COPYRIGHT.match(text))


def is_filed(text: str) -> bool:
    """Whether a line says under what words the page is filed: Tags: Norland, タグ：防災."""
    return bool(_FILED.match(text))


def is_update(text: str) -> bool:
    """Whether a line says when the page, not the release, was written: Last updated: March 1."""
    return len(text) < 60 and bool(_UPDATE.match(text))


def bare_caption(text: str) -> str:
    """Return a caption without the word that says it is one: （写真１）握手する両大臣."""
    return _PICTURE.sub("", text, count=1)


def is_related(text: str) -> bool:
    """Whether a line is the heading of links or of an address: 関連リンク, お問い合わせ先."""
    return len(text) < 50 and bool(_RELATED.fullmatch(unicodedata.normalize("NFKC", text)))


def is_attachment(text: str) -> bool:
    """Whether a linked line offers a file: (PDF: 120KB)."""
    return bool(_ATTACHED.search(text))


def is_address(text: str) -> bool:
    """Whether a line is of an address: postal code, telephone."""
    folded = unicodedata.normalize("NFKC", text)
    return len(text) < 240 and bool(_ADDRESS.search(folded) or _STREET.search(folded))
