"""PostgreSQL by psycopg 3, the optional extra `postgresql`: one glossary a database, or a schema of the search path.

Readers see the state at their beginning (REPEATABLE READ, read only). Writers begin by taking one advisory lock, so
there are no deadlocks and no serialisation failures to try again after.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection

from glossary.codec import dumps
from glossary.errors import StoreError
from glossary.store.sqlite import BUSY_SECONDS

DRIVER = "postgresql+psycopg"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"

CAUSES = {
    "lock timeout": "another program is writing to it; try again when that has finished",
    "read-only transaction": "the database is read only",
    "password authentication failed": "the server refuses this user and password",
    "no password supplied": "the server wants a password; write it into the address or into ~/.pgpass",
    "Connection refused": "no server answers there; check host and port, and that PostgreSQL runs",
    "No such file or directory": "no server answers there; check host and port, and that PostgreSQL runs",
    "could not translate host name": "the host is unknown; check the address",
    "failed to resolve host": "the host is unknown; check the address",
    "timeout expired": "the server did not answer in time",
    "server closed the connection": "the connection to the server was lost; try again",
    "terminating connection": "the connection to the server was lost; try again",
    "connection is lost": "the connection to the server was lost; try again",
    "permission denied": "this user may not do that in the database; ask its administrator",
    "No space left": "no space left on the device; nothing was written",
    "NUL": "a text holds the character U+0000, which PostgreSQL cannot keep; remove it",
}
"""Signs in the driver's messages, and what they mean in our words."""

_CONNECT_SECONDS = 10
"""How long to wait for a server that does not answer. A choice, not a measurement."""

_LOCK = 726_643_101
"""The key of our advisory lock; any fixed number will do."""


def engine(url: URL) -> Engine:
    """An engine whose writers wait for each other. Raises: StoreError when psycopg is not installed."""
    options = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    try:
        made = create_engine(url, json_serializer=dumps, connect_args=options, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"PostgreSQL needs {error.name}; install it with: pip install 'bitext-glossary[postgresql]'"
        ) from None
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _on_connect(connection: DBAPIConnection, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET jit = off")  # our statements are short: compiling a search took .1 s, running it .001
    cursor.close()
    connection.commit()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    if writes is False:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    elif writes:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(BUSY_SECONDS * 1000)}ms'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext(current_schema()), {_LOCK})")
