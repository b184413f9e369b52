"""Words: Japanese morphemes by MeCab with UniDic, English tokens and their stems.

MeCab is asked for one text line a morpheme and only for the fields used here: building fugashi's node
objects costs three times what the analysis itself does. Where there was a compiler even the lines are made
only of morphemes not met before (`_morphemes.c`): they cost as much as the analysis again.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from tmalign.text.mapped import give_back, mapped_ranges, resident

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

try:
    from tmalign.text import _morphemes

    COMPILED = True
except ImportError:  # installed without a C compiler
    COMPILED = False


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


# Of UniDic's features: part of speech and its first division, written base form, lexeme, reading.
_FIELDS = (0, 1, 10, 7, 17)
_NODE = "%m" + "".join(f"\\t%f[{field}]" for field in _FIELDS) + "\\n"
_UNKNOWN = "%m\\t%f[0]\\t%f[1]\\t\\t\\t\\n"
_LOAN = re.compile(r"[A-Za-z][A-Za-z' .]*")


# Every so many sentences pages of UniDic are given back if the process holds more than so much: then its memory stays
# level. They come back one by one, which slows what follows: without need it took an eighth of the analysis.
_LOOK_AFTER = 500
_MOST_RESIDENT = 240 << 20

_T = TypeVar("_T")
# MeCab ends a C string at NUL and a sentence at a line break, and half a surrogate pair is no UTF-8.
_UNFIT = re.compile(r"[\x00\n\r\t\ud800-\udfff]")


class _Tagger:
    """MeCab with UniDic, opened once a process; the dictionary is mapped, not read."""

    def __init__(self) -> None:
        import unidic_lite  # noqa: PLC0415 - nothing heavy at import

        self._arguments = (
            "-r",
            "/dev/null",
            "-d",
            unidic_lite.DICDIR,
            "--output-format-type=",  # the dictionary's own choice of format would win over the node format
            f"--node-format={_NODE}",
            f"--unk-format={_UNKNOWN}",
            "--eos-format=EOS",  # fugashi strips the end of the output, and empty fields of the last word with it
        )
        self.compiled = self._open_compiled() if COMPILED else None
        self._pages = mapped_ranges(Path(unidic_lite.DICDIR).resolve())
        self._since = 0

    @cached_property
    def parse(self) -> Callable[[str], str]:
        """Analyse a text into lines; opened on first use, for where there is a kernel it is not needed."""
        import fugashi  # noqa: PLC0415 - nothing heavy at import

        parse: Callable[[str], str] = fugashi.GenericTagger(shlex.join(self._arguments)).parse
        return parse

    def _open_compiled(self) -> _morphemes.Tagger | None:
        """Open MeCab by the library that fugashi is linked with; None where that is not to be had."""
        from fugashi import fugashi  # noqa: PLC0415 - likewise

        try:
            return _morphemes.Tagger(fugashi.__file__, self._arguments, _FIELDS)
        except ImportError:
            return None

    def count(self, sentences: int) -> None:
        """Count sentences, and see to memory now and then."""
        self._since += sentences
        if self._since >= _LOOK_AFTER:
            self._since = 0
            self.give_back()

    def give_back(self) -> None:
        """Give the dictionary's pages back to the system if memory is not small."""
        if resident() > _MOST_RESIDENT:
            give_back(self._pages)


@cache
def _tagger() -> _Tagger:
    return _Tagger()


def give_dictionary_back() -> None:
    """Give pages of UniDic back if this process holds much memory, before work that needs memory itself."""
    if _tagger.cache_info().currsize:
        _tagger().give_back()


class MorphemeReader(Generic[_T]):
    """Analyses Japanese text; keeps what the caller makes of each distinct morpheme, most of which come again."""

    def __init__(self, read: Callable[[str], _T | None], limit: int, *, compiled: bool = True) -> None:
        """Take what reads a line of MeCab's output (None passes it over) and how many results may be kept."""
        self._read = read
        self._limit = limit
        self._kept: dict[str, _T | None] = {}
        tagger = _tagger().compiled if compiled else None
        self._compiled = _morphemes.Reader(tagger, read, limit) if tagger is not None else None

    def __call__(self, text: str) -> list[_T]:
        """Return what was made of each morpheme of a text, in order."""
        return self.of_all([text])[0]

    def of_all(self, texts: Sequence[str]) -> list[list[_T]]:
        """Return what was made of the morphemes of each text; other threads go on while MeCab works."""
        tagger = _tagger()
        tagger.count(len(texts))
        if self._compiled is None:
            return [self._of_lines(tagger.parse(_UNFIT.sub(" ", text)).split("\n")[:-1]) for text in texts]  # EOS
        try:
            return self._compiled(texts)
        except UnicodeEncodeError:
            return self._compiled([_UNFIT.sub(" ", text) for text in texts])

    def _of_lines(self, lines: list[str]) -> list[_T]:
        kept = self._kept
        found = []
        for line in lines:
            if line not in kept:
                if len(kept) >= self._limit:
                    kept.clear()
                kept[line] = self._read(line)
            if (value := kept[line]) is not None:
                found.append(value)
        return found


class Analysis(NamedTuple):
    """What UniDic knows of a morpheme wherever it stands: a `Morpheme` without its place."""

    surface: str
    pos: str
    subpos: str
    base: str
    lemma: str
    loan: str
    reading: str


_ANALYSES_LIMIT = 50_000


def read_analysis(line: str) -> Analysis | None:
    """Read a line of MeCab's output; None for what is no morpheme."""
    fields = analysis_fields(line)
    return None if fields is None else Analysis(*fields)


def analysis_fields(line: str) -> tuple[str, str, str, str, str, str, str] | None:
    """Return the fields of `read_analysis`, for callers who make something else of them."""
    fields = line.split("\t")
    if len(fields) < 6:
        return None
    surface, pos, subpos, base, lemma, reading = fields
    loan = ""
    if "-" in lemma and len(lemma) > 1:
        lemma, _, origin = lemma.partition("-")
        if _LOAN.fullmatch(origin):
            loan = origin.lower()
    return surface, pos, subpos, base or surface, lemma or surface, loan, reading


@cache
def _analyses() -> MorphemeReader[Analysis]:
    return MorphemeReader(read_analysis, _ANALYSES_LIMIT)


def analyses(text: str) -> list[Analysis]:
    """Analyse Japanese text into morphemes without their places: what most callers need, at half the time."""
    return _analyses()(text)


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

    # Without a store of its own: `stem` keeps what it asked for.
    stem: Callable[[str], str] = Stemmer.Stemmer("english", 0).stemWord
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
