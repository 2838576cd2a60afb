"""What admins do with accounts, that it is in the log, and that nobody else can do it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from glossary.accounts import new_secret
from glossary.store import Accounts, open_store
from tests.web.people import PASSWORD, Visitor, app_fixture, logged_in

NEW = "a longer passphrase"


app = app_fixture("function")


@pytest.fixture
def accounts(app: Flask) -> Iterator[Accounts]:
    with open_store(app.extensions["settings"].store) as store:
        yield store.accounts


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return logged_in(app, "admin")


def logged(accounts: Accounts) -> list[tuple[str, str, str]]:
    return [(line.who, line.what, line.about) for line in accounts.audit() if line.what not in ("login", "logout")]


CHANGES = [
    ("/people", {"name": "new", "password": NEW, "role": "admin"}),
    ("/people/reader/role", {"role": "admin"}),
    ("/people/reader/password", {"new": NEW}),
    ("/people/reader/lock", {}),
    ("/people/reader/unlock", {}),
    ("/people/reader/tokens/abc/remove", {}),
]


@pytest.mark.parametrize("role", ["reader", "contributor", "editor", "hant"])
def test_no_other_role_sees_or_changes_an_account(app: Flask, accounts: Accounts, role: str) -> None:
    other, before = logged_in(app, role), (accounts.all(), logged(accounts))
    for url, fields in CHANGES:
        assert other.post(url, **fields).status_code == 403
    for page in ("/people", "/people/reader", "/people/nobody"):
        assert other.get(page).status_code == 403
    assert (accounts.all(), logged(accounts)) == before
    assert "/people" not in other.get("/").text


def test_a_visitor_and_a_form_without_its_token_change_no_account(
    app: Flask, admin: Visitor, accounts: Accounts
) -> None:
    before = accounts.all()
    for url, fields in CHANGES:
        assert Visitor(app).post(url, "/login", **fields).status_code == 401
        assert admin.client.post(url, data=fields).status_code == 400
    assert accounts.all() == before


def test_an_account_is_made_with_a_role_and_languages(app: Flask, admin: Visitor, accounts: Accounts) -> None:
    form = {"name": " Wen ", "password": NEW, "role": "editor", "lang": ["zh-Hant-TW", "en"]}
    answer = admin.post("/people", **form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people/wen")
    made = accounts.get("wen")
    assert made is not None
    assert (made.role, made.languages) == ("editor", ("zh-Hant-TW", "en"))
    assert logged(accounts) == [("admin", "account added", "wen editor zh-Hant-TW en")]
    assert Visitor(app).log_in("wen", NEW).status_code == 303
    assert ">wen</a>" in admin.get("/people").text


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"name": "editor"}, 422, "There is a user editor already."),
        ({"name": "a b"}, 422, "1 to 64 letters"),
        ({"name": ".."}, 422, "1 to 64 letters"),
        ({"name": "<script>alert(1)</script>"}, 422, "1 to 64 letters"),
        ({"password": "short"}, 422, "10 to 1000 characters"),
        ({"role": "king"}, 400, ""),
        ({"lang": "tlh"}, 400, ""),
        ({"lang": "' OR 1=1"}, 400, ""),
    ],
)
def test_a_bad_account_is_refused_and_the_form_says_why(
    admin: Visitor, accounts: Accounts, change: dict[str, str], status: int, said: str
) -> None:
    before = accounts.all()
    answer = admin.post("/people", **{"name": "wen", "password": NEW, "role": "reader", **change})
    assert answer.status_code == status
    assert said in answer.text
    assert NEW not in answer.text
    assert "<script>alert" not in answer.text
    assert accounts.all() == before


def test_a_new_role_counts_at_once_and_logs_out(app: Flask, admin: Visitor, accounts: Accounts) -> None:
    editor = logged_in(app, "editor")
    assert admin.post("/people/editor/role", role="reader", lang="zh-Hans").status_code == 303
    assert editor.get("/review").status_code == 303
    assert logged_in(app, "editor").get("/review").status_code == 403
    assert logged(accounts) == [("admin", "role changed", "editor reader zh-Hans")]
    admin.post("/people/editor/role", role="reader", lang="zh-Hans")
    assert len(logged(accounts)) == 1


def test_a_language_of_the_command_line_is_kept(admin: Visitor, accounts: Accounts) -> None:
    accounts.change("hant", languages=("zh-Hant-MO",))
    assert 'value="zh-Hant-MO" checked' in admin.get("/people/hant").text
    assert admin.post("/people/hant/role", role="editor", lang=["zh-Hant-MO", "en"]).status_code == 303
    found = accounts.get("hant")
    assert found is not None
    assert found.languages == ("zh-Hant-MO", "en")


def test_a_locked_account_is_out_with_its_password_and_its_tokens(
    app: Flask, admin: Visitor, accounts: Accounts
) -> None:
    editor, (secret, key) = logged_in(app, "editor"), new_secret()
    accounts.add_token("editor", key, "script", ("read",))
    assert accounts.token(secret) is not None
    admin.post("/people/editor/lock")
    assert editor.get("/account").status_code == 303
    assert Visitor(app).log_in("editor").status_code == 422
    assert accounts.token(secret) is None
    accounts.change("editor", role="contributor")
    assert Visitor(app).log_in("editor").status_code == 422
    page = admin.get("/people/editor").text
    assert "Locked by an administrator." in page
    admin.post("/people/editor/unlock")
    assert Visitor(app).log_in("editor").status_code == 303
    assert accounts.token(secret) is not None
    assert [line[1:] for line in logged(accounts)][::-1] == [("locked by an admin", "editor"), ("unlocked", "editor")]


def test_wrong_passwords_lock_no_token_and_an_admin_lifts_the_lock(
    app: Flask, admin: Visitor, accounts: Accounts
) -> None:
    secret, key = new_secret()
    accounts.add_token("editor", key, "script", ("read",))
    for _ in range(5):
        Visitor(app).log_in("editor", "wrong")
    assert Visitor(app).log_in("editor").status_code == 422
    assert accounts.token(secret) is not None
    assert "Locked after wrong passwords until" in admin.get("/people/editor").text
    admin.post("/people/editor/unlock")
    assert Visitor(app).log_in("editor").status_code == 303


def test_a_password_that_was_set_is_the_only_one(app: Flask, admin: Visitor, accounts: Accounts) -> None:
    editor = logged_in(app, "editor")
    assert admin.post("/people/editor/password", new="short").status_code == 422
    assert editor.get("/account").status_code == 200
    assert admin.post("/people/editor/password", new=NEW).status_code == 303
    assert editor.get("/account").status_code == 303
    assert Visitor(app).log_in("editor", PASSWORD).status_code == 422
    assert Visitor(app).log_in("editor", NEW).status_code == 303
    assert ("admin", "password set", "editor") in logged(accounts)


def test_a_token_of_anyone_can_be_revoked(admin: Visitor, accounts: Accounts) -> None:
    secret, key = new_secret()
    accounts.add_token("editor", key, "<i>script</i>", ("read", "write"))
    (token,) = accounts.tokens("editor")
    page = admin.get("/people/editor").text
    assert "&lt;i&gt;script" in page
    assert secret not in page
    admin.post(f"/people/reader/tokens/{token.id}/remove")
    assert accounts.token(secret) is not None
    admin.post(f"/people/editor/tokens/{token.id}/remove")
    assert accounts.token(secret) is None
    assert logged(accounts) == [("admin", "token removed", f"editor {token.id}")]


@pytest.mark.parametrize(("what", "fields"), [("role", {"role": "reader"}), ("password", {"new": NEW}), ("lock", {})])
def test_nobody_locks_themselves_out(admin: Visitor, accounts: Accounts, what: str, fields: dict[str, str]) -> None:
    assert admin.post(f"/people/admin/{what}", **fields).status_code == 400
    assert admin.get("/people").status_code == 200
    assert "This is your own account." in admin.get("/people/admin").text
    assert logged(accounts) == []


def test_an_account_that_is_not_there_is_not_found(admin: Visitor) -> None:
    assert admin.get("/people/nobody").status_code == 404
    assert admin.post("/people/nobody/lock").status_code == 404
