"""Candidates of several documents become concepts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest

from glossary.datamodel import Bitext, ConceptEntry, Document, Extraction, Provenance, content_id
from glossary.terms import assemble, extract_terms
from glossary.terms.assembly import _unique
from glossary.terms.units import unit_key_of

MakeBitext = Callable[..., Bitext]
Extract = Callable[..., Extraction]


@pytest.fixture(scope="session")
def extraction_of(bitext_of: MakeBitext) -> Extract:
    """The extraction of pairs of texts, as a document of its own under the name given."""

    def make(name: str, pairs: list[tuple[str, str]]) -> Extraction:
        bitext = bitext_of(pairs)
        source, target = (
            Document(content_id(name, side), f"{name}.{side}", "\n".join(t for t in texts if t), side)
            for side, texts in (("en", [p[0] for p in pairs]), ("zh-Hant", [p[1] for p in pairs]))
        )
        return Extraction(content_id(name), source, target, bitext, (), extract_terms(bitext, min_score=0.3))

    return make


BANK = [
    ("The People's Bank of China (PBOC) tests it.", "中國人民銀行(PBOC)在測試。"),
    ("PBOC agreed.", "中國人民銀行同意了。"),
]
NFT = [("NFTs are sold.", "非同質化代幣(NFT)在出售。"), ("An NFT was sold.", "一個NFT售出了。")]
COURT = [("The Supreme People's Court ruled on the supply chain.", "最高人民法院就供應鏈作出裁決。")]


def _entry(entries: Iterable[ConceptEntry], term: str) -> ConceptEntry:
    return next(e for e in entries if any(t.term == term for t in e.lang_secs[0].terms))


def _terms(entry: ConceptEntry, lang: str) -> set[str]:
    section = entry.section(lang)
    return {t.term for t in section.terms} if section else set()


def test_acronym_and_full_form_are_one_concept(extraction_of: Extract) -> None:
    entry = _entry(assemble([extraction_of("bank", BANK)]), "PBOC")
    assert _terms(entry, "en") == {"PBOC", "People's Bank of China"}
    assert "中國人民銀行" in _terms(entry, "zh-Hant")


def test_a_full_form_in_another_document_joins_the_acronym(extraction_of: Extract) -> None:
    alone = extraction_of("alone", [("PBOC agreed.", "PBOC同意了。")])
    assert len(assemble([alone, extraction_of("bank", BANK)])) == len(assemble([extraction_of("bank", BANK)]))


def test_plural_is_folded(extraction_of: Extract) -> None:
    entries = [
        e for e in assemble([extraction_of("nft", NFT)]) if "NFT" in _terms(e, "en") | {"NFTs"} & _terms(e, "en")
    ]
    assert len(entries) == 1
    assert "非同質化代幣" in _terms(entries[0], "zh-Hant")


def test_the_order_of_documents_does_not_matter(extraction_of: Extract) -> None:
    made = [extraction_of(n, p) for n, p in (("bank", BANK), ("nft", NFT), ("court", COURT))]
    assert len({assemble(order) for order in itertools.permutations(made)}) == 1


def test_ids_stay_when_an_unrelated_document_comes(extraction_of: Extract) -> None:
    before = assemble([extraction_of("bank", BANK)])
    after = assemble([extraction_of("bank", BANK), extraction_of("court", COURT)])
    assert {e.id for e in before} <= {e.id for e in after}


def test_no_documents_give_no_entries() -> None:
    assert assemble([]) == ()


def test_marks_of_contexts_slice_to_the_terms(own_articles: dict[str, Extraction]) -> None:
    checked = 0
    for entry in assemble(own_articles.values()):
        forms = {
            unit_key_of(form)
            for e in own_articles.values()
            for c in e.candidates
            for form in (c.source, c.target, *c.source_forms, *c.target_forms)
        }
        for context in entry.contexts:
            for text, marks in ((context.source, context.source_marks), (context.target, context.target_marks)):
                for start, end in marks:
                    assert unit_key_of(text[start:end]) in forms, (entry.lang_secs[0].terms[0].term, text[start:end])
                    checked += 1
    assert checked > 200


def test_every_term_says_where_it_comes_from(own_articles: dict[str, Extraction]) -> None:
    documents = {d.id: d for e in own_articles.values() for d in (e.source, e.target)}
    for entry in assemble(own_articles.values()):
        for section in entry.lang_secs:
            for term in section.terms:
                assert term.provenance, term
                for place in term.provenance:
                    assert documents[place.document_id].text[place.start : place.end].strip()
                    assert not place.when


def test_a_context_names_its_line(own_articles: dict[str, Extraction]) -> None:
    entry = _entry(assemble([own_articles["harbour-ledger"]]), "TideLink")
    context = entry.contexts[0]
    line = own_articles["harbour-ledger"].source.text.split("\n")[context.line - 1]
    assert context.source[:20] in line


def test_places_that_differ_in_score_only_come_in_one_order() -> None:
    places = [Provenance("doc", 0, 5, "parenthesis", n / 20, bitext_id="b", bead=0) for n in range(20)]
    assert [p.score for p in _unique(places)] == sorted((p.score for p in places), reverse=True)
