"""From references and hypotheses to results: scores with intervals, paired tests, parts, terms and figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tmalign.errors import UsageError
from tmalign.scoring.bootstrap import RESAMPLES, SEED, TRIALS, randomisation_p_value, randomise, resample
from tmalign.scoring.formulas import CHRF_CHARACTERS
from tmalign.scoring.results import Comparison, PartScore, Results, Score, SystemResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tmalign.scoring.formulas import Floats
    from tmalign.scoring.glossary import GlossaryTerm
    from tmalign.scoring.material import Hypothesis, References
    from tmalign.scoring.results import Accuracy, PairedTest

    Counter = Callable[[Sequence[str]], Accuracy]

BOTH_TESTS: Final[tuple[PairedTest, ...]] = ("bootstrap", "randomisation")

Statistics = NDArray[np.float64]


class ScoredMetric(Protocol):
    """What a metric must give: statistics a segment, and the score of their sum."""

    name: Any
    signature: str
    higher_is_better: bool

    def statistics(self, hypotheses: Sequence[str]) -> Statistics:
        """Return segments x columns."""

    def value(self, statistics: Statistics) -> float:
        """Return the corpus score."""

    def sentences(self, statistics: Statistics) -> Floats:
        """Return the score of each segment."""

    @property
    def formula(self) -> Callable[[Floats], Floats]:
        """Return the function from summed statistics, a row a sample, to scores."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals and paired tests are computed. No `samples`: no intervals; no `baseline`: no tests."""

    samples: int = RESAMPLES
    trials: int = TRIALS
    seed: int = SEED
    baseline: str = ""
    tests: tuple[PairedTest, ...] = BOTH_TESTS


@dataclass(frozen=True, slots=True)
class Content:
    """What is counted beside the metrics: `terms` with an accepted rendering, figures with the same value."""

    terms: tuple[GlossaryTerm, ...] = ()
    figures: bool = False


def evaluate(
    references: References,
    hypotheses: Sequence[Hypothesis],
    metrics: Sequence[ScoredMetric],
    resampling: Resampling | None = None,
    content: Content | None = None,
    *,
    marks: str = "",
) -> Results:
    """Score every hypothesis in every metric, best first by the first metric. `marks` is added to the signatures.

    Raises UsageError for an unknown baseline, systems of one name, or terms and figures without sources.
    """
    resampling = resampling or Resampling()
    content = content or Content()
    names = [hypothesis.system for hypothesis in hypotheses]
    _check(names, resampling, content, references)
    statistics = [_collect(metrics, hypothesis.segments) for hypothesis in hypotheses]
    values = [[metric.value(found) for metric, found in zip(metrics, one, strict=True)] for one in statistics]
    scores, comparisons = _resampled(metrics, statistics, values, names, resampling)
    terms, figures = _counters(content, references)
    systems = []
    for number, hypothesis in enumerate(hypotheses):
        added = (f"|seg:document|{hypothesis.cut.signature}" if hypothesis.cut else "") + marks
        systems.append(
            SystemResult(
                hypothesis=hypothesis,
                scores=tuple(_signed(score, added) for score in scores[number]),
                comparisons=tuple(comparisons[number]),
                documents=_parts(metrics, statistics[number], _by_document(references)),
                collections=_parts(metrics, statistics[number], _by_collection(references)),
                sentences={
                    metric.name: tuple(metric.sentences(found).tolist())
                    for metric, found in zip(metrics, statistics[number], strict=True)
                },
                terms=terms(hypothesis.segments) if terms else None,
                figures=figures(hypothesis.segments) if figures else None,
            )
        )
    first = metrics[0]
    sign = -1 if first.higher_is_better else 1
    systems.sort(key=lambda system: (sign * system.scores[0].value, system.system))
    return Results(
        references=references,
        systems=tuple(systems),
        metrics=tuple(metric.name for metric in metrics),
        segmentation="document" if any(hypothesis.cut for hypothesis in hypotheses) else "segment",
        baseline=resampling.baseline,
        samples=resampling.samples,
        seed=resampling.seed,
        reference_terms=terms(references.segments) if terms else None,
        reference_figures=figures(references.segments) if figures else None,
        notes=references.notes,
    )


def _counters(content: Content, references: References) -> tuple[Counter | None, Counter | None]:
    """Return what counts terms and figures in hypotheses, None for what is not asked for."""
    if not (content.terms or content.figures):
        return None, None
    from tmalign.scoring.terminology import Terminology, figure_accuracy  # noqa: PLC0415 - its patterns take .1 s

    terms = partial(Terminology(content.terms, references.target).accuracy, references) if content.terms else None
    return terms, partial(figure_accuracy, references) if content.figures else None


def _check(names: Sequence[str], resampling: Resampling, content: Content, references: References) -> None:
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise UsageError(f"two hypotheses are named {twice}", hint="give every system a name of its own: NAME=FILE")
    if resampling.baseline and resampling.baseline not in names:
        raise UsageError(
            f"no hypothesis is named {resampling.baseline}", hint=f"--baseline is one of: {', '.join(names)}"
        )
    if (content.terms or content.figures) and not references.sources:
        raise UsageError(
            "terms and figures are counted in the source, which this reference lacks", hint="add --source FILE"
        )


def _collect(metrics: Sequence[ScoredMetric], segments: Sequence[str]) -> list[Statistics]:
    """Return the statistics in each metric; chrF's are the first columns of chrF++'s, so they are counted once."""
    found: dict[str, Statistics] = {}
    for metric in sorted(metrics, key=lambda one: one.name != "chrF++"):
        if metric.name == "chrF" and "chrF++" in found:
            found["chrF"] = found["chrF++"][:, : 3 * CHRF_CHARACTERS]
        else:
            found[metric.name] = metric.statistics(segments)
    return [found[metric.name] for metric in metrics]


def _signed(score: Score, added: str) -> Score:
    return Score(score.metric, score.value, score.signature + added, score.low, score.high, score.mean)


def _resampled(
    metrics: Sequence[ScoredMetric],
    statistics: Sequence[Sequence[Statistics]],
    values: Sequence[Sequence[float]],
    names: Sequence[str],
    resampling: Resampling,
) -> tuple[list[list[Score]], list[list[Comparison]]]:
    """Return scores with intervals and the paired tests, by system and metric."""
    table = np.stack([np.concatenate(one, axis=1) for one in statistics])
    columns, start = [], 0
    for found in statistics[0]:
        columns.append(slice(start, start + found.shape[1]))
        start += found.shape[1]
    formulas = [(part, metric.formula) for part, metric in zip(columns, metrics, strict=True)]
    resamples = resample(table, formulas, resampling.samples, resampling.seed) if resampling.samples else None
    scores: list[list[Score]] = []
    for system in range(len(names)):
        row = []
        for number, metric in enumerate(metrics):
            value = values[system][number]
            if resamples is None:
                row.append(Score(metric.name, value, metric.signature))
            else:
                interval = resamples[number].interval(system)
                row.append(Score(metric.name, value, metric.signature, interval.low, interval.high, interval.mean))
        scores.append(row)
    comparisons: list[list[Comparison]] = [[] for _ in names]
    if not resampling.baseline:
        return scores, comparisons
    baseline = names.index(resampling.baseline)
    exchanged = (
        randomise(table, formulas, baseline, resampling.trials, resampling.seed)
        if "randomisation" in resampling.tests
        else None
    )
    for system in (number for number in range(len(names)) if number != baseline):
        for number, metric in enumerate(metrics):
            difference = values[system][number] - values[baseline][number]
            if resamples is not None and "bootstrap" in resampling.tests:
                p_value = resamples[number].p_value(system, baseline, abs(difference))
                comparisons[system].append(
                    Comparison(metric.name, "bootstrap", difference, p_value, resampling.samples)
                )
            if exchanged is not None:
                p_value = randomisation_p_value(exchanged[number][system], abs(difference))
                comparisons[system].append(
                    Comparison(metric.name, "randomisation", difference, p_value, resampling.trials)
                )
    return scores, comparisons


def _by_document(references: References) -> dict[str, list[int]]:
    """Return the segments of each document, in the order documents begin."""
    return _grouped([document.id for document in references.documents for _ in document.references])


def _by_collection(references: References) -> dict[str, list[int]]:
    """Return the segments of each collection; nothing where the reference names none."""
    names = [document.collection for document in references.documents for _ in document.references]
    return _grouped(names) if any(names) else {}


def _grouped(names: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        found.setdefault(name, []).append(number)
    return found


def _parts(
    metrics: Sequence[ScoredMetric], statistics: Sequence[Statistics], parts: dict[str, list[int]]
) -> tuple[PartScore, ...]:
    """Score each part by itself."""
    return tuple(
        PartScore(
            name,
            len(rows),
            {metric.name: metric.value(found[rows]) for metric, found in zip(metrics, statistics, strict=True)},
        )
        for name, rows in parts.items()
    )
