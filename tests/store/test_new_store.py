"""A store that an import makes is there with all of it or not at all."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from glossary.datamodel import ConceptEntry
from glossary.errors import StoreError
from glossary.exchange import write
from glossary.store import connection, new_store, open_store, store_is_absent
from glossary.store.leftovers import OLD

from .crowd import Moment, killed_import
from .making import make_entry


def test_new_store_holds_what_its_block_wrote(url: str) -> None:
    assert store_is_absent(url)
    with new_store(url) as store:
        store.save(make_entry("ledger", "賬本"), who="mei")
        assert [hit.term for hit in store.search("账本", "exact")] == ["賬本"]
    assert not store_is_absent(url)
    with open_store(url, create=False) as store:
        assert (store.count(), store.check()) == (1, ())
        assert store.changes()[0].who == "mei"


def fill(url: str, *entries: ConceptEntry) -> None:
    fill_from(url, entries)


def fill_from(url: str, entries: Iterable[ConceptEntry]) -> None:
    with new_store(url) as store:
        for entry in entries:
            store.save(entry, who="mei")


def test_block_that_fails_makes_no_store(url: str) -> None:
    with pytest.raises(StoreError, match="an empty term"):
        fill(url, make_entry("ledger", "賬本"), make_entry("", ""))
    assert store_is_absent(url)
    with new_store(url) as store:
        assert store.count() == 0


def test_failed_sqlite_store_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="an empty term"):
        fill(str(tmp_path / "terms.db"), make_entry("ledger", "賬本"), make_entry("", ""))
    assert list(tmp_path.iterdir()) == []


def test_new_sqlite_store_is_one_file_that_readers_and_writers_share(tmp_path: Path) -> None:
    path = tmp_path / "terms.db"
    with new_store(str(path)):
        pass
    assert list(tmp_path.iterdir()) == [path]
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_store_at_an_address_of_sqlite_itself_is_filled_once(tmp_path: Path) -> None:
    address = f"sqlite:///file:{tmp_path}/terms.db?uri=true"
    fill(address, make_entry("ledger", "賬本"))
    assert not store_is_absent(address)
    with pytest.raises(StoreError, match="is there already"), new_store(address):
        pass
    with open_store(address) as store, closing(sqlite3.connect(tmp_path / "terms.db")) as opened:
        assert store.count() == 1
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_store_behind_a_link_is_made_where_the_link_leads(tmp_path: Path) -> None:
    link, disk = tmp_path / "terms.db", tmp_path / "disk"
    disk.mkdir()
    link.symlink_to(disk / "real.db")
    fill(str(link), make_entry("ledger", "賬本"))
    assert list(disk.iterdir()) == [disk / "real.db"]
    with open_store(str(link), create=False) as store:
        assert (link.is_symlink(), store.count()) == (True, 1)


def test_disk_that_is_full_at_the_end_is_one_line_and_leaves_no_file(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with (
            pytest.raises(StoreError, match="the device failed to read or write, or is full"),
            new_store(str(tmp_path / "terms.db")) as store,
        ):
            event.listen(store._engine, "checkin", lambda *_: resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1])))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_store_that_is_there_is_not_made_anew(url: str) -> None:
    with open_store(url) as store:
        store.save(make_entry("ledger", "賬本"), who="mei")
    with pytest.raises(StoreError, match="is there already"), new_store(url):
        pass
    with open_store(url) as store:
        assert store.count() == 1


def test_store_another_program_made_meanwhile_stays(tmp_path: Path) -> None:
    path = str(tmp_path / "terms.db")

    def entries() -> Iterator[ConceptEntry]:
        yield make_entry("chain", "鏈")
        with open_store(path) as other:
            other.save(make_entry("ledger", "賬本"), who="li")

    with pytest.raises(StoreError, match="another program made it meanwhile"):
        fill_from(path, entries())
    with open_store(path) as store:
        assert [hit.term for hit in store.search("账本", "exact")] == ["賬本"]
        assert store.count() == 1


def test_store_made_after_the_look_for_one_stays(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(url) as store:
        store.save(make_entry("ledger", "賬本"), who="li")
    monkeypatch.setattr(connection, "absent", lambda url: True)
    with pytest.raises(StoreError, match="another program made it meanwhile"):
        fill(url, make_entry("chain", "鏈"))
    with open_store(url) as store:
        assert store.count() == 1


@pytest.mark.parametrize("moment", ["begin", "commit"])
def test_killed_import_makes_no_store_or_a_whole_one(url: str, tmp_path: Path, moment: Moment) -> None:
    file = tmp_path / "terms.jsonl"
    write((make_entry(f"term {n}", f"詞{n}號") for n in range(1000)), "jsonl", file)
    assert killed_import(url, file, moment, 0.1 if moment == "begin" else 0.0)
    if moment == "begin" or store_is_absent(url):
        assert store_is_absent(url)
        return
    with open_store(url, create=False) as store:
        assert (store.count(), store.check()) == (1000, ())


def grown_old(path: Path) -> None:
    os.utime(path, (time.time() - 2 * OLD,) * 2)


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(".new"))


def test_import_clears_away_what_a_killed_one_left_at_its_place(tmp_path: Path) -> None:
    url, file = str(tmp_path / "terms.db"), tmp_path / "terms.jsonl"
    write((make_entry(f"term {n}", f"詞{n}號") for n in range(1000)), "jsonl", file)
    assert killed_import(url, file, "begin", 0.1)
    assert len(hidden(tmp_path)) == 1
    fill(str(tmp_path / "other.db"), make_entry("ledger", "賬本"))
    assert len(hidden(tmp_path)) == 1
    grown_old(tmp_path / hidden(tmp_path)[0])
    fill(url, make_entry("ledger", "賬本"))
    assert sorted(tmp_path.iterdir()) == [tmp_path / "other.db", Path(url), file]


def test_files_of_programs_that_run_or_write_stay(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "0"]) as ended:
        pass
    of_a_running, written_elsewhere, gone, of_nobody = (
        tmp_path / f".terms.db.{middle}.new"
        for middle in (f"{os.getppid()}.0af3c2d1", f"{ended.pid}.0af3c2d2", f"{ended.pid}.0af3c2d3", "mine")
    )
    young = tmp_path / f".terms.db.{ended.pid}.0af3c2d4.new"  # another machine's, perhaps
    for path in (of_a_running, gone, of_nobody, young):
        path.write_bytes(b"")
    for path in (of_a_running, gone, of_nobody):
        grown_old(path)
    with closing(sqlite3.connect(written_elsewhere, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        grown_old(written_elsewhere)
        fill(str(tmp_path / "terms.db"), make_entry("ledger", "賬本"))
        assert hidden(tmp_path) == sorted(p.name for p in (of_a_running, written_elsewhere, of_nobody, young))
