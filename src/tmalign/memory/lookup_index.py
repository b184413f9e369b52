"""The lookup index of a store: a folder of segments beside it, and a manifest that says which of them count.

The manifest is replaced in one step after the segments it names are on the disk: whoever is killed leaves the old
index or the new one. It also says which state of the store it was made at; what changed since is taken in
before a lookup. Nothing here is more than a copy: where anything is missing, damaged or of another version, it
is made again from the store.
"""

from __future__ import annotations

import contextlib
import json
import unicodedata
import zlib
from typing import TYPE_CHECKING, Any, Final, Protocol, get_args

from tmalign.errors import OutputError
from tmalign.formats.files import atomic_write
from tmalign.memory.entries import Mark
from tmalign.memory.segments import DamagedSegmentError, Segment, make_segment, merge_segments
from tmalign.model import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tmalign.memory.entries import Entry

# Rises when texts are spelt in another way; folding goes by the version of Unicode.
SPELLING: Final = f"2/{unicodedata.unidata_version}"
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_MANIFEST: Final = "manifest.json"
# A manifest may name segments that another process has just replaced; a few tries are enough to find them whole.
_TRIES: Final = 5
# Rows that may stand for texts no longer there, as a share of all, before all is made again.
_MOST_STALE: Final = 1 / 3


class Memory(Protocol):
    """What can be looked up in: a store, or a list of entries."""

    def mark(self) -> Mark:
        """Return the state it is in."""

    def entries(self, *, since: int = 0) -> Iterator[Entry]:
        """Yield the entries that are new or changed after this revision."""

    def entries_by_id(self, ids: Iterable[int]) -> dict[int, Entry]:
        """Return those of these ids that are there."""

    def gone(self, since: int = 0) -> Iterator[int]:
        """Yield the ids of entries that are no longer there since this revision."""


class LookupIndex:
    """The segments of both languages. Give a folder to keep them in, or None for memory alone."""

    def __init__(self, folder: Path | None) -> None:
        """Begin with nothing; `update` reads or makes it."""
        self.folder = folder
        self.segments: dict[Language, list[Segment]] = {language: [] for language in LANGUAGES}
        # Why the index could not be written where it belongs; it then serves this process only.
        self.unwritten: OutputError | None = None
        self._names: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
        self._mark: Mark | None = None
        # Units that went or changed since all was made, and the highest id taken in.
        self._stale = self._last = 0

    def update(self, memory: Memory) -> int:
        """Take in what changed in the memory since the index was made; return how many texts that were."""
        mark = memory.mark()
        if self._mark != mark:
            self._load()
        if self._mark == mark:
            return 0
        try:
            with self._alone():
                # Another process may have done the work while this one waited.
                self._load()
                return 0 if self._mark == mark else self._take_in(memory, mark)
        except OutputError as error:
            self.unwritten = error
            self.folder = None
            return self._take_in(memory, mark)

    def size(self) -> int:
        """Return the bytes of all segments."""
        return sum(len(segment.data) for segments in self.segments.values() for segment in segments)

    def _take_in(self, memory: Memory, mark: Mark) -> int:
        """Add a segment of what is new, merge small ones, write the manifest."""
        known = self._mark
        # A revision below ours: an older copy of the file was put in its place.
        if known and (known.generation != mark.generation or known.revision > mark.revision):
            self._forget()
        since = self._mark.revision if self._mark else 0
        self._stale += sum(1 for _ in memory.gone(since)) if since else 0
        sides: dict[Language, list[tuple[int, str]]] = {language: [] for language in LANGUAGES}
        last = self._last
        for entry in memory.entries(since=since):
            sides["ja"].append((entry.id, entry.ja))
            sides["en"].append((entry.id, entry.en))
            self._stale += entry.id <= last
            self._last = max(self._last, entry.id)
        rows = max(sum(segment.rows for segment in segments) for segments in self.segments.values())
        if since and self._stale > rows * _MOST_STALE:
            self._forget()
            return self._take_in(memory, mark)
        added = 0
        for language, texts in sides.items():
            # One-sided units have no text here.
            if present := [text for text in texts if text[1]]:
                self._add(language, present)
                added += len(present)
        self._mark = mark
        self._save()
        return added

    def _add(self, language: Language, rows: list[tuple[int, str]]) -> None:
        """Put a new segment beside the others; two of about one size become one, so that there are ever few."""
        segments, names = self.segments[language], self._names[language]
        data = make_segment(rows)
        rows_now = len(rows)
        merged = [Segment(data)]
        while segments and segments[-1].rows < 2 * rows_now:
            merged.insert(0, segments.pop())
            names.pop()
            rows_now += merged[0].rows
        if len(merged) > 1:
            data = merge_segments(merged)
        name = f"{language}-{zlib.crc32(data):08x}-{len(data)}.segment"
        if self.folder is None:
            segments.append(Segment(data))
        else:
            with atomic_write(self.folder / name) as file:
                file.write(data)
            segments.append(Segment.open(self.folder / name))
        names.append(name)

    def _forget(self) -> None:
        """Begin anew."""
        self._mark = None
        self._stale = self._last = 0
        for language in LANGUAGES:
            self.segments[language], self._names[language] = [], []

    def _load(self) -> None:
        """Read the manifest and map the segments it names, if they are not the ones at hand; else begin anew."""
        if self.folder is None:
            return
        for _ in range(_TRIES):
            manifest = _read_manifest(self.folder / _MANIFEST)
            if manifest is None:
                break
            mark, names, stale, last = manifest
            try:
                opened = {
                    language: [Segment.open(self.folder / name) for name in names[language]] for language in LANGUAGES
                }
            except OSError:
                continue
            except DamagedSegmentError:
                break
            self._mark, self._names, self.segments = mark, names, opened
            self._stale, self._last = stale, last
            return
        self._forget()

    def _save(self) -> None:
        """Write the manifest, then remove the segments that no longer count."""
        if self.folder is None or self._mark is None:
            return
        manifest = {
            "spelling": SPELLING,
            "generation": self._mark.generation,
            "revision": self._mark.revision,
            "stale": self._stale,
            "last": self._last,
            "segments": self._names,
        }
        with atomic_write(self.folder / _MANIFEST) as file:
            file.write(json.dumps(manifest, indent=1).encode() + b"\n")
        counting = {name for names in self._names.values() for name in names}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in counting and (path.suffix == ".segment" or path.name.startswith(".tmalign-")):
                    # On Windows a file that another process has mapped stays until the next time.
                    with contextlib.suppress(OSError):
                        path.unlink()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock: one process at a time writes. Raises OutputError where the folder cannot be made."""
        if self.folder is None:
            yield
            return
        try:
            self.folder.mkdir(exist_ok=True)
            lock = (self.folder / "lock").open("ab")
        except OSError as error:
            raise OutputError(
                f"the lookup index cannot be kept here: {error.strerror or error}",
                path=self.folder,
                hint="lookups work all the same, but each begins by reading the whole store",
            ) from error
        with lock:
            with contextlib.suppress(ImportError):
                import fcntl  # noqa: PLC0415 - not on Windows, where the last writer's manifest counts

                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _read_manifest(path: Path) -> tuple[Mark, dict[Language, list[str]], int, int] | None:
    """Return mark, segments, stale units and last id as the manifest has them; None where there is none to use."""
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        if manifest["spelling"] != SPELLING:
            return None
        mark = Mark(str(manifest["generation"]), int(manifest["revision"]))
        names = {language: [str(name) for name in manifest["segments"][language]] for language in LANGUAGES}
        stale, last = int(manifest["stale"]), int(manifest["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if any("/" in name or not name.endswith(".segment") for listed in names.values() for name in listed):
        return None
    return mark, names, stale, last
