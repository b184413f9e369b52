"""A release as a task for any process: the aligner of the pass, made once in each process, and what comes of a pair."""

from __future__ import annotations

import functools
import tempfile
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from tmalign.errors import OutputError
from tmalign.model import Skipped
from tmalign.releases.alignment import (
    AlignedRelease,
    Aligner,
    LearningAligner,
    RefusedPair,
    ReleaseWords,
    SplitRelease,
    align_split,
    read_pair,
    split_release,
)

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable

    from tmalign.memory.rows import Pin
    from tmalign.releases.corpus import PairFiles
    from tmalign.text.sentences import SplitRules

Found = TypeVar("Found", AlignedRelease, ReleaseWords)


@dataclass(frozen=True, slots=True)
class Taught:
    """Makes the aligner of the second pass in any process: the first one's, with the table that it was taught.

    `content` is the table where one process does all, else None: then each process maps the file `table`.
    """

    make_aligner: Callable[[], Aligner]
    table: Path
    content: bytes | None = None

    def __call__(self) -> Aligner:
        """Return the aligner."""
        from tmalign.align.tables import WordTable  # noqa: PLC0415 - a run without changes does without NumPy

        first = aligner_of(self.make_aligner)
        return first.learned(WordTable(self.table, self.content)) if isinstance(first, LearningAligner) else first


@dataclass(slots=True)
class Held:
    """Releases that the first of two passes read, split and analysed, kept for the second one in the same process.

    It keeps the first ones, up to `room` sentences: the second pass comes in the same order and takes each once.
    """

    room: int
    releases: dict[str, SplitRelease] = field(default_factory=dict)

    def keep(self, name: str, split: SplitRelease) -> None:
        """Keep a release if there is room."""
        if split.size <= self.room:
            self.room -= split.size
            self.releases[name] = split

    def take(self, name: str) -> SplitRelease | None:
        """Hand out a release that was kept."""
        return self.releases.pop(name, None)


@dataclass(frozen=True, slots=True)
class _Task(ABC, Generic[Found]):
    """Reads one pair, in any process, unless an earlier pass `held` it, and makes something of it."""

    make_aligner: Callable[[], Aligner]
    rules: SplitRules
    max_bytes: int
    held: Held | None = None

    def __call__(self, work: tuple[PairFiles, tuple[Pin, ...]]) -> Found | RefusedPair:
        """Return what came of the pair; nothing that is wrong with one pair may stop the others."""
        pair, pins = work
        try:
            split = self.held.take(pair.id) if self.held is not None else None
            if split is None:
                release = read_pair(pair, max_bytes=self.max_bytes)
                if isinstance(release, RefusedPair):
                    return release
                split = split_release(release, self.rules, pins)
            return self._made(split)
        except Exception as error:  # noqa: BLE001 - reported, with the release it happened on
            message = f"stopped by a fault in tmalign: {type(error).__name__}: {error}"
            hint = "report the fault together with the two pages; leave them out until it is mended"
            return RefusedPair(pair.id, (Skipped(pair.ja_source, "fault", message, hint),))

    @abstractmethod
    def _made(self, split: SplitRelease) -> Found: ...


@dataclass(frozen=True, slots=True)
class ReleaseTask(_Task[AlignedRelease]):
    """Reads and aligns one pair."""

    def _made(self, split: SplitRelease) -> AlignedRelease:
        return align_split(split, aligner_of(self.make_aligner))


@dataclass(frozen=True, slots=True)
class WordsTask(_Task[ReleaseWords]):
    """Reads one pair and finds the words that it teaches; what the second pass needs again is held."""

    def _made(self, split: SplitRelease) -> ReleaseWords:
        aligner = aligner_of(self.make_aligner)
        assert isinstance(aligner, LearningAligner)  # noqa: S101 - there is no first pass for others
        split = split.drafted(aligner)
        assert split.draft is not None  # noqa: S101 - it was just made
        words = aligner.words(split.draft)
        if self.held is not None:
            self.held.keep(split.release.id, split)
        return ReleaseWords(split.release, words)


@functools.lru_cache(maxsize=2)
def aligner_of(make: Callable[[], Aligner]) -> Aligner:
    """Return this process's aligner, made once: that of the first pass and that of the second."""
    return make()


def shared_table(content: bytes, stack: contextlib.ExitStack) -> Path:
    """Write a table for other processes to a file that goes when the stack is left."""
    try:
        # Where an open file cannot be removed (Windows), the system's own cleaning has to do it.
        folder = tempfile.TemporaryDirectory(prefix="tmalign-", ignore_cleanup_errors=True)
        table = Path(stack.enter_context(folder)) / "corpus.table"
        table.write_bytes(content)
    except OSError as error:
        raise OutputError(
            f"no temporary file of {len(content):,} bytes can be written: {error.strerror or error}",
            hint="name a folder with room in TMPDIR, or use --jobs 1, which needs none",
        ) from error
    return table
