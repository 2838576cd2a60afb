"""What the glossary of whole articles holds, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from glossary.datamodel import ConceptEntry, Extraction
from glossary.terms import assemble


def _renderings(extraction: Extraction) -> dict[str, set[str]]:
    """Renderings by every form of their term."""
    found: dict[str, set[str]] = {}
    for c in extraction.candidates:
        for form in (c.source, *c.source_forms):
            found.setdefault(form, set()).add(c.target)
    return found


def _flags(extraction: Extraction, code: str) -> dict[str, str]:
    """Suggested repairs of flagged renderings."""
    return {c.target: f.repair for c in extraction.candidates for f in c.flags if f.code == code}


@pytest.mark.parametrize(
    ("term", "rendering"),
    [
        ("TideLink", "潮信科技"),
        ("Harbour Ledger", "海港賬本"),
        ("NFTs", "非同質化代幣"),
        ("CAC", "國家互聯網信息辦公室"),
        ("PBOC", "中國人民銀行"),
        ("PRTC", "珠江貿易聯盟"),
        ("CCID", "CCID"),
        ("Catherine Mok", "Catherine Mok"),
        ("Tencent", "騰訊"),
        ("JD.com", "京東"),
        ("NetEase", "網易"),
        ("Inspur", "浪潮"),
        ("Guangzhou Internet Court", "廣州互聯網法院"),
        ("supply chain", "供應鏈"),
        ("blockchain", "區塊鏈"),
        ("smart contracts", "智能合約"),
        ("digital collectibles", "字藏品"),
    ],
)
def test_the_news_page_has_the_pair(term: str, rendering: str, harbour: Extraction) -> None:
    assert rendering in _renderings(harbour)[term]


def test_damaged_forms_of_the_news_page_are_kept_and_flagged(harbour: Extraction) -> None:
    assert _flags(harbour, "damaged") == {"字藏品": "數字藏品", "電提單": "電子提單"}


def test_an_acronym_without_full_form_gets_none(harbour: Extraction) -> None:
    assert [c.expansions for c in harbour.candidates if c.source == "CCID"] == [()]


def test_nothing_comes_from_furniture_or_the_recap(harbour: Extraction) -> None:
    outside = [s for s in harbour.extra if s.role in ("furniture", "summary")]
    assert outside
    for c in harbour.candidates:
        for o in c.occurrences:
            for where in (o.source, o.target):
                assert where is None or not any(s.start <= where[0] < s.end for s in outside), (c.source, where)


def test_sentences_without_translation_give_no_rendering(harbour: Extraction) -> None:
    for c in harbour.candidates:
        for o in c.occurrences:
            if o.bead is not None and harbour.bitext.beads[o.bead].is_null:
                assert o.target is None, c


def test_footnotes_define_their_terms(harbour: Extraction) -> None:
    defined = {c.source for c in harbour.candidates if c.definitions}
    assert {"eBL", "permissioned blockchain", "ZKP"} <= defined


@pytest.fixture(scope="session")
def news(real_articles: Mapping[str, Extraction]) -> Extraction:
    """The bilingual article among the real ones."""
    return real_articles["003"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("term", "rendering"),
    [
        ("BaaS", "BaaS"),
        ("NFT", "非同質化代幣"),
        ("CAC", "中國國家互聯網信息辦公室"),
        ("DataQin", "數秦科技"),
        ("Baoquan Chain", "保全网"),
        ("Tencent Holdings", "騰訊控股"),
        ("JD.com", "京東"),
        ("Xiaomi", "小米"),
        ("NetEase", "網易"),
        ("Baidu", "百度"),
        ("Hangzhou Internet Court", "杭州互聯網法院"),
        ("Supreme People's Court", "最高人民法院"),
        ("metaverse", "元宇宙"),
        ("Web3", "Web3"),
        ("supply chain", "供應鏈"),
        ("IDC", "IDC"),
        ("digital collectibles", "子收藏品"),
    ],
)
def test_the_real_article_has_the_pair(term: str, rendering: str, news: Extraction) -> None:
    assert rendering in _renderings(news)[term]


@pytest.mark.shared
def test_damage_in_the_real_article_is_flagged(news: Extraction) -> None:
    assert "子收藏品" in _flags(news, "damaged")
    assert _flags(news, "mixed-script")["保全网"] == "保全網"


@pytest.mark.shared
def test_research_firm_of_the_real_article_gets_no_full_form(news: Extraction) -> None:
    assert [c.expansions for c in news.candidates if c.source == "IDC"] == [()]


@pytest.mark.shared
def test_footnotes_of_the_real_article_define_four_terms(news: Extraction) -> None:
    entries = assemble([news])
    defined = {t.term for e in entries for s in e.lang_secs if s.lang == "en" and s.definitions for t in s.terms}
    assert {"NFT", "Web3", "metaverse", "BaaS"} <= defined


@pytest.mark.shared
def test_no_full_form_holds_the_word_before_a_name(real_articles: Mapping[str, Extraction]) -> None:
    full = {f for e in real_articles.values() for c in e.candidates for f in c.expansions if c.source == "CAC"}
    assert full == {"Cyberspace Administration of China"}


def _english(entries: tuple[ConceptEntry, ...], term: str) -> set[str]:
    """The English terms of the one concept that has this term."""
    found = [{t.term for t in e.lang_secs[0].terms} for e in entries]
    own = [terms for terms in found if term in terms]
    assert len(own) == 1
    return own[0]


@pytest.mark.shared
def test_full_forms_of_all_real_articles_meet_in_one_concept(real_articles: Mapping[str, Extraction]) -> None:
    entries = assemble(real_articles.values())
    assert {"PBOC", "People’s Bank of China"} <= _english(entries, "PBOC")
    assert _english(entries, "BABEC") == {"BABEC", "Beijing Academy of Blockchain and Edge Computing"}
    long_forms = {form.replace("-", " ").casefold() for form in _english(entries, "BSN") if form != "BSN"}
    assert long_forms == {"blockchain service network", "blockchain based service network"}
    assert len(_english(entries, "BSN")) == 4


@pytest.mark.shared
@pytest.mark.parametrize("term", ["Bookmark", "2022", "2024", "Reply", "NDRC"])
def test_what_is_no_term_of_the_real_article(term: str, news: Extraction) -> None:
    assert term not in {c.source for c in news.candidates}


@pytest.mark.shared
def test_single_family_names_do_not_stand_alone(real_articles: Mapping[str, Extraction]) -> None:
    terms = {t.term for e in assemble(real_articles.values()) for t in e.lang_secs[0].terms}
    assert not terms & {"Hong", "Jiang", "Bo", "Catherine", "Lifeng", "Zhengyuan"}
