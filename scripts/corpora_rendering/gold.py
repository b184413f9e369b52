"""The gold file of a release: its sentences with their blocks, and the beads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corpora_rendering.authored import KINDS, Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora_rendering.authored import Block


def gold_json(identifier: str, sides: dict[Language, Sequence[Block]], beads: Sequence[tuple[range, range]]) -> str:
    """Return the gold as JSON, one sentence and one bead a line, so that changes read well."""
    parts = [f'{{\n"id": {json.dumps(identifier)},']
    for language, blocks in sides.items():
        rows = [
            json.dumps(
                {"text": sentence, "kind": KINDS[block.kind], "marker": block.marker, "block": number},
                ensure_ascii=False,
            )
            for number, block in enumerate(blocks)
            for sentence in block.sentences
        ]
        parts.append(f'"{language}": [\n' + ",\n".join(rows) + "\n],")
    parts.append('"beads": [\n' + ",\n".join(json.dumps([list(ja), list(en)]) for ja, en in beads) + "\n]\n}\n")
    return "\n".join(parts)
