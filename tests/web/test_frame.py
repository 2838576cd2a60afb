"""Pages drawn once and filled in many times are the pages that would be drawn each time."""

from __future__ import annotations

import pytest
from flask import Flask, g, render_template

from tests.web.people import Visitor, app_fixture
from web import frame
from web.frame import drawn, framed, hole
from web.termbase import readable_store

app = app_fixture("module")

QUERIES = ["ledger", "a b&c=d", 'it\'s <b>"bold"</b>', "100%", "区块链", "{query}", "a" * 200, "x/y?z#w+v"]


@pytest.mark.parametrize("template", ["lookup.html", "results.html"])
@pytest.mark.parametrize("cookies", ["", "lang=zh-Hant-HK; theme=dark"])
def test_a_filled_frame_is_the_page(app: Flask, template: str, cookies: str) -> None:
    for query in QUERIES:
        values = {"query": query, "query_lang": "zh-Hans", "titled": f"{query} – ", "results": "<i>&amp;</i>"}
        headers = {"Cookie": cookies} if cookies else {}
        with app.test_request_context("/lookup", query_string={"q": query, "all": "1"}, headers=headers):
            assert framed(readable_store(), template, values) == render_template(template, **values)


def test_a_page_with_numbers_of_before_is_drawn_again(app: Flask) -> None:
    values = {"query": "x", "query_lang": "en", "titled": "x – ", "results": ""}
    with app.test_request_context("/lookup"):
        frame.init_app(app)
        g.of_before = True
        framed(readable_store(), "lookup.html", values)
        assert not app.extensions["frames"]._things
        g.of_before = False
        framed(readable_store(), "lookup.html", values)
        assert app.extensions["frames"]._things


def test_what_is_asked_for_cannot_open_a_hole() -> None:
    frame = drawn(f"<p>{hole('a')}</p>{hole('b')}")
    assert frame.filled({"a": hole("b"), "b": "x"}) == f"<p>{hole('b')}</p>x"


def test_a_page_leads_back_to_itself_in_another_language(app: Flask) -> None:
    page = Visitor(app).get("/lookup", query_string={"q": "it's 50% & more"}).text
    assert "lang=zh-Hans&amp;back=/lookup?q%3Dit&#39;s%2B50%2525%2B%2526%2Bmore" in page
