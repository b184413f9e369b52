"""XLIFF 1.2 and 2.1, the exchange format of translation jobs (OASIS), to and from translation units."""

from tmalign.formats.xliff.reading import read_xliff
from tmalign.formats.xliff.writing import write_xliff

__all__ = ["read_xliff", "write_xliff"]
