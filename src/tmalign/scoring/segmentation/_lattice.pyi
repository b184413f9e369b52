from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def posteriors(
    arrays: tuple[_Array, ...], constants: tuple[float, float, float, float, float], log: _Array, /
) -> None: ...
