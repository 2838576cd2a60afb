"""Accounts: logging in and out, what each role may see, lock-out, forged sessions, forms without their token."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from glossary.store import open_store
from tests.web.people import PASSWORD, Visitor, app_fixture
from web.limits import limiter

app = app_fixture("function")


closed = app_fixture("function", name="closed", public=False)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def audit(app: Flask) -> list[tuple[str, str, str]]:
    with open_store(app.extensions["settings"].store) as store:
        return [(line.who, line.what, line.about) for line in store.accounts.audit()]


def test_the_right_password_opens_a_session_and_goes_back(app: Flask, visitor: Visitor) -> None:
    answer = visitor.log_in("Editor ", back="/export")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/export")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("glossary_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ">editor</a>" in visitor.get("/").text
    assert audit(app) == [("editor", "login", "")]


def test_the_cookie_is_not_what_the_store_holds(app: Flask, visitor: Visitor) -> None:
    visitor.log_in("editor")
    cookie = visitor.client.get_cookie("glossary_session")
    assert cookie is not None
    path = Path(app.extensions["settings"].store)
    raw = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    assert cookie.value.encode() not in raw
    assert PASSWORD.encode() not in raw


def test_logging_out_ends_the_session_on_the_server(visitor: Visitor) -> None:
    visitor.come_in("editor")
    cookie = visitor.client.get_cookie("glossary_session")
    assert cookie is not None
    assert visitor.post("/logout").status_code == 303
    visitor.client.set_cookie("glossary_session", cookie.value)
    assert "Log in" in visitor.get("/").text


@pytest.mark.parametrize("name", ["editor", "nobody", "' OR 1=1 --", "<script>alert(1)</script>", "x" * 5000, ""])
def test_a_wrong_login_does_not_say_what_was_wrong(visitor: Visitor, name: str) -> None:
    answer = visitor.log_in(name, "wrong password")
    assert answer.status_code == 422
    assert "The name or the password is wrong." in answer.text
    assert "<script>alert" not in answer.text
    assert visitor.client.get_cookie("glossary_session") is None


@pytest.mark.parametrize("name", ["editor", "nobody"])
def test_five_wrong_passwords_lock_the_name_whether_it_exists_or_not(app: Flask, visitor: Visitor, name: str) -> None:
    texts = [visitor.log_in(name, "wrong").text for _ in range(5)]
    assert "4 tries left" in texts[0]
    assert "Too many wrong passwords." in texts[4]
    assert "Too many wrong passwords." in visitor.log_in(name).text
    assert ("", "locked", name) in audit(app)


def test_one_address_may_not_try_for_ever(app: Flask, visitor: Visitor) -> None:
    limiter.enabled = True
    limiter.reset()
    answers = [visitor.log_in(f"name{n}", "wrong").status_code for n in range(12)]
    assert answers[:10] == [422] * 10
    assert answers[10:] == [429] * 2


@pytest.mark.parametrize("url", ["/login", "/logout", "/account/password", "/account/tokens"])
@pytest.mark.parametrize("token", [None, "", "forged", "IjEyMyI.aaaa.bbbb"])
def test_a_form_without_its_token_is_refused(app: Flask, visitor: Visitor, url: str, token: str | None) -> None:
    visitor.come_in("editor")
    before = audit(app)
    answer = visitor.client.post(url, data={} if token is None else {"csrf_token": token})
    assert answer.status_code == 400
    assert "The form has expired or came from another site." in answer.text
    assert audit(app) == before


@pytest.mark.parametrize("cookie", ["forged", "", "x" * 4000, "' OR '1'='1", "\xff\xfe", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_session_is_a_visitor(visitor: Visitor, cookie: str) -> None:
    visitor.client.set_cookie("glossary_session", cookie)
    assert visitor.get("/").status_code == 200
    answer = visitor.get("/people")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?back=/people")


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("contributor", 403), ("editor", 403), ("admin", 200)])
def test_only_admins_see_the_accounts_and_the_log(visitor: Visitor, role: str, status: int) -> None:
    visitor.come_in(role)
    answer = visitor.get("/people")
    assert answer.status_code == status
    assert ("hant" in answer.text) == (status == 200)


def test_a_new_password_ends_the_other_sessions(app: Flask, visitor: Visitor) -> None:
    other = Visitor(app)
    other.log_in("editor")
    visitor.log_in("editor")
    wrong = visitor.post("/account/password", old="no", new="a longer passphrase")
    short = visitor.post("/account/password", old=PASSWORD, new="short")
    assert (wrong.status_code, short.status_code) == (422, 422)
    assert visitor.post("/account/password", old=PASSWORD, new="a longer passphrase").status_code == 303
    assert visitor.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert Visitor(app).log_in("editor").status_code == 422
    assert Visitor(app).log_in("editor", "a longer passphrase").status_code == 303


def test_a_token_is_shown_once_and_can_be_removed(app: Flask, visitor: Visitor) -> None:
    visitor.come_in("editor")
    page = visitor.post("/account/tokens", label="<b>script</b>", scope=["read", "write"]).text
    secret = page.split("<code>")[1].split("</code>")[0]
    assert len(secret) == 43
    assert visitor.get("/account").headers["Cache-Control"] == "no-store"
    with open_store(app.extensions["settings"].store) as store:
        found = store.accounts.token(secret)
        (kept,) = store.accounts.tokens("editor")
    assert found is not None
    assert (found[0].name, found[1]) == ("editor", ("read", "write"))
    later = visitor.get("/account").text
    assert secret not in later
    assert "&lt;b&gt;script" in later
    visitor.post(f"/account/tokens/{kept.id}/remove")
    with open_store(app.extensions["settings"].store) as store:
        assert store.accounts.token(secret) is None


def test_nobody_removes_the_token_of_another(app: Flask, visitor: Visitor) -> None:
    with open_store(app.extensions["settings"].store) as store:
        store.accounts.add_token("admin", "k" * 64, "theirs", ("read",))
    visitor.come_in("editor")
    visitor.post("/account/tokens/kkkkkkkkkkkkkkkk/remove")
    with open_store(app.extensions["settings"].store) as store:
        assert len(store.accounts.tokens("admin")) == 1


READING = [
    "/",
    "/lookup?q=nft",
    "/entry/nft0000000000001",
    "/documents",
    "/check",
    "/export",
    "/export/file?format=tsv",
]


@pytest.mark.parametrize("page", READING)
def test_where_reading_needs_a_login_visitors_are_sent_there(closed: Flask, page: str) -> None:
    visitor = Visitor(closed)
    answer = visitor.get(page)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?back=")
    visitor.come_in("reader")
    assert visitor.get(page, buffered=True).status_code == 200


def test_a_closed_app_tells_visitors_nothing_but_that_it_lives(closed: Flask) -> None:
    visitor = Visitor(closed)
    assert visitor.get("/health").status_code == 200
    assert visitor.client.post("/check", data={"text": "ledger"}).status_code == 401
    assert "entries" not in visitor.get("/login").text


def test_looking_up_needs_no_session_and_sets_no_cookie(visitor: Visitor) -> None:
    for page in ("/", "/lookup?q=nft", "/entry/nft0000000000001", "/check", "/export"):
        assert "Set-Cookie" not in visitor.get(page).headers
