"""`tmalign score`: systems against references."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tmalign.cli.output import write_text
from tmalign.errors import LanguageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.model import Language
    from tmalign.scoring.evaluation import Content, Resampling, ScoredMetric
    from tmalign.scoring.hypotheses import Allowance
    from tmalign.scoring.material import Hypothesis, References
    from tmalign.scoring.references import Bilingual, Selection
    from tmalign.scoring.results import Overlap, PairedTest, Results

_METRICS = {"bleu": "BLEU", "chrf": "chrF", "chrf2": "chrF", "chrf++": "chrF++", "chrf2++": "chrF++", "ter": "TER"}
_COMET = "comet"
_DEFAULT_METRICS = ("BLEU", "chrF")


class Part(StrEnum):
    """By what scores are broken down."""

    DOCUMENT = "document"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class _Measures:
    """Which metrics, and how they are made."""

    names: tuple[str, ...]
    tokenizer: str
    model: str
    batch_size: int


def score_command(  # noqa: PLR0913, PLR0917 - a parameter an option
    more: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=FILE]...", help="More hypotheses, or the other file of a pair.", show_default=False
        ),
    ] = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option(
            "--reference",
            "-r",
            metavar="REF",
            help="TMX, store (or folder of a build), JSON Lines, exported folder, or text with a segment a line.",
            show_default=False,
        ),
    ] = None,
    hypothesis: Annotated[
        list[str] | None,
        typer.Option("--hypothesis", "-y", metavar="NAME=FILE", help="A system and its output.", show_default=False),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--source", help="The source, where the reference is a text.", show_default=False)
    ] = None,
    direction: Annotated[
        Literal["ja-en", "en-ja"] | None,
        typer.Option("--direction", "-d", help="From which language to which; by the hypotheses if not given."),
    ] = None,
    collection: Annotated[str, typer.Option(help="Only references of this collection and those below it.")] = "",
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Only references of this date or later.")] = "",
    release: Annotated[
        list[str] | None, typer.Option("--release", help="Only references of this release.", show_default=False)
    ] = None,
    min_probability: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out units less probable than this.")
    ] = 0.5,
    manifest: Annotated[
        Path | None,
        typer.Option(help="Manifest of an export: refuse references that were changed since.", show_default=False),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            "-m",
            metavar="NAME,...",
            help="bleu, chrf, chrf++, ter, comet.  [default: bleu,chrf]",
            show_default=False,
        ),
    ] = None,
    tokenize: Annotated[
        str, typer.Option(help="BLEU's tokenizer: ja-mecab or char for Japanese, 13a, intl or char for English.")
    ] = "",
    model: Annotated[str, typer.Option(help="COMET's model: a local path or a name on the hub.")] = "",
    batch_size: Annotated[int, typer.Option(min=1, help="Segments COMET takes at a time.")] = 8,
    segmentation: Annotated[
        Literal["segment", "document"],
        typer.Option(help="document: the hypotheses are running text, to be cut into the reference's segments."),
    ] = "segment",
    baseline: Annotated[str, typer.Option(metavar="NAME", help="Test every system against this one.")] = "",
    test: Annotated[
        Literal["bootstrap", "randomisation", "both"], typer.Option(help="Paired tests against the baseline.")
    ] = "both",
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap resamples for intervals and tests; 0: none.")] = 1000,
    trials: Annotated[int, typer.Option(min=1, help="Trials of approximate randomisation.")] = 10000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 12345,
    by: Annotated[
        list[Part] | None,
        typer.Option("--by", help="Also score each document or collection by itself.", show_default=False),
    ] = None,
    terms: Annotated[
        Path | None,
        typer.Option(
            help="Glossary (TSV, UTX, JSON Lines) or store: count terms rendered as approved.", show_default=False
        ),
    ] = None,
    candidates: Annotated[bool, typer.Option("--candidates", help="Count renderings nobody decided on, too.")] = False,
    figures: Annotated[
        bool, typer.Option("--figures", help="Count numbers, dates, times and amounts carried over.")
    ] = False,
    exclude_memory: Annotated[
        Path | None,
        typer.Option(
            metavar="TMX", help="Report references that also stand in this training memory.", show_default=False
        ),
    ] = None,
    similarity: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="From which similarity on a reference counts as seen.")
    ] = 0.9,
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Score without the references that were seen.")
    ] = False,
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="Score empty lines as they are.")] = False,
    allow_untranslated: Annotated[
        bool, typer.Option("--allow-untranslated", help="Score texts in the wrong language as they are.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Also write a report to read, as one HTML page.", show_default=False
        ),
    ] = None,
    file_format: Annotated[Literal["table", "csv", "json"], typer.Option("--format", "-f")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.")
    ] = None,
) -> None:
    """Score translations against references: BLEU, chrF, chrF++, TER by sacrebleu, with intervals and paired tests.

        tmalign score --reference memory.tmx --hypothesis ours=ours.en.txt theirs=theirs.en.txt --baseline theirs

    Hypotheses hold a segment a line, in the reference's order, or JSON Lines {"id", "segments": [...]}. With
    --segmentation document they are running text: a file for all, a folder with a file a document, or {"id", "text"}.
    Unequal lengths, empty lines and texts in the wrong language are errors with the line, never passed over.

    --json prints [{"system", "metrics": [{"metric", "value", "low", "high", "signature"}], "segments"}], best first.
    Exit codes: 0 scored, 1 something is wrong with the files, 2 a wrong call.
    """
    from tmalign.scoring.evaluation import BOTH_TESTS, Content, Resampling  # noqa: PLC0415 - --help stays quick
    from tmalign.scoring.glossary import read_glossary  # noqa: PLC0415 - likewise
    from tmalign.scoring.hypotheses import Allowance  # noqa: PLC0415 - likewise
    from tmalign.scoring.references import Selection  # noqa: PLC0415 - likewise

    systems, references_at = _files(hypothesis, more, reference)
    tests: tuple[PairedTest, ...] = BOTH_TESTS if test == "both" else (test,)
    results = _score(
        references_at,
        source,
        Selection.of(collection, since, release, min_probability),
        systems,
        _Task(
            direction=direction,
            segmentation=segmentation,
            manifest=manifest,
            measures=_Measures(_metric_names(metric), tokenize, model, batch_size),
            allowance=Allowance(allow_empty, allow_untranslated),
            resampling=Resampling(samples, trials, seed, baseline, tests),
            content=Content(read_glossary(terms, candidates=candidates) if terms else (), figures),
            memory=exclude_memory,
            similarity=similarity,
            leave_out=leave_out,
        ),
    )
    for note in results.notes:
        typer.echo(f"tmalign: {note}", err=True)
    for system in results.systems:
        for note in system.hypothesis.notes:
            typer.echo(f"tmalign: {system.system}: {note}", err=True)
    if html is not None:
        from tmalign.scoring.report import write_report  # noqa: PLC0415 - only where one is asked for

        write_text(write_report(results), None if str(html) == "-" else html)
    if str(html) != "-" or out is not None:
        _print(results, "json" if as_json else file_format, tuple(dict.fromkeys(part.value for part in by or ())), out)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be done with references and hypotheses."""

    direction: str | None
    segmentation: str
    manifest: Path | None
    measures: _Measures
    allowance: Allowance
    resampling: Resampling
    content: Content
    memory: Path | None
    similarity: float
    leave_out: bool


def _files(
    hypothesis: list[str] | None, more: list[str] | None, reference: list[Path] | None
) -> tuple[list[tuple[str, Path]], list[Path]]:
    """Sort what was named into systems and reference files: `--hypothesis A=a B=b` leaves B=b to the arguments."""
    from tmalign.scoring.hypotheses import parse_named  # noqa: PLC0415 - --help stays quick

    paths = list(reference or ())
    if not paths:
        raise UsageError("no reference", hint="tmalign score --reference REF --hypothesis NAME=FILE")
    named = list(hypothesis or ())
    for text in more or ():
        if "=" in text or len(paths) > 1:
            named.append(text)
        else:
            paths.append(Path(text))
    if not named:
        raise UsageError("no hypothesis", hint="tmalign score --reference REF --hypothesis NAME=FILE")
    return [parse_named(text) for text in named], paths


def _metric_names(wanted: list[str] | None) -> tuple[str, ...]:
    """Return the metrics in the order they were asked for, each once."""
    names = [name.strip() for text in wanted or () for name in text.split(",") if name.strip()]
    for name in names:
        if name.lower() not in {*_METRICS, _COMET}:
            raise UsageError(f"there is no metric {name}", hint="one of: bleu, chrf, chrf++, ter, comet")
    found = [_METRICS.get(name.lower(), "COMET") for name in names]
    return tuple(dict.fromkeys(found)) or _DEFAULT_METRICS


def _score(
    references_at: list[Path], source: Path | None, selection: Selection, systems: list[tuple[str, Path]], task: _Task
) -> Results:
    """Read everything, check it, and score it."""
    from tmalign.scoring.evaluation import evaluate  # noqa: PLC0415 - --help stays quick
    from tmalign.scoring.manifest import check_manifest  # noqa: PLC0415 - likewise
    from tmalign.scoring.references import orient, read_references  # noqa: PLC0415 - likewise

    bilingual = read_references(references_at, selection, source)
    target = _target(task.direction, bilingual, systems[0][1])
    references = orient(bilingual, target, allow_empty=task.allowance.empty)
    if task.manifest is not None:
        check_manifest(references, task.manifest)
    hypotheses = [_hypothesis(name, path, references, task) for name, path in systems]
    overlaps: tuple[Overlap, ...] = ()
    marks = ""
    if task.memory is not None:
        references, hypotheses, overlaps, marks = _contamination(references, hypotheses, task.memory, task)
    metrics = _metrics(task.measures, references)
    results = evaluate(references, hypotheses, metrics, task.resampling, task.content, marks=marks)
    return replace(results, overlaps=overlaps, excluded=len(overlaps) if marks else 0)


def _target(direction: str | None, bilingual: Bilingual, hypothesis: Path) -> Language:
    """Return the language to score in: as named, the reference's own or only one, else the hypothesis's.

    Raises LanguageError where the hypothesis is a copy of the first of two files, which counts as the source.
    """
    from tmalign.scoring.hypotheses import peek_language, repeats  # noqa: PLC0415 - --help stays quick

    if direction is not None:
        return "en" if direction == "ja-en" else "ja"
    if bilingual.target is not None:
        return bilingual.target
    sides = bilingual.sides()
    if len(sides) == 1:
        return sides[0]
    told = peek_language(hypothesis)
    if told is None:
        raise UsageError("the hypothesis does not tell the direction", hint="--direction ja-en, or en-ja")
    if told == bilingual.first and repeats(hypothesis, bilingual.side(told)):
        name, direction = ("Japanese", "en-ja") if told == "ja" else ("English", "ja-en")
        raise LanguageError(
            f"this is the {name} side of the reference itself, named first: the source, not a translation",
            path=hypothesis,
            line=1,
            hint=f"source and target are swapped; to score it against itself all the same: --direction {direction}",
        )
    return told


def _hypothesis(name: str, path: Path, references: References, task: _Task) -> Hypothesis:
    if task.segmentation == "segment":
        from tmalign.scoring.hypotheses import read_segmented  # noqa: PLC0415 - --help stays quick

        return read_segmented(name, path, references, task.allowance)
    from tmalign.scoring.cutting import cut_hypothesis  # noqa: PLC0415 - --help stays quick
    from tmalign.scoring.hypotheses import read_running  # noqa: PLC0415 - likewise

    texts, notes = read_running(path, references, task.allowance)
    return cut_hypothesis(name, str(path), texts, references, notes)


def _contamination(
    references: References, hypotheses: list[Hypothesis], memory: Path, task: _Task
) -> tuple[References, list[Hypothesis], tuple[Overlap, ...], str]:
    """Find what stands in the memory, and leave it out on both sides where that was asked for."""
    from tmalign.formats.tmx import read_tmx  # noqa: PLC0415 - --help stays quick
    from tmalign.scoring.contamination import find_overlaps, leave_out  # noqa: PLC0415 - likewise

    overlaps = find_overlaps(references, read_tmx(memory), task.similarity)
    if not (task.leave_out and overlaps):
        return references, hypotheses, overlaps, ""
    seen = {overlap.segment for overlap in overlaps}
    if len(seen) == len(references.segments):
        raise UsageError("every reference stands in the memory: nothing is left to score", hint="raise --similarity")
    return (
        leave_out(references, seen),
        [hypothesis.without(seen) for hypothesis in hypotheses],
        overlaps,
        f"|excluded:{len(seen)}",
    )


def _metrics(measures: _Measures, references: References) -> list[ScoredMetric]:
    """Make the metrics; say once which tokenizer BLEU has and why."""
    from tmalign.scoring.metrics import METRICS, Metric, choose_tokenizer  # noqa: PLC0415 - --help stays quick

    made: list[ScoredMetric] = []
    tokenizer = choose_tokenizer(references.target, measures.tokenizer)
    if tokenizer.reason and "BLEU" in measures.names:
        typer.echo(f"tmalign: {tokenizer.reason}", err=True)
    for name in measures.names:
        known = next((metric for metric in METRICS if metric == name), None)
        if known is not None:
            made.append(Metric(known, references.target, tokenizer.name, references.segments))
        else:
            from tmalign.scoring.neural import Comet  # noqa: PLC0415 - it loads PyTorch

            made.append(Comet(measures.model, references, measures.batch_size))
    return made


def _print(results: Results, file_format: str, parts: Sequence[str], out: Path | None) -> None:
    """Write the results where they were asked for."""
    from tmalign.scoring.tables import as_csv, as_rows, as_text  # noqa: PLC0415 - likewise

    if file_format == "json":
        text = json.dumps(as_rows(results, parts), ensure_ascii=False, indent=2) + "\n"
    else:
        text = as_csv(results, parts) if file_format == "csv" else as_text(results, parts)
    write_text(text, out)
