"""What is refused before anything is scored: unequal lengths, empty lines, the wrong language, swapped sides.

Systems do leave a line untranslated now and then, and that is for the score to tell; a file with many such lines is the
wrong file. The border lies well above what submissions to shared tasks show (docs/scoring.md has the figures).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tmalign.errors import FormatError, LanguageError, PairError
from tmalign.text.language import identify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language

NAMES: Final[dict[Language, str]] = {"ja": "Japanese", "en": "English"}
# From this share of lines in the other language on, a file is in the wrong language.
MOST_FOREIGN: Final = 0.05
# From this share of lines that are the source's on, a file is the source.
_MOST_COPIED: Final = 0.5
_SHOWN: Final = 5

_JAPANESE: Final = re.compile(r"[ぁ-ゖァ-ヺｦ-ﾟ㐀-䶿一-鿿豈-﫿々]")
_WORDS: Final = re.compile(r"[A-Za-z]{2,}")
_LATIN: Final = re.compile(r"[A-Za-z]")
# Names, codes and titles of fewer words stand in Latin letters in Japanese, too.
_LEAST_WORDS: Final = 3


def is_foreign(text: str, language: Language) -> bool:
    """Tell whether a line is clearly in the other of the two languages.

    Not Japanese: three English words and no Japanese character. Not English: mostly Japanese characters.
    """
    japanese = len(_JAPANESE.findall(text))
    if language == "ja":
        return not japanese and len(_WORDS.findall(text)) >= _LEAST_WORDS
    return japanese >= _LEAST_WORDS and japanese >= len(_LATIN.findall(text)) and identify(text) == "ja"


def other(language: Language) -> Language:
    """Return the other of the two languages."""
    return "en" if language == "ja" else "ja"


def told_language(texts: Sequence[str]) -> Language | None:
    """Return the language most of the texts are in; None where no script tells."""
    found = [identify(text) for text in texts]
    ja, en = found.count("ja"), found.count("en")
    if not ja + en:
        return None
    return "ja" if ja >= en else "en"


def check_length(texts: Sequence[str], expected: int, path: str, *, unit: str = "line", of: str = "reference") -> None:
    """Refuse more or fewer texts than segments. Raises PairError with the first line that has no partner."""
    if len(texts) == expected:
        return
    line = min(len(texts), expected) + 1
    missing = len(texts) < expected
    blank = "" if missing or any(text.strip() for text in texts[expected:]) else " and is empty"
    units, segments = (
        f"{count:,} {noun}" + "s" * (count != 1) for count, noun in ((len(texts), unit), (expected, "segment"))
    )
    raise PairError(
        f"{units} for {segments} of the {of}: "
        + (f"segment {line} has none" if missing else f"{unit} {line} belongs to no segment{blank}"),
        path=path,
        line=line,
        hint="translate every segment, one a line, in order; for running text use --segmentation document",
    )


def check_filled(texts: Sequence[str], lines: Sequence[int], path: str, *, allowed: bool, what: str) -> tuple[str, ...]:
    """Refuse empty texts, or note them where they are allowed. Raises FormatError with the first one's line."""
    empty = [line for text, line in zip(texts, lines, strict=True) if not text.strip()]
    if not empty:
        return ()
    if allowed:
        return (f"{len(empty):,} empty and scored as they are: {places(empty)}",)
    more = f" ({len(empty):,} in all)" if len(empty) > 1 else ""
    raise FormatError(
        f"the {what} is empty{more}",
        path=path,
        line=empty[0],
        hint="give a text; --allow-empty scores empty lines as they are",
    )


def check_language(
    texts: Sequence[str],
    lines: Sequence[int],
    language: Language,
    path: str,
    *,
    sources: Sequence[str] = (),
    allowed: bool = False,
) -> tuple[str, ...]:
    """Refuse texts of the wrong language, or that are the source; note single lines of that kind.

    Raises LanguageError with the first such line.
    """
    foreign = [line for text, line in zip(texts, lines, strict=True) if is_foreign(text, language)]
    copied = [
        line
        for text, source, line in zip(texts, sources, lines, strict=bool(sources))
        if text == source and is_foreign(text, language)
    ]
    if not foreign:
        # Texts too short for a script to tell line by line may tell together.
        told = told_language(["\n".join(texts)])
        if told != other(language) or allowed:
            return ()
        foreign = list(lines[:1])
    share = len(foreign) / len(texts)
    if share < MOST_FOREIGN or allowed:
        look = "lines look" if len(foreign) > 1 else "line looks"
        return (f"{len(foreign):,} {look} {NAMES[other(language)]}: {places(foreign)}",)
    if len(copied) >= _MOST_COPIED * len(texts):
        raise LanguageError(
            f"this is the {NAMES[other(language)]} source, not a translation into {NAMES[language]}",
            path=path,
            line=copied[0],
            hint="source and target are swapped: check --direction and the files",
        )
    raise LanguageError(
        f"{len(foreign):,} of {len(texts):,} texts are {NAMES[other(language)]}, the first of them here;"
        f" {NAMES[language]} is expected",
        path=path,
        line=foreign[0],
        hint="check --direction and the file; --allow-untranslated scores untranslated lines as they are",
    )


def note_copies(texts: Sequence[str], references: Sequence[str]) -> tuple[str, ...]:
    """Say so where most of a hypothesis is the reference: its score tells nothing of a system."""
    same = sum(map(str.__eq__, texts, references))
    if same < _MOST_COPIED * len(texts):
        return ()
    return (f"{same:,} of {len(texts):,} segments are the reference's own, word for word",)


def places(lines: Sequence[int]) -> str:
    """Return the first few line numbers as text."""
    shown = ", ".join(f"{line}" for line in lines[:_SHOWN])
    rest = len(lines) - _SHOWN
    return f"line{'s' if len(lines) > 1 else ''} {shown}" + (f" and {rest:,} more" if rest > 0 else "")
