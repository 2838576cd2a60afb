"""Serving: on loopback, stopped cleanly."""

from __future__ import annotations

import json
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import waitress
from waitress.wasyncore import close_all, loop

from glossary.accounts import hashed, new_secret
from glossary.config import Settings
from glossary.errors import ConfigError
from glossary.store import open_store
from tests.web.people import PASSWORD
from web.serve import send_the_rest, serve, unsent


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


@contextmanager
def running(store: str, options: str = "") -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of its own, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"""
from glossary.config import Settings
from web.serve import serve
serve(Settings(store={store!r}), port={port}, ready=lambda address: print(address, end="", flush=True){options})
"""
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            for attempt in range(200):
                try:
                    ask(url + "/health")
                    break
                except OSError:
                    assert attempt < 199
                    time.sleep(0.1)
            yield url, server
        finally:
            server.kill()


def ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes, Any]:
    """Status, body and headers of an answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, body, headers), timeout=30) as answer:
        return answer.status, answer.read(), answer.headers


def test_a_changed_entry_shows_at_once_on_every_worker(documents: dict[str, str], tmp_path: Path) -> None:
    path = str(shutil.copy(documents["path"], tmp_path / "two.db"))
    with running(path) as (one, _), running(path) as (other, _), open_store(path) as store:
        for number in range(3):
            entry = store.entry("ledger0000000001")
            assert entry is not None
            english = replace(
                entry.lang_secs[0], terms=(replace(entry.lang_secs[0].terms[0], term=f"ledger {number}"),)
            )
            store.save(replace(entry, lang_secs=(english, *entry.lang_secs[1:])), who="mei")
            for address in (one, other):
                for page in ("/lookup?q=ledger", "/lookup?q=ledge", "/api/v1/lookup?q=ledger"):
                    assert f"ledger {number}" in re.sub("</?mark[^>]*>", "", ask(address + page)[1].decode())


def test_it_answers_logs_json_and_ends_with_the_signal(documents: dict[str, str]) -> None:
    with running(documents["path"]) as (url, server):
        status, health, headers = ask(url + "/health")
        assert (status, headers["Server"]) == (200, None)
        assert b'"entries":8' in health
        number = ask(url + "/lookup?q=secret+plan", **{"X-Request-ID": "from-the-proxy-1"})[2]["X-Request-ID"]
        assert number == "from-the-proxy-1"
        metrics = ask(url + "/metrics")[1].decode()
        assert 'glossary_requests_total{method="GET",page="lookup.find",status="200"} 1.0' in metrics
        assert "glossary_entries 8.0" in metrics
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=10)
    lines = [json.loads(line) for line in err.decode().splitlines()]
    assert (server.returncode, out, lines[-1]["message"]) == (0, f"{url}/".encode(), "stopped")
    looked_up = next(line for line in lines if line.get("path") == "/lookup")
    assert (looked_up["request"], looked_up["status"], looked_up["user"]) == ("from-the-proxy-1", 200, "")
    assert b"secret" not in err


def test_what_is_under_way_is_finished_before_the_end(documents: dict[str, str], tmp_path: Path) -> None:
    store = str(shutil.copy(documents["path"], tmp_path / "busy.db"))
    secret, key = new_secret()
    with open_store(store) as opened:
        opened.accounts.add("mei", hashed(PASSWORD), "editor")
        opened.accounts.add_token("mei", key, "test", ("read", "write"))
    body = json.dumps({"terms": [{"lang": "en", "term": "tide table"}]}).encode()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    with running(store) as (url, server), closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # whoever writes waits
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(ask(f"{url}/api/v1/entries", body, **headers)[0]))
        asking.start()
        while b'glossary_requests_under_way{page="api.create"} 1.0' not in ask(url + "/metrics")[1]:
            assert asking.is_alive()
        server.send_signal(signal.SIGTERM)
        other.execute("ROLLBACK")
        asking.join(timeout=30)
        server.communicate(timeout=30)
    assert answers == [201]


def test_who_reads_slowly_gets_the_rest_of_the_answer() -> None:
    size, sockets = 16 * 1024 * 1024, dict[int, Any]()

    def answer(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Length", str(size))])
        return [b"x" * size]

    server = waitress.create_server(answer, map=sockets, host="127.0.0.1", port=0, threads=1)
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=30) as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while not unsent(sockets):
            loop(timeout=0.1, map=sockets, count=1)
        server.task_dispatcher.shutdown(timeout=10)
        got: list[int] = []
        parts = iter(lambda: reader.recv(65536), b"")
        reading = threading.Thread(target=lambda: got.extend(map(len, parts)))
        reading.start()
        send_the_rest(sockets)
        close_all(sockets)
        reading.join(timeout=30)
    assert sum(got) > size


def test_behind_a_proxy_others_need_a_login_and_metrics_are_hidden(documents: dict[str, str]) -> None:
    with running(documents["path"], ", behind_proxy=True") as (url, server):
        forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        page = ask(url + "/", **forwarded)[1].decode()
        assert 'name="password"' in page
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(url + "/metrics", **forwarded)
        assert b"glossary_entries" in ask(url + "/metrics")[1]
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=10)


def sent_until_answered(host: str, port: int, path: str, size: int) -> int:
    """The status of the answer to a body of so many bytes, for a client that reads when it is cut off, as curl does."""
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
        with suppress(ConnectionError):  # the answer that was sent before is still there to be read
            for _ in range(size // 65_536):
                if select.select([connection], [], [], 0)[0]:
                    break
                connection.sendall(bytes(65_536))
        return int(connection.recv(1000).split()[1])


def test_fifty_megabytes_are_refused_and_the_server_goes_on(documents: dict[str, str]) -> None:
    with running(documents["path"]) as (url, server):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            head = b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 52428800\r\n\r\n"
            connection.sendall(head + b"x" * 1000)
            assert b" 413 " in connection.recv(1000)
        for path in ("/check", "/documents"):
            assert sent_until_answered(host, int(port), path, 50 * 1024 * 1024) == 413
        assert ask(url + "/health")[0] == 200
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=10)
