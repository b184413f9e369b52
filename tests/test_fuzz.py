"""A short run of scripts/fuzz, and that it finds what it is there to find."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "fuzz"


def test_broken_files_are_read_or_refused(tmp_path):
    command = [sys.executable, SCRIPT, "--inputs", "1500", "--seed", "3", "--keep", tmp_path / "kept"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failures: none" in done.stdout
    assert not (tmp_path / "kept").exists()


@pytest.fixture
def fuzz():
    loader = importlib.machinery.SourceFileLoader("fuzz", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fuzz", loader))
    loader.exec_module(module)
    return module


def broken(_data):
    raise ZeroDivisionError


def endless(_data):
    while True:
        pass


@pytest.mark.parametrize(("reader", "limit"), [(broken, 5), (endless, 0.02)])
def test_a_crash_and_a_hang_are_found_and_kept(fuzz, monkeypatch, tmp_path, capsys, reader, limit):
    monkeypatch.setattr(fuzz, "targets", lambda _samples: [("tmx", reader, [b"<tmx/>"])])
    arguments = fuzz.argparse.Namespace(samples=None, seed=1, inputs=2, limit=limit, keep=tmp_path / "kept")
    assert fuzz.main(arguments) == 1
    assert "failures: {" in capsys.readouterr().out
    assert list((tmp_path / "kept").iterdir())


def test_the_seeds_are_good_files(fuzz):
    for _, reader, seeds in fuzz.targets(None):
        for seed in seeds:
            reader(seed)
    found = fuzz.outcome(lambda: list(fuzz.TmxReader(fuzz.File(fuzz.TMX.encode()))))
    assert len(found) == 3
