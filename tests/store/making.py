"""Entries and extractions for tests of the store, without pytest: processes of their own use them too."""

from __future__ import annotations

from glossary.datamodel import (
    Bead,
    Bitext,
    ConceptEntry,
    Context,
    Document,
    Extraction,
    Flag,
    LangSec,
    Occurrence,
    Provenance,
    Segment,
    TermCandidate,
    TermSec,
    content_id,
)


def make_entry(
    english: str, chinese: str, *, lang: str = "zh-Hant", score: float = 0.9, kind: str = "concept"
) -> ConceptEntry:
    proof = (Provenance("doc1", 0, len(english), "parenthesis", score, bitext_id="bitext1", bead=0),)
    source, target = f"The {english} grows.", f"{chinese}發展。"
    context = Context(
        source, target, "en", lang, ((4, 4 + len(english)),), ((0, len(chinese)),), "bitext1", 0, "a.txt", 1, 0.95
    )  # fmt: skip
    sections = [LangSec("en", (TermSec(english, score=score, provenance=proof),))]
    if chinese:
        sections.append(LangSec(lang, (TermSec(chinese, score=score, provenance=proof),)))
    entry_id = content_id("entry", english.lower())
    return ConceptEntry(entry_id, tuple(sections), kind, score, (context,))  # type: ignore[arg-type]


def make_extraction(uri: str = "a.txt", target: str = "區塊鏈發展。𠮷好！") -> Extraction:
    text = "The chain grows. It is good."
    source_document = Document(content_id(text), uri, text, "en")
    target_document = Document(content_id(target), uri + ".zh", target, "zh-Hant")
    source = (
        Segment(source_document.id, 0, "en", text[:16], 0, 16, "heading", 0),
        Segment(source_document.id, 1, "en", text[17:], 17, len(text), "body", 1),
    )
    cut = target.index("。") + 1
    targets = (
        Segment(target_document.id, 0, "zh-Hant", target[:cut], 0, cut),
        Segment(target_document.id, 1, "zh-Hant", target[cut:], cut, len(target)),
    )
    beads = (
        Bead(range(1), range(1), 0.75, {"cosine": 0.1 + 0.2, "length": 1.0}),
        Bead(range(1, 2), range(1, 1), 0.0),
        Bead(range(2, 2), range(1, 2), 0.0),
    )
    candidate = TermCandidate(
        "chain", "區塊鏈", "en", "zh-Hant", "concept", 0.9, "dictionary", {"cover": 0.5},
        (Occurrence(0, (4, 9), (0, 3)),), expansions=("x",), flags=(Flag("damaged", "why", "區塊", "區塊鏈"),),
    )  # fmt: skip
    bitext = Bitext(source, targets, beads, "test 1")
    extra = (Segment(source_document.id, 2, "en", "It", 17, 19, "furniture", 2),)
    bitext_id = content_id(source_document.uri, target_document.uri)
    return Extraction(bitext_id, source_document, target_document, bitext, extra, (candidate,))
