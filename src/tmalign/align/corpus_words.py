"""Two passes over many documents: the words that the first pass pairs teach the second how these texts are translated.

Releases repeat their phrases. A word-translation table learned from the texts themselves (`bitext.learn_over`) knows
offices, names and turns that no dictionary lists.
"""

from __future__ import annotations

import hashlib
from collections import deque
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.align.bitext import collect, learn_over
from tmalign.align.tables import WordTable, pack_cells
from tmalign.text.words import give_dictionary_back

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tmalign.align.aligner import Aligner, Draft
    from tmalign.align.bitext import Bitext
    from tmalign.align.lexicon import Lexicon
    from tmalign.model import Alignment, WordPair

# Pairs that are learned from at a time: more take more memory (about 6 KB a pair) and teach little more.
MOST_PAIRS = 4_000
# Sentences of both sides whose analyses are held between the passes.
PORTION = 6_000
# What the names of learned tables begin with.
CORPUS = "corpus"


def digest(bitext: Bitext) -> str:
    """Return a short digest of all word pairs in their order."""
    told = hashlib.sha256()
    for side in (bitext.ja, bitext.en):
        told.update(f"{len(side.distinct)} {len(side.sizes)} ".encode())
        # Units hold no control characters: what they are joined with stands in none.
        told.update("\x1f".join((*side.distinct, "")).encode("utf-8", "surrogatepass"))
        told.update(side.sizes.tobytes())
        told.update(side.types.tobytes())
    told.update(bitext.weight.tobytes())
    return told.hexdigest()[:12]


def learned_table(bitext: Bitext, lexicon: Lexicon, name: str) -> bytes | None:
    """Learn from word pairs, over what `lexicon` knows at large; return the table's file, None if nothing was learned.

    An aligner's signature holds the table's name, which should tell what the pairs were.
    """
    give_dictionary_back()
    learned = learn_over(bitext, lexicon)
    if not len(learned.ja):
        return None
    # As square roots: eight bits then still tell .01 from .012.
    weights = {"to_en": learned.to_en**0.5, "to_ja": learned.to_ja**0.5}
    file = BytesIO()
    pack_cells(file, learned.ja, learned.en, weights, {"name": name})
    return file.getvalue()


def corpus_table(pairs: Sequence[WordPair], lexicon: Lexicon) -> WordTable | None:
    """Learn from word pairs and open the table, named by a digest of the pairs; None if nothing was learned."""
    bitext = collect(pairs)
    content = learned_table(bitext, lexicon, f"{CORPUS}:{digest(bitext)}")
    return None if content is None else WordTable(Path("corpus.table"), content)


class TwoPasses:
    """Aligns documents portion by portion, in two passes each; what earlier portions taught is kept.

    The lexicon of a portion is learned from the last `MOST_PAIRS` pairs up to its end, so memory stays level however
    many documents come.
    """

    def __init__(self, aligner: Aligner) -> None:
        """Take the aligner of the first pass."""
        self._first = aligner
        self._pairs: deque[WordPair] = deque(maxlen=MOST_PAIRS)

    def learn(self, drafts: Collection[Draft]) -> Aligner:
        """Align a portion for the first time and return the aligner of its second pass."""
        base = self._first.learned(None)
        with _read_ahead(drafts):
            for draft in drafts:
                self._pairs += base.words(draft)
        pairs = tuple(self._pairs)
        return base.learned(corpus_table(pairs, base.lexicon)) if pairs else base

    def align(self, drafts: Sequence[Draft]) -> Iterator[Alignment]:
        """Yield the alignments of a portion, in order."""
        second = self.learn(drafts)
        for draft in drafts:
            yield second.settle(draft)


@contextmanager
def _read_ahead(drafts: Collection[Draft]) -> Iterator[None]:
    """Have the Japanese sides of drafts taken apart in a thread of its own, in order, as long as this lasts."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a single pair needs none

    pool = ThreadPoolExecutor(1, "morphemes")
    try:
        for draft in drafts:
            if draft.prepared is not None:
                draft.prepared.read_ahead(pool)
        yield
    finally:
        pool.shutdown(cancel_futures=True)


def align_all(aligner: Aligner, drafts: Iterable[Draft], *, portion: int = PORTION) -> Iterator[Alignment]:
    """Align documents in two passes, in order; `portion` counts the sentences of both sides held at a time."""
    passes = TwoPasses(aligner)
    held: list[Draft] = []
    size = 0
    for draft in drafts:
        held.append(draft)
        size += len(draft.ja) + len(draft.en)
        if size >= portion:
            yield from passes.align(held)
            held, size = [], 0
    yield from passes.align(held)
