"""Intervals and p-values against sacrebleu's own paired tests, number for number."""

import random

import numpy as np
import pytest
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

from tmalign.scoring import bootstrap
from tmalign.scoring.bootstrap import SEED, randomisation_p_value, randomise, resample
from tmalign.scoring.formulas import bleu, chrf, ter

WORDS = ["the", "a", "minister", "meeting", "held", "on", "Monday", "with", "views", "exchange", "of", "new", "region"]


def sentences(number, seed):
    """Make up references, and systems that keep a share of their words."""
    drawn = random.Random(seed)  # noqa: S311 - not for secrets
    references = [" ".join(drawn.choices(WORDS, k=drawn.randint(4, 14))) for _ in range(number)]
    systems = [
        [" ".join(w if drawn.random() < kept else drawn.choice(WORDS) for w in line.split()) for line in references]
        for kept in (0.7, 0.6, 0.68)
    ]
    return references, systems


def gathered(number, seed=3):
    """Return statistics with their formulas, sacrebleu's metrics, and the systems."""
    references, systems = sentences(number, seed)
    metrics = {"BLEU": BLEU(), "chrF2": CHRF(), "TER": TER()}
    tables, formulas, start = [], [], 0
    for metric, formula in zip(metrics.values(), (bleu, chrf, ter), strict=True):
        metric._ref_cache = metric._cache_references([references])
        found = np.array([metric._extract_corpus_statistics(system, None) for system in systems], dtype=np.float64)
        tables.append(found)
        formulas.append((slice(start, start + found.shape[2]), formula))
        start += found.shape[2]
    return np.concatenate(tables, axis=2), formulas, metrics, systems


def theirs(metrics, systems, kind, samples):
    named = [(f"system {number}", system) for number, system in enumerate(systems)]
    _, results = PairedTest(named, metrics, None, test_type=kind, n_samples=samples)()
    return results


@pytest.mark.parametrize("segments", [1, 2, 6, 60])
def test_paired_bootstrap_is_sacrebleus(segments):
    statistics, formulas, metrics, systems = gathered(segments)
    expected = theirs(metrics, systems, "bs", 200)
    for (part, formula), found, name in zip(formulas, resample(statistics, formulas, 200, SEED), metrics, strict=True):
        real = formula(statistics[:, :, part].sum(axis=1)).tolist()
        for system, result in enumerate(expected[name]):
            interval = found.interval(system)
            assert interval.mean == result.mean
            assert (interval.high - interval.low) / 2 == pytest.approx(result.ci, rel=1e-6)
            if system:
                assert found.p_value(system, 0, abs(real[system] - real[0])) == result.p_value


@pytest.mark.parametrize("segments", [1, 2, 6, 60])
def test_approximate_randomisation_is_sacrebleus(segments):
    statistics, formulas, metrics, systems = gathered(segments)
    expected = theirs(metrics, systems, "ar", 300)
    found = randomise(statistics, formulas, 0, 300, SEED)
    for (part, formula), differences, name in zip(formulas, found, metrics, strict=True):
        real = formula(statistics[:, :, part].sum(axis=1)).tolist()
        for system in (1, 2):
            p_value = randomisation_p_value(differences[system], abs(real[system] - real[0]))
            assert p_value == expected[name][system].p_value


def test_a_system_against_itself_is_no_difference():
    statistics, formulas, *_ = gathered(20)
    twice = statistics[[0, 0]]
    assert resample(twice, formulas, 50, SEED)[0].p_value(1, 0, 0.0) == 1 / 51
    assert randomisation_p_value(randomise(twice, formulas, 0, 50, SEED)[0][1], 0.0) == 1 / 51


def test_blocks_change_nothing(monkeypatch):
    statistics, formulas, *_ = gathered(7)
    whole = resample(statistics, formulas, 150, SEED), randomise(statistics, formulas, 0, 150, SEED)
    monkeypatch.setattr(bootstrap, "_BLOCK_CELLS", 7 * 32)
    parts = resample(statistics, formulas, 150, SEED), randomise(statistics, formulas, 0, 150, SEED)
    for one, other in zip(whole[0], parts[0], strict=True):
        assert all((a == b).all() for a, b in zip(one.scores, other.scores, strict=True))
    for mine, others in zip(whole[1], parts[1], strict=True):
        assert all((a == b).all() for a, b in zip(mine, others, strict=True))


def test_large_counts_are_summed_exactly():
    large = np.zeros((1, 3, 2))
    large[0, :, 0] = [2**24 + 1, 1, 1]
    large[0, :, 1] = 2**24
    found = resample(large, [(slice(0, 2), lambda sums: sums[:, 0].astype(float))], 20, 1)[0].scores[0]
    sums = {2**24 * n + (3 - n) + n for n in range(4)}
    assert set(found.tolist()) <= {float(np.float32(one)) for one in sums}


def test_the_seed_decides():
    statistics, formulas, *_ = gathered(30)
    one, two, other = (resample(statistics, formulas, 100, seed)[0].scores[0].tolist() for seed in (1, 1, 2))
    assert one == two != other


def test_nothing_to_resample_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        resample(np.zeros((1, 0, 2)), [], 10, 1)
    with pytest.raises(ValueError, match="nothing"):
        randomise(np.zeros((1, 3, 2)), [], 0, 0, 1)
