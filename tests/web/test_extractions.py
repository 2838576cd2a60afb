"""Documents kept in memory: never other than the store has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.alignment import AlignmentEdit
from glossary.datamodel import Extraction
from glossary.desk import changed, edited, open_desk
from glossary.store import Store, open_store
from tests.web.conftest import make_extraction
from web.extractions import MOST_KEPT, Extractions


def document(name: str) -> Extraction:
    pairs = [(["One."], ["一。"], 0.9), (["Two."], ["二。"], 0.6)]
    return make_extraction(f"{name}.en.txt", f"{name}.zh-Hant.txt", "zh-Hant", pairs)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "terms.db")) as opened:
        opened.put(document("a"))
        yield opened


def test_a_document_is_read_once_while_it_stays(store: Store) -> None:
    kept, name = Extractions(), document("a").bitext_id
    first = kept.get(store, name)
    assert first == store.extraction(name)
    assert kept.get(store, name) is first


def test_changes_of_anybody_are_seen(store: Store) -> None:
    kept, name = Extractions(), document("a").bitext_id
    kept.get(store, name)
    edited(store, name, AlignmentEdit("merge", 0), who="mei", expected=0)
    assert kept.get(store, name) == store.extraction(name)
    store.put(replace(document("a"), extra=document("a").bitext.source))
    assert kept.get(store, name) == store.extraction(name)
    store.remove(name)
    assert kept.get(store, name) is None


def test_what_was_just_stored_need_not_be_read(store: Store) -> None:
    kept, name = Extractions(), document("a").bitext_id
    desk = changed(store, open_desk(store, name), AlignmentEdit("merge", 0), who="mei")
    assert desk.log.digest == store.digest(name)
    kept.put(desk.extraction, desk.log.digest)
    assert kept.get(store, name) is desk.extraction
    assert desk.extraction == store.extraction(name)


def test_only_the_last_few_are_kept(store: Store) -> None:
    kept = Extractions()
    first = kept.get(store, document("a").bitext_id)
    for number in range(MOST_KEPT):
        store.put(document(f"b{number}"))
        kept.get(store, document(f"b{number}").bitext_id)
    assert kept.get(store, document("a").bitext_id) is not first
