"""Every page in a real browser: nothing on the console, nothing against the policy, nothing wider than the screen.

Chromium is driven through ChromeDriver's own HTTP protocol (W3C WebDriver), so no package is needed.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress import create_server

pytestmark = pytest.mark.browser

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
]  # fmt: skip
WIDE, PHONE = (1440, 900), (390, 844)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Browser:
    """One ChromeDriver session."""

    def __init__(self, port: int, profile: Path) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        chrome = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": chrome, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._send("/session", {"capabilities": {"alwaysMatch": wanted}})
        self._base += f"/session/{session['sessionId']}"

    def _send(self, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        content = None if method == "DELETE" else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._base + path, content, headers, method=method)
        with self._opener.open(request, timeout=20) as answer:
            return json.load(answer)["value"]

    def cdp(self, command: str, **params: Any) -> Any:
        """A command of the Chrome DevTools Protocol."""
        return self._send("/goog/cdp/execute", {"cmd": command, "params": params})

    def size(self, width: int, height: int) -> None:
        """The screen."""
        self.cdp(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def visit(self, url: str) -> None:
        """Open a page and wait until it has loaded."""
        self._send("/url", {"url": url})

    def run(self, script: str) -> Any:
        """What a script gives back."""
        return self._send("/execute/sync", {"script": script, "args": []})

    def console(self) -> list[str]:
        """Messages since the last call, policy violations among them."""
        return [f"{m['level']} {m['message']}" for m in self._send("/se/log", {"type": "browser"})]

    def quit(self) -> None:
        """End the session."""
        self._send("", {}, "DELETE")


def _started(port: int) -> subprocess.Popen[bytes]:
    assert DRIVER is not None
    driver = subprocess.Popen([DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return driver
        time.sleep(0.05)
    driver.kill()
    raise RuntimeError("chromedriver does not answer")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromedriver (Debian: chromium chromium-driver)")
    port = _free_port()
    driver = _started(port)
    try:
        session = Browser(port, tmp_path_factory.mktemp("profile"))
        yield session
        session.quit()
    finally:
        driver.terminate()
        driver.wait(timeout=10)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    port = _free_port()
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.close()
    thread.join(timeout=5)


OVERFLOW = "const d = document.documentElement; return d.scrollWidth - d.clientWidth"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_are_quiet_and_fit(
    browser: Browser, address: str, documents: dict[str, str], size: tuple[int, int]
) -> None:
    pages = [
        "/", "/lookup?q=区块链", "/lookup?q=区块练", "/lookup?q=zzz", "/entry/nft0000000000001",
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
    browser.run("document.querySelector('#b1').focus();" + press % "j")
    assert browser.run("return document.activeElement.id") == "b2"
    browser.run(press % "m")
    browser.run(press % "/")
    assert browser.run("return document.activeElement.id") == "find"
    assert browser.console() == []
