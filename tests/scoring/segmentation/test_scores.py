"""The compiled scores of pieces against the features in NumPy, and arrays that no text gives."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation import scores
from tmalign.scoring.segmentation.boundaries import boundaries
from tmalign.scoring.segmentation.chain import NEVER
from tmalign.scoring.segmentation.evidence import FEATURES, PIECE_FEATURES, Evidence, Pieces
from tmalign.scoring.segmentation.scores import Scores
from tmalign.scoring.segmentation.tokens import material
from tmalign.scoring.segmentation.weights import load

needs_kernel = pytest.mark.skipif(not scores.COMPILED, reason="installed without a C compiler")
WORDS = st.lists(
    st.sampled_from(
        ["the", "The ", "ship ", "ships ", ". ", "。", "」", "「", '"', "(", ") ", "? ", "\n", "防", "衛", "3 "]
    ),
    min_size=1,
    max_size=24,
).map("".join)


def evidence_of(text, references, language="en"):
    found = material(text, references, language)
    return Evidence(found, boundaries(text, found.starts, found.ends, language), load(language))


def both(evidence, pieces, weights):
    """Return what the kernel and NumPy make of pieces."""
    return [Scores(evidence, weights, compiled=compiled).of(pieces) for compiled in (True, False)]


@needs_kernel
@settings(deadline=None, max_examples=150)
@given(
    WORDS.filter(str.strip),
    st.lists(WORDS, min_size=1, max_size=4),
    st.sampled_from(["ja", "en"]),
    st.integers(0, 10_000),
)
def test_the_kernel_scores_as_the_features_do(text, references, language, seed):
    random = np.random.default_rng(seed)
    evidence = evidence_of(text, references, language)

    def some():
        return np.unique(random.integers(0, len(evidence.material) + 1, random.integers(1, 8)))

    places = [(i, some(), some()) for i in random.integers(0, len(references), 5).tolist()]
    pieces = [Pieces(i, begins, ends, random.normal(-3, 2, len(ends))) for i, begins, ends in places]
    weights = {name: float(random.normal()) for name in FEATURES}
    for kernel, plain in zip(*both(evidence, pieces, weights), strict=True):
        np.testing.assert_allclose(kernel, plain, rtol=1e-9, atol=1e-9)


@needs_kernel
@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_the_same_in_both(feature):
    text = 'The ships met "today". Nothing (more.\n\nThe end? He said: "no." And then, in 2024, it (was) over'
    references = ["The ships met today.", "Nothing more", 'The end? "No," he said.', '"No."', "."]
    evidence = evidence_of(text, references)
    every = np.arange(len(evidence.material) + 1)
    pieces = [Pieces(i, every, every, -0.25 * every) for i in range(len(references))]
    weights = dict.fromkeys(FEATURES, 0.0) | {feature: 1.0}
    seen = 0.0
    for kernel, plain in zip(*both(evidence, pieces, weights), strict=True):
        np.testing.assert_allclose(kernel, plain, rtol=1e-12, atol=1e-12)
        assert np.all(kernel[np.tril_indices(len(every), -1)] == NEVER)
        seen += np.abs(np.triu(kernel)).sum()
    assert seen or feature not in PIECE_FEATURES


def arrays():
    """Return arguments of the kernel that fit each other: three tokens against two segments."""
    evidence = evidence_of("one two three", ["one two", "three"])
    found = Scores(evidence, load("en").piece)
    jobs = [[0, 1], [0, 1, 2], [0, 2], [0, 2, 4], [1, 2, 2, 3]]
    return (
        list(found._text),
        [*(np.array(job, dtype=np.int64) for job in jobs), np.zeros(4)],
        found.weights[: len(PIECE_FEATURES)].copy(),
    )


@needs_kernel
@pytest.mark.parametrize("kind", ["text", "pieces"])
@pytest.mark.parametrize("change", ["longer", "shorter", "empty", "high", "low", "narrow"])
def test_arrays_that_do_not_fit_are_refused(kind, change):
    changes = {
        "longer": lambda array: np.append(array, array[-1:]),
        "shorter": lambda array: array[:-1].copy(),
        "empty": lambda array: array[:0].copy(),
        "high": lambda array: np.full_like(array, 2**40),
        "low": lambda array: np.full_like(array, -1),
        "narrow": lambda array: array.astype(np.int32),
    }
    refused = 0
    for at in range(len(arrays()[0 if kind == "text" else 1])):
        text, jobs, weights = arrays()
        changed = text if kind == "text" else jobs
        measures = changed[at].dtype == np.float64 or (kind == "text" and 4 <= at <= 9)
        changed[at] = changes[change](changed[at])
        # Any number will do where none is an index, and words may be numbered that stand nowhere.
        if (change in ("high", "low") and measures) or (kind == "text" and at == 10 and change == "longer"):
            scores._pieces.score(tuple(text), 1.0, tuple(jobs), weights, np.empty(4))
            continue
        with pytest.raises(ValueError, match="do not fit"):
            scores._pieces.score(tuple(text), 1.0, tuple(jobs), weights, np.empty(4))
        refused += 1
    assert refused >= 4


@needs_kernel
def test_results_weights_and_tuples_that_do_not_fit_are_refused():
    text, jobs, weights = arrays()
    score = scores._pieces.score
    score(tuple(text), 1.0, tuple(jobs), weights, np.empty(4))
    for size in (0, 3, 5):
        with pytest.raises(ValueError, match="do not fit"):
            score(tuple(text), 1.0, tuple(jobs), weights, np.empty(size))
    with pytest.raises(ValueError, match="do not fit"):
        score(tuple(text), 1.0, tuple(jobs), weights[:-1].copy(), np.empty(4))
    for few in (tuple(text[:-1]), (), text):
        with pytest.raises(ValueError, match="do not fit"):
            score(few, 1.0, tuple(jobs), weights, np.empty(4))
    with pytest.raises(ValueError, match="do not fit"):
        score(tuple(text), 1.0, tuple(jobs[:-1]), weights, np.empty(4))
    jobs[4] = jobs[4][::-1].copy()  # ends must rise
    with pytest.raises(ValueError, match="do not fit"):
        score(tuple(text), 1.0, tuple(jobs), weights, np.empty(4))
    with pytest.raises(TypeError):
        score(tuple(text), 1.0, (*jobs[:-1], None), weights, np.empty(4))
    read_only = np.empty(4)
    read_only.flags.writeable = False
    with pytest.raises((BufferError, ValueError, TypeError)):
        score(tuple(text), 1.0, tuple(arrays()[1]), weights, read_only)


@needs_kernel
@settings(deadline=None, max_examples=150)
@given(st.data())
def test_random_arrays_never_break_the_kernel(data):
    number = st.one_of(st.integers(-1, 5), st.integers(-(2**40), 2**40))
    text, jobs, weights = arrays()
    for group in (text, jobs):
        at = data.draw(st.integers(0, len(group) - 1))
        values = data.draw(st.lists(number, min_size=0, max_size=8))
        group[at] = np.array(values, dtype=group[at].dtype)
    out = np.empty(data.draw(st.sampled_from([0, 2, 4, 6])))
    try:
        scores._pieces.score(tuple(text), 1.0, tuple(jobs), weights, out)
    except ValueError:
        return
    assert len(out) == sum(
        (b - a) * (d - c) for a, b, c, d in zip(jobs[1], jobs[1][1:], jobs[3], jobs[3][1:], strict=False)
    )


@needs_kernel
def test_what_the_references_tell_counts_in_both():
    evidence = evidence_of("会談した終わった", ["会談した", "終わった"], "ja")
    told = np.arange(1.0, len(evidence.material))
    evidence.positions = replace(evidence.positions, told=told)
    every = np.arange(len(evidence.material) + 1)
    kernel, plain = both(evidence, [Pieces(0, every, every, np.zeros(len(every)))], dict.fromkeys(FEATURES, 0.0))
    np.testing.assert_allclose(kernel[0], plain[0])
    assert kernel[0][0].tolist() == [0.0, *told.tolist(), 0.0]
