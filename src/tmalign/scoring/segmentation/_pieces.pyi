from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def score(
    text: tuple[_Array, ...], ratio: float, pieces: tuple[_Array, ...], weights: _Array, out: _Array, /
) -> None: ...
