"""Doors tried by those who may not pass, over every address the app has: by role, with SQL, with markup."""

from __future__ import annotations

import html
import re
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from glossary.store import open_store
from tests.web.people import Visitor, app_fixture, logged_in
from tests.web.test_hostile import XSS
from web.access import COOKIE

ENTRY = "ledger0000000001"
OPEN = {"check.mark", "login.enter", "login.leave"}
"""What a visitor may send."""

READER = {*OPEN, "login.change_password", "login.add_token", "login.remove_token"}
CONTRIBUTOR = {*READER, "edit.add", "edit.add_term", "uploads.upload", "uploads.retry"}
SQL = [
    "' OR '1'='1",
    '"; DROP TABLE concept; --',
    "%' UNION SELECT password FROM account --",
    "1) OR 1=1 /*",
    "\\'; --",
]


app = app_fixture("module")


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Every address that takes a method, its places filled, with its endpoint; the API's apart."""
    rules: list[Rule] = list(app.url_map.iter_rules())
    known = {"entry_id": ENTRY, "name": "reader", "filename": "app.css"}
    return [
        (rule.endpoint, re.sub(r"<(?:\w+:)?(\w+)>", lambda at: known.get(at[1], "x"), rule.rule))
        for rule in rules
        if method in (rule.methods or ()) and not rule.endpoint.startswith("api.")
    ]


def state(app: Flask) -> tuple[object, ...]:
    """What no refused request may change."""
    with open_store(app.extensions["settings"].store) as store:
        jobs = [(job.id, job.state) for job in store.work.jobs()]
        return store.newest(), store.count(), store.documents(), store.accounts.all(), store.accounts.locks(), jobs


@pytest.mark.parametrize(
    ("role", "may"), [("", OPEN), ("reader", READER), ("contributor", CONTRIBUTOR), ("editor", None)]
)
def test_every_address_that_changes_something_refuses_those_below(app: Flask, role: str, may: set[str] | None) -> None:
    visitor, before = Visitor(app), state(app)
    page = "/account" if role else "/login"
    token = (visitor.come_in(role) if role else visitor).token(page)
    for endpoint, url in addresses(app, "POST"):
        allowed = not endpoint.startswith("people.") if may is None else endpoint in may
        if not allowed:
            answer = visitor.client.post(url, data={"csrf_token": token})
            wanted = (403,) if role else (401, 413)
            assert answer.status_code in wanted, (endpoint, answer.status_code)
    assert state(app) == before


@pytest.mark.parametrize("role", ["", "reader", "contributor", "editor", "hant"])
def test_pages_for_a_role_are_closed_to_the_others(app: Flask, role: str) -> None:
    visitor = logged_in(app, role) if role else Visitor(app)
    for endpoint, url in addresses(app, "GET"):
        answer = visitor.get(url, buffered=True)
        assert answer.status_code < 500, endpoint
        closed = endpoint.startswith("people.") or (
            endpoint in ("review.show", "edit.show", "edit.choose") and role in ("", "reader", "contributor")
        )
        if closed:
            assert answer.status_code == (403 if role else 303), endpoint
            assert "argon2" not in answer.text


def test_no_token_and_a_forged_token_change_nothing_through_the_api(app: Flask) -> None:
    before = state(app)
    for rule in app.url_map.iter_rules():
        for method in {"POST", "PUT", "DELETE"} & (rule.methods or set()):
            if rule.endpoint in ("api.create", "api.delete", "api.replace_entry"):
                url = rule.rule.replace("<entry_id>", ENTRY)
                for secret in (None, "forged", "x" * 43, "' OR 1=1 --"):
                    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
                    browser = logged_in(app, "admin")  # a cookie is no token
                    answer = browser.client.open(url, method=method, json={}, headers=headers)
                    assert answer.status_code == 401, rule.endpoint
    assert state(app) == before


def test_what_the_store_holds_of_a_session_opens_none(app: Flask) -> None:
    logged_in(app, "admin")
    with closing(sqlite3.connect(app.extensions["settings"].store)) as plain:
        held = [str(value) for row in plain.execute("SELECT * FROM account_session") for value in row]
    assert len(held) > 1
    for name, value in (("glossary_form", "eyJhZG1pbiI6dHJ1ZX0.x.y"), *((COOKIE, secret) for secret in held)):
        visitor = Visitor(app)
        visitor.client.set_cookie(name, value)
        assert visitor.get("/people").status_code == 303, value


def test_the_form_token_of_another_visitor_opens_nothing(app: Flask) -> None:
    admin, before = logged_in(app, "admin"), state(app)
    assert admin.client.post("/add", data={"csrf_token": Visitor(app).token(), "term": "x"}).status_code == 400
    assert state(app) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", "application/x-nothing", ""])
def test_a_body_of_the_wrong_type_is_refused(app: Flask, kind: str) -> None:
    admin, before = logged_in(app, "admin"), state(app)
    for url in ("/add", "/review", "/documents", "/people", f"/entry/{ENTRY}/delete"):
        assert admin.client.post(url, data=b'{"term": "x"}', content_type=kind).status_code == 400, url
    if kind != "application/json":
        assert admin.client.post("/api/v1/annotate", data=b'{"text": "a"}', content_type=kind).status_code == 400
    assert state(app) == before


PARAMETERS = [
    "/lookup?q={0}&status={0}&all={0}", "/entry/{0}?contexts={0}", "/documents/{0}", "/documents?page={0}",
    "/export/file?format={0}", "/export/file?format=tsv&lang={0}&status={0}&ids={0}", "/export?ids={0}",
    "/preferences?lang={0}&theme={0}&back={0}", "/login?back={0}", "/review?part={0}&page={0}", "/add?term={0}",
    "/entry/" + ENTRY + "/merge?q={0}&with={0}", "/people?before={0}", "/people/{0}",
    "/api/v1/lookup?q={0}&lang={0}&limit={0}", "/api/v1/lookup?q={0}", "/api/v1/entries?after={0}&lang={0}",
    "/api/v1/entries?after={0}", "/api/v1/entries/{0}", "/api/v1/export?format=jsonl&lang={0}&status={0}",
]  # fmt: skip


@pytest.mark.parametrize("address", PARAMETERS)
def test_sql_in_a_parameter_is_text(app: Flask, address: str) -> None:
    admin, before = logged_in(app, "admin"), state(app)
    for injected in SQL:
        answer = admin.get(address.format(injected.replace("%", "%25").replace("#", "%23")), buffered=True)
        assert answer.status_code < 500
        assert "$argon2" not in answer.text
        assert "sqlite" not in answer.text.casefold()
    assert state(app) == before


def test_sql_in_every_field_is_kept_as_text(app: Flask) -> None:
    editor = logged_in(app, "editor")
    for injected in SQL:
        for answer in (
            editor.post("/add", "/add", term=injected, rendering=injected, definition=injected),
            editor.post(f"/entry/{ENTRY}/add", term=injected, lang=injected),
            editor.post("/review", "/review", c=injected, op=injected, fix=injected),
            editor.post(f"/entry/{ENTRY}/undo", change=injected),
            editor.post(f"/entry/{ENTRY}/merge", other=injected),
            editor.client.post("/check", data={"text": injected, "translation": injected}),
            Visitor(app).log_in(injected, injected),
        ):
            assert answer.status_code < 500
    with open_store(app.extensions["settings"].store) as store:
        assert store.check() == ()
        assert store.entry(ENTRY) is not None


SHOWN = ["/", f"/entry/{ENTRY}", f"/entry/{ENTRY}/edit", f"/entry/{ENTRY}/merge", "/review", "/documents", "/people",
         "/account", "/lookup?q=script", "/lookup?q=ledger", "/export", "/people/editor"]  # fmt: skip


def test_markup_that_people_typed_into_every_field_is_text(app: Flask) -> None:
    admin = logged_in(app, "admin")
    page = admin.get(f"/entry/{ENTRY}/edit").text
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", page.split('id="entry-form"')[1]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] not in ("c", "csrf_token"):
            fields.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    texts = [n for n in fields if n in ("note", "subject_field") or "definition" in n or "note" in n or "source" in n]
    assert texts
    typed = {**fields, **{name: [XSS] * len(fields[name]) for name in texts}}
    admin.client.post(f"/entry/{ENTRY}/edit", data={"csrf_token": admin.token(), **typed})
    admin.post(f"/entry/{ENTRY}/add", term=XSS, lang="zh-Hant-TW")
    admin.post("/add", "/add", term=XSS, rendering=XSS, definition=XSS, lang="en", rendering_lang="zh-Hans")
    admin.post("/account/tokens", label=XSS)
    admin.post("/documents", source=(BytesIO(b"x"), f"{XSS}.txt"), kind="one")
    Visitor(app).log_in(XSS, "wrong password")
    kept = 0
    for url in SHOWN:
        shown = admin.get(url)
        assert shown.status_code == 200, url
        assert "<script>alert" not in shown.text, url
        assert "<img src=x" not in shown.text, url
        kept += shown.text.count("onerror=alert(1)&gt;")
    assert kept > 5


def test_markup_in_every_field_that_comes_back_is_text(app: Flask) -> None:
    admin, visitor = logged_in(app, "admin"), Visitor(app)
    for answer in (
        visitor.client.post("/check", data={"text": XSS, "translation": XSS, "lang": XSS}),
        visitor.log_in(XSS, XSS, back=XSS),
        admin.post("/people", name=XSS, password=XSS, role=XSS, lang=XSS),
        admin.post("/add", "/add", term=XSS * 9, rendering="", lang=XSS),
        admin.post("/documents", source=(BytesIO(b"x"), f"{XSS}.exe"), kind=XSS, source_lang=XSS),
        admin.post("/account/password", old=XSS, new=XSS),
        *(admin.get(address.format(XSS.replace("{{", "").replace("}}", ""))) for address in PARAMETERS[:14]),
    ):
        assert answer.status_code < 500
        if answer.mimetype == "text/html":
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text


def test_refusals_are_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    reader = logged_in(app, "reader")
    reader.post(f"/entry/{ENTRY}/delete")
    reader.client.post("/add", data={"csrf_token": "forged"})
    assert any("denied 403: POST /entry/" in line for line in caplog.messages)
    assert any("no form token: POST /add" in line for line in caplog.messages)


def test_nothing_was_written_outside_the_store(app: Flask) -> None:
    folder = Path(app.extensions["settings"].store).parent
    assert {path.name for path in folder.iterdir()} <= {
        "people.db", "people.db-wal", "people.db-shm", "people.db.uploads"
    }  # fmt: skip
