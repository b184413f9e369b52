from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def fill(
    ja: tuple[_Array, ...],
    en: tuple[_Array, ...],
    shapes: _Array,
    ratio: float,
    reach: int,
    tables: _Array,
    fit: _Array,
    /,
) -> None: ...
