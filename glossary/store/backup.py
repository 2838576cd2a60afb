"""Copies of a store: whole, consistent, taken while others read and write.

Two kinds. A copy of a SQLite file is a SQLite file. A portable copy (`.zip`) holds every table as JSON lines; it is the
one for PostgreSQL, and what moves a store from one database to the other. Search indexes are made anew from it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Table, func, insert, select

from glossary.codec import dumps
from glossary.errors import StoreError
from glossary.store import leftovers, schema, sqlite
from glossary.store.concepts import AT_ONCE, chunks
from glossary.store.connection import connect, parse, reading, translated, writing
from glossary.store.search_index import clear_index, index_terms, join_segments

PORTABLE = ".zip"
_HEAD = "glossary-store.json"
_SQLITE_MAGIC = b"SQLite format 3\x00"


def back_up(engine: Engine, name: str, target: Path) -> None:
    """Writes a copy of the store; the file appears when it is whole.

    Raises: StoreError when it cannot be written, and for a PostgreSQL store with another ending than `.zip`.
    """
    portable = target.suffix == PORTABLE
    if not portable and engine.dialect.name != "sqlite":
        raise StoreError(f"{target}: a copy of a PostgreSQL store is a {PORTABLE} file; or use pg_dump")
    with translated(name):
        if portable:
            _appear(target, lambda path: _write_portable(engine, name, path))
        else:
            _appear(target, lambda path: _copy(engine, path))


def copy_unopened(url: str, target: Path) -> None:
    """A copy of a SQLite file of any schema. Raises: StoreError for PostgreSQL, and when the copy is there already."""
    parsed, name = parse(url)
    path = sqlite.path_of(parsed)
    if path is None:
        raise StoreError(f"{name}: no file to copy; make a copy with pg_dump, then migrate with --no-backup")
    if target.exists():
        raise StoreError(f"{target}: is there already; move it away, or migrate with --no-backup")
    engine = sqlite.engine(parsed)
    try:
        with translated(name):
            _appear(target, lambda new: _copy(engine, new))
    finally:
        engine.dispose()


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A name for a new file beside one; what is left under that name afterwards goes."""
    temporary = leftovers.beside(target)
    try:
        yield temporary
    except OSError as error:
        raise StoreError(f"{target}: cannot be written: {error.strerror or error}") from None
    finally:
        leftovers.clear(temporary)


def _appear(target: Path, write: Callable[[Path], None]) -> None:
    with _beside(target) as temporary:
        write(temporary)
        os.replace(temporary, target)


def _copy(engine: Engine, path: Path) -> None:
    """SQLite's own backup: it starts again when somebody writes meanwhile, so it copies all at once."""
    pooled = engine.raw_connection()
    try:
        with closing(sqlite3.connect(path)) as target:
            source = pooled.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, that a folder one may not write to can hold
    finally:
        pooled.close()


def _write_portable(engine: Engine, name: str, path: Path) -> None:
    with reading(engine, name) as connection, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_HEAD, dumps({"schema": schema.SCHEMA_VERSION}))
        for table in _tables():
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                for line in _lines(connection, table):
                    member.write(line)


def _tables() -> list[Table]:
    """The tables of a portable copy, parents first; those of the search are made anew from the terms."""
    return [table for table in schema.metadata.sorted_tables if not table.name.startswith("search_")]


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Rows as JSON lists; the first line names the columns."""
    yield f"{dumps([column.name for column in table.columns])}\n".encode()
    query = select(table).order_by(*table.primary_key.columns)
    for rows in connection.execution_options(yield_per=AT_ONCE).execute(query).partitions():
        for row in rows:
            yield f"{dumps(list(row))}\n".encode()


def restore(source: Path, url: str, *, force: bool) -> str:
    """Makes the store at `url` what a copy holds, as a whole or not at all; the store's name.

    Programs that have the store open see the old content or the new.

    Raises: StoreError when there is a store already and not `force`, when the copy is none or is damaged, and for a
        copy of a SQLite file that is to go into PostgreSQL.
    """
    portable = _is_portable(source)
    parsed, name = parse(url)
    path = sqlite.path_of(parsed)
    if path is not None:
        if sqlite.exists(path, create=True) and not force:
            raise StoreError(f"{path}: is there already; --force replaces it")
        with translated(str(source)):
            _replace(path, lambda new: _new_from(source, new) if portable else _new_copy(source, new))
        return name
    if not portable:
        raise StoreError(f"{source}: a SQLite file; back it up as {PORTABLE} to move it to {parsed.get_backend_name()}")
    engine, name = connect(url, create=True)
    try:
        if not force and not _is_empty(engine, name):
            raise StoreError(f"{name}: is in use already; --force replaces what it holds")
        _load(engine, name, source)
    finally:
        engine.dispose()
    return name


def _replace(path: Path, make: Callable[[Path], None]) -> None:
    """Makes a new file and gives its content to an old one, which others may have open; or puts it in its place."""
    with _beside(path) as new:
        make(new)
        if not (path.exists() and _poured(new, path)):
            for suffix in ("-wal", "-shm"):  # what they hold belongs to the old file
                with suppress(OSError):
                    Path(f"{path}{suffix}").unlink()
            os.replace(new, path)


def _poured(new: Path, path: Path) -> bool:
    """True when the old file took the new content in one transaction; False when it is no sound database."""
    try:
        with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(path)) as target:
            target.execute(f"PRAGMA busy_timeout = {int(sqlite.BUSY_SECONDS * 1000)}")
            source.backup(target)
    except sqlite3.OperationalError:  # locked, full: not for us to write over
        raise
    except sqlite3.DatabaseError:
        return False
    return True


def _new_copy(source: Path, new: Path) -> None:
    with closing(sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True)) as old:
        verdict = old.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise StoreError(f"{source}: damaged: {verdict}")
        with closing(sqlite3.connect(new)) as target:
            old.backup(target)
    engine, _ = connect(str(new), create=False)  # ours, and up to date
    engine.dispose()


def _new_from(source: Path, new: Path) -> None:
    engine, _ = connect(str(new), create=True)
    try:
        _load(engine, str(source), source)
    finally:
        engine.dispose()


def _is_portable(path: Path) -> bool:
    """True for a portable copy, False for a SQLite file. Raises: StoreError for anything else."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
        if head == _SQLITE_MAGIC:
            return False
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if _HEAD in archive.namelist():
                    return True
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    raise StoreError(f"{path}: not a copy of a store; give a file that `glossary store backup` wrote")


def _load(engine: Engine, name: str, source: Path) -> None:
    """Fills an empty store from a portable copy, in one transaction.

    Raises: StoreError for a copy of another schema, and one that is damaged.
    """
    with writing(engine, name) as connection, zipfile.ZipFile(source) as archive:
        try:
            found = json.loads(archive.read(_HEAD))["schema"]
            if found != schema.SCHEMA_VERSION:
                raise StoreError(
                    f"{source}: a copy with schema {found}, this program has {schema.SCHEMA_VERSION}; restore it with "
                    "the version of the program that made it, then migrate"
                )
            for table in reversed(_tables()):
                connection.execute(table.delete())
            for table in _tables():
                _load_table(connection, archive, table)
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise StoreError(f"{source}: damaged: {error}") from None
        clear_index(connection)
        _index(connection)


def _load_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> None:
    with TextIOWrapper(archive.open(f"{table.name}.jsonl"), encoding="utf-8", newline="\n") as lines:
        names = json.loads(next(lines))
        for some in chunks(lines):
            connection.execute(insert(table), [dict(zip(names, json.loads(line), strict=True)) for line in some])


def _index(connection: Connection) -> None:
    """The search index of all terms."""
    term = schema.term
    last = -1
    while rows := connection.execute(
        select(term).where(term.c.id > last).order_by(term.c.id).limit(AT_ONCE)
    ).mappings().all():  # fmt: skip
        index_terms(connection, [dict(row) for row in rows])
        last = rows[-1]["id"]
    join_segments(connection, last)


def _is_empty(engine: Engine, name: str) -> bool:
    """True when a store holds no documents, no entries and no history."""
    with reading(engine, name) as connection:
        tables = (schema.extraction, schema.concept, schema.change)
        return not any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
