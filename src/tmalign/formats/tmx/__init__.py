"""TMX, the exchange format of translation memories: anyone's read as a stream (`reading`), our own written.

The reader is not imported here: its patterns take a while to compile, which `tmalign --help` need not wait for.
"""

from tmalign.formats.tmx.own import TmxHeader, TmxWritten, exchange_unit, read_tmx, write_tmx

__all__ = ["TmxHeader", "TmxWritten", "exchange_unit", "read_tmx", "write_tmx"]
