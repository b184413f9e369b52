"""What the command line's tests share: the command in this process, with byte streams as a shell gives them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import tmalign
from tmalign.cli import start

SOURCE = str(Path(tmalign.__file__).parents[1])


@dataclass
class Ended:
    """How a command ended: its exit code, the bytes it printed, its messages."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self):
        return self.out.decode("utf-8").splitlines()


@pytest.fixture
def tmalign_command(monkeypatch):
    """Give a function that runs `tmalign ARGUMENTS`; streams are in `encoding`, `given` bytes are standard input."""

    def run(*arguments, given=b"", encoding="utf-8"):
        streams = {name: io.TextIOWrapper(io.BytesIO(), encoding=encoding) for name in ("stdout", "stderr")}
        streams["stdin"] = io.TextIOWrapper(io.BytesIO(given), encoding=encoding)
        with monkeypatch.context() as patch:
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            patch.setattr(sys, "argv", ["tmalign", *map(str, arguments)])
            try:
                start.main()
                code = 0
            except SystemExit as end:
                code = end.code or 0
        for name in ("stdout", "stderr"):
            streams[name].flush()
        return Ended(code, streams["stdout"].buffer.getvalue(), streams["stderr"].buffer.getvalue().decode("utf-8"))

    return run


@pytest.fixture
def shell():
    """Give a function that runs the command as a process of its own."""

    def run(*arguments, given=b"", environment=None):
        command = [sys.executable, "-m", "tmalign", *map(str, arguments)]
        env = {**os.environ, "PYTHONPATH": SOURCE, **(environment or {})}
        ended = subprocess.run(command, capture_output=True, input=given, env=env, check=False)
        return Ended(ended.returncode, ended.stdout, ended.stderr.decode("utf-8"))

    return run
