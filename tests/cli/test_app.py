"""The root of the command line: help, version, streams and errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_the_version_names_the_kernel(tmalign_command):
    ended = tmalign_command("--version")
    assert ended.code == 0
    assert ended.out.startswith(b"tmalign ")
    assert b"lattice kernel" in ended.out


@pytest.mark.parametrize("command", [[], ["align"], ["build"], ["split"], ["extract"]])
def test_every_command_has_help(tmalign_command, command):
    ended = tmalign_command(*command, "--help")
    assert ended.code == 0
    assert b"Usage" in ended.out


def test_an_unknown_command_is_a_wrong_call(tmalign_command):
    assert tmalign_command("nonsense").code == 2


def test_errors_go_to_standard_error_in_utf8_whatever_the_locale(shell, tmp_path):
    page = tmp_path / "note.en.txt"
    page.write_text("会談。\n", encoding="utf-8")
    (tmp_path / "note.ja.txt").write_text("会談。\n", encoding="utf-8")
    ended = shell("align", tmp_path / "note.ja.txt", page, environment=BARE)
    assert (ended.code, ended.out) == (1, b"")
    assert "note.en.txt" in ended.err
    # A name that such a locale cannot decode is shown with escapes, never a traceback.
    assert "Traceback" not in shell("extract", tmp_path / "頁.ja.html", environment=BARE).err


def test_results_are_utf8_in_a_bare_environment(shell, tmp_path):
    page = tmp_path / "頁.ja.txt"
    page.write_text("会談。\n", encoding="utf-8")
    assert shell("split", page, environment=BARE).out.decode("utf-8") == "会談。\n"


def test_a_reader_that_leaves_ends_the_command_quietly(tmp_path):
    rows = tmp_path / "rows.jsonl"
    row = json.dumps({"id": "a", "text": "It is over. " * 200})
    rows.write_text(f"{row}\n" * 400, encoding="utf-8")
    command = [sys.executable, "-m", "tmalign", "split", "--batch", str(rows), "--language", "en"]
    source = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": source}
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        message = process.stderr.read().decode()
        assert process.wait(timeout=60) != 0
    assert "Traceback" not in message
    assert "Exception ignored" not in message


def test_ctrl_c_while_the_command_still_loads_ends_it_quietly():
    code = """
import sys
from tmalign.cli import start

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "tmalign.cli.build":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = ["tmalign", "build", "folder"]
start.main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")


def test_a_look_up_ends_its_own_process_and_no_other(tmp_path):
    """Called from another program the command only raises SystemExit: what ends a process early is its own start."""
    code = """
import sys
from tmalign.cli import start

sys.argv = ["tmalign", "term", "会談", "--store", "nowhere.sqlite"]
try:
    start.main()
except SystemExit as end:
    print("ended", end.code)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=tmp_path)
    assert (ended.returncode, ended.stdout.decode().split()) == (0, ["ended", "1"])
    for command in ("term", "search"):
        own = subprocess.run(
            [sys.executable, "-m", "tmalign", command, "会談", "--store", "nowhere.sqlite"],
            capture_output=True, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert own.returncode == 1
        assert b"nowhere.sqlite" in own.stderr
