"""What scoring found, as plain data: the table, the breakdowns, and what a report needs to show sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from tmalign.scoring.material import Hypothesis, References

PairedTest = Literal["bootstrap", "randomisation"]
# p-values below this are marked.
SIGNIFICANT: Final = 0.05


def decimals(metric: str) -> int:
    """Return how many decimals tell systems apart: COMET's scores lie within 1, the others' within 100."""
    return 4 if metric == "COMET" else 2


@dataclass(frozen=True, slots=True)
class Score:
    """One metric of one system. `low` and `high` bound the 95% bootstrap interval, `mean` is the resamples' mean.

    `signature` is sacrebleu's own, with what we add to it. Points are percent (BLEU 34.2), for COMET the model's own.
    The three figures of the interval are None where nothing was resampled.
    """

    metric: str
    value: float
    signature: str
    low: float | None = None
    high: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired test of one system against the baseline in one metric. `difference` is system minus baseline."""

    metric: str
    test: PairedTest
    difference: float
    p_value: float
    samples: int

    @property
    def significant(self) -> bool:
        """Tell whether the systems differ; equal scores do not, whatever sacrebleu's count of samples comes to."""
        return self.p_value < SIGNIFICANT and self.difference != 0


@dataclass(frozen=True, slots=True)
class PartScore:
    """The scores of one part of the references: a document or a collection. `values` is by metric."""

    name: str
    segments: int
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Miss:
    """A term or figure of the source that the hypothesis does not carry over.

    `segment` counts over all references from 0. `expected` are the renderings (or values) that would have been right.
    """

    segment: int
    document: str
    source: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """One term over all segments: in how many of the `total` it stands in, the hypothesis has a right rendering."""

    source: str
    expected: tuple[str, ...]
    found: int
    total: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of the source's terms (or figures) appear in the hypothesis, and which do not, in text order.

    A term counts once a segment, a figure as often as it stands there. `tallies` are by term, most missed first;
    figures have none.
    """

    found: int
    total: int
    misses: tuple[Miss, ...] = ()
    tallies: tuple[Tally, ...] = ()

    @property
    def share(self) -> float | None:
        """Return found / total, from 0 to 1; None where the source has none."""
        return self.found / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class SystemResult:
    """Everything about one system. `sentences` holds sentence-level points by metric, a value a segment."""

    hypothesis: Hypothesis
    scores: tuple[Score, ...]
    comparisons: tuple[Comparison, ...] = ()
    documents: tuple[PartScore, ...] = ()
    collections: tuple[PartScore, ...] = ()
    sentences: dict[str, tuple[float, ...]] | None = None
    terms: Accuracy | None = None
    figures: Accuracy | None = None

    @property
    def system(self) -> str:
        """Return the system's name."""
        return self.hypothesis.system


@dataclass(frozen=True, slots=True)
class Overlap:
    """A reference segment that also stands in a training memory. `similarity` is 1 for an exact one."""

    segment: int
    document: str
    similarity: float
    reference: str
    memory: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """A whole run: systems from best to worst by the first metric. `baseline` is empty where none was named.

    The accuracy of the reference itself tells what a system can reach.
    """

    references: References
    systems: tuple[SystemResult, ...]
    metrics: tuple[str, ...]
    segmentation: str
    baseline: str = ""
    samples: int = 0
    seed: int = 0
    reference_terms: Accuracy | None = None
    reference_figures: Accuracy | None = None
    overlaps: tuple[Overlap, ...] = ()
    excluded: int = 0
    notes: tuple[str, ...] = ()
