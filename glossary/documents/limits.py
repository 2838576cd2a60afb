"""How large and how slow a document may be. All are choices with room above real documents, none is measured.

A novel is 1 MB of text; the web pages, reports and books people translate stay far below every limit here.
"""

MAX_FILE_BYTES = 100_000_000
"""Bytes of any file that is read as a document."""

MAX_MARKUP_BYTES = 30_000_000
"""Bytes of one HTML page or XML part: its tree takes about ten times that in memory."""

MAX_ELEMENTS = 500_000
"""Elements of one page: a book on one page has 50,000."""

MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 150_000_000
"""Members of a zip archive, and bytes of all those that are read together."""

MAX_RATIO = 500
RATIO_FROM_BYTES = 5_000_000
"""How many times larger than packed a member may be once it is over this size: text packs 3 to 20 times, the XML of
a table of equal rows 250, zeros 1000."""

MAX_PAGES = 5_000
MAX_PDF_SECONDS = 120.0
MAX_PAGE_OPERATIONS = 2_000_000
"""Pages of a PDF, seconds until all must be read, and drawing operations of one page."""

MAX_CUES = 100_000
"""Cues of a subtitle file; a film has 1,500."""
