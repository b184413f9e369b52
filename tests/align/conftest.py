"""What the aligner's tests share: made-up documents as evidence, and a lexicon of a few words."""

from __future__ import annotations

import numpy as np
import pytest
from tmalign.align.association import Associations, Vocabulary
from tmalign.align.evidence import DocumentEvidence
from tmalign.align.lexicon import Lexicon
from tmalign.align.tables import WordTable, write_table

JA_UNITS = ("会談", "確認", "協力", "N:3", "M:6", "S:?", "防衛協力")
EN_UNITS = ("talk", "confirm", "cooper", "N:3", "M:6", "n:1")


def _side(rng, rows, units):
    counts = rng.poisson(0.6, (rows, len(units))).astype(np.float32)
    wide = counts.copy()
    wide[:, -1] += rng.integers(0, 2, rows)
    return Vocabulary({unit: k for k, unit in enumerate(units)}, counts, wide)


def _evidence(n, m, seed, structure=None):
    """Return random evidence of n Japanese and m English segments."""
    rng = np.random.default_rng(seed)
    shape = (len(JA_UNITS), len(EN_UNITS))

    def sparse():
        return (rng.random(shape) * (rng.random(shape) < 0.4)).astype(np.float32)

    lengths = [rng.integers(1, high, size).astype(np.float32) for high, size in ((90, n), (220, m))]
    associations = Associations(sparse(), sparse() / 2, sparse() / 2)
    return DocumentEvidence(*lengths, _side(rng, n, JA_UNITS), _side(rng, m, EN_UNITS), associations, structure)


@pytest.fixture(scope="session")
def random_evidence():
    return _evidence


@pytest.fixture(scope="session")
def small_lexicon(tmp_path_factory):
    """Give a lexicon with a few entries of each kind."""
    folder = tmp_path_factory.mktemp("tables")
    write_table(
        folder / "d.table",
        {
            "会談": {"talk": (0.8,), "confer": (0.6,)},
            "分かる": {"understand": (1.0,)},
            "解る": {"understand": (0.9,)},
            "防衛協力": {"cooper": (0.5,)},
        },
        ("weight",),
        {"name": "few", "release": "today"},
    )
    write_table(
        folder / "b.table",
        {"会談": {"talk": (0.5**0.5, 0.25**0.5), "meet": (0.1**0.5, 0.04**0.5)}},
        ("to_en", "to_ja"),
        {"name": "seen"},
    )
    return Lexicon(WordTable(folder / "d.table"), WordTable(folder / "b.table"))
