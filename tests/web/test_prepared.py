"""What is kept ready: made once, anew when the store changed, in the background where that is slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from glossary.editing import new_entry
from glossary.store import Store, open_store
from web import prepared
from web.prepared import Prepared

KEY = ("count", "entries")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "terms.db")) as opened:
        yield opened


def add(store: Store, term: str) -> None:
    store.save(new_entry([("en", term)]), who="test")


def test_it_is_made_once_while_the_store_stays(store: Store) -> None:
    kept, made = Prepared(), []
    for _ in range(3):
        kept.get(store, KEY, lambda: made.append(1))
    assert made == [1]


def test_it_is_made_anew_when_the_store_changed(store: Store) -> None:
    kept = Prepared()
    counts = [kept.get(store, KEY, store.count)]
    add(store, "ledger")
    counts.append(kept.get(store, KEY, store.count))
    assert counts == [0, 1]


def test_what_is_slow_to_make_answers_as_it_was_until_it_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "SLOW", -1.0)
    kept, done = Prepared(), threading.Event()

    def slowly() -> int:
        done.wait(5)
        return store.count()

    done.set()
    assert kept.get(store, KEY, slowly) == 0
    done.clear()
    add(store, "ledger")
    assert kept.get(store, KEY, slowly) == 0
    done.set()
    for thread in threading.enumerate():
        if thread.daemon and thread.name.endswith("(_renew)"):
            thread.join(5)
    assert kept.get(store, KEY, slowly) == 1


def test_threads_that_ask_at_once_get_the_same_thing(store: Store) -> None:
    kept, made, found = Prepared(), [], []
    gate = threading.Barrier(4)

    def make() -> object:
        made.append(1)
        return object()

    def ask() -> None:
        gate.wait(5)
        found.append(kept.get(store, KEY, make))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(made) == 1
    assert len({id(thing) for thing in found}) == 1


def test_few_things_are_kept(store: Store) -> None:
    kept = Prepared()
    for n in range(prepared.KEPT + 3):
        kept.get(store, ("count", str(n)), object)
    assert len(kept._made) == prepared.KEPT
