"""`glossary serve` in a process of its own over a real store, and a person at it who fills forms; always ended."""

from __future__ import annotations

import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from glossary.accounts import hashed
from glossary.store import open_store
from tests.web.people import PASSWORD

Files = Mapping[str, tuple[str, bytes]]
"""Field -> (name, content)."""


@dataclass(frozen=True, eq=False)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, object]]:
        """What it has logged."""
        text = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in text if line.startswith("{")]

    def helpers(self) -> list[int]:
        """The processes it has started (Linux)."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(number) for number in found.stdout.split()]


def store_with_people(path: Path, *roles: str) -> str:
    """A new store with an account for each role, named like it; its path."""
    with open_store(str(path)) as store:
        for role in roles:
            store.accounts.add(role, hashed(PASSWORD), role)
    return str(path)


@contextmanager
def serving(store: str, log: Path) -> Iterator[Server]:
    """`glossary serve` on a free port, once it says where; killed in the end if it is not gone by then."""
    command = [sys.executable, "-m", "glossary", "serve", "--store", store, "--port", "0"]
    with log.open("wb") as out, subprocess.Popen(command, stderr=out, stdout=out) as process:
        try:
            yield Server(_address(log, process), process, log)
        finally:
            process.kill()


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    last = time.monotonic() + 60
    while time.monotonic() < last and process.poll() is None:
        if found := re.search(r"on (http://\S+:\d+)/", log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


class Person:
    """Somebody at a browser without scripts: cookies, forms with their tokens, redirects."""

    def __init__(self, url: str) -> None:
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        self._opener.addheaders = [("Accept-Language", "en")]

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str]:
        """Status and text of an answer."""
        headers = {"Content-Type": kind} if body is not None else {}
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def token(self, page: str) -> str:
        """The form token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask(page)[1])
        assert found
        return found[1]

    def log_in(self, name: str) -> int:
        """The status of a login."""
        form = {"csrf_token": self.token("/login"), "username": name, "password": PASSWORD, "back": "/documents"}
        return self.ask("/login", urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded")[0]

    def upload(self, files: Files, kind: str = "pair") -> tuple[int, str]:
        """Status and page after giving files."""
        line = uuid4().hex
        fields = {"csrf_token": self.token("/documents"), "kind": kind}
        parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in fields.items()]
        for field, (name, content) in files.items():
            parts.append(f'name="{field}"; filename="{name}"\r\n\r\n'.encode() + content)
        body = b"".join(b"--%b\r\nContent-Disposition: form-data; %b\r\n" % (line.encode(), p) for p in parts)
        return self.ask("/documents", body + f"--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}")

    def waited(self, seconds: float = 120) -> str:
        """The documents page once nothing waits or runs any more."""
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            page = self.ask("/documents")[1]
            if "<progress" not in page and ">Waiting<" not in page:
                return page
            time.sleep(0.3)
        raise AssertionError(f"the jobs did not end in {seconds} s")
