"""COMET: a tiny model made here goes through the real loading code; what is missing is refused."""

import importlib
import importlib.util
import json

import pytest

from tmalign.errors import UsageError
from tmalign.scoring import neural
from tmalign.scoring.material import ReferenceDocument, References
from tmalign.scoring.neural import Comet, ModelError

INSTALLED = all(importlib.util.find_spec(name) for name in ("comet", "torch", "transformers"))
installed = pytest.mark.skipif(not INSTALLED, reason="unbabel-comet is not installed")
# What PyTorch, Lightning and pkg_resources announce is not ours to mend.
noisy = pytest.mark.filterwarnings("ignore")

REFERENCES = References("r", "en", (ReferenceDocument("d", ("they met", "a long meeting"), ("会談", "長い会談")),))


@pytest.fixture
def tiny(tmp_path):
    """Make a COMET checkpoint of a BERT with 16 dimensions and random weights."""
    torch, yaml, models, transformers = map(importlib.import_module, ("torch", "yaml", "comet.models", "transformers"))

    encoder = tmp_path / "encoder"
    encoder.mkdir()
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "they",
        "met",
        "a",
        "long",
        "meeting",
        "会",
        "談",
        "長",
        "い",
    ]
    (encoder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    (encoder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 64}), encoding="utf-8")
    shape = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 64}
    transformers.BertConfig(vocab_size=len(words), hidden_size=16, **shape).save_pretrained(encoder)
    settings = {
        "encoder_model": "BERT",
        "pretrained_model": str(encoder),
        "hidden_sizes": [8],
        "load_pretrained_weights": False,
        "layer": "mix",
        "dropout": 0.0,
    }
    torch.manual_seed(1)
    model = models.RegressionMetric(**settings)
    folder = tmp_path / "tiny"
    (folder / "checkpoints").mkdir(parents=True)
    torch.save(
        {
            "state_dict": model.state_dict(),
            "hyper_parameters": dict(model.hparams),
            "pytorch-lightning_version": "2.0.0",
        },
        folder / "checkpoints" / "model.ckpt",
    )
    (folder / "hparams.yaml").write_text(yaml.safe_dump(settings | {"class_identifier": "regression_metric"}))
    return folder


@installed
@noisy
def test_a_model_from_a_folder_scores_every_segment(tiny, capsys):
    comet = Comet(str(tiny), REFERENCES, batch_size=1)
    good = comet.statistics(["they met", "a long meeting"])
    other = comet.statistics(["a long long meeting", "they"])
    assert good.shape == (2, 2)
    assert good[:, 1].tolist() == [1, 1]
    assert good.tolist() == comet.statistics(["they met", "a long meeting"]).tolist()
    assert (good != other)[:, 0].all()
    assert comet.value(good) == pytest.approx(good[:, 0].mean())
    assert comet.sentences(good).tolist() == good[:, 0].tolist()
    assert comet.signature.startswith("model:tiny-")
    assert "version:comet-" in comet.signature
    assert capsys.readouterr().out == ""
    assert Comet(str(tiny / "checkpoints" / "model.ckpt"), REFERENCES)._model is comet._model


@installed
@noisy
def test_a_model_that_is_not_there_is_refused(tmp_path):
    for name in (str(tmp_path / "no.ckpt"), "./no-such-folder"):
        with pytest.raises(ModelError, match="no such model"):
            Comet(name, REFERENCES)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="holds 0 checkpoints"):
        Comet(str(tmp_path / "empty"), REFERENCES)
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "bad.ckpt").write_bytes(b"no checkpoint")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Comet(str(tmp_path), REFERENCES)


def test_a_missing_package_is_refused(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(neural.importlib, "import_module", missing)
    with pytest.raises(UsageError, match="COMET is not installed") as refused:
        Comet("", REFERENCES)
    assert "tmalign[comet]" in refused.value.hint


def test_a_reference_without_sources_is_refused():
    with pytest.raises(UsageError, match="lacks"):
        Comet("", References("r", "en", (ReferenceDocument("d", ("they met",)),)))
