"""The sieve lets a row through exactly where its spelling lies within the distance, whatever steps it takes to tell."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from tmalign.memory import sieve
from tmalign.memory.segments import Segment, make_segment
from tmalign.memory.similarity import most_distance

pytestmark = pytest.mark.skipif(not sieve.COMPILED, reason="no compiled sieve")

LETTERS = "etaoinshrdlu, "
WIDTHS = range(5)


def shifted(draw, base, most):
    """Return the text moved as far to one side as the distance lets it, or nearly; its ends are cut or kept."""
    by = max(0, most // 2 + draw.randint(-2, 1))
    extra = "".join(draw.choices(LETTERS, k=by))
    return draw.choice([extra + base[: len(base) - by], base[by:] + extra, extra + base, base + extra, base[by:]])


def edited(draw, base, edits):
    """Return the text after so many edits."""
    text = list(base)
    for _ in range(edits):
        at = draw.randrange(len(text) + 1)
        text[at : at + draw.randint(0, 1)] = draw.choices(LETTERS, k=draw.randint(0, 1))
    return "".join(text) or "e"


def texts(draw, base, threshold):
    """Return texts about as far from the base as the threshold lets them be, and some unrelated ones."""
    most = most_distance(len(base), len(base), threshold)
    rows = [edited(draw, base, draw.randint(max(0, most - 5), most + 20)) for _ in range(40)]
    rows += [shifted(draw, base, most) for _ in range(30)]
    rows += [edited(draw, shifted(draw, base, most), draw.randint(0, 4)) for _ in range(20)]
    return [row for row in rows if row] + ["".join(draw.choices(LETTERS, k=len(base))) for _ in range(20)]


@given(seed=st.integers(0, 1 << 32), length=st.integers(40, 640), threshold=st.sampled_from([55, 62, 70, 75, 85, 95]))
@settings(max_examples=60, deadline=None)
def test_blocks_and_heads_drop_no_row_within_the_distance(seed, length, threshold):
    draw = random.Random(seed)  # noqa: S311 - repeatable on purpose
    base = "".join(draw.choices(LETTERS[: draw.choice([2, 5, 14])], k=length))
    segment = Segment(make_segment(enumerate(texts(draw, base, threshold))))
    query = edited(draw, base, draw.randint(0, 3))
    runs = list(sieve._possible(len(query), segment, lambda n: most_distance(n, len(query), threshold)))
    classes, counts = sieve.spell(query)
    twin = sorted(sieve._sift(classes, counts, runs, segment))
    prefix = draw.randint(32, 256)
    for width in WIDTHS:
        # Tables of blocks for every group of rows, however few, and for none.
        for fewest in (0, 1 << 40):
            found = sieve._sieve.sift(
                classes, counts, sieve._packed(runs), segment.counters, segment.texts, prefix, width, fewest
            )
            assert sorted(found) == twin


@pytest.mark.parametrize(
    ("piece", "edit"),
    [
        (5, lambda text, at: text[:at] + text[at + 1 :]),
        (4, lambda text, at: text[:at] + "z" + text[at + 1 :]),
        (3, lambda text, at: text[:at] + "z" + text[at:]),
    ],
    ids=["deleted", "replaced", "inserted"],
)
@pytest.mark.parametrize("at", range(4))
def test_a_block_with_one_edit_costs_no_more(piece, edit, at):
    # Every block of the row has one edit, so that the blocks cost just what the row does.
    draw = random.Random(at)  # noqa: S311 - repeatable on purpose
    base = "".join(draw.choices(LETTERS, k=60 * piece))
    row = "".join(edit(base[n : n + piece], at) for n in range(0, len(base), piece))
    segment = Segment(make_segment([(0, row)]))
    distance = Levenshtein.distance(base, row)
    classes, counts = sieve.spell(base)
    for width in WIDTHS:
        for allowed, kept in ((distance, [0]), (distance - 1, [])):
            runs = sieve._packed([(*segment.runs[0], allowed)])
            given = (classes, counts, runs, segment.counters, segment.texts, 256, width, 0)
            assert sieve._sieve.sift(*given) == kept


@pytest.mark.parametrize("threshold", [60, 70, 80])
def test_many_rows_of_a_length_are_sifted_as_brute_force_does(threshold):
    # More than pass a table at a time; those that pass the counters are mostly dropped by their blocks.
    draw = random.Random(threshold)  # noqa: S311 - repeatable on purpose
    words = ["".join(draw.choices(LETTERS[:12], k=draw.randint(1, 9))) for _ in range(60)]
    rows = [" ".join(draw.choices(words, k=40))[: draw.choice([150, 151, 160, 199])] for _ in range(6000)]
    rows += [edited(draw, rows[7], draw.randint(0, 80)) for _ in range(200)]
    segment = Segment(make_segment(enumerate(rows)))
    found = set(sieve.sift(rows[7], segment, lambda n: most_distance(n, len(rows[7]), threshold)))
    wanted = {
        n
        for n, row in enumerate(rows)
        if Levenshtein.distance(rows[7], row) <= most_distance(len(row), len(rows[7]), threshold)
    }
    assert wanted <= found
    assert len(found) <= len(wanted) + 50
    assert len(wanted) > 20


@pytest.mark.parametrize("distance", [-5, 0, 1, 200, 1 << 30])
def test_any_distance_and_runs_in_any_order_are_answered(distance):
    segment = Segment(make_segment(enumerate("e" * n for n in range(1, 300))))
    runs = [(*run, distance) for run in segment.runs][::-1]
    classes, counts = sieve.spell("e" * 100)
    twin = sorted(sieve._sift(classes, counts, [run for run in runs if abs(run[0] - 100) <= distance], segment))
    for width in WIDTHS:
        for order in (runs, runs[::2] + runs[1::2]):
            found = sieve._sieve.sift(
                classes, counts, sieve._packed(order), segment.counters, segment.texts, 100, width, 0
            )
            assert sorted(found) == twin
