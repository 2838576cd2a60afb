"""Opening the database: where it is, is it ours, is it up to date; transactions; every driver error becomes one line.

Both databases work alike: a reader has one consistent view and never waits; writers take one lock when they begin
(SQLite: `BEGIN IMMEDIATE`, PostgreSQL: an advisory lock of the transaction), so no transaction fails half way because
another one came first. They wait for each other up to `BUSY_SECONDS`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import TracebackType

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from glossary.errors import StoreError, unknown
from glossary.store import postgresql, sqlite
from glossary.store.layout import lay_out
from glossary.store.schema import SCHEMA_VERSION, VERSION_TABLE


def connect(url: str, *, create: bool) -> tuple[Engine, str]:
    """An engine on an existing or new database with the current schema, and the name to use in messages.

    Raises: StoreError, see `open_store`.
    """
    parsed, name = parse(url)
    engine = _engine(parsed, name, create=create)
    try:
        with translated(name):
            _prepare(engine, name, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine, name


@contextmanager
def connect_new(url: str) -> Iterator[tuple[Engine, str]]:
    """An engine on a new store, which is there when the block ends well, else not; the block is one transaction.

    Raises: StoreError as `connect`, and when there is a store already or at the end.
    """
    parsed, name = parse(url)
    path = sqlite.path_of(parsed)
    if not absent(url):
        raise StoreError(f"{name}: is there already")
    meanwhile = f"{name}: another program made it meanwhile; nothing was written, try again"
    try:
        with (
            translated(name),
            _without_place(parsed, name) if path is None else sqlite.beside(path) as engine,
            together(engine, name),
            writing(engine, name) as connection,
        ):
            if version_of(connection, name) is not None:
                raise StoreError(meanwhile)
            lay_out(connection)
            yield engine, name
    except FileExistsError:
        raise StoreError(meanwhile) from None


@contextmanager
def _without_place(url: URL, name: str) -> Iterator[Engine]:
    """An engine on a database that has no file of its own, or one only SQLite can name."""
    with _disposed(_engine(url, name, create=True)) as engine:
        if _in_file(engine):
            sqlite.switch_to_wal(engine)
        yield engine


@contextmanager
def _disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def absent(url: str) -> bool:
    """True where a store would have to be made. Raises: StoreError where it could not be."""
    parsed, name = parse(url)
    if sqlite.path_of(parsed) is not None:
        return not sqlite.to_open(parsed)
    with translated(name), _disposed(_engine(parsed, name, create=False)) as engine, engine.connect() as connection:
        return version_of(connection, name) is None


def check(url: str) -> None:
    """Raises: StoreError where `connect(url, create=True)` would, as far as that shows without making the store."""
    parsed, name = parse(url)
    if parsed.get_backend_name() == "sqlite" and not sqlite.to_open(parsed):
        return
    with translated(name), _disposed(_engine(parsed, name, create=False)) as engine, engine.connect() as connection:
        _fitting(version_of(connection, name), name)


def outdated(url: str) -> str | None:
    """The schema version of an existing store that needs a migration, None when it is current.

    Raises: StoreError as `connect(url, create=False)`.
    """
    parsed, name = parse(url)
    with translated(name), _disposed(_engine(parsed, name, create=False)) as engine, engine.connect() as connection:
        version = version_of(connection, name)
    _fitting(version, name)
    return version if version is not None and version < SCHEMA_VERSION else None


def parse(url: str) -> tuple[URL, str]:
    """The address with our driver, and the name for messages: the path, or the address without its password.

    Raises: StoreError for what is no address, and for databases we do not know.
    """
    if "://" not in url:
        return URL.create("sqlite", database=url), url
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        shown = re.sub("//.*@", "//***@", url)
        raise StoreError(f"{shown}: not a database address; give a path, sqlite:///PATH or postgresql://...") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return parsed.set(drivername="sqlite"), sqlite.name_of(parsed)
    if kind in ("postgresql", "postgres"):
        plain = parsed.set(drivername="postgresql")
        return plain.set(drivername=postgresql.DRIVER), plain.render_as_string(hide_password=True)
    raise StoreError(unknown("database", kind, ["postgresql", "sqlite"]))


def display_name(url: str) -> str:
    """A store's address as it may be shown: without the password. Raises: StoreError for what is no address.

    >>> display_name("postgresql://mei:secret@db/terms"), display_name("terms.db")
    ('postgresql://mei:***@db/terms', 'terms.db')
    """
    return url if "://" not in url else parse(url)[1]


def _engine(url: URL, name: str, *, create: bool) -> Engine:
    with translated(name):
        if url.get_backend_name() == "postgresql":
            return postgresql.engine(url)
        path = sqlite.path_of(url)
        if path is None:  # in memory, or SQLite's own URI, which looks after itself
            return sqlite.engine(url)
        if not sqlite.exists(path, create=create):
            sqlite.create(path, lay_out)
        return sqlite.engine(sqlite.immutable(path) or url)


_OPEN: ContextVar[tuple[Engine, Connection, bool] | None] = ContextVar("open transaction", default=None)
"""The transaction of `together` or `one_view` that this thread takes part in, and whether it may write."""


def reading(engine: Engine, name: str) -> AbstractContextManager[Connection]:
    """A connection inside a read transaction: one consistent view."""
    shared = _OPEN.get()
    if shared is not None and shared[0] is engine:
        return _Taken(name, shared[1])
    return _transaction(engine, name, writes=False)


def writing(engine: Engine, name: str) -> AbstractContextManager[Connection]:
    """A connection inside a write transaction: all of it happens or nothing."""
    shared = _OPEN.get()
    if shared is not None and shared[0] is engine and shared[2]:
        return _Taken(name, shared[1])
    return _transaction(engine, name, writes=True)


@contextmanager
def _transaction(engine: Engine, name: str, *, writes: bool) -> Iterator[Connection]:
    with translated(name), engine.connect() as plain:
        connection = plain.execution_options(writes=writes)
        with connection.begin():
            yield connection


class _Taken:
    """The connection of the transaction that this thread takes part in; a look-up takes it a dozen times."""

    __slots__ = ("_connection", "_name")

    def __init__(self, name: str, connection: Connection) -> None:
        self._name = name
        self._connection = connection

    def __enter__(self) -> Connection:
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            _translate(self._name, error)


@contextmanager
def together(engine: Engine, name: str) -> Iterator[None]:
    """One write transaction for all that this thread reads and writes inside."""
    with writing(engine, name) as connection, _shared(engine, connection, writes=True):
        yield


@contextmanager
def one_view(engine: Engine, name: str) -> Iterator[None]:
    """One read transaction for all that this thread reads inside; writes have their own."""
    shared = _OPEN.get()
    if shared is not None and shared[0] is engine:
        yield
        return
    with reading(engine, name) as connection, _shared(engine, connection, writes=False):
        yield


@contextmanager
def _shared(engine: Engine, connection: Connection, *, writes: bool) -> Iterator[None]:
    before = _OPEN.set((engine, connection, writes))
    try:
        yield
    finally:
        _OPEN.reset(before)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turns driver errors into a StoreError of one line."""
    try:
        yield
    except Exception as error:
        _translate(name, error)
        raise


def _translate(name: str, error: Exception) -> None:
    """Raises: StoreError for an error of a driver; other errors go on as they are."""
    if isinstance(error, UnicodeEncodeError):
        bad = f"U+{ord(error.object[error.start]):04X}"
        raise StoreError(
            f"{name}: a text holds the lone surrogate {bad}; it cannot be stored, correct the text"
        ) from None
    if isinstance(error, OverflowError):
        raise StoreError(f"{name}: a number is too large for the database") from None
    if isinstance(error, DBAPIError):
        raise StoreError(f"{name}: {_cause(error.orig or error)}") from error
    of_a_copy = type(error).__module__.startswith("psycopg")  # which SQLAlchemy does not know
    if isinstance(error, SQLAlchemyError | sqlite3.Error) or of_a_copy:
        raise StoreError(f"{name}: {_cause(error)}") from error


def _cause(error: BaseException) -> str:
    """The cause in our words where we know it, else the driver's first line."""
    causes = sqlite.CAUSES if isinstance(error, sqlite3.Error) else postgresql.CAUSES
    message = str(error)
    found = next((cause for sign, cause in causes.items() if sign in message), None)
    if found is None and 'database "' in message and "does not exist" in message:
        found = "there is no such database on the server; make it with `createdb`"
    return found or next(iter(message.splitlines()), "unknown database error")


def _prepare(engine: Engine, name: str, *, create: bool) -> None:
    with engine.connect() as connection:
        version = version_of(connection, name)
    _fitting(version, name)
    if version == SCHEMA_VERSION:
        return
    if version is None and not create and engine.dialect.name == "postgresql":
        raise StoreError(f"{name}: no glossary in this database yet; make one with `glossary build --store URL ...`")
    try:
        if _in_file(engine):
            sqlite.switch_to_wal(engine)
        with engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                found = version_of(connection, name)
                if found is None:
                    lay_out(connection)
                elif found != SCHEMA_VERSION:  # another process may have done it meanwhile
                    migrate(connection)
    except (DBAPIError, sqlite3.Error) as error:
        if version is None or "read only" not in _cause(getattr(error, "orig", None) or error):
            raise
        raise StoreError(
            f"{name}: made by an older glossary and read only; bring it up to date where it may be written"
        ) from error


def _in_file(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite" and engine.url.database not in sqlite.MEMORY


def _fitting(version: str | None, name: str) -> None:
    if version is not None and version > SCHEMA_VERSION:
        raise StoreError(
            f"{name}: made by a newer glossary (schema {version}, this one knows {SCHEMA_VERSION}); upgrade the program"
        )


def version_of(connection: Connection, name: str) -> str | None:
    """The schema version, None for an empty database. Raises: StoreError for a database of another program."""
    own = sqlite if connection.dialect.name == "sqlite" else postgresql
    tables = set(connection.exec_driver_sql(own.TABLES).scalars())
    if VERSION_TABLE not in tables:
        if tables:
            raise StoreError(f"{name}: a database of another program, not a glossary; name another one")
        return None
    row = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").first()
    return str(row[0]) if row else None


def migrate(connection: Connection) -> None:
    """Brings the schema up to date. Alembic is imported only here: it costs more than opening the database."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "glossary.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
