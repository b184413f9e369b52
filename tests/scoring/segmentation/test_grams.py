"""Numbers of words, pairs and triples: equal for equal ones, on both sides."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.scoring.segmentation.grams import ORDERS, Grams
from tmalign.scoring.segmentation.tokens import material

WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "."]), max_size=8)


@settings(deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=4))
def test_equal_grams_have_equal_numbers(text, references):
    found = material(" ".join(text), [" ".join(reference) for reference in references], "en")
    grams = Grams.of(found.references, found.words, found.size)
    total = len(grams.numbers[0])
    sides = [*map(grams.reference, range(len(references))), grams.hypothesis]
    for order in range(ORDERS):
        known = {}
        for words, side in zip([*references, text], sides, strict=True):
            wanted = list(zip(*(words[k:] for k in range(order + 1)), strict=False))
            numbers = side[order].tolist()
            assert len(numbers) == len(wanted)
            assert all(known.setdefault(gram, number) == number for gram, number in zip(wanted, numbers, strict=True))
        assert len(set(known.values())) == len(known)
        assert all(0 <= number < max(total, found.size) for number in known.values())
