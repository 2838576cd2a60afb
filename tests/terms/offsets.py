"""What must hold of every place an extraction reports, and the pages it is checked on."""

from __future__ import annotations

from pathlib import Path

from glossary.datamodel import Extraction
from glossary.documents import DocumentPair
from glossary.pipeline import Options, extract_pair

LANGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant-TW"}


def pages(shared: Path) -> list[tuple[Path, Path, str]]:
    """Every dev page as English file, Chinese file and language of the Chinese."""
    found = []
    for page in sorted((shared / "corpora" / "terms").glob("*/docs/*")):
        for name, lang in LANGS.items():
            sides = [next(iter(sorted(page.glob(f"{stem}.*"))), None) for stem in ("en", name)]
            if sides[0] and sides[1]:
                found.append((sides[0], sides[1], lang))
    return found


def extracted(english: Path, chinese: Path, lang: str, *, english_first: bool = True) -> Extraction:
    """All candidates of a page, aligned by length: the offsets must hold whatever the beads are."""
    if english_first:
        return extract_pair(DocumentPair(english, chinese), Options("en", lang, aligner="length"), min_score=0)
    return extract_pair(DocumentPair(chinese, english), Options(lang, "en", aligner="length"), min_score=0)


def faults(extraction: Extraction) -> tuple[int, list[str]]:
    """How many places were looked at, and those whose text in the document is no form of their candidate."""
    source, target = extraction.source, extraction.target
    checked, wrong = 0, []
    for c in extraction.candidates:
        for o in c.occurrences:
            for where, text, forms in (
                (o.source, source.text, {c.source, *c.source_forms}),
                (o.target, target.text, {c.target, *c.target_forms}),
            ):
                checked += where is not None
                if where is not None and text[slice(*where)] not in forms:
                    wrong.append(f"{c.source} = {c.target}: {where} is {text[slice(*where)]!r}")
        for d in c.definitions:
            text = source.text if d.document_id == source.id else target.text
            if " ".join(text[d.start : d.end].split()) != " ".join(d.text.split()):
                wrong.append(f"definition of {c.source or c.target}: {text[d.start : d.end]!r}")
        for full in c.expansions:
            if full not in source.text and full not in target.text:
                wrong.append(f"full form of {c.source or c.target}: {full!r}")
    return checked, wrong
