"""Block structure as soft evidence: kinds, list markers and block boundaries on both sides.

Never an anchor: section numbers disagree between real versions, headings are dropped, paragraphs are cut differently.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tmalign.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tmalign.model import Segment

    Array = np.ndarray[Any, np.dtype[np.float32]]

KINDS, MARKERS, STARTS, CROSSING = 10, 11, 12, 13  # columns of evidence.FEATURES

_FAMILY = {
    BlockKind.TITLE: 0,
    BlockKind.DATELINE: 1,
    BlockKind.HEADING: 2,
    BlockKind.PARAGRAPH: 3,
    BlockKind.ITEM: 4,
    BlockKind.SPEAKER: 5,
    BlockKind.NOTE: 6,
    BlockKind.CELL: 7,
}
_RUNNING = (3, 4, 7)  # running text is set as paragraphs, items or cells at will
_KANA_ORDER = {c: i + 1 for i, c in enumerate("アイウエオカキクケコサシスセソ")}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


def marker_value(marker: str) -> int:
    """Return the ordinal a list marker stands for (１ 1. (1) ① a) ア Ⅱ: 1, 1, 1, 1, 1, 1, 2), 0 for bullets."""
    plain = unicodedata.normalize("NFKC", marker).lower()
    digits = re.search(r"\d+(?!.*\d)", plain)
    if digits:
        return int(digits[0]) if len(digits[0]) < 4 else 0
    core = re.sub(r"[\W_]", "", plain)
    if core in _ROMAN:
        return _ROMAN[core]
    if len(core) == 1:
        return _KANA_ORDER.get(core, ord(core) - 96 if "a" <= core <= "z" else 0)
    return 0


@dataclass(frozen=True, slots=True)
class Side:
    """The structure of one side, an entry a segment; `begins` has one more entry, true at the end."""

    family: np.ndarray[Any, np.dtype[np.int8]]
    ordinal: np.ndarray[Any, np.dtype[np.int32]]
    begins: np.ndarray[Any, np.dtype[np.bool_]]


def side(segments: Sequence[Segment]) -> Side:
    """Read the structure of one side."""
    begins = [i == 0 or s.block != segments[i - 1].block for i, s in enumerate(segments)]
    return Side(
        np.array([_FAMILY[s.kind] for s in segments], dtype=np.int8),
        np.array([marker_value(s.marker) if b else 0 for s, b in zip(segments, begins, strict=True)], dtype=np.int32),
        np.array([*begins, True]),
    )


class Structure:
    """Structure features of candidate beads; the same table serves every shape, moved to the bead's start."""

    def __init__(self, ja: Side, en: Side) -> None:
        """Compare every Japanese segment with every English one."""
        self._ja, self._en = ja, en
        same = ja.family[:, None] == en.family[None, :]
        running = np.isin(ja.family, _RUNNING)[:, None] & np.isin(en.family, _RUNNING)[None, :]
        self._kinds = np.where(same, 1.0, np.where(running, 0.0, -1.0)).astype(np.float32)
        both = (ja.ordinal[:, None] > 0) & (en.ordinal[None, :] > 0)
        equal = ja.ordinal[:, None] == en.ordinal[None, :]
        self._markers = np.where(both, np.where(equal, 1.0, -0.5), 0.0).astype(np.float32)
        at_ja, at_en = ja.begins[:-1, None], en.begins[None, :-1]
        self._starts = np.where(at_ja & at_en, 1.0, np.where(at_ja != at_en, -1.0, 0.0)).astype(np.float32)
        begins = (side.begins.astype(np.float32) for side in (ja, en))
        # What the compiled kernel fills these columns from.
        self.tables = self._kinds, self._markers, self._starts, *begins

    def add(self, out: Array, a: int, b: int) -> None:
        """Fill the structure columns of a bead table [feature, i, j] for beads of `a` and `b` segments."""
        rows, columns = out.shape[1:]
        out[KINDS] = self._kinds[:rows, :columns]
        out[MARKERS] = self._markers[:rows, :columns]
        out[STARTS] = self._starts[:rows, :columns]
        inside = [self._ja.begins[1 + k : 1 + k + rows, None].astype(np.float32) for k in range(a - 1)]
        inside += [self._en.begins[None, 1 + k : 1 + k + columns].astype(np.float32) for k in range(b - 1)]
        for crossed in inside:
            out[CROSSING] -= crossed


def read_structure(ja: Sequence[Segment], en: Sequence[Segment]) -> Structure | None:
    """Return the structure of a pair of documents, or None where a side has none to speak of."""
    if not ja or not en or len({s.block for s in ja}) == 1 or len({s.block for s in en}) == 1:
        return None
    return Structure(side(ja), side(en))
