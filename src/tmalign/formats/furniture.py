"""What on a page is not the release: navigation, breadcrumbs, print and share buttons, related links, footers.

Two looks: at elements before they are walked (landmarks, names, links against prose), and at the lines that
came out (what they say, and where on the page). Prose is never dropped for the name of the box it stands in.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from tmalign.formats import sitelines
from tmalign.formats.boxnames import BUTTONS, CAPTIONS, STRONG, WEAK, names_of
from tmalign.formats.dates import is_dateline

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEVER_TEXT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "nav",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "applet",
        "audio",
        "video",
        "canvas",
        "map",
        "select",
        "datalist",
        "option",
        "button",
        "input",
        "textarea",
        "dialog",
        "progress",
        "meter",
        "noframes",
        "frameset",
        "frame",
        "rt",
        "rp",
        "rtc",
        "del",
        "basefont",
        "link",
        "meta",
    ]
)
_KEPT_WHOLE: Final = frozenset("html body main article h1 h2 h3 h4 h5 h6 tr tbody thead tfoot center".split())  # noqa: SIM905
_ROLES: Final = frozenset(
    {"navigation", "search", "menu", "menubar", "banner", "contentinfo", "toolbar", "alert", "dialog", "tablist"}
)
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LARGEST_FIGURE: Final = 0.5
_MOST_IN_FIGURE: Final = 12
_LARGEST_ASIDE: Final = 0.3
_STOPS: Final = re.compile(r"[。！？]|[.!?][”’\"')]*(?:\s|$)")


@dataclass(slots=True)
class _Tally:
    """Characters, link characters, links and sentence stops (outside links, and all) in an element."""

    characters: int = 0
    linked: int = 0
    links: int = 0
    stops: int = 0
    all_stops: int = 0

    def density(self) -> float:
        return self.linked / self.characters if self.characters else 0.0


class Page:
    """The elements of one page, weighed once, so that each can be asked whether it is furniture."""

    def __init__(self, root: etree._Element, title: str) -> None:
        """Weigh every element below `root`; `title` is the page's title as far as it is known."""
        self._title = flat(title)
        self._tallies: dict[etree._Element, _Tally] = {}
        self._weigh(root)
        self._whole = self._tallies.get(root, _Tally())
        self.main = self._main(root)

    def _weigh(self, root: etree._Element) -> None:
        tallies = self._tallies
        walk = etree.iterwalk(root, events=("start", "end"))
        in_link = 0
        for event, element in walk:
            if event == "start":
                tallies[element] = _Tally()
                if never_text(element):
                    walk.skip_subtree()
                    continue
                in_link += element.tag == "a"
                _add(tallies[element], element.text, in_link)
                continue
            own = tallies[element]
            if element.tag == "a" and not never_text(element):
                in_link -= 1
                own.links += 1
            parent = tallies.get(element.getparent())
            if parent is not None and element is not root:
                parent.characters += own.characters
                parent.linked += own.linked
                parent.links += own.links
                parent.stops += own.stops
                parent.all_stops += own.all_stops
                _add(parent, element.tail, in_link)

    def _main(self, root: etree._Element) -> etree._Element | None:
        """Find the element that says it holds the main text and does hold most of it."""
        found = [element for element in root.iter("main", "div", "section") if _is_main(element)]
        found = [element for element in found if element in self._tallies]
        if len(found) != 1:
            return None
        held, whole = self._tallies[found[0]], self._whole
        enough = held.stops >= 0.6 * whole.stops and held.characters - held.linked >= 0.4 * (
            whole.characters - whole.linked
        )
        return found[0] if enough else None

    def prose_share(self, element: etree._Element) -> float:
        """Return which part of the page's unlinked text stands in `element`, from 0 to 1."""
        whole = self._whole.characters - self._whole.linked
        held = self._tallies.get(element, _Tally())
        return (held.characters - held.linked) / whole if whole else 0.0

    def drops(self, element: etree._Element) -> bool:
        """Whether `element` and all in it is furniture."""
        tag = element.tag
        if never_text(element) or (tag == "form" and (self._is_small(element) or self._is_questionnaire(element))):
            return True
        if tag in _KEPT_WHOLE:
            return False
        if is_hidden(element) or self._is_caption(element):
            return True
        own = self._tallies.get(element)
        if own is None:
            return False
        return (
            self._by_landmark(element, own)
            or self._by_name(element, own)
            or self._by_links(element, own)
            or self._by_heading(element, own)
        )

    def _is_small(self, element: etree._Element) -> bool:
        own = self._tallies.get(element, _Tally())
        return own.stops == 0 and own.characters < 120

    def _is_caption(self, element: etree._Element) -> bool:
        """Whether an element says what a picture beside it shows."""
        if element.tag != "figcaption" and not names_of(element) & CAPTIONS:
            return False
        own, around = self._tallies.get(element, _Tally()), element.getparent()
        if own.stops > (element.tag == "figcaption") or around is None:
            return False
        if next(itertools.islice(around.iterchildren(), _MOST_IN_FIGURE, None), None) is not None:
            return False
        if self.prose_share(around) > _LARGEST_FIGURE or next(around.iter("table"), None) is not None:
            return False
        return next(around.iter("img", "picture", "video", "svg"), None) is not None

    def _is_questionnaire(self, element: etree._Element) -> bool:
        """Whether a form asks something of its reader; one that a server wraps around the whole page does not."""
        if self.prose_share(element) > _LARGEST_ASIDE:
            return False
        shown = (field for field in element.iter("input", "textarea", "select") if field.get("type") != "hidden")
        return next(shown, None) is not None

    def _by_heading(self, element: etree._Element, own: _Tally) -> bool:
        """Whether a box says with its heading that it leads elsewhere: 関連リンク, More news."""
        if element.tag not in {"div", "section", "aside", "td", "dl"} or own.stops > _LARGEST_ASIDE * self._whole.stops:
            return False
        heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6", "dt"), None)
        if heading is None or _first_text(heading) != _first_text(element):
            return False
        return sitelines.is_related("".join(map(str, heading.itertext())).strip()) and not self._holds_title(element)

    def _by_landmark(self, element: etree._Element, own: _Tally) -> bool:
        role = element.get("role", "").lower()
        tag = element.tag
        if role in _ROLES or (tag in {"header", "footer"} and not _inside(element, {"article", "main"})):
            return self._mostly_elsewhere(own, 0.3) and not self._holds_title(element)
        if tag == "footer":
            return own.stops <= 1
        if tag == "address":
            return own.stops == 0 and self._whole.stops > 0
        if tag == "aside" or role == "complementary":
            return own.density() > 0.3 or (own.stops == 0 and self._whole.stops > 0)
        return False

    def _by_name(self, element: etree._Element, own: _Tally) -> bool:
        names = names_of(element)
        if names & STRONG:
            few = own.stops <= max(2, 0.15 * self._whole.stops) and own.stops < max(1, self._whole.stops)
            return (few or own.density() >= 0.6) and not self._holds_title(element)
        if names & BUTTONS:
            return (own.stops == 0 or own.density() >= 0.6) and own.stops <= 1 and not self._holds_title(element)
        if names & WEAK:
            idle = own.stops == 0 and own.characters < 200 and self._whole.stops > 0 and not _is_date(element)
            linked = own.density() >= 0.6 and own.stops <= 1
            return (idle or linked) and not self._holds_title(element) and not _holds_heading(element)
        return False

    def _by_links(self, element: etree._Element, own: _Tally) -> bool:
        if (
            element.tag not in {"ul", "ol", "dl", "table", "div", "section", "p", "td", "menu", "aside"}
            or own.links < 3
        ):
            return False
        return (
            own.density() >= 0.75
            and own.stops <= 1
            and own.all_stops * 3 <= own.links
            and not self._holds_title(element)
        )

    def _mostly_elsewhere(self, own: _Tally, share: float) -> bool:
        return own.stops <= share * self._whole.stops and (own.stops < self._whole.stops or own.stops == 0)

    def _holds_title(self, element: etree._Element) -> bool:
        if not self._title:
            return False
        return any(
            same_title(flat("".join(map(str, heading.itertext()))), self._title) for heading in element.iter("h1", "h2")
        )


def never_text(element: etree._Element) -> bool:
    """Whether an element's content is never shown as running text: scripts, controls, ruby readings, comments."""
    return not isinstance(element.tag, str) or element.tag in _NEVER_TEXT


def is_hidden(element: etree._Element) -> bool:
    """Whether an element says of itself that it is not shown."""
    if "hidden" in element.attrib or element.get("aria-hidden", "").strip().lower() == "true":
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style", "")))


def flat(text: str) -> str:
    """Return a text for comparing: width-folded, lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def same_title(one: str, other: str) -> bool:
    """Whether two flattened titles are the same but for what a site puts around them."""
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 6 and short in long and len(short) >= 0.5 * len(long))


def _add(tally: _Tally, text: str | None, in_link: int) -> None:
    if not text or text.isspace():
        return
    characters = len(text) - text.count(" ") - text.count("\n")
    stops = len(_STOPS.findall(text))
    tally.characters += characters
    tally.all_stops += stops
    if in_link:
        tally.linked += characters
    else:
        tally.stops += stops


def _is_main(element: etree._Element) -> bool:
    return element.tag == "main" or element.get("role", "").lower() == "main"


def _inside(element: etree._Element, tags: Iterable[str]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _first_text(element: etree._Element) -> str:
    return next((text.strip() for text in map(str, element.itertext()) if text.strip()), "")


def _is_date(element: etree._Element) -> bool:
    return is_dateline(" ".join("".join(map(str, element.itertext())).split()))


def _holds_heading(element: etree._Element) -> bool:
    return next(element.iter("h1", "h2", "h3"), None) is not None
