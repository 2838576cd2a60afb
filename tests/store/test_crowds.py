"""Many writers lose nothing; a killed import leaves all or nothing. tests/bench/test_store.py does it at full size."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.exchange import write
from glossary.store import open_store

from .crowd import Moment, check_crowd, crowd, killed_import
from .making import make_entry

WRITERS = 3
SECONDS = 0.5
ENTRIES = 1000
"""A second of work: an import is killed long before its end."""


def test_processes_that_write_at_once_lose_no_update(url: str) -> None:
    counts = crowd(url, WRITERS, SECONDS)
    assert min(counts) > 0
    check_crowd(url, counts)


@pytest.mark.parametrize(("moment", "seconds"), [("begin", 0.2), ("commit", 0.0)])
def test_killed_import_leaves_all_or_nothing(url: str, tmp_path: Path, moment: Moment, seconds: float) -> None:
    file = tmp_path / "terms.jsonl"
    write((make_entry(f"term {n}", f"詞{n}號") for n in range(ENTRIES)), "jsonl", file)
    with open_store(url) as store:
        store.save(make_entry("ledger", "賬本"), who="mei")
    killed = killed_import(url, file, moment, seconds)
    with open_store(url) as store:
        assert killed
        assert store.count() == 1 or (moment == "commit" and store.count() == 1 + ENTRIES)
        assert store.check() == ()
        store.save(make_entry("chain", "鏈"), who="mei")
        assert [hit.term for hit in store.search("链", "exact")] == ["鏈"]
