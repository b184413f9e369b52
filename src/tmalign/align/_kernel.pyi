from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]
_Path: TypeAlias = list[tuple[int, int, int]]

def best_path(n: int, m: int, take_ja: _Array, take_en: _Array, scores: _Array, /) -> _Path: ...
def surest_path(
    n: int,
    m: int,
    take_ja: _Array,
    take_en: _Array,
    scores: _Array,
    posterior: _Array,
    worth: float,
    besides: float,
    /,
) -> _Path: ...
def posteriors(n: int, m: int, take_ja: _Array, take_en: _Array, scores: _Array, posterior: _Array, /) -> float: ...
def alone(n: int, m: int, take_ja: _Array, take_en: _Array, scores: _Array, /) -> float: ...
