"""Training: from gold alignments to a model file, from nothing or from the model that comes with the package.

As the aligner decodes: weights without, then with each document's estimated skip rate, these from the evidence of the
first pass and of the second, where each set of documents is a corpus that words are learned from. Then the model of
what is a pair at all, from true pairs, truncated ones and wrong neighbours.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tmalign.align.aligner import Aligner
from tmalign.align.corpus_words import MOST_PAIRS, corpus_table
from tmalign.align.lattice import posteriors, skip_rate, span, surest_path
from tmalign.align.learn import Example, allowed_beads, fit, start
from tmalign.align.model import Model, bead_scores, name_weights
from tmalign.align.pairing import PAIR_FEATURES, fit_pair, pair_probability
from tmalign.align.prepared import Prepared
from tmalign.align.windows import Window
from tmalign.errors import FormatError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tmalign.align.gold import GoldDocument
    from tmalign.align.lexicon import Lexicon
    from tmalign.align.model import Weights
    from tmalign.align.vectors import Encoder
    from tmalign.model import WordPair

    Array = np.ndarray[Any, np.dtype[np.float64]]

# Fewer documents say too little of what a wrong pair looks like: the pair model is then left as it was.
FEWEST_FOR_PAIRS = 20
_RATHER = 0.5  # from this fullness on a document's segments are rather paragraphs
_LARGEST_CELLS = 4_000_000  # a training lattice is filled whole: 2,000 x 2,000 sentences take about 2.5 GB


@dataclass(frozen=True, slots=True)
class PairFit:
    """How the pair model does on its own training data: mistakes, tries, and the probabilities that come nearest."""

    wrong: int
    tries: int
    lowest_true: float
    highest_false: float


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and how its pair model fits; None where that was left as it was."""

    model: Model
    pairs: PairFit | None = None


def require_scipy() -> None:
    """Raise `UsageError` where SciPy, which finds the weights, is not installed."""
    if importlib.util.find_spec("scipy") is None:
        raise UsageError("training needs SciPy, which is not installed", hint="pip install 'tmalign[train]'")


@dataclass(slots=True)
class Lesson:
    """One document to learn from, prepared; its gold in terms of glued segments."""

    prepared: Prepared
    allowed: np.ndarray[Any, np.dtype[np.bool_]]
    skip_rate: float | None = None

    def example(self, lexicon: Lexicon | None = None) -> Example:
        """Return its evidence, with what `lexicon` has learned from bitext if one is given."""
        n, m = len(self.prepared.ja), len(self.prepared.en)
        features = self.prepared.features(Window(range(n), range(m)), lexicon)
        return Example(features, self.allowed, self.skip_rate)

    def words(self, example: Example, weights: Weights) -> tuple[WordPair, ...]:
        """Return the words that aligning it pairs."""
        scores = bead_scores(example.features, weights, self.skip_rate)
        posterior = posteriors(scores)[1]
        path = surest_path(scores, posterior)
        return self.prepared.words((*span(*place), float(posterior[place])) for place in path)


def lesson(document: GoldDocument, lexicon: Lexicon, encoder: Encoder | None = None) -> Lesson:
    """Prepare one document to learn from.

    Raises `FormatError` where gold is not a path through the document: every sentence once, in order.
    """
    n, m = len(document.ja), len(document.en)
    if not n or not m:
        raise FormatError(f"the document {document.id!r} has an empty side", hint="leave it out of the training data")
    if n * m > _LARGEST_CELLS:
        raise FormatError(
            f"the document {document.id!r} is too long to train on ({n} x {m} sentences)", hint="cut it in parts"
        )
    prepared = Prepared(document.ja, document.en, lexicon, encoder=encoder)
    ja = {group[0]: k for k, group in enumerate(prepared.ja_groups)}
    en = {group[0]: k for k, group in enumerate(prepared.en_groups)}
    gold = [([ja[i] for i in a if i in ja], [en[j] for j in b if j in en]) for a, b in document.beads]
    _check_path(document)
    allowed = allowed_beads([g for g in gold if g[0] or g[1]], len(prepared.ja), len(prepared.en))
    return Lesson(prepared, allowed)


def _check_path(document: GoldDocument) -> None:
    for side, size in ((0, len(document.ja)), (1, len(document.en))):
        if [k for bead in document.beads for k in bead[side]] != list(range(size)):
            raise FormatError(
                f"the beads of {document.id!r} do not hold every sentence once and in order",
                hint="give sentences without counterpart beads with an empty side: [[3], []]",
            )


def train(
    sets: Sequence[Sequence[GoldDocument]],
    base: Aligner,
    *,
    scratch: bool = False,
    penalty: float = 0.5,
    only_paragraphs: bool = False,
    pair_sets: Sequence[Sequence[GoldDocument]] | None = None,
) -> Trained:
    """Fit all weights on sets of gold documents, with the lexicon and encoder of `base`.

    Documents whose segments are rather paragraphs fit the weights for paragraphs, the others those for sentences; what
    there is none of, and with `only_paragraphs` all else, stays as `base` has it. Unless from `scratch`, weights are
    drawn towards those of `base`, so that a few documents move them little. `pair_sets` are those to learn from what a
    pair is (all sets where None); a set with fewer than 20 documents leaves the pair model of `base`. Raises
    `UsageError` without SciPy and `FormatError` for gold that cannot be learned from.
    """
    require_scipy()
    lessons = [[lesson(document, base.lexicon, base.encoder) for document in documents] for documents in sets]
    if not any(lessons):
        raise FormatError("there is no document to train on", hint="give gold with at least one document")
    known = base.model
    model = Model(known.first, known.second, known.pair, "in training", known.paragraphs)
    sentences, paragraphs = (_of_style(lessons, full=full) for full in (False, True))
    if any(sentences) and not only_paragraphs:
        begin = (None, None) if scratch else (known.first, known.second)
        first, second = _fit_passes(sentences, base.lexicon, begin, penalty)
        model = replace(model, first=first, second=second)
    if any(paragraphs):
        # They differ from the weights of sentences where they must: those are what they are drawn to at first.
        begin = model.paragraphs if model.paragraphs and not scratch else (model.first, model.second)
        model = replace(model, paragraphs=_fit_passes(paragraphs, base.lexicon, begin, penalty))
    learnable = [s for s in (sets if pair_sets is None else pair_sets) if len(s) >= FEWEST_FOR_PAIRS]
    if only_paragraphs or not learnable:
        return Trained(model)
    return _train_pairs(learnable, model, base)


def _of_style(lessons: Sequence[Sequence[Lesson]], *, full: bool) -> list[list[Lesson]]:
    """Return of each set the documents whose segments are rather paragraphs, or rather sentences."""
    return [[one for one in corpus if (one.prepared.fullness >= _RATHER) == full] for corpus in lessons]


def _fit_passes(
    lessons: Sequence[Sequence[Lesson]], lexicon: Lexicon, begin: tuple[Weights | None, Weights | None], penalty: float
) -> tuple[Weights, Weights]:
    """Fit the weights without and with the skip rate, drawn towards where they begin, if that is anywhere."""
    every = [found for corpus in lessons for found in corpus]
    weak, strong = begin
    examples = [found.example() for found in every]
    first = fit(examples, weak or start(), penalty=penalty, toward=weak)
    for found, e in zip(every, examples, strict=True):
        found.skip_rate = e.skip_rate = skip_rate(bead_scores(e.features, first))
    second = fit(examples, strong or first, penalty=penalty, toward=strong)
    examples += second_pass(lessons, examples, second, lexicon)
    return first, fit(examples, second, penalty=penalty, toward=strong)


def second_pass(
    lessons: Sequence[Sequence[Lesson]], examples: Sequence[Example], weights: Weights, lexicon: Lexicon
) -> list[Example]:
    """Return the evidence of the second pass: each set's words, as the first pass pairs them, teach its lexicon."""
    found = []
    rest = iter(examples)
    for corpus in lessons:
        words = [pair for one, e in zip(corpus, rest, strict=False) for pair in one.words(e, weights)]
        learned = lexicon.learned(corpus_table(words[-MOST_PAIRS:], lexicon))
        found += [one.example(learned) for one in corpus]
    return found


def _train_pairs(sets: Sequence[Sequence[GoldDocument]], model: Model, base: Aligner) -> Trained:
    """Fit the model of what is a pair at all."""
    aligner = Aligner(model, base.lexicon, base.encoder)
    rows: list[Array] = []
    truth: list[int] = []
    for documents in sets:
        for k, document in enumerate(documents):
            other = documents[(k + 1) % len(documents)]
            part, other_part = (max(3, len(d.en) // 3) for d in (document, other))
            tries = [(document.en, 1), (document.en[:part], 1), (other.en, 0), (other.en[:other_part], 0)]
            for en, related in tries:
                rows.append(aligner.decode(aligner.prepare(document.ja, en)).described)
                truth.append(related)
    x, y = np.array(rows), np.array(truth)
    weights = fit_pair(x, y)
    stated = np.array([pair_probability(row, weights) for row in x])
    wrong = int(((stated >= 0.5) != (y == 1)).sum())
    fitted = PairFit(wrong, len(y), float(stated[y == 1].min()), float(stated[y == 0].max()))
    return Trained(replace(model, pair=weights), fitted)


def digest(path: Path) -> str:
    """Name a set of gold and its content, for the model file."""
    files = sorted(path.rglob("*.gold.json")) if path.is_dir() else [path]
    content = hashlib.sha256(b"".join(hashlib.sha256(f.read_bytes()).digest() for f in files)).hexdigest()[:12]
    return f"{path.stem} {content}"


def model_bytes(model: Model, name: str, trained_on: Sequence[str]) -> bytes:
    """Return a model file: named weights as JSON."""
    full = model.paragraphs
    named = {
        "name": name,
        "trained_on": list(trained_on),
        "first": name_weights(model.first),
        "second": name_weights(model.second),
        **({"paragraphs": {"first": name_weights(full[0]), "second": name_weights(full[1])}} if full else {}),
        "pair": {name: round(float(w), 4) for name, w in zip(PAIR_FEATURES, model.pair, strict=True)},
    }
    return (json.dumps(named, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
