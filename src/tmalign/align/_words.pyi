from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def hashes(words: Iterable[str], kept: dict[str, int], most: int, /) -> bytes: ...
def content(
    facts: list[Any], keys: _Array, longest: int, longest_phrase: int, /
) -> tuple[list[str], list[Any], list[str], dict[str, str], dict[str, str], list[int]]: ...
