"""Invented memories of any size for the lookup benchmark: recombined sentences, and queries near and far.

A unit's two texts come from a second-order Markov chain over the words (English) or script runs (Japanese) of the
sentences of corpora/ and, where it is there, ../shared/data/alignment (ntrex and wmt21). They are not translations
of each other: lookup reads one side at a time. The same seed gives the same units.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "alignment"
_RUNS = re.compile(r"[一-鿿々]{1,2}|[ァ-ヺー]+|[ぁ-ゖ]{1,3}|[0-9０-９]+|[A-Za-z]+|.", re.DOTALL)
_WORDS = re.compile(r"\S+ ?")
LONGEST = {"ja": 220, "en": 500}
SHORTEST = {"ja": 6, "en": 14}


def sentences(language: str) -> list[str]:
    """Return the sentences the chain learns from."""
    found: list[str] = []
    for path in sorted((ROOT / "corpora").rglob("*.gold.json")):
        found += json.loads(path.read_text(encoding="utf-8"))[language]
    for name in ("ntrex.clean", "wmt21.ja-en.clean", "wmt21.en-ja.clean"):
        path = SHARED / f"{name}.jsonl"
        if path.is_file():
            with path.open(encoding="utf-8") as lines:
                found += [text for line in lines for text in json.loads(line)[language]]
    return [text for text in found if isinstance(text, str) and text.strip()]


class Chain:
    """A second-order Markov chain over the pieces of sentences."""

    def __init__(self, language: str, seed: int) -> None:
        """Learn from the sentences at hand."""
        self.language = language
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.after: dict[tuple[str, str], list[str]] = defaultdict(list)
        pattern = _WORDS if language == "en" else _RUNS
        self.texts = sentences(language)
        for text in self.texts:
            pieces = ["", "", *pattern.findall(text), ""]
            for first, second, third in zip(pieces, pieces[1:], pieces[2:], strict=False):
                self.after[first, second].append(third)

    def text(self) -> str:
        """Return one invented sentence."""
        while True:
            state, parts, length = ("", ""), [], 0
            while length <= LONGEST[self.language]:
                piece = self.random.choice(self.after[state])
                if not piece:
                    break
                parts.append(piece)
                length += len(piece)
                state = (state[1], piece)
            text = "".join(parts).strip()
            if SHORTEST[self.language] <= len(text) <= LONGEST[self.language]:
                return self._varied(text)

    def _varied(self, text: str) -> str:
        """Change its figures, as a new release does."""
        return re.sub(r"[0-9]+", lambda found: str(self.random.randrange(1, 10 ** min(4, len(found[0])))), text)

    def perturbed(self, text: str) -> str:
        """Return the text with one to four words or runs replaced, dropped, doubled or inserted."""
        pattern = _WORDS if self.language == "en" else _RUNS
        pieces = pattern.findall(text)
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(pieces)) if pieces else 0
            other = self.random.choice(pattern.findall(self.random.choice(self.texts)) or [""])
            pieces[at : at + self.random.randint(0, 1)] = [other] if self.random.random() < 0.7 else []
        return "".join(pieces).strip() or text


def units(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield pairs of Japanese and English text."""
    ja, en = Chain("ja", seed), Chain("en", seed)
    for _ in range(count):
        yield ja.text(), en.text()


def queries(texts: list[str], language: str, count: int, seed: int = 2) -> list[str]:
    """Return queries: three of four are perturbed texts of the memory, the rest unrelated new sentences."""
    chain = Chain(language, seed)
    picked = [chain.random.choice(texts) for _ in range(count)]
    return [chain.text() if n % 4 == 3 else chain.perturbed(text) for n, text in enumerate(picked)]
