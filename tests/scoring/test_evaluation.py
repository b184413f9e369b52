"""From hypotheses to results: ranks, intervals, tests, parts, and the tables made of them."""

import csv
import io
import json

import pytest
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

from tmalign.errors import UsageError
from tmalign.scoring.evaluation import Content, Resampling, evaluate
from tmalign.scoring.glossary import GlossaryTerm
from tmalign.scoring.material import Cut, Hypothesis, ReferenceDocument, References
from tmalign.scoring.metrics import METRICS, Metric
from tmalign.scoring.results import Comparison
from tmalign.scoring.tables import as_csv, as_rows, as_text

FEW = Resampling(samples=100, trials=200)


@pytest.fixture
def hypotheses(english):
    return [Hypothesis(name, f"{name}.en", tuple(lines), tuple(range(1, 9))) for name, lines in english.items()]


def metrics(references, *names):
    return [Metric(name, "en", "13a", references.segments) for name in names]


def test_best_first_whatever_the_order(references, hypotheses):
    for given in (hypotheses, hypotheses[::-1]):
        results = evaluate(references, given, metrics(references, "BLEU"), FEW)
        assert [system.system for system in results.systems] == ["careful", "hasty"]
    results = evaluate(references, hypotheses, metrics(references, "TER"), FEW)
    assert [system.system for system in results.systems] == ["careful", "hasty"]
    assert results.systems[0].scores[0].value < results.systems[1].scores[0].value


def test_scores_and_p_values_are_sacrebleus(references, hypotheses, english):
    results = evaluate(
        references,
        hypotheses,
        metrics(references, "BLEU", "chrF"),
        Resampling(samples=100, baseline="hasty", trials=100),
    )
    best = {score.metric: score for score in results.systems[0].scores}
    p_values = {(one.metric, one.test): one.p_value for one in results.systems[0].comparisons}
    named = [("hasty", english["hasty"]), ("careful", english["careful"])]
    for kind, test in (("bs", "bootstrap"), ("ar", "randomisation")):
        theirs = {"BLEU": BLEU(), "chrF2": CHRF()}
        _, expected = PairedTest(named, theirs, [list(references.segments)], test_type=kind, n_samples=100)()
        for name, ours in (("BLEU", "BLEU"), ("chrF2", "chrF")):
            assert best[ours].value == expected[name][1].score
            assert p_values[ours, test] == expected[name][1].p_value
    assert results.systems[1].comparisons == ()
    assert all(score.low <= score.value <= score.high for score in best.values())


def test_chrf_alone_and_with_its_sibling_is_the_same(references, hypotheses):
    alone = evaluate(references, hypotheses, metrics(references, "chrF"), FEW).systems[0].scores[0]
    both = evaluate(references, hypotheses, metrics(references, "chrF", "chrF++"), FEW).systems[0].scores[0]
    assert alone == both


def test_parts_are_scored_by_themselves(references, hypotheses, english):
    (best, _) = evaluate(references, hypotheses, metrics(references, "BLEU"), FEW).systems
    assert [(part.name, part.segments) for part in best.documents] == [("a/one", 3), ("a/two", 2), ("b/three", 3)]
    assert [(part.name, part.segments) for part in best.collections] == [("a", 5), ("b", 3)]
    expected = BLEU().corpus_score(english["careful"][5:], [list(references.segments[5:])]).score
    assert best.documents[2].values["BLEU"] == best.collections[1].values["BLEU"] == expected
    assert len(best.sentences["BLEU"]) == 8


def test_terms_and_figures(references, hypotheses):
    content = Content((GlossaryTerm(("防衛大臣",), ("Minister of Defense", "Defense Minister")),), figures=True)
    results = evaluate(references, hypotheses, metrics(references, "BLEU"), FEW, content)
    best, worst = results.systems
    assert (best.terms.found, best.terms.total, worst.terms.found) == (1, 1, 0)
    assert results.reference_terms.share == results.reference_figures.share == 1
    assert (best.figures.found, best.figures.total) == (3, 3)
    assert [miss.source for miss in worst.figures.misses] == ["15時30分", "12億円", "令和3年"]


def test_without_samples_there_is_no_interval(references, hypotheses):
    score = evaluate(references, hypotheses, metrics(references, "BLEU"), Resampling(samples=0)).systems[0].scores[0]
    assert (score.low, score.high, score.mean) == (None, None, None)


def test_the_mode_stands_in_the_signature(references, hypotheses):
    cut = [Hypothesis("s", "p", hypotheses[0].segments, cut=Cut("cut:x.1", (2,), ((0, 1),), (4,)))]
    results = evaluate(references, cut, metrics(references, "BLEU"), FEW, marks="|excluded:3")
    assert results.segmentation == "document"
    assert results.systems[0].scores[0].signature.endswith("|seg:document|cut:x.1|excluded:3")
    (row,) = as_rows(results)
    assert row["cut"] == {"signature": "cut:x.1", "empty": [3], "swapped": [[1, 2]], "doubtful": [5]}


@pytest.mark.parametrize(
    ("names", "resampling", "content", "message"),
    [
        (("a", "a"), FEW, Content(), "two hypotheses are named a"),
        (("a", "b"), Resampling(baseline="c"), Content(), "no hypothesis is named c"),
        (("a", "b"), FEW, Content(figures=True), "this reference lacks"),
    ],
)
def test_impossible_wishes_are_refused(references, hypotheses, names, resampling, content, message):
    alone = References("r", "en", tuple(ReferenceDocument(d.id, d.references) for d in references.documents))
    named = [Hypothesis(name, "p", hypotheses[0].segments) for name in names]
    with pytest.raises(UsageError, match=message):
        evaluate(alone, named, metrics(alone, "BLEU"), resampling, content)


@pytest.fixture
def results(references, hypotheses):
    content = Content((GlossaryTerm(("防衛大臣",), ("Defense Minister",)),), figures=True)
    resampling = Resampling(samples=100, trials=100, baseline="hasty")
    return evaluate(references, hypotheses, metrics(references, *METRICS), resampling, content)


def test_rows_keep_their_shape(results):
    rows = json.loads(json.dumps(as_rows(results)))
    assert [row["system"] for row in rows] == ["careful", "hasty"]
    for row in rows:
        assert row["segments"] == 8
        assert [metric["metric"] for metric in row["metrics"]] == ["BLEU", "chrF", "chrF++", "TER"]
        for metric in row["metrics"]:
            assert list(metric) == ["metric", "value", "low", "high", "signature"]
    assert len(rows[0]["comparisons"]) == 8
    assert "documents" not in rows[0]
    parted = as_rows(results, ("document", "collection"))[0]
    assert [part["name"] for part in parted["collections"]] == ["a", "b"]
    assert len(parted["documents"]) == 3
    assert rows[1]["terms"]["misses"] == [
        {"segment": 1, "document": "a/one", "source": "防衛大臣", "expected": ["Defense Minister"]}
    ]
    assert rows[1]["terms"]["by_term"] == [
        {"source": "防衛大臣", "expected": ["Defense Minister"], "found": 0, "total": 1}
    ]


def test_csv_has_a_row_a_system_part_and_metric(results):
    rows = list(csv.DictReader(io.StringIO(as_csv(results, ("collection",)))))
    assert len(rows) == 2 * 4 * 3
    assert {(row["part"], row["name"]) for row in rows} == {("all", ""), ("collection", "a"), ("collection", "b")}
    best = results.systems[0].scores[0]
    assert float(rows[0]["value"]) == best.value
    assert float(rows[0]["low"]) == best.low
    assert rows[0]["signature"] == best.signature
    assert float(rows[0]["bootstrap_p"]) == results.systems[0].comparisons[0].p_value


def test_the_table_says_all_that_must_be_published(results):
    text = as_text(results, ("document",))
    lines = text.splitlines()
    assert lines[1].startswith("1  careful")
    assert lines[2].startswith("2  hasty (baseline)")
    for score in results.systems[0].scores:
        assert f"{score.metric}: {score.signature}" in lines
        assert f"{score.value:.2f}" in lines[1]
    assert "intervals: 95%, 100 bootstrap resamples, seed 12345" in lines
    assert "Japanese to English, 8 segments in 3 documents" in lines
    assert any(line.startswith("b/three") for line in lines)
    assert "  1 of 1  防衛大臣 = Defense Minister" in lines
    assert "  segment 4 (a/two): 12億円" in lines


@pytest.mark.parametrize(
    ("difference", "p_value", "expected"),
    [(0.4, 0.01, True), (-0.4, 0.01, True), (0.4, 0.05, False), (0.0, 0.01, False)],
)
def test_equal_scores_are_no_difference_whatever_the_p_value(difference, p_value, expected):
    assert Comparison("BLEU", "bootstrap", difference, p_value, 100).significant is expected
