"""Documents and entries at the edges: one language only, empty, German, very many contexts, everything rejected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from glossary.config import Settings
from glossary.datamodel import (
    Bead,
    Bitext,
    ConceptEntry,
    Context,
    Document,
    Extraction,
    LangSec,
    Provenance,
    Segment,
    TermSec,
)
from glossary.store import open_store
from web import create_app

PROOF = (Provenance("d1", 0, 1, "identical", 0.9, "mono", 0),)


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = tmp_path_factory.mktemp("edges") / "glossary.db"
    document = Document("d1", "https://example.org/%E7%AB%A0.md?v=2", "One.Two.", "en")
    nowhere = Document("d0", "", "", None)
    segments = (Segment("d1", 0, "en", "One.", 0, 4), Segment("d1", 1, "en", "Two.", 4, 8))
    beads = (Bead(range(1), range(0), 0.0), Bead(range(1, 2), range(0), 0.0))
    context = Context("One.", "", "en", "und", ((0, 3),), (), "mono", 0, document.uri, 1, 0.0)
    rejected = TermSec("一", review_state="rejected", provenance=PROOF)
    entries = [
        ConceptEntry(
            "many", (LangSec("en", (TermSec("One", provenance=PROOF),)),), "concept", 0.9,
            tuple(replace(context, bead=None, line=n) for n in range(1, 16)),
        ),
        ConceptEntry(
            "rejected",
            (LangSec("en", (TermSec("Two", provenance=PROOF),)), LangSec("zh-Hans", (rejected,))),
            "concept", 0.5,
        ),
        ConceptEntry(
            "german",
            (LangSec("de", (TermSec("Eins", provenance=PROOF),)), LangSec("fr", (TermSec("Un", provenance=PROOF),))),
            "concept", 0.4,
        ),
    ]  # fmt: skip
    with open_store(str(path)) as store:
        store.put(Extraction("mono", document, nowhere, Bitext(segments, (), beads)))
        store.put(Extraction("empty", replace(nowhere, uri="empty.txt"), nowhere, Bitext((), (), ())))
        store.sync_entries(entries)
    client = create_app(Settings(store=str(path))).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_document_of_one_language_shows_its_sentences(edges: FlaskClient) -> None:
    page = edges.get("/documents/mono").text
    assert page.count('class="side side--none"') == 2
    assert '<h1 lang="zh">章.md</h1>' in page
    assert "und" not in page.split("<main")[1].split("</main>")[0]


def test_an_empty_document_says_so(edges: FlaskClient) -> None:
    page = edges.get("/documents/empty")
    assert page.status_code == 200
    assert "This document has no article text." in page.text
    assert edges.get("/documents/empty?page=2").status_code == 404


def test_documents_of_one_language_name_no_second_one(edges: FlaskClient) -> None:
    page = edges.get("/documents").text
    assert "→" not in page
    assert "章.md" in page


def test_many_contexts_are_shown_on_demand(edges: FlaskClient) -> None:
    page = edges.get("/entry/many").text
    assert page.count('<p class="where') == 12
    assert "Show all 15 contexts" in page
    assert edges.get("/entry/many?contexts=all").text.count('<p class="where') == 15


def test_a_rejected_rendering_is_not_shown(edges: FlaskClient) -> None:
    page = edges.get("/entry/rejected").text
    assert "The documents give no rendering." in page
    assert "一" not in page


def test_an_entry_without_english_or_chinese_has_a_headword_and_a_rendering(edges: FlaskClient) -> None:
    page = edges.get("/entry/german").text
    assert '<h1 lang="de">Eins</h1>' in page
    assert '<span class="word" lang="fr">Un</span>' in page
    assert "French <span" in page
    assert "/entry/german" in edges.get("/lookup?q=un").text


def test_the_home_page_lists_them(edges: FlaskClient, tmp_path: Path) -> None:
    page = edges.get("/").text
    assert "0 pairs" in page  # fifteen sentences, none of them translated
    assert "3 entries" in page
