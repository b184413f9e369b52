from collections.abc import Callable, Sequence
from typing import Generic, Self, TypeVar

_T = TypeVar("_T")

class Tagger:
    def __new__(cls, library: str, arguments: tuple[str, ...], fields: tuple[int, int, int, int, int], /) -> Self: ...

class Reader(Generic[_T]):
    def __new__(cls, tagger: Tagger, read: Callable[[str], _T | None], limit: int, /) -> Self: ...
    def __call__(self, texts: Sequence[str], /) -> list[list[_T]]: ...
