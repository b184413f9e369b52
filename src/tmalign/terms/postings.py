"""Posting lists: which forms hold a pair of characters, as a list of numbers or, of many, as a bitmap.

In memory a list is one integer with a bit for each number, so that a hundred thousand forms are counted in a few
hundred operations on whole lists.
"""

from __future__ import annotations

import re
from array import array
from sys import byteorder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Bytes a number takes in a list.
_WIDTH = 4
# A bitmap may take so many times the room of a list: it is ready at once.
_READY = 2
_SOME = re.compile(rb"[^\0]", re.DOTALL)
_IN_BYTE = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


def packed(numbers: Sequence[int]) -> bytes:
    """Return rising numbers as bytes: four a number, low byte first, or a bitmap where that is not much longer.

    A bitmap never takes four bytes a number, by which the two are told apart.
    """
    size = numbers[-1] // 8 + 1
    size += size == _WIDTH * len(numbers)
    if size > _READY * _WIDTH * len(numbers):
        listed = array("I", numbers)
        if byteorder == "big":
            listed.byteswap()
        return listed.tobytes()
    return bytes(_bitmap(numbers, size))


def as_bits(count: int, data: bytes) -> int:
    """Return so many numbers, packed, as one integer."""
    if len(data) == _WIDTH * count:
        listed = _listed(data)
        return int.from_bytes(_bitmap(listed, max(listed, default=0) // 8 + 1), "little")
    return int.from_bytes(data, "little")


def unpacked(count: int, data: bytes) -> Sequence[int]:
    """Return so many numbers, packed, as numbers."""
    return _listed(data) if len(data) == _WIDTH * count else members(int.from_bytes(data, "little"))


def members(bits: int) -> list[int]:
    """Return the numbers of an integer of bits, rising."""
    data = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    if bits.bit_count() > len(data) // 8:
        return [8 * place + bit for place, byte in enumerate(data) if byte for bit in _IN_BYTE[byte]]
    # Of few, those bytes are looked for that hold one.
    places = [byte.start() for byte in _SOME.finditer(data)]
    return [8 * place + bit for place in places for bit in _IN_BYTE[data[place]]]


def counted(lists: Iterable[int]) -> list[int]:
    """Return in how many of these lists each number is, bit by bit, the lowest first.

    Adding a list is adding one with carry to every number in it at once.
    """
    places: list[int] = []
    for added in lists:
        carry = added
        for place, digits in enumerate(places):
            places[place] = digits ^ carry
            carry &= digits
        if carry:
            places.append(carry)
    return places


def at_least(places: Sequence[int], least: int) -> int:
    """Return the numbers that are so often in lists that were counted, once or more."""
    if least >= 1 << len(places):
        return 0
    more, same = 0, -1
    for place in reversed(range(len(places))):
        digits = places[place]
        if least >> place & 1:
            same &= digits
        else:
            more |= same & digits
            same &= ~digits
    return more | same


def _listed(data: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data)
    if byteorder == "big":
        numbers.byteswap()
    return numbers


def _bitmap(numbers: Iterable[int], size: int) -> bytearray:
    data = bytearray(size)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return data
