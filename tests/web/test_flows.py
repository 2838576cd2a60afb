"""What people do, in a real browser: log in, review by keyboard, edit, take away; and what axe finds on every page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from glossary.editing import changed_term
from glossary.store import open_store
from tests.web.chromium import PHONE, WIDE, Browser, opened, served
from tests.web.people import PASSWORD, app_fixture

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """
const done = arguments[arguments.length - 1];
const places = (v) => v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const told = (found) => found.violations.map((v) => `${v.impact} ${v.id}: ${places(v)}`);
axe.run(document, {runOnly: rules}).then((found) => done(told(found)));
"""
PICTURES = Path(os.environ.get("GLOSSARY_SCREENSHOTS", Path(__file__).parents[2] / "out" / "screenshots"))
"""Every page, light and dark, wide and on a phone; kept by CI."""
FITS = "const d = document.documentElement; return d.scrollWidth - d.clientWidth"


app = app_fixture("module")


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as session:
        session.size(*WIDE)
        session.visit(address + "/login")
        session.type("#u", "admin")
        session.type("#p", PASSWORD)
        session.press("Enter")
        assert session.wait("return document.querySelector('.menu form button')?.textContent") == "Log out"
        yield session


def test_review_by_keyboard_alone(browser: Browser, address: str) -> None:
    browser.visit(address + "/review")
    browser.run("document.querySelector('.cand').focus()")
    ids = browser.run("return [...document.querySelectorAll('.cand')].map((c) => c.id)")
    browser.press("a")
    assert browser.wait(f"return !document.getElementById('{ids[0]}')")
    assert browser.wait("return document.activeElement.id") == ids[1]
    assert browser.run("return document.getElementById('live').textContent") == "Reviewed"
    browser.press("j")
    browser.press("r")
    assert browser.wait(f"return !document.getElementById('{ids[2]}')")
    assert browser.wait("return document.activeElement.id") == ids[3]
    browser.press("Control", "z")
    assert browser.wait(f"return !!document.getElementById('{ids[2]}')")
    browser.run("document.querySelector('.cand').focus()")
    browser.press(" ")
    assert browser.run("return document.querySelector('.tick input').checked")
    browser.press("Shift", "A")
    assert browser.wait(f"return !document.getElementById('{ids[1]}')")
    assert browser.run("return document.querySelector('#waiting').textContent") == str(len(ids) - 2)
    browser.run("document.querySelector('.cand').focus()")
    browser.press("e")
    assert browser.wait("return document.querySelector('#entry-form') && true")
    assert browser.console() == []


def test_two_editors_at_once_and_mine_wins(browser: Browser, address: str, app: Flask) -> None:
    browser.visit(address + "/entry/ledger0000000001/edit")
    browser.type("#note", "Kept by me.")
    with open_store(app.extensions["settings"].store) as store:
        entry = store.entry("ledger0000000001")
        assert entry is not None
        store.save(changed_term(entry, "zh-Hant", "帳本", administrative_status="preferred"), who="hant")
    browser.click("#entry-form .btn--primary")
    assert browser.wait("return document.querySelector('.conflict h2') && true")
    assert browser.run("return document.querySelector('#note').value") == "Kept by me."
    browser.console()  # Chromium logs the 409
    browser.click(".conflict .btn--primary")
    assert "Kept by me." in browser.wait("return document.querySelector('.entry-side')?.textContent")
    assert browser.console() == []


def test_the_language_switch_stays(browser: Browser, address: str) -> None:
    browser.visit(address + "/export")
    browser.click(".menu summary")
    browser.click(".menu a[hreflang='zh-Hant-HK']")
    assert browser.wait("return document.documentElement.lang") == "zh-Hant-HK"
    assert browser.run("return document.querySelector('h1').textContent") == "匯出"
    browser.visit(address + "/preferences?lang=en&theme=system&back=/")


def test_a_file_is_taken_away(browser: Browser, address: str, tmp_path: Path) -> None:
    browser.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    browser.visit(address + "/export")
    browser.click("input[value='tsv']")
    browser.click(".takeaway .btn--primary")
    browser.wait("return false", seconds=0.5)
    files = list(tmp_path.glob("glossary.tsv"))
    assert files
    assert "區塊鏈" in files[0].read_text(encoding="utf-8")


def test_reviewing_and_editing_work_without_scripts(browser: Browser, address: str) -> None:
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.visit(address + "/review")
        browser.go("[data-op='reject']")
        assert browser.displayed(".bar-undo")
        browser.go(".bar-undo button")
        browser.visit(address + "/entry/smart00000000001/edit")
        browser.type("#note", "Without scripts.")
        browser.go("#entry-form .btn--primary")
        assert browser.displayed("#h-note")
    finally:
        browser.cdp("Emulation.setScriptExecutionDisabled", value=False)


PAGES = [
    "/", "/lookup?q=区块链", "/lookup?q=zzz", "/check", "/export", "/keys", "/api", "/documents", "/review",
    "/review?part=rejected", "/entry/nft0000000000001", "/entry/collect000000001/edit", "/entry/ledger0000000001/merge",
    "/add?term=clock", "/account", "/people", "/people/hant", "/people/admin", "/concordance?q=ledger", "/nothing",
]  # fmt: skip


LOOKS = ["en light wide", "zh-Hant-TW dark phone", "zh-Hant-TW light wide", "en dark phone"]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_pages_are_quiet_and_fit(browser: Browser, address: str, look: str) -> None:
    lang, theme, size = look.split()
    browser.size(*(WIDE if size == "wide" else PHONE))
    browser.visit(f"{address}/preferences?lang={lang}&theme={theme}&back=/")
    browser.console()
    found = []
    for page in PAGES:
        browser.visit(address + page)
        quiet = [m for m in browser.console() if not (page == "/nothing" and "404" in m)]
        browser.run(AXE)
        found += [f"{page}: {message}" for message in [*quiet, *browser.run_async(RUN_AXE)]]
        found += [f"{page}: {wide} px too wide"] if (wide := browser.run(FITS)) else []
        if "CI" in os.environ:  # kept for people to look at
            name = re.sub(r"\W+", "-", page).strip("-") or "home"
            browser.picture(PICTURES / f"{name}.{look.replace(' ', '.')}.png")
    browser.visit(f"{address}/preferences?lang=en&theme=system&back=/")
    browser.size(*WIDE)
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_a_checked_text_with_an_open_card(browser: Browser, address: str, look: str) -> None:
    lang, theme, size = look.split()
    browser.size(*(WIDE if size == "wide" else PHONE))
    browser.visit(f"{address}/preferences?lang={lang}&theme={theme}&back=/check")
    browser.type("#text", "An NFT on a blockchain.")
    browser.type("#translation", "區塊鏈上的代號。")
    browser.click(".form .btn--primary")
    assert browser.wait("return document.querySelectorAll('.finds li').length", seconds=20)
    browser.click(".term")
    browser.run(AXE)
    found = [*browser.console(), *browser.run_async(RUN_AXE)]
    if "CI" in os.environ:
        browser.picture(PICTURES / f"checked.{look.replace(' ', '.')}.png")
    browser.visit(f"{address}/preferences?lang=en&theme=system&back=/")
    browser.size(*WIDE)
    assert found == []


def test_axe_finds_nothing_on_the_log_in_page(tmp_path: Path, address: str) -> None:
    found = []
    with opened(tmp_path) as stranger:
        for look in LOOKS:
            lang, theme, size = look.split()
            stranger.size(*(WIDE if size == "wide" else PHONE))
            stranger.visit(f"{address}/preferences?lang={lang}&theme={theme}&back=/login")
            stranger.run(AXE)
            found += [*stranger.console(), *stranger.run_async(RUN_AXE)]
            if "CI" in os.environ:
                stranger.picture(PICTURES / f"login.{look.replace(' ', '.')}.png")
    assert found == []
