"""`tmalign evaluate`: results measured against gold."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tmalign.cli.equipment import EncoderOption, LexiconOption, ModelOption, equipment
from tmalign.cli.options import OnePassOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import print_json

if TYPE_CHECKING:
    from tmalign.align.evaluation import Difference, Evaluation

evaluate_app = typer.Typer(no_args_is_help=True, help="Measure results against what people made (gold).")


@evaluate_app.callback()
def _group() -> None:
    pass


@evaluate_app.command("alignment")
def alignment_command(  # noqa: PLR0913 - a parameter an option
    gold: Annotated[
        Path,
        typer.Argument(help="Gold alignments: JSON Lines, a NAME.gold.json, or a folder of such.", show_default=False),
    ],
    *,
    hypothesis: Annotated[
        Path | None,
        typer.Option(
            "--hypothesis",
            help="Measure these alignments (rows as `tmalign align --batch` prints them); else tmalign aligns now.",
            show_default=False,
        ),
    ] = None,
    errors: Annotated[int, typer.Option("--errors", min=0, metavar="N", help="Show the first N differences.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, differences included.")] = False,
    one_pass: OnePassOption = False,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Compare alignments with gold: strict and link F1, by bead type, calibration, and where they differ.

    A bead is right only where both its sides are exactly gold's (strict). A gold bead of two and more sentences on both
    sides is coarse: finer beads inside it are neither right nor wrong. Links are pairs of sentences.

    GOLD holds rows {"id", "ja": [...], "en": [...], "beads": [[[0], [0, 1]], ...]}; a sentence is a string or an object
    {"text", "kind", "marker", "block"}.
    """
    from tmalign.align.corpus_words import align_all  # noqa: PLC0415 - --help stays quick
    from tmalign.align.evaluation import by_id, evaluate  # noqa: PLC0415 - --help stays quick
    from tmalign.align.gold import read_gold  # noqa: PLC0415 - likewise

    documents = by_id(read_gold(gold), str(gold))
    stated, signature = True, ""
    if hypothesis is None:
        aligner = equipment(model, lexicon, encoder)()
        signature = aligner.signature
        drafts = (aligner.draft(name, d.ja, d.en) for name, d in documents.items())
        found = map(aligner.settle, drafts) if one_pass else align_all(aligner, drafts)
        predicted = {alignment.release_id: alignment.beads for alignment in found}
    else:
        from tmalign.align.hypotheses import read_hypotheses  # noqa: PLC0415 - likewise

        predicted, stated, unknown = read_hypotheses(hypothesis, documents)
        if unknown:
            names = ", ".join(unknown[:3])
            typer.echo(f"tmalign: {hypothesis}: {len(unknown)} documents are not in the gold: {names}", err=True)
    evaluation = evaluate(documents, predicted)
    evaluation.stated = stated
    if evaluation.missing:
        names = ", ".join(evaluation.missing[:3])
        typer.echo(f"tmalign: {len(evaluation.missing)} documents have no alignment: {names}", err=True)
    if as_json:
        shown = evaluation.differences[:errors] if errors else evaluation.differences
        answer = {"signature": signature, **evaluation.figures(), "errors": [_row(found) for found in shown]}
        print_json(answer, indent=1)
    else:
        typer.echo("\n".join(_text(evaluation, errors)))
    raise typer.Exit(1 if evaluation.missing else 0)


def _text(evaluation: Evaluation, errors: int) -> list[str]:
    """Return the report as lines."""
    figures = evaluation.figures()
    strict, links = figures["strict"], figures["links"]
    lines = [
        f"{figures['documents']} documents, {strict['beads']} gold beads",
        "",
        "             F1      precision  recall",
        f"strict beads {strict['f1']:.4f}  {strict['precision']:.4f}     {strict['recall']:.4f}",
        f"links        {links['f1']:.4f}  {links['precision']:.4f}     {links['recall']:.4f}",
        "",
        "type     gold  predicted      F1  precision  recall",
    ]
    lines += [
        f"{name:6} {row['gold']:6}     {row['predicted']:6}  {_share(row['f1'])}     {_share(row['precision'])}"
        f"  {_share(row['recall'])}"
        for name, row in figures["types"].items()
    ]
    calibration = figures["calibration"]
    if calibration is None:
        lines += ["", "no calibration: not every bead came with a probability"]
    else:
        lines += ["", f"calibration error {calibration['error']:.4f}", "probability   beads  stated  right"]
        lines += [
            f"{row['from']:.2f}-{row['to']:.2f}  {row['beads']:8}  {row['stated']:.4f}  {row['right']:.4f}"
            for row in calibration["bins"]
        ]
        lines += ["", "from   beads  coverage  precision"]
        lines += [
            f"{row['from']:.2f} {row['beads']:7}    {row['coverage']:.4f}     {row['precision']:.4f}"
            for row in calibration["above"]
            if row["beads"]
        ]
    lines += ["", f"{len(evaluation.differences)} differences"]
    for found in evaluation.differences[:errors]:
        lines += _difference(found)
    return lines


def _share(value: float | None) -> str:
    return "     -" if value is None else f"{value:.4f}"


def _difference(found: Difference) -> list[str]:
    """Return one difference as lines: beads of both, then the sentences."""
    lines = ["", f"{found.document}:"]
    lines += [f"  gold      {_pair(pair)}" for pair in found.gold]
    lines += [f"  predicted {_pair(pair)}  {probability:.4f}" for pair, probability in found.predicted]
    for name, texts in (("ja", found.ja), ("en", found.en)):
        lines += [f"    {name} {number}: {' '.join(text.split())}" for number, text in texts.items()]
    return lines


def _pair(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> str:
    ja, en = (",".join(map(str, side)) for side in pair)
    return f"{ja} = {en}"


def _row(found: Difference) -> dict[str, Any]:
    return {
        "document": found.document,
        "gold": [[list(ja), list(en)] for ja, en in found.gold],
        "predicted": [{"ja": list(ja), "en": list(en), "probability": p} for (ja, en), p in found.predicted],
        "ja": found.ja,
        "en": found.en,
    }
