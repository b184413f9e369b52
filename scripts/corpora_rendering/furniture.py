"""What stands around the text of a page: invented sites, their menus, links and small print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora_rendering.authored import Language

# In every page's source, never in its text.
LABELS: dict[Language, str] = {
    "ja": "架空の見本資料です。実在の発表ではありません。 Invented sample material, not a real release. CC0-1.0",
    "en": "Invented sample material, not a real release. CC0-1.0",
}


@dataclass(frozen=True, slots=True)
class Site:
    """An office that does not exist, in both languages (Japanese first)."""

    names: tuple[str, str]
    addresses: tuple[str, str]
    holder: str

    def name(self, language: Language) -> str:
        """Return the office's name."""
        return self.names[language == "en"]

    def address(self, language: Language) -> str:
        """Return its postal address and telephone number."""
        return self.addresses[language == "en"]


SITES = (
    Site(
        ("見本省", "Sample Ministry"),
        (
            "〒000-0000　東京都見本区見本町1-2-3　電話：00-0000-0000（代表）",
            "1-2-3 Mihon-cho, Mihon-ku, Tokyo 000-0000 TEL: 00-0000-0000",
        ),
        "Sample Ministry (fictitious)",
    ),
    Site(
        ("見本広報庁", "Sample Public Information Agency"),
        (
            "〒000-0001　見本県架空市中央9-9　電話：00-0000-0001",
            "9-9 Chuo, Kaku City, Mihon Prefecture 000-0001 Phone 00-0000-0001",
        ),
        "Sample Public Information Agency (fictitious)",
    ),
    Site(
        ("見本報道室", "Sample Press Office"),
        (
            "郵便番号000-0002　見本県見本郡例示町4番地　代表電話 00-0000-0002",
            "4 Reiji-cho, Mihon-gun, Mihon 000-0002, Tel. +00-0-0000-0002",
        ),
        "Sample Press Office (fictitious)",
    ),
    Site(
        ("見本国際局", "Sample International Bureau"),
        (
            "〒000-0003　東京都架空区架空台5-6　TEL 00-0000-0003",
            "5-6 Kakudai, Kaku-ku, Tokyo 000-0003 (switchboard 00-0000-0003)",
        ),
        "Sample International Bureau (fictitious)",
    ),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of page furniture in one language."""

    menu: tuple[str, ...]
    home: str
    print_page: str
    other_language: str
    skip: str
    top: str
    back: str
    related: str
    related_links: tuple[str, ...]
    share: tuple[str, ...]
    previous: str
    following: str
    search: str
    captions: tuple[str, ...]
    no_script: str
    notice: str
    contact: str
    sections: dict[str, str]

    def section(self, collection: str) -> str:
        """Return the name of the site's section for a collection."""
        return self.sections.get(collection, self.sections[""])


WORDS: dict[Language, Words] = {
    "ja": Words(
        menu=("ホーム", "組織の紹介", "報道発表", "会見", "政策", "統計", "予算・決算", "採用情報", "お問い合わせ"),
        home="ホーム",
        print_page="印刷用",
        other_language="English",
        skip="本文へスキップ",
        top="このページの先頭へ",
        back="一覧へ戻る",
        related="関連リンク",
        related_links=(
            "過去の報道発表（見本）",
            "地域別の索引（見本）",
            "用語の手引（見本）",
            "写真集（見本）",
            "年表（見本）",
        ),
        share=("Xで共有", "Facebookで共有", "LINEで送る"),
        previous="前の記事",
        following="次の記事",
        search="サイト内検索",
        captions=("会場の様子（見本写真）", "関係者の集合写真（見本写真）", "説明資料の表紙（見本写真）"),
        no_script="JavaScriptを有効にしてご覧ください。",
        notice="サイトポリシー",
        contact="お問い合わせ先：広報係（見本）",
        sections={
            "defence": "報道発表",
            "foreign": "外交の動き",
            "speeches": "演説・挨拶",
            "pressers": "記者会見",
            "statistics": "統計・予算",
            "": "お知らせ",
        },
    ),
    "en": Words(
        menu=(
            "Home",
            "About Us",
            "News Releases",
            "Press Conferences",
            "Policy",
            "Statistics",
            "Budget",
            "Careers",
            "Contact",
        ),
        home="Home",
        print_page="Print",
        other_language="Japanese",
        skip="Skip to main content",
        top="Page Top",
        back="Back to list",
        related="Related Links",
        related_links=(
            "Past releases (sample)",
            "Index by region (sample)",
            "Glossary (sample)",
            "Photo gallery (sample)",
        ),
        share=("Share on X", "Share on Facebook", "Send by e-mail"),
        previous="Previous",
        following="Next",
        search="Search this site",
        captions=("The venue (sample photo)", "A group photo (sample photo)", "Cover of the handout (sample photo)"),
        no_script="Please enable JavaScript to use this site.",
        notice="Site policy",
        contact="Contact: Public Relations Desk (sample)",
        sections={
            "defence": "Press Releases",
            "foreign": "Diplomatic News",
            "speeches": "Speeches",
            "pressers": "Press Conferences",
            "statistics": "Statistics and Budget",
            "": "News",
        },
    ),
}


def menu_list(words: Words, wrapper: str = "<ul>\n{}\n</ul>") -> str:
    """Return the site menu as list items inside `wrapper`."""
    return wrapper.format(
        "\n".join(f'<li><a href="/menu{n}/index.html">{word}</a></li>' for n, word in enumerate(words.menu))
    )


def related_list(words: Words, count: int, start: int = 0) -> str:
    """Return `count` related links as list items."""
    chosen = [words.related_links[(start + n) % len(words.related_links)] for n in range(count)]
    return "\n".join(f'<li><a href="/related/{n}.html">{word}</a></li>' for n, word in enumerate(chosen))


def share_list(words: Words) -> str:
    """Return the buttons of social networks as list items."""
    return "\n".join(
        f'<li class="sns{n}"><a href="https://share.example/{n}">{word}</a></li>' for n, word in enumerate(words.share)
    )
