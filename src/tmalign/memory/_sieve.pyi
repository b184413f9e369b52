def sift(
    query: bytes,
    counts: bytes,
    runs: bytes,
    counters: memoryview,
    texts: memoryview,
    prefix: int,
    width: int = 4,
    fewest: int = 512,
    /,
) -> list[int]: ...
def contains(query: bytes, counts: bytes, runs: bytes, counters: memoryview, texts: memoryview, /) -> list[int]: ...
