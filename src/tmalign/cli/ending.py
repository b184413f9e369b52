"""How a command runs and ends: its encoding, its errors as messages, its exit code. Without typer."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.cli.output import print_message
from tmalign.errors import OutputError, TmalignError

if TYPE_CHECKING:
    from collections.abc import Callable


def say(error: TmalignError) -> None:
    """Print an error and what to do about it, on standard error."""
    print_message(f"tmalign: {error}")
    if error.hint:
        print_message(f"  {error.hint}")


def _speak_utf8() -> None:
    r"""Print UTF-8 whatever the locale says (C, cron, a bare container); what UTF-8 cannot hold stands as \\ud800."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def run(app: Callable[[], object]) -> None:
    """Run a command line; every deliberate error ends in a message and its exit code."""
    # The aligner's matrices are small: threads inside NumPy cost more than they give, and --jobs has processes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if sys.stdout is None:
        # Closed on purpose (`>&-`): there is nobody to print to.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the life of the process
    _speak_utf8()
    try:
        app()
    except TmalignError as error:
        say(error)
        sys.exit(error.exit_code)
    except OSError as error:
        # Files have errors of their own: what is left is standard output, on a full disk.
        reason = error.strerror or str(error)
        say(OutputError(f"the results cannot be written: {reason}", hint="write them where there is room"))
        # What is still in the buffer would fail once more, with a traceback.
        sys.stdout = None
        sys.exit(OutputError.exit_code)
