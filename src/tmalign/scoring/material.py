"""What is scored: references by document, hypotheses segment by segment or as running text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tmalign.model import Language

Segmentation = Literal["segment", "document"]


@dataclass(frozen=True, slots=True)
class ReferenceDocument:
    """One document of the reference: segments in order, and their sources where those are known.

    `sources` is empty or as long as `references`. `lines` are the lines (rows, units) of the file that the segments
    stand in, from 1; empty where the file has none (our store).
    """

    id: str
    references: tuple[str, ...]
    sources: tuple[str, ...] = ()
    collection: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class References:
    """All reference documents in order, in one direction.

    `target` is the language of the references and hypotheses. `digest` is the SHA-256 of ids and texts in hexadecimal.
    `notes` are sentences for a person on what was left out.
    """

    path: str
    target: Language
    documents: tuple[ReferenceDocument, ...]
    digest: str = ""
    notes: tuple[str, ...] = ()

    @property
    def source_language(self) -> Language:
        """Return the language that was translated."""
        return "en" if self.target == "ja" else "ja"

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Return the reference segments of all documents in order."""
        return tuple(text for document in self.documents for text in document.references)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Return the source segments, as many as `segments`; empty where any document has none."""
        if not all(document.sources for document in self.documents):
            return ()
        return tuple(text for document in self.documents for text in document.sources)


@dataclass(frozen=True, slots=True)
class RunningText:
    """A hypothesis for one document that is not cut into the reference's segments.

    `id` is the reference document's; empty where the text covers all of them. `line` is where it begins in its file.
    """

    id: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """How a hypothesis fell into the reference's segments (`--segmentation document`).

    All three count segments over all documents, from 0: `empty` got no text, `swapped` are neighbours whose texts look
    exchanged, `doubtful` were cut with a probability below one half. `signature` names the method.
    """

    signature: str
    empty: tuple[int, ...] = ()
    swapped: tuple[tuple[int, int], ...] = ()
    doubtful: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A system's output, one text a reference segment, as many as `References.segments`.

    `lines` are the lines of its file, from 1, empty for a hypothesis that was cut. `notes` are sentences for a person.
    """

    system: str
    path: str
    segments: tuple[str, ...]
    lines: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    cut: Cut | None = None

    def without(self, segments: set[int]) -> Hypothesis:
        """Return the hypothesis without these segments; what the cut reported stays in the full numbering."""
        kept = [number for number in range(len(self.segments)) if number not in segments]
        return replace(
            self,
            segments=tuple(self.segments[number] for number in kept),
            lines=tuple(self.lines[number] if self.lines else number + 1 for number in kept),
        )
