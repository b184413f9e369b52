"""Terms into files and out of them: which format a name means, and how what a file holds joins the termbase."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from tmalign.errors import UsageError
from tmalign.term_model import KINDS, TermRendering, TermStatus
from tmalign.terms.entry import TermDecision, rendering_key, term_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from tmalign.formats.termfile import TermsRead, TermsWritten
    from tmalign.model import Language
    from tmalign.term_model import TermEntry
    from tmalign.terms.termbase import Termbase

Format = Literal["tbx", "tbx-dct", "tbx-2008", "utx", "omegat", "csv", "xlsx", "jsonl"]
_BY_SUFFIX: dict[str, Format] = {
    ".tbx": "tbx", ".utx": "utx", ".utf8": "omegat", ".tab": "omegat", ".txt": "omegat", ".tsv": "csv", ".csv": "csv",
    ".xlsx": "xlsx", ".jsonl": "jsonl",
}  # fmt: skip


# Characters of the longest term that is taken from a file: several times the longest boilerplate.
LONGEST = 1000


@dataclass(slots=True)
class Joined:
    """What an import does: terms that are new, changed, the same; kinds nobody knows, by name."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


def format_of(path: Path) -> Format:
    """Return the format a file's name stands for. Raises UsageError."""
    found = _BY_SUFFIX.get(path.suffix.lower())
    if found is None:
        raise UsageError(f"the name {path.name} does not tell the format", hint="say it: --format tbx")
    return found


def read_terms(path: Path, file_format: Format, source: Language = "ja") -> TermsRead:
    """Read a file of terms; `source` is the first column of an OmegaT glossary. Raises InputError.

    What is longer than any term is refused: such a file has whole texts in its columns.
    """
    read = _read_as(path, file_format, source)
    kept = tuple(entry for entry in read.entries if _longest(entry) <= LONGEST)
    if len(kept) == len(read.entries):
        return read
    from tmalign.errors import FormatError  # noqa: PLC0415 - seldom
    from tmalign.model import Skipped  # noqa: PLC0415 - likewise

    refused = [
        Skipped(
            str(path),
            FormatError.code,
            f"{entry.ja[:20]}: {_longest(entry):,} characters are no term",
            f"a term has at most {LONGEST:,}",
        )
        for entry in read.entries
        if _longest(entry) > LONGEST
    ]
    return replace(read, entries=kept, refused=(*read.refused, *refused))


def _longest(entry: TermEntry) -> int:
    """Return the length of an entry's longest form."""
    english = (form for r in entry.renderings for form in (r.en, *r.variants))
    return max(map(len, (entry.ja, *entry.variants, *entry.acronyms, *english)))


def _read_as(path: Path, file_format: Format, source: Language) -> TermsRead:
    """Read a file of a format."""
    if file_format.startswith("tbx"):
        from tmalign.formats.tbx_reading import read_tbx  # noqa: PLC0415 - a format is loaded when it is wanted

        return read_tbx(path)
    if file_format == "utx":
        from tmalign.formats.utx import read_utx  # noqa: PLC0415 - likewise

        return read_utx(path)
    if file_format == "omegat":
        from tmalign.formats.glossary import read_glossary  # noqa: PLC0415 - likewise

        return read_glossary(path, source)
    if file_format == "jsonl":
        from tmalign.formats.term_jsonl import read_jsonl  # noqa: PLC0415 - likewise

        return read_jsonl(path)
    from tmalign.formats.term_table import read_csv, read_xlsx  # noqa: PLC0415 - likewise

    return read_xlsx(path) if file_format == "xlsx" else read_csv(path)


def write_terms(
    stream: BinaryIO, entries: list[TermEntry], file_format: Format, *, source: Language = "ja", date: str, title: str
) -> TermsWritten:
    """Write a file of terms; `date` goes where a format demands one, `title` where it has one."""
    if file_format.startswith("tbx"):
        from tmalign.formats.tbx import write_tbx  # noqa: PLC0415 - a format is loaded when it is wanted

        dialect: Literal["dca", "dct", "2008"] = "dct" if file_format == "tbx-dct" else "dca"
        return write_tbx(stream, entries, "2008" if file_format == "tbx-2008" else dialect, title)
    if file_format == "utx":
        from tmalign.formats.utx import write_utx  # noqa: PLC0415 - likewise

        return write_utx(stream, entries, date)
    if file_format == "omegat":
        from tmalign.formats.glossary import write_glossary  # noqa: PLC0415 - likewise

        return write_glossary(stream, entries, source)
    if file_format == "jsonl":
        from tmalign.formats.term_jsonl import write_jsonl  # noqa: PLC0415 - likewise

        return write_jsonl(stream, entries)
    from tmalign.formats.term_table import write_csv, write_xlsx  # noqa: PLC0415 - likewise

    return write_xlsx(stream, entries) if file_format == "xlsx" else write_csv(stream, entries)


def join(base: Termbase, entries: Iterable[TermEntry], status: TermStatus, joined: Joined) -> Iterator[TermDecision]:
    """Yield the decisions that bring imported terms into the termbase, and count them.

    What a file says wins over what was decided before; what it leaves unsaid stays. `status` is for renderings of
    which it says nothing, unless something was decided on them.
    """
    listed = list(entries)
    known = base.decisions([entry.ja for entry in listed])
    there = base.known([entry.ja for entry in listed])
    for entry in listed:
        key = term_key(entry.ja)
        before = known.get(key)
        now = _with(before or TermDecision(entry.ja), entry, status)
        if entry.kind and entry.kind not in KINDS:
            joined.kinds[entry.kind] = joined.kinds.get(entry.kind, 0) + 1
        if now == before:
            joined.unchanged += 1
            continue
        if before is None and key not in there:
            joined.new += 1
        else:
            joined.changed += 1
        known[key] = now
        yield now


def _with(before: TermDecision, entry: TermEntry, status: TermStatus) -> TermDecision:
    """Return a decision with an imported term in it."""
    renderings = {rendering_key(r.en): r for r in before.renderings}
    chosen = next((rendering_key(r.en) for r in entry.renderings if r.preferred), None)
    if chosen is not None:
        renderings = {key: replace(r, preferred=False) for key, r in renderings.items()}
    for rendering in entry.renderings:
        key = rendering_key(rendering.en)
        if key:
            own = renderings.get(key, TermRendering(rendering.en))
            renderings[key] = _rendering(own, rendering, status, preferred=key == chosen)
    variants = dict.fromkeys((*before.variants, *entry.variants))
    return replace(
        before,
        kind=entry.kind if entry.kind in KINDS else before.kind,
        rejected=entry.rejected or before.rejected,
        note=entry.note or before.note,
        variants=tuple(form for form in variants if term_key(form) and form != before.ja),
        acronyms=tuple(dict.fromkeys((*before.acronyms, *entry.acronyms))),
        renderings=tuple(renderings.values()),
        uses=_uses(entry) or before.uses,
    )


def _rendering(own: TermRendering, new: TermRendering, status: TermStatus, *, preferred: bool) -> TermRendering:
    """Return a decided rendering with what a file says of it."""
    told = new.status
    if told is TermStatus.CANDIDATE:
        told = own.status if own.status is not TermStatus.CANDIDATE else status
    variants = dict.fromkeys((*own.variants, *new.variants))
    return TermRendering(
        own.en,
        variants=tuple(form for form in variants if rendering_key(form) and form != own.en),
        status=told,
        preferred=preferred or (own.preferred and told is TermStatus.APPROVED),
        note=new.note or own.note,
        valid_from=new.valid_from or own.valid_from,
        valid_until=new.valid_until or own.valid_until,
    )


def _uses(entry: TermEntry) -> TermEntry | None:
    """Return what a file tells of use: counts, dates, releases, contexts; None where it tells nothing."""
    told = (entry.count, entry.score, entry.confidence, entry.releases, entry.contexts, entry.first, entry.last)
    if not any(told) and not any(r.count or r.first or r.last for r in entry.renderings):
        return None
    bare = tuple(
        TermRendering(r.en, r.count, r.first, r.last) for r in entry.renderings if r.count or r.first or r.last
    )
    return replace(entry, id="", kind="", renderings=bare, variants=(), acronyms=(), note="", decided=False,
                   rejected=not bare)  # fmt: skip
