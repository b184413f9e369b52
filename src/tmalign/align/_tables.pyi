from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def find(keys: _Array, wanted: _Array, places: _Array, recent: _Array, /) -> None: ...
def cross(
    start: _Array, column: _Array, item: int, stems: int, rows: _Array, columns: _Array, /
) -> tuple[bytes, bytes, bytes]: ...
def akin(
    start: _Array,
    column: _Array,
    item: int,
    weight: _Array,
    kin_start: _Array,
    kin_column: _Array,
    kin_item: int,
    kin_weight: _Array,
    ja_rows: _Array,
    en_rows: _Array,
    stems: int,
    scale: float,
    most: float,
    least: float,
    /,
) -> tuple[bytes, bytes, bytes]: ...
