"""Scores and signatures equal sacrebleu's; the tokenizer suits the language, and is named."""

import importlib.util

import pytest
from sacrebleu.metrics import BLEU, CHRF, TER

from tmalign.errors import UsageError
from tmalign.scoring import metrics
from tmalign.scoring.metrics import METRICS, Metric, best_tokenizer, choose_tokenizer

JA = ["防衛大臣は会談を行った。", "詳細は確認中である。", "我が国は強く抗議した。"]
JA_SYSTEM = ["防衛大臣が会談した。", "詳細を確認している。", "日本は強く抗議した。"]
EN = ["The Minister held a meeting.", "The details are being confirmed.", "Japan protested strongly (again)."]
EN_SYSTEM = ["The minister held the meeting.", "Details are confirmed", "Japan strongly protested (again)."]

installed = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("MeCab", "ipadic")), reason="sacrebleu[ja] is not installed"
)


def sacrebleus(name, language, tokenizer):
    asian = language == "ja"
    return {
        "BLEU": lambda: BLEU(tokenize=tokenizer),
        "chrF": CHRF,
        "chrF++": lambda: CHRF(word_order=2),
        "TER": lambda: TER(normalized=asian, asian_support=asian),
    }[name]()


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    ("language", "tokenizer", "references", "system"),
    [
        ("en", "13a", EN, EN_SYSTEM),
        ("en", "intl", EN, EN_SYSTEM),
        ("ja", "char", JA, JA_SYSTEM),
        pytest.param("ja", "ja-mecab", JA, JA_SYSTEM, marks=installed),
        ("en", "13a", EN, ["", "x", "Japan"]),
    ],
)
def test_scores_and_signatures_are_sacrebleus(name, language, tokenizer, references, system):
    metric = Metric(name, language, tokenizer, references)
    statistics = metric.statistics(system)
    reference = sacrebleus(name, language, tokenizer)
    assert metric.value(statistics) == reference.corpus_score(system, [references]).score
    assert metric.signature == str(reference.get_signature())


@pytest.mark.parametrize("name", ["BLEU", "chrF", "chrF++"])
def test_sentence_scores_are_sacrebleus(name):
    metric = Metric(name, "en", "13a", EN)
    reference = BLEU(effective_order=True) if name == "BLEU" else sacrebleus(name, "en", "13a")
    expected = [reference.sentence_score(one, [other]).score for one, other in zip(EN_SYSTEM, EN, strict=True)]
    assert metric.sentences(metric.statistics(EN_SYSTEM)).tolist() == expected


def test_two_references_do_not_mix():
    first, second = Metric("chrF", "en", "13a", EN), Metric("chrF", "en", "13a", EN_SYSTEM)
    assert first.value(first.statistics(EN)) == second.value(second.statistics(EN_SYSTEM)) == 100
    assert first.value(first.statistics(EN_SYSTEM)) < 100


def test_unequal_numbers_are_refused():
    with pytest.raises(ValueError, match="2 hypotheses for 3"):
        Metric("BLEU", "en", "13a", EN).statistics(EN[:2])


def test_one_object_a_process():
    one, two = Metric("BLEU", "ja", "char", JA), Metric("BLEU", "ja", "char", JA[:1])
    assert one._metric is two._metric


def test_japanese_is_never_cut_by_13a():
    with pytest.raises(UsageError, match="13a is not for Japanese"):
        choose_tokenizer("ja", "13a")
    assert best_tokenizer("ja").name in {"ja-mecab", "char"}
    assert choose_tokenizer("en").name == "13a"
    assert choose_tokenizer("ja", "char").name == "char"


def test_a_missing_mecab_is_named(monkeypatch):
    def missing(*_):
        raise RuntimeError

    best_tokenizer.cache_clear()
    monkeypatch.setattr(metrics, "_sacrebleu", missing)
    try:
        chosen = best_tokenizer("ja")
        assert chosen.name == "char"
        assert "not installed" in chosen.reason
        with pytest.raises(UsageError, match="ja-mecab is not installed"):
            choose_tokenizer("ja", "ja-mecab")
    finally:
        best_tokenizer.cache_clear()
