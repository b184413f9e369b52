"""Words: Japanese morphemes by MeCab with UniDic, English tokens and their stems.

MeCab is asked for one text line a morpheme and only for the fields used here: building fugashi's node
objects costs three times what the analysis itself does.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tmalign.text.mapped import give_back, mapped_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Morpheme(NamedTuple):
    """A Japanese morpheme: surface and offset in the analysed text, and what UniDic knows of it.

    `base` is the written dictionary form, `lemma` UniDic's lexeme, `loan` the foreign source of a loanword in
    lower case (ワシントン: washington), `reading` katakana. Unknown words have base = lemma = surface.
    """

    surface: str
    start: int
    pos: str
    subpos: str
    base: str
    lemma: str
    loan: str
    reading: str


_NODE = "%m\\t%f[0]\\t%f[1]\\t%f[10]\\t%f[7]\\t%f[17]\\n"
_UNKNOWN = "%m\\t%f[0]\\t%f[1]\\t\\t\\t\\n"
_LOAN = re.compile(r"[A-Za-z][A-Za-z' .]*")


# Sentences between which pages of UniDic are given back: it holds memory level at 2% of the time of an alignment.
_GIVE_BACK_AFTER = 1_000


class _Tagger:
    """MeCab with UniDic, opened once a process; the dictionary is mapped, not read."""

    def __init__(self) -> None:
        import fugashi  # noqa: PLC0415 - nothing heavy at import
        import unidic_lite  # noqa: PLC0415 - likewise

        arguments = [
            "-r",
            "/dev/null",
            "-d",
            unidic_lite.DICDIR,
            "--output-format-type=",  # the dictionary's own choice of format would win over the node format
            f"--node-format={_NODE}",
            f"--unk-format={_UNKNOWN}",
            "--eos-format=EOS",  # fugashi strips the end of the output, and empty fields of the last word with it
        ]
        self._parse: Callable[[str], str] = fugashi.GenericTagger(shlex.join(arguments)).parse
        self._pages = mapped_ranges(Path(unidic_lite.DICDIR).resolve())
        self._since = 0

    def parse(self, text: str) -> str:
        self._since += 1
        if self._since > _GIVE_BACK_AFTER:
            self.give_back()
        return self._parse(text)

    def give_back(self) -> None:
        """Give the dictionary's pages back to the system."""
        if self._since:
            give_back(self._pages)
            self._since = 0


@cache
def _tagger() -> _Tagger:
    return _Tagger()


def give_dictionary_back() -> None:
    """Give the pages of UniDic that this process holds back to the system, before work that needs memory itself."""
    if _tagger.cache_info().currsize:
        _tagger().give_back()


class Analysis(NamedTuple):
    """What UniDic knows of a morpheme wherever it stands: a `Morpheme` without its place."""

    surface: str
    pos: str
    subpos: str
    base: str
    lemma: str
    loan: str
    reading: str


# MeCab ends a C string at NUL and a sentence at a line break, and half a surrogate pair is no UTF-8.
_UNFIT = re.compile(r"[\x00\n\r\t\ud800-\udfff]")
_ANALYSES: dict[str, Analysis] = {}
_ANALYSES_LIMIT = 50_000


def analysis(line: str) -> Analysis | None:
    """Read a line of `mecab_lines`; None for what is no morpheme. Most lines of a text have been read before."""
    known = _ANALYSES.get(line)
    if known is None:
        known = read_analysis(line)
        if known is not None:
            if len(_ANALYSES) >= _ANALYSES_LIMIT:
                _ANALYSES.clear()
            _ANALYSES[line] = known
    return known


def read_analysis(line: str) -> Analysis | None:
    """Do what `analysis` does without keeping anything, for callers who keep what they make of it."""
    fields = line.split("\t")
    if len(fields) < 6:
        return None
    surface, pos, subpos, base, lemma, reading = fields
    loan = ""
    if "-" in lemma and len(lemma) > 1:
        lemma, _, origin = lemma.partition("-")
        if _LOAN.fullmatch(origin):
            loan = origin.lower()
    return Analysis(surface, pos, subpos, base or surface, lemma or surface, loan, reading)


def mecab_lines(text: str) -> list[str]:
    """Return MeCab's output, a line a morpheme: equal lines have equal analyses, so that a caller may keep its own."""
    return _tagger().parse(_UNFIT.sub(" ", text)).split("\n")


def analyses(text: str) -> list[Analysis]:
    """Analyse Japanese text into morphemes without their places: what most callers need, at half the time."""
    return [found for line in mecab_lines(text) if (found := analysis(line)) is not None]


def morphemes(text: str) -> list[Morpheme]:
    """Analyse Japanese text (best already normalised: UniDic knows half-width Latin letters and digits better)."""
    found: list[Morpheme] = []
    position = 0
    for surface, *known in analyses(text):
        start = text.find(surface, position)
        if start < 0:
            start = position
        position = start + len(surface)
        found.append(Morpheme(surface, start, *known))
    return found


_EN_TOKEN = re.compile(
    r"\d+(?:,\d+)*(?:\.\d+)?(?:st|nd|rd|th|s|m|bn|k)?(?![^\W_])|[^\W\d_]+(?:'[^\W\d_]+)?|\d+", re.IGNORECASE
)

STOP_WORDS = frozenset(
    """a about after all also an and any are as at be been being both but by can could did do does for from further
    had has have he her him his how i if in into is it its may me more most my no nor not of on or other our out over
    she should so some such than that the their them then there these they this those to up upon us was we were what
    when where which while who whom whose will with would you your 's 't""".split()  # noqa: SIM905 - words read best as words
)

# Forms a suffix stemmer cannot reach.
_FORMS = """
    went go,gone go,said say,made make,took take,taken take,came come,saw see,seen see,knew know,known know,
    got get,gave give,given give,found find,thought think,told tell,became become,left leave,felt feel,brought bring,
    began begin,begun begin,kept keep,held hold,wrote write,written write,stood stand,heard hear,meant mean,met meet,
    ran run,paid pay,sat sit,spoke speak,spoken speak,led lead,grew grow,grown grow,lost lose,fell fall,fallen fall,
    sent send,built build,understood understand,drew draw,drawn draw,broke break,broken break,spent spend,rose rise,
    risen rise,drove drive,driven drive,bought buy,wore wear,worn wear,chose choose,chosen choose,won win,sold sell,
    fought fight,taught teach,caught catch,flew fly,flown fly,threw throw,thrown throw,ate eat,eaten eat,shot shoot,
    sang sing,sung sing,children child,men man,women woman,people person,better good,best good,worse bad,worst bad,
    feet foot,lives life,wives wife,dead death,died death,die death,dying death,sought seek,bore bear,borne bear,
    swore swear,sworn swear,struck strike,shown show,laid lay,slept sleep,forgot forget,forgotten forget"""
_IRREGULAR = dict(pair.split() for pair in _FORMS.split(","))


def is_irregular(word: str) -> bool:
    """Tell whether a lower-case English word is a form that no suffix shows: went, held, children."""
    return word in _IRREGULAR


@dataclass(frozen=True, slots=True)
class EnglishToken:
    """An English word or number: surface, offset, and the stem in lower case without possessive."""

    surface: str
    start: int
    stem: str


@cache
def _stemmer() -> Callable[[str], str]:
    import Stemmer  # noqa: PLC0415 - nothing heavy at import

    stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord
    return stem


_STEMS: dict[str, str] = {}
_STEMS_LIMIT = 400_000


def stem(word: str) -> str:
    """Return the Porter2 stem of a lower-case English word, irregular forms led to their base first."""
    known = _STEMS.get(word)
    if known is None:
        if len(_STEMS) >= _STEMS_LIMIT:
            _STEMS.clear()
        bare = word.removesuffix("'s").removesuffix("'")
        known = _STEMS[word] = _stemmer()(_IRREGULAR.get(bare, bare))
    return known


def english_tokens(text: str) -> list[EnglishToken]:
    """Cut English text (straight quotes) into words and numbers; punctuation is left out."""
    return [EnglishToken(m.group(), m.start(), stem(m.group().lower())) for m in _EN_TOKEN.finditer(text)]


def english_words(text: str) -> list[str]:
    """Return the surfaces of `english_tokens`."""
    return _EN_TOKEN.findall(text)


def content_stems(tokens: Sequence[EnglishToken]) -> list[str]:
    """Return the stems that carry meaning: no stop words, no numbers."""
    return [t.stem for t in tokens if not t.surface[0].isdigit() and t.surface.lower() not in STOP_WORDS]
