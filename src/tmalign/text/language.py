"""Which of the two languages a text is in, by its script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tmalign.model import Language

# Half-width kana belong to the old pages that still have them; prolonged-sound marks do not tell anything.
_KANA: Final = re.compile(r"[ぁ-ゖァ-ヺｦ-ｯｱ-ﾝ]")
_KANJI: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿々]")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_OTHER: Final = re.compile(r"[Ͱ-῿가-힣]")

# Enough of a text to tell; the thresholds were chosen on releases, whose shortest lines are titles.
_SAMPLE: Final = 20_000
_LEAST_LETTERS: Final = 2
_LEAST_KANA: Final = 0.05
_LEAST_JAPANESE: Final = 0.2
_KANJI_ONLY: Final = 60


def identify(text: str) -> Language | None:
    """Tell whether `text` is Japanese or English; None where its script does not say.

    The first 20,000 characters count. Japanese: kana and kanji are a fifth or more of the letters (a
    character of theirs says more than a Latin letter), and kana is a twentieth of those, or the text is a
    title of up to 60 kanji. English: at least two Latin letters and fewer others. None: no letters to speak of,
    another script, or long running kanji without kana, which is Chinese.
    """
    sample = text[:_SAMPLE]
    kana, kanji = len(_KANA.findall(sample)), len(_KANJI.findall(sample))
    latin, other = len(_LATIN.findall(sample)), len(_OTHER.findall(sample))
    japanese = kana + kanji
    if other > latin + japanese:
        return None
    if japanese and japanese >= _LEAST_JAPANESE * (japanese + latin):
        if kana >= _LEAST_KANA * japanese or (kanji <= _KANJI_ONLY and not other):
            return "ja" if japanese >= _LEAST_LETTERS or not latin else None
        return None
    return "en" if latin >= _LEAST_LETTERS else None
