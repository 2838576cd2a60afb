"""SQLite: one file in WAL mode, made whole or not at all, with foreign keys and a busy timeout."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL

from glossary.codec import dumps
from glossary.errors import StoreError
from glossary.store import leftovers

BUSY_SECONDS = 60.0
"""How long a writer waits for another: an import of 100,000 entries is one transaction of up to a minute."""

CAUSES = {
    "not a database": "not a glossary database",
    "malformed": "the database is damaged; restore a copy",
    "disk is full": "no space left on the device; nothing was written",
    "readonly": "the database is read only",
    "locked": "another program is writing to it; try again when that has finished",
    "unable to open": "cannot be opened; check the path and the permissions",
    "disk I/O error": "the device failed to read or write, or is full",
}
"""Signs in the driver's messages, and what they mean in our words."""

CACHE_KIB = 65_536
"""Pages a connection keeps, in KiB: searching a million keys touches far more than SQLite's own 2,000."""

MEMORY = (None, "", ":memory:")
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def path_of(url: URL) -> Path | None:
    """The file of a database; None for one in memory, for SQLite's own `file:` addresses and for other databases."""
    name = url.database
    if url.get_backend_name() != "sqlite" or name is None or name in MEMORY or name.startswith("file:"):
        return None
    return Path(name)


def name_of(url: URL) -> str:
    """What messages call it: its path, or memory."""
    return url.database if url.database and url.database not in MEMORY else "memory"


def engine(url: URL) -> Engine:
    """An engine whose connections keep foreign keys and wait for the lock."""
    options = {"poolclass": StaticPool} if url.database in MEMORY else {}
    made = create_engine(url, json_serializer=dumps, connect_args={"check_same_thread": False}, **options)
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _on_connect(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe against a crash of the program


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    driver: Any = connection.connection.driver_connection  # SQLAlchemy's own way to it costs a look-up a twentieth
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def exists(path: Path, *, create: bool) -> bool:
    """False when the file is to be made. Raises: StoreError when it cannot be read, or is missing and must not be."""
    try:
        if path.is_dir():
            raise StoreError(f"{path}: is a folder, not a glossary database; name a file")
        if path.exists():
            if not os.access(path, os.R_OK):
                raise StoreError(f"{path}: cannot be read: Permission denied")
            return True  # never opened by us: closing it would drop the locks SQLite holds on it in this process
    except (OSError, ValueError) as error:
        raise StoreError(f"{path!s}: cannot be read: {_reason(error)}") from None
    if not create:
        raise StoreError(f"{path}: no such glossary database; make one with `glossary build --store {path} ...`")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the folder {path.parent} does not exist; create it first")
    return False


def to_open(url: URL) -> bool:
    """True when there is a file to look into; False when one is to be made. Raises: StoreError when it cannot be."""
    path = path_of(url)
    if path is None:
        return False
    there = exists(path, create=True)
    if not there and not os.access(path.parent, os.W_OK):
        raise StoreError(f"{path}: cannot be made: the folder {path.parent} may not be written to")
    return there


def create(path: Path, lay_out: Callable[[Connection], None]) -> None:
    """Makes an empty store; another process that was first made one as good."""
    with suppress(FileExistsError), beside(path) as made, made.connect() as connection, connection.begin():
        lay_out(connection)


@contextmanager
def beside(path: Path) -> Iterator[Engine]:
    """A new database beside its place, which moves there when the block ends well: a full disk leaves nothing behind.

    It is in rollback mode until then, so that everything is in the one file that is moved and is written once. A link
    to where nothing is yet stays, and the database is made where it leads.

    Raises: FileExistsError when something is there by then; StoreError when it cannot be made.
    """
    place = Path(os.path.realpath(path))
    temporary = leftovers.beside(place)
    made = engine(URL.create("sqlite", database=str(temporary)))
    try:
        yield made
        switch_to_wal(made)
        made.dispose()
        _move_if_absent(temporary, place)
    finally:
        made.dispose()
        leftovers.clear(temporary)


def _move_if_absent(temporary: Path, path: Path) -> None:
    """Gives the file its name. Raises: FileExistsError when another process was first."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        _replace(temporary, path)


def _replace(temporary: Path, path: Path) -> None:
    try:
        os.replace(temporary, path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {_reason(error)}") from error


def immutable(path: Path) -> URL | None:
    """A read-only address for a store in a folder nobody may write to, where SQLite cannot keep its WAL files."""
    if os.access(path.parent, os.W_OK) or Path(f"{path}-wal").exists():
        return None
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def switch_to_wal(of: Engine) -> None:
    """Sets WAL mode; SQLite ignores the busy timeout here, so a race with another process is retried."""
    last = time.monotonic() + BUSY_SECONDS
    raw = of.raw_connection()
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
