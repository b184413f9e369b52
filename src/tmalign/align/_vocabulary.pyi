from collections.abc import Sequence

from tmalign.align.units import Units

def vocabulary(
    segments: Sequence[Units], shortest: int, /
) -> tuple[
    dict[str, int],
    bytes,
    bytes,
    bytes,
    bytes,
    list[str],
    dict[str, str],
    dict[str, str],
    bytes,
    bytes,
    bytes,
    list[str],
]: ...
