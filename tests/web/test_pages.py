"""What the pages show of a small glossary."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from glossary.language import has_han
from web.lookup import LONGEST

PAGES = [
    "/",
    "/lookup?q=区块链",
    "/lookup?q=区块练",
    "/lookup?q=zzz",
    "/lookup",
    "/entry/nft0000000000001",
    "/documents",
]


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


class Languages(HTMLParser):
    """Collects text with Han characters whose nearest `lang` is not Chinese."""

    EMPTY = frozenset({"meta", "link", "input", "path", "rect", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = dict(attrs).get("lang") or (self.stack[-1] if self.stack else "")
        if tag not in self.EMPTY:
            self.stack.append(here)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if has_han(data) and not self.stack[-1].startswith("zh") and self.get_starttag_text() != "<title>":
            self.wrong.append(data)


@pytest.mark.parametrize("query", ["区块链", "區塊鏈", "BLOCKCHAIN", "blockchains", "  Ｂｌｏｃｋchain "])
def test_either_script_any_case_and_width_finds_the_entry(client: FlaskClient, query: str) -> None:
    page = client.get("/lookup", query_string={"q": query}).text
    assert '<a href="/entry/blockchain000001">blockchain</a>' in page


@pytest.mark.parametrize("address", ["/", "/lookup?q=zzz", "/concordance"])
def test_no_box_takes_a_query_that_is_refused_as_too_long(client: FlaskClient, address: str) -> None:
    boxes = re.findall(r'<input[^>]*name="q"[^>]*>', client.get(address).text)
    assert boxes
    assert all(f'maxlength="{LONGEST}"' in box for box in boxes)


def test_a_result_shows_term_renderings_definition_status_and_pairs(client: FlaskClient) -> None:
    page = client.get("/lookup?q=baas").text
    assert "BaaS is blockchain as a service, rented by the month." in page
    assert '<span class="word" lang="zh-Hant">區塊鏈即服務</span>' in page
    assert '<span class="word" lang="zh-Hans">区块链即服务</span>' in page
    assert 'data-s="admitted"' in page
    assert '<mark class="t">BaaS</mark>' in page
    assert '<mark class="t">區塊鏈即服務</mark>' in page


def test_the_matched_part_of_a_longer_form_is_marked(client: FlaskClient) -> None:
    page = client.get("/lookup?q=区块链").text
    assert '<mark class="hit">區塊鏈</mark>即服務' in page
    assert '<mark class="hit">区块链</mark>即服务' in page


def test_an_unknown_term_offers_the_nearest_entries(client: FlaskClient) -> None:
    page = client.get("/lookup?q=区块练").text
    assert "No entry for <span lang=" in page
    assert 'href="/entry/blockchain000001"' in page


def test_an_entry_tells_observed_from_converted_and_by_what(client: FlaskClient) -> None:
    page = text_of(client.get("/entry/baas000000000001").text)
    sign = "≈ Reading made by machine"
    assert f"Traditional Chinese zh-Hant 區塊鏈即服務 {sign} qū kuài liàn jí fú wù Observed" in page
    read = "keoi1 faai3 lin2 zik1 fuk6 mou6"
    made = "Converted from Traditional Chinese by opencc t2s, s2hk"
    assert f"Hong Kong zh-Hant-HK 區塊鏈即服務 {sign} {read} {made}" in page


def test_an_entry_marks_the_term_on_both_sides_and_links_to_the_bead(
    client: FlaskClient, documents: dict[str, str]
) -> None:
    page = client.get("/entry/smart00000000001").text
    assert 'A <mark class="t">smart contract</mark> renews a loan' in page
    assert '若沒有人預約，<mark class="t">智慧合約</mark>會自動續借。' in page
    place = f'<a href="/documents/{documents["harrow"]}?at=8#at">'
    assert f'{place}<span lang="en">harrow-bridge.en.txt</span>, line 9</a>' in page
    assert ".94" in page


def test_a_damaged_form_shows_its_reason_and_the_repair(client: FlaskClient) -> None:
    page = text_of(client.get("/entry/collect000000001").text)
    assert "Probably damaged: 子收藏品 Suggested: 電子收藏品 The text cuts 子收藏品 out of a longer word." in page
    assert page.count("Probably damaged:") == 1


def test_conflicting_renderings_are_named(client: FlaskClient) -> None:
    page = text_of(client.get("/entry/ledger0000000001").text)
    assert "Conflicting renderings: 分類帳" in page
    assert "帳本" in page


def test_a_definition_names_its_document(client: FlaskClient, documents: dict[str, str]) -> None:
    page = client.get("/entry/baas000000000001").text
    assert f'<a href="/documents/{documents["harrow"]}">harrow-bridge.en.txt + harrow-bridge.zh-Hant.txt</a>' in page


def test_related_entries_hold_the_headword(client: FlaskClient) -> None:
    page = client.get("/entry/blockchain000001").text
    assert "Related terms" in page
    assert 'href="/entry/baas000000000001"' in page


def test_a_term_without_rendering_says_so(client: FlaskClient) -> None:
    page = text_of(client.get("/entry/desk000000000001").text)
    assert "The documents give no rendering." in page
    assert "No translation" in page


def test_an_alignment_shows_pairs_nulls_confidence_and_what_is_beside(
    client: FlaskClient, documents: dict[str, str]
) -> None:
    page = client.get(f"/documents/{documents['harrow']}").text
    states = re.findall(r'<li class="bead" id="r\d+-\d+" data-c="(\w+)"', page)
    assert states == ["sure", "sure", "sure", "sure", "null", "sure", "doubtful", "sure", "weak", "null"]
    shown = text_of(page)
    assert "10 beads" in shown
    assert "1 doubtful" in shown
    assert "1 weak" in shown
    assert "2 without translation" in shown
    assert "6 Readers can sign up at the front desk on weekdays. 1:0 No translation" in shown
    assert "Only in the translation 0:1 10 （本文照片由館方提供。）" in shown
    assert "footnote BaaS is blockchain as a service, rented by the month." in shown


def test_long_alignments_come_in_pages_of_100_beads(client: FlaskClient, documents: dict[str, str]) -> None:
    address = f"/documents/{documents['rules']}"
    assert client.get(address).text.count('class="bead"') == 100
    last = client.get(address + "?page=5").text
    assert last.count('class="bead"') == 50
    assert 'id="r450-450"' in last
    assert client.get(address + "?at=450").text.count('class="bead"') == 50
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


def test_documents_are_listed_with_their_figures(client: FlaskClient) -> None:
    page = text_of(client.get("/documents").text)
    assert "harrow-bridge.en.txt + harrow-bridge.zh-Hant.txt en → zh-Hant 10 2 2 8" in page
    assert "rules.txt en → zh-Hant 450 270 – –" in page


def test_the_navigation_has_no_dead_link(client: FlaskClient, documents: dict[str, str]) -> None:
    pages = [*PAGES, f"/documents/{documents['harrow']}"]
    links = {link for p in pages for link in re.findall(r'(?:href|src|action)="(/[^"#]*)', client.get(p).text)}
    assert len(links) > 15
    for link in sorted(links):
        with client.get(unescape(link)) as answer:
            assert (link, answer.status_code) in ((link, 200), (link, 303))


def test_every_chinese_run_carries_its_own_language(client: FlaskClient, documents: dict[str, str]) -> None:
    for page in [*PAGES, "/entry/collect000000001", "/entry/ledger0000000001", f"/documents/{documents['harrow']}"]:
        parser = Languages()
        parser.feed(client.get(page).text)
        assert (page, parser.wrong, parser.stack) == (page, [], [])


def test_without_a_store_the_pages_say_how_to_build_one(absent: FlaskClient) -> None:
    for page in ("/", "/lookup?q=nft", "/documents"):
        answer = absent.get(page)
        assert answer.status_code == 200
        assert "glossary build seeds" in answer.text
    assert absent.get("/entry/x").status_code == 404
    assert absent.get("/documents/x").status_code == 404
    assert absent.get("/health").json == {"status": "pass", "store": "absent", "entries": 0, "version": "0.1.0"}


def test_health_counts_the_entries(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "pass", "store": "open", "entries": 8, "version": "0.1.0"}


def test_related_terms_say_how_they_are_related(client: FlaskClient) -> None:
    assert "part of this term" in client.get("/entry/baas000000000001").text
    assert "contains this term" in client.get("/entry/blockchain000001").text


def test_results_can_be_narrowed_to_a_status(client: FlaskClient) -> None:
    everything = client.get("/lookup?q=n").text
    preferred = client.get("/lookup?q=n&status=preferred").text
    assert "1 entry" in preferred
    assert ">NFT<" in preferred
    assert "1 entry" not in everything
    assert "No entry for this has the status you chose." in client.get("/lookup?q=ledger&status=preferred").text
    assert client.get("/lookup?q=ledger&status=<b>").status_code == 200
