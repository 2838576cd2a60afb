"""Sentences by what stands in them, on the page and from Python."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from glossary.language import fold_key
from glossary.lookup import concordance
from glossary.store import open_store


@pytest.mark.parametrize(
    ("query", "side", "marked"),
    [
        ("quietly REWRITE", "source", "quietly rewrite"),
        ("图书馆", "target", "圖書館"),
        ("區塊鏈", "target", "區塊鏈"),
        ("停電兩天", "target", "停電兩天"),
    ],
)
def test_any_word_is_found_in_either_script_and_marked(
    documents: dict[str, str], query: str, side: str, marked: str
) -> None:
    with open_store(documents["path"]) as store:
        found = concordance(store, query)
    assert found
    for pair in found:
        text = pair.source if side == "source" else pair.target
        marks = pair.source_marks if side == "source" else pair.target_marks
        if marks:
            start, end = marks[0]
            assert fold_key(text[start:end]) == fold_key(marked)
    assert any(pair.bitext_id == documents["harrow"] for pair in found)


def test_a_bead_of_several_sentences_comes_whole_and_once(documents: dict[str, str]) -> None:
    with open_store(documents["path"]) as store:
        (pair,) = concordance(store, "哈羅橋")
        whole = store.extraction(documents["harrow"])
    assert whole is not None
    assert pair.target == "哈羅橋的圖書館有兩隻貓，今年三月起還多了一本帳本。這本帳本，誰也不能悄悄改寫。"
    assert pair.source.startswith("The library at Harrow Bridge")
    assert pair.line == whole.source.line_at(whole.bitext.source[whole.bitext.beads[pair.bead or 0].source.start].start)


def test_a_sentence_without_a_translation_is_found_too(documents: dict[str, str]) -> None:
    with open_store(documents["path"]) as store:
        (pair,) = concordance(store, "on weekdays")
        assert (pair.target, pair.score) == ("", 0.0)
        assert concordance(store, "本文照片")[0].source == ""


@pytest.mark.parametrize("query", ["", "  ", "?!", "100% sure", "_ibrary", "/", "' OR 1=1 --", "\ud800"])
def test_signs_are_letters_of_the_text_and_no_pattern(documents: dict[str, str], query: str) -> None:
    with open_store(documents["path"]) as store:
        assert concordance(store, query) == ()


def test_no_more_than_asked_for(documents: dict[str, str]) -> None:
    with open_store(documents["path"]) as store:
        assert len(concordance(store, "Rule", limit=7)) == 7


def test_the_page_marks_links_and_counts(client: FlaskClient, documents: dict[str, str]) -> None:
    page = client.get("/concordance", query_string={"q": "smart contract"}).text
    assert "2 sentence pairs" in page
    assert '<mark class="t">smart contract</mark>' in page
    assert f"/documents/{documents['harrow']}?at=8#at" in page
    many = client.get("/concordance?q=rule").text
    assert "The first 50 sentence pairs" in many
    assert len(many) < 200_000
    assert "No document holds this." in client.get("/concordance?q=zebra").text
    assert client.get("/concordance").status_code == 200


def test_results_and_entries_lead_there(client: FlaskClient) -> None:
    for page in ("/lookup?q=ledger", "/lookup?q=zzzzzz", "/entry/ledger0000000001"):
        assert 'href="/concordance?q=' in client.get(page).text


def test_markup_in_the_query_is_text(client: FlaskClient) -> None:
    assert "<script>" not in client.get("/concordance", query_string={"q": "<script>alert(1)</script>"}).text
