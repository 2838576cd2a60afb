"""Room 1: files to Documents. Door: `read_document(path)`; `discover(paths)` finds which files belong together.

`Document.text` is the decoded file verbatim: line ends, normalisation form and markup stay, only a BOM goes, so every
offset later on is an offset into the file's text. Encodings: UTF-8, UTF-16 with and without BOM, GB18030, Big5, and any
other one that is named. Plain text and Markdown are read now; further formats are one entry in `READERS` each.

Not supported yet: docx, html, pdf, epub, subtitles. A single-byte encoding is only read when it is named.
"""

from glossary.documents.discovery import DocumentPair, discover
from glossary.documents.reading import READERS, read_document, read_text, uri_of

__all__ = ["READERS", "DocumentPair", "discover", "read_document", "read_text", "uri_of"]
