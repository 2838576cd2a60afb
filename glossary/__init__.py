"""Bilingual glossaries with proof: sentence pairs and terms from an article and its translation.

    from glossary import align_files, build, open_store
    from glossary.lookup import lookup

    aligned = align_files("article.en.txt", "article.zh-Hant.txt")
    with open_store("glossary.db") as store:
        build(["articles/"], store)
        matches = lookup(store, "區塊鏈")

Files: `align_files`, `extract_files`, `build`. Steps: `read_document`, `segment`, `align`, `extract_terms`. Termbase:
`open_store`. Out: `write` (entries), `write_bitext`. Each is imported when first asked for. `lookup` stays in its
module, whose name it would hide.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glossary.alignment import align
    from glossary.documents import read_document
    from glossary.errors import GlossaryError
    from glossary.exchange import write, write_bitext
    from glossary.pipeline import Options, align_files, build, extract_files
    from glossary.segmentation import segment
    from glossary.store import open_store
    from glossary.terms import extract_terms

__version__ = "0.1.0"

__all__ = [
    "GlossaryError",
    "Options",
    "__version__",
    "align",
    "align_files",
    "build",
    "extract_files",
    "extract_terms",
    "open_store",
    "read_document",
    "segment",
    "write",
    "write_bitext",
]

_HOMES = {
    "GlossaryError": "errors",
    "align": "alignment",
    "extract_terms": "terms",
    "open_store": "store",
    "read_document": "documents",
    "segment": "segmentation",
    **dict.fromkeys(("Options", "align_files", "build", "extract_files"), "pipeline"),
    **dict.fromkeys(("write", "write_bitext"), "exchange"),
}


def __getattr__(name: str) -> object:
    """What stands in __all__, imported when first asked for: `import glossary` alone loads nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
