"""The alignment editor in a real browser: by keyboard, by mouse, without scripts, by two at once, without a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from glossary.alignment import AlignmentEdit
from glossary.desk import edited
from glossary.store import Store, open_store
from tests.web.chromium import PHONE, WIDE, Browser, opened, served
from tests.web.desks import START, desk_of, shape
from tests.web.people import PASSWORD, app_fixture
from tests.web.test_flows import AXE, FITS, PICTURES, RUN_AXE
from web.deskform import bead_label

pytestmark = pytest.mark.browser

LEFT, RIGHT, ESCAPE = "\ue012", "\ue014", "\ue00c"
FOCUS = "return document.activeElement.id"
SAID = "return document.getElementById('live').textContent"
PICKED = "return document.getElementById('picked').textContent"


app = app_fixture("module")


@pytest.fixture(scope="module")
def server(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, server: str) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as session:
        session.size(*WIDE)
        log_in(session, server)
        yield session


def log_in(browser: Browser, server: str) -> None:
    browser.visit(server + "/login")
    browser.type("#u", "editor")
    browser.type("#p", PASSWORD)
    browser.press("Enter")
    assert browser.wait("return document.querySelector('.menu form button')?.textContent") == "Log out"


@pytest.fixture
def stored(app: Flask) -> Iterator[Store]:
    """The store behind the app; what a test changed is taken back."""
    with open_store(app.extensions["settings"].store) as store:
        before = list(store.extractions())
        yield store
        for extraction in before:
            store.remove(extraction.bitext_id)
            store.put(extraction)


@pytest.fixture
def page(browser: Browser, server: str, documents: dict[str, str], stored: Store) -> str:
    """The address of the short document, open, with the first row in focus."""
    address = f"{server}/documents/{documents['harrow']}"
    browser.console()
    browser.visit(address)
    browser.run("document.querySelector('.bead').focus()")
    return address


def said(browser: Browser, words: str) -> bool:
    return bool(browser.wait(f"return document.getElementById('live').textContent === {words!r}"))


def test_an_alignment_is_edited_by_keyboard_and_undone_after_a_reload(
    browser: Browser, page: str, stored: Store
) -> None:
    browser.press("n")
    assert browser.run(FOCUS) == "r8-7"
    assert browser.run(PICKED) == "At 8 ↔ 7"
    browser.press("c")
    assert said(browser, "Checked: 8 ↔ 7")
    assert browser.run(FOCUS) == "r8-7"
    browser.press("n")
    assert browser.run(FOCUS) == "r10-9"
    browser.press("m")
    assert said(browser, "Merged: 10 ↔ 9–10")
    assert browser.run("return document.querySelectorAll('.bead').length") == 9
    browser.visit(page)
    browser.press("Control", "z")
    assert said(browser, "Undone: Merged: 10 ↔ 9")
    assert browser.run("return document.querySelectorAll('.bead').length") == 10
    browser.press("Control", "z")
    assert said(browser, "Undone: Checked: 8 ↔ 7")
    assert shape(desk_of(stored, page)) == START
    browser.press("Control", "Shift", "Z")
    assert said(browser, "Checked: 8 ↔ 7")
    assert desk_of(stored, page).log.done == 1
    assert browser.console() == []


def test_a_sentence_is_moved_and_stays_in_focus(browser: Browser, page: str, stored: Store) -> None:
    for key in ("j", RIGHT, "j"):
        browser.press(key)
    assert browser.run(FOCUS) == "t3"
    browser.press("]")
    assert said(browser, "Moved down: 3–4 ↔ 3–4")
    assert browser.run(FOCUS) == "t3"
    browser.press("[")
    assert said(browser, "Moved up: 2 ↔ 2–3")
    assert browser.run(FOCUS) == "t3"
    browser.press("s")
    assert said(browser, "Split: 2 ↔ 2")
    browser.press(ESCAPE)
    assert browser.run("return document.activeElement.matches('.bead')")
    assert "2 ↔ 2, – ↔ 3," in shape(desk_of(stored, page))
    assert browser.console() == []


def test_a_sentence_is_cut_by_keyboard_and_joined_again(browser: Browser, page: str, stored: Store) -> None:
    browser.press(RIGHT)
    browser.press("Shift", "S")
    assert browser.wait("return document.activeElement.matches('.cut')")
    middle = browser.run("return document.activeElement.textContent")
    browser.press(LEFT)
    assert browser.run("return document.activeElement.textContent") != middle
    browser.press(ESCAPE)
    assert browser.wait("return !document.querySelector('.cutting')")
    browser.press(RIGHT)
    browser.press("Shift", "S")
    assert browser.wait("return document.activeElement.matches('.cut')")
    browser.press("Enter")
    assert said(browser, "Sentence cut in two: 1 ↔ 1–2")
    assert len(desk_of(stored, page).extraction.bitext.target) == 11
    browser.press(RIGHT)
    browser.press("Shift", "M")
    assert said(browser, "Sentences joined: 1 ↔ 1")
    assert shape(desk_of(stored, page)) == START
    assert browser.console() == []


def test_rows_are_selected_by_mouse_and_the_bar_names_them(browser: Browser, page: str, stored: Store) -> None:
    browser.click("#r9-8 .joint")
    browser.click("#r10-9 .joint")
    assert browser.run(PICKED) == "Selected 9 ↔ 8, 10 ↔ 9"
    browser.click(".bar [value='unlink']")
    assert said(browser, "2 beads unlinked")
    assert browser.run("return document.querySelectorAll('.beads :checked').length") == 0
    assert "9 ↔ –, – ↔ 8, 10 ↔ –, – ↔ 9" in shape(desk_of(stored, page))
    browser.click("[data-undo]")
    assert browser.wait(f"{SAID}.startsWith('Undone')")
    assert shape(desk_of(stored, page)) == START
    assert browser.console() == []


def test_keys_pressed_quickly_are_done_in_order(browser: Browser, page: str, stored: Store) -> None:
    for key in "cjcjcm":
        browser.press(key)
    assert said(browser, "Merged: 3–5 ↔ 4–5")
    desk = desk_of(stored, page)
    assert [bead_label(b) for b in desk.extraction.bitext.beads[:4]] == ["1 ↔ 1", "2 ↔ 2–3", "3–5 ↔ 4–5", "6 ↔ –"]
    assert (desk.log.done, len(desk.log.edits)) == (4, 4)
    assert browser.console() == []


def test_another_persons_change_is_shown_and_mine_can_be_repeated(browser: Browser, page: str, stored: Store) -> None:
    edited(stored, page.rsplit("/", 1)[1], AlignmentEdit("merge", 0), who="mei", expected=0)
    browser.click("#r8-7 .joint")
    browser.press("c")
    notice = browser.wait("return document.querySelector('.bar-notice ul')?.textContent")
    assert notice.startswith("mei ")
    assert notice.endswith("Merged: 1–2 ↔ 1–3")
    assert browser.run(PICKED) == "Selected 8 ↔ 7"
    assert desk_of(stored, page).version == 1
    browser.console()  # Chromium logs the 409
    browser.click(".bar-notice [value='check']")
    assert said(browser, "Checked: 8 ↔ 7")
    assert [e.who for e in desk_of(stored, page).log.edits] == ["mei", "editor"]
    assert browser.console() == []


def test_without_an_answer_the_change_waits_and_is_sent_again(browser: Browser, page: str, stored: Store) -> None:
    browser.cdp("Network.enable")
    browser.cdp("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    try:
        browser.press("c")
        assert browser.wait("return !document.getElementById('unsent').hidden")
        assert desk_of(stored, page).version == 0
    finally:
        browser.cdp(
            "Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )
    assert said(browser, "Checked: 1 ↔ 1")
    assert browser.run("return document.getElementById('unsent').hidden")
    assert desk_of(stored, page).version == 1
    browser.console()  # Chromium logs that it is offline


def test_somebody_who_was_logged_out_is_told_and_stays_on_the_page(browser: Browser, page: str, stored: Store) -> None:
    stored.accounts.change("editor", role="reader")  # this ends their sessions too
    try:
        browser.press("c")
        told = browser.wait("const t = document.getElementById('trouble'); return t.hidden ? '' : t.textContent")
        assert "Log in" in told
        assert browser.run("return document.querySelectorAll('.bead').length") == 10
    finally:
        stored.accounts.change("editor", role="editor")
    browser.console()  # Chromium logs the refusal
    assert desk_of(stored, page).version == 0
    log_in(browser, page.split("/documents")[0])


def test_the_editor_works_without_scripts(browser: Browser, page: str, stored: Store) -> None:
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.visit(page)
        assert browser.displayed(".unscripted")
        browser.click("#r10-9 .joint")
        browser.go(".bar [value='merge']")
        assert "10 ↔ 9–10" in shape(desk_of(stored, page))
        browser.click("label:has(> #s2)")
        browser.go(".bar [value='break']")
        browser.go(".cut--pause")
        assert len(desk_of(stored, page).extraction.bitext.source) == 11
        browser.visit(page)
        browser.go("[data-undo]")
        browser.visit(page)
        browser.go("[data-undo]")
        assert shape(desk_of(stored, page)) == START
        browser.visit(page)
        browser.go("[data-jump='next']")
        assert browser.displayed("#at")
    finally:
        browser.cdp("Emulation.setScriptExecutionDisabled", value=False)


def test_the_extraction_of_terms_shows_how_far_it_is(browser: Browser, page: str, stored: Store) -> None:
    browser.click("[value='extract']")
    assert browser.wait("return document.querySelector('#terms progress') && true")
    job = stored.work.claim_job("test")
    assert job is not None
    stored.work.report(job.id, step="extracting", progress=0.4)
    assert browser.wait("return document.querySelector('#terms progress')?.value === 40")
    stored.work.finish(job.id, result=job.arguments["bitext_id"])
    assert browser.wait("return document.querySelector('#terms .saved')?.textContent") == "Terms extracted"
    browser.run("document.querySelector('.bead').focus()")
    browser.press("c")
    assert said(browser, "Checked: 1 ↔ 1")
    stored.work.forget_job(job.id)
    assert browser.console() == []


def test_the_alignment_is_taken_away_from_its_page(browser: Browser, page: str, tmp_path: Path) -> None:
    browser.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    browser.click(".export summary")
    for format_ in ("tmx", "tsv", "xlsx"):
        browser.click(f".export a[href$='={format_}']")
        browser.wait("return false", seconds=0.5)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == [f"harrow-bridge.en-zh-Hant.{format_}" for format_ in ("tmx", "tsv", "xlsx")]
    assert browser.console() == []


def test_tab_goes_into_the_row_and_out_of_the_list(browser: Browser, page: str) -> None:
    browser.press("j")
    order = []
    for _ in range(6):
        browser.press("Tab")
        order.append(browser.run("const e = document.activeElement; return e.id || e.name || e.className"))
    assert order[:4] == ["s2", "bead", "t2", "t3"]
    assert "op" in order[4:]


def test_the_next_doubtful_bead_of_another_page_is_found(
    browser: Browser, server: str, documents: dict[str, str], stored: Store
) -> None:
    browser.visit(f"{server}/documents/{documents['rules']}?at=97")
    browser.run("document.querySelector('#r97-97').focus()")
    browser.press("n")
    assert browser.run(FOCUS) == "r100-100"
    browser.press("n")
    assert browser.wait("return document.activeElement.id === 'r101-101'")
    browser.press("p")
    assert browser.wait("return document.activeElement.id === 'r100-100'")
    browser.press("p")
    assert browser.run(FOCUS) == "r97-97"
    assert browser.console() == []


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant-TW", "zh-Hant-HK"])
def test_the_commands_stand_in_one_row_on_a_desk_screen(
    browser: Browser, server: str, page: str, stored: Store, lang: str
) -> None:
    browser.visit(f"{server}/preferences?lang={lang}&theme=light&back=/")
    browser.visit(page)
    browser.run("document.querySelector('.bead').focus()")
    browser.press("c")
    assert browser.wait("return document.querySelector('.saved time') && true")
    tops = "return [...new Set([...document.querySelectorAll('.bar .key')].map((k) => k.getBoundingClientRect().top))]"
    assert len(browser.run(tops)) == 1
    browser.visit(f"{server}/preferences?lang=en&theme=system&back=/")


@pytest.mark.parametrize("look", ["en light wide", "en dark phone", "zh-Hant-TW light wide", "zh-Hant-TW dark phone"])
def test_axe_finds_nothing_and_the_editor_is_quiet_and_fits(
    browser: Browser, server: str, page: str, stored: Store, look: str
) -> None:
    lang, theme, size = look.split()
    browser.size(*(WIDE if size == "wide" else PHONE))
    browser.visit(f"{server}/preferences?lang={lang}&theme={theme}&back=/")
    edited(stored, page.rsplit("/", 1)[1], AlignmentEdit("check", 1), who="mei", expected=0)
    found = []
    states = {
        "read": "",
        "selected": "document.querySelector('#r8-7 .joint').click()",
        "cut": "?at=2&cut=s2",
        "refused": "document.querySelector(\".bar [value='redo']\").disabled = false; "
        "document.querySelector(\".bar [value='redo']\").click()",
        "export": "document.querySelector('.export summary').click()",
    }
    for name, step in states.items():
        browser.visit(page + (step if step.startswith("?") else ""))
        browser.run("" if step.startswith("?") else step)
        if name == "refused":
            assert browser.wait("return document.querySelector('.bar-notice p') && true")
        browser.run(AXE)
        found += [f"{name}: {m}" for m in [*browser.console(), *browser.run_async(RUN_AXE)]]
        found += [f"{name}: {wide} px too wide"] if (wide := browser.run(FITS)) else []
        if "CI" in os.environ:
            browser.picture(PICTURES / f"desk-{name}.{look.replace(' ', '.')}.png")
    browser.visit(f"{server}/preferences?lang=en&theme=system&back=/")
    browser.size(*WIDE)
    assert found == []
