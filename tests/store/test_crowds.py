"""Many writers lose nothing; a killed one leaves all or nothing. `tests/bench/test_store.py` does this at full size."""

from __future__ import annotations

import pytest

from glossary.store import open_store

from .conftest import make_entry
from .crowd import check_crowd, crowd, killed_import

WRITERS = 4
SECONDS = 3.0


def test_processes_that_write_at_once_lose_no_update(url: str) -> None:
    counts = crowd(url, WRITERS, SECONDS)
    assert sum(counts) > 0
    check_crowd(url, counts)


@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.0])
def test_killed_import_leaves_the_store_as_it_was(url: str, seconds: float) -> None:
    with open_store(url) as store:
        store.save(make_entry("ledger", "賬本"), who="mei")
    killed = killed_import(url, 100_000, seconds)
    with open_store(url) as store:
        assert killed
        assert store.count() == 1
        assert store.check() == ()
        store.save(make_entry("chain", "鏈"), who="mei")
        assert store.count() == 2
