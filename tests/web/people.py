"""Browsers that are logged in, for tests."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from glossary.accounts import ROLES, hashed, new_secret
from glossary.config import Settings
from glossary.store import Store, open_store
from web import answers, create_app, extractions, frame, prepared
from web.access import COOKIE
from web.limits import limiter

PASSWORD = "correct horse battery"


class Visitor:
    """A browser that fills forms: it takes the token from the page it has seen."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def get(self, url: str, **more: Any) -> TestResponse:
        return self.client.get(url, **more)

    def token(self, page: str = "/login") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
        return found[1] if found else ""

    def post(self, url: str, page: str = "/account", /, **fields: Any) -> TestResponse:
        return self.client.post(url, data={"csrf_token": self.token(page), **fields})

    def come_in(self, name: str) -> Visitor:
        """Logged in without the form, which takes a hash of a password; the browser itself."""
        secret, key = new_secret()
        with open_store(self.client.application.extensions["settings"].store) as store:
            store.accounts.log_in(name, key)
        self.client.set_cookie(COOKIE, secret)
        return self

    def log_in(self, name: str, password: str = PASSWORD, back: str = "/") -> TestResponse:
        return self.post("/login", "/login", username=name, password=password, back=back)


def logged_in(app: Flask, name: str = "editor") -> Visitor:
    """A browser of somebody who is logged in."""
    return Visitor(app).come_in(name)


@cache
def _peopled(original: str) -> Path:
    """A copy of a store with one account of each role (named like it) and `hant`, an editor of zh-Hant."""
    path = Path(original).with_suffix(".people.db")
    shutil.copy(original, path)
    kept = hashed(PASSWORD)
    with open_store(str(path)) as store:
        for role in ROLES:
            store.accounts.add(role, kept, role)
        store.accounts.add("hant", kept, "editor", ("zh-Hant",))
    return path


def app_with_accounts(original: str, folder: Path, *, public: bool = True) -> Flask:
    """An app over a copy of a store, with one account of each role (named like it) and `hant`, an editor of zh-Hant."""
    path = folder / "people.db"
    shutil.copy(_peopled(original), path)
    app = create_app(Settings(store=str(path)), public=public)
    limiter.enabled = False  # tests log in more often than people; test_accounts turns it on where it counts
    return app


@contextmanager
def kept_as_it_was(app: Flask) -> Iterator[Store]:
    """The store behind an app; what is changed meanwhile is taken back, all of it, while the app has the store open.

    The app forgets what it keeps of the store, whose states it tells apart by numbers that come again.
    """
    path = app.extensions["settings"].store
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(":memory:")) as before:
        database.execute("PRAGMA synchronous = OFF")  # nobody needs it after a crash
        database.backup(before)
        with open_store(path) as store:
            yield store
        before.backup(database)
    for memory in (answers, extractions, frame, prepared):
        memory.init_app(app)


def app_fixture(scope: Literal["function", "module"], *, name: str = "app", public: bool = True) -> Any:
    """A fixture: an app with accounts, one for all tests of a file; with scope "function" each finds it as new."""
    apps: list[Flask] = []

    @pytest.fixture(scope=scope, name=name)
    def made(documents: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
        if not apps:
            apps.append(app_with_accounts(documents["path"], tmp_path_factory.mktemp("people"), public=public))
        limiter.enabled = False
        with kept_as_it_was(apps[0]):
            yield apps[0]
        limiter.enabled = True

    return made
