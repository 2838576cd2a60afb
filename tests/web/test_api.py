"""`/api/v1/lookup`."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from glossary.codec import from_json
from glossary.datamodel import ConceptEntry


def test_matches_are_whole_entries_in_utf_8(client: FlaskClient) -> None:
    answer = client.get("/api/v1/lookup?q=区块链")
    assert answer.mimetype == "application/json"
    assert "區塊鏈" in answer.data.decode("utf-8")
    found = json.loads(answer.data)
    assert (found["query"], found["count"]) == ("区块链", 2)
    best = found["matches"][0]
    assert (best["how"], best["form"], best["url"]) == ("exact", "区块链", "/entry/blockchain000001")
    entry = from_json(ConceptEntry, best["entry"])
    hong_kong = entry.section("zh-Hant-HK")
    assert hong_kong is not None
    assert (hong_kong.terms[0].origin, hong_kong.terms[0].conversion) == ("converted", "opencc t2s, s2hk")
    assert len(entry.contexts) == 2


def test_no_match_is_an_empty_list(client: FlaskClient) -> None:
    answer = client.get("/api/v1/lookup?q=zzzzzz")
    assert (answer.status_code, answer.json) == (200, {"query": "zzzzzz", "count": 0, "matches": []})


def test_limit_is_kept(client: FlaskClient) -> None:
    assert client.get("/api/v1/lookup?q=区块链&limit=1").json["count"] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    "query",
    ["", "?q=", "?q=%00%01", "?q=" + "a" * 201, "?q=a&limit=0", "?q=a&limit=101", "?q=a&limit=-1", "?q=a&limit=１",
     "?q=a&limit=1e3", "?q=a&limit=" + "9" * 5000],
)  # fmt: skip
def test_bad_input_gets_problem_json(client: FlaskClient, query: str) -> None:
    answer = client.get("/api/v1/lookup" + query)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert set(answer.json) == {"type", "title", "status", "detail"}  # type: ignore[arg-type]


def test_unknown_addresses_and_methods_get_problem_json(client: FlaskClient) -> None:
    assert client.get("/api/v1/nothing").json["status"] == 404  # type: ignore[index]
    answer = client.post("/api/v1/lookup?q=a")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


def test_an_absent_store_is_503(absent: FlaskClient) -> None:
    answer = absent.get("/api/v1/lookup?q=a")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
