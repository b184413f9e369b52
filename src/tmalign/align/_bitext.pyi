from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def learnable(segments: tuple[tuple[str, ...], ...], first: int, end: int, /) -> tuple[str, ...]: ...
def number(null: str, bags: Iterable[Iterable[str]], /) -> tuple[list[str], bytes, bytes]: ...
def meet(
    ja_types: _Array,
    ja_sizes: _Array,
    ja_distinct: int,
    en_types: _Array,
    en_sizes: _Array,
    en_distinct: int,
    /,
) -> tuple[bytes, bytes, bytes, bytes, bytes]: ...
def place(
    row: _Array, column: _Array, rows: int, columns: int, of_row: _Array, of_column: _Array, places: _Array, /
) -> None: ...
def estimate(
    begin: _Array,
    given: _Array,
    explained: _Array,
    given_token: _Array,
    types: _Array,
    sizes: _Array,
    distinct: int,
    explained_token: _Array,
    explained_sizes: _Array,
    weight: _Array,
    chosen: _Array,
    before: _Array,
    prior: float,
    rounds: int,
    value: _Array,
    /,
) -> None: ...
