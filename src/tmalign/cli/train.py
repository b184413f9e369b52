"""`tmalign train`: the aligner's weights fitted on one's own gold."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tmalign.cli.equipment import EncoderOption, LexiconOption, equipment
from tmalign.cli.output import print_json

if TYPE_CHECKING:
    from tmalign.align.aligner import Aligner
    from tmalign.align.gold import GoldDocument


def train_command(  # noqa: PLR0913 - a parameter an option
    gold: Annotated[
        list[Path],
        typer.Argument(help="Gold alignments: JSON Lines, NAME.gold.json, or folders of such.", show_default=False),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The model file to write, for --model.", show_default=False)],
    report: Annotated[
        list[Path] | None,
        typer.Option("--report", help="Gold that is not trained on, to measure before and after.", show_default=False),
    ] = None,
    scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Begin from nothing, not from the package's weights.")
    ] = False,
    penalty: Annotated[
        float,
        typer.Option(min=0.0, help="How strongly weights are held where they begin; the fewer documents, the more."),
    ] = 0.5,
    lexicon: LexiconOption = None,
    encoder: EncoderOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    r"""Fit the aligner's weights on gold of your own; needs SciPy (pip install 'tmalign\[train]').

    Weights begin at the package's and are drawn towards them, so that a few documents move them little. Figures on the
    gold itself flatter: keep some gold apart for --report. What is a pair at all is learned from 20 documents up.

    A row of gold is {"id", "ja": [...], "en": [...], "beads": [[[0], [0, 1]], ...]}, every sentence in one bead.
    """
    from tmalign.align.aligner import Aligner  # noqa: PLC0415 - --help stays quick
    from tmalign.align.evaluation import by_id  # noqa: PLC0415 - likewise
    from tmalign.align.gold import read_gold  # noqa: PLC0415 - likewise
    from tmalign.align.training import digest, model_bytes, require_scipy, train  # noqa: PLC0415 - likewise
    from tmalign.formats.files import atomic_write  # noqa: PLC0415 - likewise

    require_scipy()
    sets = {path: list(by_id(read_gold(path), str(path)).values()) for path in gold}
    unseen = {path: list(by_id(read_gold(path), str(path)).values()) for path in report or ()}
    base = equipment(None, lexicon, encoder)()
    typer.echo(f"training on {sum(map(len, sets.values()))} documents", err=True)
    trained = train(list(sets.values()), base, scratch=scratch, penalty=penalty)
    with atomic_write(out) as file:
        file.write(model_bytes(trained.model, out.stem, [digest(path) for path in gold]))
    after = Aligner(trained.model, base.lexicon, base.encoder)
    rows = [
        {"gold": str(path), "trained_on": path in sets, **_before_and_after(documents, base, after)}
        for path, documents in [*sets.items(), *unseen.items()]
    ]
    if as_json:
        print_json({"out": str(out), "pairs_learned": trained.pairs is not None, "sets": rows}, indent=None)
        return
    typer.echo("strict F1  before   after   calibration error  before   after")
    for row in rows:
        name = f"{row['gold']}{' (trained on)' if row['trained_on'] else ''}"
        typer.echo(
            f"          {row['before']:.4f}  {row['after']:.4f}                     "
            f"{row['calibration_before']:.4f}  {row['calibration_after']:.4f}   {name}"
        )


def _before_and_after(documents: list[GoldDocument], before: Aligner, after: Aligner) -> dict[str, float]:
    """Measure both aligners on one set."""
    from tmalign.align.accuracy import Counts, count  # noqa: PLC0415 - --help stays quick

    figures = {}
    for name, aligner in (("before", before), ("after", after)):
        counts = Counts()
        for document in documents:
            count(document.beads, aligner.align(document.id, document.ja, document.en).beads, counts)
        figures[name] = counts.strict_f1
        figures[f"calibration_{name}"] = counts.calibration_error()
    return figures
