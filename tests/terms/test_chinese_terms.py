"""Short forms, definitions and terms of Chinese texts, with a translation beside them and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import Bitext, ConceptEntry, Document, Extraction, Segment, content_id
from glossary.documents import DocumentPair
from glossary.pipeline import Options, extract_pair
from glossary.terms import assemble, extract_terms
from tests.conftest import RunGlossary

MakeBitext = Callable[..., Bitext]

COMMISSION = [
    (
        "The National Development and Reform Commission (NDRC) made a list.",
        "國家發展和改革委員會（簡稱發改委）公布了名單。",
    ),
    ("The NDRC said the supply chain is long.", "發改委表示供應鏈很長。"),
]


@pytest.mark.parametrize("english_first", [True, False], ids=["en-zh", "zh-en"])
def test_short_and_full_form_render_the_same_term(english_first: bool, bitext_of: MakeBitext) -> None:
    rows = COMMISSION if english_first else [(z, e) for e, z in COMMISSION]
    bitext = bitext_of(rows, ("en", "zh-Hant") if english_first else ("zh-Hant", "en"))
    found = {c.target if english_first else c.source: c for c in extract_terms(bitext, min_score=0)
             if (c.source if english_first else c.target) == "NDRC" and c.rule != "alternative"}  # fmt: skip
    assert {"發改委", "國家發展和改革委員會"} <= set(found)
    tied = found["國家發展和改革委員會"]
    assert tied.evidence["abbreviation"] == 1.0
    assert all(o.source and o.target for o in tied.occurrences)
    assert not [f for c in found.values() for f in c.flags if f.code == "conflict"]


def _alone(text: str, tmp_path: Path) -> Extraction:
    path = tmp_path / "page.zh-Hant.txt"
    path.write_text(text, encoding="utf-8")
    return extract_pair(DocumentPair(path), Options())


PAGE = (
    "發改委公布名單\n\n國家發展和改革委員會（發改委）負責此事，NFT市場由發改委監管。\n\n"
    "“元宇宙”是指虛擬的平行世界。NFT是一種獨特的代幣。這是一種新的做法。\n"
)


def test_a_chinese_page_alone_gives_short_forms_definitions_and_acronyms(tmp_path: Path) -> None:
    found = {c.source: c for c in _alone(PAGE, tmp_path).candidates}
    assert found["發改委"].expansions == ("國家發展和改革委員會",)
    assert found["發改委"].kind == "organisation"
    assert [d.rule for d in found["元宇宙"].definitions] == ["refers-to"]
    assert [d.text for d in found["NFT"].definitions] == ["NFT是一種獨特的代幣。"]
    stated = {source for source, c in found.items() if c.rule == "stated"}
    assert stated == {"發改委", "國家發展和改革委員會", "元宇宙", "NFT"}
    assert "代幣" in found.keys() - stated
    assert all((c.target, c.source_lang, c.target_lang) == ("", "zh-Hant", "en") for c in found.values())


def test_places_on_a_chinese_page_slice_to_the_term(tmp_path: Path) -> None:
    extraction = _alone(PAGE, tmp_path)
    places = [(c, o) for c in extraction.candidates for o in c.occurrences]
    assert len([c for c, _ in places if c.rule == "stated"]) == 7
    for c, o in places:
        assert o.target is None
        assert o.source
        assert extraction.source.text[slice(*o.source)] in {c.source, *c.source_forms}


def _entry(entries: tuple[ConceptEntry, ...], form: str) -> ConceptEntry:
    found = [e for e in entries if form in {t.term for s in e.lang_secs for t in s.terms}]
    assert len(found) == 1
    return found[0]


def _bilingual(bitext: Bitext) -> Extraction:
    documents = [
        Document(content_id(name), f"{name}.txt", "\n".join(s.text for s in side), side[0].lang)
        for name, side in (("english", bitext.source), ("chinese", bitext.target))
    ]
    own = replace(
        bitext, source=tuple(replace(s, document_id=documents[0].id) for s in bitext.source),
        target=tuple(replace(s, document_id=documents[1].id) for s in bitext.target),
    )  # fmt: skip
    return Extraction(content_id("both"), documents[0], documents[1], own, (), extract_terms(own))


def test_a_chinese_page_alone_becomes_entries_that_join_those_of_other_pages(
    bitext_of: MakeBitext, tmp_path: Path
) -> None:
    alone = _alone(PAGE, tmp_path)
    lone = _entry(assemble([alone]), "元宇宙")
    assert [s.lang for s in lone.lang_secs] == ["zh-Hant"]
    assert lone.lang_secs[0].definitions
    joined = _entry(assemble([alone, _bilingual(bitext_of(COMMISSION))]), "發改委")
    assert "NDRC" in {t.term for s in joined.lang_secs if s.lang == "en" for t in s.terms}
    assert alone.bitext_id in {c.bitext_id for c in joined.contexts}


def test_the_termbase_takes_a_chinese_page_alone(tmp_path: Path, glossary: RunGlossary) -> None:
    page, store = tmp_path / "page.zh-Hant.txt", tmp_path / "t.db"
    page.write_text(PAGE, encoding="utf-8")
    assert glossary("build", page, "--store", store, "--quiet").exit_code == 0
    assert "虛擬的平行世界" in glossary("lookup", "元宇宙", "--store", store).stdout
    for name in ("tsv", "jsonl"):
        assert "發改委" in glossary("export", "--store", store, "--format", name).stdout
    assert glossary("export", "--store", store, "--format", "po").exit_code == 0


def test_footnotes_in_chinese_are_read(bitext_of: MakeBitext) -> None:
    text = "1. 供應鏈是指從原料到顧客的全部環節。"
    note = Segment("document", 9, "zh-Hant", text, 500, 500 + len(text), role="footnote")
    found = extract_terms(bitext_of([("The supply chain is long.", "供應鏈很長。")]), extra=[note])
    definitions = [d for c in found if c.source == "supply chain" for d in c.definitions]
    assert [(d.lang, d.start, d.text) for d in definitions] == [("zh-Hant", 503, text[3:])]
