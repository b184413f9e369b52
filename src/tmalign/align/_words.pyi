from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def hashes(words: Iterable[str], kept: dict[str, int], most: int, /) -> bytes: ...
def compounds(facts: Sequence[tuple[Any, ...]], keys: _Array, longest: int, longest_phrase: int, /) -> list[str]: ...
