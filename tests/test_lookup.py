"""A person finds an entry by what they would type: either script, any case and width, plurals, a part, a slip."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from glossary.lookup import Match, lookup, places
from glossary.store import Store, open_store
from glossary.variants import with_converted

from .store.making import make_entry

TERMS = [
    ("blockchain", "區塊鏈", "zh-Hant", 0.95),
    ("blockchain service", "區塊鏈服務", "zh-Hant", 0.8),
    ("BaaS platform", "BaaS 平台", "zh-Hant", 0.7),
    ("digital collectibles", "數字藏品", "zh-Hant", 0.9),
    ("NFT", "非同質化代幣", "zh-Hant", 0.9),
    ("supply chain", "供應鏈", "zh-Hant", 0.6),
    ("Baoquan Chain", "保全网", "zh-Hant", 0.9),
    ("JD.com", "京東", "zh-Hant", 0.9),
    ("C++", "C++", "zh-Hant", 0.5),
    ("technology", "技術", "zh-Hant", 0.5),
    ("network", "网络", "zh-Hans", 0.5),
    ("a rare name", "𠮷野家", "zh-Hant", 0.5),
    ("bank", "銀行", "zh-Hant", 0.9),
    ("policies", "政策", "zh-Hant", 0.9),
    ("mining", "挖礦", "zh-Hant", 0.9),
    ("stake", "質押", "zh-Hant", 0.9),
    ("chunk", "區塊", "zh-Hant", 0.9),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("lookup") / "terms.db"
    with open_store(str(path)) as opened:
        opened.sync_entries(with_converted(make_entry(en, zh, lang=lang, score=s)) for en, zh, lang, s in TERMS)
        yield opened


def english(match: Match) -> str:
    return match.entry.lang_secs[0].terms[0].term


def first(store: Store, query: str, **options: str) -> tuple[str, str]:
    matches = lookup(store, query, **options)  # type: ignore[arg-type]
    return (english(matches[0]), matches[0].how) if matches else ("", "")


CASES = Path(__file__).parent / "cases" / "lookup" / "first.tsv"
FIRST = [line.split("\t") for line in CASES.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.parametrize(("query", "finds", "how"), FIRST, ids=lambda cell: cell)
def test_what_comes_first(store: Store, query: str, finds: str, how: str) -> None:
    assert first(store, query) == (finds, how)


def test_exact_before_prefix_before_inside_before_fuzzy(store: Store) -> None:
    order = ["exact", "prefix", "inside", "reading", "fuzzy"]
    hows = [order.index(m.how) for m in lookup(store, "chain")] + [
        order.index(m.how) for m in lookup(store, "blockchain")
    ]
    assert hows[-1] >= 0
    for query in ("chain", "blockchain", "區塊鏈", "鏈", "b", "qu", "区块练"):
        found = [order.index(m.how) for m in lookup(store, query)]
        assert found == sorted(found)


@pytest.mark.parametrize("query", ["chain", "區塊鏈", "qu", "区块练", "blokchain", "zzzzzz"])
def test_misspelt_terms_alone_are_those_of_a_query_that_finds_nothing_else(store: Store, query: str) -> None:
    everything = places(store, query)
    alone = places(store, query, guess="alone")
    sure = tuple(place for place in everything if place.how != "fuzzy")
    assert alone == (sure or everything)


@pytest.mark.parametrize("query", ["", " ", "。", "?!", '"', "*", "\ud800", "、「」", "\u3000"])
def test_nothing_to_look_for_finds_nothing(store: Store, query: str) -> None:
    assert lookup(store, query) == ()


@pytest.mark.parametrize(
    "query", ['區"OR', "區 AND 塊", "NEAR(區)", "區*", "區'", "'; DROP TABLE term; --", "%", "_區", "-區", "區:塊"]
)
def test_query_is_never_syntax(store: Store, query: str) -> None:
    lookup(store, query)
    assert store.count() == len(TERMS)


def test_form_is_the_one_that_was_typed(store: Store) -> None:
    assert next((m.form, m.lang) for m in lookup(store, "区块链")) == ("区块链", "zh-Hans")
    assert next((m.form, m.lang) for m in lookup(store, "區塊鏈")) == ("區塊鏈", "zh-Hant")


def test_entry_is_found_once(store: Store) -> None:
    found = [m.entry.id for m in lookup(store, "區塊鏈")]
    assert len(found) == len(set(found))


def test_language_limits_the_matched_form(store: Store) -> None:
    assert lookup(store, "C++", lang="en")[0].lang == "en"
    assert lookup(store, "C++", lang="zh")[0].lang == "zh-Hant"
    assert first(store, "blockchain", lang="zh") == ("", "")


def test_limit(store: Store) -> None:
    assert len(lookup(store, "鏈", limit=2)) == 2
    assert lookup(store, "鏈", limit=0) == ()


def test_same_question_same_answer(store: Store) -> None:
    assert lookup(store, "chain") == lookup(store, "chain")


def test_scores_are_likeness(store: Store) -> None:
    assert lookup(store, "blockchain")[0].score == 1.0
    assert lookup(store, "block")[0].score == 0.5
    assert all(0 < m.score <= 1 for q in ("b", "鏈", "区块练") for m in lookup(store, q))


def test_exact_lookup_is_quick(store: Store) -> None:
    lookup(store, "區塊鏈", limit=1)
    start = time.perf_counter()
    for _ in range(20):
        lookup(store, "區塊鏈", limit=1)
    assert (time.perf_counter() - start) / 20 < 0.05  # 2-3 ms here; the limit leaves room for a busy machine
