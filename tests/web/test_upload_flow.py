"""From files to the glossary in a real browser at `glossary serve` itself, with scripts and without."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.chromium import PHONE, WIDE, Browser, opened
from tests.web.people import PASSWORD
from tests.web.servers import Server, serving, store_with_people
from tests.web.test_flows import AXE, FITS, PICTURES, RUN_AXE

pytestmark = [pytest.mark.browser, pytest.mark.server]

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = {"source": SEEDS / "court-evidence.en.txt", "target": SEEDS / "court-evidence.zh-Hant-TW.txt"}
NAMES = " + ".join(path.name for path in FILES.values())
LAPTOP = (1280, 800)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("upload")
    with serving(store_with_people(folder / "terms.db", "editor"), folder / "log") as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as session:
        session.size(*WIDE)
        session.visit(server.url + "/login?back=/documents")
        session.type("#u", "editor")
        session.type("#p", PASSWORD)
        session.go("main form button")
        yield session


def faults(browser: Browser) -> list[str]:
    """What axe, the console and the width of the page have to say."""
    browser.run(AXE)
    wide = browser.run(FITS)
    return [*browser.console(), *browser.run_async(RUN_AXE), *([f"{wide} px too wide"] if wide else [])]


def test_a_pair_of_files_becomes_an_alignment_and_entries(browser: Browser, server: Server) -> None:
    browser.visit(server.url + "/documents")
    browser.type("#f1", str(FILES["source"]))
    browser.type("#f2", str(FILES["target"]))
    browser.click(".upload .btn--primary")
    assert browser.wait("return document.querySelector('#h-jobs') && true")
    assert NAMES in browser.run("return document.querySelector('#docs').innerText")
    assert browser.wait("return document.querySelector('progress') && true", 30)
    assert faults(browser) == []
    assert browser.wait("return !document.querySelector('#h-jobs')", 180), "the page did not come up to date by itself"
    browser.click(".doclist th a")
    assert browser.wait("return document.querySelectorAll('.bead').length") > 5
    assert faults(browser) == []
    browser.visit(server.url + "/")
    browser.type("#q", "hash value")
    assert "雜湊值" in browser.wait("return document.querySelector('#results .rens')?.innerText")
    assert faults(browser) == []


def test_without_scripts_one_file_is_read_and_a_bad_one_says_why(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "broken.docx").write_bytes(b"no Word document")
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        for path in (tmp_path / "broken.docx", SEEDS / "tea-garden.txt"):
            browser.visit(server.url + "/documents")
            browser.click(".upload label:has([value='one'])")
            assert not browser.displayed("#f2")
            browser.type("#f1", str(path))
            browser.click(".upload .btn--primary")
            assert browser.displayed("#h-jobs")
    finally:
        browser.cdp("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.wait("return document.querySelector('.fail') && true", 120)
    assert "broken.docx: " in browser.run("return document.querySelector('#docs').innerText")
    assert browser.wait("return [...document.querySelectorAll('.doclist a')].some((a) => /tea/.test(a.text))", 120)


LOOKS = [
    f"{lang} {theme} {size}" for lang in ("en", "zh-Hant-TW") for theme in ("light", "dark") for size in (1280, 390)
]


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_with_uploads_is_sound(browser: Browser, server: Server, look: str) -> None:
    lang, theme, size = look.split()
    browser.size(*(LAPTOP if size == "1280" else PHONE))
    browser.visit(f"{server.url}/preferences?lang={lang}&theme={theme}&back=/documents")
    assert browser.wait("return document.querySelector('.fail') && true")
    assert faults(browser) == []
    if "CI" in os.environ:  # kept for people to look at
        browser.picture(PICTURES / f"uploads.{look.replace(' ', '.')}.png")
