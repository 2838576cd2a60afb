"""Room 2: a Document to Segments. Door: `segment(document)`.

A segment is a sentence or a heading; it slices back (`document.text[s.start:s.end] == s.text`) and carries its language
and its role. Roles `heading` and `body` are article text and get aligned; `summary` (the article retold in its first
language after the translation), `footnote` and `furniture` (dates, bylines, related posts, comment forms) do not. In
doubt a paragraph is body.

Bilingual files may hold one language after the other, or alternate by paragraph, by line or within lines. English
sentences are sentencex's, repaired; Chinese ones follow rules of our own. Inline markup of Markdown stays in segments.

`markdown_prose` and `mask_inline` tell where the prose of a Markdown text stands, for whoever marks terms in it.

Not supported: languages other than English and Chinese unless declared.
"""

from glossary.segmentation.markdown import markdown_prose, mask_inline
from glossary.segmentation.segmenting import segment

__all__ = ["markdown_prose", "mask_inline", "segment"]
