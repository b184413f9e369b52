"""A report on alignments against gold: figures, calibration, and the places where they differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tmalign.align.accuracy import THRESHOLDS, Counts, count, harmonic, inside, is_coarse, tiled, two_sided
from tmalign.align.corpus_words import align_all
from tmalign.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from tmalign.align.accuracy import Pair
    from tmalign.align.aligner import Aligner
    from tmalign.align.gold import GoldDocument
    from tmalign.model import Bead


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of one document where prediction and gold part: beads that touch each other, wrong or missed."""

    document: str
    gold: tuple[Pair, ...]
    predicted: tuple[tuple[Pair, float], ...]
    ja: dict[int, str]
    en: dict[int, str]


@dataclass(slots=True)
class Evaluation:
    """What was counted over all documents. `stated` is False where the beads came without probabilities."""

    counts: Counts = field(default_factory=Counts)
    differences: list[Difference] = field(default_factory=list)
    documents: int = 0
    missing: list[str] = field(default_factory=list)
    stated: bool = True

    def add(self, document: GoldDocument, beads: Sequence[Bead]) -> None:
        """Compare one document."""
        self.documents += 1
        count(document.beads, beads, self.counts)
        self.differences += differences(document, beads)

    def figures(self) -> dict[str, Any]:
        """Return every figure by name, as JSON holds them; F1 and shares in 0..1."""
        c = self.counts
        return {
            "documents": self.documents,
            "missing": self.missing,
            "strict": {"f1": c.strict_f1, "precision": c.precision, "recall": c.recall, "beads": c.gold},
            "links": {"f1": c.link_f1, "precision": c.link_precision, "recall": c.link_recall},
            "types": types(c),
            "calibration": self._calibration() if self.stated else None,
            "differences": len(self.differences),
        }

    def _calibration(self) -> dict[str, Any]:
        c = self.counts
        rows = [
            {
                "from": bucket / 10 if bucket < 10 else 0.99,
                "to": 1.0 if bucket == 10 else 0.99 if bucket == 9 else (bucket + 1) / 10,
                "beads": n,
                "stated": stated / n,
                "right": right / n,
            }
            for bucket, (n, right, stated) in sorted(c.bins.items())
        ]
        above = [
            {
                "from": threshold,
                "beads": n,
                "coverage": n / max(1, c.predicted),
                "precision": right / n if n else None,
            }
            for threshold in THRESHOLDS
            for n, right in [c.above.get(threshold, (0, 0))]
        ]
        return {"error": c.calibration_error(), "bins": rows, "above": above}


def types(counts: Counts) -> dict[str, dict[str, float | None]]:
    """Return F1, precision and recall a bead type, the most frequent in gold first.

    The type of a wrong bead is the predicted one, of a missed bead gold's. 1-0 and 0-1 are sentences that stand alone.
    None stands where there is nothing to divide by: a coarse type may be found by finer beads and never predicted.
    """
    names = sorted(counts.gold_by_type | counts.predicted_by_type, key=lambda name: (-counts.gold_by_type[name], name))
    table: dict[str, dict[str, float | None]] = {}
    for name in names:
        gold, predicted = counts.gold_by_type[name], counts.predicted_by_type[name]
        precision = counts.right_by_type[name] / predicted if predicted else None
        recall = counts.found_by_type[name] / gold if gold else None
        table[name] = {
            "gold": gold,
            "predicted": predicted,
            "precision": precision,
            "recall": recall,
            "f1": None if precision is None or recall is None else harmonic(precision, recall),
        }
    return table


def evaluate(gold: Mapping[str, GoldDocument], predicted: Mapping[str, Sequence[Bead]]) -> Evaluation:
    """Compare predicted beads with gold by document id; a document without prediction counts as nothing found."""
    evaluation = Evaluation()
    for name, document in gold.items():
        if name not in predicted:
            evaluation.missing.append(name)
        evaluation.add(document, predicted.get(name, ()))
    return evaluation


def counted(aligner: Aligner, documents: Sequence[GoldDocument], counts: Counts | None = None) -> Counts:
    """Align documents as one corpus, in two passes, and count what is right, on top of `counts` if any are given."""
    counts = Counts() if counts is None else counts
    drafts = (aligner.draft(document.id, document.ja, document.en) for document in documents)
    for document, alignment in zip(documents, align_all(aligner, drafts), strict=True):
        count(document.beads, alignment.beads, counts)
    return counts


def by_id(documents: Iterable[GoldDocument], source: str) -> dict[str, GoldDocument]:
    """Return documents by id; raises `FormatError` where an id comes twice."""
    found: dict[str, GoldDocument] = {}
    for document in documents:
        if document.id in found:
            raise FormatError(
                f"the document {document.id!r} comes twice", path=source, hint="give every document an id of its own"
            )
        found[document.id] = document
    return found


@dataclass(slots=True)
class _Stretch:
    """Beads that touch each other; a place is (0 for Japanese or 1, number of the sentence)."""

    places: set[tuple[int, int]]
    gold: list[Pair] = field(default_factory=list)
    predicted: list[Pair] = field(default_factory=list)


def differences(document: GoldDocument, beads: Sequence[Bead]) -> list[Difference]:
    """Return the places where predicted beads and gold part, in order of the text."""
    wanted = two_sided(document.beads)
    given = {(tuple(b.ja), tuple(b.en)): b.probability for b in beads if b.ja and b.en}
    coarse = [pair for pair in wanted if is_coarse(pair)]
    wrong = [pair for pair in given if pair not in wanted and not any(inside(pair, whole) for whole in coarse)]
    have = set(given)
    missed = [pair for pair in wanted if pair not in have and not (is_coarse(pair) and tiled(pair, have))]
    stretches: list[_Stretch] = []
    for is_gold, pairs in ((True, missed), (False, wrong)):
        for pair in pairs:
            joined = _Stretch({(0, i) for i in pair[0]} | {(1, j) for j in pair[1]})
            (joined.gold if is_gold else joined.predicted).append(pair)
            for stretch in [s for s in stretches if s.places & joined.places]:
                joined.places |= stretch.places
                joined.gold += stretch.gold
                joined.predicted += stretch.predicted
                stretches.remove(stretch)
            stretches.append(joined)
    return [
        Difference(
            document.id,
            tuple(sorted(stretch.gold)),
            tuple((pair, given[pair]) for pair in sorted(stretch.predicted)),
            {i: document.ja[i].text for side, i in sorted(stretch.places) if side == 0},
            {j: document.en[j].text for side, j in sorted(stretch.places) if side == 1},
        )
        for stretch in sorted(stretches, key=lambda stretch: min((i, side) for side, i in stretch.places))
    ]
