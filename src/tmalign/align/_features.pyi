from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def fill(
    ja: tuple[_Array, ...],
    en: tuple[_Array, ...],
    structure: tuple[_Array, ...] | None,
    ratio: float,
    reach: int,
    shapes: _Array,
    tables: _Array,
    ja_skips: _Array,
    en_skips: _Array,
    /,
) -> None: ...
def weigh(
    ja: tuple[_Array, ...],
    en: tuple[_Array, ...],
    structure: tuple[_Array, ...] | None,
    ratio: float,
    reach: int,
    shapes: _Array,
    weights: _Array,
    scores: _Array,
    kept: _Array,
    /,
) -> None: ...
