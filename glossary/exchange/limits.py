"""How much a file that is read may hold. Past a limit it is refused in one line, before it fills the memory.

The limits are ours: each is several times what a termbase of 100,000 entries needs.
"""

MOST_BYTES = 1_000_000_000
"""A file on disk."""

MOST_UNPACKED_BYTES = 500_000_000
"""All parts of an XLSX together, unpacked."""

MOST_RATIO = 500
"""Unpacked to packed size of one part of an XLSX. Our sheet of 100,000 synthetic entries has 15 (146 to 9.6 MB); a zip
bomb of spaces has about 1,000, the most deflate can do."""

MOST_PARTS = 10_000
"""Parts of an XLSX."""

LONGEST_LINE = 10_000_000
"""Characters of one line or row: an entry with hundreds of contexts."""

LONGEST_FIELD = 1_000_000
"""Characters of one cell, element or string."""

MOST_COLUMNS = 16_384
"""Columns of a sheet: Excel's own limit."""
