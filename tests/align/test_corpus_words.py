"""Two passes over many documents."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.align.aligner import Aligner
from tmalign.align.bitext import collect, learn_over
from tmalign.align.corpus_words import CORPUS, TwoPasses, align_all, corpus_table, digest
from tmalign.align.gold import read_gold
from tmalign.align.tables import word_hash, word_hashes
from tmalign.model import Segment, WordPair

PAIRS = [WordPair(("会談", "海保"), ("talk", "jcg"), 1.0), WordPair(("海保", "協力"), ("jcg", "cooper"), 0.9)]


def probabilities(lexicon, ja, en):
    row, column, to_en, to_ja = lexicon.probabilities(word_hashes(ja), word_hashes(en))
    return {(ja[r], en[c]): (float(a), float(b)) for r, c, a, b in zip(row, column, to_en, to_ja, strict=True)}


def test_what_was_met_once_is_no_witness_for_itself(small_lexicon):
    once = corpus_table(PAIRS[:1], small_lexicon)
    known = probabilities(small_lexicon.learned(once), ["会談", "海保"], ["talk", "jcg"])
    assert ("海保", "jcg") not in known
    twice = corpus_table(PAIRS * 2, small_lexicon)
    assert probabilities(small_lexicon.learned(twice), ["海保"], ["jcg"])["海保", "jcg"][0] > 0.1


def test_what_is_known_at_large_holds_where_the_corpus_says_nothing(small_lexicon):
    learned = small_lexicon.learned(corpus_table(PAIRS * 2, small_lexicon))
    assert probabilities(learned, ["会談"], ["meet"]) == probabilities(small_lexicon, ["会談"], ["meet"])
    assert probabilities(learned.learned(None), ["会談"], ["talk"]) == probabilities(small_lexicon, ["会談"], ["talk"])


def test_a_pair_of_words_has_one_entry_the_corpus_own(small_lexicon):
    learned = small_lexicon.learned(corpus_table(PAIRS * 8, small_lexicon))
    row, column, to_en, _ = learned.probabilities(word_hashes(["会談"]), word_hashes(["talk"]))
    assert len(row) == len(column) == 1
    assert to_en[0] != pytest.approx(probabilities(small_lexicon, ["会談"], ["talk"])["会談", "talk"][0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.lists(st.sampled_from("甲乙丙丁")), st.lists(st.sampled_from("abcd")), st.floats(0.5, 1))))
def test_learned_probabilities_are_shares(small_lexicon, rows):
    learned = learn_over(collect(rows), small_lexicon)
    assert len(set(zip(learned.ja.tolist(), learned.en.tolist(), strict=True))) == len(learned.ja)
    for given_words, values in ((learned.ja, learned.to_en), (learned.en, learned.to_ja)):
        assert ((values >= 0) & (values <= 1)).all()
        for word in set(given_words.tolist()):
            assert values[given_words == word].sum() <= 1 + 1e-9
    assert word_hash("") not in learned.ja


def test_nothing_to_learn_from_gives_no_table(small_lexicon):
    assert corpus_table([], small_lexicon) is None
    assert corpus_table([WordPair((), (), 1.0)], small_lexicon) is None


def test_the_name_of_a_table_tells_what_it_was_learned_from(small_lexicon):
    first, same, other = (corpus_table(pairs, small_lexicon) for pairs in (PAIRS * 2, PAIRS * 2, PAIRS * 3))
    assert first.name == same.name == f"{CORPUS}:{digest(collect(PAIRS * 2))}"
    assert other.name != first.name
    aligner = Aligner(lexicon=small_lexicon)
    assert aligner.learned(first).signature == aligner.learned_signature(first.name)
    assert aligner.learned(first).learned(None).signature == aligner.signature


def release(word):
    """Return an invented release of three sentences about something no dictionary lists."""
    ja = [f"{word}は、海保と会談した。", f"双方は、{word}の協力を確認した。", "会談は30分間行われた。"]
    en = [f"The {word} met the coast guard.", f"Both confirmed the {word}'s cooperation.", "It took 30 minutes."]
    return [Segment(text) for text in ja], [Segment(text) for text in en]


def drafts(aligner, count):
    for k in range(count):
        yield aligner.draft(f"r{k}", *release("ABCDEFG"[k]))


def test_documents_come_back_in_order_whatever_the_portions():
    aligner = Aligner()
    for portion in (1, 10, 10_000):
        found = list(align_all(aligner, drafts(aligner, 5), portion=portion))
        assert [alignment.release_id for alignment in found] == [f"r{k}" for k in range(5)]
        assert all(f"+{CORPUS}:" in alignment.signature for alignment in found)


def test_the_second_pass_equals_aligning_with_the_table_by_hand():
    aligner = Aligner()
    words = [pair for draft in drafts(aligner, 4) for pair in aligner.words(draft)]
    by_hand = aligner.learned(corpus_table(words, aligner.lexicon))
    found = list(align_all(aligner, drafts(aligner, 4)))
    assert [a.beads for a in found] == [by_hand.align(f"r{k}", *release("ABCDEFG"[k])).beads for k in range(4)]


def test_an_earlier_portion_teaches_a_later_one():
    aligner = Aligner()
    passes = TwoPasses(aligner)
    first = passes.learn(list(drafts(aligner, 3)))
    second = passes.learn(list(drafts(aligner, 1)))
    assert first.signature != second.signature != TwoPasses(aligner).learn(list(drafts(aligner, 1))).signature


def test_no_thread_outlives_a_first_pass_that_fails(monkeypatch):
    aligner = Aligner()
    held = list(drafts(aligner, 3))

    def fail(*_):
        raise LookupError

    monkeypatch.setattr(Aligner, "words", fail)
    with pytest.raises(LookupError):
        TwoPasses(aligner).learn(held)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("morphemes")]
    monkeypatch.undo()
    again = list(drafts(aligner, 3))
    assert [aligner.words(draft) for draft in held] == [aligner.words(draft) for draft in again]


def test_the_words_of_a_pair_are_its_sure_beads_without_figures():
    aligner = Aligner()
    (words,) = (aligner.words(draft) for draft in drafts(aligner, 1))
    assert words
    assert all(0.5 <= pair.weight <= 1 for pair in words)
    assert not [word for pair in words for word in (*pair.ja, *pair.en) if word[1:2] == ":"]


def test_gold_is_found_better_in_two_passes(request):
    """In half of the sample corpus, clean: at least as many beads, and none of the probabilities is out of bounds."""
    aligner = Aligner()
    gold = list(read_gold(request.config.rootpath / "corpora" / "foreign"))
    one = [aligner.align(d.id, d.ja, d.en) for d in gold]
    two = list(align_all(aligner, (aligner.draft(d.id, d.ja, d.en) for d in gold)))

    def right(alignments):
        wanted = [{(tuple(a), tuple(b)) for a, b in d.beads} for d in gold]
        return sum(
            (tuple(b.ja), tuple(b.en)) in pairs
            for pairs, a in zip(wanted, alignments, strict=True)
            for b in a.beads
            if b.ja and b.en
        )

    assert right(two) >= right(one)
    assert np.all([0 <= bead.probability <= 1 for alignment in two for bead in alignment.beads])
