"""Pieces of lists that are kept: a write of one entry leaves the others, and never leaves its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.store import Store, open_store
from web.pieces import AT_ONCE, MAKERS, Pieces, make_all
from web.termbase import State


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "terms.db"))


def saved(store: Store, entry_id: str, term: str) -> tuple[Store, int]:
    """The state of the store after a write."""
    store.save(a_term(entry_id, term), who="mei")
    return store, store.newest()


def a_term(entry_id: str, term: str) -> ConceptEntry:
    return ConceptEntry(entry_id, (LangSec("en", (TermSec(term),)),), "concept", 0.9)


def test_a_line_stays_while_other_entries_change(store: Store) -> None:
    kept = Pieces()
    first = saved(store, "a", "ledger")
    assert kept.get(first, ["a"]) == {}
    kept.put(first, {"a": b"line of a"})
    second = saved(store, "b", "block")
    assert kept.get(second, ["a", "b"]) == {"a": b"line of a"}
    assert kept.get(second, ["a"]) == {"a": b"line of a"}


def test_a_line_goes_when_its_entry_changes_or_is_taken_out(store: Store) -> None:
    kept = Pieces()
    first = saved(store, "a", "ledger")
    kept.get(first, [])
    kept.put(first, {"a": b"old"})
    second = saved(store, "a", "account book")
    assert kept.get(second, ["a"]) == {}
    kept.put(second, {"a": b"new"})
    store.delete("a", who="mei")
    assert kept.get((store, store.newest()), ["a"]) == {}


def test_who_reads_an_older_state_neither_gets_nor_overwrites_a_newer_line(store: Store) -> None:
    kept = Pieces()
    first = saved(store, "a", "ledger")
    second = saved(store, "a", "account book")
    kept.get(second, [])
    kept.put(second, {"a": b"new"})
    assert kept.get(first, ["a"]) == {}
    kept.put(first, {"a": b"old"})
    assert kept.get(second, ["a"]) == {"a": b"new"}


def test_lines_of_another_store_are_forgotten_and_the_oldest_make_room(store: Store, tmp_path: Path) -> None:
    kept = Pieces(most=2)
    state = saved(store, "a", "ledger")
    kept.get(state, [])
    kept.put(state, {"a": b"1", "b": b"2", "c": b"3"})
    assert kept.get(state, "abc") == {"b": b"2", "c": b"3"}
    with open_store(str(tmp_path / "other.db")) as other:
        later = saved(other, "b", "block")
        assert kept.get(later, "abc") == {}
        kept.put(state, {"b": b"x"})
        assert kept.get(later, "abc") == {}


def test_versions_are_those_of_the_entries_stored(store: Store) -> None:
    saved(store, "a", "ledger")
    saved(store, "b", "block")
    found = store.versions(["a", "b", "none"])
    assert found == {"a": store.version("a"), "b": store.version("b")}
    assert max(found.values()) == store.newest()
    entry = store.entry("a")
    assert entry is not None
    store.save(replace(entry, score=0.5), who="mei")
    assert store.versions(["a"])["a"] == store.newest()


def test_pieces_of_all_entries_are_made_before_they_are_asked_for(store: Store) -> None:
    for number in range(AT_ONCE + 1):
        state = saved(store, f"e{number}", f"ledger {number}")
    kept = {kind: Pieces() for kind in MAKERS}
    make_all(kept, store)
    ids = [f"e{number}" for number in range(AT_ONCE + 1)]
    entries = {entry.id: entry for entry in store.entries_of(ids)}
    for kind, pieces in kept.items():
        assert pieces.get(state, ids) == {entry_id: MAKERS[kind](entries[entry_id]) for entry_id in ids}


def test_pieces_of_the_best_entries_stay_when_there_is_no_room_for_all(store: Store) -> None:
    ids = [f"e{number:03}" for number in range(5 * AT_ONCE)]
    store.save_many((a_term(entry_id, f"ledger {entry_id}") for entry_id in ids), who="mei")
    best = len(MAKERS["line"](next(store.entries())))
    kept = Pieces(most=2 * AT_ONCE * best + 1)
    make_all({"line": kept, "text": Pieces()}, store)
    assert list(kept.get((store, store.newest()), ids)) == ids[: 2 * AT_ONCE]


def test_pieces_are_made_to_the_end_while_entries_are_changed_and_taken_out(store: Store) -> None:
    ids = [f"e{number:03}" for number in range(7 * AT_ONCE)]
    store.save_many((a_term(entry_id, f"ledger {entry_id}") for entry_id in ids), who="mei")

    class Meanwhile(Pieces):
        def put(self, of: State, pieces: Mapping[str, bytes]) -> None:
            super().put(of, pieces)
            if ids[0] in pieces and store.version(ids[AT_ONCE - 1]):
                store.delete(ids[AT_ONCE - 1], who="mei")
                store.save(a_term(ids[-1], "ledger e699 anew"), who="mei")

    kept = Meanwhile()
    make_all({"line": kept}, store)
    found = kept.get((store, store.newest()), ids)
    assert [entry_id for entry_id in ids if entry_id not in found] == [ids[AT_ONCE - 1], ids[-1]]
