"""/check: terms marked in a text, findings beside a translation, files, limits, hostile texts."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from glossary.datamodel import Bead, Bitext, Segment
from web.check import LONGEST
from web.marking import mark_pair
from web.prepared import annotator, checker
from web.termbase import store

TEXT = "The library keeps its ledger on a blockchain.\nA smart contract renews a loan."
RIGHT = "圖書館的帳本放在區塊鏈上。\n智慧合約會續借。"


def post(client: FlaskClient, **fields: object) -> str:
    answer = client.post("/check", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 200
    return answer.text


def test_the_form_asks_for_a_text_and_a_translation(client: FlaskClient) -> None:
    page = client.get("/check").text
    assert 'name="text"' in page
    assert 'name="translation"' in page
    assert 'name="text_file"' in page


def test_terms_open_a_card_with_renderings_and_are_listed(client: FlaskClient) -> None:
    page = post(client, text=TEXT)
    assert '<button type="button" class="term" popovertarget="t1">ledger</button>' in page
    assert "3 terms found" in page
    card = page.split('popover id="t2">')[1].split("</div>")[0]
    assert "區塊鏈" in card
    assert "区块链" in card
    assert '/entry/blockchain000001"' in card
    assert "ids=ledger0000000001,blockchain000001,smart00000000001" in page.replace("%2C", ",")


def test_a_plural_opens_the_card_of_its_term(client: FlaskClient) -> None:
    assert 'class="term" popovertarget="t1">smart contracts</button>' in post(client, text="Two smart contracts.")


def test_the_variant_chosen_is_the_one_listed(client: FlaskClient) -> None:
    page = post(client, text="a smart contract", variant="zh-Hans")
    assert '<span lang="zh-Hans">智能合约</span></a>' in page.split('id="h-terms"')[1]


def test_a_chinese_text_gets_its_terms_too(client: FlaskClient) -> None:
    page = post(client, text="區塊鏈上的智慧合約")
    assert 'popovertarget="t1">區塊鏈</button>' in page
    assert "Chinese (Traditional)" in page


def test_an_uploaded_text_is_read_in_any_encoding(client: FlaskClient) -> None:
    page = post(client, text_file=(BytesIO("區塊鏈上的帳本".encode("big5")), "a.txt"))
    assert 'popovertarget="t1">區塊鏈</button>' in page


def _pair(source: str, target: str, lang: str) -> Bitext:
    def segments(text: str, tag: str) -> tuple[Segment, ...]:
        return (Segment("d", 0, tag, text, 0, len(text)),)

    return Bitext(segments(source, "en"), segments(target, lang), (Bead(range(1), range(1), 0.9),))


def test_a_missing_rendering_is_a_numbered_finding_that_names_it(app: Flask) -> None:
    with app.test_request_context():
        termbase = store()
        assert termbase is not None
        marked = mark_pair(termbase, _pair("An NFT on a ledger", "分類帳上的代號", "zh-Hant-TW"), "en", "zh-Hant-TW")
    assert [(f.number, f.mark, f.finding.code, f.written) for f in marked.findings] == [(1, 1, "E101", "NFT")]
    assert [(r.number, r.kind) for r in marked.rows[0].source if r.number] == [(1, "bad")]
    assert marked.findings[0].finding.suggestion == "非同質化代幣"


def test_characters_of_the_other_script_are_listed_together(app: Flask) -> None:
    with app.test_request_context():
        termbase = store()
        assert termbase is not None
        marked = mark_pair(termbase, _pair("A house", "这个屋頂", "zh-Hant-TW"), "en", "zh-Hant-TW")
    assert [(f.finding.code, f.written, f.finding.suggestion) for f in marked.findings] == [("W203", "这个", "這個")]


def test_annotator_and_checker_are_built_once(app: Flask) -> None:
    with app.test_request_context():
        termbase = store()
        assert termbase is not None
        assert annotator(termbase) is annotator(termbase)
        assert checker(termbase, "en", "zh-Hans") is checker(termbase, "en", "zh-Hans")
        assert checker(termbase, "en", "zh-Hans") is not checker(termbase, "en", "zh-Hant")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "There is no text."),
        ({"text": " \n "}, "There is no text."),
        ({"text": "x" * (LONGEST + 1)}, f"A text has {LONGEST + 1} characters"),
        ({"text": "One text.", "translation": "Another text."}, "Both texts are in the same language."),
    ],
)
def test_a_text_that_cannot_be_checked_comes_back_with_the_reason(
    client: FlaskClient, fields: dict[str, str], reason: str
) -> None:
    answer = client.post("/check", data=fields)
    assert answer.status_code == 422
    assert reason in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("raw", [b"PK\x03\x04" + bytes(range(256)) * 40, b"\x00" * 100, b""])
def test_a_file_that_is_no_text_is_refused(client: FlaskClient, raw: bytes) -> None:
    answer = client.post("/check", data={"text_file": (BytesIO(raw), "../../etc/<b>.txt")})
    assert answer.status_code == 422
    assert "cannot be read as plain text" in answer.text
    assert "<b>.txt" not in answer.text


def test_markup_in_a_text_is_text(client: FlaskClient) -> None:
    bad = "</textarea><script>alert(1)</script> ledger <img src=x onerror=alert(1)>"
    page = post(client, text=bad)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert ">ledger</button>" in page


def test_a_text_keeps_its_first_empty_line(client: FlaskClient) -> None:
    assert "\n\nledger</textarea>" in post(client, text="\nledger")


def test_a_body_of_fifty_megabytes_is_refused_unread(client: FlaskClient) -> None:
    answer = client.post("/check", data=b"text=", content_length=50 * 1024 * 1024, content_type="text/plain")
    assert answer.status_code in (413, 422)
    big = client.post("/check", data={"text": "x" * (600 * 1024)})
    assert big.status_code == 413
    assert "The request is too large" in big.text


def test_without_a_glossary_the_page_says_how_to_build_one(absent: FlaskClient) -> None:
    assert "glossary build seeds" in absent.get("/check").text
    assert absent.post("/check", data={"text": "a ledger"}).status_code == 200
