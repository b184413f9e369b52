"""What the aligner's tests share: made-up documents as evidence, and a lexicon of a few words."""

from __future__ import annotations

import numpy as np
import pytest

from tmalign.align.association import Associations
from tmalign.align.evidence import DocumentEvidence, Statistics
from tmalign.align.lexicon import Lexicon
from tmalign.align.tables import WordTable, write_table
from tmalign.align.units import Units
from tmalign.align.vocabulary import vocabulary

JA_UNITS = ("会談", "確認", "協力", "N:3", "M:6", "S:?", "防衛協力")
EN_UNITS = ("talk", "confirm", "cooper", "N:3", "M:6", "n:1")


def _side(rng, rows, units, longest, *, compound=False):
    """Return segments of random words; the last of `units` may also stand as a compound."""
    counts = rng.poisson(0.6, (rows, len(units)))
    segments = []
    for row in counts:
        words = tuple(rng.permutation([unit for unit, count in zip(units, row, strict=True) for _ in range(count)]))
        compounds = (units[-1],) if compound and rng.integers(0, 2) else ()
        segments.append(Units(tuple(map(str, words)), int(rng.integers(1, longest)), compounds=compounds))
    return segments


def _evidence(n, m, seed, structure=None):
    """Return random evidence of n Japanese and m English segments."""
    rng = np.random.default_rng(seed)
    ja_units, en_units = _side(rng, n, JA_UNITS, 90, compound=True), _side(rng, m, EN_UNITS, 220)
    ja, en = vocabulary(ja_units), vocabulary(en_units)
    shape = (len(ja.index), len(en.index))
    row, column = np.nonzero(rng.random(shape) < 0.6)
    weight, to_en, to_ja = (
        (rng.random(len(row)) * (rng.random(len(row)) < 0.7) * scale).astype(np.float32) for scale in (1, 0.5, 0.5)
    )
    return DocumentEvidence(
        *(np.array([s.length for s in side], dtype=np.float32) for side in (ja_units, en_units)),
        ja,
        en,
        Associations(row, column, weight, to_en, to_ja),
        Statistics.of(ja_units, en_units),
        *((rng.random(max(1, size)) < 0.3).astype(np.float32) for size in shape),
        structure,
    )


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
