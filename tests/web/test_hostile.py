"""Hostile input and broken stores: refused or harmless, never a traceback."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from glossary.config import Settings
from glossary.datamodel import (
    Bead,
    Bitext,
    ConceptEntry,
    Context,
    Definition,
    Document,
    Extraction,
    Flag,
    LangSec,
    Provenance,
    Segment,
    TermSec,
)
from glossary.store import open_store
from web import create_app
from web.preferences import safe_back

XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7001*7003}}"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app over a store that has markup in every field."""
    path = tmp_path_factory.mktemp("poisoned") / "glossary.db"
    document = Document("d1", XSS, XSS, "en")
    segment = Segment("d1", 0, "en", XSS, 0, len(XSS))
    chinese = Segment("d1", 0, "zh-Hant", XSS + "區塊鏈", 0, len(XSS))
    bitext = Bitext((segment,), (chinese,), (Bead(range(1), range(1), 0.9),), XSS)
    proof = Provenance("d1", 0, 1, XSS, 0.9, "b1", 0, who=XSS, when=XSS)
    flag = Flag(XSS, XSS, XSS, XSS)
    term = TermSec(XSS, part_of_speech=XSS, provenance=(proof,), flags=(flag,))
    made = TermSec(XSS + "區", origin="converted", conversion=XSS, converted_from=XSS)
    definition = Definition(XSS, "en", "d1", 0, 1, XSS)
    context = Context(XSS, XSS, "en", "zh-Hant", ((0, 9),), ((3, 12),), "b1", 0, XSS, 1, 0.9)
    entry = ConceptEntry(
        "e1",
        (LangSec("en", (term,), (definition,)), LangSec("zh-Hant", (term,)), LangSec("zh-Hans", (made,))),
        "concept", 0.9, (context,), subject_field=XSS, note=XSS, flags=(flag,),
    )  # fmt: skip
    with open_store(str(path)) as store:
        store.put(Extraction("b1", document, document, bitext, (segment,)))
        store.sync_entries([entry])
    return create_app(Settings(store=str(path)))


@pytest.mark.parametrize("page", ["/", "/entry/e1", "/documents", "/documents/b1", "/lookup"])
def test_markup_in_any_field_is_text(poisoned: Flask, page: str) -> None:
    answer = poisoned.test_client().get(page, query_string={"q": XSS} if page == "/lookup" else {})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "onerror=alert(1)&gt;" in answer.text
    assert "49028003" not in answer.text


@pytest.mark.parametrize("page", ["/", "/documents", "/nothing"])
def test_markup_in_the_address_is_text(client: FlaskClient, page: str) -> None:
    answer = client.get(
        page, query_string={XSS: XSS, "q": XSS}, headers={"Accept-Language": XSS, "Cookie": f"lang={XSS}"}
    )
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "raw",
    [b"q=%00", b"q=nft%00", b"q=%ED%A0%80", b"q=\xed\xa0\x80", b"q=%", b"q=%zz%u1234", b"q=\xff\xfe", b"&&==&q",
     b"q=%F0%9F", b"q='%20OR%201=1--", b'q=")%20OR%20*', b"q=NEAR(a,b)",
     b"q=%25%25", b"q=*", b"q=%E2%80%AE", b"q=-nft", b"q=^nft"],
)  # fmt: skip
def test_odd_queries_get_an_ordinary_page(app: Flask, raw: bytes) -> None:
    environ = EnvironBuilder("/lookup").get_environ() | {"QUERY_STRING": raw.decode("latin-1")}
    answer = app.test_client().open(environ)
    assert answer.status_code == 200


def test_a_text_in_place_of_a_term_is_refused_with_the_limit(client: FlaskClient) -> None:
    answer = client.get("/lookup", query_string={"q": "區" * 5000})
    assert answer.status_code == 400
    assert "It has 5000 characters; the limit is 200." in answer.text
    assert len(answer.text) < 10_000


@pytest.mark.parametrize("page", ["-1", "0", "6", "x", "1.5", "", "１", "9" * 5000])
def test_pages_that_do_not_exist_are_not_found(client: FlaskClient, documents: dict[str, str], page: str) -> None:
    assert client.get(f"/documents/{documents['rules']}", query_string={"page": page}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/entry/..%2f..%2fetc%2fpasswd",
        "/entry/%00",
        "/documents/%ff",
        "/static/../web/__init__.py",
        "/static/%2e%2e/api.py",
    ],
)
def test_odd_paths_are_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Nothing at this address" in answer.text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "\\\\evil",
     "/preferences?lang=en", "", "evil", "/a\r\nSet-Cookie: x=y", "///evil.example", "/%0d%0a\n"],
)  # fmt: skip
def test_going_back_never_leaves_the_site(client: FlaskClient, target: str) -> None:
    assert safe_back(target) == "/"
    answer = client.get("/preferences", query_string={"theme": "dark", "back": target})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "x" not in answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("query", ["lang=de", "theme=pink", "lang=", "lang=en&theme=%00"])
def test_unknown_preferences_are_refused(client: FlaskClient, query: str) -> None:
    answer = client.get("/preferences?" + query)
    assert answer.status_code == 400
    assert not answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_changed(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/entry/nft0000000000001")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def _broken(path: Path, kind: str) -> None:
    if kind == "text":
        path.write_text("no database at all " * 100, encoding="utf-8")
    elif kind == "folder":
        path.mkdir()
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE other (x)")
        connection.close()


@pytest.mark.parametrize("kind", ["text", "folder", "other program"])
def test_an_unreadable_store_is_a_clear_503(tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "glossary.db"
    _broken(path, kind)
    client = create_app(Settings(store=str(path))).test_client()
    for page in ("/", "/lookup?q=a", "/documents", "/entry/x"):
        answer = client.get(page)
        assert answer.status_code == 503
        assert "The glossary cannot be read" in answer.text
        assert str(path) not in answer.text
    assert str(path) in caplog.text
    assert client.get("/health").status_code == 503
    assert client.get("/api/v1/lookup?q=a").mimetype == "application/problem+json"


def test_a_store_built_or_replaced_while_the_app_runs_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "glossary.db"
    client = create_app(Settings(store=str(path))).test_client()
    assert client.get("/health").json["store"] == "absent"  # type: ignore[index]
    for forms in (("one",), ("one", "two")):
        new = tmp_path / f"new{len(forms)}.db"
        proof = (Provenance("d", 0, 1, "identical", 0.9),)
        with open_store(str(new)) as store:
            terms = (LangSec("en", (TermSec(form, provenance=proof),)) for form in forms)
            store.sync_entries(ConceptEntry(t.terms[0].term, (t,), "concept", 0.5) for t in terms)
        new.replace(path)
        assert client.get("/health").json["entries"] == len(forms)  # type: ignore[index]


def test_a_fault_of_ours_is_logged_with_the_number_the_page_shows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(store=str(tmp_path / "none.db")))
    app.add_url_rule("/broken", "broken", lambda: str(1 // 0))
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "This page failed" in answer.text
    assert "ZeroDivisionError" not in answer.text
    number = caplog.messages[0].split()[1].rstrip(":")
    assert number in answer.text
