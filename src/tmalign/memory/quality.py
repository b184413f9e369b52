"""Checks of translation units, each with a name: what is likely no translation, and why.

A check looks at one pair of texts and answers with a reason or nothing; the duplicate checks remember what they saw.
None changes a unit, so what they take out can be put back.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from tmalign.errors import UsageError
from tmalign.formats.bilingual import pairs
from tmalign.formats.exchange import Runs, TranslationUnit, Variant, tags
from tmalign.text.language import identify
from tmalign.text.language_tag import primary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tmalign.text.figures import Figure

    Check = Callable[[Variant, Variant], str]

# Characters of English to one of Japanese lie near 2.4 in releases; other pairs of languages near 1.
_RATIOS: Final = {("ja", "en"): (0.7, 7.0), ("en", "ja"): (1 / 7.0, 1 / 0.7)}
_ANY_RATIO: Final = (0.25, 4.0)
_LEAST_LENGTH: Final = 12
_LEAST_LETTERS: Final = 8
_SAME_AT_LEAST: Final = 25
_PLACEHOLDER: Final = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,200})?/?>|\{\d{1,3}\}|%(?:\d{1,2}\$)?[sd](?![A-Za-z])|&[a-z]{2,6};"
)
_JAPANESE: Final = re.compile("[ぁ-ゖァ-ヺ㐀-䶿一-鿿豈-﫿々]")
_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")
# UTF-8 read as Windows-1252 or as Shift_JIS, and bytes that were no text at all.
_MOJIBAKE: Final = re.compile(
    "\ufffd|[\x80-\x84\x86-\x9f]|[ãâåæçèé][\u0081-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]{1,2}|Ã[\u0080-\u00bf©¨ª«¼]"
    "|(?:縺[\uff61-\uff9f一-鿿]|繧[\uff61-\uff9f一-鿿]|繝[\uff61-\uff9f一-鿿]){1,}|(?:ï¿½)"
)
_QUESTIONS: Final = re.compile(r"\?{4,}|？{4,}")


def _empty(source: Variant, target: Variant) -> str:
    """Find a side without text."""
    sides = [variant.language for variant in (source, target) if not variant.text.strip()]
    return f"no text in {' and '.join(sides)}" if sides else ""


def _untranslated(source: Variant, target: Variant) -> str:
    """Find the same text on both sides, though there is something to translate."""
    one, other = folded(source.text), folded(target.text)
    if not one or one != other or primary(source.language) == primary(target.language):
        return ""
    if _JAPANESE.search(one) or sum(map(str.isalpha, one)) >= _SAME_AT_LEAST:
        return "the target is the source"
    return ""


def _language(source: Variant, target: Variant) -> str:
    """Find a text in another language than its variant says."""
    for variant in (source, target):
        wanted = primary(variant.language)
        if wanted not in {"ja", "en"}:
            continue
        text = variant.text
        if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
            continue
        found = identify(text)
        if found is not None and found != wanted and not (wanted == "ja" and _is_name(text)):
            return f"the {variant.language} text looks {'English' if found == 'en' else 'Japanese'}"
        if found is None:
            return f"the {variant.language} text is in another script"
    return ""


def _is_name(text: str) -> bool:
    """Tell whether a Latin text may stand in Japanese: a name, an address of a page, an abbreviation."""
    words = text.split()
    return len(words) <= 4 or "://" in text or all(word[:1].isupper() for word in words)


def _length(source: Variant, target: Variant) -> str:
    """Find lengths that no translation has."""
    one, other = len(source.text.strip()), len(target.text.strip())
    if not one or not other or max(one, other) < _LEAST_LENGTH:
        return ""
    low, high = _RATIOS.get((primary(source.language), primary(target.language)), _ANY_RATIO)
    # A short text may well differ more: a title, a name, a date.
    slack = 1.0 if min(one, other) >= _LEAST_LENGTH else 2.0
    ratio = other / one
    return f"{one} to {other} characters" if not low / slack <= ratio <= high * slack else ""


def _figures(source: Variant, target: Variant) -> str:
    """Find figures of one side that the other does not have."""
    languages = primary(source.language), primary(target.language)
    if set(languages) == {"ja", "en"}:
        from tmalign.text.figures import compare, figures  # noqa: PLC0415 - its patterns take a while to compile

        ja, en = (source, target) if languages[0] == "ja" else (target, source)
        found = compare(figures(ja.text, "ja"), figures(en.text, "en"))
        only_ja, only_en = _certain(found.only_ja, found.only_en)
        if not only_ja and not only_en:
            return ""
        return f"{ja.language}: {', '.join(only_ja) or 'none'}; {en.language}: {', '.join(only_en) or 'none'}"
    one, other = (Counter(_numbers(variant.text)) for variant in (source, target))
    if one == other:
        return ""
    return f"{', '.join((one - other).elements()) or 'none'}; {', '.join((other - one).elements()) or 'none'}"


def _certain(ja: Iterable[Figure], en: Iterable[Figure]) -> tuple[list[str], list[str]]:
    """Return the figures in digits that only one side has.

    Small numbers in words (two sides, 両国) and names of months come and go in good translations.
    """

    def in_digits(found: Iterable[Figure]) -> list[tuple[list[str], str]]:
        texts = [figure.text for figure in found if not figure.weak]
        return [(numbers, text) for text in texts if (numbers := _numbers(text))]

    one, other = in_digits(ja), in_digits(en)
    here, there = [numbers for numbers, _ in one], [numbers for numbers, _ in other]
    return [text for numbers, text in one if numbers not in there], [
        text for numbers, text in other if numbers not in here
    ]


def _numbers(text: str) -> list[str]:
    """Return the numbers in digits, without what groups and separates them."""
    return [re.sub(r"[.,]", "", found) for found in _DIGITS.findall(unicodedata.normalize("NFKC", text))]


def _markup(source: Variant, target: Variant) -> str:
    """Find tags or placeholders that one side lacks, or tags that do not pair up."""
    for variant in (source, target):
        if broken := _unpaired(variant.segment):
            return f"{variant.language}: {broken}"
    one, other = (
        Counter(tag.name for tag in tags(variant.segment) if tag.kind != "end") for variant in (source, target)
    )
    one.update(_PLACEHOLDER.findall(source.text))
    other.update(_PLACEHOLDER.findall(target.text))
    if one == other:
        return ""
    missing, more = list((one - other).elements()), list((other - one).elements())
    return f"missing: {', '.join(missing) or 'none'}; more: {', '.join(more) or 'none'}"


def _unpaired(runs: Runs) -> str:
    """Return what is wrong with the pairs of a segment."""
    opened: Counter[str] = Counter()
    for tag in tags(runs):
        if tag.kind != "end" and tag.name in {"bpt", "ept"}:
            number = dict(tag.attributes).get("i", "")
            opened[number] += 1 if tag.name == "bpt" else -1
            if opened[number] < 0:
                return f"ept {number} ends nothing"
    left = [number for number, count in opened.items() if count]
    return f"bpt {left[0]} is never ended" if left else ""


def _mojibake(source: Variant, target: Variant) -> str:
    """Find text that was decoded in the wrong encoding."""
    for variant in (source, target):
        text = variant.text
        if found := _MOJIBAKE.search(text) or (_QUESTIONS.search(text) if primary(variant.language) == "ja" else None):
            return f"{variant.language}: {found[0]!r}"
    return ""


_SINGLE: Final[dict[str, Check]] = {
    "empty": _empty,
    "mojibake": _mojibake,
    "untranslated": _untranslated,
    "language": _language,
    "length": _length,
    "figures": _figures,
    "markup": _markup,
}
CHECKS: Final = (*_SINGLE, "duplicate", "near-duplicate")
DESCRIPTIONS: Final = {
    "empty": "a side without text",
    "mojibake": "text decoded in the wrong encoding, or replaced by question marks",
    "untranslated": "the target is the source",
    "language": "a text in another language than its variant says",
    "length": "lengths that no translation has",
    "figures": "numbers, dates, money that disagree (by value between Japanese and English, by digits elsewhere)",
    "markup": "tags or placeholders that one side lacks, begins without ends",
    "duplicate": "the same texts in the same languages as an earlier unit",
    "near-duplicate": "the same but for width, case, spaces and punctuation",
}


def folded(text: str) -> str:
    """Return text without what CAT tools do not see: width, case, spaces, punctuation."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def fingerprint(unit: TranslationUnit, *, fold: bool = False) -> bytes:
    """Return 16 bytes that two units share if their variants say the same in the same languages, in any order.

    Runs count with their tags; with `fold`, only letters and digits of the visible text.
    """
    parts = sorted(
        (primary(variant.language) if fold else variant.language.replace("_", "-").lower(), _content(variant, fold))
        for variant in unit.variants
    )
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _content(variant: Variant, fold: bool) -> str:
    """Return what counts of a variant."""
    if fold:
        return folded(variant.text) or variant.text
    return repr([run.strip() if isinstance(run, str) and len(variant.segment) == 1 else run for run in variant.segment])


class Inspector:
    """Runs checks over units in order. `names` are from CHECKS; raises UsageError for another."""

    def __init__(self, names: Iterable[str], source: str, target: str) -> None:
        """Keep which checks to run and between which languages."""
        self._names = list(dict.fromkeys(names))
        if unknown := [name for name in self._names if name not in CHECKS]:
            raise UsageError(f"there is no check {unknown[0]!r}", hint=f"the checks are {', '.join(CHECKS)}")
        self._source, self._target = source, target
        self._seen: set[bytes] = set()
        self._near: set[bytes] = set()

    def reasons(self, unit: TranslationUnit) -> list[tuple[str, str]]:
        """Return (check, reason) for every check that the unit fails; empty where it is fine.

        A unit that failed is not remembered: a duplicate of it stands on its own.
        """
        found = []
        both = pairs(unit, self._source, self._target)
        if not both and "empty" in self._names:
            found.append(("empty", f"not in {self._source} and {self._target}"))
        for name in self._names:
            if check := _SINGLE.get(name):
                reason = next((reason for pair in both if (reason := check(*pair))), "")
                if reason:
                    found.append((name, reason))
        found += self._repeated(unit, fresh=not found)
        return found

    def _repeated(self, unit: TranslationUnit, *, fresh: bool) -> list[tuple[str, str]]:
        """Return the duplicate checks that a unit fails, and remember it if it is to stay."""
        found = []
        key = fingerprint(unit) if "duplicate" in self._names or "near-duplicate" in self._names else b""
        near = fingerprint(unit, fold=True) if "near-duplicate" in self._names else b""
        if "duplicate" in self._names and key in self._seen:
            found.append(("duplicate", "stands there already"))
        elif "near-duplicate" in self._names and near in self._near:
            found.append(("near-duplicate", "stands there already but for width, case, spaces or punctuation"))
        elif fresh:
            self._seen.add(key)
            self._near.add(near)
        return found
