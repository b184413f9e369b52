"""Optional encoders: margins by hand, a small model made here, and clear refusals."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmalign.align import vectors
from tmalign.align.aligner import Aligner
from tmalign.align.equipment import Equipment
from tmalign.align.explanation import explain
from tmalign.align.vectors import COLUMN, DEFAULT_WEIGHT, LoadedEncoder, margins, open_encoder, with_encoder
from tmalign.errors import FormatError, UsageError
from tmalign.model import Segment

WORDS = ("ゾルマ", "キトラ", "ベリオ", "heron", "otter", "lynx")
JA = [Segment("ゾルマ。"), Segment("キトラ。"), Segment("ベリオ。")]
EN = [Segment("heron."), Segment("otter."), Segment("lynx.")]


class Pairs:
    """Gives each invented pair of words a direction of its own."""

    signature = "pairs"

    def encode(self, texts):
        found = np.zeros((len(texts), 4), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            for k, word in enumerate(WORDS):
                row[k % 3] += word in text
            row[3] = 0.1
        return found


def by_hand(ja, en, a, b):
    def unit(v):
        return v / (np.linalg.norm(v) or 1)

    ja, en = [unit(v) for v in ja], [unit(v) for v in en]
    out = np.empty((len(ja) - a + 1, len(en) - b + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            first, second = unit(sum(ja[i : i + a])), unit(sum(en[j : j + b]))
            out[i, j] = first @ second - (np.mean([first @ v for v in en]) + np.mean([second @ v for v in ja])) / 2
    return out


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3), st.integers(1, 3), st.integers(0, 99))
def test_margins_are_those_computed_by_hand(n, m, a, b, seed):
    rng = np.random.default_rng(seed)
    ja, en = rng.normal(size=(max(n, a), 4)).astype(np.float32), rng.normal(size=(max(m, b), 4)).astype(np.float32)
    assert margins(ja, en, a, b) == pytest.approx(by_hand(ja, en, a, b), abs=1e-5)


def test_an_encoder_decides_what_nothing_else_can():
    swapped = [EN[1], EN[0]]
    texts = [Segment("ゾルマ、キトラ。"), JA[2]], [Segment("lynx."), Segment("heron, otter.")]
    plain, helped = Aligner(), Aligner(encoder=Pairs())
    assert helped.signature == plain.signature + "|encoder:pairs"
    for ja, en in [(JA, EN), (JA[:2], swapped), texts]:
        prepared = helped.prepare(ja, en)
        (window,) = helped.decode_windows(prepared)
        values = [[float(window.features.at(1, 1, i, j)[COLUMN]) for j in range(len(en))] for i in range(len(ja))]
        assert np.array(values) == pytest.approx(
            margins(Pairs().encode([s.text for s in ja]), Pairs().encode([s.text for s in en]), 1, 1), abs=1e-5
        )
    right = sum(b.probability for b in helped.align("a", JA, EN).beads if b.ja == b.en)
    assert right > sum(b.probability for b in plain.align("a", JA, EN).beads if b.ja == b.en)
    reasons = explain(helped, helped.align("a", JA, EN), JA, EN)
    assert any(part.feature == "encoder" for reason in reasons for part in reason.parts)


def test_a_model_trained_with_an_encoder_keeps_its_weight():
    model = Aligner().model
    assert with_encoder(model).second.shared[COLUMN] == DEFAULT_WEIGHT
    model.second.shared[COLUMN], before = 0.7, model.second.shared[COLUMN]
    try:
        assert with_encoder(model).second.shared[COLUMN] == 0.7
    finally:
        model.second.shared[COLUMN] = before


def test_without_a_package_the_option_is_refused(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as caught:
        Equipment(encoder="some/model")()
    assert "tmalign[encoder]" in caught.value.hint


@pytest.mark.parametrize(
    "given_vectors", [lambda t: [1.0] * len(t), lambda t: [[float("nan")]] * len(t), lambda t: [[1.0]] * (len(t) + 1)]
)
def test_what_gives_no_vectors_is_refused(given_vectors):
    with pytest.raises(FormatError):
        LoadedEncoder("x", given_vectors)


def test_lone_surrogates_do_not_reach_the_encoder():
    seen = []

    def encode(texts):
        seen.extend(texts)
        return np.ones((len(texts), 2))

    LoadedEncoder("x", encode).encode(["\ud800会"])
    assert seen[-1] == "?会"


@pytest.fixture
def small_model(tmp_path):
    """Make a model2vec model of a few words, with pairs of translations in one place."""
    model2vec = pytest.importorskip("model2vec", reason="needs model2vec (the encoder extra)")
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {"[UNK]": 0, "[PAD]": 1, **{word: k + 2 for k, word in enumerate(WORDS)}}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a token of words
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    table = np.zeros((len(vocabulary), 3), dtype=np.float32)
    for k in range(len(WORDS)):
        table[k + 2, k % 3] = 1
    model2vec.StaticModel(table, tokenizer).save_pretrained(tmp_path / "small")
    return tmp_path / "small"


def test_a_small_model_from_a_folder(small_model):
    encoder = open_encoder(str(small_model))
    assert encoder.signature == open_encoder(str(small_model)).signature
    assert encoder.signature.startswith("small:")
    alignment = Equipment(encoder=str(small_model))().align("a", JA, EN)
    assert [(list(b.ja), list(b.en)) for b in alignment.beads] == [([0], [0]), ([1], [1]), ([2], [2])]


def test_a_folder_without_a_model_is_refused(tmp_path, small_model):
    (tmp_path / "empty").mkdir()
    (small_model / "model.safetensors").write_bytes(b"broken")
    for path in (tmp_path / "empty", small_model):
        with pytest.raises(UsageError) as caught:
            open_encoder(str(path))
        assert "cannot be loaded" in caught.value.message


def test_folders_say_which_package_they_are_for(tmp_path):
    both = {"model2vec", "sentence_transformers"}
    assert vectors._package_of(tmp_path, both) == "model2vec"
    (tmp_path / "modules.json").write_text('[{"type": "sentence_transformers.models.Transformer"}]', encoding="utf-8")
    assert vectors._package_of(tmp_path, both) == "sentence_transformers"
    (tmp_path / "modules.json").write_text(
        '[{"type": "sentence_transformers.models.StaticEmbedding"}]', encoding="utf-8"
    )
    assert vectors._package_of(tmp_path, both) == "model2vec"
    assert vectors._package_of(tmp_path, {"sentence_transformers"}) == "sentence_transformers"
    assert vectors._package_of(tmp_path / "name", both) == "sentence_transformers"
