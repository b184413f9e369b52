"""search, leverage and pretranslate as a shell runs them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from tmalign.cli import start
from tmalign.cli.app import app
from tmalign.formats.tmx import write_tmx
from tmalign.memory.store import Store
from tmalign.model import Alignment, Block, BlockKind, Document, Release, Sentence, Unit

FULL = Path("/dev/full")
PAIRS = (
    ("両大臣は、会談を行った。", "The two Ministers held talks."),
    ("両大臣は、ガイドラインに関する会談を行った。", "The two Ministers held talks on the Guidelines."),
    ("現状変更の試みに反対する。", "They oppose attempts to change the status quo."),
    ("訳のない文。", ""),
)


def units():
    spans = (Sentence(0, 0, 1),)
    return [
        Unit(ja, en, "defence/talks", "defence", "2024-05-17", 0.9, spans, spans if en else (), position=n)
        for n, (ja, en) in enumerate(PAIRS)
    ]


def document(language):
    texts = [pair[language == "en"] for pair in PAIRS]
    blocks = tuple(Block(BlockKind.PARAGRAPH, "", text) for text in texts if text)
    return Document("talks", language, "", "2024-05-17", blocks, f"talks.{language}.txt", digest=language)


@pytest.fixture
def memory(tmp_path):
    path = tmp_path / "memory.sqlite"
    with Store(path) as store:
        release = Release("defence/talks", "defence", document("ja"), document("en"))
        alignment = Alignment("defence/talks", (), 1.0, "translation", "test")
        store.save_release(release, {"ja": (), "en": ()}, alignment, units())
    return path


def run(*arguments, stdin=b"", env=None):
    """Run the command in this process; with an environment of its own, which takes a second, as a shell does."""
    if env:
        words = [sys.executable, "-m", "tmalign", *map(os.fspath, arguments)]
        return subprocess.run(words, input=stdin, capture_output=True, env=os.environ | env, check=False)
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="ascii") for name in ("stdout", "stderr")}
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in {**streams, "stdin": io.TextIOWrapper(io.BytesIO(stdin))}.items():
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "argv", ["tmalign", *map(os.fspath, arguments)])
        code = 0
        try:
            start.main()
        except SystemExit as end:
            code = end.code or 0
    for stream in streams.values():
        stream.flush()
    printed = [stream.buffer.getvalue() for stream in streams.values()]
    return subprocess.CompletedProcess(arguments, code, *printed)


def answer(*arguments, **options):
    done = run(*arguments, **options)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_fuzzy_with_differences_marked(memory):
    done = run("search", "両大臣は、電話会談を行った。", "-s", memory)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == ["85%", "defence/talks", "2024-05-17", "unreviewed", "0.900", "#1"]
    assert lines[1:3] == ["  ja  両大臣は、[-電話-]会談を行った。", "  en  The two Ministers held talks."]


def test_json_from_english(memory):
    found = answer("search", "The two Ministers hold talks.", "-s", memory.parent, "--json", "-t", "60")
    assert (found["mode"], found["language"], found["threshold"]) == ("fuzzy", "en", 60)
    best = found["matches"][0]
    assert (best["percent"], best["ja"], best["collection"]) == (96, PAIRS[0][0], "defence")
    assert [c for c in best["changes"] if c["kind"] != "equal"] == [
        {"kind": "replace", "query": [18, 22], "text": [18, 22]}
    ]


def test_a_phrase_falls_back_to_concordance(memory):
    found = answer("search", "現状", "-s", memory, "--json")
    assert found["mode"] == "concordance"
    assert found["matches"][0]["spans"] == [[0, 2]]
    done = run("search", "がいどらいん", "-s", memory)
    assert "両大臣は、[ガイドライン]に関する会談を行った。" in done.stdout.decode()
    assert answer("search", "現状", "-s", memory, "--json", "--fuzzy")["matches"] == []


def test_exact_and_limit_and_filters(memory):
    exact = ("search", PAIRS[0][0], "-s", memory, "--json", "--exact")
    assert [match["id"] for match in answer(*exact)["matches"]] == [1]
    assert answer(*exact, "--since", "2024-06")["matches"] == []
    assert len(answer(*exact, "--until", "2024-05")["matches"]) == 1
    assert answer(*exact, "--until", "2023")["matches"] == []
    assert answer(*exact, "--collection", "foreign")["matches"] == []
    assert answer(*exact, "--status", "approved")["matches"] == []
    assert answer(*exact, "--min-probability", "0.95")["matches"] == []
    phrase = ("search", "会談", "-s", memory, "--json", "--concordance")
    assert [match["id"] for match in answer(*phrase)["matches"]] == [2, 1]
    assert [match["id"] for match in answer(*phrase, "-n", "1")["matches"]] == [2]
    assert len(answer(*phrase, "-n", "0")["matches"]) == 2


def test_queries_from_standard_input(memory):
    done = run("search", "-", "-s", memory, "--json", stdin="現状変更\n\n会談\n".encode())
    assert [json.loads(line)["query"] for line in done.stdout.splitlines()] == ["現状変更", "会談"]


def test_a_tmx_file_is_a_memory(tmp_path):
    path = tmp_path / "m.tmx"
    write_tmx(path, units())
    assert answer("search", PAIRS[0][0], "-s", path, "--json")["matches"][0]["percent"] == 100
    assert not list(tmp_path.glob("*.lookup"))


def test_nothing_found_is_no_error(memory):
    done = run("search", "何もない", "-s", memory)
    assert (done.returncode, done.stdout) == (0, b"")
    assert "nothing found" in done.stderr.decode()
    long = run("search", "何もない" * 500, "-s", memory).stderr.decode()
    assert "何もない..." in long
    assert len(long) < 300


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("search", " "), 2, "nothing to look up"),
        (("search", "x", "--exact", "--fuzzy"), 2, "exclude each other"),
        (("search", "x", "--since", "soon"), 2, "not a date"),
        (("search", "x", "--status", "fine"), 2, "no such status"),
        (("search", "x", "-t", "0"), 2, "Usage"),
        (("search", "-"), 1, "nothing to look up"),
        (("leverage", "missing.ja.txt"), 1, "no such file"),
        (("pretranslate", "missing.ja.txt", "-o", "x.xlf"), 1, "no such file"),
    ],
)
def test_what_cannot_be_done_is_said(memory, arguments, code, words):
    done = run(*arguments, "-s", memory, stdin=b"")
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("store", ["missing.sqlite", "missing.tmx", "notes.sqlite", "empty.tmx"])
def test_a_memory_that_is_none(tmp_path, store):
    (tmp_path / "notes.sqlite").write_text("these are notes, long enough to be no database header at all " * 3)
    (tmp_path / "empty.tmx").write_bytes(b"")
    done = run("search", "x", "-s", tmp_path / store)
    assert done.returncode == 1
    assert b"tmalign: " in done.stderr
    assert b"Traceback" not in done.stderr


def test_control_characters_steer_no_terminal(tmp_path):
    path = tmp_path / "m.tmx"
    write_tmx(path, [Unit("会談\x9b31mを\n行った。", "Talks\u0085were held.", "", "", "", 1.0, (), ())])
    done = run("search", "会談を行った。", "-s", path, "-t", "40", "--concordance")
    done = run("search", "会談", "-s", path)
    assert len(done.stdout.decode().splitlines()) == 4
    assert "\x9b" not in done.stdout.decode()


def test_an_odd_query_in_a_poor_locale(memory):
    done = run("search", b"\xff\xfe", "-s", memory, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0
    done = run("search", "会談", "-s", memory, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert "会談" in done.stdout.decode()


def test_a_store_whose_folder_may_not_be_written(memory):
    (memory.parent / "memory.sqlite.lookup").write_text("in the way")
    done = run("search", "会談", "-s", memory)
    assert "[会談]" in done.stdout.decode()
    assert "cannot be kept" in done.stderr.decode()


def test_leverage(memory, tmp_path):
    job = tmp_path / "job.ja.txt"
    job.write_text(
        f"{PAIRS[0][0]}\n\n{PAIRS[0][0]}\n\n両大臣は、電話会談を行った。\n\n新しい文だ。\n", encoding="utf-8"
    )
    report = answer("leverage", job, "-s", memory, "--json")
    assert report["repetitions"]["segments"] == 1
    assert {band: much["segments"] for band, much in report["memory"].items() if much["segments"]} == {
        "100": 1,
        "85-94": 1,
        "none": 1,
    }
    assert report["total"] == {"segments": 4, "words": 37, "characters": 44}
    rows = run("leverage", job, "-s", memory, "--csv").stdout.decode().splitlines()
    assert rows[0] == "kind,band,segments,words,characters"
    assert rows[1:3] == ["repetition,,1,10,12", "memory,100,1,10,12"]
    table = run("leverage", job, "-s", memory).stdout.decode()
    assert "no match" in table
    assert "internal 50-74 %" in table


def test_leverage_of_two_languages_is_refused(memory, tmp_path):
    for name, text in (("a.ja.txt", "文である。"), ("a.en.txt", "A text.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = run("leverage", tmp_path / "a.ja.txt", tmp_path / "a.en.txt", "-s", memory)
    assert done.returncode == 1
    assert "on their own" in done.stderr.decode()


def test_pretranslate(memory, tmp_path):
    job = tmp_path / "job.en.txt"
    job.write_text(f"{PAIRS[0][1]}\n\nNothing like it.\n", encoding="utf-8")
    out = tmp_path / "job.xlf"
    done = run("pretranslate", job, "--out", out, "-s", memory)
    assert (
        "2 segments: 1 with an exact match, 0 with a fuzzy one, 1 with none; 1 targets filled in"
        in done.stderr.decode()
    )
    text = out.read_text(encoding="utf-8")
    assert 'match-quality="100%"' in text
    assert PAIRS[0][0] in text
    streamed = run("pretranslate", job, "--out", "-", "-s", memory, "--xliff", "2.1")
    assert b'similarity="100.0"' in streamed.stdout


def test_a_failed_pretranslation_leaves_what_was_there(memory, tmp_path):
    out = tmp_path / "job.xlf"
    out.write_text("kept")
    (tmp_path / "bad.xlf").write_text("<xliff")
    done = run("pretranslate", tmp_path / "bad.xlf", "--out", out, "-s", memory)
    assert done.returncode == 1
    assert out.read_text() == "kept"


def test_a_closed_pipe_ends_quietly(memory):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "tmalign", "search", "会談", "-s", memory],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert b"Traceback" not in done.stderr


def test_looking_up_loads_nothing_slow(memory):
    pytest.importorskip("tmalign.memory._sieve", reason="without the compiled sieve NumPy is needed")
    run("search", "会談", "-s", memory)  # makes the index
    code = (
        f"import sys; sys.argv = ['tmalign', 'search', {PAIRS[0][0]!r}, '-s', {str(memory)!r}]\n"
        "from tmalign.cli.start import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'typer', 'rich', 'numpy', 'polars', 'lxml', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert "100%" in done.stdout
    assert done.stderr.strip() == "[]"


def test_the_quick_way_in_reads_calls_as_the_full_one_does(monkeypatch):
    monkeypatch.delenv("TMALIGN_STORE", raising=False)
    options = {
        name: parameter
        for parameter in get_command(app).commands["search"].params
        for name in parameter.opts
        if name.startswith("-")
    }
    left = {"--status", "--min-probability"}
    assert {name for name in options if name.startswith("--")} - left == start._SEARCH.valued | start._SEARCH.flags
    assert {name: options[name].opts[0] for name in options if not name.startswith("--")} == start._SEARCH.short
    plain = start.read_search(["x"])
    for name in start._SEARCH.valued | start._SEARCH.flags:
        field = {"--json": "as_json"}.get(name, name.strip("-"))
        assert options[name].default == getattr(plain, field), name
    asked = start.read_search(["-t", "60", "x", "--limit=0", "-l", "ja", "--fuzzy", "--since", "2023", "-s", "a"])
    assert (asked.threshold, asked.limit, asked.language, asked.mode, asked.since) == (60, 0, "ja", "fuzzy", "2023")
    for unusual in (
        ["-"],
        ["x", "-t", "0"],
        ["x", "-t", "101"],
        ["x", "-l", "de"],
        ["x", "--status", "edited"],
        ["-h"],
    ):
        assert start.read_search(unusual) is None


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_full_disk_is_said(memory):
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tmalign", "search", "会談", "-s", memory],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"tmalign: the results cannot be written")
