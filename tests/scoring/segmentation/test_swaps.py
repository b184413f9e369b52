"""What pieces share with their references, against two bags of words."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation.boundaries import boundaries
from tmalign.scoring.segmentation.evidence import Evidence
from tmalign.scoring.segmentation.swaps import overlaps
from tmalign.scoring.segmentation.tokens import material
from tmalign.scoring.segmentation.weights import load

WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "."]), max_size=8)


@settings(deadline=None)
@given(WORDS.filter(bool), st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_overlaps_are_those_of_two_bags(text, references, data):
    found = material(" ".join(text), [" ".join(reference) for reference in references], "en")
    evidence = Evidence(found, boundaries(found.text, found.starts, found.ends, "en"), load("en"))
    inner = st.lists(st.integers(0, len(text)), min_size=len(references) - 1, max_size=len(references) - 1)
    cuts = [0, *sorted(data.draw(inner)), len(text)]
    for i, value in enumerate(overlaps(evidence, cuts).tolist()):
        piece = text[cuts[i] : cuts[i + 1]]
        shared = (Counter(piece) & Counter(references[i])).total()
        assert value == pytest.approx(2 * shared / max(len(piece) + len(references[i]), 1))
