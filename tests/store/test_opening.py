"""A database that cannot be used is refused in one line; a usable one opens quickly, and by two at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from glossary.errors import StoreError
from glossary.store import connection, open_store, schema

OPEN_AND_COUNT = (
    "import sys; from glossary.store import open_store\nwith open_store(sys.argv[1]) as s: print(s.count())"
)


def refused(url: str, *, create: bool = True) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(url, create=create).close()
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_missing_store_says_how_to_make_one(path: str) -> None:
    assert "no such glossary database" in refused(path, create=False)
    assert not Path(path).exists()


def test_missing_folder_is_named(tmp_path: Path) -> None:
    assert "does not exist" in refused(str(tmp_path / "no" / "terms.db"))


def test_store_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(str(tmp_path / ("x" * 250)))
    assert list(tmp_path.iterdir()) == []


def test_folder_is_no_store(tmp_path: Path) -> None:
    assert "is a folder" in refused(str(tmp_path))


@pytest.mark.parametrize("content", [b"this is no database at all, but quite long text\n" * 20, bytes(range(256)) * 8])
def test_other_files_are_no_store_and_stay_untouched(path: str, content: bytes) -> None:
    Path(path).write_bytes(content)
    assert "not a glossary database" in refused(path)
    assert Path(path).read_bytes() == content


def test_database_of_another_program_is_left_alone(path: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    assert "another program" in refused(path)


def test_newer_schema_asks_for_an_upgrade(path: str) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999'")
        raw.commit()
    assert "newer glossary" in refused(path)


def test_unknown_database_lists_what_is_available() -> None:
    assert refused("mysql://host/terms") == "Unknown database 'mysql'. Available: postgresql, sqlite."
    assert "not a database address" in refused("://")


def test_odd_characters_in_the_name_are_no_syntax(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "a ?#%&區.db")) as store:
        assert store.count() == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a ?#%&區.db"]


def test_truncated_store_is_reported(path: str) -> None:
    open_store(path).close()
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole[: len(whole) // 2])
    assert refused(path)


def test_empty_file_becomes_a_store(path: str) -> None:
    Path(path).touch()
    with open_store(path) as store:
        assert store.count() == 0


def test_url_and_path_name_the_same_store(path: str) -> None:
    open_store(f"sqlite:///{path}").close()
    with open_store(path, create=False) as store:
        assert store.documents() == ()


def test_store_in_memory() -> None:
    with open_store("sqlite://") as store:
        assert store.count() == 0


def test_store_is_in_wal_mode_with_foreign_keys(path: str) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_two_processes_may_create_one_store_at_once(path: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_COUNT, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    results = [process.communicate(timeout=60) for process in started]
    assert [(out.strip(), err) for out, err in results] == [(b"0", b"")] * 2


def test_opening_an_up_to_date_store_does_not_import_alembic(path: str) -> None:
    open_store(path).close()
    code = OPEN_AND_COUNT + "\nassert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, path], check=True, stdout=subprocess.DEVNULL, timeout=60)


def test_migrations_give_the_schema_the_code_uses(url: str) -> None:
    open_store(url).close()
    engine = create_engine(connection.parse(url)[0])

    def ours(thing: object, name: str | None, kind: str, reflected: bool, compare: object) -> bool:
        if kind == "index" and name == "ix_concept_order":  # Alembic cannot compare a descending index
            return False
        return not (kind == "table" and str(name).startswith((schema.SEARCH_TABLE, schema.VERSION_TABLE)))

    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"include_object": ours})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_schema_version_is_the_newest_migration() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == schema.SCHEMA_VERSION
