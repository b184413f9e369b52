"""TMX, the exchange format of translation memories: anyone's read as a stream, our own written as a stream."""

from tmalign.formats.tmx.own import TmxHeader, TmxWritten, read_tmx, write_tmx
from tmalign.formats.tmx.reading import TmxReader
from tmalign.formats.tmx.writing import write_units

__all__ = ["TmxHeader", "TmxReader", "TmxWritten", "read_tmx", "write_tmx", "write_units"]
