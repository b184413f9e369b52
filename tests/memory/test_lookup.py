"""Lookup returns what comparing the query with every unit would, whatever happened to the memory before."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmalign.memory import sieve
from tmalign.memory.entries import Entry, Mark
from tmalign.memory.lookup import Filter, Lookup
from tmalign.memory.lookup_index import LookupIndex
from tmalign.memory.segments import DamagedSegmentError, Segment, make_segment, merge_segments
from tmalign.memory.similarity import most_distance, percent, similarity
from tmalign.text.width import fold

KERNELS = [pytest.param(False, id="numpy")]
if sieve.COMPILED:
    KERNELS.append(pytest.param(True, id="compiled"))

# Few characters, so that texts are alike; with some that fold, expand, join or vanish.
ALPHABET = "あいアイ会談大臣行った。、１2ab AB…㈱ｶﾞが\u200b\U00020bb7"
texts = st.text(ALPHABET, min_size=1, max_size=40)


def levenshtein(first, second):
    """Return the distance by the textbook's table (Wagner and Fischer 1974)."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            before, row[j] = row[j], min(before + (a != b), row[j] + 1, row[j - 1] + 1)
    return row[-1]


class Changing:
    """A memory in a dictionary that changes as a store does."""

    def __init__(self):
        self.units, self.dropped = {}, {}
        self.revision = 0
        self.generation = "first"
        self.next = 1

    def mark(self):
        return Mark(self.generation, self.revision)

    def put(self, ja, en="", number=None, **columns):
        self.revision += 1
        number = number or self.next
        self.next = max(self.next, number + 1)
        given = {"collection": "", "date": "", "probability": 1.0, "status": "unreviewed"} | columns
        self.units[number] = Entry(
            id=number, ja=ja, en=en, origin="import", source="x.tmx", position=0, revision=self.revision, **given
        )
        return number

    def drop(self, number):
        self.revision += 1
        del self.units[number]
        self.dropped[number] = self.revision

    def gone(self, since=0):
        return (number for number, revision in self.dropped.items() if revision > since)

    def entries(self, *, since=0):
        return (unit for unit in list(self.units.values()) if unit.revision > since)

    def entries_by_id(self, ids):
        return {number: self.units[number] for number in ids if number in self.units}


def brute_force(memory, query, threshold):
    """Return (id, percent) of every unit that reaches the threshold, by the textbook's distance."""
    query = query.strip()
    found = []
    for number, unit in memory.units.items():
        reached = percent(levenshtein(query, unit.ja), len(query), len(unit.ja))
        if query and unit.ja and reached >= threshold:
            found.append((number, reached))
    return sorted(found)


def looked_up(lookup, query, threshold):
    return sorted((match.entry.id, match.percent) for match in lookup.fuzzy(query, "ja", threshold=threshold))


def near(draw, text):
    """Return a text a few edits away."""
    characters = list(text)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(characters)))
        characters[at : at + draw(st.integers(0, 1))] = draw(st.sampled_from(["", "の", "会", "a"]))
    return "".join(characters) or "会"


@given(data=st.data(), threshold=st.sampled_from([1, 30, 50, 70, 85, 99, 100]))
@settings(max_examples=150, deadline=None)
def test_fuzzy_lookup_is_brute_force_through_every_change(data, threshold):
    memory = Changing()
    lookup = Lookup(memory)
    for _ in range(data.draw(st.integers(1, 4))):
        for text in data.draw(st.lists(texts, max_size=12)):
            memory.put(text)
            memory.put(near(data.draw, text))
        for number in data.draw(st.lists(st.sampled_from(sorted(memory.units) or [0]), max_size=4, unique=True)):
            if number and data.draw(st.booleans()):
                memory.drop(number)
            elif number:
                memory.put(data.draw(texts), number=number)
        known = [unit.ja for unit in memory.units.values()] or ["会"]
        query = near(data.draw, data.draw(st.sampled_from(known)))
        assert looked_up(lookup, query, threshold) == brute_force(memory, query, threshold)
        assert len(lookup.index.segments["ja"]) <= 12


@pytest.mark.parametrize("compiled", KERNELS)
@given(data=st.data(), threshold=st.sampled_from([1, 40, 70, 90, 100]))
@settings(max_examples=100, deadline=None)
def test_both_sieves_let_every_match_through(compiled, data, threshold):
    length = data.draw(st.sampled_from([1, 5, 31, 32, 33, 64, 100, 300, 600]))
    base = (data.draw(st.text("abc ", min_size=1, max_size=9)) * length)[:length]
    rows = [near(data.draw, base) for _ in range(data.draw(st.integers(1, 20)))] + data.draw(st.lists(texts))
    query = near(data.draw, base)
    found = sieve.sift(
        query,
        Segment(make_segment(enumerate(rows))),
        lambda length: most_distance(length, len(query), threshold),
        compiled=compiled,
    )
    # Quicker than the textbook's, and held against it in test_similarity.
    wanted = {n for n, row in enumerate(rows) if similarity(query, row) >= threshold}
    assert wanted <= set(found)


@pytest.mark.skipif(not sieve.COMPILED, reason="no compiled sieve")
@given(data=st.data(), prefix=st.integers(1, 256), threshold=st.sampled_from([1, 30, 50, 70, 90]))
@settings(max_examples=60, deadline=None)
def test_every_instruction_set_lets_the_same_rows_through(data, prefix, threshold):
    draw = data.draw(st.randoms(use_true_random=False))
    letters = "etaoinshrdlu"[: data.draw(st.sampled_from([2, 4, 12]))]
    base = draw.choices(letters, k=data.draw(st.sampled_from([1, 7, 8, 9, 15, 16, 17, 33, 64, 120, 260, 520])))

    def changed():
        text = base.copy()
        for _ in range(draw.randint(0, len(base) // 2)):
            at = draw.randrange(len(text) + 1)
            text[at : at + draw.randint(0, 1)] = draw.choices(letters, k=draw.randint(0, 1))
        return "".join(text) or "e"

    segment = Segment(make_segment(enumerate(changed() for _ in range(data.draw(st.integers(1, 80))))))
    query = changed()
    runs = list(sieve._possible(len(query), segment, lambda length: most_distance(length, len(query), threshold)))
    classes, counts = sieve.spell(query)
    given = (classes, counts, sieve._packed(runs), segment.counters, segment.texts, prefix)
    twin = sorted(sieve._sift(classes, counts, runs, segment))
    for width in range(5):
        assert sorted(sieve._sieve.sift(*given, width)) == twin


@given(counts=st.lists(st.integers(1, 9), min_size=1, max_size=6), most=st.integers(1, 12))
def test_divided_runs_are_the_same_rows(counts, most):
    rows = [(number, "x" * (7 * k + 1)) for k, count in enumerate(counts) for number in range(100 * k, 100 * k + count)]
    runs = [(*run, 3) for run in Segment(make_segment(rows)).runs]
    parts = sieve._divided(runs, most)
    assert all(0 < sum(run[2] for run in part) <= most for part in parts)

    def each(runs):
        return [
            (length, first + n, word + n * -(-length // 16))
            for length, first, n_rows, word, _ in runs
            for n in range(n_rows)
        ]

    assert [row for part in parts for row in each(part)] == each(runs)


@pytest.mark.skipif(not sieve.COMPILED, reason="no compiled sieve")
def test_threads_find_what_one_finds(monkeypatch):
    rows = [f"{n % 37} ministers met in room {n * 7 % 91} and spoke of {'peace ' * (n % 9)}" for n in range(900)]
    segment = Segment(make_segment(enumerate(rows)))
    monkeypatch.setattr(sieve, "_ROWS_A_THREAD", 50)
    for processors in (1, 3):
        monkeypatch.setattr(sieve, "_processors", lambda count=processors: count)
        found = [sorted(sieve.sift(query, segment, lambda length: length // 3)) for query in rows[::97]]
        found.append(sieve.contains("peace", segment))
        if processors == 1:
            alone = found
    assert found == alone
    assert all(found)


@pytest.mark.skipif(not sieve.COMPILED, reason="no compiled sieve")
@pytest.mark.parametrize(
    "run",
    [(5, 0, 99, 0, 3), (5, -1, 1, 0, 3), (0, 0, 1, 0, 3), (5, 0, 1, 99, 3), (1 << 60, 0, 1, 0, 3), (5, 0, -1, 0, 3)],
)
def test_the_kernel_refuses_runs_that_lie_outside(run):
    segment = Segment(make_segment([(1, "abcde")]))
    packed = sieve._RUN.pack(*run)
    with pytest.raises(ValueError, match="fit together"):
        sieve._sieve.sift(b"\1\2", bytes(32), packed, segment.counters, segment.texts, 2)
    with pytest.raises(ValueError, match="fit together"):
        sieve._sieve.contains(b"\1\2", bytes(32), packed, segment.counters, segment.texts)


@pytest.mark.parametrize("compiled", KERNELS)
@given(rows=st.lists(texts, max_size=20), query=st.text(ALPHABET, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_nothing_that_holds_the_query_is_sifted_out(compiled, rows, query):
    wanted = fold(query, kana=True).text
    segment = Segment(make_segment(enumerate(rows)))
    found = sieve.contains(wanted, segment, compiled=compiled)
    holding = {n for n, row in enumerate(rows) if wanted and wanted in fold(row, kana=True).text}
    assert holding <= set(found)


@given(rows=st.lists(texts, max_size=30), cut=st.integers(0, 30), dropped=st.sets(st.integers(0, 30)))
@settings(deadline=None)
def test_a_merged_segment_is_the_segment_made_at_once(rows, cut, dropped):
    numbered = list(enumerate(rows))
    parts = [Segment(make_segment(part)) for part in (numbered[:cut], numbered[cut:])]
    assert merge_segments(parts, dropped) == make_segment(row for row in numbered if row[0] not in dropped)


def test_a_merged_segment_keeps_the_later_text_of_a_unit():
    parts = [Segment(make_segment([(1, "old"), (2, "kept")])), Segment(make_segment([(1, "newer")]))]
    assert merge_segments(parts) == make_segment([(1, "newer"), (2, "kept")])


@pytest.mark.parametrize("cut", [0, 1, 63, 64, 100, -1])
def test_a_torn_segment_is_refused(cut):
    whole = make_segment([(n, "会談" * (n % 5 + 1)) for n in range(50)])
    with pytest.raises(DamagedSegmentError):
        Segment(whole[:cut])


def test_a_damaged_header_is_refused():
    whole = bytearray(make_segment([(1, "会談を行った")]))
    whole[70] ^= 1
    with pytest.raises(DamagedSegmentError):
        Segment(bytes(whole))


def test_texts_of_thousands_of_characters_are_found():
    memory = Changing()
    long = "".join(f"第{n}回会合を開いた。" for n in range(700))
    memory.put(long)
    memory.put("短い文。")
    assert looked_up(Lookup(memory), long[:3000] + "追加" + long[3000:], 90) == [(1, 99)]


def test_the_order_of_matches():
    memory = Changing()
    worse = memory.put("両大臣は会談を行った", date="2024-01-01")
    old = memory.put("両大臣が会談を行った。", date="2020-01-01")
    new = memory.put("両大臣が会談を行った。", date="2023-01-01")
    approved = memory.put("両大臣が会談を行った。", date="2019-01-01", status="approved")
    undated = memory.put("両大臣が会談を行った。")
    rejected = memory.put("両大臣が会談を行った。", status="rejected")
    lookup = Lookup(memory)
    found = [match.entry.id for match in lookup.fuzzy(" 両大臣が会談を行った。\n")]
    assert found == [approved, new, old, undated, worse]
    assert rejected not in found
    assert [match.entry.id for match in lookup.fuzzy("両大臣が会談を行った。", limit=2)] == [approved, new]
    assert [match.entry.id for match in lookup.exact("両大臣が会談を行った。")] == [approved, new, old, undated]


def test_filters():
    memory = Changing()
    one = memory.put("会談", collection="defence/2023", date="2023-05-01", probability=0.9)
    two = memory.put("会談", collection="defence", date="2024-05-01", probability=0.99, status="approved")
    memory.put("会談", collection="defence-old", date="", probability=0.4, status="rejected")
    lookup = Lookup(memory)

    def ids(**given):
        return {match.entry.id for match in lookup.exact("会談", "ja", where=Filter(**given))}

    assert ids() == {one, two}
    assert ids(collection="defence") == {one, two}
    assert ids(collection="defence/2023") == {one}
    assert ids(since="2024-01-01") == {two}
    assert ids(until="2023-05-01") == {one}
    assert ids(min_probability=0.95) == {two}
    assert ids(statuses=frozenset({"approved"})) == {two}
    assert ids(statuses=frozenset({"rejected"}), until="2030-01-01") == set()


def test_either_language_is_told_from_the_query():
    memory = Changing()
    memory.put("防衛大臣", "Minister of Defense")
    lookup = Lookup(memory)
    assert lookup.fuzzy("防衛大臣")[0].language == "ja"
    assert lookup.fuzzy("防衛大臣")[0].translation == "Minister of Defense"
    assert lookup.fuzzy("Minister of Defence")[0].translation == "防衛大臣"
    assert lookup.concordance("minister")[0].language == "en"


@pytest.mark.parametrize("query", ["", " \n\u3000", "\ud800", "\0", "x" * 5000, "\u3099"])
def test_odd_queries_find_nothing_and_break_nothing(query):
    memory = Changing()
    memory.put("防衛大臣", "Minister of Defense")
    lookup = Lookup(memory)
    for language in (None, "ja", "en"):
        assert lookup.fuzzy(query, language) == []
        assert lookup.concordance(query, language) == []


@pytest.mark.parametrize("threshold", [0, 101, -5])
def test_a_threshold_is_a_percentage(threshold):
    with pytest.raises(ValueError, match="threshold"):
        Lookup(Changing()).fuzzy("会談", threshold=threshold)


@pytest.mark.parametrize(
    ("query", "text", "places"),
    [
        ("会談", "日米防衛相会談、電話会談。", ["会談", "会談"]),
        ("ガイド", "日米ｶﾞｲﾄﾞﾗｲﾝ", ["ｶﾞｲﾄﾞ"]),
        ("がいど", "ガイドライン", ["ガイド"]),
        ("ＮＡＴＯ", "nato事務総長", ["nato"]),
        ("(株)", "三菱㈱と", ["㈱"]),
        ("...", "そして…", ["…"]),
        ("大臣", "大\u200b臣", ["大\u200b臣"]),
        ("か", "が、ｶﾞ、か\u3099", []),
    ],
)
def test_concordance_disregards_width_case_and_kana(query, text, places):
    memory = Changing()
    memory.put(text)
    memory.put("ほかの文")
    found = [one for one in Lookup(memory).concordance(query, "ja") if one.entry.id == 1]
    assert [text[start:end] for one in found for start, end in one.spans] == places


@given(rows=st.lists(texts, max_size=20), query=st.text(ALPHABET, min_size=1, max_size=3))
@settings(deadline=None)
def test_concordance_is_a_search_of_the_folded_texts(rows, query):
    memory = Changing()
    for row in rows:
        memory.put(row)
    wanted = fold(query.strip(), kana=True).text
    expected = [n for n, row in enumerate(rows, 1) if wanted and wanted in fold(row, kana=True).text]
    found = Lookup(memory).concordance(query, "ja")
    assert [one.entry.id for one in found] == expected[::-1]
    assert [one.entry.id for one in Lookup(memory).concordance(query, "ja", limit=2)] == expected[::-1][:2]


# The index on the disk.


def filled(count=50):
    memory = Changing()
    for n in range(count):
        memory.put(f"第{n}回会合を開いた。", f"Meeting {n} was held.")
    return memory


def test_an_index_is_found_again_and_kept_up(tmp_path):
    memory = filled()
    assert LookupIndex(tmp_path / "x").update(memory) == 100
    again = LookupIndex(tmp_path / "x")
    assert again.update(memory) == 0
    memory.put("第99回会合を開いた。")
    assert again.update(memory) == 1
    assert looked_up(Lookup(memory, again), "第99回会合を開いた。", 100) == [(51, 100)]
    assert LookupIndex(tmp_path / "x").update(memory) == 0
    # The segments that were merged are gone; those that count and the manifest are there.
    assert len(list((tmp_path / "x").glob("*.segment"))) <= 4


def test_a_restored_memory_is_read_anew(tmp_path):
    memory = filled()
    LookupIndex(tmp_path / "x").update(memory)
    memory.generation, memory.revision = "second", 1
    assert LookupIndex(tmp_path / "x").update(memory) == 100


@pytest.mark.parametrize("change", ["drop", "edit"])
def test_texts_that_go_leave_the_index_in_the_end(tmp_path, change):
    memory = filled(300)
    index = LookupIndex(tmp_path / "x")
    index.update(memory)
    for part in range(4):
        for number in range(60 * part + 1, 60 * part + 61):
            if change == "drop":
                memory.drop(number)
            else:
                memory.put(f"第{number}回の議事録。", number=number)
        index = LookupIndex(tmp_path / "x")
        index.update(memory)
    rows = sum(segment.rows for segment in index.segments["ja"])
    assert rows < (150 if change == "drop" else 450)
    known = {number for segment in index.segments["ja"] for number in segment.ids}
    assert known >= set(memory.units)


@pytest.mark.parametrize("damage", ["manifest", "truncate", "remove", "garbage", "empty", "version", "escape"])
def test_a_damaged_index_is_made_again(tmp_path, damage):
    folder = tmp_path / "x"
    memory = filled()
    LookupIndex(folder).update(memory)
    segment = next(folder.glob("ja*.segment"))
    manifest = folder / "manifest.json"
    if damage == "manifest":
        manifest.write_bytes(b'{"spelling": ')
    elif damage == "truncate":
        segment.write_bytes(segment.read_bytes()[:-8])
    elif damage == "remove":
        segment.unlink()
    elif damage == "garbage":
        segment.write_bytes(b"\xff" * 500)
    elif damage == "empty":
        segment.write_bytes(b"")
    elif damage == "version":
        manifest.write_text(manifest.read_text().replace('"spelling": "', '"spelling": "0'))
    else:
        manifest.write_text(manifest.read_text().replace('"ja-', '"../ja-'))
    index = LookupIndex(folder)
    assert index.update(memory) == 100
    assert looked_up(Lookup(memory, index), "第7回会合を開いた。", 100) == [(8, 100)]


def test_a_folder_that_cannot_be_written_leaves_an_index_in_memory(tmp_path):
    (tmp_path / "x").write_text("a file where the folder should be")
    index = LookupIndex(tmp_path / "x")
    memory = filled()
    assert looked_up(Lookup(memory, index), "第7回会合を開いた。", 100) == [(8, 100)]
    assert "cannot be kept" in str(index.unwritten)
    assert (tmp_path / "x").is_file()


WRITER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from test_lookup import filled
from tmalign.memory.lookup_index import LookupIndex
memory, index = filled(200), LookupIndex(Path({folder!r}))
index.update(memory)
print("go", flush=True)
while True:
    for n in range(20):
        memory.put(f"第{{memory.next}}号を公表した。")
    index.update(memory)
"""


def test_a_writer_killed_at_any_moment_leaves_an_index_that_serves(tmp_path):
    folder = tmp_path / "x"
    code = WRITER.format(tests=str(Path(__file__).parent), folder=str(folder))
    for delay in (0.0, 0.003, 0.01, 0.02, 0.05):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        # What is there is the index of some state of that memory; its mark says of which.
        index = LookupIndex(folder)
        index._load()
        assert index._mark is not None
        texts = index._mark.revision
        assert sum(segment.rows for segment in index.segments["ja"]) == texts
        memory = filled(200)
        while memory.revision < texts:
            memory.put(f"第{memory.next}号を公表した。")
        assert index.update(memory) == 0
        for query in (f"第{texts}号を公表した。", "第7回会合を開いた。"):
            assert looked_up(Lookup(memory, index), query, 70) == brute_force(memory, query, 70)
        memory.put("第1000000号を公表した。")
        assert index.update(memory) == 1
        assert not list(folder.glob(".tmalign-*"))


def test_two_writers_at_once_lose_nothing(tmp_path):
    memory = filled()
    one, two = LookupIndex(tmp_path / "x"), LookupIndex(tmp_path / "x")
    one.update(memory)
    two.update(memory)
    memory.put("一つ目の文。")
    one.update(memory)
    memory.put("二つ目の文。")
    two.update(memory)
    third = LookupIndex(tmp_path / "x")
    for query, number in (("一つ目の文。", 51), ("二つ目の文。", 52)):
        assert looked_up(Lookup(memory, third), query, 100) == [(number, 100)]
