"""Serving: on loopback, stopped cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from glossary.config import Settings
from glossary.errors import ConfigError
from web.serve import serve


def test_the_default_is_loopback() -> None:
    defaults = serve.__defaults__
    assert defaults is not None
    assert defaults[0] == "127.0.0.1"


def test_an_address_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said: list[str] = []
        with pytest.raises(ConfigError, match=rf"^127.0.0.1:{port}: cannot be served: .*--port$"):
            serve(Settings(), port=port, ready=said.append)
        assert said == []


def test_it_answers_and_ends_with_the_signal(documents: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"""
from glossary.config import Settings
import pytest

from glossary.config import Settings
from glossary.errors import ConfigError
from web.serve import serve
serve(Settings(store={documents["path"]!r}), port={port}, ready=lambda address: print(address, end="", flush=True))
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            for attempt in range(100):
                try:
                    with opener.open(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                        assert b'"entries":8' in answer.read()
                        assert answer.headers["Server"] is None
                        break
                except OSError:
                    assert attempt < 99
                    time.sleep(0.1)
            server.send_signal(signal.SIGTERM)
            out, err = server.communicate(timeout=10)
        finally:
            server.kill()
    assert (server.returncode, out, err) == (0, f"http://127.0.0.1:{port}/".encode(), b"")
