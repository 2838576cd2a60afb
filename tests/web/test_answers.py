"""Answers of look-ups that are kept: whose they are, and that no change is missed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from glossary.editing import changed_term
from glossary.store import open_store
from tests.web.people import Visitor, app_fixture, logged_in
from web.answers import Kept

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
        assert ">editor</a>" in logged_in(app, "editor").get("/lookup?q=ledger").text
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


def test_a_line_of_a_list_changes_with_its_entry(app: Flask) -> None:
    visitor = Visitor(app)
    assert "區塊鏈即服務" in visitor.get("/lookup?q=block").text
    with open_store(app.extensions["settings"].store) as store:
        entry = store.entry("baas000000000001")
        assert entry is not None
        store.save(changed_term(entry, "zh-Hant", "區塊鏈即服務", term="鏈上服務"), who="mei")
    for query in ("block", "bloc"):
        text = visitor.get(f"/lookup?q={query}").text
        assert "鏈上服務" in re.sub("<[^>]+>", "", text)
        assert "區塊鏈即服務" not in re.sub("<[^>]+>", "", text)


def test_things_used_last_are_kept_for_one_state(app: Flask) -> None:
    with open_store(app.extensions["settings"].store) as store:
        kept: Kept[str, int] = Kept(2)
        now, later = (store, 1), (store, 2)
        kept.put(now, {"a": 1})
        assert kept.get(now, ["a"]) == {}  # nobody asked for this state before: it may be an old one
        kept.put(now, {"a": 1, "b": 2})
        assert kept.get(now, ["a", "x"]) == {"a": 1}
        kept.put(now, {"c": 3})
        assert kept.get(now, ["a", "b", "c"]) == {"a": 1, "c": 3}
        assert kept.get(later, ["a"]) == {}
        kept.put(now, {"a": 1})
        assert kept.get(later, ["a"]) == {}
