"""Memories merged, compared, cleaned and put back."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import FormatError
from tmalign.formats.exchange import Note, Property, TranslationUnit, Variant
from tmalign.formats.tmx.writing import write_units
from tmalign.memory.merge import CleanReport, MergeReport, clean, diff, merge, restore
from tmalign.memory.quality import CHECKS, Inspector
from tmalign.memory.statistics import statistics


def unit(ja, en, attributes=(), properties=(), notes=()):
    return TranslationUnit((Variant("ja", (ja,)), Variant("en", (en,))), attributes, properties, notes)


def merged(*memories):
    report = MergeReport()
    found = list(merge([lambda memory=memory: memory for memory in memories], report))
    assert (report.read, report.written) == (sum(map(len, memories)), len(found))
    assert report.repeated == report.read - report.written
    return found, report


def test_a_unit_stands_once_and_keeps_what_all_knew():
    old = unit("あ", "a", (("creationdate", "20200101T000000Z"), ("tuid", "1")), (Property("x", "1"),))
    new = unit(
        "あ",
        "a",
        (("creationdate", "20210101T000000Z"), ("changedate", "20220101T000000Z"), ("creationid", "b")),
        (Property("y", "2"), Property("x", "1")),
        (Note("n"),),
    )
    found, report = merged([unit("い", "b"), old], [new, unit("う", "c")])
    assert [item.variants[0].text for item in found] == ["い", "あ", "う"]
    assert found[1].attributes == (
        ("creationdate", "20200101T000000Z"),
        ("changedate", "20220101T000000Z"),
        ("creationid", "b"),
        ("tuid", "1"),
    )
    assert found[1].properties == (Property("x", "1"), Property("y", "2"))
    assert found[1].notes == (Note("n"),)
    assert report.metadata_joined == 1


pieces = st.builds(unit, st.sampled_from("あいう"), st.sampled_from("abc"))
memories = st.lists(pieces, max_size=8)


@given(memories, memories)
def test_merging_loses_and_makes_nothing(one, other):
    found, _ = merged(one, other)
    assert found == list(dict.fromkeys([*one, *other]))


def differences(before, after, ignored=()):
    return [
        (item.change, item.source, len(item.before), len(item.after))
        for item in diff(lambda: before, lambda: after, "ja", "en", ignored)
    ]


def test_differences_are_of_meaning():
    same, dated = unit("あ", "a"), unit("い", "b", (("changedate", "2"),))
    before = [same, unit("い", "b"), unit("う", "c"), unit("え", "d")]
    after = [dated, unit("う", "C"), unit("お", "e"), same]
    assert differences(before, after) == [
        ("metadata", "い", 1, 1),
        ("rendering", "う", 1, 1),
        ("added", "お", 0, 1),
        ("removed", "え", 1, 0),
    ]
    assert differences(before, after, ["changedate"])[0][0] == "rendering"


def test_order_and_languages_without_the_pair_do_not_count():
    one = TranslationUnit((Variant("ja-JP", ("あ",)), Variant("en-US", ("a",))))
    alone = TranslationUnit((Variant("fr", ("x",)),))
    assert differences([one, unit("い", "b")], [unit("い", "b"), alone, one]) == []


@given(memories, memories)
def test_differences_are_those_of_a_plain_comparison(before, after):
    def plain(memory):
        found = {}
        for item in memory:
            found.setdefault(item.variants[0].text, Counter())[item.variants[1].text] += 1
        return found

    old, new = plain(before), plain(after)
    expected = {("removed", key) for key in old.keys() - new.keys()} | {
        ("added", key) for key in new.keys() - old.keys()
    }
    for key in old.keys() & new.keys():
        if set(old[key]) != set(new[key]):
            expected.add(("rendering", key))
        if any(old[key][text] != new[key][text] for text in old[key].keys() & new[key].keys()):
            expected.add(("metadata", key))
    assert {(change, source) for change, source, _, _ in differences(before, after)} == expected


texts = st.sampled_from(["あ", "い。", "１２円", "", "本文の続きを読む"])
rendered = st.sampled_from(["a", "b.", "12 yen", "13 yen", "", "A"])


def written(units):
    stream = io.BytesIO()
    write_units(stream, units)
    return stream.getvalue()


@settings(deadline=None)
@given(st.lists(st.builds(unit, texts, rendered), max_size=12))
def test_cleaning_is_reversible(units):
    report = CleanReport()
    cleaned = list(clean(units, Inspector(CHECKS, "ja", "en"), report))
    kept = [item for item, fine in cleaned if fine]
    removed = [item for item, fine in cleaned if not fine]
    assert (report.kept, report.removed) == (len(kept), len(removed))
    assert all(item.property("x-clean-check") and item.property("x-clean-reason") for item in removed)
    assert written(restore(kept, removed)) == written(units)
    # What is clean stays clean.
    assert all(fine for _, fine in clean(kept, Inspector(CHECKS, "ja", "en"), CleanReport()))


def test_what_clean_did_not_write_is_not_put_back():
    with pytest.raises(FormatError, match="x-clean-place"):
        list(restore([], [unit("あ", "a")]))


def test_a_mark_of_an_earlier_cleaning_does_not_mislead():
    odd = unit("あ", "", (), (Property("x-clean-place", "7"),))
    (removed,) = [item for item, _ in clean([odd], Inspector(["empty"], "ja", "en"), CleanReport())]
    assert [item.text for item in removed.properties if item.type == "x-clean-place"] == ["7", "0"]
    assert list(restore([], [removed])) == [odd]


def test_statistics_count():
    found = statistics([unit("あ い", "a bc"), unit("あ い", "a bc", (("creationdate", "20200101"),)), unit("", "d")])
    assert (found.units, found.distinct, found.variants, found.empty) == (3, 2, 6, 1)
    assert (found.characters["en"], found.words["en"], found.words["ja"]) == (7, 5, 4)
    mixed = statistics([unit("NATOと会談", "Talks - with NATO")])
    assert (mixed.words["ja"], mixed.words["en"]) == (4, 3)
    assert (found.first_date, found.last_date) == ("20200101", "20200101")
