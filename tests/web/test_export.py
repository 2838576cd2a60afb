"""/export: every format, per language and status, by GET alone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from glossary.exchange import EXPORTERS


def test_every_format_is_offered_by_name(client: FlaskClient) -> None:
    page = client.get("/export").text
    assert [f for f in EXPORTERS if f'value="{f}"' not in page] == []
    assert "gettext PO" in page


@pytest.mark.parametrize("format_", sorted(EXPORTERS))
def test_every_format_comes_as_a_file(client: FlaskClient, format_: str) -> None:
    answer = client.get("/export/file", query_string={"format": format_, "lang": "zh-Hant-TW"}, buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=glossary.zh-Hant-TW.")
    assert answer.headers["Content-Type"].count("charset") <= 1
    assert len(answer.data) > 20


def test_the_status_chosen_is_the_one_exported(client: FlaskClient) -> None:
    everything = client.get("/export/file?format=tsv", buffered=True).text
    approved = client.get("/export/file?format=tsv&status=approved", buffered=True).text
    assert ("non-fungible token" in everything, "ledger" in everything) == (True, True)
    assert ("non-fungible token" in approved, "ledger" in approved) == (True, False)


def test_a_list_of_entries_can_be_named(client: FlaskClient) -> None:
    address = "/export/file?format=jsonl&ids=ledger0000000001,nothing,nft0000000000001"
    lines = client.get(address, buffered=True).text.splitlines()
    assert [("ledger" in line, "NFT" in line) for line in lines if "lang_secs" in line] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "no such format"),
        ("format=../../etc/passwd", "no such format"),
        ("format=tsv&lang=%3Cb%3E", "no such language"),
        ("format=tsv&status=' OR 1=1--", "no such status"),
        ("format=tsv&ids=" + "a," * 101, "100 at most"),
    ],
)
def test_what_cannot_be_exported_is_refused(client: FlaskClient, query: str, reason: str) -> None:
    answer = client.get("/export/file?" + query)
    assert answer.status_code == 400
    assert reason in answer.text


def test_without_a_glossary_there_is_nothing_to_take_away(absent: FlaskClient) -> None:
    assert "glossary build seeds" in absent.get("/export").text
    assert absent.get("/export/file?format=tsv").status_code == 503


def test_the_pages_that_only_say_something_answer(client: FlaskClient) -> None:
    assert "Keyboard shortcuts" in client.get("/keys").text
    assert "/api/v1/lookup" in client.get("/api").text
