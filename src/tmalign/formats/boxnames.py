"""What boxes of a page are called in class and id, and what that says of them."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml import etree


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Furniture, even with a sentence or two in it.
STRONG: Final = _words("""
    nav navi navigation gnav gnavi gnavigation globalnav globalnavi globalmenu lnav lnavi localnav localnavi subnav
    subnavi sidenav sitenav hnav fnav breadcrumb breadcrumbs breadcrumblist topicpath topicspath pankuzu crumb
    crumbs footer sitefooter pagefooter gfooter footnavi footernav colophon copyright copyrights cookie cookies
    cookieconsent cookiebanner skip skiplink skiplinks skipnav skipcontent sidebar sidemenu sidearea gmenu related
    relatedlinks relatedlink relatednews relatedinfo relatedposts relation sronly screenreader visuallyhidden
    visuallyhiddenfocusable hidden newsletter subscribe feedback questionnaire enquete alertbar noticebar
""")

# Tools: what they say is never a sentence of prose.
BUTTONS: Final = _words("""
    sns snsbtn snsarea snslist share sharing sharebtn social socialbtn addthis pagetop totop gotop backtop backtotop
    gototop topback fontsize textsize charsize mojisize langswitch langselect langmenu languageswitch printbtn
    printbutton sharedaddy addtoany toplink pagetoplink gotop returntop tothetop fontresize fontchange sitesearch
    searchbox searchform searcharea pager pagination pagenation pagenavi prevnext postnav
""")

# Furniture only where nothing but a few words or links stands in it.
WEAK: Final = _words("""
    header siteheader globalheader gheader hd masthead menu side sub contact contacts inquiry toiawase otoiawase
    links link lang language languages print search utility utilities tool tools toolbar ad ads adv pr tags tag
    ranking recommend banner banners bnr accessibility address access meta moji font logo sitemap foot
""")

# What stands under a picture.
CAPTIONS: Final = _words("""
    caption cap imgcaption photocaption photocap imagecaption wpcaptiontext figcaption
""")

# has-sidebar, no-footer, with-share-buttons: what a box has or looks like, not what it is.
_STATES: Final = frozenset({"has", "no", "with", "without"})
_WORDS_IN_NAME: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def names_of(element: etree._Element) -> set[str]:
    """Return the words of class and id, and each two neighbours as one: `page-top` gives page, top, pagetop."""
    found: set[str] = set()
    for attribute in ("class", "id"):
        for name in (element.get(attribute) or "")[:400].split():
            words = [word.lower() for word in _WORDS_IN_NAME.findall(name)]
            if words and words[0] in _STATES:
                continue
            found.update(words)
            found.update(map("".join, itertools.pairwise(words)))
            found.add("".join(words))
    return found
