"""A database that cannot be used is refused in one line; a usable one opens quickly, and by two at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from glossary.datamodel import ConceptEntry
from glossary.errors import StoreError
from glossary.store import check_store, connection, open_store, schema
from tests.postgres import empty_schema

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
    assert "secret" not in refused("postgresql://mei:secret@host:port/terms")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"database": "no_such_terms"}, "there is no such database on the server; make it with `createdb`"),
        ({"query": {"host": "/tmp/no-such-folder"}}, "no server answers there; check host and port"),
        ({"query": {}, "host": "127.0.0.1", "port": 9}, "no server answers there; check host and port"),
        ({"query": {}, "host": "no-such-host.invalid"}, "the host is unknown; check the address"),
        ({"username": "nobody_knows"}, 'role "nobody_knows" does not exist'),
    ],
)
def test_server_that_cannot_be_used_is_one_line(postgres: str, change: dict[str, object], message: str) -> None:
    url = make_url(postgres).set(**change, password="hush")  # type: ignore[arg-type]
    told = refused(url.render_as_string(hide_password=False))
    assert message in told
    assert "hush" not in told


@pytest.mark.postgres
def test_wrong_password_is_one_line(postgres: str) -> None:
    engine = create_engine(connection.parse(postgres)[0], isolation_level="AUTOCOMMIT")
    with engine.connect() as opened:
        files = opened.exec_driver_sql("SHOW hba_file").scalar_one()
        data = Path(str(files))
        if not os.access(data, os.W_OK):
            pytest.skip("the server is not ours to configure")
        before = data.read_text()
        opened.exec_driver_sql("CREATE ROLE locked LOGIN PASSWORD 'right'")
        try:
            data.write_text("local all locked scram-sha-256\n" + before)
            opened.exec_driver_sql("SELECT pg_reload_conf()")
            time.sleep(0.5)
            url = make_url(postgres).set(username="locked")
            assert "refuses this user and password" in refused(
                url.set(password="wrong").render_as_string(hide_password=False)
            )
            assert "the server wants a password" in refused(url.render_as_string(hide_password=False))
        finally:
            data.write_text(before)
            opened.exec_driver_sql("SELECT pg_reload_conf()")
            opened.exec_driver_sql("DROP ROLE locked")
    engine.dispose()


@pytest.mark.postgres
def test_database_of_another_program_on_a_server_is_left_alone(postgres: str) -> None:
    with empty_schema(postgres) as url:
        assert "no glossary in this database yet" in refused(url, create=False)
        engine = create_engine(connection.parse(url)[0])
        with engine.begin() as opened:
            opened.exec_driver_sql("CREATE TABLE customers (name TEXT)")
        assert "another program" in refused(url)
        engine.dispose()


@pytest.mark.postgres
def test_server_that_only_reads_says_so(postgres: str, entry: Callable[..., ConceptEntry]) -> None:
    with empty_schema(postgres) as url:
        open_store(url).close()
        read_only = url + "%20-cdefault_transaction_read_only%3Don"
        with open_store(read_only) as store:
            assert store.count() == 0
            with pytest.raises(StoreError, match="read only"):
                store.save(entry("ledger", "賬本"), who="mei")


def test_missing_driver_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None; from glossary.store import open_store\n"
        "try: open_store('postgresql://host/terms')\nexcept Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert "pip install 'bitext-glossary[postgresql]'" in done.stdout


def test_check_makes_nothing_and_tells_what_opening_would(url: str) -> None:
    check_store(url)
    with pytest.raises(StoreError, match=r"no such glossary|no glossary in this"):
        open_store(url, create=False)
    open_store(url).close()
    check_store(url)


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


def test_two_processes_may_create_one_store_at_once(url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_COUNT, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
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
        if name in ("grams", "ix_search_gram", "ix_term_key"):  # each database's own part of the search index
            return False
        return not (kind == "table" and str(name).startswith((schema.SEARCH_TABLE, schema.VERSION_TABLE)))

    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"include_object": ours})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_schema_version_is_the_newest_migration() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == schema.SCHEMA_VERSION


def test_store_without_its_clock_is_damaged(path: str) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM clock")
        database.commit()
    with open_store(path) as store, pytest.raises(StoreError, match="the database is damaged; restore a copy"):
        store.newest()
