"""Scores and signatures equal sacrebleu's; the tokenizer suits the language, and is named."""

import importlib.util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF, TER

from tmalign.errors import UsageError
from tmalign.scoring import counting, metrics
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


WORDS = st.lists(st.text("abあ.(\u3000 ", max_size=4), max_size=9).map(" ".join)


@pytest.mark.skipif(not counting.COMPILED, reason="installed without a C compiler")
@pytest.mark.parametrize("name", ["BLEU", "chrF", "chrF++"])
@settings(deadline=None)
@given(data=st.data())
def test_the_kernel_counts_what_sacrebleu_counts(name, data):
    pairs = data.draw(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
    hypotheses, references = [one for one, _ in pairs], [other for _, other in pairs]
    metric = Metric(name, "en", "13a", references)
    assert metric._count is not None
    assert metric.statistics(hypotheses).tolist() == metric._theirs(hypotheses)


def test_without_a_compiler_sacrebleu_counts(monkeypatch):
    monkeypatch.setattr(counting, "COMPILED", False)
    metric = Metric("BLEU", "en", "13a", EN)
    assert metric._count is None
    assert metric.value(metric.statistics(EN_SYSTEM)) == BLEU().corpus_score(EN_SYSTEM, [EN]).score


@pytest.mark.skipif(not counting.COMPILED, reason="installed without a C compiler")
def test_the_kernel_refuses_what_it_cannot_count():
    for arguments in (("a", "b", 0), ("a", "b", 65)):
        with pytest.raises(ValueError, match="orders"):
            counting._ngrams.count(*arguments)
    with pytest.raises(TypeError):
        counting._ngrams.count(b"a", "b", 1)
    assert counting._ngrams.count("", "", 2) == [0] * 6
    assert counting._ngrams.count("\ud800\U0010ffff", "\U0010ffff", 1) == [2, 1, 1]
    assert counting._ngrams.count("a" * 5000, "a" * 4000, 2) == [5000, 4000, 4000, 4999, 3999, 3999]
