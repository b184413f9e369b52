"""The aligner as a whole, with the model and the lexicon that ship."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align.aligner import Aligner
from tmalign.align.lattice import covers
from tmalign.align.prepared import Prepared, glue
from tmalign.memory.rows import Pin
from tmalign.model import BlockKind, Segment

JA = """ケニア共和国沿岸警備隊に対する海上保安能力向上支援の実施について
令和４年９月１２日
防衛省は、９月１２日から１６日までの５日間、ケニア共和国の首都ナイロビにおいて、海上保安能力の向上支援を実施する。
本支援は、捜索救難に関する知識の向上を目的とし、海上自衛隊から隊員４名を派遣する。
双方は、船舶の火災への対処について講義と実習を行う。
実習には、ケニア側から約３０名が参加する予定である。
防衛省は、インド太平洋地域の平和と安定のため、引き続き各国との協力を進めていく。
詳細は添付の資料を参照されたい。""".splitlines()
EN = """Capacity building on maritime safety for the Kenya Coast Guard Service
September 12, 2022
The Ministry of Defense will conduct capacity building on maritime safety in Nairobi, the capital of Kenya, for five \
days from September 12 to 16.
This program aims to improve knowledge of search and rescue, and four members of the Maritime Self-Defense Force \
will be dispatched.
Both sides will hold lectures and practical training on responding to fires on ships.
About 30 members from Kenya are scheduled to take part in the training.
The Ministry of Defense will continue to promote cooperation with other countries for peace and stability of the \
Indo-Pacific region.
For details, please see the attached document.""".splitlines()

# Another release of the same genre and about the same length.
OTHER = """Press conference on the budget request for museums and libraries
The Agency announced a plan to lend paintings to schools in the northern prefectures.
Teachers may order up to 40 works from a catalogue that lists oil paintings and prints.
A museum clerk will visit each school twice before winter and explain how to hang the frames.
Parents asked whether insurance covers damage by water.
The Agency replied that the cost is borne by the national lottery fund.
Applications are accepted by post until the end of January.""".splitlines()


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


def segments(texts):
    return [Segment(text) for text in texts]


def align(aligner, ja, en):
    return aligner.align("trial", segments(ja), segments(en))


def whole(alignment, n, m):
    beads = [(bead.ja, bead.en) for bead in alignment.beads]
    return covers(beads, n, m) and all(0 <= bead.probability <= 1 for bead in alignment.beads)


def test_a_translation_is_aligned_sentence_by_sentence(aligner):
    found = align(aligner, JA, EN)
    assert [(list(bead.ja), list(bead.en)) for bead in found.beads] == [([k], [k]) for k in range(8)]
    assert min(bead.probability for bead in found.beads) > 0.5
    assert (found.verdict, found.reason, found.release_id) == ("translation", "", "trial")
    assert found.pair_probability > 0.5


def test_sentences_that_were_joined_or_left_out_are_found(aligner):
    # Four and five are one sentence in English; six has none.
    en = [*EN[:4], EN[4].rstrip(".") + ", and a" + EN[5][1:], *EN[7:]]
    found = align(aligner, JA, en)
    pairs = [(list(bead.ja), list(bead.en)) for bead in found.beads]
    assert pairs == [([0], [0]), ([1], [1]), ([2], [2]), ([3], [3]), ([4, 5], [4]), ([6], []), ([7], [5])]


def test_the_wrong_page_is_unrelated(aligner):
    found = align(aligner, JA, OTHER)
    assert found.verdict == "unrelated"
    assert "do not translate" in found.reason
    assert whole(found, len(JA), len(OTHER))


def test_a_page_cut_short_is_partial(aligner):
    found = align(aligner, JA, EN[:3])
    assert found.verdict == "partial"
    assert "the English side covers" in found.reason
    other_way = align(aligner, JA[:3], EN)
    assert other_way.verdict == "partial"
    assert "the Japanese side covers" in other_way.reason


def test_the_same_input_gives_the_same_alignment(aligner):
    first = align(aligner, JA, EN)
    assert align(aligner, JA, EN) == first
    assert align(Aligner(), JA, EN) == first
    assert aligner.signature == first.signature
    assert all(part in first.signature for part in ("tmalign:", "lexicon:"))


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        (["甲", "乙"], [[0], [1]]),
        (["甲", "。", "乙"], [[0, 1], [2]]),
        (["（", "甲", "）", "***", "乙"], [[0, 1, 2, 3], [4]]),
        (["", "  ", "甲"], [[0, 1, 2]]),
        (["-", "…"], [[0, 1]]),
        (["甲", "_", "1"], [[0, 1], [2]]),
        ([], []),
    ],
)
def test_what_has_no_word_is_glued(texts, groups):
    assert glue(segments(texts)) == groups


def test_glued_segments_keep_the_first_ones_structure(aligner):
    ja = [Segment("（", BlockKind.NOTE, "※", 4), Segment("甲", BlockKind.ITEM, "１", 5)]
    prepared = Prepared(ja, segments(["a", "*", "b"]), aligner.lexicon)
    assert prepared.ja == [Segment("（甲", BlockKind.NOTE, "※", 4)]
    assert [segment.text for segment in prepared.en] == ["a *", "b"]


def test_glued_segments_come_back_in_the_beads(aligner):
    ja = [JA[0], "＊＊＊", *JA[1:4], "（", "）"]
    en = ["***", *EN[:4]]
    found = align(aligner, ja, en)
    pairs = [(list(bead.ja), list(bead.en)) for bead in found.beads]
    assert pairs == [([0, 1], [0, 1]), ([2], [2]), ([3], [3]), ([4, 5, 6], [4])]


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(JA, [], id="Japanese only"),
        pytest.param([], EN, id="English only"),
        pytest.param([""], [""], id="empty strings"),
        pytest.param(["", "", ""], ["", ""], id="more empty strings"),
        pytest.param(["。", "…", "―"], ["!", "--"], id="punctuation"),
        pytest.param(["。。"], EN, id="punctuation against text"),
        pytest.param(JA[2:3], EN * 8, id="one against many"),
        pytest.param(JA * 8, EN[2:3], id="many against one"),
        pytest.param(["の"], ["the"], id="words without content"),
        pytest.param(["甲" * 5000], ["word " * 3000], id="very long sentences"),
        pytest.param(["\x00\ud800", "\u202e1"], ["\x00\ud800", "\u200b"], id="odd characters"),
    ],
)
def test_every_sentence_stands_in_one_bead(aligner, ja, en):
    found = align(aligner, ja, en)
    assert whole(found, len(ja), len(en))
    if not ja or not en:
        assert found.verdict == "unrelated"
        assert found.reason == "one side has no text"
        assert found.pair_probability == 0


ja_text = st.sampled_from([*JA, "", "。", "３", "か？", "＊＊＊", "ＮＡＴＯ"]) | st.text(max_size=8)
en_text = st.sampled_from([*EN, "", ".", "3", "***", "NATO", "the"]) | st.text(max_size=8)
segment = {
    "kind": st.sampled_from(BlockKind),
    "marker": st.sampled_from(["", "１", "(2)", "・"]),
    "block": st.integers(0, 4),
}


@settings(max_examples=40, deadline=None)
@given(
    ja=st.lists(st.builds(Segment, text=ja_text, **segment), max_size=9),
    en=st.lists(st.builds(Segment, text=en_text, **segment), max_size=9),
)
def test_any_two_texts_are_covered_once_and_in_order(aligner, ja, en):
    found = aligner.align("trial", ja, en)
    assert whole(found, len(ja), len(en))
    assert 0 <= found.pair_probability <= 1
    assert bool(found.reason) == (found.verdict != "translation")


def test_texts_teach_the_words_of_their_beads_but_unrelated_ones_none(aligner):
    accepted = Pin("trial", JA[0], OTHER[0])
    for ja, en, pins in ((JA, EN, ()), (JA, OTHER, ()), (JA, OTHER, (accepted,)), (JA, [], ()), ([], EN, ())):
        draft = aligner.draft("trial", segments(ja), segments(en), pins)
        related = aligner.settle(draft).verdict != "unrelated"
        assert aligner.words(draft) == (draft.prepared.words(aligner.decode(draft.prepared).beads) if related else ())
    assert aligner.words(aligner.draft("trial", segments(JA), segments(EN)))
