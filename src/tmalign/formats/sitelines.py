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
    | (?:adobe\s(?:acrobat\s)?reader.*) | (?:pdf(?:ファイル)?(?:を|の).*adobe.*)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING: Final = re.compile(r"[(（]?(?:以上|了|END|End|ENDS)[)）]?[。.]?|[#＃]{2,}|[-=_*～~─━―＝－]{3,}")
_PARTS: Final = re.compile(r"[/|｜:：>＞»›\[\]［］()（）・、,\s　▲△▼▽→←↑↓≫«‹●■+-]+")
_CRUMBS: Final = re.compile(r"\s*(?:>|＞|»|›|≫|&gt;|→|::)\s*")
_HOME: Final = re.compile(
    r"^(?:トップ(?:ページ)?|ホーム|home|top|[^。]{0,12}(?:省|庁)?(?:トップ|ホーム)(?:ページ)?|防衛省|外務省)$",
    re.IGNORECASE,
)
_COPYRIGHT: Final = re.compile(r"^(?:©|\(c\)|Copyright\b|著作権)|All Rights Reserved|無断転載(?:を)?禁", re.IGNORECASE)
_RELATED: Final = re.compile(
    r"[【〔\[＜<■●◆○・\s]*(?:関連(?:リンク|情報|ページ|項目|記事|サイト|ファイル|資料)|参考リンク|外部リンク|リンク|お?問い?合わ?せ先?(?:窓口)?|本件(?:に関する)?お?問い?合わ?せ先?|この(?:ページ|記事)に関するお?問い?合わ?せ先?"
    r"|related (?:links?|information|articles?|pages?|items?|news|documents?|stories)|see also|external links?|links?|contacts?(?: us| information)?|(?:for )?inquiries|media contacts?"
    r"|シェアする|share this(?: page)?|よく読まれている記事|アクセスランキング|最新の(?:記事|お知らせ)|latest news|recommended|other languages?)[】〕\]＞>:：\s]*",
    re.IGNORECASE,
)
_ATTACHED: Final = re.compile(
    r"PDF|別ウィンドウ|新しいウィンドウ|別窓|opens? in (?:a )?new|Word|Excel|[0-9]\s?[KM]B\b", re.IGNORECASE
)
_ADDRESS: Final = re.compile(
    r"〒\s?[0-9０-９]{3}|(?:TEL|電話|Phone|Telephone|FAX|ファクス|ファックス|代表)(?:番号)?\s?[:：.(（]?\s?[(+（０-９0-9]|法人番号|^E-?mail\s?[:：]|^\(?代表\)?",
    re.IGNORECASE,
)


def is_phrase(text: str) -> bool:
    """Whether a whole line is a button or a link of every page: 印刷, English, Skip to main content, ©."""
    bare = unicodedata.normalize("NFKC", text).strip(" 　[]［］()（）▲△▼▽→←↑↓≫»>«<●・|/")
    if not bare or len(bare) > 160:
        return False
    if _PHRASES.fullmatch(bare) or (_COPYRIGHT.search(bare) and len(bare) < 150):
        return True
    parts = [part for part in _PARTS.split(bare) if part]
    return len(parts) > 1 and all(
        (_PHRASES.fullmatch(part) and part != "大") or part in {"大", "中", "小"} for part in parts
    )


def is_closing(text: str) -> bool:
    """Whether a line only says that the release ends here: 以上, (END)."""
    return bool(_CLOSING.fullmatch(text.strip()))


def is_breadcrumb(text: str) -> bool:
    """Whether a line is a path of pages: ホーム > 報道 > 2023年."""
    parts = _CRUMBS.split(unicodedata.normalize("NFC", text).strip())
    if len(parts) < 2 or any(len(part) > 80 for part in parts) or text.endswith("。"):
        return False
    return bool(_HOME.match(parts[0])) or (len(parts) >= 3 and all(0 < len(part) <= 40 for part in parts))


def is_related(text: str) -> bool:
    """Whether a line is the heading of links or of an address: 関連リンク, お問い合わせ先."""
    return len(text) < 50 and bool(_RELATED.fullmatch(unicodedata.normalize("NFKC", text)))


def is_attachment(text: str) -> bool:
    """Whether a linked line offers a file: (PDF: 120KB)."""
    return bool(_ATTACHED.search(text))


def is_address(text: str) -> bool:
    """Whether a line is of an address: postal code, telephone."""
    return len(text) < 160 and bool(_ADDRESS.search(unicodedata.normalize("NFKC", text)))
