"""TBX, version 3 and version 2: what it carries, and its two writers. Reading is in `tbx_reading`."""

from glossary.exchange.tbx_shared import carried
from glossary.exchange.tbx_writing import write_tbx, write_tbx2

__all__ = ["carried", "write_tbx", "write_tbx2"]
