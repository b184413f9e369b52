"""Long documents: windows cover both sides, cuts fall on true pairs, and the alignment stays that of the whole."""

import random
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align import windows as rooms
from tmalign.align.aligner import Aligner, Prepared
from tmalign.align.lattice import covers
from tmalign.align.units import Units
from tmalign.align.windows import Window, anchors, windows
from tmalign.model import Segment


def code(rng):
    """Return a word without vowels: no stemmer touches it."""
    return "".join(rng.choices("bcdfghjklmnp", k=7))


def long_pair(count, seed, missing=()):
    """Return two lists of units that share codes, as names and numbers would; English lacks some."""
    rng = random.Random(seed)  # noqa: S311 - invented text
    words = [tuple(code(rng) for _ in range(4)) for _ in range(count)]
    ja = [Units(one, 30) for one in words]
    return ja, [Units(one, 70) for k, one in enumerate(words) if k not in missing]


def whole(found, n, m):
    return covers([(window.ja, window.en) for window in found], n, m)


def test_short_documents_are_one_window(small_lexicon):
    units = [Units(("x",), 3)] * 400
    assert windows(units, units, small_lexicon) == [Window(range(400), range(400))]
    assert windows(units[:1], units[:60], small_lexicon) == [Window(range(1), range(60))]


def test_long_documents_are_cut_at_true_pairs(small_lexicon):
    missing = set(range(200, 230)) | set(range(0, 600, 17))
    ja, en = long_pair(600, 1, missing)
    kept = [k for k in range(600) if k not in missing]
    found = windows(ja, en, small_lexicon)
    assert whole(found, 600, len(en))
    assert len(found) > 3
    for window in found[1:]:
        assert kept[window.en.start] == window.ja.start
    assert max(len(window.ja) for window in found) <= 200


def test_anchors_rise_and_are_true(small_lexicon):
    ja, en = long_pair(80, 3, {5, 6, 40})
    swapped = [*en[:20], en[21], en[20], *en[22:]]
    found = anchors(ja, swapped, small_lexicon)
    assert all(i < k and j < q for (i, j), (k, q) in pairwise(found))
    assert len(found) > 60
    assert all(set(ja[i].words) == set(swapped[j].words) for i, j in found)


def test_nothing_shared_gives_no_anchor(small_lexicon):
    ja, _ = long_pair(30, 1)
    _, en = long_pair(30, 2)
    assert anchors(ja, en, small_lexicon) == []
    assert anchors([Units((), 1)], [Units((), 1)], small_lexicon) == []


def test_a_sentence_with_two_likely_partners_is_no_anchor(small_lexicon):
    ja, en = long_pair(40, 4)
    en[21] = Units(en[20].words[:3], 70)
    assert (20, 20) not in anchors(ja, en, small_lexicon)
    assert (19, 19) in anchors(ja, en, small_lexicon)
    assert (20, 20) in anchors(ja, long_pair(40, 4)[1], small_lexicon)


def test_a_text_that_repeats_itself_is_anchored_by_its_order(small_lexicon):
    ja, en = long_pair(400, 9)
    found = anchors([*ja, *ja], [*en, *en], small_lexicon)
    assert found == [(k, k) for k in range(800)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=9, unique=True), st.data())
def test_the_chain_has_the_greatest_score(pairs, data):
    score = [data.draw(st.integers(1, 9)) for _ in pairs]
    chain = rooms._rising([i for i, _ in pairs], [j for _, j in pairs], [float(x) for x in score])
    assert all(i < k and j < q for (i, j), (k, q) in pairwise(chain))
    worth = dict(zip(pairs, score, strict=True))
    best = 0
    for size in range(len(pairs) + 1):
        for some in combinations(sorted(pairs), size):
            if all(i < k and j < q for (i, j), (k, q) in pairwise(some)):
                best = max(best, sum(worth[pair] for pair in some))
    assert sum(worth[pair] for pair in chain) == best


def test_a_lone_anchor_is_not_trusted_with_a_cut():
    lone = [(0, 0), (150, 150), (151, 160), (300, 300), (301, 301)]  # what follows 150 lies off its diagonal
    assert list(rooms._choose(lone, 500, 500)) == [(300, 300)]


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 1500), m=st.integers(1, 1500), seed=st.integers(0, 3))
def test_windows_cover_everything_and_stay_small(small_lexicon, n, m, seed):
    ja, _ = long_pair(n, seed)
    en, _ = long_pair(m, seed)
    found = windows(ja, en, small_lexicon)
    assert whole(found, n, m)
    if n * m > rooms.DENSE_CELLS:
        assert max(len(window.ja) * len(window.en) for window in found) <= rooms.DENSE_CELLS


def test_a_windowed_alignment_is_the_alignment_of_the_whole(monkeypatch):
    rng = random.Random(7)  # noqa: S311 - invented text
    capitals = ["Oslo", "Nairobi", "Lisbon", "Santiago", "Tonga", "Jakarta", "Manila", "Canberra", "Apia", "Suva"]
    kana = [
        "オスロ",
        "ナイロビ",
        "リスボン",
        "サンティアゴ",
        "トンガ",
        "ジャカルタ",
        "マニラ",
        "キャンベラ",
        "アピア",
        "スバ",
    ]
    ja, en = [], []
    for _ in range(150):
        place, number, day = rng.randrange(10), rng.randrange(20, 900), rng.randrange(1, 29)
        ja.append(Segment(f"{day}日、{kana[place]}において{number}名の隊員が訓練に参加した。"))
        if rng.random() > 0.1:
            en.append(Segment(f"On day {day}, {number} personnel took part in the training in {capitals[place]}."))
    aligner = Aligner()
    dense = aligner.align("trial", ja, en)
    monkeypatch.setattr(rooms, "DENSE_CELLS", 1000)
    monkeypatch.setattr(rooms, "_WINDOW", 20)
    assert len(Prepared(ja, en, aligner.lexicon).windows) > 3
    cut = aligner.align("trial", ja, en)
    assert covers([(bead.ja, bead.en) for bead in cut.beads], len(ja), len(en))
    same = {(bead.ja, bead.en) for bead in dense.beads} & {(bead.ja, bead.en) for bead in cut.beads}
    assert len(same) > 0.97 * len(dense.beads)
    assert cut.verdict == dense.verdict == "translation"


def test_a_few_sentences_against_very_many_are_cut_too(small_lexicon):
    few, many = [Units(("会談",), 10)] * 4, [Units((f"w{k}",), 20) for k in range(3000)]
    for ja, en in ((few, many), (many, few)):
        found = windows(ja, en, small_lexicon)
        assert covers([(w.ja, w.en) for w in found], len(ja), len(en))
        assert max(len(w.ja) + len(w.en) for w in found) <= rooms._LONGEST_DENSE + 4
