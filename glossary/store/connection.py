"""Opening the database: where it is, is it ours, is it up to date; every driver error becomes one line.

SQLite in WAL mode: readers never wait for the one writer. Writers take the lock when they begin (`BEGIN IMMEDIATE`),
so a transaction never fails half way because another one came first; they wait for each other up to `BUSY_SECONDS`.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError

from glossary.codec import dumps
from glossary.errors import StoreError, unknown
from glossary.store.schema import SCHEMA_VERSION, VERSION_TABLE

BUSY_SECONDS = 20.0
"""How long a writer waits for another: a build writes its documents one by one, each well under a second."""

_MEMORY = ("", ":memory:")
_CAUSES = {
    "not a database": "not a glossary database",
    "malformed": "the database is damaged; restore a copy",
    "disk is full": "no space left on the device; nothing was written",
    "readonly": "the database is read only",
    "locked": "another program is writing to it; try again when that has finished",
    "unable to open": "cannot be opened; check the path and the permissions",
    "disk I/O error": "the device failed to read or write, or is full",
}


def connect(url: str, *, create: bool) -> tuple[Engine, str]:
    """An engine on an existing or new database with the current schema, and the name to use in messages.

    Raises: StoreError, see `open_store`.
    """
    parsed = _parse(url)
    name = parsed.database if parsed.database not in _MEMORY and parsed.database else "memory"
    if name != "memory" and not name.startswith("file:"):  # SQLite's own URI looks after itself
        path = Path(name)
        if not _exists(path, create=create):
            with translated(name):
                _create(path)
        parsed = _immutable(path) or parsed
    engine = _engine(parsed)
    try:
        with translated(name):
            _prepare(engine, name, in_memory=name == "memory")
    except BaseException:
        engine.dispose()
        raise
    return engine, name


def check(url: str) -> None:
    """Raises: StoreError where `connect(url, create=True)` would, as far as that shows without making the file."""
    name = _parse(url).database
    if not name or name in _MEMORY or name.startswith("file:"):
        return
    path = Path(name)
    if _exists(path, create=True):
        connect(url, create=False)[0].dispose()
    elif not os.access(path.parent, os.W_OK):
        raise StoreError(f"{path}: cannot be made: the folder {path.parent} may not be written to")


def _parse(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"{url}: not a database address; give a path or sqlite:///PATH") from None
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(unknown("database", parsed.get_backend_name(), ["sqlite"]))
    return parsed.set(drivername="sqlite")


def _exists(path: Path, *, create: bool) -> bool:
    """False when the file is to be made. Raises: StoreError when it cannot be read, or is missing and must not be."""
    try:
        if path.is_dir():
            raise StoreError(f"{path}: is a folder, not a glossary database; name a file")
        if path.exists():
            with path.open("rb"):
                return True
    except (OSError, ValueError) as error:
        raise StoreError(f"{path!s}: cannot be read: {_reason(error)}") from None
    if not create:
        raise StoreError(f"{path}: no such glossary database; make one with `glossary build --store {path} ...`")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the folder {path.parent} does not exist; create it first")
    return False


def _create(path: Path) -> None:
    """Makes an empty store beside its place and moves it there when whole: a full disk leaves nothing behind.

    The schema is written in rollback mode, so that everything is in the one file that is moved.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{uuid4().hex[:8]}.new")
    engine = _engine(URL.create("sqlite", database=str(temporary)))
    try:
        with engine.connect() as connection, connection.begin():
            _migrate(connection)
        _switch_to_wal(engine)
        engine.dispose()
        _move_if_absent(temporary, path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {_reason(error)}") from error
    finally:
        engine.dispose()
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                Path(f"{temporary}{suffix}").unlink()


def _move_if_absent(temporary: Path, path: Path) -> None:
    """Gives the file its name unless another process was first, whose store is as good."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            os.replace(temporary, path)


def _immutable(path: Path) -> URL | None:
    """A read-only address for a store in a folder nobody may write to, where SQLite cannot keep its WAL files."""
    if os.access(path.parent, os.W_OK) or Path(f"{path}-wal").exists():
        return None
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _engine(url: URL) -> Engine:
    memory = url.database is None or url.database in _MEMORY
    options = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(url, json_serializer=dumps, connect_args={"check_same_thread": False}, **options)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe against a crash of the program


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_OPEN: ContextVar[tuple[Engine, Connection] | None] = ContextVar("open transaction", default=None)
"""The transaction of `together` that reads and writes of this thread take part in."""


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """A connection inside a read transaction: one consistent view."""
    shared = _OPEN.get()
    if shared is not None and shared[0] is engine:
        with translated(name):
            yield shared[1]
        return
    with translated(name), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """A connection inside a write transaction: all of it happens or nothing."""
    shared = _OPEN.get()
    if shared is not None and shared[0] is engine:
        with translated(name):
            yield shared[1]
        return
    with translated(name), engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def together(engine: Engine, name: str) -> Iterator[None]:
    """One write transaction for all that this thread reads and writes inside."""
    with writing(engine, name) as connection:
        before = _OPEN.set((engine, connection))
        try:
            yield
        finally:
            _OPEN.reset(before)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turns driver errors into a StoreError of one line."""
    try:
        yield
    except UnicodeEncodeError as error:
        bad = f"U+{ord(error.object[error.start]):04X}"
        raise StoreError(
            f"{name}: a text holds the lone surrogate {bad}; it cannot be stored, correct the text"
        ) from None
    except DatabaseError as error:
        raise StoreError(f"{name}: {_cause(str(error.orig))}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"{name}: {_cause(str(error))}") from error


def _cause(message: str) -> str:
    first = message.splitlines()[0] if message else "unknown database error"
    return next((cause for sign, cause in _CAUSES.items() if sign in first), first)


def _prepare(engine: Engine, name: str, *, in_memory: bool) -> None:
    with engine.connect() as connection:
        version = _version(connection, name)
        if version == SCHEMA_VERSION:
            return
    if version is not None and version > SCHEMA_VERSION:
        raise StoreError(
            f"{name}: made by a newer glossary (schema {version}, this one knows {SCHEMA_VERSION}); upgrade the program"
        )
    if not in_memory:
        _switch_to_wal(engine)
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            if _version(connection, name) != SCHEMA_VERSION:  # another process may have done it meanwhile
                _migrate(connection)


def _version(connection: Connection, name: str) -> str | None:
    """The schema version, None for an empty database. Raises: StoreError for a database of another program."""
    tables = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if VERSION_TABLE not in tables:
        if tables:
            raise StoreError(f"{name}: a database of another program, not a glossary; name another file")
        return None
    row = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").first()
    return str(row[0]) if row else None


def _switch_to_wal(engine: Engine) -> None:
    """Sets WAL mode; SQLite ignores the busy timeout here, so a race with another process is retried."""
    last = time.monotonic() + BUSY_SECONDS
    raw = engine.raw_connection()
    try:
        while True:
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > last:
                    raise
                time.sleep(0.02)
    finally:
        raw.close()


def _migrate(connection: Connection) -> None:
    """Brings the schema up to date. Alembic is imported only here: it costs more than opening the database."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "glossary.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
