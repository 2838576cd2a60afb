"""A real headless Chromium, driven through ChromeDriver's own protocol (W3C WebDriver), so no package is needed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress import create_server

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
]  # fmt: skip
KEYS = {"Shift": "\ue008", "Control": "\ue009", "Enter": "\ue007", "Tab": "\ue004", "Down": "\ue015"}
WIDE, PHONE = (1440, 900), (390, 844)


def free_port() -> int:
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
        self._send("/timeouts", {"implicit": 5000})  # milliseconds an element is waited for

    def _send(self, path: str, body: dict[str, Any] | None, method: str = "POST") -> Any:
        content = None if method in ("DELETE", "GET") else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._base + path, content, headers, method=method)
        with self._opener.open(request, timeout=180) as answer:
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

    def run_async(self, script: str) -> Any:
        """What a script gives to the function that is its last argument."""
        return self._send("/execute/async", {"script": script, "args": []})

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a keyboard does; modifiers are held: press("Shift", "a")."""
        codes = [KEYS.get(key, key) for key in keys]
        held = [code for key, code in zip(keys, codes, strict=True) if key in ("Shift", "Control")]
        down = [{"type": "keyDown", "value": code} for code in codes]
        up = [{"type": "keyUp", "value": code} for code in reversed(codes)]
        one_by_one = [action for pair in zip(down, reversed(up), strict=True) for action in pair]
        actions = [*down, *up] if held else one_by_one
        self._send("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def wait(self, script: str, seconds: float = 5) -> Any:
        """What a script gives back as soon as that is something."""
        last = time.monotonic() + seconds
        while not (found := self.run(script)) and time.monotonic() < last:
            time.sleep(0.05)
        return found

    def _element(self, css: str) -> str:
        found = self._send("/element", {"using": "css selector", "value": css})
        return f"/element/{next(iter(found.values()))}"

    def click(self, css: str) -> None:
        """Click as a mouse does, and wait for a page that this opens."""
        self._send(f"{self._element(css)}/click", {})

    def go(self, css: str) -> None:
        """Click on what opens another page, and wait until its address is there; scripts may be off."""
        before = self._send("/url", None, "GET")
        self.click(css)
        last = time.monotonic() + 10
        while self._send("/url", None, "GET") == before and time.monotonic() < last:
            time.sleep(0.05)

    def type(self, css: str, text: str) -> None:
        """Type into a field."""
        self._send(f"{self._element(css)}/value", {"text": text})

    def displayed(self, css: str) -> bool:
        """Whether an element can be seen; asked again when the page has been loaded anew between the two questions."""
        for _ in range(3):
            with suppress(urllib.error.HTTPError):  # 404: the element belongs to the page that was there before
                return bool(self._send(f"{self._element(css)}/displayed", None, "GET"))
        return bool(self._send(f"{self._element(css)}/displayed", None, "GET"))

    def picture(self, path: Path) -> None:
        """Keep what the page looks like, whole, as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def console(self) -> list[str]:
        """Errors and warnings since the last call, policy violations among them; remarks of the browser left out."""
        messages = self._send("/se/log", {"type": "browser"})
        return [f"{m['level']} {m['message']}" for m in messages if m["level"] in ("SEVERE", "WARNING")]

    def quit(self) -> None:
        """End the session."""
        self._send("", {}, "DELETE")


def started(port: int) -> subprocess.Popen[bytes]:
    assert DRIVER is not None
    command, quiet = [DRIVER, f"--port={port}"], subprocess.DEVNULL
    driver = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return driver
        time.sleep(0.05)
    driver.kill()
    raise RuntimeError("chromedriver does not answer")


@contextmanager
def opened(profile: Path) -> Iterator[Browser]:
    """A browser; the test is skipped where there is none."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromedriver (Debian: chromium chromium-driver)")
    port = free_port()
    driver = started(port)
    try:
        session = Browser(port, profile)
        yield session
        session.quit()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(driver.pid, signal.SIGTERM)  # with the browser, which outlives a driver that gave no session
        driver.wait(timeout=10)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an app on a free port."""
    port = free_port()
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()
        thread.join(timeout=5)
