from typing import Any, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]

def viterbi(
    n: int, m: int, take_ja: _Array, take_en: _Array, scores: _Array, best: _Array, back: _Array, /
) -> float: ...
def forward_backward(
    n: int,
    m: int,
    take_ja: _Array,
    take_en: _Array,
    scores: _Array,
    forward: _Array,
    backward: _Array,
    posterior: _Array,
    /,
) -> float: ...
