"""PostgreSQL by psycopg 3, the optional extra `postgresql`: one glossary a database, or a schema of the search path.

Readers see the state at their beginning (REPEATABLE READ, read only). Writers begin by taking one advisory lock, so
there are no deadlocks and no serialisation failures to try again after.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from glossary.codec import dumps
from glossary.errors import StoreError
from glossary.store.sqlite import BUSY_SECONDS

DRIVER = "postgresql+psycopg"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"

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
    event.listen(made, "begin", _on_begin)
    return made


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    if writes is False:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    elif writes:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(BUSY_SECONDS * 1000)}ms'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext(current_schema()), {_LOCK})")
