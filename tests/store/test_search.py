"""What a search of the store finds, on every database; the index follows the terms through every change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from glossary.datamodel import ConceptEntry, LangSec, Provenance, TermSec
from glossary.language import fold_key
from glossary.store import How, Store, open_store, restore_store, search_index
from glossary.store.connection import reading
from glossary.store.search import with_keys
from glossary.store.search_index import index_terms
from glossary.store.search_schema import search_key
from tests.deciding import decide

Make = Callable[..., ConceptEntry]


def found(store: Store, key: str, how: How, **options: str) -> list[str]:
    return list(dict.fromkeys(hit.term for hit in store.search(key, how, **options)))  # type: ignore[arg-type]


def keys(store: Store) -> list[str]:
    with reading(store._engine, store.name) as connection:
        return sorted(connection.execute(search_key.select().with_only_columns(search_key.c.key)).scalars())


def with_reading(entry: ConceptEntry, **readings: str) -> ConceptEntry:
    english, chinese = entry.lang_secs
    changed = replace(chinese, terms=tuple(replace(t, **readings) for t in chinese.terms))  # type: ignore[arg-type]
    return replace(entry, lang_secs=(english, changed))


@pytest.fixture
def filled(store: Store, entry: Make) -> Store:
    pairs = [
        ("blockchain", "區塊鏈"), ("supply chain", "供應鏈"), ("C++", "C++"), ("bank", "銀行"),
        ("a rare name", "𠮷野家"),
        ("100% effort", "百分之百"), ("it's \"quoted\"", "引号’"), ("back\\slash", "反斜杠"),
        ("β-carotene", "β-胡蘿蔔素"),
    ]  # fmt: skip
    store.sync_entries(entry(english, chinese) for english, chinese in pairs)
    return store


FINDS: list[tuple[str, How, list[str]]] = [
    ("区", "prefix", ["區塊鏈"]),
    ("区块链", "prefix", []),
    ("链", "inside", ["供應鏈", "區塊鏈"]),
    ("塊", "inside", []),
    ("块链", "inside", ["區塊鏈"]),
    ("c", "prefix", ["C++"]),
    ("+", "inside", ["C++"]),
    ("++", "inside", ["C++"]),
    ("y c", "inside", ["supply chain"]),
    ("chain", "inside", ["blockchain", "supply chain"]),
    ("hain", "inside", ["blockchain", "supply chain"]),
    ("𠮷", "prefix", ["𠮷野家"]),
    ("野", "inside", ["𠮷野家"]),
    ("%", "inside", ["100% effort"]),
    ('"', "inside", ['it\'s "quoted"']),
    ("'s", "inside", ['it\'s "quoted"']),
    ("\\", "inside", ["back\\slash"]),
    ("β", "prefix", ["β-胡蘿蔔素", "β-carotene"]),
    ("yinhang", "reading", ["銀行"]),
    ("yin2 hang2", "reading", ["銀行"]),
    ("yin1", "reading", []),
    ("yin3", "reading", ["引号’"]),
    ("yh", "reading", ["引号’", "銀行"]),
    ("ngan hong", "reading", ["銀行"]),
    ("nh", "reading", ["銀行"]),
    ("區", "reading", []),
]
NO_SYNTAX = ('区"OR', "区 AND 块", "NEAR(区)", "*", "' | 'x", "a & !b", ":*", "\\'", "#3", "▶", "\x01")


def test_limit_takes_the_first_of_all_terms_in_their_order(store: Store) -> None:
    """Shortest keys first, then the best entries, however many keys are asked for and however many terms they have."""
    words = [f"{first}{'x' * size}" for size in range(1, 5) for first in "abcde"]
    proof = (Provenance("d", 0, 1, "written", 1.0),)
    store.sync_entries(
        ConceptEntry(f"{word} {n}", (LangSec("en", (TermSec(word, provenance=proof),)),), "concept", n % 7 / 10)
        for word in words
        for n in range(6)
    )
    every = store.with_keys(words, limit=1000)
    assert len(every) == 6 * len(words)
    assert list(every) == sorted(every, key=lambda hit: (len(hit.key), -hit.score, hit.key, hit.entry_id))
    for limit in (1, 6, 29, 30, 31, 61, 119):
        assert store.with_keys([*reversed(words), "ax"], limit=limit) == every[:limit]
        assert store.search("a", "prefix", limit=limit) == tuple(h for h in every if h.key[0] == "a")[:limit]


def test_what_is_found(filled: Store) -> None:
    wrong = {
        (key, how): terms for key, how, wanted in FINDS if (terms := sorted(found(filled, key, how))) != sorted(wanted)
    }
    assert wrong == {}


def test_a_query_is_never_syntax(filled: Store) -> None:
    hows: tuple[How, ...] = ("exact", "prefix", "inside", "reading")
    assert {key: terms for key in NO_SYNTAX for how in hows if (terms := found(filled, key, how))} == {}
    for key in NO_SYNTAX:
        filled.near_keys(key)


def test_shortest_first_and_then_the_better_entry(store: Store, entry: Make) -> None:
    store.sync_entries(
        [entry("one", "鏈上", score=0.5), entry("two", "鏈下", score=0.9), entry("three", "鏈", score=0.2)]
    )
    assert found(store, "链", "prefix") == ["鏈下", "鏈上"]


def test_language_limits_what_is_found(filled: Store) -> None:
    assert found(filled, "c", "prefix", lang="en") == ["C++"]
    assert found(filled, "chain", "inside", lang="zh") == []


def test_rejected_terms_are_not_found(filled: Store, entry: Make) -> None:
    decide(filled, entry("bank", "銀行").id, "zh-Hant", "銀行", "rejected", who="mei")
    for key, how in (("银", "prefix"), ("行", "inside"), ("yinhang", "reading"), ("银行", "exact")):
        assert found(filled, key, how) == []  # type: ignore[arg-type]


def test_key_goes_with_its_last_term(store: Store, entry: Make) -> None:
    store.sync_entries([entry("ledger", "賬本"), entry("book", "账本")])
    assert keys(store) == ["book", "ledger", "账本"]
    store.sync_entries([entry("book", "账本")])
    assert keys(store) == ["book", "账本"]
    assert found(store, "账", "prefix") == ["账本"]
    store.sync_entries([])
    assert keys(store) == []
    assert found(store, "账", "prefix") == []


def test_edited_reading_takes_the_place_of_the_machines(store: Store, entry: Make) -> None:
    given = entry("Chongqing", "重慶")
    store.sync_entries([given])
    assert found(store, "chongqing", "reading") == ["重慶"]
    edited = with_reading(given, pinyin="zhong4 qing4", jyutping="zung6 hing3")
    version = store.save(edited, who="mei")
    assert found(store, "zhongqing", "reading") == ["重慶"]
    assert found(store, "zung6hing3", "reading") == ["重慶"]
    assert found(store, "chongqing", "reading") == []
    store.save(given, who="mei", expected=version)
    assert found(store, "chongqing", "reading") == ["重慶"]
    assert found(store, "zhongqing", "reading") == []


def test_every_reading_of_a_term_with_a_number_is_found(store: Store, entry: Make) -> None:
    store.sync_entries([entry("the year", "重慶2024")])
    for typed in ("cunghing2024", "zunghing2024", "zung6 hing3 2024", "chongqing2024"):
        assert found(store, typed, "reading") == ["重慶2024"]


def test_edited_reading_counts_for_all_terms_written_so(store: Store, entry: Make) -> None:
    edited = with_reading(entry("a bank", "銀行"), pinyin="yin2 xing2")
    store.sync_entries([entry("bank", "银行"), edited])
    assert sorted(found(store, "yinxing", "reading")) == ["銀行", "银行"]
    store.sync_entries([entry("bank", "银行")])
    assert found(store, "yinxing", "reading") == []
    assert found(store, "yinhang", "reading") == ["银行"]


def test_very_long_terms_are_found_whole(store: Store, entry: Make) -> None:
    long = "鏈" * 300
    store.sync_entries([entry("long", long), entry("just so", "鏈" * 255)])
    assert [hit.term for hit in store.search(fold_key(long), "exact")] == [long]
    assert found(store, "链", "prefix") == ["鏈" * 255]


def test_pages_go_on_until_the_language_is_found(store: Store, entry: Make) -> None:
    store.sync_entries([*(entry(f"chain{n:04}", "") for n in range(700)), entry("x", "chainchain")])
    assert found(store, "chain", "prefix", lang="zh") == ["chainchain"]
    assert len(store.search("chain", "prefix", limit=650)) == 650


def test_near_keys(filled: Store) -> None:
    assert "区块链" in {near.key for near in filled.near_keys("区块练")}
    assert "blockchain" in {near.key for near in filled.near_keys("blokchain")}
    assert "supply chain" in {near.key for near in filled.near_keys("suply chian")}
    assert [near.pinyin for near in filled.near_keys("银杭")] == ["yin2 hang2"]  # read the same
    assert filled.near_keys("鏈") == ()
    assert "blockchain" not in {near.key for near in filled.near_keys("quantum")}


def test_near_keys_of_the_same_length_come_before_shorter_and_longer_ones(store: Store, entry: Make) -> None:
    words = (
        "ledgers one",
        "ledgers on",
        "ledgers tone",
        "ledgers tones",
        "ledgers o",
        "ledgers two",
        "ledgers",
        "tone",
    )
    store.save_many([entry(word, "賬本") for word in words], who="mei")
    nearest = [near.key for near in store.near_keys("ledgers twe")]
    assert nearest == ["ledgers one", "ledgers two", "ledgers on", "ledgers tone", "ledgers o", "ledgers tones"]
    assert [near.key for near in store.near_keys("ledgers twe", limit=3)] == nearest[:3]


def test_the_index_may_be_made_anew(filled: Store) -> None:
    before = keys(filled)
    with filled.together(), reading(filled._engine, filled.name) as connection:
        rows = connection.execute(text("SELECT key, pinyin, jyutping FROM term")).mappings().all()
        index_terms(connection, rows)  # what is there is left alone
    assert keys(filled) == before


def segments(store: Store) -> int:
    with reading(store._engine, store.name) as connection:
        return int(connection.exec_driver_sql("SELECT count(DISTINCT segid) FROM search_gram_idx").scalar_one())


def test_index_is_one_segment_after_many_entries(
    path: str, tmp_path: Path, entry: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "MANY_ENTRIES", 5)
    with open_store(path) as store:
        for english in ("ledger", "chain"):
            store.save(entry(english, "賬本"), who="mei")
        assert segments(store) == 2
        store.save_many([entry(f"chain {n}", f"鏈{n}") for n in range(4)], who="mei")
        assert segments(store) > 1
        store.save_many([entry(f"block {n}", f"塊{n}") for n in range(5)], who="mei")
        assert segments(store) == 1
        store.sync_entries([entry(f"ember {n}", f"火{n}") for n in range(5)])
        assert segments(store) == 1
        assert found(store, "链", "prefix") == [f"鏈{n}" for n in range(4)]
        assert found(store, "ledger", "exact") == ["ledger"]
        store.backup(tmp_path / "copy.zip")
    restore_store(tmp_path / "copy.zip", str(tmp_path / "new.db"))
    with open_store(str(tmp_path / "new.db")) as store:
        assert segments(store) == 1
        assert found(store, "mb", "inside") == [f"ember {n}" for n in range(5)]


def test_terms_of_a_key_are_read_from_the_index_alone(store: Store) -> None:
    if store._engine.dialect.name != "sqlite":
        pytest.skip("of SQLite")
    told: list[str] = []
    with reading(store._engine, store.name) as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(told.append)
        with_keys(connection, ["a"], lang="zh", limit=9)
        driver.set_trace_callback(None)
        assert len(told) == 1
        rows = [str(row[3]) for row in driver.execute(f"EXPLAIN QUERY PLAN {told[0]}")]
    read = [row for row in rows if "SEARCH t" in row]
    assert len(read) == 3
    assert all("USING COVERING INDEX ix_term_key (key=?" in row for row in read)


@pytest.mark.parametrize("key", dict.fromkeys([key for key, _, _ in FINDS] + list(NO_SYNTAX)))
def test_one_question_finds_what_one_for_each_way_finds(filled: Store, key: str) -> None:
    folded = fold_key(key)
    parts = {part.how: set(part.keys) for part in filled.few_keys([folded], key) or ()}
    ways: list[How] = ["prefix", "inside", "reading"]
    for how in ways:
        hits = {hit.key for hit in filled.search(key if how == "reading" else folded, how)}
        if how == "reading":  # a key that holds the text is found so, and of one character nobody asks how it sounds
            hits = {found for found in hits if folded not in found} if len(folded) > 1 else set()
        assert parts.get(how, set()) == hits, how


def test_what_more_than_a_page_of_keys_hold_is_not_told_at_once(store: Store, entry: Make) -> None:
    store.sync_entries(entry(f"amber gate {n}", "琥珀门") for n in range(70))
    assert store.few_keys(["amber gate"], "amber gate") is None
    assert [part.how for part in store.few_keys(["gate 69"], "gate 69") or ()] == ["inside"]


def test_index_is_one_segment_after_an_import_and_after_it_is_undone(
    path: str, entry: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "MANY_ENTRIES", 5)
    with open_store(path) as store:
        with store.together():
            for some in range(3):  # as an import writes: many times a few
                store.save_many([entry(f"chain {some} {n}", f"鏈{some}{n}") for n in range(2)], who="mei", group="g")
            assert segments(store) > 1
        assert segments(store) == 1
        with store.together():
            store.save(entry("ledger", "賬本"), who="mei")
        assert segments(store) == 2
        store.undo_group("g", who="mei")
        assert segments(store) == 1
        assert (found(store, "chain", "prefix"), found(store, "账本", "exact")) == ([], ["賬本"])
        assert store.check() == ()


def test_writes_of_two_stores_together_are_counted_apart(
    tmp_path: Path, entry: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "MANY_ENTRIES", 5)
    with open_store(str(tmp_path / "a.db")) as one, open_store(str(tmp_path / "b.db")) as other:
        with one.together():
            one.save(entry("ledger", "賬本"), who="mei")
            other.save(entry("ledger", "賬本"), who="mei")
            other.save_many([entry(f"chain {n}", f"鏈{n}") for n in range(5)], who="mei")
            assert segments(other) == 1
            one.save(entry("chain", "鏈"), who="mei")
        assert segments(one) == 2
