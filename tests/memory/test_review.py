"""Human decisions: kept by texts, applied again after every rebuild, logged, taken back."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import UsageError
from tmalign.formats.tmx import read_tmx, write_tmx
from tmalign.formats.tmx.reading import TmxReader
from tmalign.memory.export import ExportOptions, export_tmx
from tmalign.memory.imports import import_tmx
from tmalign.memory.inventory import inventory
from tmalign.memory.reversal import undo
from tmalign.memory.review import decide
from tmalign.memory.rows import Pin
from tmalign.memory.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "standins"))
from memories import RICH, VARIED, plain, write
from parcels import JA, parcel


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "memory.sqlite") as opened:
        yield opened


def statuses(store):
    return {f"{entry.source}:{entry.position}": entry.status for entry in store.entries()}


def test_decisions_show_at_once_and_after_every_rebuild(store):
    store.save_release(*parcel("a"))
    done = decide(store, "a:0", "edit", en="The two ministers met.", person="hana", note="two of them")
    assert (done.entry.status, done.entry.en, done.units) == ("edited", "The two ministers met.", 1)
    decide(store, "2", "approve")
    decide(store, "a:2", "reject")
    expected = {"a:0": "edited", "a:1": "approved", "a:2": "rejected"}
    assert statuses(store) == expected
    store.save_release(*parcel("a", signature="s2"))
    assert statuses(store) == expected
    # The page gets other line ends and widths, and one other sentence: the texts find their place.
    store.save_release(*parcel("a", ja=("両大臣は\n会談 した。", "別の一文。", "以上｡")))
    assert statuses(store) == {**expected, "a:1": "unreviewed"}
    store.remove_missing([])
    assert inventory(store).waiting == 3
    assert sum(inventory(store).decisions.values()) == 3
    store.save_release(*parcel("a"))
    assert statuses(store) == expected
    assert next(store.entries()).en == "The two ministers met."
    edit = next(decision for decision, _ in store.decisions() if decision.verdict == "edit")
    assert (edit.person, edit.note, edit.en) == ("hana", "two of them", "The ministers met.")
    assert edit.decided.endswith("Z")


def test_the_tmx_holds_what_people_left(store):
    store.save_release(*parcel("a"))
    store.save_release(*parcel("b"))
    decide(store, "a:1", "approve")
    decide(store, "b:0", "edit", ja="両大臣は会った。")
    decide(store, "b:1", "reject")
    # Approved below the floor is in, rejected is out, edited is as edited.
    stream = io.BytesIO()
    write_tmx(stream, store.units(0.5))
    texts = stream.getvalue().decode()
    assert [(unit.release, unit.position, unit.status, unit.ja) for unit in store.units(0.5) if unit.en] == [
        ("a", 0, "unreviewed", JA[0]), ("a", 1, "approved", JA[1]), ("b", 0, "edited", "両大臣は会った。")
    ]  # fmt: skip
    assert texts.count('<prop type="x-status">') == 2
    assert '<prop type="x-status">edited</prop>' in texts
    own = io.BytesIO()
    assert export_tmx(store, own, ExportOptions(min_probability=0.5)).units == 3
    # One file of ours and the other hold the same units in the same words.
    assert own.getvalue().count(b"<tu ") == 3
    assert set(texts.splitlines()) - set(own.getvalue().decode().splitlines()) <= set(texts.splitlines()[:4])
    only = io.BytesIO()
    assert export_tmx(store, only, ExportOptions(statuses=frozenset({"rejected"}))).units == 1


def test_a_status_is_read_back_from_our_tmx(store, tmp_path):
    store.save_release(*parcel("a"))
    decide(store, "a:0", "approve")
    write_tmx(tmp_path / "a.tmx", store.units())
    assert [unit.status for unit in read_tmx(tmp_path / "a.tmx")] == ["approved", "unreviewed"]


def test_imported_units_are_decided_on_alike(store, tmp_path):
    path = write(tmp_path / "a.tmx", RICH, plain(1), VARIED)
    import_tmx(store, path)
    decide(store, "a.tmx:0", "edit", en="Article One")
    decide(store, "2", "reject")
    decide(store, "4", "reject")
    (tmp_path / "out.tmx").write_bytes(export(store))
    with TmxReader(tmp_path / "out.tmx") as reader:
        rich, varied = reader
    assert [variant.text for variant in rich.variants] == ["第一条 ", "Article One", "Article premier"]
    # Markup stays on the side that was not edited, everything else too.
    assert len(rich.variants[0].segment) > 1
    assert rich.property("x-status") == "edited"
    assert rich.attribute("creationid") == "hana"
    assert [variant.text for variant in varied.variants] == ["艦船", "ship"]
    assert varied.property("x-status") == ""
    # A newer version of the file finds what was decided on the older one.
    import_tmx(store, write(path, plain(0), plain(1), RICH))
    newest = list(store.entries())[-3:]
    assert [(entry.status, entry.en) for entry in newest] == [
        ("unreviewed", "Sentence 0."), ("rejected", "Sentence 1."), ("edited", "Article One")
    ]  # fmt: skip


def export(store):
    stream = io.BytesIO()
    export_tmx(store, stream)
    return stream.getvalue()


def test_decisions_that_mean_nothing_are_refused(store, tmp_path):
    store.save_release(*parcel("a"))
    for unit in ("9", "a:9", "b:0", "a", "", ":1", "9" * 30):
        with pytest.raises(UsageError, match="there is no unit"):
            decide(store, unit, "approve")
    with pytest.raises(UsageError, match="has these texts already"):
        decide(store, "1", "edit", en="The ministers met. ")
    with pytest.raises(UsageError, match="needs both texts"):
        decide(store, "1", "edit", en=" ")
    decide(store, "1", "edit", en="They met.")
    with pytest.raises(UsageError, match="was edited, which approves it"):
        decide(store, "1", "approve")
    assert len(store.changes()) == 1
    import_tmx(store, write(tmp_path / "a.tmx", plain(1)))
    undo(store)
    with pytest.raises(UsageError, match="there is no unit"):
        decide(store, "a.tmx:0", "approve")


def test_an_edit_of_an_edit_keeps_the_machines_texts(store):
    store.save_release(*parcel("a"))
    decide(store, "1", "edit", en="One.")
    decide(store, "1", "edit", ja="一。")
    ((decision, units),) = store.decisions()
    assert (decision.ja, decision.en, units) == (JA[0], "The ministers met.", 1)
    assert (decision.new_ja, decision.new_en) == ("一。", "One.")
    decide(store, "1", "reject")
    assert next(store.entries()).en == "The ministers met."
    undo(store)
    assert next(store.entries()).ja == "一。"


def test_pins_and_decisions_are_the_same_thing(store):
    store.save_release(*parcel("a"))
    store.save_pin(Pin("a", JA[0], "The ministers met.", "reject", "no"))
    assert statuses(store)["a:0"] == "rejected"
    decide(store, "2", "edit", en="Useful talks.")
    store.save_pin(Pin("a", JA[1], "The talks were useful."))
    assert statuses(store)["a:1"] == "edited"
    assert {(pin.ja, pin.en, pin.decision) for pin in store.pins("a")} == {
        (JA[0], "The ministers met.", "reject"), (JA[1], "The talks were useful.", "accept")
    }  # fmt: skip


def test_changes_are_taken_back_one_by_one(store):
    store.save_release(*parcel("a"))
    decide(store, "1", "approve")
    decide(store, "2", "reject")
    decide(store, "1", "edit", en="They met.")
    with pytest.raises(UsageError, match="a later change was made") as caught:
        undo(store, 1)
    assert "first" in caught.value.hint
    undo(store)
    assert statuses(store) == {"a:0": "approved", "a:1": "rejected", "a:2": "unreviewed"}
    undo(store)
    undo(store)
    assert set(statuses(store).values()) == {"unreviewed"}
    assert store.decisions() == ()
    with pytest.raises(UsageError, match="nothing to take back"):
        undo(store)
    with pytest.raises(UsageError, match="was taken back already, by change 4"):
        undo(store, 3)
    with pytest.raises(UsageError, match="there is no change 99"):
        undo(store, 99)
    undo(store, 6)
    assert statuses(store)["a:0"] == "approved"
    assert store.changes()[-1].undone_by is None
    # It stands again, so it can be taken back again.
    undo(store, 1)
    assert store.decisions() == ()


def test_a_build_can_be_taken_back(store):
    store.begin_build("corpus")
    for name in ("a", "b"):
        store.save_release(*parcel(name))
    store.finish_build({"aligned": 2})
    decide(store, "a:0", "approve")
    before, documents = list(store.units()), store.document("a", "ja")
    store.begin_build("corpus")
    store.save_release(*parcel("a", ja=("新。", "会談は有意義であった。", "以上。")))
    store.save_release(*parcel("c"))
    assert store.remove_missing(["a", "c"]) == 1
    store.finish_build({"aligned": 2, "removed": 1})
    after = list(store.units())
    mark = store.mark()
    last = store.changes()[0]
    assert (last.action, last.subject, last.finished, last.detail["removed"]) == ("build", "corpus", True, 1)
    change, done = undo(store)
    assert change.id == last.id
    assert list(store.units()) == before
    assert store.document("a", "ja") == documents
    assert statuses(store)["a:0"] == "approved"
    assert {entry.source for entry in store.entries(since=mark.revision)} == {"a", "b"}
    undo(store, done.id)
    assert list(store.units()) == after
    with pytest.raises(UsageError, match="not the last build"):
        undo(store, 1)


def test_a_build_that_was_broken_off_is_one_change(store):
    store.begin_build("corpus")
    store.save_release(*parcel("a"))
    assert [change.finished for change in store.changes()] == [False]
    store.begin_build("corpus")
    store.save_release(*parcel("b"))
    store.finish_build({"aligned": 1})
    (change,) = store.changes()
    assert change.finished
    undo(store)
    assert list(store.entries()) == []
    store.begin_build("corpus")
    store.finish_build({"aligned": 0})
    assert len(store.changes()) == 2


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["approve", "reject"]), st.integers(0, 2)),
        st.tuples(st.just("edit"), st.integers(0, 1)),
        st.tuples(st.just("rebuild"), st.permutations([0, 1, 2])),
        st.tuples(st.just("remove"), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(ACTIONS)
def test_decisions_hold_whatever_machines_do_and_undo_goes_all_the_way_back(tmp_path_factory, actions):
    path = tmp_path_factory.mktemp("review") / "memory.sqlite"
    with Store(path) as store:
        release, sentences, alignment, units = parcel("a")
        wanted = {}
        made = 0
        store.save_release(release, sentences, alignment, units)
        for number, (action, value) in enumerate(actions):
            there = list(store.entries())
            if action == "rebuild":
                moved = [replace(units[n], position=place) for place, n in enumerate(value)]
                store.save_release(release, sentences, alignment, moved)
            elif action == "remove":
                store.remove_missing([])
            elif there:
                target = next((entry for entry in there if entry.position == value), None)
                if target.en == "" and action == "edit":
                    continue
                original = next(unit for unit in units if unit.position == int(units_at(store, target.id)))
                try:
                    decide(store, str(target.id), action, en=f"Edit {number}." if action == "edit" else None)
                except UsageError:
                    assert wanted[original.ja][0] == "edited"
                    continue
                made += 1
                status = {"approve": "approved", "reject": "rejected", "edit": "edited"}[action]
                wanted[original.ja] = (status, f"Edit {number}." if action == "edit" else original.en)
        store.save_release(release, sentences, alignment, units)
        shown = {entry.position: (entry.status, entry.en) for entry in store.entries()}
        assert shown == {unit.position: wanted.get(unit.ja, ("unreviewed", unit.en)) for unit in units}
        for _ in range(made):
            undo(store)
        assert store.decisions() == ()
        assert {entry.status for entry in store.entries()} == {"unreviewed"}


def units_at(store, number):
    """Return the position in the first alignment of the unit with this number."""
    with store.snapshot() as connection:
        (ja,) = connection.execute("SELECT ja FROM units WHERE id = ?", (number,)).fetchone()
    return JA.index(ja)
