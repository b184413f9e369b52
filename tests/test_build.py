"""The main job end to end: real pages, a real store, worker processes; only the aligner is a small one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from tmalign.build import BuildOptions, build
from tmalign.errors import InterruptedRunError, OutputError, StoreError, TmalignError, UsageError, WorkerError
from tmalign.formats.tmx import read_tmx
from tmalign.memory.reversal import undo
from tmalign.memory.rows import Pin
from tmalign.memory.store import Store
from tmalign.releases import tasks

STANDINS = Path(__file__).parent / "standins"

TEXTS = {
    "2031/meeting": (
        "日豪防衛相会談\n２０３１年４月９日\n\n両大臣は会談を行った。両大臣は、航行の自由が重要であることを確認した。\n",
        "Defense Ministers Meeting\nApril 9, 2031\n\nThe ministers held talks. They stressed free navigation.\n",
    ),
    "2031/visits/ship": (
        "護衛艦の寄港\n\n護衛艦は港に入った。乗員は市民と交流した。市長が挨拶した。\n",
        "Port Call of a Destroyer\n\nThe destroyer entered the port. The crew met with the citizens.\n",
    ),
    "notice": (
        "お知らせ\n\n庁舎は５月１日に閉庁する。ご不便をおかけする。\n",
        "Notice\n\nThe building will be closed on May 1. We apologize for the inconvenience.\n",
    ),
}


@pytest.fixture
def aligners(monkeypatch):
    """Make the stand-in importable, here and in worker processes."""
    monkeypatch.syspath_prepend(str(STANDINS))
    import length_aligner  # noqa: PLC0415

    return length_aligner


@pytest.fixture
def run(aligners, tmp_path):
    """Give a function that builds `tmp_path/corpus` into `tmp_path/out`."""

    def run(corpus=None, out=None, *, make=aligners.LengthAligner, progress=None, **options):
        given = BuildOptions(**({"min_probability": 0.0} | options))
        return build(corpus or tmp_path / "corpus", out or tmp_path / "out", given, progress, make_aligner=make)

    return run


def put(folder, name, ja, en):
    for language, text in (("ja", ja), ("en", en)):
        path = folder / f"{name}.{language}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    for name, (ja, en) in TEXTS.items():
        put(folder, name, ja, en)
    return folder


def files(folder):
    """Return all files below a folder with their bytes and time stamps."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def codes(entries):
    return [(entry.path, entry.code) for entry in entries]


def test_a_folder_becomes_a_memory(run, corpus, tmp_path):
    report = run()
    units = list(read_tmx(tmp_path / "out" / "corpus.tmx"))
    assert {unit.release for unit in units} == set(TEXTS)
    assert ("両大臣は会談を行った。", "The ministers held talks.") in [(unit.ja, unit.en) for unit in units]
    assert all(unit.ja_source == f"{unit.release}.ja.txt" for unit in units)
    assert all(unit.signature == "length 1|split:standard" for unit in units)
    assert {unit.collection for unit in units} == {"2031", "2031/visits", ""}
    assert (report.releases, report.aligned, report.unchanged, report.removed) == (3, 3, 0, 0)
    assert report.units_written == len(units) == report.units_by_shape["1-1"]
    assert report.units_by_shape["1-0"] == 1
    assert sum(report.sentences.values()) == 2 * report.units_by_shape["1-1"] + 1
    assert sum(report.probability_histogram.values()) == len(units)
    assert (report.skipped, report.unpaired, report.rejected, report.partial) == ((), (), (), ())
    assert [Path(path).name for path in report.outputs] == ["corpus.tmx", "memory.sqlite", "report.json"]
    stored = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert stored["units_written"] == len(units)
    assert stored["signature"] == report.signature


def test_spans_lead_back_to_the_page(run, corpus, tmp_path):
    run()
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        for unit in store.units():
            for language, text, spans in (("ja", unit.ja, unit.ja_spans), ("en", unit.en, unit.en_spans)):
                document = store.document(unit.release, language)
                pieces = [document.blocks[span.block].text[span.start : span.end] for span in spans]
                assert "".join(pieces).replace("\n", " ") == text


def test_a_second_run_does_nothing(run, corpus, tmp_path):
    run(per_release=True)
    before = files(tmp_path / "out")
    time.sleep(0.01)
    report = run(per_release=True)
    after = files(tmp_path / "out")
    assert (report.aligned, report.unchanged, report.releases) == (0, 3, 3)
    assert {name for name in after if after[name] != before[name]} <= {"report.json", "memory.sqlite"}
    assert after.keys() == before.keys()
    assert report.units_written > 0


def test_only_what_changed_is_done_again(run, corpus, aligners, tmp_path):
    run()
    before = {unit.release: unit for unit in read_tmx(tmp_path / "out" / "corpus.tmx")}
    path = corpus / "notice.en.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("closed", "shut"), encoding="utf-8")
    seen = []
    aligner = aligners.LengthAligner()
    aligner.asked = seen
    report = run(make=lambda: aligner)
    assert seen == ["notice"]
    assert (report.aligned, report.unchanged) == (1, 2)
    after = {unit.release: unit for unit in read_tmx(tmp_path / "out" / "corpus.tmx")}
    assert after["2031/meeting"] == before["2031/meeting"]
    assert any("will be shut" in unit.en for unit in read_tmx(tmp_path / "out" / "corpus.tmx"))


def test_another_aligner_or_other_rules_do_everything_again(run, corpus, aligners):
    run()
    report = run(make=aligners.SecondLengthAligner)
    assert (report.aligned, report.signature) == (3, "length 2|split:standard")
    assert run(make=aligners.SecondLengthAligner, split_rules="omegat").aligned == 3
    assert run(make=aligners.SecondLengthAligner, split_rules="omegat").aligned == 0


def test_a_page_under_another_type_is_read_again(run, corpus):
    run()
    (corpus / "notice.ja.txt").rename(corpus / "notice.ja.html")
    assert run().aligned == 1


def test_removed_files_leave_the_memory_but_decisions_stay(run, corpus, tmp_path):
    run(per_release=True)
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        store.save_pin(Pin("2031/visits/ship", "護衛艦は港に入った。", "The destroyer entered the port."))
    mine = tmp_path / "out" / "releases" / "mine.tmx"
    mine.write_text("not written by a run", encoding="utf-8")
    (corpus / "2031/visits/ship.ja.txt").unlink()
    report = run(per_release=True)
    assert (report.removed, report.releases) == (1, 2)
    assert codes(report.unpaired) == [("2031/visits/ship.en.txt", "unpaired")]
    assert {unit.release for unit in read_tmx(tmp_path / "out" / "corpus.tmx")} == {"2031/meeting", "notice"}
    found = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.tmx"))
    assert found == ["corpus.tmx", "releases/2031/meeting.tmx", "releases/mine.tmx", "releases/notice.tmx"]
    assert not (tmp_path / "out/releases/2031/visits").exists()
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        assert len(store.pins("2031/visits/ship")) == 1


def test_files_for_single_releases_make_up_the_whole(run, corpus, tmp_path):
    report = run(per_release=True)
    single = [unit for name in sorted(TEXTS) for unit in read_tmx(tmp_path / "out" / "releases" / f"{name}.tmx")]
    assert single == list(read_tmx(tmp_path / "out" / "corpus.tmx"))
    assert len(report.outputs) == 6


def test_the_floor_keeps_units_out_of_the_tmx_only(run, corpus, tmp_path):
    everything = run().units_written
    report = run(min_probability=0.8)
    assert report.aligned == 0
    assert 0 < report.units_below_floor < everything
    assert report.units_written + report.units_below_floor == everything
    assert all(unit.probability >= 0.8 for unit in read_tmx(tmp_path / "out" / "corpus.tmx"))
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        assert len([unit for unit in store.units() if unit.ja and unit.en]) == everything


def test_the_bytes_do_not_depend_on_workers_or_who_is_first(run, corpus, tmp_path):
    # Slow at the front, so that two workers finish in another order than one.
    put(corpus, "0-slow", "時間がかかる。", "SLOW it takes time.")
    put(corpus, "broken", "", "Text without a partner.")
    finished = []

    class Watch:
        def start(self, total):
            finished.append([])

        def step(self, release_id):
            finished[-1].append(release_id)

    reports = [
        run(out=tmp_path / "out1", progress=Watch(), per_release=True),
        run(out=tmp_path / "out2", progress=Watch(), per_release=True, jobs=2),
    ]
    assert finished[0] == sorted(finished[0])
    assert finished[1] != finished[0]
    assert sorted(finished[1]) == finished[0]
    first, second = (
        {n: f[0] for n, f in files(tmp_path / out).items() if n.endswith(".tmx")} for out in ("out1", "out2")
    )
    assert first == second
    assert len(first) == 5
    assert codes(reports[0].skipped) == codes(reports[1].skipped) == [("broken.ja.txt", "empty")]
    assert reports[0].units_by_shape == reports[1].units_by_shape


def test_where_the_corpus_lies_does_not_matter(run, corpus, tmp_path):
    run()
    shutil.copytree(corpus, tmp_path / "else" / "corpus")
    run(tmp_path / "else" / "corpus", tmp_path / "out2")
    assert (tmp_path / "out" / "corpus.tmx").read_bytes() == (tmp_path / "out2" / "corpus.tmx").read_bytes()


def test_bad_files_are_named_and_the_others_are_done(run, corpus, tmp_path):
    ja, en = TEXTS["notice"]
    for name in ("empty", "binary", "noise", "big", "swapped", "english", "twice", "gone", "broken"):
        put(corpus, f"bad/{name}", ja, en)
    bad = corpus / "bad"
    (bad / "empty.en.txt").write_bytes(b"")
    (bad / "binary.ja.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (bad / "noise.ja.txt").write_bytes(bytes([0x81, 0xFF, 0xFE, 0xA0, 0x80, 0xFD]) * 200)
    (bad / "big.en.txt").write_text(en * 500, encoding="utf-8")
    (bad / "swapped.ja.txt").write_text(en, encoding="utf-8")
    (bad / "swapped.en.txt").write_text(ja, encoding="utf-8")
    (bad / "english.ja.txt").write_text(en + "More of it.", encoding="utf-8")
    (bad / "twice.ja.txt").write_text(en, encoding="utf-8")
    (bad / "gone.ja.txt").unlink()
    (bad / "gone.ja.txt").symlink_to(tmp_path / "nowhere")
    put(corpus, "bad/broken", ja, "FAULT " + en)
    (bad / "wrong_name_ja.txt").write_text(ja, encoding="utf-8")
    (bad / "alone.ja.txt").write_text(ja, encoding="utf-8")
    report = run(max_bytes=20_000)
    found = dict(codes(report.skipped))
    # Bytes that are no text may be called either.
    assert found.pop("bad/noise.ja.txt") in {"encoding", "binary"}
    assert found == {
        "bad/empty.en.txt": "empty",
        "bad/binary.ja.txt": "binary",
        "bad/big.en.txt": "too-large",
        "bad/swapped.ja.txt": "language",
        "bad/swapped.en.txt": "language",
        "bad/english.ja.txt": "language",
        "bad/twice.ja.txt": "language",
        "bad/gone.ja.txt": "missing",
        "bad/broken.ja.txt": "fault",
        "bad/wrong_name_ja.txt": "name",
    }
    assert codes(report.unpaired) == [("bad/alone.ja.txt", "unpaired"), ("bad/gone.en.txt", "unpaired")]
    assert all(entry.message and entry.hint for entry in (*report.skipped, *report.unpaired))
    assert report.releases == report.aligned == 3
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        assert store.skipped("skipped") == report.skipped
        assert store.skipped("unpaired") == report.unpaired


def test_a_file_that_breaks_leaves_the_memory_until_it_is_mended(run, corpus, tmp_path):
    run()
    whole = (tmp_path / "out" / "corpus.tmx").read_bytes()
    path = corpus / "notice.ja.txt"
    good = path.read_bytes()
    path.write_bytes(b"")
    report = run()
    assert (codes(report.skipped), report.removed) == ([("notice.ja.txt", "empty")], 1)
    assert "notice" not in {unit.release for unit in read_tmx(tmp_path / "out" / "corpus.tmx")}
    path.write_bytes(good)
    assert run().skipped == ()
    assert (tmp_path / "out" / "corpus.tmx").read_bytes() == whole


def test_an_unreadable_file_is_skipped(run, ordinary_user):
    folder = ordinary_user / "corpus"
    for name, (ja, en) in TEXTS.items():
        put(folder, name, ja, en)
    (folder / "notice.en.txt").chmod(0)
    report = run(folder, ordinary_user / "out")
    assert codes(report.skipped) == [("notice.en.txt", "unreadable")]
    assert report.aligned == 2


def test_pairs_that_do_not_translate_each_other(run, corpus, tmp_path):
    put(corpus, "other", "別の話である。", "UNRELATED words.")
    put(corpus, "short", "長い発表である。続きがある。", "PARTIAL words.")
    for aligned in (5, 0):
        report = run(per_release=True)
        assert report.aligned == aligned
        assert codes(report.rejected) == [("other", "unrelated")]
        assert codes(report.partial) == [("short", "partial")]
        assert report.rejected[0].message == "the words say unrelated"
        assert report.skipped == ()
    names = {unit.release for unit in read_tmx(tmp_path / "out" / "corpus.tmx")}
    assert "other" not in names
    assert "short" in names
    assert not (tmp_path / "out" / "releases" / "other.tmx").exists()


def test_an_interrupted_run_keeps_what_was_finished(run, corpus, tmp_path):
    run(out=tmp_path / "whole")
    before = (tmp_path / "whole" / "corpus.tmx").read_bytes()
    put(corpus, "2031/visits/ship", "止まる。", "INTERRUPT me.")
    with pytest.raises(InterruptedRunError, match=r"1 of 3 releases") as caught:
        run()
    assert caught.value.exit_code == 130
    assert "run the same command again" in caught.value.hint
    assert not (tmp_path / "out" / "corpus.tmx").exists()
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        assert [release.id for release in store.releases()] == ["2031/meeting"]
    put(corpus, "2031/visits/ship", *TEXTS["2031/visits/ship"])
    report = run()
    assert (report.aligned, report.unchanged) == (2, 1)
    assert (tmp_path / "out" / "corpus.tmx").read_bytes() == before


DRIVER = """
import sys
from pathlib import Path
from tmalign.build import BuildOptions, build
from tmalign.errors import InterruptedRunError
from length_aligner import LengthAligner

class Print:
    def start(self, total): pass
    def step(self, name): print(name, flush=True)

if __name__ == "__main__":
    corpus, out, jobs = sys.argv[1:]
    options = BuildOptions(jobs=int(jobs), min_probability=0.0)
    try:
        build(Path(corpus), Path(out), options, Print(), make_aligner=LengthAligner)
    except InterruptedRunError as error:
        print(error.message, file=sys.stderr)
        sys.exit(error.exit_code)
"""


def start(tmp_path, jobs):
    """Start a run in a process group of its own."""
    script = tmp_path / "driver.py"
    script.write_text(DRIVER, encoding="utf-8")
    paths = [str(STANDINS), str(Path(sys.modules["tmalign"].__file__).parents[1])]
    return subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "corpus"), str(tmp_path / "out"), str(jobs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )


def ends(group):
    """Wait a little for all processes of a group to end; tell whether they have."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_ctrl_c_ends_all_workers_quietly_and_the_next_run_goes_on(run, corpus, tmp_path):
    put(corpus, "zz-1", "終わらない。", "ENDLESS one.")
    process = start(tmp_path, 2)
    finished = [process.stdout.readline().strip() for _ in TEXTS]
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors == "stopped: 3 of 4 releases are finished and kept\n"
    assert sorted(finished) == sorted(TEXTS)
    assert ends(process.pid)
    put(corpus, "zz-1", "終わる。", "It ends.")
    report = run()
    assert (report.aligned, report.unchanged) == (1, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_killed_outright_it_leaves_a_store_that_opens_and_no_orphans(run, corpus, tmp_path):
    put(corpus, "zz-1", "終わらない。", "ENDLESS one.")
    process = start(tmp_path, 2)
    finished = {process.stdout.readline().strip() for _ in range(2)}
    process.kill()
    process.communicate(timeout=10)
    assert ends(process.pid)
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        assert finished <= {release.id for release in store.releases()}
    put(corpus, "zz-1", "終わる。", "It ends.")
    assert run().releases == 4


def test_a_worker_that_dies_is_reported_and_the_rest_is_kept(run, corpus, tmp_path):
    put(corpus, "zz-dies", "落ちる。", "DIE now.")
    with pytest.raises(WorkerError, match="worker process died") as caught:
        run(jobs=2)
    assert "--jobs" in caught.value.hint
    shutil.rmtree(corpus / "2031")
    for language in ("ja", "en"):
        (corpus / f"zz-dies.{language}.txt").unlink()
    assert run(jobs=2).releases == 1


def test_the_output_may_lie_inside_the_corpus(run, corpus):
    first = run(out=corpus / "out", per_release=True)
    second = run(out=corpus / "out", per_release=True)
    assert (second.aligned, second.ignored, second.skipped) == (0, first.ignored, ())
    assert run(out=corpus, per_release=True).skipped == ()


def test_characters_that_xml_forbids_are_removed_and_counted(run, corpus, tmp_path):
    put(
        corpus,
        "notice",
        "これは訓練の\x0bお知らせである。",
        "This is a notice\x02\ufffe of training, as the ministry publishes them.",
    )
    report = run()
    (unit,) = [unit for unit in read_tmx(tmp_path / "out" / "corpus.tmx") if unit.release == "notice"]
    assert (unit.ja, unit.en) == (
        "これは訓練のお知らせである。",
        "This is a notice of training, as the ministry publishes them.",
    )
    with Store(tmp_path / "out" / "memory.sqlite") as store:
        (stored,) = store.units(release="notice")
    # Whatever the reader of pages had left of them.
    assert report.characters_removed == len(stored.ja + stored.en) - len(unit.ja + unit.en)


def test_an_empty_corpus_gives_an_empty_memory(run, tmp_path):
    (tmp_path / "corpus").mkdir()
    report = run()
    assert (report.releases, report.units_written) == (0, 0)
    assert list(read_tmx(tmp_path / "out" / "corpus.tmx")) == []


@pytest.mark.parametrize(
    "options", [{"jobs": 0}, {"min_probability": 1.5}, {"min_probability": float("nan")}, {"max_bytes": 0}]
)
def test_options_without_meaning_are_refused(run, corpus, tmp_path, options):
    with pytest.raises(UsageError):
        run(**options)
    assert not (tmp_path / "out").exists()


def test_places_that_cannot_work_are_refused(run, corpus, tmp_path, ordinary_user):
    def wrong(kind, **call):
        with pytest.raises(kind) as caught:
            run(**call)
        assert caught.value.hint
        return caught.value

    folder = ordinary_user / "corpus"
    put(folder, "notice", *TEXTS["notice"])
    assert wrong(UsageError, corpus=ordinary_user / "nowhere").exit_code == 2
    assert wrong(OutputError, corpus=folder, out=folder / "notice.ja.txt").exit_code == 2
    locked = ordinary_user / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    wrong(StoreError, corpus=folder, out=locked)
    wrong(OutputError, corpus=folder, out=locked / "out")
    run(folder, ordinary_user / "out")
    (ordinary_user / "out" / "memory.sqlite").chmod(0o400)
    (ordinary_user / "out").chmod(0o500)
    put(folder, "notice", *TEXTS["2031/meeting"])
    wrong(StoreError, corpus=folder, out=ordinary_user / "out")
    (ordinary_user / "out").chmod(0o700)


def test_another_corpus_does_not_push_out_the_first(run, corpus, tmp_path):
    run()
    shutil.copytree(corpus, tmp_path / "second")
    with pytest.raises(UsageError, match="another corpus, corpus") as caught:
        run(tmp_path / "second")
    assert "--out" in caught.value.hint
    assert run().unchanged == 3


def test_a_foreign_store_stops_the_run_before_any_work(run, corpus, tmp_path, aligners):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "memory.sqlite").write_text("words " * 100, encoding="utf-8")
    with pytest.raises(TmalignError, match="not a tmalign store"):
        run()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["memory.sqlite"]


def test_decisions_are_kept_and_teach_the_other_releases(corpus, tmp_path):
    """With the shipped aligner: the small one knows no decisions."""
    out = tmp_path / "out"
    assert build(corpus, out).unchanged == 0
    with Store(out / "memory.sqlite") as store:
        (first, *_) = (unit for unit in store.units() if unit.ja and unit.en)
        store.save_pin(Pin(first.release, first.ja, first.en, "reject"))
        store.save_pin(Pin(first.release, "無い。", "It is not there."))
    report = build(corpus, out)
    assert (report.aligned, report.relearned, report.unchanged) == (1, 2, 0)
    with Store(out / "memory.sqlite") as store:
        pairs = [(unit.ja, unit.en) for unit in store.units(release=first.release)]
        assert (first.ja, first.en) not in pairs
        store.save_pin(Pin(first.release, first.ja, first.en, "accept"))
    assert report.decisions_not_kept == 1
    assert [
        warning for _, warning in report.warnings if "無い。 = It is not there.: its texts are not there" in warning
    ]
    assert build(corpus, out).aligned == 1
    with Store(out / "memory.sqlite") as store:
        (kept,) = (unit for unit in store.units(release=first.release) if (unit.ja, unit.en) == (first.ja, first.en))
    assert (kept.origin, kept.probability) == ("pin", 1.0)
    assert build(corpus, out).unchanged == 3


def grown(corpus, out, **options):
    """Build two releases, then all three; return the last report."""
    kept = {path: path.read_bytes() for path in corpus.glob("2031/visits/*")}
    for path in kept:
        path.unlink()
    build(corpus, out, BuildOptions(**options))
    for path, data in kept.items():
        path.write_bytes(data)
    return build(corpus, out, BuildOptions(**options))


def test_a_release_more_teaches_the_others_as_if_all_had_come_at_once(corpus, tmp_path):
    report = grown(corpus, tmp_path / "grown")
    assert (report.aligned, report.relearned, report.unchanged) == (1, 2, 0)
    fresh = build(corpus, tmp_path / "fresh")
    assert (fresh.aligned, fresh.relearned) == (3, 0)
    assert fresh.signature == report.signature
    assert "+corpus:" in fresh.signature
    for name in ("corpus.tmx",):
        assert (tmp_path / "grown" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_what_the_first_pass_read_is_not_read_again(corpus, tmp_path, monkeypatch):
    asked = []
    read = tasks.read_pair
    monkeypatch.setattr(tasks, "read_pair", lambda pair, **options: (asked.append(pair.id), read(pair, **options))[1])
    build(corpus, tmp_path / "held")
    assert sorted(asked) == sorted(TEXTS)
    # Without room every release is read once a pass, and the memory is the same.
    for room, count in ((0, 2), (14, 1.5)):
        asked.clear()
        monkeypatch.setattr("tmalign.build._HELD_SENTENCES", room)
        build(corpus, tmp_path / f"room {room}")
        assert len(TEXTS) < len(asked) <= count * len(TEXTS) + 1
        assert files(tmp_path / f"room {room}")["corpus.tmx"][0] == files(tmp_path / "held")["corpus.tmx"][0]


def test_in_one_pass_every_release_is_aligned_by_itself(corpus, tmp_path):
    report = grown(corpus, tmp_path / "out", one_pass=True)
    assert (report.aligned, report.relearned, report.unchanged) == (1, 0, 2), report.skipped
    assert "+corpus:" not in report.signature


def test_words_of_removed_releases_teach_nobody(corpus, tmp_path):
    out = tmp_path / "out"
    build(corpus, out)
    for path in corpus.glob("2031/visits/*"):
        path.unlink()
    report = build(corpus, out)
    assert (report.aligned, report.relearned, report.removed) == (0, 2, 1)
    assert report.signature == build(corpus, tmp_path / "fresh").signature


def test_stopped_between_the_passes_a_build_goes_on_with_the_second(corpus, tmp_path):
    class Stopping:
        """Stops the run when the second pass has begun."""

        passes = 0

        def start(self, total):
            self.passes += 1

        def step(self, release_id):
            if self.passes == 2:
                raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(InterruptedRunError, match="1 of 3"):
        build(corpus, out, progress=Stopping())
    report = build(corpus, out)
    assert (report.aligned, report.unchanged) == (2, 1)
    build(corpus, tmp_path / "fresh")
    assert (out / "corpus.tmx").read_bytes() == (tmp_path / "fresh" / "corpus.tmx").read_bytes()


class Spy:
    """Counts the releases of each pass; `at` is called with the number of the pass and of the releases done in it."""

    def __init__(self, at=lambda number, done: None):
        self.totals = []
        self.done = []
        self.at = at

    def start(self, total):
        self.totals.append(total)
        self.done.append(0)
        self.at(len(self.totals), 0)

    def step(self, release_id):
        self.done[-1] += 1
        self.at(len(self.totals), self.done[-1])


def test_stopped_in_the_first_pass_a_build_says_so_and_goes_on_there(corpus, tmp_path):
    def stop(number, done):
        if (number, done) == (1, 2):
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(InterruptedRunError, match="in the first of two passes: 2 of 3 releases are finished and kept"):
        build(corpus, out, progress=Spy(stop))
    spy = Spy()
    assert build(corpus, out, progress=spy).aligned == 3
    assert spy.totals == [1, 3]
    build(corpus, tmp_path / "fresh")
    assert (out / "corpus.tmx").read_bytes() == (tmp_path / "fresh" / "corpus.tmx").read_bytes()


def test_what_is_unchanged_is_not_learned_from_again_beside_a_broken_page(corpus, tmp_path):
    out = tmp_path / "out"
    put(corpus, "broken", "会談した。", "")
    assert codes(build(corpus, out).skipped)
    with closing(sqlite3.connect(out / "memory.sqlite")) as connection, connection:
        assert connection.execute("UPDATE first_passes SET words = x'00'").rowcount == 3
    # Nobody looks at the words, or this would fail.
    assert build(corpus, out).unchanged == 3


def test_a_page_that_changes_during_a_build_teaches_what_it_says_then(corpus, tmp_path):
    def change(number, done):
        if (number, done) == (1, 0):
            put(
                corpus,
                "notice",
                "港\n\n船は港に入った。船は港を出た。\n",
                "Port\n\nThe ship entered port. The ship left port.\n",
            )

    out = tmp_path / "out"
    build(corpus, out, progress=Spy(change))
    put(corpus, "notice", *TEXTS["notice"])
    build(corpus, out)
    build(corpus, tmp_path / "fresh")
    assert (out / "corpus.tmx").read_bytes() == (tmp_path / "fresh" / "corpus.tmx").read_bytes()


def test_workers_share_what_was_learned_by_a_file_and_its_want_is_told(corpus, tmp_path, monkeypatch):
    out = tmp_path / "out"
    build(corpus, out)
    put(corpus, "notice", *TEXTS["2031/meeting"])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(OutputError, match="temporary file") as caught:
        build(corpus, out, BuildOptions(jobs=2))
    assert "TMPDIR" in caught.value.hint
    assert build(corpus, out).releases == 3


def test_a_build_after_an_undo_follows_the_folder(corpus, tmp_path):
    out = tmp_path / "out"
    grown(corpus, out)
    whole = (out / "corpus.tmx").read_bytes()
    with Store(out / "memory.sqlite") as store:
        undo(store)
        assert len(store.releases()) == 2
    spy = Spy()
    assert build(corpus, out, progress=spy).releases == 3
    assert spy.totals == [0, 3]
    assert (out / "corpus.tmx").read_bytes() == whole


def test_one_pass_and_two_passes_come_to_the_same_whatever_came_before(corpus, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    build(corpus, one, BuildOptions(one_pass=True))
    build(corpus, two)
    results = [(folder / "corpus.tmx").read_bytes() for folder in (one, two)]
    build(corpus, one)
    build(corpus, two, BuildOptions(one_pass=True))
    assert [(folder / "corpus.tmx").read_bytes() for folder in (two, one)] == results
