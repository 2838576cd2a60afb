"""Room 1: files to Documents. Door: `read_document(path)`; `discover(paths)` finds which files belong together.

Every offset later on is an offset into `Document.text`, and `Document.line_at` says where that is:

| kind | suffixes | text | line_at |
|---|---|---|---|
| text, markdown | .txt .text .md .markdown | the decoded file verbatim; only a BOM goes | line |
| html | .html .htm .xhtml | paragraphs of the page, without navigation, forms, scripts, code blocks | paragraph |
| docx | .docx | paragraphs, cells, text boxes; tracked changes accepted; notes at the end | paragraph |
| epub | .epub | the chapters as pages | paragraph |
| pdf | .pdf | lines joined to paragraphs, without running headers and page numbers | page |
| subtitles | .srt .vtt .ass | sentences that run over cues joined, without times and tags | paragraph |

Each is one entry in `READERS`; a text that is taken out of a format carries the marks `extracted` describes. Encodings:
UTF-8, UTF-16 with and without BOM, GB18030, Big5, what a web page names, and any other one that is named by the user.
A bad file (empty, truncated, encrypted, a bomb, hostile XML) is a DocumentError of one line; sizes: `limits`.

Not supported: doc, rtf, odt, pptx, xlsx; text in pictures; formulas; numbers that Word makes by itself; vertical PDFs.
"""

from glossary.documents.discovery import DocumentPair, discover
from glossary.documents.reading import READERS, read_bytes, read_document, read_text, uri_of

__all__ = ["READERS", "DocumentPair", "discover", "read_bytes", "read_document", "read_text", "uri_of"]
