"""`tmalign align`: one pair of files, or a batch of rows."""

from __future__ import annotations

import json
import sys
from collections import deque
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tmalign.cli.equipment import EncoderOption, LexiconOption, ModelOption, equipment
from tmalign.cli.explanations import explanation_lines, explanation_row
from tmalign.cli.options import OnePassOption, SplitRulesOption  # noqa: TC001 - typer reads the annotations
from tmalign.cli.output import write_text
from tmalign.cli.pins import pins_for, read_pins
from tmalign.cli.rows import Ahead, run_batch
from tmalign.errors import PairError, UsageError

if TYPE_CHECKING:
    from tmalign.align.aligner import Aligner, Draft
    from tmalign.align.equipment import Equipment
    from tmalign.align.explanation import Explanation
    from tmalign.cli.pins import FiledPin
    from tmalign.model import Alignment, Bead, Unit
    from tmalign.releases.alignment import AlignedRelease

_ROW_SHAPE = '{"id": "a", "ja": ["...", "..."], "en": ["...", "..."]}'


def align_command(  # noqa: PLR0913 - a parameter an option
    ja: Annotated[Path | None, typer.Argument(help="The Japanese version.", show_default=False)] = None,
    en: Annotated[Path | None, typer.Argument(help="The English version.", show_default=False)] = None,
    *,
    file_format: Annotated[
        Literal["tsv", "jsonl", "tmx"], typer.Option("--format", "-f", help="What to print: a bead a row, or TMX.")
    ] = "tsv",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.")
    ] = None,
    pre_split: Annotated[
        bool, typer.Option("--pre-split", help="The files hold one sentence a line (UTF-8); do not split.")
    ] = False,
    rules: SplitRulesOption = "standard",
    force: Annotated[
        bool, typer.Option("--force", help="Print beads even where the two texts do not translate each other.")
    ] = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch",
            help='Rows {"id", "ja": [sentences], "en": [sentences]} as JSON Lines; "-" reads standard input.',
            show_default=False,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show why: what matched, and what each feature added to a bead's score.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
    pins: Annotated[
        Path | None,
        typer.Option(
            "--pins",
            help='People\'s decisions, rows {"ja", "en", "decision": "accept" or "reject"}: kept to.',
            show_default=False,
        ),
    ] = None,
    one_pass: OnePassOption = False,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Align two versions of a text, sentence by sentence, with a probability for every bead.

    tsv: probability, bead type, Japanese, English. jsonl: {"ja": [indices], "en": [indices], "ja_text", "en_text",
    "probability", "origin"}. tmx: TMX 1.4b; beads with text on one side only are left out.

    --batch answers each row with {"id", "beads": [{"ja": [indices], "en": [indices], "probability"}]}, in order,
    every sentence in exactly one bead.

    A batch is aligned in two passes, portion by portion (6,000 sentences): the first teaches the second the words
    of these texts. With --one-pass each row is aligned by itself and answered as it comes.

    --explain adds lines below each bead (tsv), or {"explanation": {"score", "matches", "missed", "features"}} (jsonl);
    the features' `added` sum to the score.

    --pins: an accepted pair of texts comes out as one bead, a rejected one does not come out. With "release" a row is
    about that release only. What cannot be kept is named on standard error.
    """
    decisions = () if pins is None else read_pins(pins)
    if batch is not None:
        if ja is not None or en is not None:
            raise UsageError("--batch takes its texts from the rows", hint="leave out the two files")
        raise typer.Exit(
            _batch(batch, equipment(model, lexicon, encoder), decisions, explain=explain, one_pass=one_pass)
        )
    if ja is None or en is None:
        raise UsageError(
            "name the Japanese and the English file, or --batch ROWS.jsonl", hint="tmalign align A.ja.html A.en.html"
        )
    if as_json:
        file_format = "jsonl"
    if explain and file_format == "tmx":
        raise UsageError("TMX has no place for explanations", hint="use --explain with --format tsv or jsonl")
    aligner = equipment(model, lexicon, encoder)()
    aligned = _align(ja, en, rules, aligner, decisions, pre_split=pre_split, force=force)
    _judge(aligned.alignment, ja, en, force=force)
    told = aligned.release.ja.warnings[-len(aligned.alignment.unmet) - len(aligned.alignment.moved) :]
    for warning in told if aligned.alignment.unmet or aligned.alignment.moved else ():
        typer.echo(f"tmalign: {warning}", err=True)
    reasons = _reasons(aligned, aligner, decisions) if explain else ()
    _write(aligned, file_format, out, reasons)


class _Batch:
    """Rows of a batch on their way: analysed, looked through for words, answered in order."""

    def __init__(self, aligner: Aligner, decisions: tuple[FiledPin, ...], *, explain: bool) -> None:
        from tmalign.align.corpus_words import TwoPasses  # noqa: PLC0415 - --help stays quick

        self._aligner = aligner
        self._passes = TwoPasses(aligner)
        self._decisions = decisions
        self._explain = explain
        self._drafts: deque[Draft] = deque()

    @staticmethod
    def size(row: dict[str, Any]) -> int:
        """Return the number of sentences of a row."""
        return len(row["ja"]) + len(row["en"])

    def look(self, rows: list[dict[str, Any]]) -> None:
        """Learn the words of a portion of rows from a first pass over it."""
        self._drafts.extend(map(self._draft, rows))
        self._aligner = self._passes.learn(self._drafts)

    def answer(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one row."""
        draft = self._drafts.popleft() if self._drafts else self._draft(row)
        alignment = self._aligner.settle(draft)
        self._report(alignment)
        beads: list[dict[str, Any]] = [
            {"ja": list(bead.ja), "en": list(bead.en), "probability": bead.probability} for bead in alignment.beads
        ]
        if self._explain:
            from tmalign.align.explanation import explain  # noqa: PLC0415 - only where it is asked for

            pins = pins_for(row["id"], self._decisions)
            for bead, reason in zip(beads, explain(self._aligner, alignment, draft.ja, draft.en, pins), strict=True):
                bead["explanation"] = explanation_row(reason)
        return {"id": row["id"], "beads": beads}

    def _draft(self, row: dict[str, Any]) -> Draft:
        from tmalign.model import Segment  # noqa: PLC0415 - --help stays quick

        ja, en = [Segment(text) for text in row["ja"]], [Segment(text) for text in row["en"]]
        return self._aligner.draft(row["id"], ja, en, pins_for(row["id"], self._decisions))

    @staticmethod
    def _report(alignment: Alignment) -> None:
        from tmalign.align.moves import moved_texts  # noqa: PLC0415 - --help stays quick

        for unmet in alignment.unmet:
            typer.echo(f"tmalign: {alignment.release_id}: decision not kept: {unmet}", err=True)
        for moved in moved_texts(alignment.moved):
            typer.echo(f"tmalign: {alignment.release_id}: {moved}", err=True)


def _batch(path: Path, chosen: Equipment, decisions: tuple[FiledPin, ...], *, explain: bool, one_pass: bool) -> int:
    from tmalign.align.corpus_words import PORTION  # noqa: PLC0415 - --help stays quick

    batch = _Batch(chosen(), decisions, explain=explain)
    ahead = None if one_pass else Ahead(batch.look, batch.size, PORTION)
    return run_batch(path, {"id": str, "ja": list, "en": list}, _ROW_SHAPE, batch.answer, ahead)


def _align(
    ja: Path,
    en: Path,
    rules: Literal["standard", "omegat"],
    aligner: Aligner,
    decisions: tuple[FiledPin, ...],
    *,
    pre_split: bool,
    force: bool,
) -> AlignedRelease:
    from tmalign.formats.documents import MOST_BYTES, read_lines, split_name  # noqa: PLC0415 - --help stays quick
    from tmalign.model import Release  # noqa: PLC0415 - likewise
    from tmalign.releases.alignment import align_release, read_version  # noqa: PLC0415 - likewise

    if pre_split:
        sides = read_lines(ja, "ja"), read_lines(en, "en")
    else:
        sides = (
            read_version(ja, "ja", source=str(ja), max_bytes=MOST_BYTES),
            read_version(en, "en", source=str(en), max_bytes=MOST_BYTES),
        )
    release = Release(split_name(ja)[0], "", *sides)
    pins = pins_for(release.id, decisions)
    if len(pins) < len(decisions):
        others = len(decisions) - len(pins)
        typer.echo(f"tmalign: {others} decisions are about other releases than {release.id}", err=True)
    return align_release(release, aligner, "lines" if pre_split else rules, force=force, pins=pins)


def _reasons(aligned: AlignedRelease, aligner: Aligner, decisions: tuple[FiledPin, ...]) -> tuple[Explanation, ...]:
    from tmalign.align.explanation import explain  # noqa: PLC0415 - --help stays quick
    from tmalign.releases.alignment import segments  # noqa: PLC0415 - likewise

    release = aligned.release
    ja, en = (segments(side, aligned.sentences[side.language]) for side in (release.ja, release.en))
    return explain(aligner, aligned.alignment, ja, en, pins_for(release.id, decisions))


def _judge(alignment: Alignment, ja: Path, en: Path, *, force: bool) -> None:
    """Refuse an unrelated pair, warn of a partial one."""
    if alignment.verdict == "unrelated" and not force:
        raise PairError(
            f"{ja.name} and {en.name}: {alignment.reason}",
            hint="check that they are versions of one text; --force aligns them all the same",
        )
    if alignment.verdict == "partial":
        typer.echo(f"tmalign: {ja.name} and {en.name}: {alignment.reason}", err=True)


def _write(aligned: AlignedRelease, file_format: str, out: Path | None, reasons: tuple[Explanation, ...] = ()) -> None:
    from tmalign.formats.tmx import write_tmx  # noqa: PLC0415 - --help stays quick

    units = [unit for unit in aligned.units if unit.ja and unit.en]
    if file_format == "tmx":
        target = out if out is not None else sys.stdout.buffer
        write_tmx(target, units)
        return
    row = _tsv if file_format == "tsv" else _json
    told = reasons or (None,) * len(aligned.units)
    pairs = zip(aligned.alignment.beads, aligned.units, told, strict=True)
    text = "".join(row(bead, unit, reason) for bead, unit, reason in pairs)
    write_text(text, out)


def _tsv(bead: Bead, unit: Unit, reason: Explanation | None) -> str:
    def cell(text: str) -> str:
        return " ".join(text.split("\t"))

    line = f"{bead.probability:.4f}\t{unit.shape}\t{cell(unit.ja)}\t{cell(unit.en)}\n"
    return line if reason is None else line + "".join(f"    {text}\n" for text in explanation_lines(reason))


def _json(bead: Bead, unit: Unit, reason: Explanation | None) -> str:
    row: dict[str, Any] = {
        "ja": list(bead.ja),
        "en": list(bead.en),
        "ja_text": unit.ja,
        "en_text": unit.en,
        "probability": bead.probability,
        "origin": bead.origin,
    }
    if reason is not None:
        row["explanation"] = explanation_row(reason)
    return json.dumps(row, ensure_ascii=False) + "\n"
