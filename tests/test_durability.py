"""Killed builds and imports lose nothing: a short form of scripts/bench/durability."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[1] / "scripts" / "bench" / "durability"


def test_killed_runs_lose_nothing_and_can_be_repeated():
    sizes = ["--kills", "6", "--units", "6000", "--releases", "4", "--rounds", "1"]
    done = subprocess.run([sys.executable, BENCH, *sizes, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["lost"], report["build: kills"], report["import: kills"]) == ("nothing", 3, 3)
