"""Entries follow the documents; what people decided stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from glossary.datamodel import ConceptEntry, LangSec
from glossary.errors import StoreError
from glossary.store import Changes, Store, open_store
from tests.deciding import decide

from .conftest import dump

Make = Callable[..., ConceptEntry]


def test_entries_come_back_equal(store: Store, entry: Make) -> None:
    given = entry("blockchain", "區塊鏈")
    assert store.sync_entries([given]) == Changes(added=1)
    assert store.entry(given.id) == given
    assert list(store.entries()) == [given]
    assert store.count() == 1


def test_same_entries_again_write_nothing(store: Store, entry: Make) -> None:
    given = [entry("blockchain", "區塊鏈"), entry("ledger", "賬本")]
    store.sync_entries(given)
    before = dump(store)
    changes = store.sync_entries(reversed(given))
    assert changes == Changes(unchanged=2)
    assert not changes
    assert dump(store) == before


def test_sync_says_what_it_did(store: Store, entry: Make) -> None:
    first, second, third = entry("a1", "甲"), entry("b2", "乙"), entry("c3", "丙")
    store.sync_entries([first, second])
    changes = store.sync_entries([first, replace(second, score=0.1), third][1:])
    assert changes == Changes(added=1, changed=1, removed=1)
    assert store.entry(first.id) is None


def test_best_score_comes_first_then_the_term(store: Store, entry: Make) -> None:
    store.sync_entries([entry("zeta", "己", score=0.5), entry("beta", "乙", score=0.5), entry("top", "甲", score=0.9)])
    assert [e.lang_secs[0].terms[0].term for e in store.entries()] == ["top", "beta", "zeta"]
    assert [e.score for e in store.entries(min_score=0.6)] == [0.9]


def test_language_filter_takes_all_zh_tags(store: Store, entry: Make) -> None:
    store.sync_entries([entry("a1", "甲", lang="zh-Hans"), entry("b2", "")])
    assert len(list(store.entries(lang="zh"))) == 1
    assert len(list(store.entries(lang="zh-Hans"))) == 1
    assert len(list(store.entries(lang="zh-Hant"))) == 0
    assert len(list(store.entries(lang="en"))) == 2


def test_entries_are_filtered_by_the_state_of_their_terms(store: Store, entry: Make) -> None:
    first, second = entry("a1", "甲", score=0.8), entry("b2", "乙", score=0.7)
    store.sync_entries([first, second])
    decide(store, first.id, "zh-Hant", "甲", "approved", who="mei")
    decide(store, second.id, "en", "b2", "forbidden", who="mei")

    def found(**wanted: object) -> list[str]:
        return [e.lang_secs[0].terms[0].term for e in store.entries(**wanted)]  # type: ignore[arg-type]

    assert found(review="approved") == ["a1"]
    assert found(review="approved", lang="en") == []
    assert found(review="approved", lang="zh") == ["a1"]
    assert found(status="forbidden") == ["b2"]
    assert found(status="forbidden", review="approved") == []
    assert found(review="proposed") == ["a1", "b2"]


def test_entries_go_on_after_one(store: Store, entry: Make) -> None:
    given = [entry(f"term {i:04}", f"詞{i}", score=1 - (i // 7) / 1000) for i in range(450)]
    store.sync_entries(given)
    got = list(store.entries(limit=230))
    assert got == given[:230]
    while rest := list(store.entries(limit=97, after=got[-1].id)):
        got += rest
    assert got == given
    assert list(store.entries(limit=0)) == []
    with pytest.raises(StoreError, match="no entry 'x'"):
        list(store.entries(after="x"))


def test_many_entries_are_read_in_order(store: Store, entry: Make) -> None:
    given = [entry(f"term {i:04}", f"詞{i}", score=1 - i / 1000) for i in range(250)]
    store.sync_entries(given)
    assert list(store.entries()) == given


def test_observed_term_without_provenance_is_refused(store: Store, entry: Make) -> None:
    given = entry("blockchain", "區塊鏈")
    bare = replace(given.lang_secs[1].terms[0], provenance=())
    with pytest.raises(StoreError, match="'區塊鏈' has no provenance"):
        store.sync_entries([replace(given, lang_secs=(given.lang_secs[0], LangSec("zh-Hant", (bare,))))])
    assert store.count() == 0
    converted = replace(bare, origin="converted", conversion="opencc t2s", converted_from="zh-Hant")
    store.sync_entries([replace(given, lang_secs=(given.lang_secs[0], LangSec("zh-Hans", (converted,))))])
    assert store.count() == 1


def test_malformed_entries_are_refused(store: Store, entry: Make) -> None:
    given = entry("a1", "甲")
    english = given.lang_secs[0]
    for bad in (
        replace(given, lang_secs=()),
        replace(given, lang_secs=(english, english)),
        replace(given, lang_secs=(replace(english, terms=(replace(english.terms[0], term=" "),)),)),
        replace(given, score=float("nan")),
    ):
        with pytest.raises(StoreError):
            store.sync_entries([entry("good", "好"), bad])
    with pytest.raises(StoreError, match="same id"):
        store.sync_entries([given, given])
    with pytest.raises(StoreError, match="surrogate"):
        store.sync_entries([replace(given, note="\udcff")])
    with pytest.raises(StoreError, match="U\\+0000"):
        store.sync_entries([replace(given, note="before\0after")])
    assert store.count() == 0
    store.sync_entries([replace(given, note=r"the letters \u0000")])
    assert store.count() == 1


class TestPeople:
    def test_approved_term_survives_a_rebuild_without_it(self, store: Store, entry: Make) -> None:
        given = entry("blockchain", "區塊鏈")
        store.sync_entries([given])
        decide(store, given.id, "zh-Hant", "區塊鏈", "approved", who="mei")
        assert store.sync_entries([]) == Changes(unchanged=1)
        kept = store.entry(given.id)
        assert kept is not None
        assert kept.lang_secs[1].terms[0].review_state == "approved"

    def test_decision_is_no_change_for_the_next_rebuild(self, store: Store, entry: Make) -> None:
        given = entry("blockchain", "區塊鏈")
        store.sync_entries([given])
        decide(store, given.id, "zh-Hant", "區塊鏈", "approved", who="mei")
        before = dump(store)
        assert store.sync_entries([given]) == Changes(unchanged=1)
        assert dump(store) == before

    def test_approved_term_stays_beside_what_the_rebuild_found(self, store: Store, entry: Make) -> None:
        old, new = entry("ledger", "賬本"), entry("ledger", "帳冊")
        new = replace(new, contexts=(replace(new.contexts[0], bitext_id="bitext2", uri="b.txt"),))
        store.sync_entries([old])
        decide(store, old.id, "zh-Hant", "賬本", "approved", who="mei")
        assert store.sync_entries([new]).changed == 1
        merged = store.entry(old.id)
        assert merged is not None
        assert [(t.term, t.review_state) for t in merged.lang_secs[1].terms] == [
            ("賬本", "approved"),
            ("帳冊", "proposed"),
        ]
        assert [c.uri for c in merged.contexts] == ["a.txt", "b.txt"]
        before = dump(store)
        assert store.sync_entries([new]) == Changes(unchanged=1)
        assert dump(store) == before

    def test_rejected_term_stays_rejected_and_is_not_found(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        decide(store, given.id, "zh-Hant", "賬本", "rejected", who="mei")
        assert store.sync_entries([]) == Changes(unchanged=1)
        store.sync_entries([given])
        again = store.entry(given.id)
        assert again is not None
        assert again.lang_secs[1].terms[0].review_state == "rejected"
        assert store.search("账本", "exact") == ()

    def test_status_set_by_a_person_stays(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        decide(store, given.id, "zh-Hant", "賬本", "forbidden", who="mei")
        assert store.sync_entries([given]) == Changes(unchanged=1)
        kept = store.entry(given.id)
        assert kept is not None
        assert kept.lang_secs[1].terms[0].administrative_status == "forbidden"

    def test_undone_decision_leaves_the_entry_to_the_machine(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        decide(store, given.id, "zh-Hant", "賬本", "approved", who="mei")
        store.undo(store.changes()[0].id, who="mei")
        assert store.entry(given.id) == given
        assert store.sync_entries([]).removed == 1


def test_threads_and_handles_write_without_losing_anything(url: str, entry: Make) -> None:
    given = [entry(f"term {i}", f"詞{i}") for i in range(12)]
    with open_store(url) as store:
        store.sync_entries(given)

    def approve(some: list[ConceptEntry]) -> None:
        with open_store(url) as mine:
            for one in some:
                decide(mine, one.id, "en", one.lang_secs[0].terms[0].term, "approved", who="t")

    threads = [threading.Thread(target=approve, args=(given[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(url) as store:
        assert all(e.lang_secs[0].terms[0].review_state == "approved" for e in store.entries())


def test_one_view_stays_what_it_was_while_others_write(store: Store, entry: Make) -> None:
    given, later = entry("ledger", "賬本"), entry("chain", "鏈")
    store.sync_entries([given])
    with store.one_view():
        assert store.count() == 1
        store.save(later, who="mei")
        assert store.count() == 1
        assert store.entry(later.id) is None
    assert store.entry(later.id) == later
