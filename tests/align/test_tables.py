"""Word tables: what is written comes back, what is damaged is refused."""

import json
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmalign.align import tables
from tmalign.align.tables import Keys, WordTable, word_hash, word_hashes, write_table
from tmalign.errors import FormatError, MissingFileError, UnreadableFileError

words = st.text("あいうabc漢字 ", min_size=1, max_size=3)
weight = st.floats(0, 1)
cells = st.dictionaries(words, st.dictionaries(words, st.tuples(weight, weight), max_size=4), max_size=6)
needs_kernel = pytest.mark.skipif(not tables.COMPILED, reason="installed without a C compiler")
lenient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def looked_up(table, ja, en):
    """Return {(ja, en): weights as bytes} by the table's own look-up."""
    ja, en = list(ja), list(en)
    row, column, place = table.cells(table.rows(word_hashes(ja)), table.columns(word_hashes(en)))
    return {
        (ja[r], en[c]): tuple(int(table.weights[name][p]) for name in table.weights)
        for r, c, p in zip(row, column, place, strict=True)
    }


@lenient
@given(cells=cells, ja=st.sets(words, max_size=5), en=st.sets(words, max_size=5))
def test_look_ups_equal_the_dictionary_that_was_written(tmp_path, cells, ja, en):
    path = tmp_path / "t.table"
    write_table(path, cells, ("first", "second"), {"name": "trial"})
    table = WordTable(path)
    expected = {
        (j, e): tuple(max(1, round(255 * w)) for w in cells[j][e]) for j in ja for e in en if e in cells.get(j, {})
    }
    assert looked_up(table, ja, en) == expected
    assert [r >= 0 for r in table.rows(word_hashes(list(ja)))] == [j in cells for j in ja]
    assert (table.name, len(table.keys)) == ("trial", len(cells))


@needs_kernel
@lenient
@given(cells=cells, ja=st.lists(words, max_size=5), en=st.sets(words, max_size=5))
def test_compiled_look_ups_equal_those_of_numpy(tmp_path, cells, ja, en):
    path = tmp_path / "t.table"
    write_table(path, cells, ("first", "second"), {"name": "trial"})
    table = WordTable(path)
    ja_keys, en_keys = word_hashes(ja), word_hashes(en)
    for keys, wanted in ((table.keys, ja_keys), (table.stems, en_keys)):
        assert Keys(keys).find(wanted).tolist() == Keys(keys).find(wanted, compiled=False).tolist()
    rows, columns = table.rows(ja_keys), table.columns(en_keys)
    for one, other in zip(table.cells(rows, columns), table._cells(rows, columns), strict=True):
        assert one.tolist() == other.tolist()


@needs_kernel
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 400), unique=True), st.lists(st.integers(0, 2**64 - 1)))
def test_keys_are_found_however_they_are_spread_and_however_often_asked_for(keys, others):
    keys = np.array(sorted(keys), dtype=np.uint64)
    wanted = np.array([*keys.tolist(), *others, 0, 200, 2**64 - 1], dtype=np.uint64)
    table, again = Keys(keys), np.concatenate([wanted, wanted[::-1], keys])
    assert table.find(again).tolist() == table.find(again, compiled=False).tolist()


@needs_kernel
@given(st.lists(st.text(max_size=140) | st.text("\ud800\udfff字", max_size=4)))
def test_compiled_hashes_equal_those_of_python(some):
    expected = [tables.fresh_hash(word) for word in some]
    tables._HASHES.clear()
    assert word_hashes(some).tolist() == word_hashes(some).tolist() == expected
    assert word_hashes(some, compiled=False).tolist() == list(map(word_hash, some)) == expected


@needs_kernel
def test_only_so_many_hashes_are_kept(monkeypatch):
    monkeypatch.setattr(tables, "_HASHES_LIMIT", 2)
    tables._HASHES.clear()
    some = ["a", "b", "c", "d"]
    for _ in range(3):
        assert word_hashes(some).tolist() == [tables.fresh_hash(word) for word in some]
        assert len(tables._HASHES) <= 2


@needs_kernel
def test_compiled_look_ups_refuse_what_does_not_fit(whole):
    table = WordTable(whole)
    parts = table.start, table.column, table.column.itemsize, len(table.stems)
    nothing = np.zeros(0, dtype=np.int64)
    assert tables._tables.cross(*parts, nothing, nothing) == (b"", b"", b"")
    for rows, columns in (([9], [0]), ([0], [9])):
        with pytest.raises(ValueError, match="damaged"):
            tables._tables.cross(*parts, np.array(rows), np.array(columns))
    for start in ([5, 1, 3], [0, 1, 2**32 - 1]):  # rows that end before they begin, or beyond the last cell
        damaged = np.array(start, dtype=np.uint32), *parts[1:]
        with pytest.raises(ValueError, match="damaged"):
            tables._tables.cross(*damaged, np.array([0, 1]), np.array([0]))
    for item in (1, 3, 8):
        with pytest.raises(ValueError, match="damaged"):
            tables._tables.cross(parts[0], parts[1], item, parts[3], np.array([0]), np.array([0]))
    with pytest.raises(ValueError, match="damaged"):  # columns beyond the table's
        tables._tables.cross(*parts[:3], 1, np.array([0, 1]), np.array([0]))
    with pytest.raises(ValueError, match="do not fit"):
        tables._tables.find(table.keys, table.keys, np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.uint64))
    with pytest.raises(ValueError, match="do not fit"):
        tables._tables.find(table.keys, table.keys, np.zeros(len(table.keys), dtype=np.int64), np.zeros(6, np.uint64))
    with pytest.raises(TypeError):
        word_hashes([b"bytes"])
    with pytest.raises(TypeError):
        tables._words.hashes(["a"], {"a": "b"}, 9)


def test_many_columns_need_wider_indices(tmp_path):
    path = tmp_path / "wide.table"
    write_table(path, {"語": {f"w{k}": (k / 70_000,) for k in range(70_000)}}, ("weight",), {})
    table = WordTable(path)
    assert table.column.dtype == np.uint32
    assert looked_up(table, ["語"], ["w69999", "w0", "w70000"]) == {("語", "w69999"): (255,), ("語", "w0"): (1,)}
    assert table.name == "wide"


def test_hashes_are_stable_across_processes():
    # PYTHONHASHSEED must not matter: tables are written on one machine and read on another.
    code = "from tmalign.align.tables import word_hash; print(word_hash('会談'), word_hash('talk'))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == [str(word_hash("会談")), str(word_hash("talk"))]
    assert word_hash("会談") != word_hash("会議")
    assert word_hash("\ud800") != word_hash("\ud801")
    assert list(word_hashes(["talk"])) == [word_hash("talk")]


@pytest.fixture
def whole(tmp_path):
    path = tmp_path / "t.table"
    entries = {"会談": {"talk": (0.5,)}, "協力": {"cooper": (0.7,), "help": (0.2,)}}
    write_table(path, entries, ("weight",), {"name": "t"})
    return path


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(MissingFileError) as caught:
        WordTable(tmp_path / "none.table")
    assert caught.value.path == str(tmp_path / "none.table")
    assert caught.value.hint


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(UnreadableFileError):
        WordTable(tmp_path)


def test_every_truncation_is_refused(whole):
    data = whole.read_bytes()
    for size in range(len(data)):
        whole.write_bytes(data[:size])
        with pytest.raises(FormatError):
            WordTable(whole)
    whole.write_bytes(data)
    assert len(WordTable(whole).column) == 3


def with_header(data, change):
    (size,) = struct.unpack("<I", data[8:12])
    header = json.loads(data[12 : 12 + size])
    change(header)
    packed = json.dumps(header).encode()
    return data[:8] + struct.pack("<I", size) + packed.ljust(size) + data[12 + size :]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda h: h.pop("arrays"), id="no arrays"),
        pytest.param(lambda h: h.update(arrays=3), id="arrays are a number"),
        pytest.param(lambda h: h["arrays"].pop("stems"), id="no stems"),
        pytest.param(lambda h: h["arrays"].update(keys=["<u8", 1, h["arrays"]["keys"][2]]), id="too few keys"),
        pytest.param(lambda h: h["arrays"].update(weight=["|u1", 2, h["arrays"]["weight"][2]]), id="too few weights"),
        pytest.param(lambda h: h["arrays"].update(column=["x9", 3, 64]), id="unknown type"),
        pytest.param(lambda h: h["arrays"].update(column=["<u2", 3, -64]), id="negative offset"),
        pytest.param(lambda h: h["arrays"].update(column=["<u2", 10**9, 64]), id="beyond the end"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(whole, change):
    whole.write_bytes(with_header(whole.read_bytes(), change))
    with pytest.raises(FormatError):
        WordTable(whole)


def test_another_file_is_refused(whole):
    whole.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(FormatError, match="not a word table"):
        WordTable(whole)
