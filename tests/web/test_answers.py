"""Answers of look-ups that are kept: whose they are, and that no change is missed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from glossary.store import open_store
from tests.web.people import Visitor, app_fixture

app = app_fixture("function")


@pytest.mark.parametrize("path", ["/lookup?q=ledger", "/api/v1/lookup?q=ledger"])
def test_a_change_shows_in_the_next_answer(app: Flask, path: str) -> None:
    visitor = Visitor(app)
    before = visitor.get(path)
    assert visitor.get(path).data == before.data
    with open_store(app.extensions["settings"].store) as store:
        entry = store.entry("ledger0000000001")
        assert entry is not None
        english = replace(entry.lang_secs[0], terms=(replace(entry.lang_secs[0].terms[0], term="ledger book"),))
        store.save(replace(entry, lang_secs=(english, *entry.lang_secs[1:])), who="mei")
    assert "ledger book" in visitor.get(path).text


def test_nobody_gets_the_page_of_somebody_else(app: Flask) -> None:
    for _ in range(2):
        assert ">editor</a>" in Visitor(app).come_in("editor").get("/lookup?q=ledger").text
        assert "Log in" in Visitor(app).get("/lookup?q=ledger").text


def test_language_theme_and_part_have_answers_of_their_own(app: Flask) -> None:
    plain = Visitor(app).get("/lookup?q=ledger").text
    assert '<html lang="en">' in plain
    part = Visitor(app).get("/lookup?q=ledger", headers={"HX-Request": "true"})
    assert 'id="results"' in part.text
    assert "<html" not in part.text
    assert "HX-Request" in part.headers["Vary"]
    dark = Visitor(app)
    dark.client.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in dark.get("/lookup?q=ledger").text
    chinese = Visitor(app)
    chinese.client.set_cookie("lang", "zh-Hant-TW")
    assert 'lang="zh-Hant-TW"' in chinese.get("/lookup?q=ledger").text
    assert Visitor(app).get("/lookup?q=ledger").text == plain


def test_a_refusal_is_not_kept(app: Flask) -> None:
    for _ in range(2):
        assert Visitor(app).get("/lookup", query_string={"q": "a" * 300}).status_code == 400


def test_each_answer_has_a_number_of_its_own(app: Flask) -> None:
    numbers = {Visitor(app).get("/lookup?q=ledger").headers["X-Request-ID"] for _ in range(2)}
    assert len(numbers) == 2
