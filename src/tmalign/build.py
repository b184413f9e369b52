"""The main job: a folder of releases to a store, a TMX and a report, redoing only what changed.

What comes out depends on the files in the folder, the options and the aligner alone: not on the order in
which workers finish, the clock, or earlier runs. So a release whose file has become unreadable is reported and
leaves the store and the TMX, as one whose file was removed; human decisions (pins) stay.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tmalign.errors import InterruptedRunError, OutputError, UsageError
from tmalign.formats.files import atomic_write
from tmalign.formats.tmx import TmxHeader, write_tmx
from tmalign.memory.location import STORE_NAME
from tmalign.memory.store import Store
from tmalign.model import BuildReport, Language, Skipped
from tmalign.releases.alignment import (
    NOT_KEPT,
    Aligner,
    LearningAligner,
    RefusedPair,
    full_signature,
)
from tmalign.releases.corpus import scan
from tmalign.releases.tasks import Found, Held, ReleaseTask, Taught, WordsTask, aligner_of, shared_table
from tmalign.workers import results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tmalign.formats.tmx import TmxWritten
    from tmalign.memory.rows import Pin, StoredRelease
    from tmalign.releases.corpus import Listing, PairFiles
    from tmalign.text.sentences import SplitRules

REPORT_NAME = "report.json"
RELEASES_NAME = "releases"
# More likely right than wrong.
MIN_PROBABILITY = 0.5
MAX_BYTES = 20_000_000
# Sentences of both sides that one process keeps between two passes: about 20 MB.
_HELD_SENTENCES = 6_000


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build. `jobs` counts processes; units below `min_probability` stay in the store only.

    `max_bytes` is the largest file that is read. `source` is the TMX's srclang. With `one_pass` every release is
    aligned by itself, and nothing is learned from the others.
    """

    jobs: int = 1
    per_release: bool = False
    min_probability: float = MIN_PROBABILITY
    split_rules: SplitRules = "standard"
    max_bytes: int = MAX_BYTES
    source: Language = "ja"
    one_pass: bool = False


class Progress(Protocol):
    """Who wants to know how far a run is."""

    def start(self, total: int) -> None:
        """Hear how many releases there are to align; once a pass."""
        ...

    def step(self, release_id: str) -> None:
        """Hear that one is finished or refused."""
        ...


def shipped_aligner() -> Aligner:
    """Return the aligner that comes with the package."""
    from tmalign.align.aligner import Aligner as Shipped  # noqa: PLC0415 - loads a model and a dictionary

    return Shipped()


def build(
    corpus: Path,
    out: Path,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    *,
    make_aligner: Callable[[], Aligner] = shipped_aligner,
) -> BuildReport:
    """Bring the store, the TMX and the report in `out` up to date with the folder `corpus`.

    `make_aligner` is called once in each process. Raises UsageError for a call that cannot work, OutputError and
    StoreError where results cannot be kept, WorkerError where a process dies, InterruptedRunError on Ctrl-C;
    after the last two every finished release is kept and the same call goes on from there. What is wrong with
    single files never raises: it is in the report.
    """
    begin = time.monotonic()
    options = options or BuildOptions()
    _check(options)
    listing = scan(corpus, exclude=out)
    name = _writable_name(corpus)
    _make_folder(out)
    with Store(out / STORE_NAME) as store:
        _claim(store, name, out)
        store.begin_build(name)
        run = _Run(store, listing, out, options, make_aligner)
        try:
            run.align(progress)
            run.settle()
            store.finish_build(
                {
                    "aligned": run.aligned,
                    "relearned": run.relearned,
                    "unchanged": run.unchanged,
                    "removed": run.removed,
                }
            )
            written = run.write(name)
        except KeyboardInterrupt as error:
            raise InterruptedRunError(
                f"stopped{' in the first of two passes' if run.learning else ''}:"
                f" {run.kept} of {len(listing.pairs)} releases are finished and kept",
                hint="run the same command again to go on from there",
            ) from error
        report = run.report(written, time.monotonic() - begin)
    with atomic_write(out / REPORT_NAME) as stream:
        text = json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n"
        stream.write(text.encode("utf-8", "backslashreplace"))
    return report


def _check(options: BuildOptions) -> None:
    """Refuse options that mean nothing."""
    if options.jobs < 1:
        raise UsageError(f"{options.jobs} jobs can do nothing", hint="give --jobs 1 or more")
    if not 0 <= options.min_probability <= 1:
        raise UsageError(
            f"{options.min_probability} is no probability", hint="give --min-probability a number from 0 to 1"
        )
    if options.max_bytes < 1:
        raise UsageError(f"no file is as small as {options.max_bytes} bytes", hint="give --max-bytes 1 or more")


def _make_folder(out: Path) -> None:
    """Make the output folder where there is none."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder cannot be made: {error.strerror or error}",
            path=out,
            hint="choose another output folder with --out",
        ) from error


def _writable_name(corpus: Path) -> str:
    """Return the name of the corpus; one that is no UTF-8 stands with escapes."""
    return corpus.resolve().name.encode("utf-8", "backslashreplace").decode("utf-8") or "corpus"


def _claim(store: Store, name: str, out: Path) -> None:
    """Make sure the store is this corpus's: another one's releases would be taken for removed ones."""
    if store.corpus not in {"", name}:
        raise UsageError(
            f"holds the memory of another corpus, {store.corpus}",
            path=out,
            hint=f"choose another output folder with --out; if {name} is its new name, delete {STORE_NAME} first",
        )
    if not store.corpus:
        store.save_corpus(name)


class _Work(NamedTuple):
    """A pair of files, what people decided on it, and the digests of the files; empty where one cannot be read."""

    pair: PairFiles
    pins: tuple[Pin, ...]
    ja: str
    en: str


class _Run:
    """One run: what it works on and what it has counted so far."""

    def __init__(
        self,
        store: Store,
        listing: Listing,
        out: Path,
        options: BuildOptions,
        make_aligner: Callable[[], Aligner],
    ) -> None:
        """Start the counts at nothing."""
        self.store = store
        self.listing = listing
        self.out = out
        self.options = options
        self.make_aligner = make_aligner
        self.signature = ""
        self.aligned = self.unchanged = self.removed = self.relearned = 0
        self.refused: list[RefusedPair] = []
        # Whether this is the first of two passes, and of how many releases the results of this pass are kept.
        self.learning = False
        self.kept = len({pair.id for pair in listing.pairs} & {release.id for release in store.releases()})
        self.outputs: list[Path] = []

    def align(self, progress: Progress | None) -> None:
        """Align every pair that is not current, saving each as soon as it is done."""
        first = aligner_of(self.make_aligner)
        works = [self._work(pair) for pair in self.listing.pairs]
        known = {release.id: (release.ja_digest, release.en_digest) for release in self.store.releases()}
        make, signature = self.make_aligner, first.signature
        # Between the passes of one process what the first one read and analysed is kept, as far as memory stays level.
        held = Held(_HELD_SENTENCES) if self.options.jobs == 1 else None
        with contextlib.ExitStack() as stack:
            fresh = {work.pair.id for work in works}  # releases of which something is new besides the words of others
            if isinstance(first, LearningAligner) and not self.options.one_pass:
                fresh = self._first_pass(works, first.signature, progress, held)
                make, signature = self._teach(first, works, stack)
            refused = {pair.id for pair in self.refused}
            todo = [work for work in works if work.pair.id not in refused and not self._is_current(work, signature)]
            self.learning, self.kept = False, len(works) - len(refused) - len(todo)
            task = ReleaseTask(make, self.options.split_rules, self.options.max_bytes, held)
            for done in self._outcomes(todo, task, progress):
                self.store.save_release(done.release, done.sentences, done.alignment, done.units)
                self.kept += 1
                name = done.release.id
                if name not in fresh and known.get(name) == (done.release.ja.digest, done.release.en.digest):
                    self.relearned += 1
                else:
                    self.aligned += 1
        self.signature = full_signature(signature, self.options.split_rules)
        self.unchanged = len(works) - self.aligned - self.relearned - len(self.refused)
        # In the order of names, whoever finished first.
        self.refused.sort(key=lambda refused: refused.id)

    def _work(self, pair: PairFiles) -> _Work:
        ja, en = (_digest(path, self.options.max_bytes) for path in (pair.ja, pair.en))
        return _Work(pair, self.store.pins(pair.id), ja, en)

    def _first_pass(
        self, works: Sequence[_Work], signature: str, progress: Progress | None, held: Held | None
    ) -> set[str]:
        """Bring the words of all pairs up to date; return the ids of those that were read for it."""
        todo = {
            work.pair.id: work
            for work in works
            if not (work.ja and work.en and self.store.words_made(work.pair.id, self._made(work, signature)))
        }
        self.learning, self.kept = True, len(works) - len(todo)
        task = WordsTask(self.make_aligner, self.options.split_rules, self.options.max_bytes, held)
        for done in self._outcomes(tuple(todo.values()), task, progress):
            name = done.release.id
            # By what was read: the files may have changed since they were looked at.
            read = todo[name]._replace(ja=done.release.ja.digest, en=done.release.en.digest)
            self.store.save_words(name, self._made(read, signature), done.words)
            self.kept += 1
        refused = {pair.id for pair in self.refused}
        self.store.remove_words(work.pair.id for work in works if work.pair.id not in refused)
        return set(todo)

    def _made(self, work: _Work, signature: str) -> str:
        """Return what the words of a pair are made from."""
        paths = (work.pair.ja_source, work.pair.en_source)
        return "|".join((work.ja, work.en, *paths, self._signed(work, signature)))

    def _teach(
        self, first: LearningAligner, works: Sequence[_Work], stack: contextlib.ExitStack
    ) -> tuple[Callable[[], Aligner], str]:
        """Return what makes the aligner of the second pass, and its signature; learns only where there is work left."""
        from tmalign.align.bitext import collect  # noqa: PLC0415 - brings NumPy
        from tmalign.align.corpus_words import CORPUS, MOST_PAIRS, learned_table  # noqa: PLC0415 - likewise

        chosen = self.store.chosen_words(MOST_PAIRS)
        if not chosen.releases:
            return self.make_aligner, first.signature
        name = f"{CORPUS}:{chosen.digest}"
        signature = first.learned_signature(name)
        refused = {pair.id for pair in self.refused}
        if all(self._is_current(work, signature) for work in works if work.pair.id not in refused):
            return self.make_aligner, signature
        # The last of the chosen may be one long release: memory stays level all the same.
        words = self.store.words(chosen, 2 * MOST_PAIRS)
        content = learned_table(collect(words), first.lexicon, name)
        if content is None:
            return self.make_aligner, first.signature
        if self.options.jobs == 1:
            return Taught(self.make_aligner, Path("corpus.table"), content), signature
        return Taught(self.make_aligner, shared_table(content, stack)), signature

    def _outcomes(
        self,
        works: Sequence[_Work],
        task: Callable[[tuple[PairFiles, tuple[Pin, ...]]], Found | RefusedPair],
        progress: Progress | None,
    ) -> Iterator[Found]:
        """Do a task on all processes and yield what comes back; pairs that cannot be read are kept apart."""
        if progress:
            progress.start(len(works))
        todo = [(work.pair, work.pins) for work in works]
        with contextlib.closing(results(task, todo, self.options.jobs)) as outcomes:
            for outcome in outcomes:
                if isinstance(outcome, RefusedPair):
                    self.refused.append(outcome)
                else:
                    yield outcome
                if progress:
                    progress.step(outcome.id if isinstance(outcome, RefusedPair) else outcome.release.id)

    def _signed(self, work: _Work, signature: str) -> str:
        return full_signature(signature, self.options.split_rules, work.pins)

    def _is_current(self, work: _Work, signature: str) -> bool:
        """Tell whether the store has this pair, from these bytes, with these decisions and under this signature."""
        paths = (work.pair.ja_source, work.pair.en_source)
        return bool(work.ja and work.en) and self.store.is_current(
            work.pair.id, work.ja, work.en, self._signed(work, signature), paths=paths
        )

    def settle(self) -> None:
        """Make the store hold what the folder holds, and no more."""
        refused = {pair.id for pair in self.refused}
        self.removed = self.store.remove_missing(pair.id for pair in self.listing.pairs if pair.id not in refused)
        self.store.save_skipped(self.skipped, self.listing.unpaired)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Return everything left out but the unpaired, by path."""
        entries = [*self.listing.skipped, *(entry for pair in self.refused for entry in pair.skipped)]
        return tuple(sorted(entries, key=lambda entry: (entry.path, entry.code)))

    def write(self, name: str) -> TmxWritten:
        """Write the TMX of the whole corpus and, if asked for, of every release."""
        self.outputs = [self.out / f"{name}.tmx", self.out / STORE_NAME, self.out / REPORT_NAME]
        floor = self.options.min_probability
        written = write_tmx(self.outputs[0], self.store.units(floor), self._header(name))
        if self.options.per_release:
            self._write_releases(name)
        return written

    def _write_releases(self, name: str) -> None:
        """Write a TMX a release, and remove those of releases that are gone."""
        before = set(self.store.outputs())
        releases = [release for release in self.store.releases() if release.verdict != "unrelated"]
        now = {f"{RELEASES_NAME}/{release.id}.tmx": release for release in releases}
        # Written down first, so that a file left by an interrupted run is known to the next.
        self.store.save_outputs(sorted(before | set(now)))
        for path, release in now.items():
            units = self.store.units(self.options.min_probability, release=release.id)
            write_tmx(self.out / path, units, self._header(name))
            self.outputs.append(self.out / path)
        for path in before - set(now):
            _remove(self.out / path, self.out)
        self.store.save_outputs(sorted(now))

    def _header(self, name: str) -> TmxHeader:
        """Return the head of every TMX of this run."""
        floor = f"{self.options.min_probability:.4f}"
        return TmxHeader(self.options.source, (("x-corpus", name), ("x-minimum-probability", floor)))

    def report(self, written: TmxWritten, seconds: float) -> BuildReport:
        """Return what this run did and what the store holds now."""
        counts = self.store.counts()
        releases = self.store.releases()
        warnings = self.store.warnings()
        return BuildReport(
            releases=counts.releases,
            aligned=self.aligned,
            relearned=self.relearned,
            unchanged=self.unchanged,
            removed=self.removed,
            sentences=counts.sentences,
            units_by_shape=counts.units_by_shape,
            units_written=written.units,
            units_below_floor=sum(counts.histogram.values()) - counts.units_rejected - written.units,
            probability_histogram=counts.histogram,
            characters_removed=written.characters_removed,
            units_by_status=counts.units_by_status,
            rejected=_judged(releases, "unrelated", "check that the two pages belong together"),
            partial=_judged(releases, "partial", "units were made; check that both pages are complete"),
            unpaired=self.listing.unpaired,
            skipped=self.skipped,
            ignored=self.listing.ignored,
            warnings=warnings,
            decisions_not_kept=sum(warning.startswith(NOT_KEPT) for _, warning in warnings),
            outputs=tuple(str(path) for path in self.outputs),
            signature=self.signature,
            seconds=round(seconds, 3),
        )


def _judged(releases: Sequence[StoredRelease], verdict: str, hint: str) -> tuple[Skipped, ...]:
    """Return an entry for every release of this verdict."""
    return tuple(
        Skipped(release.id, verdict, release.reason or f"the two pages are judged: {verdict}", hint)
        for release in releases
        if release.verdict == verdict
    )


def _digest(path: Path, max_bytes: int) -> str:
    """Return the SHA-256 of a file's bytes; nothing where it cannot be read or is too large, as reading will tell."""
    try:
        with path.open("rb") as stream:
            if path.stat().st_size > max_bytes:
                return ""
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _remove(path: Path, top: Path) -> None:
    """Remove a file of an earlier run and the folders it leaves empty, up to `top`."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == top:
                break
            folder.rmdir()
