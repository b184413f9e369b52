"""COMET: a tiny model made here goes through the real loading code; what is missing is refused."""

import importlib
import importlib.util
import json
import logging
import shutil
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from tmalign.cli.app import app
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
    assert "nrefs:1" in comet.signature
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Tip" not in printed.err
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
    with pytest.raises(ModelError, match=r"cannot be loaded: hparams\.yaml file is missing"):
        Comet(str(tmp_path), REFERENCES)


def change(folder, edit):
    """Rewrite a checkpoint after `edit` had its parts."""
    torch = importlib.import_module("torch")
    checkpoint = folder / "checkpoints" / "model.ckpt"
    parts = torch.load(checkpoint)
    edit(parts)
    torch.save(parts, checkpoint)


@installed
@noisy
def test_a_checkpoint_in_the_folder_one_stands_in_is_read(tiny, monkeypatch):
    whole = Comet(str(tiny), REFERENCES)
    monkeypatch.chdir(tiny / "checkpoints")
    assert Comet("model.ckpt", REFERENCES)._model is whole._model
    assert Comet("..", REFERENCES)._model is whole._model
    monkeypatch.chdir(tiny)
    assert Comet(".", REFERENCES).signature.startswith("model:model.ckpt-")


@installed
@noisy
@pytest.mark.parametrize("size", [0, 3000])
def test_a_checkpoint_cut_short_is_refused(tiny, size):
    checkpoint = tiny / "checkpoints" / "model.ckpt"
    checkpoint.write_bytes(checkpoint.read_bytes()[:size])
    with pytest.raises(ModelError, match=r"cannot be loaded: .") as refused:
        Comet(str(tiny), REFERENCES)
    assert refused.value.path == str(checkpoint)
    assert "hparams.yaml" in refused.value.hint


@installed
@noisy
def test_a_checkpoint_without_all_weights_is_refused_not_filled_with_random_ones(tiny):
    change(tiny, lambda parts: parts["state_dict"].pop("estimator.ff.0.weight"))
    with pytest.raises(ModelError, match=r"lacks 1 of the model's weights \(estimator\.ff\.0\.weight"):
        Comet(str(tiny), REFERENCES)
    change(tiny, lambda parts: parts.pop("state_dict"))
    with pytest.raises(ModelError, match="KeyError: 'state_dict'"):
        Comet(str(tiny), REFERENCES)


@installed
@noisy
def test_scores_that_are_no_numbers_are_refused(tiny):
    change(tiny, lambda parts: parts["state_dict"]["estimator.ff.0.bias"].fill_(float("nan")))
    with pytest.raises(ModelError, match="no numbers"):
        Comet(str(tiny), REFERENCES).statistics(["they met", "a long meeting"])


@installed
@noisy
def test_a_model_that_runs_out_of_memory_is_refused(tiny, monkeypatch):
    def full(*rows, **settings):
        raise RuntimeError("CUDA out of memory")

    comet = Comet(str(tiny), REFERENCES)
    monkeypatch.setattr(comet._model, "predict", full)
    with pytest.raises(ModelError, match="out of memory") as refused:
        comet.statistics(["they met", "a long meeting"])
    assert "--batch-size" in refused.value.hint
    assert logging.root.manager.disable == logging.NOTSET


@installed
@noisy
def test_a_model_whose_encoder_is_nowhere_is_refused_by_the_encoders_name(tiny, monkeypatch):
    transformers = importlib.import_module("transformers")
    asked = []

    def nowhere(name, **settings):
        asked.append(settings)
        raise OSError("no network")

    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", nowhere)
    settings = (tiny / "hparams.yaml").read_text(encoding="utf-8")
    moved = settings.replace(str(tiny.parent / "encoder"), "nobody/encoder")
    assert moved != settings
    (tiny / "hparams.yaml").write_text(moved, encoding="utf-8")
    with pytest.raises(ModelError, match=r"encoder nobody/encoder is neither .*: no network") as refused:
        Comet(str(tiny), REFERENCES)
    assert refused.value.path == str(tiny / "checkpoints" / "model.ckpt")
    assert "HF_HOME" in refused.value.hint
    assert asked == [{"local_files_only": True}, {}]


@installed
@noisy
def test_a_name_on_the_hub_without_a_network_is_refused_with_the_hubs_own_reason(tmp_path, monkeypatch):
    # The legacy loader, which COMET turns to next, keeps its models in the home folder.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"nobody/nothing is neither on this machine nor .* hub: ") as refused:
        Comet("nobody/nothing", REFERENCES)
    assert "not supported by COMET" not in refused.value.message
    assert refused.value.hint == "download it where there is a network, then: --model FOLDER"


@installed
@noisy
def test_a_model_that_reads_no_reference_says_so(tiny, monkeypatch):
    torch = importlib.import_module("torch")
    models = importlib.import_module("comet.models")
    settings = torch.load(tiny / "checkpoints" / "model.ckpt")["hyper_parameters"]
    model = models.ReferencelessRegression(**{k: v for k, v in settings.items() if k != "class_identifier"})
    change(tiny, lambda parts: parts.update(state_dict=model.state_dict()))
    written = (tiny / "hparams.yaml").read_text(encoding="utf-8")
    (tiny / "hparams.yaml").write_text(written.replace("regression_metric", "referenceless_regression_metric"))
    comet = Comet(str(tiny), REFERENCES)
    assert "nrefs:0" in comet.signature
    assert comet.statistics(["they met", "a long meeting"]).shape == (2, 2)


@installed
@noisy
def test_the_command_scores_by_a_model_and_ends_with_1_where_it_cannot(tiny, tmp_path):
    for name, lines in (
        ("s.ja", "会談\n長い会談\n"),
        ("r.en", "they met\na long meeting\n"),
        ("h.en", "met\na meeting\n"),
    ):
        (tmp_path / name).write_text(lines, encoding="utf-8")
    command = ["score", "--reference", str(tmp_path / "s.ja"), str(tmp_path / "r.en")]
    command += ["--hypothesis", f"h={tmp_path / 'h.en'}", "--samples", "0", "--metric", "comet", "--json", "--model"]
    done = CliRunner().invoke(app, [*command, str(tiny)])
    assert done.exit_code == 0
    [row] = json.loads(done.stdout)
    assert row["metrics"][0]["metric"] == "COMET"
    assert row["metrics"][0]["signature"].startswith("model:tiny-")
    table = CliRunner().invoke(app, [*(word for word in command if word != "--json"), str(tiny)])
    assert f"{row['metrics'][0]['value']:.4f}" in table.stdout
    shutil.rmtree(tiny / "checkpoints")
    failed = CliRunner().invoke(app, [*command, str(tiny)])
    assert isinstance(failed.exception, ModelError)
    assert failed.exception.exit_code == 1
    assert failed.stdout == ""


def test_a_missing_package_is_refused(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(neural.importlib, "import_module", missing)
    with pytest.raises(UsageError, match="COMET is not installed") as refused:
        Comet("", REFERENCES)
    assert "tmalign[comet]" in refused.value.hint


def test_packages_that_do_not_fit_each_other_are_refused(monkeypatch):
    def broken(name):
        raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setattr(neural.importlib, "import_module", broken)
    with pytest.raises(UsageError, match="cannot be used: operator"):
        Comet("", REFERENCES)


def test_another_package_that_is_imported_as_comet_is_not_taken_for_it(monkeypatch):
    def lacking(name):
        raise neural.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(neural.importlib, "import_module", lambda name: SimpleNamespace())
    monkeypatch.setattr(neural.metadata, "version", lacking)
    with pytest.raises(UsageError, match=r"not installed \(.*unbabel-comet"):
        Comet("", REFERENCES)


def test_a_reference_without_sources_is_refused():
    with pytest.raises(UsageError, match="lacks"):
        Comet("", References("r", "en", (ReferenceDocument("d", ("they met",)),)))
