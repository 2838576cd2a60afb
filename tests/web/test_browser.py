"""Every page in a real browser: nothing on the console, nothing against the policy, nothing wider than the screen."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask

from glossary.config import Settings
from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.store import open_store
from tests.web.chromium import PHONE, WIDE, Browser, opened, served
from web import create_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as session:
        yield session


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


OVERFLOW = "const d = document.documentElement; return d.scrollWidth - d.clientWidth"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_are_quiet_and_fit(
    browser: Browser, address: str, documents: dict[str, str], size: tuple[int, int]
) -> None:
    pages = [
        "/", "/lookup?q=区块链", "/lookup?q=区块练", "/lookup?q=zzz", "/check", "/export", "/keys",
        "/api", "/entry/nft0000000000001",
        "/entry/collect000000001", "/documents", f"/documents/{documents['harrow']}",
        f"/documents/{documents['rules']}?page=2", "/preferences?lang=zh-Hant-TW&theme=dark&back=/",
        "/entry/ledger0000000001", "/preferences?lang=en&theme=system&back=/documents",
    ]  # fmt: skip
    browser.size(*size)
    found = []
    for page in pages:
        browser.visit(address + page)
        found += [f"{page}: {message}" for message in browser.console()]
        found += [f"{page}: {wide} px too wide"] if (wide := browser.run(OVERFLOW)) else []
    assert found == []


def test_long_forms_in_a_list_are_broken_and_widen_no_page(browser: Browser, tmp_path: Path) -> None:
    form = "以區塊鏈為基礎的全國性服務網路基礎設施平台"
    with open_store(str(tmp_path / "terms.db")) as store:
        for n in range(2):
            sections = LangSec("en", (TermSec(f"network {n}"),)), LangSec("zh-Hant", (TermSec(form),))
            store.save(ConceptEntry(f"e{n}", sections, "concept", 0.5), who="mei")
    with served(create_app(Settings(store=str(tmp_path / "terms.db")))) as address:
        for size in (WIDE, (1024, 768), PHONE):
            browser.size(*size)
            browser.visit(address + "/lookup?q=network")
            assert browser.run("return document.querySelectorAll('.results td.f').length") == 3
            assert browser.run(OVERFLOW) == 0


def test_an_injected_inline_script_is_refused_by_the_policy(browser: Browser, address: str) -> None:
    browser.visit(address + "/")
    script = "const s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.body.append(s)"
    browser.run(script)
    assert browser.run("return window.bad === undefined")
    assert any("Content Security Policy" in message for message in browser.console())


def test_slash_goes_to_the_search_field_and_j_to_the_next_bead(
    browser: Browser, address: str, documents: dict[str, str]
) -> None:
    browser.size(*WIDE)
    browser.visit(f"{address}/documents/{documents['harrow']}")
    press = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '%s', bubbles: true}))"
    browser.run("document.querySelector('#r1-1').focus();" + press % "j")
    assert browser.run("return document.activeElement.id") == "r2-2"
    browser.run(press % "m")
    browser.run(press % "/")
    assert browser.run("return document.activeElement.id") == "find"
    assert browser.console() == []


TYPE = """
const field = document.querySelector('%s'); field.focus(); field.value = %s;
field.dispatchEvent(new Event('input', {bubbles: true}))"""


@pytest.mark.parametrize("typed", ["blockch", "区块链"])
def test_results_come_while_typing_in_either_script(browser: Browser, address: str, typed: str) -> None:
    browser.size(*WIDE)
    browser.visit(address + "/")
    browser.run(TYPE % ("#q", json.dumps(typed)))
    assert browser.wait("return document.querySelector('#best-h')?.textContent") == "blockchain"
    assert browser.run("return document.activeElement.id") == "q"
    assert browser.wait("return document.querySelector('#live').textContent") == "2 entries"
    assert typed in unquote(browser.run("return location.href"))
    assert browser.console() == []


def test_an_error_is_shown_as_a_page_and_never_in_place_of_the_results(browser: Browser, address: str) -> None:
    browser.visit(address + "/")
    browser.run(TYPE % ("#q", json.dumps("a" * 600)))
    assert browser.wait("return document.querySelector('main h1')?.textContent === 'The query cannot be used'")
    assert browser.run("return document.querySelector('main').innerText.includes('600')")
    browser.console()  # the browser itself remarks on every answer that is an error


def test_nothing_is_asked_while_an_input_method_composes(browser: Browser, address: str) -> None:
    browser.visit(address + "/")
    browser.run("""
        const field = document.querySelector('#q'); field.focus(); field.value = 'qu';
        field.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}))""")
    time.sleep(0.5)
    assert browser.run("return document.querySelector('#best-h')") is None
    browser.run("""
        const field = document.querySelector('#q'); field.value = '區塊';
        field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))""")
    assert browser.wait("return document.querySelector('#best-h')?.textContent") == "blockchain"


def test_a_pasted_text_is_marked_and_a_tap_shows_the_renderings(browser: Browser, address: str) -> None:
    browser.visit(address + "/check")
    browser.run("""
        document.querySelector('#text').value = 'An NFT on a blockchain.';
        document.querySelector('.form .btn--primary').click()""")
    assert browser.wait("return document.querySelectorAll('.term').length") == 2
    browser.run("document.querySelector('.term').click()")
    shown = browser.wait("return document.querySelector('.card:popover-open')?.textContent")
    assert "非同質化代幣" in shown
    assert "Open the entry" in shown
    assert browser.console() == []


def test_a_term_opens_its_card_without_scripts(browser: Browser, address: str) -> None:
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.visit(address + "/check")
        browser.type("#text", "An NFT on a blockchain.")
        browser.click(".form .btn--primary")
        browser.click(".term")
        assert browser.displayed(".card")
    finally:
        browser.cdp("Emulation.setScriptExecutionDisabled", value=False)


def test_a_question_mark_shows_the_keys(browser: Browser, address: str) -> None:
    browser.visit(address + "/export")
    browser.run("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true}))")
    assert browser.wait("return document.querySelector('.p-keys h1')?.textContent") == "Keyboard shortcuts"
