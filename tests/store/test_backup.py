"""Copies hold everything, are whole, and can be put back; a store that is not sound is told with a code."""

from __future__ import annotations

import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text, update

from glossary.datamodel import ConceptEntry, Extraction, Flag, LangSec, content_id
from glossary.errors import StoreError
from glossary.store import Store, migrate_store, open_store, restore_store, schema
from glossary.store.bodies import body_of
from tests.conftest import RunGlossary
from tests.deciding import decide

from .conftest import dump

Make = Callable[..., ConceptEntry]


@pytest.fixture
def filled(store: Store, entry: Make, extraction: Callable[..., Extraction]) -> Store:
    given = replace(entry("ledger", "賬本"), flags=(Flag("damaged", "區\n塊 𠮷"),), do_not_translate=True)
    store.put(extraction())
    store.sync_entries([given, entry("chain", "鏈")])
    decide(store, given.id, "zh-Hant", "賬本", "approved", who="mei")
    store.delete(entry("chain", "鏈").id, who="mei")
    store.merge([store.entry(given.id).id, _added(store, entry)], who="mei")  # type: ignore[union-attr]
    return store


def _added(store: Store, entry: Make) -> str:
    given = entry("account book", "賬簿")
    store.save(given, who="ann")
    return given.id


def rows(store: Store) -> list[str]:
    """Every row of our own tables."""
    return [line for line in dump(store) if line.split(":")[0] in schema.metadata.tables]


def test_portable_copy_moves_a_store_to_either_database(filled: Store, url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    filled.backup(copy)
    restore_store(copy, str(tmp_path / "other.db"))
    with open_store(str(tmp_path / "other.db"), create=False) as other:
        assert other.documents() == filled.documents()
        assert list(other.entries()) == list(filled.entries())
        assert other.changes() == filled.changes()
        assert [hit.term for hit in other.search("本", "inside")] == ["賬本"]
        assert other.check() == ()
    with pytest.raises(StoreError, match="--force"):
        restore_store(copy, url)
    before = rows(filled)
    filled.save(replace(next(filled.entries()), note="later"), who="mei")
    restore_store(copy, url, force=True)
    with open_store(url) as again:
        assert rows(again) == before
        assert again.check() == ()


def test_copy_with_a_bad_row_changes_nothing(filled: Store, url: str, tmp_path: Path) -> None:
    copy, bad = tmp_path / "copy.zip", tmp_path / "bad.zip"
    filled.backup(copy)
    with zipfile.ZipFile(copy) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b'["x"]\n' if name == "concept.jsonl" else b""))
    before = rows(filled)
    with pytest.raises(StoreError, match="damaged"):
        restore_store(bad, url, force=True)
    assert rows(filled) == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_other_files_are_no_copies(tmp_path: Path) -> None:
    plain, empty = tmp_path / "plain.txt", tmp_path / "empty.zip"
    plain.write_text("hello" * 10)
    zipfile.ZipFile(empty, "w").close()
    for source in (plain, empty, tmp_path):
        with pytest.raises(StoreError):
            restore_store(source, str(tmp_path / "new.db"))
    assert not (tmp_path / "new.db").exists()


def test_sound_store_has_no_findings(filled: Store) -> None:
    assert filled.check() == ()


@pytest.mark.parametrize(
    ("code", "damage"),
    [
        ("S103", "UPDATE clock SET version = 0"),
        ("S201", "DELETE FROM term"),
        ("S202", "UPDATE term SET lang = 'x'"),
        ("S202", "UPDATE concept SET score = 0.1"),
        ("S202", "UPDATE concept SET body = replace(body, 'ledger', 'lodger')"),
        ("S202", "UPDATE concept SET body = '{}'"),
        ("S204", "UPDATE term SET key = 'x'"),
        ("S301", "UPDATE claim SET state = 'deleted'"),
        ("S302", "UPDATE claim SET \"into\" = 'x' WHERE state = 'merged'"),
        ("S303", "UPDATE change SET after = '[]' WHERE after IS NOT NULL"),
    ],
)
def test_unsound_store_is_told(filled: Store, code: str, damage: str) -> None:
    with filled._engine.begin() as connection:
        connection.execute(text(damage))
    found = filled.check()
    assert code in {finding.code for finding in found}
    assert all("\n" not in finding.message for finding in found)


def test_term_without_provenance_is_told(filled: Store) -> None:
    entry = next(filled.entries())
    bare = replace(entry.lang_secs[0].terms[0], provenance=())
    body = body_of(replace(entry, lang_secs=(LangSec("en", (bare,)), *entry.lang_secs[1:])))
    with filled._engine.begin() as connection:
        connection.execute(update(schema.concept).values(body=body, digest=content_id(body)))
    assert "S203" in {finding.code for finding in filled.check()}


def test_damaged_entry_is_one_line(filled: Store) -> None:
    with filled._engine.begin() as connection:
        connection.execute(update(schema.concept).values(body='{"id": 3'))
    with pytest.raises(StoreError, match="an entry is damaged"):
        list(filled.entries())


class TestSqlite:
    """What only a file can do."""

    @pytest.fixture
    def url(self, path: str) -> str:
        return path

    def test_copy_of_a_file_is_one_file_that_opens(self, filled: Store, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        filled.backup(copy)
        assert sorted(p.name for p in tmp_path.glob("*copy*")) == ["copy.db"]
        with open_store(str(copy)) as other:
            assert rows(other) == rows(filled)

    def test_copy_made_while_others_write_is_sound(self, filled: Store, path: str, tmp_path: Path, entry: Make) -> None:
        stop = threading.Event()

        def write() -> None:
            with open_store(path) as mine:
                number = 0
                while not stop.is_set():
                    mine.save_many([entry(f"t{number + i}", f"詞{i}") for i in range(20)], who="mei")
                    number += 20

        writer = threading.Thread(target=write)
        writer.start()
        for number in range(5):
            filled.backup(tmp_path / f"{number}.db")
        stop.set()
        writer.join()
        for number in range(5):
            with open_store(str(tmp_path / f"{number}.db")) as copy:
                assert copy.check() == ()
                assert copy.count() % 20 == 1  # imports are in it whole or not at all

    def test_restoring_reaches_those_who_have_the_store_open(self, filled: Store, path: str, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        filled.backup(copy)
        before = rows(filled)
        filled.delete(next(filled.entries()).id, who="mei")
        restore_store(copy, path, force=True)
        assert rows(filled) == before
        filled.save(replace(next(filled.entries()), note="goes on"), who="mei")
        with open_store(path) as other:
            assert next(other.entries()).note == "goes on"

    def test_damaged_store_is_replaced_by_its_copy(self, filled: Store, path: str, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        filled.backup(copy)
        before = rows(filled)
        filled.close()
        Path(path).write_bytes(b"no database" * 1000)
        restore_store(copy, path, force=True)
        with open_store(path) as again:
            assert rows(again) == before

    def test_damaged_file_and_lost_rows_are_told(self, filled: Store, path: str) -> None:
        filled.close()
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("DELETE FROM concept")
            raw.execute("DELETE FROM search_key")
            raw.commit()
        with open_store(path) as again:
            assert {"S102", "S205"} <= {finding.code for finding in again.check()}
        pages = bytearray(Path(path).read_bytes())
        pages[len(pages) // 2 : len(pages) // 2 + 4096] = b"\xff" * 4096
        Path(path).write_bytes(pages)
        try:
            with open_store(path) as again:
                told = [f"{code} {message}" for code, message in again.check()]
        except StoreError as error:
            told = [str(error)]
        assert any("damaged" in line for line in told)

    def test_migration_leaves_a_copy_from_before(self, path: str, tmp_path: Path) -> None:
        open_store(path).close()
        copy = tmp_path / "copy"
        assert migrate_store(path, copy) is None
        assert not copy.exists()
        with closing(sqlite3.connect(path)) as raw:
            raw.execute(f"UPDATE {schema.VERSION_TABLE} SET version_num = '0001'")
            for table in ("claim", "gone", "change", "clock"):
                raw.execute(f"DROP TABLE {table}")
            raw.commit()
        with pytest.raises(StoreError):  # the columns of 0002 are there already: nothing is changed
            migrate_store(path, copy)
        with closing(sqlite3.connect(copy)) as raw:
            assert raw.execute(f"SELECT version_num FROM {schema.VERSION_TABLE}").fetchone() == ("0001",)

    def test_commands_check_copy_and_restore(
        self, filled: Store, path: str, tmp_path: Path, glossary: RunGlossary
    ) -> None:
        before = rows(filled)
        checked = glossary("store", "check", "--store", path)
        assert (checked.exit_code, checked.stdout) == (0, f"{path}: sound; 1 entries, 1 documents\n")
        assert glossary("store", "backup", "--store", path, "-o", tmp_path / "c.zip").exit_code == 0
        filled.delete(next(filled.entries()).id, who="mei")
        refused = glossary("store", "restore", tmp_path / "c.zip", "--store", path)
        assert (refused.exit_code, refused.stderr) == (1, f"glossary: {path}: is there already; --force replaces it\n")
        assert glossary("store", "restore", tmp_path / "c.zip", "--store", path, "--force").exit_code == 0
        assert rows(filled) == before
        assert "up to date" in glossary("store", "migrate", "--store", path).stdout
        with filled._engine.begin() as connection:
            connection.execute(text("DELETE FROM term"))
        told = glossary("store", "check", "--store", path)
        assert told.exit_code == 1
        assert all(line.startswith("glossary: S20") for line in told.stderr.splitlines())
