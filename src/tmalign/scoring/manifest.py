"""References as text files for a system to translate, and a manifest by which a later change is noticed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from tmalign import __version__
from tmalign.errors import FormatError, InputError, PairError, UsageError
from tmalign.formats.files import atomic_write
from tmalign.scoring.lines import read_segments, read_utf8
from tmalign.scoring.material import ReferenceDocument, References
from tmalign.scoring.references import Bilingual, Passage, Selection, digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT: Final = "tmalign-references"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
BOUNDARIES: Final = "documents.tsv"
_FOLDER: Final = "documents"
_AGAIN: Final = "export the references again, or put the old files back"


class ChangedReferenceError(InputError):
    """A reference is not the one that was exported."""

    code = "changed"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the files in the order they were written, segments and documents."""

    files: tuple[Path, ...]
    segments: int
    documents: int


def write_references(references: References, folder: Path, *, per_document: bool = False) -> Exported:
    """Write source and reference, a segment a line, the document boundaries and the manifest into a folder.

    source.LL.txt and reference.LL.txt; documents.tsv with id, collection, first and last line; manifest.json. With
    `per_document` the sources also as one text a document. The same references give the same bytes. Raises OutputError,
    or UsageError where there is no source or a document's segments do not stand together.
    """
    if not references.sources:
        raise UsageError("the reference has no source to export", hint="name a store, a TMX or a pair of files")
    ids = [document.id for document in references.documents]
    if len(set(ids)) < len(ids):
        raise PairError("the segments of a document do not stand together", path=references.path, hint="sort them")
    names = {
        f"source.{references.source_language}.txt": _lines(references.sources),
        f"reference.{references.target}.txt": _lines(references.segments),
        BOUNDARIES: _boundaries(references),
    }
    if per_document:
        glue = "" if references.source_language == "ja" else " "
        for document in references.documents:
            name = f"{_FOLDER}/{_safe(document.id)}.{references.source_language}.txt"
            names[name] = (glue.join(document.sources) + "\n").encode()
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "written_by": f"tmalign {__version__}",
        "direction": f"{references.source_language}-{references.target}",
        "segments": len(references.segments),
        "digest": references.digest,
        "documents": _entries(references),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in names.items()},
    }
    names[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    for name, data in names.items():
        with atomic_write(folder / name, keep_identical=True) as stream:
            stream.write(data)
    return Exported(tuple(folder / name for name in names), len(references.segments), len(references.documents))


def _safe(name: str) -> str:
    """Return a document's id as a path inside the folder. Raises UsageError for one that would leave it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or not path.parts:
        raise UsageError(f"the document id {name!r} is no file name", hint="leave out --per-document")
    return path.as_posix()


def _lines(texts: tuple[str, ...]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def _entries(references: References) -> list[dict[str, Any]]:
    """Return for each document its lines in the files (from 1, both inclusive) and the digest of its texts."""
    entries, first = [], 1
    for document in references.documents:
        last = first + len(document.references) - 1
        bare = ReferenceDocument(document.id, document.references, document.sources)
        entries.append(
            {
                "id": document.id,
                "collection": document.collection,
                "first": first,
                "last": last,
                "digest": digest_of([bare]),
            }
        )
        first = last + 1
    return entries


def _boundaries(references: References) -> bytes:
    rows = ["id\tcollection\tfirst\tlast"]
    rows += [
        f"{entry['id']}\t{entry['collection']}\t{entry['first']}\t{entry['last']}" for entry in _entries(references)
    ]
    return _lines(tuple(rows))


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest (or that of a folder). Raises FormatError where it is none of ours, or damaged."""
    if path.is_dir():
        path /= MANIFEST
    hint = "give the manifest.json of: tmalign export references"
    try:
        found = json.loads(read_utf8(path))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}", path=path, hint=hint) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise FormatError("not a manifest of exported references", path=path, hint=hint)
    if found.get("version") != VERSION:
        raise FormatError("the manifest is of another version", path=path, hint="upgrade tmalign, or export again")
    documents, files = found.get("documents"), found.get("files")
    sound = (
        found.get("direction") in {"ja-en", "en-ja"}
        and isinstance(files, dict)
        and isinstance(documents, list)
        and all(isinstance(entry, dict) and _sound(entry) for entry in documents)
        and [entry["first"] for entry in documents] == [1, *(entry["last"] + 1 for entry in documents[:-1])]
    )
    if not sound:
        raise FormatError("the manifest is damaged", path=path, hint=_AGAIN)
    return found


def _sound(entry: dict[str, Any]) -> bool:
    texts = all(isinstance(entry.get(key), str) for key in ("id", "collection", "digest"))
    numbers = all(type(entry.get(key)) is int for key in ("first", "last"))
    return texts and numbers and entry["last"] >= entry["first"]


def read_exported(folder: Path, selection: Selection) -> Bilingual:
    """Read exported references, with their documents. Raises ChangedReferenceError where a file is not as it was."""
    manifest = read_manifest(folder)
    source, _, target = manifest["direction"].partition("-")
    sides = {
        "source": _unchanged(folder, f"source.{source}.txt", manifest),
        "reference": _unchanged(folder, f"reference.{target}.txt", manifest),
    }
    _unchanged(folder, BOUNDARIES, manifest)
    if any(len(side) != manifest["documents"][-1]["last"] for side in sides.values()):
        raise FormatError("the manifest does not fit its files", path=folder / MANIFEST, hint=_AGAIN)
    ja, en = (sides["source"], sides["reference"]) if source == "ja" else (sides["reference"], sides["source"])
    known = {entry["id"] for entry in manifest["documents"]}
    if missing := [name for name in selection.releases if name not in known]:
        raise UsageError(f"{folder} has no release {missing[0]}", hint=f"{folder / BOUNDARIES} lists them")
    passages = tuple(
        Passage(entry["id"], ja[line - 1], en[line - 1], entry["collection"], line)
        for entry in manifest["documents"]
        if not selection.releases or entry["id"] in selection.releases
        for line in range(entry["first"], entry["last"] + 1)
    )
    if selection.collection or selection.since or not passages:
        raise UsageError(
            "an exported folder is scored as it is, or by --release",
            hint="select by --collection and --since when you export",
        )
    return Bilingual(str(folder), passages, target="en" if target == "en" else "ja")


def _unchanged(folder: Path, name: str, manifest: dict[str, Any]) -> list[str]:
    """Return the lines of an exported file whose digest is the manifest's."""
    path = folder / name
    lines = read_segments(path)
    if hashlib.sha256(path.read_bytes()).hexdigest() != manifest["files"].get(name):
        raise ChangedReferenceError("the file was changed since it was exported", path=path, hint=_AGAIN)
    return lines


def check_manifest(references: References, path: Path) -> None:
    """Refuse references that are not those of the manifest, naming the documents that differ.

    Raises ChangedReferenceError, or what `read_manifest` raises.
    """
    manifest = read_manifest(path)
    if manifest["direction"] != f"{references.source_language}-{references.target}":
        raise UsageError(f"the manifest is of {manifest['direction']}", hint=f"--direction {manifest['direction']}")
    if manifest.get("digest") == references.digest:
        return
    then = {entry["id"]: entry["digest"] for entry in manifest["documents"]}
    now = {entry["id"]: entry["digest"] for entry in _entries(references)}
    changes = [
        ("changed", [name for name in now if name in then and now[name] != then[name]]),
        ("new", [name for name in now if name not in then]),
        ("gone", [name for name in then if name not in now]),
    ]
    told = "; ".join(
        f"{len(names)} {kind} ({', '.join(names[:3])}{', ...' if len(names) > 3 else ''})"
        for kind, names in changes
        if names
    )
    raise ChangedReferenceError(
        f"not the references that were exported: {told or 'the order of documents'}",
        path=references.path,
        hint="score against the exported folder, or export and translate again",
    )


def exported_folder(files: Sequence[Path]) -> Path | None:
    """Return the exported folder that all of these files belong to; None where they are not exported ones.

    Raises ChangedReferenceError where one of them is not as it was.
    """
    folder = files[0].parent
    if not (folder / MANIFEST).is_file() or any(path.parent != folder for path in files):
        return None
    try:
        manifest = read_manifest(folder)
    except FormatError:
        # Some other program's manifest.
        return None
    if any(path.name not in manifest["files"] for path in files):
        return None
    for path in files:
        _unchanged(folder, path.name, manifest)
    return folder
