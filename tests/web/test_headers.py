"""Response headers, and what the pages and style sheets must not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import web

STATIC = Path(web.__file__).parent / "static"
PAGES = ["/", "/lookup?q=nft", "/entry/nft0000000000001", "/documents", "/nothing", "/lookup?q=" + "x" * 300]


@pytest.mark.parametrize("page", [*PAGES, "/api/v1/lookup?q=nft", "/health", "/static/app.css", "/preferences?lang=en"])
def test_every_response_is_protected(client: FlaskClient, page: str) -> None:
    with client.get(page) as answer:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("page", PAGES)
def test_no_inline_style_or_script_and_nothing_remote(client: FlaskClient, page: str) -> None:
    text = client.get(page).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert re.findall(r"<script[^>]*>", text) == [
        '<script src="/static/htmx.min.js" defer>',
        '<script src="/static/app.js" defer>',
    ]
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


@pytest.mark.parametrize("page", PAGES)
def test_pages_depend_on_cookie_and_language_and_are_small(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert {"Cookie", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    assert "private" in answer.headers["Cache-Control"]
    assert len(answer.data) < 200_000


def test_colours_are_written_in_the_tokens_only() -> None:
    sheet = (STATIC / "app.css").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", sheet) == []
    assert not re.search(r"\b(?:rgb|hsl)a?\(|url\(|@import", sheet)


def test_the_style_sheets_load_nothing_remote() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    assert "url(" not in tokens
    assert "@import" not in tokens
