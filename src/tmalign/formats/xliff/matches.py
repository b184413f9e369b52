"""XLIFF with matches: segments of a plain source, each with what a memory proposes for it (OASIS 1.2, ISO 21720 2.1).

1.2 puts proposals into `alt-trans` with `match-quality`, 2.1 into the Translation Candidates module (`mtc:match` with
`similarity`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from tmalign import __version__
from tmalign.formats.tmx.markup import Escaper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Version = Literal["1.2", "2.1"]
SPACES: Final = {
    "1.2": "urn:oasis:names:tc:xliff:document:1.2",
    "2.1": "urn:oasis:names:tc:xliff:document:2.0",
    "matches": "urn:oasis:names:tc:xliff:matches:2.0",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit of a memory as a candidate: how alike its source is in per cent, its texts, where it comes from."""

    percent: int
    source: str
    target: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A segment to be translated, its proposals (the best first), and the target it begins with; empty: none."""

    source: str
    proposals: tuple[Proposal, ...] = ()
    target: str = ""

    @property
    def exact(self) -> bool:
        """Tell whether the target came from a unit with the very same source."""
        return bool(self.proposals) and self.proposals[0].percent == 100


def write_drafts(
    stream: BinaryIO, drafts: Iterable[Draft], languages: tuple[str, str], *, original: str, version: Version = "1.2"
) -> int:
    """Write a file of drafts, one at a time; return how many characters were removed because XML forbids them.

    `languages` are those of source and target, `original` the name of the file the segments are from. Segments are
    numbered from 1.
    """
    writer = _Writer12() if version == "1.2" else _Writer21()
    stream.write(writer.head(*languages, original).encode())
    stream.writelines(writer.unit(number, draft).encode() for number, draft in enumerate(drafts, 1))
    stream.write(writer.tail.encode())
    return writer.escape.removed


class _Writer12:
    """XLIFF 1.2."""

    tail = "    </body>\n  </file>\n</xliff>\n"

    def __init__(self) -> None:
        """Start the count of removed characters."""
        self.escape = Escaper()

    def head(self, source: str, target: str, original: str) -> str:
        """Return everything before the first unit."""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="{SPACES["1.2"]}">\n'
            f'  <file original="{self.escape.attribute(original)}" source-language="{source}" '
            f'target-language="{target}" datatype="plaintext">\n'
            f'    <header>\n      <tool tool-id="tmalign" tool-name="tmalign" tool-version="{__version__}"/>\n'
            "    </header>\n    <body>\n"
        )

    def unit(self, number: int, draft: Draft) -> str:
        """Return one `trans-unit`."""
        text = self.escape.text
        lines = [f'      <trans-unit id="{number}">', f"        <source>{text(draft.source)}</source>"]
        if draft.target:
            state = 'state="translated" state-qualifier="exact-match"'
            if not draft.exact:
                state = 'state="needs-review-translation" state-qualifier="fuzzy-match"'
            lines.append(f"        <target {state}>{text(draft.target)}</target>")
        for proposal in draft.proposals:
            origin = f' origin="{self.escape.attribute(proposal.origin)}"' if proposal.origin else ""
            lines += [
                f'        <alt-trans match-quality="{proposal.percent}%" tool-id="tmalign"{origin}>',
                f"          <source>{text(proposal.source)}</source>",
                f"          <target>{text(proposal.target)}</target>",
                "        </alt-trans>",
            ]
        return "\n".join([*lines, "      </trans-unit>\n"])


class _Writer21:
    """XLIFF 2.1 with its Translation Candidates module."""

    tail = "  </file>\n</xliff>\n"

    def __init__(self) -> None:
        """Start the count of removed characters."""
        self.escape = Escaper()

    def head(self, source: str, target: str, original: str) -> str:
        """Return everything before the first unit."""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="2.1" xmlns="{SPACES["2.1"]}" '
            f'xmlns:mtc="{SPACES["matches"]}" srcLang="{source}" trgLang="{target}">\n'
            f'  <file id="f1" original="{self.escape.attribute(original)}">\n'
        )

    def unit(self, number: int, draft: Draft) -> str:
        """Return one `unit`; what the proposals are for is marked in its source."""
        text, lines = self.escape.text, [f'    <unit id="{number}">']
        if draft.proposals:
            lines.append("      <mtc:matches>")
            lines += [line for proposal in draft.proposals for line in self._match(proposal)]
            lines.append("      </mtc:matches>")
        source = text(draft.source)
        if draft.proposals:
            source = f'<mrk id="m1" type="mtc:match">{source}</mrk>'
        state = ' state="translated"' if draft.target and draft.exact else ""
        lines += [f'      <segment id="s1"{state}>', f"        <source>{source}</source>"]
        if draft.target:
            lines.append(f"        <target>{text(draft.target)}</target>")
        return "\n".join([*lines, "      </segment>", "    </unit>\n"])

    def _match(self, proposal: Proposal) -> Sequence[str]:
        """Return the lines of one `mtc:match`."""
        origin = f' origin="{self.escape.attribute(proposal.origin)}"' if proposal.origin else ""
        return (
            f'        <mtc:match ref="#m1" similarity="{proposal.percent}.0" type="tm"{origin}>',
            f"          <source>{self.escape.text(proposal.source)}</source>",
            f"          <target>{self.escape.text(proposal.target)}</target>",
            "        </mtc:match>",
        )
