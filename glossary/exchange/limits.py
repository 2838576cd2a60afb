"""How much a file that is read may hold. Past a limit it is refused in one line, before it fills the memory.

The limits are ours: each is several times what a termbase of 100,000 entries needs with our own exporters.
"""

MOST_BYTES = 1_000_000_000
"""A file on disk. 100,000 entries with contexts are about 150 MB as JSON Lines."""

MOST_UNPACKED_BYTES = 500_000_000
"""All parts of an XLSX together, unpacked."""

MOST_RATIO = 500
"""Unpacked to packed size of one part of an XLSX. Real sheets reach 20 to 50; a zip bomb has 1,000."""

MOST_PARTS = 10_000
"""Parts of an XLSX."""

LONGEST_LINE = 10_000_000
"""Characters of one line or row: an entry with hundreds of contexts."""

LONGEST_FIELD = 1_000_000
"""Characters of one cell, element or string."""

MOST_COLUMNS = 16_384
"""Columns of a sheet: Excel's own limit."""
