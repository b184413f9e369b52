"""Reading a plain call without typer, whose loading takes longer than a look-up.

Only what needs no message is read: anything else - help, an unknown option, a wrong value - gives None, and the full
command line says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class PlainOptions(NamedTuple):
    """A command's options: short names, those with a value, flags, bounds of numbers, choices, in long names."""

    short: Mapping[str, str]
    valued: frozenset[str]
    flags: frozenset[str]
    bounds: Mapping[str, tuple[int, int]]
    choices: Mapping[str, frozenset[str]]

    def read(self, arguments: Sequence[str]) -> tuple[str, dict[str, str]] | None:
        """Return the one argument, and the options by long name (a flag that is there: `yes`)."""
        values: dict[str, str] = {}
        rest: list[str] = []
        waiting = iter(arguments)
        for argument in waiting:
            name, equals, value = argument.partition("=")
            name = self.short.get(name, name) if not equals else name
            if argument in self.flags:
                values[argument] = "yes"
            elif name in self.valued:
                # The last one counts, as it does for the full command line.
                values[name] = value if equals else next(waiting, "")
                if not self._fits(name, values[name]):
                    return None
            elif argument.startswith("-"):
                return None
            else:
                rest.append(argument)
        return (rest[0], values) if len(rest) == 1 else None

    def _fits(self, name: str, value: str) -> bool:
        """Tell whether a value is one that needs no message."""
        if not value or value.startswith("-"):
            return False
        if name in self.bounds:
            least, most = self.bounds[name]
            return value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most
        return value in self.choices.get(name, {value})
