"""/api/v1: entries with pages and ETags, texts, tokens with scopes, and a description that says what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from glossary.accounts import new_secret
from glossary.codec import from_json
from glossary.datamodel import ConceptEntry
from glossary.exchange import EXPORTERS
from glossary.store import open_store
from tests.web.people import Visitor, app_fixture, app_with_accounts
from web.api.spec import description
from web.limits import limiter

API = "/api/v1"
LEDGER = "ledger0000000001"


app = app_fixture("module")


@pytest.fixture
def anyone(app: Flask) -> FlaskClient:
    return app.test_client()


def bearer(app: Flask, name: str, *scopes: str) -> dict[str, str]:
    secret, key = new_secret()
    with open_store(app.extensions["settings"].store) as store:
        store.accounts.add_token(name, key, "test", scopes)
    return {"Authorization": f"Bearer {secret}"}


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def refused(answer: Any, status: int) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.json["status"] == status


def test_pages_of_entries_make_up_the_glossary(anyone: FlaskClient) -> None:
    seen, url = [], f"{API}/entries?limit=3"
    while url:
        page = ok(answer := anyone.get(url))
        seen += [e["id"] for e in page["entries"]]
        assert (page["next"] is None) == ("Link" not in answer.headers)
        url = page["next"]
    assert len(seen) == len(set(seen)) == 8
    assert [e["id"] for e in ok(anyone.get(f"{API}/entries?review=approved"))["entries"]] == ["nft0000000000001"]


def test_an_entry_is_not_sent_twice_while_it_stays(anyone: FlaskClient) -> None:
    for url in (f"{API}/entries/{LEDGER}", f"{API}/entries?limit=2"):
        first = anyone.get(url)
        again = anyone.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_a_change_names_the_version_it_was_made_from(app: Flask, anyone: FlaskClient) -> None:
    token = bearer(app, "editor", "write")
    first = anyone.get(f"{API}/entries/{LEDGER}")
    entry = first.json | {"note": "from a program"}
    refused(anyone.put(f"{API}/entries/{LEDGER}", json=entry, headers=token), 428)
    old = {**token, "If-Match": '"999"'}
    refused(anyone.put(f"{API}/entries/{LEDGER}", json=entry, headers=old), 412)
    now = {**token, "If-Match": first.headers["ETag"]}
    kept = anyone.put(f"{API}/entries/{LEDGER}", json=entry, headers=now)
    assert ok(kept)["note"] == "from a program"
    refused(anyone.put(f"{API}/entries/{LEDGER}", json=entry | {"note": "late"}, headers=now), 412)
    assert from_json(ConceptEntry, anyone.get(f"{API}/entries/{LEDGER}").json).note == "from a program"
    with open_store(app.extensions["settings"].store) as store:
        assert store.changes(LEDGER)[0].who == "editor"


def test_entries_are_made_and_deleted(app: Flask, anyone: FlaskClient) -> None:
    token = bearer(app, "editor", "write")
    terms = {"terms": [{"lang": "en", "term": "lute"}, {"lang": "zh-TW", "term": "魯特琴"}]}
    made = anyone.post(f"{API}/entries", json=terms, headers=token)
    entry = ok(made, 201)
    assert [s["lang"] for s in entry["lang_secs"]] == ["en", "zh-Hant-TW", "zh-Hans", "zh-Hant-HK"]
    refused(anyone.post(f"{API}/entries", json=terms, headers=token), 412)
    where = made.headers["Location"]
    tag = {"If-Match": anyone.get(where).headers["ETag"]}
    assert anyone.delete(where, headers={**token, **tag}).status_code == 204
    refused(anyone.get(where), 404)


@pytest.mark.parametrize(
    ("name", "scopes", "status"),
    [("editor", ("read",), 403), ("reader", ("write",), 403), ("contributor", ("write",), 201), ("", (), 401)],
)
def test_a_token_goes_as_far_as_its_scope_and_its_owner(
    app: Flask, anyone: FlaskClient, name: str, scopes: tuple[str, ...], status: int
) -> None:
    token = bearer(app, name, *scopes) if name else {}
    answer = anyone.post(f"{API}/entries", json={"terms": [{"lang": "en", "term": f"by {name}"}]}, headers=token)
    if status == 201:
        assert ok(answer, 201)["lang_secs"][0]["terms"][0]["review_state"] == "proposed"
    else:
        refused(answer, status)


def test_the_cookie_of_a_page_changes_nothing_here(app: Flask) -> None:
    editor = Visitor(app)
    editor.come_in("editor")
    refused(editor.client.post(f"{API}/entries", json={"terms": [{"lang": "en", "term": "x"}]}), 401)
    refused(editor.client.delete(f"{API}/entries/{LEDGER}", headers={"If-Match": '"1"'}), 401)


@pytest.mark.parametrize(
    "header", ["Bearer forged", "Bearer ", "Basic ZWRpdG9yOng=", "x", "Bearer ' OR 1=1 --", "Bearer \xff"]
)
def test_an_unknown_token_is_refused_even_for_reading(anyone: FlaskClient, header: str) -> None:
    refused(anyone.get(f"{API}/lookup?q=nft", headers={"Authorization": header}), 401)


def test_a_closed_glossary_answers_tokens_only(
    documents: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = app_with_accounts(documents["path"], tmp_path_factory.mktemp("closed"), public=False)
    client = app.test_client()
    refused(client.get(f"{API}/lookup?q=nft"), 401)
    refused(client.post(f"{API}/annotate", json={"text": "an NFT"}), 401)
    assert ok(client.get(f"{API}/lookup?q=nft", headers=bearer(app, "reader", "read")))["count"] == 1
    limiter.enabled = True


def test_places_have_offsets_and_renderings(anyone: FlaskClient) -> None:
    found = ok(anyone.post(f"{API}/annotate", json={"text": "𝄞 Two smart contracts."}))
    assert found["count"] == 1
    place = found["annotations"][0]
    assert (place["start"], place["end"], place["text"]) == (6, 21, "smart contracts")
    assert "智慧合約" in place["renderings"]


def test_units_are_checked(anyone: FlaskClient) -> None:
    asked = {"source_lang": "en", "target_lang": "zh-TW", "units": [{"source": "An NFT", "target": "一個代號"}]}
    found = ok(anyone.post(f"{API}/check", json=asked))
    assert [(f["code"], f["unit"]["line"]) for f in found["findings"]] == [("E101", 1)]


def test_two_texts_are_aligned_checked_and_searched_for_terms(anyone: FlaskClient) -> None:
    asked = {
        "source": "A ledger is kept by the harbour.\nThe museum sells tickets.",
        "target": "帳本由港口保管。\n博物館出售門票。",
    }
    assert [b["source_range"] for b in ok(anyone.post(f"{API}/align", json=asked))["beads"]] == [[0, 1], [1, 2]]
    assert ok(anyone.post(f"{API}/check", json=asked))["units"] == 2
    assert ok(anyone.post(f"{API}/extract", json=asked))["count"] >= 0


@pytest.mark.parametrize("format_", sorted(EXPORTERS))
def test_every_format_can_be_taken_away(anyone: FlaskClient, format_: str) -> None:
    answer = anyone.get(f"{API}/export?format={format_}&lang=zh-Hans", buffered=True)
    assert (answer.status_code, len(answer.data) > 20) == (200, True)


BAD: list[tuple[str, str, Any]] = [
    ("post", "/annotate", {}), ("post", "/annotate", {"text": 7}), ("post", "/annotate", {"text": "a", "kind": "pdf"}),
    ("post", "/annotate", {"text": "a" * 100_001}), ("post", "/annotate", {"text": "a", "lang": "<b>"}),
    ("post", "/annotate", []),
    ("post", "/check", {"units": 1}), ("post", "/check", {"units": [{}], "source_lang": "en", "target_lang": "zh"}),
    ("post", "/check", {"source": "a"}), ("post", "/align", {"source": "One.", "target": "Two."}),
    ("post", "/extract", {"source": "x" * 20_001, "target": "帳本"}),
    ("post", "/extract", {"source": "0", "target": "0", "source_lang": "AA"}),
    ("get", "/entries?limit=0", None), ("get", "/entries?after=nothing", None),
    ("get", "/entries?status=' OR 1=1", None),
    ("get", "/entries?lang=<b>", None), ("get", "/export", None), ("get", "/export?format=exe", None),
    ("get", "/export?format=tsv&status=x", None), ("get", "/export?format=tsv&lang=../../etc", None),
]  # fmt: skip


@pytest.mark.parametrize(("method", "url", "sent"), BAD)
def test_bad_requests_get_a_problem(anyone: FlaskClient, method: str, url: str, sent: Any) -> None:
    refused(getattr(anyone, method)(API + url, **({} if sent is None else {"json": sent})), 400)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[" * 100_000, b'{"text": NaN}', b'{"text": "\\ud800"}', b"\xff\xfe", b'"text"', b"null"]
)
def test_what_is_no_json_object_is_refused(anyone: FlaskClient, raw: bytes) -> None:
    refused(anyone.post(f"{API}/annotate", data=raw, content_type="application/json"), 400)
    refused(anyone.post(f"{API}/annotate", data=raw, content_type="text/plain"), 400)


@pytest.mark.parametrize("change", [{"id": "other"}, {"kind": "x"}, {"lang_secs": []}, {"extra": 1}, {"score": "high"}])
def test_an_entry_that_is_none_is_not_kept(app: Flask, anyone: FlaskClient, change: dict[str, Any]) -> None:
    first = anyone.get(f"{API}/entries/{LEDGER}")
    headers = {**bearer(app, "editor", "write"), "If-Match": first.headers["ETag"]}
    answer = anyone.put(f"{API}/entries/{LEDGER}", json=first.json | change, headers=headers)
    assert answer.status_code in (400, 422)
    assert anyone.get(f"{API}/entries/{LEDGER}").headers["ETag"] == first.headers["ETag"]


def test_the_description_names_every_address_and_no_other(app: Flask) -> None:
    rules = [r for r in app.url_map.iter_rules() if r.rule.startswith(API)]
    there = {
        (r.rule.removeprefix(API).replace("<", "{").replace(">", "}"), m.lower())
        for r in rules
        for m in r.methods or ()
    }
    said = {(p, m) for p, item in description()["paths"].items() for m in item if m != "parameters"}
    assert {(p, m) for p, m in there if m not in ("head", "options")} == said


def test_the_description_refers_only_to_what_it_holds(anyone: FlaskClient) -> None:
    spec = ok(anyone.get(f"{API}/openapi.json"))
    assert spec["openapi"] == "3.1.0"

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else ())
            node = list(node.values())
        if isinstance(node, list):
            for one in node:
                yield from references(one)

    for reference in set(references(spec)):
        at: Any = spec
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]
        assert at
