from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def join(
    sources: tuple[tuple[_Array | None, ...], ...], height: int, width: int, /
) -> tuple[bytes, bytes, bytes, bytes, bytes]: ...
def meet(
    units: tuple[str, ...], forms: tuple[tuple[tuple[str, float], ...], ...], ja: dict[str, int], en: dict[str, int], /
) -> tuple[bytes, bytes, bytes]: ...
def sides(
    links: tuple[_Array, ...],
    height: int,
    width: int,
    dictionary_share: float,
    learned_from: float,
    /,
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]: ...
