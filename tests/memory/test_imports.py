"""Any tool's TMX in the store and out of it: once, whole, and as it was."""

from __future__ import annotations

import io
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.errors import EmptyFileError, FormatError, MissingFileError, StoreError, UnreadableFileError, UsageError
from tmalign.formats.exchange import MemoryHeader, Note, Property, Tag, TranslationUnit, Variant
from tmalign.formats.tmx.reading import TmxReader
from tmalign.formats.tmx.writing import write_units
from tmalign.memory import imports
from tmalign.memory.contents import packed_header, packed_unit, unpacked_header, unpacked_unit
from tmalign.memory.export import ExportOptions, export_tmx
from tmalign.memory.imports import ImportOptions, import_tmx
from tmalign.memory.inventory import inventory
from tmalign.memory.pairings import MOST_PAIRINGS
from tmalign.memory.reversal import undo
from tmalign.memory.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "standins"))
from memories import FOREIGN, RICH, VARIED, plain, write
from parcels import parcel

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "tmx-samples"


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "memory.sqlite") as opened:
        yield opened


def exported(store, **options):
    stream = io.BytesIO()
    export_tmx(store, stream, ExportOptions(**options))
    return stream.getvalue()


def rewritten(path):
    stream = io.BytesIO()
    with TmxReader(path) as reader:
        write_units(stream, reader, reader.header)
    return stream.getvalue()


def test_an_imported_file_is_in_with_all_it_has(store, tmp_path):
    path = write(tmp_path / "client.tmx", RICH, plain(1), VARIED, FOREIGN, tool="Trados")
    report = import_tmx(store, path, ImportOptions(person="hana"))
    assert (report.name, report.collection, report.outcome) == ("client.tmx", "client", "imported")
    assert (report.units, report.pairs) == (4, 3)
    assert report.counts == {"further pairings": 1, "without Japanese": 1}
    assert report.languages == {"ja-JP": 1, "EN-US": 1, "fr": 1, "ja": 2, "en": 3, "en-GB": 1, "de": 1}
    first, second, third, fourth, fifth = store.entries()
    assert (first.ja, first.en, first.date) == ("第一条", "Article 1", "2031-02-03")
    assert (first.collection, first.source, first.position, first.origin) == ("client", "client.tmx", 0, "import")
    assert (first.probability, first.status) == (1.0, "unreviewed")
    assert second.date == ""
    assert [(entry.ja, entry.en, entry.position) for entry in (third, fourth)] == [
        ("艦船", "ship", 2), ("艦船", "vessel", 2)
    ]  # fmt: skip
    assert (fifth.ja, fifth.en) == ("", "ship")
    assert exported(store, memory="client.tmx") == rewritten(path)
    (memory,) = inventory(store).memories
    assert (memory.tool, memory.source_language, memory.person) == ("Trados 2", "ja-JP", "hana")
    (change,) = store.changes()
    assert (change.action, change.subject, change.person, change.finished) == ("import", "client.tmx", "hana", True)


def test_the_same_file_again_changes_nothing(store, tmp_path):
    path = write(tmp_path / "a.tmx", plain(1), plain(2))
    import_tmx(store, path)
    mark = store.mark()
    path.rename(tmp_path / "renamed.tmx")
    report = import_tmx(store, tmp_path / "renamed.tmx", ImportOptions(collection="other"))
    assert (report.outcome, report.name, report.collection, report.units) == ("unchanged", "a.tmx", "a", 2)
    assert store.mark() == mark
    assert len(store.changes()) == 1


def test_a_newer_file_of_the_name_stands_beside_or_replaces(store, tmp_path):
    path = write(tmp_path / "a.tmx", plain(1))
    first = import_tmx(store, path)
    write(path, plain(2))
    assert import_tmx(store, path).earlier == (first.memory,)
    assert [entry.en for entry in store.entries()] == ["Sentence 1.", "Sentence 2."]
    write(path, plain(3))
    report = import_tmx(store, path, ImportOptions(replace=True))
    assert report.replaced == (1, 2)
    assert [entry.en for entry in store.entries()] == ["Sentence 3."]
    assert sorted(store.gone()) == [1, 2]
    undo(store)
    assert [entry.en for entry in store.entries()] == ["Sentence 1.", "Sentence 2."]


@pytest.mark.parametrize("name", ["a.tmx", "a.TMX", "a.tmx.gz", "a"])
def test_a_collection_is_named_for_the_file(store, tmp_path, name):
    import gzip  # noqa: PLC0415

    path = write(tmp_path / name, plain(1))
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert import_tmx(store, path).collection == "a"
    assert import_tmx(store, write(tmp_path / "b", plain(2)), ImportOptions(collection="")).collection == ""


def test_a_broken_file_leaves_nothing(store, tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "PORTION", 100)
    path = write(tmp_path / "a.tmx", *map(plain, range(9000)), "<tu><broken")
    with pytest.raises(FormatError) as caught:
        import_tmx(store, path)
    assert caught.value.line
    assert list(store.entries()) == []
    assert store.changes() == ()
    assert inventory(store).memories == ()
    # An index that had seen the first portions hears that they are gone.
    gone = sorted(store.gone())
    assert len(gone) >= 100
    assert gone == list(range(1, len(gone) + 1))


def test_what_cannot_be_read_is_named(store, tmp_path):
    with pytest.raises(MissingFileError):
        import_tmx(store, tmp_path / "nothing.tmx")
    with pytest.raises(UnreadableFileError):
        import_tmx(store, tmp_path)
    (tmp_path / "empty.tmx").touch()
    with pytest.raises(EmptyFileError):
        import_tmx(store, tmp_path / "empty.tmx")
    assert store.changes() == ()


class StoppedError(Exception):
    """Stands for a kill."""


def stop_at(limit):
    def progress(number):
        if number >= limit:
            raise StoppedError

    return progress


@pytest.mark.parametrize("limit", [1, 4, 6, 9])
def test_an_import_that_was_broken_off_goes_on(store, tmp_path, monkeypatch, limit):
    monkeypatch.setattr(imports, "PORTION", 3)
    path = write(tmp_path / "a.tmx", *map(plain, range(9)), RICH)
    with pytest.raises(StoppedError):
        import_tmx(store, path, progress=stop_at(limit))
    before = list(store.entries())
    assert len(before) == -(-limit // 3) * 3
    assert not inventory(store).memories[0].finished
    assert not store.changes()[0].finished
    report = import_tmx(store, path)
    assert (report.outcome, report.units, report.pairs) == ("resumed", 10, 10)
    assert list(store.entries())[: len(before)] == before
    assert exported(store, memory="a.tmx") == rewritten(path)
    (change,) = store.changes()
    assert (change.finished, change.detail["units"]) == (True, 10)


def test_two_imports_of_one_file_at_once_share_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "PORTION", 7)
    path = write(tmp_path / "a.tmx", *map(plain, range(200)))

    def run(_):
        with Store(tmp_path / "memory.sqlite") as store:
            return import_tmx(store, path)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(run, range(4)))
    assert {report.units for report in reports} == {200}
    with Store(tmp_path / "memory.sqlite") as store:
        assert [entry.position for entry in store.entries()] == list(range(200))
        assert [change.finished for change in store.changes()] == [True]


def test_an_import_that_is_undone_meanwhile_stops(store, tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "PORTION", 2)
    path = write(tmp_path / "a.tmx", *map(plain, range(9)))

    def take_back(number):
        if number == 4:
            undo(store)

    with pytest.raises(StoreError, match="undone while it ran"):
        import_tmx(store, path, progress=take_back)
    assert list(store.entries()) == []
    # Asked for again, it comes back and is finished.
    assert import_tmx(store, path).units == 9
    assert [entry.position for entry in store.entries()] == list(range(9))


def test_a_file_that_changes_under_the_reader_is_not_kept(store, tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "PORTION", 2)
    path = write(tmp_path / "a.tmx", *map(plain, range(9)))
    with pytest.raises(StoreError, match="changed while it was read"):
        import_tmx(store, path, progress=lambda _: path.write_bytes(path.read_bytes() + b" "))
    assert list(store.entries()) == []


def test_an_import_can_be_undone_and_redone(store, tmp_path):
    path = write(tmp_path / "a.tmx", plain(1), RICH)
    import_tmx(store, path)
    before = [entry.id for entry in store.entries()]
    mark = store.mark()
    change, done = undo(store)
    assert (change.action, done.action, done.detail["undoes"]) == ("import", "undo", change.id)
    assert list(store.entries()) == []
    assert sorted(store.gone(mark.revision)) == before
    assert store.entry_count() == 0
    mark = store.mark()
    undo(store, done.id)
    assert [entry.id for entry in store.entries(since=mark.revision)] == before
    undo(store, change.id)
    assert import_tmx(store, path).outcome == "shown"
    assert [entry.id for entry in store.entries()] == before


def test_our_own_tmx_keeps_its_probability(store, tmp_path):
    path = tmp_path / "own.sqlite"
    with Store(path) as own:
        own.save_release(*parcel("2031/a"))
        (tmp_path / "own.tmx").write_bytes(exported(own))
    import_tmx(store, tmp_path / "own.tmx")
    assert [(entry.probability, entry.date) for entry in store.entries()] == [
        (0.97, "2031-04-09"), (0.4, "2031-04-09")
    ]  # fmt: skip


def test_a_unit_with_very_many_texts_is_kept_whole(store, tmp_path):
    texts = "".join(f'<tuv xml:lang="{tag}"><seg>{tag}{n}</seg></tuv>' for tag in ("ja", "en") for n in range(30))
    path = write(tmp_path / "a.tmx", f"<tu>{texts}</tu>")
    report = import_tmx(store, path)
    assert report.counts["further pairings"] == MOST_PAIRINGS - 1
    assert exported(store, memory="a.tmx") == rewritten(path)


def test_exports_hold_releases_then_memories(store, tmp_path):
    store.save_release(*parcel("2031/b"))
    store.save_release(*parcel("2031/a"))
    import_tmx(store, write(tmp_path / "z.tmx", plain(1)))
    import_tmx(store, write(tmp_path / "y.tmx", plain(2)), ImportOptions(collection="2031/extra"))
    (tmp_path / "all.tmx").write_bytes(exported(store))
    with TmxReader(tmp_path / "all.tmx") as reader:
        assert reader.header.attribute("srclang") == "ja"
        found = [unit.property("x-release") or unit.variants[1].text for unit in reader]
    assert found == ["2031/a", "2031/a", "2031/b", "2031/b", "Sentence 1.", "Sentence 2."]
    assert exported(store, collection="2031").count(b"<tu") == exported(store).count(b"<tu") - 3
    assert exported(store, collection="z").count(b"<tu>") == 1
    assert exported(store, min_probability=0.5).count(b"x-release") == 2
    with pytest.raises(UsageError, match="no memory"):
        exported(store, memory="x.tmx")
    with pytest.raises(UsageError, match="no collection"):
        exported(store, collection="203")


def test_exports_count_what_xml_forbids(store):
    store.save_release(*parcel("a", ja=("一\x01。", "二。", "三。")))
    assert export_tmx(store, io.BytesIO()).characters_removed == 1


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of other tools are not here")
def test_samples_of_other_tools_come_out_as_they_went_in(store):
    number = 0
    for path in sorted(SAMPLES.glob("*.tmx")):
        try:
            import_tmx(store, path)
        except EmptyFileError:
            continue
        assert exported(store, memory=path.name) == rewritten(path), path.name
        number += 1
    assert number > 40


WORDS = st.text(max_size=12)
ATTRIBUTES = st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple)
PROPERTIES = st.lists(st.builds(Property, WORDS, WORDS, ATTRIBUTES), max_size=2).map(tuple)
NOTES = st.lists(st.builds(Note, WORDS, ATTRIBUTES), max_size=2).map(tuple)
RUNS = st.lists(st.one_of(WORDS.filter(bool), st.builds(Tag, WORDS, ATTRIBUTES, st.just("empty"))), max_size=3).map(
    tuple
)
LANGUAGES = st.sampled_from(["ja", "ja-JP", "en", "EN-us", "fr", ""])
VARIANTS = st.lists(st.builds(Variant, LANGUAGES, RUNS, ATTRIBUTES, PROPERTIES, NOTES), max_size=4).map(tuple)


@given(st.builds(TranslationUnit, VARIANTS, ATTRIBUTES, PROPERTIES, NOTES))
def test_contents_come_back(unit):
    texts = {}
    first = {}
    for number, variant in enumerate(unit.variants):
        language = variant.language[:2].lower()
        if language in {"ja", "en"} and language not in first:
            first[language] = texts[number] = variant.text
    packed = packed_unit(unit, texts)
    packed.encode()
    assert unpacked_unit(packed, first.get("ja", ""), first.get("en", "")) == unit


@given(st.builds(MemoryHeader, WORDS, ATTRIBUTES, PROPERTIES, NOTES))
def test_headers_come_back(header):
    assert unpacked_header(packed_header(header)) == header


UNITS = st.lists(st.sampled_from([RICH, VARIED, FOREIGN, plain(1), plain(2)]), max_size=12)


@settings(max_examples=25, deadline=None)
@given(UNITS, st.integers(1, 5), st.lists(st.integers(0, 12), max_size=3))
def test_however_often_it_is_broken_off_the_result_is_the_same(tmp_path_factory, units, portion, stops):
    folder = tmp_path_factory.mktemp("imports")
    path = write(folder / "a.tmx", *units)
    with pytest.MonkeyPatch.context() as patch, Store(folder / "memory.sqlite") as store:
        patch.setattr(imports, "PORTION", portion)
        for limit in stops:
            try:
                import_tmx(store, path, progress=stop_at(limit))
            except StoppedError:
                continue
        report = import_tmx(store, path)
        assert report.units == len(units)
        assert exported(store, memory="a.tmx") == rewritten(path)
    with closing(sqlite3.connect(folder / "memory.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
