"""Where the command starts: what is looked up is answered at once, all else goes through the full command line.

Loading typer and what it loads takes longer than the look-up itself (scripts/bench/terms, scripts/bench/lookup), so
plain calls of `tmalign term` and `tmalign search` are read here. Anything unusual in the call - help, an unknown
option, a wrong value - is left to the full command line, which says what is wrong.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tmalign.cli.ending import run
from tmalign.cli.plain_call import PlainOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tmalign.cli.search_answer import SearchQuestion
    from tmalign.cli.term_answer import TermQuestion
    from tmalign.model import Language

_MOST = 10**9
_TERM = PlainOptions(
    {"-s": "--store", "-c": "--context", "-n": "--limit"},
    frozenset({"--store", "--context", "--limit", "--since", "--kind", "--match"}),
    frozenset({"--json"}),
    {"--context": (0, _MOST), "--limit": (1, _MOST)},
    {
        "--kind": frozenset({"phrase", "concept", "organisation", "title", "treaty", "boilerplate"}),
        "--match": frozenset({"auto", "exact", "part", "fuzzy"}),
    },
)
_SEARCH = PlainOptions(
    {"-s": "--store", "-l": "--language", "-n": "--limit", "-t": "--threshold"},
    frozenset({"--store", "--language", "--limit", "--threshold", "--collection", "--since", "--until"}),
    frozenset({"--json", "--exact", "--fuzzy", "--concordance"}),
    {"--limit": (0, _MOST), "--threshold": (1, 100)},
    {"--language": frozenset({"ja", "en"})},
)


def program() -> None:
    """Run the command line as a process of its own.

    A look-up is over before collecting garbage pays; taking every module apart at the end takes a tenth of its time.
    """
    short = sys.argv[1:2] in (["term"], ["search"])
    if short:
        gc.disable()
    try:
        main()
    except SystemExit as end:
        if short and (end.code is None or isinstance(end.code, int)):
            _leave(end.code or 0)
        raise


def _leave(code: int) -> None:
    """End the process at once; what cannot be written any more is left, as the command said before."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    os._exit(code)


def main() -> None:
    """Run the command line; Ctrl-C while it still loads ends it as it does later, without a traceback."""
    try:
        _main()
    except KeyboardInterrupt:
        sys.exit(130)


def _main() -> None:
    """Load and run what the call asks for."""
    command = sys.argv[1:2]
    if command == ["term"] and (term := read_question(sys.argv[2:])) is not None:
        from tmalign.cli.term_answer import answer as answer_term  # noqa: PLC0415 - only what is asked for is loaded

        _ended(lambda: answer_term(term))
        return
    if command == ["search"]:
        search = read_search(sys.argv[2:])
        if search is None:
            _alone()
            return
        from tmalign.cli.search_answer import answer as answer_search  # noqa: PLC0415 - likewise

        _ended(lambda: answer_search(search))
        return
    from tmalign.cli.app import main as full  # noqa: PLC0415 - the point of this module

    full()


def _alone() -> None:
    """Run `tmalign search` without loading the other commands, which takes longer than a lookup."""
    import typer  # noqa: PLC0415 - `tmalign term` does without

    from tmalign.cli.search import search_command  # noqa: PLC0415 - likewise

    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich",
    )
    app.command("search")(search_command)
    # A callback keeps `search` the name of a command, in usage messages too.
    app.callback()(lambda: None)
    run(lambda: app(prog_name="tmalign"))


def read_question(arguments: Sequence[str]) -> TermQuestion | None:
    """Return the question that plain arguments of `term` ask; None where the full command line has to look at them."""
    from tmalign.cli.term_answer import TermQuestion  # noqa: PLC0415 - other commands do without

    call = _TERM.read(arguments)
    if call is None:
        return None
    text, values = call
    return TermQuestion(
        text,
        _store(values),
        int(values.get("--context", "2")),
        int(values.get("--limit", "10")),
        values.get("--since", ""),
        values.get("--kind", ""),
        values.get("--match", "auto"),
        "--json" in values,
    )


def read_search(arguments: Sequence[str]) -> SearchQuestion | None:
    """Return the question that plain arguments of `search` ask; None where the full command line has to look."""
    from tmalign.cli.search_answer import SearchQuestion  # noqa: PLC0415 - other commands do without

    call = _SEARCH.read(arguments)
    if call is None:
        return None
    text, values = call
    languages: dict[str, Language] = {"ja": "ja", "en": "en"}
    return SearchQuestion(
        text,
        _store(values),
        exact="--exact" in values,
        fuzzy="--fuzzy" in values,
        concordance="--concordance" in values,
        language=languages.get(values.get("--language", "")),
        threshold=int(values.get("--threshold", "70")),
        limit=int(values.get("--limit", "10")),
        collection=values.get("--collection"),
        since=values.get("--since", ""),
        until=values.get("--until", ""),
        as_json="--json" in values,
    )


def _store(values: dict[str, str]) -> Path:
    """Return where the store is: as the call says, or the environment."""
    from tmalign.cli.stores import DEFAULT_STORE  # noqa: PLC0415 - other commands do without

    return Path(values.get("--store") or os.environ.get("TMALIGN_STORE") or DEFAULT_STORE)


def _ended(answer: Callable[[], int]) -> None:
    """Answer; a closed pipe and an interruption end as they do on the full command line."""

    def quietly() -> None:
        try:
            sys.exit(answer())
        except BrokenPipeError:
            # Whatever is still in the buffer must not be written again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(130)

    run(quietly)
