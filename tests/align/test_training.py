"""Training on gold of one's own."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tmalign.align import training
from tmalign.align.aligner import Aligner
from tmalign.align.gold import GoldDocument, in_paragraphs, read_gold
from tmalign.align.model import read_model
from tmalign.align.training import digest, lesson, model_bytes, train
from tmalign.errors import FormatError, UsageError
from tmalign.model import Segment

CORPORA = Path(__file__).parents[2] / "corpora"


@pytest.fixture(scope="module")
def gold():
    return list(read_gold(CORPORA / "speeches"))[:2]


@pytest.fixture(scope="module")
def base():
    return Aligner()


def far(model, base):
    return float(np.abs(model.second.vector() - base.model.second.vector()).sum())


def test_a_few_documents_move_the_weights_a_little_and_the_file_reads_back(gold, base, tmp_path):
    loose, tight = (train([gold], base, penalty=penalty) for penalty in (1.0, 100.0))
    assert 0 < far(tight.model, base) < far(loose.model, base)
    assert loose.pairs is None
    assert loose.model.pair is base.model.pair
    path = tmp_path / "mine.json"
    path.write_bytes(model_bytes(loose.model, "mine", ["gold 123"]))
    again = read_model(path)
    assert again.signature.startswith("mine:")
    assert again.second.vector() == pytest.approx(loose.model.second.vector(), abs=1e-4)


def test_training_raises_the_likelihood_of_its_gold(gold, base):
    from tmalign.align.learn import loss  # noqa: PLC0415 - only here

    trained = train([gold], base, penalty=0.1)
    examples = [lesson(document, base.lexicon).example() for document in gold]
    before, after = (sum(loss(e, m.first)[0] for e in examples) for m in (base.model, trained.model))
    assert after < before


def test_paragraphs_fit_weights_of_their_own(gold, base, tmp_path):
    joined = [in_paragraphs(document, seed) for document in gold for seed in (1, 2, 3)]
    full = [d for d in joined if lesson(d, base.lexicon).prepared.fullness >= 0.5]
    assert full
    trained = train([gold, full], base, penalty=1.0, only_paragraphs=True).model
    assert (trained.second.vector() == base.model.second.vector()).all()
    assert (trained.paragraphs[1].vector() != base.model.at(1.0)[1].vector()).any()
    # Without any, those of the base stay.
    assert train([gold], base, penalty=10.0).model.paragraphs == base.model.paragraphs
    path = tmp_path / "mine.json"
    path.write_bytes(model_bytes(trained, "mine", []))
    assert read_model(path).paragraphs[1].vector() == pytest.approx(trained.paragraphs[1].vector(), abs=1e-4)


def test_what_a_pair_is_is_learned_from_enough_documents(gold, base, monkeypatch):
    monkeypatch.setattr(training, "FEWEST_FOR_PAIRS", 2)
    trained = train([gold], base, penalty=10.0)
    assert trained.pairs.tries == 8
    assert (trained.model.pair != base.model.pair).any()


@pytest.mark.parametrize(
    "beads",
    [(((0,), (0,)),), (((0,), (0,)), ((0, 1), (1,))), (((1,), (0,)), ((0,), (1,)))],
    ids=["lost", "twice", "crossing"],
)
def test_gold_that_is_no_path_is_refused(base, beads):
    document = GoldDocument("x", (Segment("甲"), Segment("乙")), (Segment("A"), Segment("B")), beads)
    with pytest.raises(FormatError, match="'x'"):
        lesson(document, base.lexicon).example()


def test_an_empty_or_endless_document_is_refused(base, gold):
    for document in (replace(gold[0], en=(), beads=()), replace(gold[0], ja=gold[0].ja * 300, en=gold[0].en * 300)):
        with pytest.raises(FormatError):
            lesson(document, base.lexicon).example()
    with pytest.raises(FormatError):
        train([[]], base)


def test_without_scipy_training_is_refused(base, gold, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as caught:
        train([gold], base)
    assert "tmalign[train]" in caught.value.hint


def test_a_set_is_named_by_its_content(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"1")
    first = digest(path)
    path.write_bytes(b"2")
    assert digest(path) != first
    assert digest(CORPORA / "speeches").startswith("speeches ")
