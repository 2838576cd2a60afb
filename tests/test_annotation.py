"""Texts with their terms marked: markup stays, offsets hold, renderings are those of the wanted variant."""

from __future__ import annotations

from html import unescape

import pytest

from glossary.annotation import Annotator, TextKind, counted, html_page, marked
from glossary.datamodel import ConceptEntry, LangSec, TermSec


def entry(english: str, chinese: str, *, lang: str = "zh-Hant", keep: bool = False) -> ConceptEntry:
    sections = (LangSec("en", (TermSec(english),)), LangSec(lang, (TermSec(chinese),)))
    return ConceptEntry(f"c-{english}", sections, "concept", 0.9, do_not_translate=keep)


ENTRIES = [entry("smart contract", "智能合約"), entry("digital collectible", "數字藏品"), entry("R&D", "研發")]


def mark(text: str, kind: TextKind = "text", **options: bool) -> str:
    return marked(text, Annotator(ENTRIES).find(text, kind=kind), kind=kind, **options)


def test_plain_text_gets_brackets() -> None:
    assert mark("Smart contracts.") == "Smart contracts[智能合約]."
    assert mark("智能合约") == "智能合约[smart contract]"


def test_only_the_first_place_on_request() -> None:
    assert mark("smart contract, smart contract", once=True) == "smart contract[智能合約], smart contract"


def test_the_wanted_variant_is_offered() -> None:
    found = Annotator(ENTRIES, target_lang="zh-Hant-TW").find("a digital collectible")
    assert found[0].renderings == ("數位藏品",)


HTML = [
    ("<p>a smart contract</p>", '<p>a <mark class="term admitted" title="智能合約">smart contract</mark></p>'),
    ('<a title="smart contract">x</a>', '<a title="smart contract">x</a>'),
    ("<script>smart contract</script>", "<script>smart contract</script>"),
    ("<!-- smart contract -->", "<!-- smart contract -->"),
    ("<p>R&amp;D</p>", '<p><mark class="term admitted" title="研發">R&amp;D</mark></p>'),
    ("&lt;smart contract&gt;", '&lt;<mark class="term admitted" title="智能合約">smart contract</mark>&gt;'),
    ("1 < 2 smart contract", '1 < 2 <mark class="term admitted" title="智能合約">smart contract</mark>'),
    ("<script>smart contract", "<script>smart contract"),
]


@pytest.mark.parametrize(("text", "wanted"), HTML)
def test_html_markup_stays_as_it_is(text: str, wanted: str) -> None:
    assert mark(text, "html") == wanted


MARKED = '<mark class="term admitted" title="智能合約">smart-contract</mark>'
MARKDOWN = [
    ("`smart contract`", "`smart contract`"),
    ("[NFT smart-contract](/smart-contract)", f"[NFT {MARKED}](/smart-contract)"),
    ("```\nsmart contract\n```", "```\nsmart contract\n```"),
    ("# Smart contracts", '# <mark class="term admitted" title="智能合約">Smart contracts</mark>'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), MARKDOWN)
def test_markdown_code_and_links_stay_as_they_are(text: str, wanted: str) -> None:
    assert mark(text, "markdown") == wanted


def test_offsets_slice_to_what_stands_there() -> None:
    text = "<p>𠮷 &amp; ﬁne smart  contracts</p>"
    (place,) = Annotator(ENTRIES).find(text, kind="html")
    assert text[place.start : place.end] == place.text == "smart  contracts"


def test_hostile_renderings_cannot_break_out() -> None:
    bad = entry("chain", '"><script>alert(1)</script>')
    found = Annotator([bad]).find("a chain")
    page = html_page("a chain <b>", found, title="<x>", lang="en")
    assert "<script>" not in page
    assert "&lt;b&gt;" in page
    assert '"><script>' in unescape(page)


def test_rejected_terms_are_not_marked() -> None:
    rejected = ConceptEntry("r", (LangSec("en", (TermSec("chain", review_state="rejected"),)),), "concept", 0.9)
    assert Annotator([rejected]).find("a chain") == []


def test_the_list_counts_places() -> None:
    found = Annotator(ENTRIES).find("smart contract and Smart Contracts and a digital collectible")
    assert [(form, n) for form, _, n in counted(found)] == [("smart contract", 2), ("digital collectible", 1)]
