"""What a document gave comes back as it was, and replaces only its own part."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from glossary.datamodel import Bead, Bitext, Document, Extraction, Segment
from glossary.errors import StoreError
from glossary.store import Store, open_store

from .conftest import dump

Make = Callable[..., Extraction]


def test_extraction_comes_back_equal(store: Store, extraction: Make) -> None:
    given = extraction()
    assert store.put(given) is True
    assert store.extraction(given.bitext_id) == given


def test_sentences_are_found_by_what_stands_in_them(store: Store, extraction: Make) -> None:
    given = extraction()
    store.put(given)
    (pair,) = store.sentences(["THE chain", "區塊鏈"])
    assert (pair.source, pair.target, pair.bead, pair.line) == ("The chain grows.", "區塊鏈發展。", 0, 1)
    assert [c.target for c in store.sentences(["好"])] == ["𠮷好！"]
    assert store.sentences(["%", "_"]) == ()


def test_a_view_is_of_one_moment_and_writes_go_beside_it(store: Store, extraction: Make) -> None:
    with store.one_view():
        before = store.documents()
        store.put(extraction())
        with store.one_view():
            seen = store.documents()
    assert len(store.documents()) == 1
    assert (before, seen) == ((), ())


def test_same_extraction_again_writes_nothing(store: Store, extraction: Make) -> None:
    store.put(extraction())
    before = dump(store)
    assert store.put(extraction()) is False
    assert dump(store) == before


def test_changed_document_replaces_its_own_part(store: Store, extraction: Make) -> None:
    first, other = extraction(), extraction("b.txt")
    store.put(first)
    store.put(other)
    changed = extraction(target="區塊鏈成長。好！")
    assert changed.bitext_id == first.bitext_id
    assert store.put(changed) is True
    assert list(store.extractions()) == [changed, other]


def test_bilingual_file_is_its_own_target(store: Store, extraction: Make) -> None:
    given = extraction()
    same = replace(given, target=given.source)
    store.put(same)
    assert store.extraction(same.bitext_id) == same


def test_monolingual_document_has_an_empty_side(store: Store) -> None:
    document = Document("d", "mono.txt", "One.", "en")
    side = (Segment("d", 0, "en", "One.", 0, 4),)
    bitext = Bitext(side, (), (Bead(range(1), range(0), 0.0),))
    given = Extraction("m", document, document, bitext)
    store.put(given)
    assert store.extraction("m") == given
    assert store.documents()[0].target_lang == "und"


def test_documents_are_counted(store: Store, extraction: Make, entry: Callable[..., object]) -> None:
    given = extraction()
    store.put(replace(given, bitext_id="bitext1"))
    store.sync_entries([entry("chain", "鏈"), entry("block", "區塊")])  # type: ignore[list-item]
    (summary,) = store.documents()
    assert (summary.n_source, summary.n_target, summary.n_beads) == (2, 2, 3)
    assert (summary.n_null, summary.n_doubtful, summary.n_terms) == (2, 1, 2)


def test_documents_come_by_source_uri(store: Store, extraction: Make) -> None:
    for uri in ("c.txt", "a.txt", "b.txt"):
        store.put(extraction(uri))
    assert [e.source.uri for e in store.extractions()] == ["a.txt", "b.txt", "c.txt"]


def test_removed_document_is_gone(store: Store, extraction: Make) -> None:
    empty = dump(store)
    store.put(extraction())
    assert store.remove(extraction().bitext_id) is True
    assert store.remove("unknown") is False
    assert dump(store) == empty


def test_unknown_document_is_none(store: Store) -> None:
    assert store.extraction("unknown") is None


@pytest.mark.parametrize("bad", ["lone \ud800 surrogate"])
def test_lone_surrogate_is_refused_whole(store: Store, extraction: Make, bad: str) -> None:
    before = dump(store)
    given = extraction()
    with pytest.raises(StoreError, match=r"U\+D800"):
        store.put(replace(given, source=replace(given.source, text=bad)))
    assert dump(store) == before


def test_score_that_is_no_number_is_refused(store: Store, extraction: Make) -> None:
    given = extraction()
    beads = (replace(given.bitext.beads[0], score=float("nan")), *given.bitext.beads[1:])
    with pytest.raises(StoreError, match="cannot be stored"):
        store.put(replace(given, bitext=replace(given.bitext, beads=beads)))


def test_astral_characters_and_odd_line_ends_come_back(store: Store) -> None:
    document = Document("d", "x.txt", "a b 𠮷 \u2028\r\n", None)
    given = Extraction("x", document, document, Bitext((), (), ()))
    store.put(given)
    assert store.extraction("x") == given


def test_nul_comes_back_or_is_refused(store: Store) -> None:
    document = Document("d", "x.txt", "a\x00b", None)
    given = Extraction("x", document, document, Bitext((), (), ()))
    if store.name.startswith("postgresql"):
        with pytest.raises(StoreError, match=r"U\+0000, which PostgreSQL cannot keep"):
            store.put(given)
    else:
        store.put(given)
        assert store.extraction("x") == given


def test_locked_store_says_so(url: str, extraction: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glossary.store.sqlite.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("glossary.store.postgresql.BUSY_SECONDS", 0.05)
    with open_store(url) as busy, open_store(url) as impatient, busy.together():
        seen: list[object] = []

        def from_another_thread() -> None:
            seen.append(impatient.count())  # readers do not wait
            try:
                impatient.put(extraction())
            except StoreError as error:
                seen.append(str(error))

        thread = threading.Thread(target=from_another_thread)
        thread.start()
        thread.join()
    assert seen[0] == 0
    assert "another program is writing" in str(seen[1])


class TestSqlite:
    """What only a file can do."""

    @pytest.fixture
    def url(self, path: str) -> str:
        return path

    def test_full_disk_says_so_and_keeps_what_was_there(self, store: Store, path: str, extraction: Make) -> None:
        store.put(extraction())
        before = dump(store)
        with open_store(path) as full:
            with full._engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            big = extraction("big.txt", target="長" * 500_000 + "。")
            with pytest.raises(StoreError, match="no space left"):
                full.put(big)
        assert dump(store) == before

    def test_read_only_store_reads_and_says_it_cannot_write(self, store: Store, extraction: Make) -> None:
        store.put(extraction())
        with open_store(f"sqlite:///file:{store.name}?mode=ro&uri=true") as read_only:
            assert len(read_only.documents()) == 1
            with pytest.raises(StoreError, match="read only"):
                read_only.remove(extraction().bitext_id)
