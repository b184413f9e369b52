from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def meet(
    ja_types: _Array,
    ja_sizes: _Array,
    ja_distinct: int,
    en_types: _Array,
    en_sizes: _Array,
    en_distinct: int,
    ja_token: _Array,
    en_token: _Array,
    /,
) -> None: ...
def expect(begin: _Array, token: _Array, weight: _Array, table: _Array, counted: _Array, best: _Array, /) -> None: ...
