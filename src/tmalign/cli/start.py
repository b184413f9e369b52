"""Where the command starts: `tmalign term` answers at once, all else goes through the full command line.

Loading typer and what it loads takes longer than the look-up itself (scripts/bench/terms), so plain calls of
`tmalign term` are read here. Anything unusual in the call - help, an unknown option, a wrong value - is left to the
full command line, which says what is wrong.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.errors import TmalignError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tmalign.cli.term_answer import TermQuestion

_SHORT = {"-s": "--store", "-c": "--context", "-n": "--limit"}
_VALUED = {"--store", "--context", "--limit", "--since", "--kind", "--match"}
_LEAST = {"--context": 0, "--limit": 1}
_CHOICES = {
    "--kind": {"phrase", "concept", "organisation", "title", "treaty", "boilerplate"},
    "--match": {"auto", "exact", "part", "fuzzy"},
}


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] == ["term"]:
        question = read_question(sys.argv[2:])
        if question is not None:
            sys.exit(_answer(question))
    from tmalign.cli.app import main as full  # noqa: PLC0415 - the point of this module

    full()


def read_question(arguments: Sequence[str]) -> TermQuestion | None:
    """Return the question that plain arguments ask; None where the full command line has to look at them."""
    from tmalign.cli.stores import DEFAULT_STORE  # noqa: PLC0415 - other commands do without
    from tmalign.cli.term_answer import TermQuestion  # noqa: PLC0415 - likewise

    values: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        name = _SHORT.get(name, name) if not equals else name
        if argument == "--json":
            values["--json"] = "yes"
        elif name in _VALUED:
            # The last one counts, as it does for the full command line.
            values[name] = value if equals else next(waiting, "")
            if not _fits(name, values[name]):
                return None
        elif argument.startswith("-"):
            return None
        else:
            rest.append(argument)
    if len(rest) != 1:
        return None
    return TermQuestion(
        rest[0],
        Path(values.get("--store") or os.environ.get("TMALIGN_STORE") or DEFAULT_STORE),
        int(values.get("--context", "2")),
        int(values.get("--limit", "10")),
        values.get("--since", ""),
        values.get("--kind", ""),
        values.get("--match", "auto"),
        "--json" in values,
    )


def _fits(name: str, value: str) -> bool:
    """Tell whether a value is one that needs no message."""
    if not value or value.startswith("-"):
        return False
    if name in _LEAST:
        return value.isascii() and value.isdecimal() and len(value) < 10 and int(value) >= _LEAST[name]
    return value in _CHOICES.get(name, {value})


def _answer(question: TermQuestion) -> int:
    """Answer; errors and a closed pipe end as they do on the full command line."""
    from tmalign.cli.term_answer import answer  # noqa: PLC0415 - loaded already

    if isinstance(sys.stderr, io.TextIOWrapper):
        # As the full command line does, whatever the locale.
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return answer(question)
    except TmalignError as error:
        sys.stderr.write(f"tmalign: {error}\n" + (f"  {error.hint}\n" if error.hint else ""))
        return error.exit_code
    except BrokenPipeError:
        # Whatever is still in the buffer must not be written again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
