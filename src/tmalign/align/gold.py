"""Gold alignments as JSON Lines: what training and measurement read."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tmalign.errors import EmptyFileError, FormatError, MissingFileError, UnreadableFileError
from tmalign.model import BlockKind, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A pair of documents with the alignment people made: `beads` are pairs of index lists."""

    id: str
    ja: tuple[Segment, ...]
    en: tuple[Segment, ...]
    beads: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def segment(value: str | dict[str, Any]) -> Segment:
    """Read a sentence that is a string, or an object with `text`, `kind`, `marker` and `block`."""
    if isinstance(value, str):
        return Segment(value)
    if not isinstance(value["text"], str):
        raise TypeError("a sentence's text is not a string")
    return Segment(
        value["text"], BlockKind(value.get("kind", "paragraph")), value.get("marker", ""), value.get("block", 0)
    )


def _document(row: dict[str, Any]) -> GoldDocument:
    """Read a row; raises `ValueError`, `KeyError` or `TypeError` where it is no gold document."""
    if not (isinstance(row["ja"], list) and isinstance(row["en"], list)):
        raise TypeError("a side is not a list of sentences")
    ja, en = tuple(map(segment, row["ja"])), tuple(map(segment, row["en"]))
    beads = tuple((tuple(first), tuple(second)) for first, second in row["beads"])
    for one_side, size in ((0, len(ja)), (1, len(en))):
        for bead in beads:
            if any(not isinstance(i, int) or not 0 <= i < size for i in bead[one_side]):
                raise ValueError(f"a bead names a sentence that is not there: {bead[one_side]}")
    if not isinstance(row["id"], str):
        raise TypeError("the id is not a string")
    return GoldDocument(row["id"], ja, en, beads)


def read_gold(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a JSON Lines file, of a NAME.gold.json, or of all such files in a folder and below.

    Raises `MissingFileError`, `UnreadableFileError`, `EmptyFileError`, or `FormatError` with the line.
    """
    if path.is_dir():
        files = sorted(path.rglob("*.gold.json"))
        if not files:
            raise EmptyFileError("no gold in this folder", path=path, hint="gold files are called NAME.gold.json")
        for file_path in files:
            yield from read_gold(file_path)
        return
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise MissingFileError("there is no such gold file", path=path, hint="check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            error.strerror or str(error), path=path, hint="check the file and its rights"
        ) from error
    with file:
        whole = path.name.endswith(".gold.json")  # one document, written over many lines
        number = 0
        for number, line in enumerate([file.read()] if whole else file, 1):
            try:
                yield _document(json.loads(line.removeprefix(b"\xef\xbb\xbf")))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise FormatError(
                    f"not a gold document: {error}",
                    path=path,
                    line=number,
                    hint='a row is {"id", "ja": [...], "en": [...], "beads": [[[0], [0]], ...]}',
                ) from error
        if not number:
            raise EmptyFileError("no gold in this file", path=path, hint="a gold file holds one document a line")


_RATES = (0.0, 0.0, 0.02, 0.05, 0.1, 0.2)


def thinned(document: GoldDocument, seed: int) -> GoldDocument | None:
    """Return the document with some of its beads left on one side only, as where a version leaves out a sentence.

    The same document and seed give the same result. None where a side would be empty. Learning from several of these
    makes up for gold that is scarce.
    """
    chance = random.Random(f"{document.id}/{seed}")  # noqa: S311 - a choice of samples, no secret
    rate = chance.choice(_RATES)
    ja: list[Segment] = []
    en: list[Segment] = []
    beads: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for first, second in document.beads:
        drawn = chance.random() if first and second else 1.0
        keep_ja = first if drawn >= rate else ()
        keep_en = second if not rate <= drawn < 2 * rate else ()
        beads.append(
            (
                tuple(range(len(ja), len(ja) + len(keep_ja))),
                tuple(range(len(en), len(en) + len(keep_en))),
            )
        )
        ja += [document.ja[i] for i in keep_ja]
        en += [document.en[j] for j in keep_en]
    if not ja or not en:
        return None
    return GoldDocument(document.id, tuple(ja), tuple(en), tuple(bead for bead in beads if bead[0] or bead[1]))


_LONGEST_PARAGRAPHS = (2, 4, 6, 10)
_CUT = 0.1  # of the paragraphs of a version, how many it cuts in two


def in_paragraphs(document: GoldDocument, seed: int) -> GoldDocument | None:
    """Return the document with runs of sentences joined into paragraphs, as where a text is aligned without splitting.

    Paragraphs of both sides hold the same beads, but for some that one version cuts in two. The same document and seed
    give the same result. None where a side would be empty.
    """
    chance = random.Random(f"{document.id}/paragraphs/{seed}")  # noqa: S311 - a choice of samples, no secret
    longest = chance.choice(_LONGEST_PARAGRAPHS)
    sides: tuple[list[Segment], list[Segment]] = ([], [])
    beads: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    at = 0
    while at < len(document.beads):
        size = chance.randint(1, longest)
        paragraph, at = document.beads[at : at + size], at + size
        found = [
            _joined_in(
                document, paragraph, side, chance.randrange(1, size) if size > 1 and chance.random() < _CUT else 0
            )
            for side in (0, 1)
        ]
        places = [tuple(range(len(kept), len(kept) + len(new))) for kept, new in zip(sides, found, strict=True)]
        for kept, new in zip(sides, found, strict=True):
            kept.extend(new)
        # Where nothing in it stands on both sides, the paragraphs are no translations of each other.
        together = any(first and second for first, second in paragraph)
        beads += [(places[0], places[1])] if together else [(places[0], ()), ((), places[1])]
    if not sides[0] or not sides[1]:
        return None
    return GoldDocument(document.id, tuple(sides[0]), tuple(sides[1]), tuple(b for b in beads if b[0] or b[1]))


def _joined_in(
    document: GoldDocument, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], side: int, cut: int
) -> list[Segment]:
    """Return the sentences that some beads hold on one side as a paragraph, or as two if cut before bead `cut`."""
    segments, between = ((document.ja, ""), (document.en, " "))[side]
    found = []
    for part in (beads[:cut], beads[cut:]):
        inside = [segments[k] for bead in part for k in bead[side]]
        if inside:
            found.append(replace(inside[0], text=between.join(one.text for one in inside)))
    return found
